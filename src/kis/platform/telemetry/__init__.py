"""What the program tells about itself: logs, metrics, traces, unexpected errors; one trace id from the browser to the solver.

Log with ``structlog.get_logger()``; the metrics are in :mod:`kis.platform.telemetry.metrics`.
"""

from kis.platform.telemetry.faults import tell_fault
from kis.platform.telemetry.logs import configure_little, configure_logs
from kis.platform.telemetry.setup import start_telemetry, stop_telemetry
from kis.platform.telemetry.sharing import share_metrics
from kis.platform.telemetry.trace import bind_trace, current_trace_id, new_trace_id, trace_id_of
from kis.platform.telemetry.traces import Tracing, recording_trace_id, span

__all__ = [
    "Tracing",
    "bind_trace",
    "configure_logs",
    "current_trace_id",
    "new_trace_id",
    "recording_trace_id",
    "share_metrics",
    "span",
    "start_telemetry",
    "stop_telemetry",
    "tell_fault",
    "trace_id_of",
]

configure_little()
