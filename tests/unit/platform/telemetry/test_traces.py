"""One trace from a request through a job to its stages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import TracerProvider, export
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from kis.platform.telemetry import Tracing, current_trace_id, span, trace_id_of
from kis.platform.telemetry.traces import configure_traces, stop_traces
from tests.factories.api import client_of, probe_app

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACEPARENT = f"00-{TRACE_ID}-00f067aa0ba902b7-01"


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(Tracing, "provider", provider)
    yield exporter
    provider.shutdown()


def test_without_an_endpoint_nothing_is_recorded() -> None:
    with span("job", trace_id=TRACE_ID):
        assert Tracing.provider is None
    assert current_trace_id() == ""


def test_a_job_belongs_to_the_trace_of_its_request(spans: InMemorySpanExporter) -> None:
    with span("job.quotation.produce", trace_id=TRACE_ID, attempt=1), span("stage.breaker"):
        pass
    inner, outer = spans.get_finished_spans()
    assert (outer.name, inner.name) == ("job.quotation.produce", "stage.breaker")
    for found in (inner, outer):
        assert found.context is not None
        assert f"{found.context.trace_id:032x}" == TRACE_ID
    assert inner.parent is not None
    assert outer.context is not None
    assert inner.parent.span_id == outer.context.span_id


def test_a_failing_block_is_marked_and_says_only_what_kind(spans: InMemorySpanExporter) -> None:
    with pytest.raises(ValueError, match="geheim"), span("stage.cover"):
        raise ValueError("geheim")
    (found,) = spans.get_finished_spans()
    assert not found.status.is_ok
    assert "geheim" not in found.to_json()


async def test_a_request_is_a_span_of_its_callers_trace(spans: InMemorySpanExporter, tmp_path: Path) -> None:
    async with client_of(probe_app(tmp_path)) as client:
        answer = await client.get("/v1/things/one", headers={"traceparent": TRACEPARENT})
        own = await client.get("/v1/things/one")
    first, second = [found for found in spans.get_finished_spans() if "GET" in found.name]
    assert answer.headers["x-trace-id"] == TRACE_ID
    assert first.name == "GET /v1/things/{thing_id}"
    for found, given in ((first, answer), (second, own)):
        assert found.context is not None
        assert f"{found.context.trace_id:032x}" == given.headers["x-trace-id"]


async def test_a_link_that_opens_an_object_is_in_no_span(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    exporter = InMemorySpanExporter()
    monkeypatch.setattr(Tracing, "provider", None)
    monkeypatch.setattr(export, "BatchSpanProcessor", lambda _: SimpleSpanProcessor(exporter))
    configure_traces("http://127.0.0.1:9", service="kis", version="0")
    try:
        async with client_of(probe_app(tmp_path)) as client:
            await client.get("/v1/objects/a-good-link")
            await client.get("/v1/things/one")
        found = exporter.get_finished_spans()
    finally:
        stop_traces()
    requests = [
        each.attributes["url.path"] for each in found if each.attributes and "url.path" in each.attributes
    ]
    assert requests == ["/v1/objects/***", "/v1/things/one"]
    assert not [each for each in found if "a-good-link" in each.to_json()]


@pytest.mark.parametrize(
    ("traceparent", "wanted"),
    [
        (TRACEPARENT, TRACE_ID),
        (f"01-{TRACE_ID}-00f067aa0ba902b7-01-more", TRACE_ID),
        (f"ff-{TRACE_ID}-00f067aa0ba902b7-01", None),
        (f"00-{TRACE_ID}-{'0' * 16}-01", None),
        (f"00-{TRACE_ID[:-1]}-00f067aa0ba902b7-01", None),
        ("", None),
    ],
)
def test_only_a_valid_traceparent_names_a_trace(traceparent: str, wanted: str | None) -> None:
    assert trace_id_of(traceparent) == wanted
