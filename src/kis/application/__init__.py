"""The services of one process, made in one place: what the API, a worker, the MCP gateway and the operator's commands work with."""

from kis.application.application import Application, database_url, open_application, public_url

__all__ = ["Application", "database_url", "open_application", "public_url"]
