"""The command line: parse, call one context, show what came back. No rules live here."""

from kis.cli.app import main

__all__ = ["main"]
