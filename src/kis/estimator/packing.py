"""Everything a quotation leaves behind, as named bytes: result, stages, measures, drawings, priced lines and the library it was made from.

The same estimate always gives the same bytes, but for the trace id, the time and the durations (the closed list of ``kis.evidence``).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, TypeVar

from kis.estimator.issuing.documents import Document, write_documents
from kis.estimator.issuing.issue import BRAND_FOLDER, Issue
from kis.estimator.issuing.quotation import document_id, quotation_content
from kis.estimator.output import SCHEMA, acceptance_output, engineering_sha256, output_of, plain, verdict_of
from kis.estimator.pipeline import Timer
from kis.estimator.service import Estimate, PanelEstimate
from kis.evidence import canonical_bytes, sha256_hex
from kis.platform.messages import Locale
from kis.platform.spread import Spread, here

if TYPE_CHECKING:
    from kis.estimator.documents.lint import LintFinding
    from kis.estimator.issuing.judging import Judgement

STAGES: Final = {
    "selection": ("mains", "branches", "accessories"),
    "enclosure": ("enclosure",),
    "breaker": ("phases", "objectives"),
    "critic": ("heat", "busbars", "findings"),
    "pricing": ("lines", "totals"),
}
"""The stages with a record of their own, and the parts of a panel's result each of them made."""


Made = TypeVar("Made")


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A finished quotation: the result as data, and the files of its pack by name."""

    estimate: Estimate
    output: dict[str, Any]
    files: dict[str, bytes]
    document_findings: "tuple[LintFinding, ...]"
    """What was found in the finished documents, covers first."""

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


def produce(
    estimate: Estimate,
    *,
    trace_id: str,
    created_at: str,
    issue: Issue | None = None,
    timer: Timer | None = None,
    tell: Callable[[str], None] = lambda _: None,
    spread: Spread = here,
) -> Product:
    """Write the documents of ``estimate`` as ``issue`` says, judge them, and return the whole product.

    ``tell`` is told the path of each document about to be written; with a ``timer`` the metrics say how long each took;
    ``spread`` may draw in other processes.
    """
    from kis.estimator.issuing.drawings import panel_drawings
    from kis.estimator.issuing.judging import Judging

    issue = issue or Issue()
    output = output_of(estimate, trace_id=trace_id, created_at=created_at)
    digest = engineering_sha256(output)
    clock = _Clock(timer)
    drawings = clock.timed(
        "drawings", lambda: [panel_drawings(estimate, panel, issue) for panel in estimate.panels]
    )
    content = quotation_content(estimate, issue, digest, drawings)
    documents = tuple(clock.each(write_documents(content, issue.forms, tell, spread)))
    judging = clock.timed("judging", lambda: Judging(estimate, content, documents, spread))
    # Other processes may be judging now; meanwhile all is written down that their judgement does not change.
    files = {document.path: document.data for document in documents}
    files |= _canonical(stage_records(estimate, output))
    judgement = clock.timed("judging", judging.judgement)
    judged = replace(estimate, gates=(*estimate.gates, *judgement.gates))
    output |= verdict_of(judged)
    output["quotation"] = {
        "number": issue.number,
        "document_id": document_id(issue.number, digest),
        "engineering_sha256": digest,
    }
    output["documents"] = [_listed(document) for document in documents]
    files |= _canonical(_issue_records(judged, output, issue, judgement))
    files |= _canonical({"metrics.json": _metrics(judged, trace_id, clock.durations_ms)})
    files |= judged.library.files
    files |= {f"{BRAND_FOLDER}/{name}": data for name, data in issue.brand.files.items()}
    return Product(
        estimate=judged,
        output=output,
        files=files,
        document_findings=(*judgement.cover, *judgement.lint),
    )


def _canonical(records: Mapping[str, Any]) -> dict[str, bytes]:
    return {name: canonical_bytes(value) for name, value in records.items()}


class _Clock:
    """Measures how long each document takes, where there is a timer; else it only calls."""

    def __init__(self, timer: Timer | None) -> None:
        self._timer = timer
        self.durations_ms: dict[str, float] = {}

    def timed(self, name: str, work: Callable[[], Made]) -> Made:
        """Return what ``work`` makes; its time is added to that of ``name``."""
        started = self._now()
        made = work()
        self._add(name, started)
        return made

    def each(self, documents: Iterator[Document]) -> Iterator[Document]:
        """Yield the documents, each timed by its kind."""
        started = self._now()
        for document in documents:
            self._add(document.kind, started)
            yield document
            started = self._now()

    def _now(self) -> float:
        return 0.0 if self._timer is None else self._timer()

    def _add(self, name: str, started: float) -> None:
        if self._timer is not None:
            self.durations_ms[name] = round(
                self.durations_ms.get(name, 0.0) + (self._timer() - started) * 1000, 3
            )


def _listed(document: Document) -> dict[str, Any]:
    return {
        "kind": document.kind,
        "path": document.path,
        "media_type": document.media_type,
        "size": len(document.data),
        "sha256": sha256_hex(document.data),
    }


def stage_records(estimate: Estimate, output: dict[str, Any]) -> dict[str, Any]:
    """Return the records of the engineering stages, by their file in a pack."""
    trace_id, locale = output["traceId"], estimate.locale
    records: dict[str, Any] = {}
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
    return records


def _input_record(estimate: Estimate, trace_id: str, issue: Issue) -> dict[str, Any]:
    """Return the request as it was given and understood, and how it was issued: all that a replay needs beside the library."""
    record: dict[str, Any] = {
        "traceId": trace_id,
        "source": json_safe(estimate.source),
        "quotation_date": estimate.quotation_date.isoformat(),
        "request": estimate.request.model_dump(mode="json"),
        "issue": {
            "number": issue.number,
            "documents": [form.value for form in issue.forms],
            "earlier": [{"mark": one.mark, "date": one.day.isoformat()} for one in issue.earlier],
        },
    }
    if estimate.acceptances:
        record["acceptances"] = [acceptance_output(acceptance) for acceptance in estimate.acceptances]
    return record


def _issue_records(
    estimate: Estimate, output: dict[str, Any], issue: Issue, judgement: "Judgement"
) -> dict[str, Any]:
    """Return what is known last: request and issue, result, verdicts, and the records of the stages that judge documents."""
    records: dict[str, Any] = {
        "input.json": _input_record(estimate, output["traceId"], issue),
        "output.json": output,
        "validation.json": _validation(output),
    }
    report = judgement.format
    found: dict[str, dict[str, Any]] = {
        "format": {
            "documents": output["documents"],
            "losses": [] if report is None else plain(report.losses, estimate.locale),
        },
        "cover": {"findings": plain(judgement.cover, estimate.locale)},
        "lint": {"findings": plain(judgement.lint, estimate.locale)},
    }
    for stage, part in found.items():
        gates = [gate for gate in output["gates"] if gate["stage"] == stage]
        records[f"pipeline/{stage}.json"] = {
            "traceId": output["traceId"],
            "stage": stage,
            **part,
            "gates": gates,
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


def _metrics(estimate: Estimate, trace_id: str, documents_ms: Mapping[str, float]) -> dict[str, Any]:
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
        "durations_ms": {
            "panels": [panel.state.durations_ms for panel in estimate.panels],
            "documents": dict(documents_ms),
        },
    }


def _validation(output: dict[str, Any]) -> dict[str, Any]:
    gates: list[dict[str, Any]] = [
        {"panel": panel["name"], **gate} for panel in output["panels"] for gate in panel["gates"]
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
