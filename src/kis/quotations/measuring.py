"""Counting what a finished quotation tells about the work: verdicts, durations, how many needed nobody."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from kis.estimator import Product
from kis.platform.telemetry import metrics
from kis.quotations.life import Status
from kis.quotations.parts import gates_of


def count_finished(product: Product, *, queued_at: datetime, is_first: bool) -> None:
    """Count a quotation whose result is kept. One issued again after a person took its gates on was counted when it went into review."""
    if is_first:
        status = product.output["status"]
        metrics.QUOTES_PROCESSED.labels(status=status).inc()
        if status == Status.COMPLETED:
            metrics.QUOTES_AUTO_PROCESSED.inc()
    metrics.TURNAROUND_SECONDS.observe((datetime.now(UTC) - queued_at).total_seconds())
    for _, gate in gates_of(product.output):
        metrics.GATE_RESULTS.labels(gate=metrics.GATE(gate["id"]), verdict=gate["verdict"]).inc()
    for stage, milliseconds in stage_durations(orjson.loads(product.files["metrics.json"])).items():
        metrics.STAGE_SECONDS.labels(stage=stage).observe(milliseconds / 1000)


def count_failed(*, is_first: bool) -> None:
    """Count a quotation that could not be made."""
    if is_first:
        metrics.QUOTES_PROCESSED.labels(status=Status.FAILED.value).inc()


def stage_durations(measured: Mapping[str, Any]) -> dict[str, float]:
    """Return milliseconds by stage, over all panels; drawings, documents and their judgement stand beside the stages of the engineering."""
    durations: dict[str, float] = {}
    for panel in measured["durations_ms"]["panels"]:
        for stage, milliseconds in panel.items():
            durations[stage] = durations.get(stage, 0.0) + milliseconds
    for stage, milliseconds in measured["durations_ms"]["documents"].items():
        durations[stage] = durations.get(stage, 0.0) + milliseconds
    return durations
