"""What the program tells about itself: logs, metrics, traces, unexpected errors; one trace id from the browser to the solver."""

from kis.platform.telemetry.trace import bind_trace, current_trace_id, new_trace_id, trace_id_of

__all__ = ["bind_trace", "current_trace_id", "new_trace_id", "trace_id_of"]
