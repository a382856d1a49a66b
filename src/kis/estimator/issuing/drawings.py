"""The set of drawings of a panel: 외형도, 배치도, 단선결선도, 회로표·부품표, numbered and titled as one set."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from kis.estimator.design import PanelDesign
from kis.estimator.documents.content import DrawingKind, PanelDrawing
from kis.estimator.documents.drawings.layout.view import layout_sheet
from kis.estimator.documents.drawings.outline.view import outline_sheet
from kis.estimator.documents.drawings.schedule.sheets import schedule_sheets
from kis.estimator.documents.drawings.sheet import Sheet
from kis.estimator.documents.drawings.single_line.facts import UnbalanceLimits
from kis.estimator.documents.drawings.single_line.sheets import single_line_sheets
from kis.estimator.documents.drawings.title_block import Heading, Revision
from kis.estimator.issuing.issue import Issue
from kis.estimator.numbering import QuotationNumber
from kis.estimator.service import Estimate, PanelEstimate
from kis.platform.messages import Message

LETTERS = {"outline": "G", "layout": "L", "single_line": "E", "schedule": "S"}
"""In drawing numbers: general arrangement, layout, electrical, schedule."""


def panel_drawings(estimate: Estimate, panel: PanelEstimate, issue: Issue) -> tuple[PanelDrawing, ...]:
    """Return the sheets of one panel, none where it could not be designed."""
    design = panel.state.design
    if design is None:
        return ()
    return tuple(_drawings(estimate, panel, design, issue))


def _drawings(
    estimate: Estimate, panel: PanelEstimate, design: PanelDesign, issue: Issue
) -> Iterator[PanelDrawing]:
    number = panel.state.job.index + 1
    kinds: tuple[DrawingKind, ...] = ("outline", "layout", "single_line", "schedule")
    for place, kind in enumerate(kinds, start=1):
        title = Message(f"issuing.drawing.{kind}").text(estimate.locale)
        drawing_number = f"{_base(issue)}-P{number:02d}-{LETTERS[kind]}"
        heading = replace(
            _heading(estimate, panel, issue),
            title=title,
            number=drawing_number,
            sheet=f"{place} / {len(kinds)}",
        )
        for page, sheet in enumerate(_sheets(kind, design, panel, heading), start=1):
            name = f"panel-{number:03d}-{kind.replace('_', '-')}"
            yield PanelDrawing(
                kind=kind,
                number=drawing_number,
                name=name if page == 1 else f"{name}-{page}",
                title=title,
                sheet=sheet,
            )


def _sheets(kind: str, design: PanelDesign, panel: PanelEstimate, heading: Heading) -> Sequence[Sheet]:
    if kind == "outline":
        return (_outline(panel, design, heading),)
    if kind == "layout":
        return (layout_sheet(design, heading),)
    if kind == "single_line":
        return single_line_sheets(design, heading, _limits(panel, design))
    return schedule_sheets(design, panel.lines, heading)


def _outline(panel: PanelEstimate, design: PanelDesign, heading: Heading) -> Sheet:
    """Return the outline with the sheet thickness of the series, where the catalogue knows it, and the plinth of the rulebook."""
    job = panel.state.job
    rows = (row for row in job.catalog.enclosures if row.series == design.enclosure.series)
    sheet_mm = next((row.sheet_mm for row in rows), None)
    return outline_sheet(design, heading, sheet_mm=sheet_mm, base_mm=job.rules.enclosure.base_height.value)


def _limits(panel: PanelEstimate, design: PanelDesign) -> UnbalanceLimits:
    """Return what the rulebook of this quotation admits, to stand beside the figures."""
    phases, network = panel.state.job.rules.phases, design.problem.network
    return UnbalanceLimits(
        imbalance=phases.imbalance_limit.value,
        korean_percent=phases.korean_limit_percent.value.get(network.supply.value),
    )


def _heading(estimate: Estimate, panel: PanelEstimate, issue: Issue) -> Heading:
    request, brand, locale = estimate.request, issue.brand.file, estimate.locale
    names = {
        field: "" if words is None else words.text(locale)
        for field, words in (
            ("drawn", brand.signatures.drawn),
            ("checked", brand.signatures.checked),
            ("approved", brand.signatures.approved),
        )
    }
    return Heading(
        project=request.project,
        panel=panel.state.job.panel.name,
        quotation_date=estimate.quotation_date,
        locale=locale,
        customer=request.customer.company or request.customer.name,
        supplier=brand.supplier.name.text(locale),
        revisions=tuple(_revisions(estimate, issue, names["drawn"])),
        **names,
    )


def _revisions(estimate: Estimate, issue: Issue, by: str) -> Iterator[Revision]:
    """Yield the revisions issued before, whose makers the packs they belong to know, and this one."""
    for earlier in issue.earlier:
        yield _revision(earlier.mark, earlier.day, "", estimate)
    number = QuotationNumber.read(issue.number).revision if issue.number else 0
    yield _revision(f"R{number}", estimate.quotation_date, by, estimate)


def _revision(mark: str, day: date, by: str, estimate: Estimate) -> Revision:
    key = "first_issue" if mark == "R0" else "revised"
    description = Message(f"issuing.drawing.{key}").text(estimate.locale)
    return Revision(mark=mark, date=day, description=description, by=by)


def _base(issue: Issue) -> str:
    return (
        QuotationNumber.read(issue.number).base if issue.number else issue.brand.file.numbering.organisation
    )
