"""Everything a quotation leaves behind, as named bytes: result, stages, measures, drawings, priced lines and the library it was made from.

The same estimate always gives the same bytes, but for the trace id, the time and the durations (the closed list of ``kis.evidence``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from kis.estimator.issuing import Document, documents_of, format_gates
from kis.estimator.output import SCHEMA, gate_output, output_of, plain
from kis.estimator.service import Estimate, PanelEstimate
from kis.evidence import canonical_bytes, sha256_hex
from kis.platform.messages import Locale

STAGES: Final = {
    "selection": ("mains", "branches", "accessories"),
    "enclosure": ("enclosure",),
    "breaker": ("phases", "objectives"),
    "critic": ("heat", "busbars", "findings"),
    "pricing": ("lines", "totals"),
}
"""The stages with a record of their own, and the parts of a panel's result each of them made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A finished quotation: the result as data, and the files of its pack by name."""

    estimate: Estimate
    output: dict[str, Any]
    files: dict[str, bytes]

    @property
    def predicate(self) -> dict[str, Any]:
        """Return the facts to be signed beside the files."""
        library = self.estimate.library
        return {
            "schema": SCHEMA,
            "engine": self.output["engine"],
            "verdict": self.output["verdict"],
            "status": self.output["status"],
            "total": self.output["totals"]["total"],
            "currency": self.output["totals"]["currency"],
            "catalog": library.catalog.digest,
            "price_book": library.price_book.digest,
            "rulebook": library.rules.digest,
            "request": sha256_hex(self.files["input.json"]),
        }


def produce(estimate: Estimate, *, trace_id: str, created_at: str) -> Product:
    """Write the documents of ``estimate``, judge them, and return the whole product."""
    documents = documents_of(estimate)
    judged = replace(estimate, gates=(*estimate.gates, *format_gates(estimate, documents)))
    output = output_of(judged, trace_id=trace_id, created_at=created_at)
    output["documents"] = [_listed(document) for document in documents]
    files = {document.path: document.data for document in documents}
    files |= {name: canonical_bytes(value) for name, value in _records(judged, output).items()}
    files |= judged.library.files
    return Product(estimate=judged, output=output, files=files)


def _listed(document: Document) -> dict[str, Any]:
    return {
        "kind": document.kind,
        "path": document.path,
        "media_type": document.media_type,
        "size": len(document.data),
        "sha256": sha256_hex(document.data),
    }


def _records(estimate: Estimate, output: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON files of the pack."""
    trace_id, locale = output["traceId"], estimate.locale
    records: dict[str, Any] = {
        "input.json": {
            "traceId": trace_id,
            "source": json_safe(estimate.source),
            "quotation_date": estimate.quotation_date.isoformat(),
            "request": estimate.request.model_dump(mode="json"),
        },
        "output.json": output,
        "metrics.json": _metrics(estimate, trace_id),
        "validation.json": _validation(estimate, output),
    }
    for stage in STAGES:
        panels = [
            {
                "name": shown["name"],
                **_stage_part(stage, panel, shown, locale),
                "gates": [gate for gate in shown["gates"] if gate["stage"] == stage],
            }
            for panel, shown in zip(estimate.panels, output["panels"], strict=True)
        ]
        gates = [gate for gate in output["gates"] if gate["stage"] == stage]
        records[f"pipeline/{stage}.json"] = {
            "traceId": trace_id,
            "stage": stage,
            "panels": panels,
            "gates": gates,
        }
    records["pipeline/format.json"] = {
        "traceId": trace_id,
        "stage": "format",
        "documents": output["documents"],
        "gates": [gate for gate in output["gates"] if gate["stage"] == "format"],
    }
    return records


def _stage_part(stage: str, panel: PanelEstimate, shown: dict[str, Any], locale: Locale) -> dict[str, Any]:
    """Return what a stage made of one panel: its part of the result, and the drawing where it was drawn."""
    drawing = panel.state.design.drawing if panel.state.design is not None else None
    part = {name: shown.get(name) for name in STAGES[stage]}
    if stage == "enclosure":
        part["zones"] = plain(drawing.zones, locale) if drawing is not None else []
    if stage == "breaker":
        part["drawing"] = plain(drawing, locale) if drawing is not None else None
    return part


def _metrics(estimate: Estimate, trace_id: str) -> dict[str, Any]:
    problems = [panel.state.design.problem for panel in estimate.panels if panel.state.design is not None]
    return {
        "traceId": trace_id,
        "panels": len(estimate.panels),
        "designed": len(problems),
        "branches": sum(len(problem.devices) for problem in problems),
        "boxes_tried": sum(
            panel.state.design.enclosure.candidates
            for panel in estimate.panels
            if panel.state.design is not None
        ),
        "durations_ms": {panel.state.job.panel.name: panel.state.durations_ms for panel in estimate.panels},
    }


def _validation(estimate: Estimate, output: dict[str, Any]) -> dict[str, Any]:
    gates = [
        {"panel": panel.state.job.panel.name, **gate_output(gate, estimate.locale)}
        for panel in estimate.panels
        for gate in panel.gates
    ]
    gates += [{"panel": None, **gate} for gate in output["gates"]]
    verdicts = [gate["verdict"] for gate in gates]
    return {
        "traceId": output["traceId"],
        "schema": SCHEMA,
        "verdict": output["verdict"],
        "status": output["status"],
        "counts": {verdict: verdicts.count(verdict) for verdict in ("pass", "remark", "fail", "not_checked")},
        "gates": gates,
    }


def json_safe(value: object) -> Any:
    """Return a request as it was given, with dates and decimals as strings."""
    if isinstance(value, Mapping):
        return {str(key): json_safe(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [json_safe(item) for item in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
