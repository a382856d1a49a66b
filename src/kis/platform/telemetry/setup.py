"""Logs, traces and fault reports of one process, as the settings say."""

from kis import __version__
from kis.platform.configuration import Settings
from kis.platform.telemetry.faults import configure_sentry
from kis.platform.telemetry.logs import configure_logs
from kis.platform.telemetry.traces import configure_traces, stop_traces


def start_telemetry(settings: Settings, *, service: str = "kis-api") -> None:
    """Begin to tell, as ``settings`` say; once in a process, before anything else."""
    told, release = settings.telemetry, __version__
    configure_logs(told.log_level)
    configure_traces(told.otlp_endpoint, service=service, version=release)
    configure_sentry(
        told.sentry_dsn.get_secret_value(),
        environment=settings.application.environment.value,
        release=release,
    )


def stop_telemetry() -> None:
    """Send what is still held."""
    stop_traces()
