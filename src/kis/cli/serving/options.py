"""What ``kis up`` is asked for, as settings."""

import ipaddress
import os
from dataclasses import dataclass
from pathlib import Path

from kis.platform.configuration import (
    ApplicationSettings,
    JobSettings,
    Settings,
    load_settings,
    refuse_unsafe,
)
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class ServingOptions:
    """The options of the command; what is None stays as the environment says."""

    host: str | None = None
    port: int | None = None
    data: Path | None = None
    api_processes: int | None = None
    workers: int | None = None
    demo: bool = False
    administrator: str = "admin@localhost"


def serving_settings(options: ServingOptions) -> Settings:
    """Return the settings of the environment with the options over them. Raises BadInput for what may not be served.

    They are put into this process's environment too: children read them there.
    """
    changes = {
        "APP_HOST": options.host,
        "APP_PORT": options.port,
        "KIS_HOME": options.data.expanduser().absolute() if options.data else None,
        "API_PROCESSES": options.api_processes,
        "WORKER_PROCESSES": options.workers,
    }
    os.environ.update({name: str(value) for name, value in changes.items() if value is not None})
    settings = load_settings()
    _refuse_stranger(settings.application)
    refuse_unsafe(settings, os.environ)
    return settings


def workers_beside(jobs: JobSettings) -> int:
    """Return how many workers run beside the API: none where Celery's do the work."""
    return jobs.workers if jobs.executor == "embedded" else 0


def _refuse_stranger(application: ApplicationSettings) -> None:
    if not is_loopback(application.host) and not application.secret_key.get_secret_value():
        message = Message("up_cli.secret_needed", {"host": application.host})
        raise BadInput("environment", [Problem("SECRET_KEY", message)])


def is_loopback(host: str) -> bool:
    """Tell whether only this machine reaches ``host``."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
