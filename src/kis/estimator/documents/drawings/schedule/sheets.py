"""The schedules of a panel: circuit directory (회로표) with the loads of its phases, and parts list (부품표), on as many sheets as they need."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kis.estimator.design import PanelDesign
from kis.estimator.documents.drawings.directory import phase_tables, phase_tables_height
from kis.estimator.documents.drawings.panel_facts import PanelFacts, facts_of
from kis.estimator.documents.drawings.paper import View, drawing_area, on_paper
from kis.estimator.documents.drawings.schedule.circuits import circuit_listing
from kis.estimator.documents.drawings.schedule.listing import (
    SMALL,
    Format,
    Listing,
    Page,
    dealt,
    format_of,
    page_of,
)
from kis.estimator.documents.drawings.schedule.parts import parts_listing
from kis.estimator.documents.drawings.sheet import Box, Shape, Sheet
from kis.estimator.documents.drawings.title_block import Heading
from kis.estimator.pricing.line import Line

_GAP_MM: Final = 5.0
_PHASES_WIDTH_MM: Final = 130.0
"""Wide enough for load and unbalance side by side; one row per main takes the whole block."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Leaf:
    """A page before it has its paper: what it holds and is called."""

    title: str
    form: Format
    shapes: tuple[Shape, ...]
    notes: tuple[str, ...]


def schedule_sheets(design: PanelDesign, lines: Sequence[Line], heading: Heading) -> tuple[Sheet, ...]:
    """Return circuit directory and parts list of one panel; every sheet after the first tells its page in the place of the sheet."""
    facts = facts_of(design, heading.locale)
    leaves = [*_circuit_leaves(facts), *_parts_leaves(facts, lines)]
    return tuple(_sheet(facts, heading, leaf, page, len(leaves)) for page, leaf in enumerate(leaves, start=1))


def _sheet(facts: PanelFacts, heading: Heading, leaf: _Leaf, page: int, count: int) -> Sheet:
    mark = f"{page}/{count}"
    own = replace(
        heading,
        title=heading.title or leaf.title,
        sheet=f"{heading.sheet} ({mark})" if heading.sheet else mark,
    )
    paper = leaf.form.paper
    view = View(shapes=leaf.shapes, box=drawing_area(paper), scale=None, notes=leaf.notes)
    title = facts.say("schedule.sheet", panel=heading.panel, title=leaf.title, page=page, count=count)
    description = facts.say(
        "schedule.description", panel=heading.panel, title=leaf.title, circuits=len(facts.devices)
    )
    return on_paper(view, own, paper, title=title, description=description, facts=facts)


def _circuit_leaves(facts: PanelFacts) -> Iterator[_Leaf]:
    """Yield the pages of the circuit directory, the loads of the phases under its last row."""
    listing = circuit_listing(facts)
    form = format_of(len(listing.rows))
    *before, last = _circuit_pages(facts, listing, form)
    ending = _ending(facts, form, last) or ()
    for shapes in (*(page.shapes for page in before), (*last.shapes, *ending)):
        yield _Leaf(title=facts.say("schedule.circuits"), form=form, shapes=shapes, notes=listing.notes)


def _circuit_pages(facts: PanelFacts, listing: Listing, form: Format) -> list[Page]:
    """Return the pages of the circuit directory, the last with room for the loads of the phases.

    Where it had none, a third of its circuits goes on to a page more, so that the loads never stand alone.
    """
    *before, last = dealt(listing, form)
    pages = [page_of(listing, form, tables) for tables in (*before, last)]
    if _ending(facts, form, pages[-1]) is not None:
        return pages
    start, stop = last[0].start, last[-1].stop
    middle = listing.cut(start, start + 2 * (stop - start) // 3)
    parts = (*dealt(listing, form, range(start, middle)), *dealt(listing, form, range(middle, stop)))
    return [*pages[:-1], *(page_of(listing, form, tables) for tables in parts)]


def _ending(facts: PanelFacts, form: Format, last: Page) -> tuple[Shape, ...] | None:
    """Return the loads of the phases under the last table or in the next block; None where the page has no room for them."""
    x0, y0, x1, _ = form.block(last.used_blocks - 1)
    height = phase_tables_height(facts, side_by_side=True)
    if last.foot_y - _GAP_MM - height >= y0:
        return tuple(_phases(facts, (x0, y0, x1, last.foot_y - _GAP_MM)))
    if last.used_blocks < form.blocks:
        return tuple(_phases(facts, form.block(last.used_blocks)))
    return None


def _phases(facts: PanelFacts, box: Box) -> Iterator[Shape]:
    x0, y0, x1, y1 = box
    several = len(facts.design.phases) > 1
    right = x1 if several else min(x1, x0 + _PHASES_WIDTH_MM)
    yield from phase_tables(facts, (x0, y0, right, y1), side_by_side=True)


def _parts_leaves(facts: PanelFacts, lines: Sequence[Line]) -> Iterator[_Leaf]:
    listing = parts_listing(facts, lines, SMALL)
    form = format_of(len(listing.rows))
    if form is not SMALL:
        listing = parts_listing(facts, lines, form)
    for tables in dealt(listing, form):
        shapes = page_of(listing, form, tables).shapes
        yield _Leaf(title=facts.say("schedule.parts"), form=form, shapes=shapes, notes=listing.notes)
