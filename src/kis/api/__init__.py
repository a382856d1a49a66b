"""The HTTP face: parse, call one service, render. No rule lives here and no SQL."""

from kis.api.app import bare_app, create_app
from kis.api.server import ApiServer, serve

__all__ = ["ApiServer", "bare_app", "create_app", "serve"]
