"""Traces over OpenTelemetry, when somebody wants them: request, job and stages under one trace id.

Without an endpoint nothing is recorded and :func:`span` costs next to nothing.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from opentelemetry import trace
from opentelemetry.trace import NonRecordingSpan, SpanContext, SpanKind, StatusCode, TraceFlags

from kis.platform.telemetry.masking import masked_path

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import Span, SpanProcessor, TracerProvider

_NAME: Final = "kis"
_TRACE_ID: Final = re.compile(r"(?!0{32})[0-9a-f]{32}")


class Tracing:
    """The tracer of this process."""

    provider: "TracerProvider | None" = None


def configure_traces(endpoint: str, *, service: str, version: str) -> None:
    """Send spans to ``endpoint`` (OTLP over HTTP; ``/v1/traces`` is added where no path stands); nothing where it is empty."""
    if not endpoint or Tracing.provider is not None:
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    address = endpoint.rstrip("/")
    if not address.endswith("/v1/traces"):
        address += "/v1/traces"
    provider = TracerProvider(resource=Resource.create({"service.name": service, "service.version": version}))
    provider.add_span_processor(_masking())
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(address, timeout=5)))
    Tracing.provider = provider


def _masking() -> "SpanProcessor":
    """Return what takes credentials out of a span before anybody is sent it."""
    from opentelemetry.sdk.trace import SpanProcessor

    class Masking(SpanProcessor):
        def on_start(self, span: "Span", parent_context: object = None) -> None:  # noqa: ARG002 - the library's name
            path = (span.attributes or {}).get("url.path")
            if isinstance(path, str):
                span.set_attribute("url.path", masked_path(path))

    return Masking()


def stop_traces() -> None:
    """Send what is still held, and stop."""
    if Tracing.provider is not None:
        Tracing.provider.shutdown()
        Tracing.provider = None


def recording_trace_id() -> str:
    """Return the trace id of the span being recorded; empty where none is."""
    context = trace.get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.is_valid else ""


@contextmanager
def span(name: str, *, trace_id: str = "", **attributes: str | float | bool) -> Iterator[None]:
    """Record the block as a span ``name``; with ``trace_id`` as part of that trace, wherever it was begun."""
    if Tracing.provider is None:
        yield
        return
    tracer = Tracing.provider.get_tracer(_NAME)
    is_far = _TRACE_ID.fullmatch(trace_id) is not None
    context = trace.set_span_in_context(_far_parent(trace_id)) if is_far else None
    kind = SpanKind.CONSUMER if is_far else SpanKind.INTERNAL
    with tracer.start_as_current_span(
        name, context, kind, attributes, record_exception=False, set_status_on_exception=False
    ) as made:
        try:
            yield
        except Exception as error:
            made.set_attribute("error.type", type(error).__qualname__)
            made.set_status(StatusCode.ERROR)
            raise


def _far_parent(trace_id: str) -> NonRecordingSpan:
    """Return a stand-in for the span that made the job: rows keep its trace id, not its own."""
    number = int(trace_id, 16)
    return NonRecordingSpan(
        SpanContext(
            number, (number & (2**64 - 1)) or 1, is_remote=True, trace_flags=TraceFlags(TraceFlags.SAMPLED)
        )
    )
