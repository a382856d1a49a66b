"""The parts list (부품표) as rows: box, breakers and accessories of the design with their tags, and whatever else the priced lines hold.

Quantities are those of one panel. Lines that are no part (sundries, labour) are left out, and so is every price.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from kis.catalog import Breaker
from kis.estimator.documents.drawings.directory import runs
from kis.estimator.documents.drawings.panel_facts import PanelFacts, kind_tag, tag_of
from kis.estimator.documents.drawings.schedule.listing import Format, Listing, ListingColumn
from kis.estimator.documents.drawings.sheet import Anchor
from kis.estimator.documents.drawings.table import PADDING_MM, Cell
from kis.estimator.documents.drawings.text_fit import wrapped
from kis.estimator.layout.drawing import PartKind
from kis.estimator.pricing.bill import breaker_spec
from kis.estimator.pricing.line import Line
from kis.platform.messages import Message

_NO_PARTS: Final = frozenset({"sundries", "assembly"})
_OF_THE_DESIGN: Final = frozenset({"enclosure", "main", "branch"})
_BARS: Final = {"earth_terminal": PartKind.EARTH_BAR, "neutral_terminal": PartKind.NEUTRAL_BAR}
_COLUMNS: Final = (
    ("item", 8.0, Anchor.MIDDLE),
    ("tag", 30.0, Anchor.START),
    ("part", 44.0, Anchor.START),
    ("spec", 46.0, Anchor.START),
    ("maker", 20.0, Anchor.START),
    ("quantity", 11.0, Anchor.END),
    ("unit", 9.0, Anchor.MIDDLE),
    ("remark", 22.0, Anchor.START),
)
_TAG_SHARE: Final = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    """One line of the list."""

    tags: str
    name: str
    spec: str
    maker: str = ""
    unit: str = "EA"
    quantity: str
    remark: str = ""


def parts_listing(facts: PanelFacts, lines: Sequence[Line], form: Format) -> Listing:
    """Return the parts list of one panel, tags that need more room carried on in rows of their own."""
    items = list(_items(facts, lines))
    whole = sum(share for _, share, _ in _COLUMNS)
    room = _TAG_SHARE / whole * form.block_width_mm - 2 * PADDING_MM
    rows = chain.from_iterable(
        _rows(number, item, room, form.letter_mm) for number, item in enumerate(items, start=1)
    )
    return Listing(
        heading=facts.say("table.parts", count=len(items)),
        columns=tuple(
            ListingColumn(title=facts.say(f"table.{key}"), share=share, anchor=anchor)
            for key, share, anchor in _COLUMNS
        ),
        rows=tuple(rows),
        notes=tuple(_notes(facts)),
    )


def _rows(number: int, item: _Item, room_mm: float, letter_mm: float) -> Iterator[tuple[Cell, ...]]:
    first, *more = wrapped(item.tags, room_mm, letter_mm) or ("",)
    words = (first, item.name, item.spec, item.maker, item.quantity, item.unit, item.remark)
    yield (Cell(content=str(number), bold=True), *(Cell(content=word) for word in words))
    for tags in more:
        yield (Cell(content=""), Cell(content=tags), *(Cell(content=""),) * 6)


def _items(facts: PanelFacts, lines: Sequence[Line]) -> Iterator[_Item]:
    yield _enclosure(facts)
    yield from _breakers(facts)
    yield from _accessories(facts)
    yield from _others(facts, lines)


def _enclosure(facts: PanelFacts) -> _Item:
    box = facts.design.enclosure
    size = f"{box.width_mm}×{box.height_mm}×{box.depth_mm}"
    return _Item(
        tags="",
        name=_name(facts, f"enclosure.{box.material}"),
        spec=f"{box.series if box.custom else box.model} {size}",
        quantity="1",
        remark=facts.say("schedule.custom") if box.custom else "",
    )


def _breakers(facts: PanelFacts) -> Iterator[_Item]:
    """Yield mains and branches, equal ones in one line: model, rating, and whether an SPD hangs on it."""
    mains: dict[tuple[Breaker, int, bool], list[str]] = {}
    for main in facts.design.problem.mains:
        mains.setdefault((main.breaker, main.rating_a, False), []).append(main.id)
    branches: dict[tuple[Breaker, int, bool], list[str]] = {}
    for device in facts.design.problem.devices:
        branches.setdefault((device.breaker, device.rating_a, device.is_spd), []).append(device.id)
    unverified = {part.device for part in facts.design.drawing.parts if not part.verified}
    for (breaker, rating_a, spd), ids in chain(mains.items(), branches.items()):
        tags = (facts.mains[name].name if name in facts.mains else tag_of(name) for name in ids)
        yield _Item(
            tags=", ".join(runs(tags)),
            name=_name(facts, breaker.kind.value + ("_spd" if spd else "")),
            spec=breaker_spec(breaker, rating_a),
            maker=facts.maker(breaker.make),
            quantity=str(len(ids)),
            remark=_unverified(facts, ids, unverified),
        )


def _accessories(facts: PanelFacts) -> Iterator[_Item]:
    """Yield accessories, equal ones in one line; the model is what the customer wrote, not the words of our catalogue's own row."""
    alike: dict[tuple[str, str], list[str]] = {}
    for item in facts.design.problem.accessories:
        model = "" if item.model == item.part.model else item.model
        alike.setdefault((item.kind, model), []).append(item.id)
    unverified = {part.device for part in facts.design.drawing.parts if not part.verified}
    for (kind, model), ids in alike.items():
        tags = (facts.accessory_tag(facts.accessories[name]) for name in ids)
        yield _Item(
            tags=", ".join(runs(tags)),
            name=_name(facts, kind),
            spec=model,
            quantity=str(len(ids)),
            remark=_unverified(facts, ids, unverified),
        )


def _others(facts: PanelFacts, lines: Sequence[Line]) -> Iterator[_Item]:
    """Yield the lines that the design itself does not name: copper, terminals, holders, what comes with the accessories; equal ones in one line."""
    named = Counter((f"lines.{item.kind}", item.model) for item in facts.design.problem.accessories)
    alike: dict[tuple[str, str, str], list[Line]] = {}
    for line in lines:
        known = line.kind in _NO_PARTS | _OF_THE_DESIGN or (line.item.key, line.spec) in named
        if not known:
            alike.setdefault((line.item.key, line.spec, line.unit), []).append(line)
    for (_, spec, unit), several in alike.items():
        yield _Item(
            tags=_tag(facts, several[0]),
            name=several[0].item.text(facts.locale),
            spec=spec,
            unit=unit,
            quantity=f"{sum(line.quantity for line in several):,f}",
        )


def _tag(facts: PanelFacts, line: Line) -> str:
    """Return how the layout marks what a line stands for."""
    if line.kind in _BARS:
        return ", ".join(dict.fromkeys(part.phase for part in facts.design.drawing.of(_BARS[line.kind])))
    return kind_tag(line.item.key.removeprefix("lines.")) if line.kind == "accessory" else ""


def _name(facts: PanelFacts, key: str) -> str:
    return Message(f"lines.{key}").text(facts.locale)


def _unverified(facts: PanelFacts, ids: Iterable[str], unverified: set[str]) -> str:
    return facts.say("schedule.unverified") if unverified.intersection(ids) else ""


def _notes(facts: PanelFacts) -> Iterator[str]:
    quantity = facts.design.problem.request.quantity
    yield (
        facts.say("schedule.one_panel")
        if quantity == 1
        else facts.say("schedule.each_panel", quantity=quantity)
    )
    if any(not part.verified for part in facts.design.drawing.parts):
        yield facts.say("schedule.outline")
