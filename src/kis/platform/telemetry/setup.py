"""Logs, traces and fault reports of one process, as the settings say."""

from typing import Final

import structlog

from kis import __version__
from kis.platform.configuration import Settings
from kis.platform.telemetry.faults import configure_sentry
from kis.platform.telemetry.logs import configure_logs
from kis.platform.telemetry.traces import configure_traces, stop_traces

WORKER: Final = "kis-worker"
_LOG: Final = structlog.get_logger()


def start_telemetry(settings: Settings, *, service: str = "kis-api") -> None:
    """Begin to tell, as ``settings`` say; once in a process, before anything else."""
    told, release = settings.telemetry, __version__
    configure_logs(told.log_level)
    configure_traces(told.otlp_endpoint, service=service, version=release)
    if service == WORKER and told.worker_metrics_port:
        _serve(told.worker_metrics_port)
    configure_sentry(
        told.sentry_dsn.get_secret_value(),
        environment=settings.application.environment.value,
        release=release,
    )


def _serve(port: int) -> None:
    from kis.platform.telemetry.metrics import serve_metrics

    try:
        serve_metrics(port)
    except OSError as error:
        _LOG.warning("metrics.not_served", port=port, reason=error.strerror)


def stop_telemetry() -> None:
    """Send what is still held."""
    stop_traces()
