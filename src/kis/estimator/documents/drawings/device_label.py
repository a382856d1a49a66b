"""What is written on a breaker in the front view: phase marks at its end towards the bars, its number, and as much more as fits.

Devices of one size get one layout and one letter height, the richest that all of them can hold, so that a panel reads evenly.
A device that is taller than wide (rail-mounted) is written on upwards.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

from kis.estimator.documents.drawings import palette
from kis.estimator.documents.drawings.sheet import (
    CENTRE_OFFSET,
    Anchor,
    Box,
    Layer,
    Rectangle,
    Shape,
    Text,
    centred_text,
)
from kis.estimator.documents.drawings.text_fit import shortened, text_width

LETTER_HEIGHTS_MM: Final = (3.2, 2.9, 2.6, 2.4, 2.2, 2.0, 1.8)
"""Print heights tried for the words on a device, largest first; 1.8 is the smallest text of a print."""
SMALLEST_MM: Final = LETTER_HEIGHTS_MM[-1]

_LINE_PITCH: Final = 1.25
_PADDING_MM: Final = 0.35
_MARK_MM: Final = (2.1, 5.0)
_MARK_SHARE: Final = 0.14
_TAG_MM: Final = 4.2
_TAG_SHARE: Final = 0.6
_TAG_LENGTH_SHARE: Final = 0.165
_MARK_LETTER_SHARE: Final = 0.8
_ROUNDING: Final = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceText:
    """The words for one device. ``marks`` are the lines it hangs on, from its first pole; ``star`` follows the model, or the number without it."""

    tag: str
    star: str
    marks: tuple[str, ...]
    load: str
    model: str
    kind: str
    rating: str
    short_rating: str
    trip: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledDevice:
    """A device with its rectangle, its words, and the side its end towards the bars points to (``L`` stands left of the bars)."""

    box: Box
    side: str
    text: DeviceText


@dataclass(frozen=True, slots=True)
class _Words:
    content: str
    may_be_cut: bool = False
    bold: bool = False


_Layout = Callable[[DeviceText], tuple[_Words, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """The common measures of all devices of one size. ``stacked`` puts the number above the words instead of beside them."""

    upright: bool
    stacked: bool
    mark_mm: float
    tag_size: float
    tag_mm: float
    rank: int
    layout: _Layout
    size: float

    def words(self, text: DeviceText) -> tuple[_Words, ...]:
        """Return the words for a device, its number first where it stands above them."""
        return _numbered(self.layout, text, stacked=self.stacked)


def _rich(text: DeviceText) -> tuple[_Words, ...]:
    return (
        _Words(text.load, may_be_cut=True),
        _Words(text.model + text.star),
        _Words(f"{text.kind} {text.rating}"),
    )


def _four(text: DeviceText) -> tuple[_Words, ...]:
    return (
        _Words(text.load, may_be_cut=True),
        _Words(text.model + text.star),
        _Words(text.kind),
        _Words(text.rating),
    )


def _three_short(text: DeviceText) -> tuple[_Words, ...]:
    return (_Words(text.load, may_be_cut=True), _Words(text.model + text.star), _Words(text.short_rating))


def _two(text: DeviceText) -> tuple[_Words, ...]:
    return (_Words(text.load, may_be_cut=True), _Words(f"{text.model}{text.star} {text.short_rating}"))


def _two_without_load(text: DeviceText) -> tuple[_Words, ...]:
    return (_Words(text.model + text.star), _Words(text.short_rating))


def _two_without_model(text: DeviceText) -> tuple[_Words, ...]:
    return (_Words(text.load, may_be_cut=True), _Words(text.short_rating))


def _load_and_trip(text: DeviceText) -> tuple[_Words, ...]:
    return (_Words(text.load, may_be_cut=True), _Words(text.trip)) if text.load else _rating_alone(text)


def _one(text: DeviceText) -> tuple[_Words, ...]:
    return (_Words(f"{text.model}{text.star} {text.short_rating}"),)


def _rating_alone(text: DeviceText) -> tuple[_Words, ...]:
    return (_Words(text.short_rating),)


def _trip_alone(text: DeviceText) -> tuple[_Words, ...]:
    return (_Words(text.trip),)


def _nothing(_text: DeviceText) -> tuple[_Words, ...]:
    return ()


_LAYOUTS: Final[tuple[tuple[_Layout, ...], ...]] = (
    (_rich, _four),
    (_three_short,),
    (_two,),
    (_two_without_model,),
    (_load_and_trip,),
    (_two_without_load,),
    (_one,),
    (_rating_alone,),
    (_trip_alone,),
    (_nothing,),
)
"""From the richest to the poorest; of several that say the same, the one with the larger letters is taken."""


def device_labels(devices: Sequence[LabelledDevice], scale: float) -> Iterator[Shape]:
    """Yield marks, numbers and words for devices of one size at a print scale of 1 : ``scale``."""
    if not devices:
        return
    plan = _plan(devices, scale)
    for device in devices:
        yield from _label(device, plan, scale)


def _plan(devices: Sequence[LabelledDevice], scale: float) -> _Plan:
    """Return the plan that says most; the number stands beside the words unless more can be said below it."""
    beside = _beside(devices, scale)
    if beside.upright or beside.rank == 0:
        return beside
    return min(beside, _stacked(devices, scale), key=lambda plan: (plan.rank, plan.stacked))


def _beside(devices: Sequence[LabelledDevice], scale: float) -> _Plan:
    length, thickness, upright = _measures(devices[0].box)
    pad, mark = _PADDING_MM * scale, _mark_length(length, scale)
    room = length - mark - 2 * pad
    tag_size = max(
        min(_TAG_MM * scale, _TAG_SHARE * thickness, _TAG_LENGTH_SHARE * length), SMALLEST_MM * scale
    )
    widest = max(text_width(device.text.tag, tag_size, bold=True) for device in devices)
    tag_size = max(
        min(tag_size, tag_size * (thickness - 2 * pad if upright else room) / widest), SMALLEST_MM * scale
    )
    tag_mm = (
        tag_size if upright else max(text_width(device.text.tag, tag_size, bold=True) for device in devices)
    )
    rank, layout, size = _richest(devices, room - tag_mm - 2 * pad, thickness - 2 * pad, scale, stacked=False)
    return _Plan(
        upright=upright,
        stacked=False,
        mark_mm=mark,
        tag_size=tag_size,
        tag_mm=tag_mm,
        rank=rank,
        layout=layout,
        size=size,
    )


def _stacked(devices: Sequence[LabelledDevice], scale: float) -> _Plan:
    length, thickness, upright = _measures(devices[0].box)
    pad, mark = _PADDING_MM * scale, _mark_length(length, scale)
    rank, layout, size = _richest(devices, length - mark - 3 * pad, thickness - 2 * pad, scale, stacked=True)
    return _Plan(
        upright=upright,
        stacked=True,
        mark_mm=mark,
        tag_size=0.0,
        tag_mm=0.0,
        rank=rank,
        layout=layout,
        size=size,
    )


def _mark_length(length: float, scale: float) -> float:
    return min(max(_MARK_SHARE * length, _MARK_MM[0] * scale), _MARK_MM[1] * scale, length)


def _richest(
    devices: Sequence[LabelledDevice], length: float, thickness: float, scale: float, *, stacked: bool
) -> tuple[int, _Layout, float]:
    """Return the first layout that every device can hold, its rank and its largest letters; words are cut only where small letters do not help."""
    for rank, layouts in enumerate(_LAYOUTS):
        wanted = [
            (layout, {_numbered(layout, device.text, stacked=stacked) for device in devices})
            for layout in layouts
        ]
        for cut, height in product((False, True), LETTER_HEIGHTS_MM):
            for layout, words in wanted:
                if all(_holds(item, length, thickness, height * scale, cut=cut) for item in words):
                    return rank, layout, height * scale
    return len(_LAYOUTS) - 1, _nothing, SMALLEST_MM * scale


def _numbered(layout: _Layout, text: DeviceText, *, stacked: bool) -> tuple[_Words, ...]:
    return (_Words(text.tag, bold=True), *layout(text)) if stacked else layout(text)


def _holds(words: tuple[_Words, ...], length: float, thickness: float, size: float, *, cut: bool) -> bool:
    """Tell whether the words fit; one that may be ``cut`` must keep two letters and the ellipsis."""
    written = [word for word in words if word.content]
    if (_LINE_PITCH * (len(written) - 1) + 1) * size > thickness:
        return False
    for word in written:
        kept = shortened(word.content, length, size, bold=word.bold)
        if kept != word.content and not (cut and word.may_be_cut and len(kept) > 2):
            return False
    return True


def _label(device: LabelledDevice, plan: _Plan, scale: float) -> Iterator[Shape]:
    """Yield the label of one device: marks at the end towards the bars, then the number, then the words."""
    x0, y0, x1, y1 = device.box
    pad = _PADDING_MM * scale
    if plan.upright:
        marks = (x0, y1 - plan.mark_mm, x1, y1)
        tag = (x0, y1 - plan.mark_mm - pad - plan.tag_mm, x1, y1 - plan.mark_mm - pad)
        words = (x0, y0 + pad, x1, tag[1] - pad)
    elif device.side == "R":
        marks = (x0, y0, x0 + plan.mark_mm, y1)
        tag = (marks[2] + pad, y0, marks[2] + pad + plan.tag_mm, y1)
        words = (tag[2] + 2 * pad, y0, x1 - pad, y1)
    else:
        marks = (x1 - plan.mark_mm, y0, x1, y1)
        tag = (marks[0] - pad - plan.tag_mm, y0, marks[0] - pad, y1)
        words = (x0 + pad, y0, tag[0] - 2 * pad, y1)
    yield from _marks(device.text.marks, marks, scale, upright=plan.upright)
    tag = (max(tag[0], x0), max(tag[1], y0), min(tag[2], x1), min(tag[3], y1))
    if not plan.stacked and _has_room(device.text.tag, tag, plan.tag_size):
        yield centred_text(Layer.LABEL, device.text.tag, tag, plan.tag_size, palette.INK, bold=True)
    if plan.stacked:
        words = (
            (x0 + pad, y0, marks[0] - 2 * pad, y1)
            if device.side != "R"
            else (marks[2] + 2 * pad, y0, x1 - pad, y1)
        )
    yield from _words(
        plan.words(device.text),
        words,
        plan.size,
        Anchor.END if device.side == "L" else Anchor.START,
        upright=plan.upright,
    )


def _has_room(tag: str, box: Box, size: float) -> bool:
    """Tell whether a number fits; sums of measures are compared with a hair's breadth to spare."""
    width, height = box[2] - box[0] + _ROUNDING, box[3] - box[1] + _ROUNDING
    return text_width(tag, size, bold=True) <= width and size <= height


def _marks(lines: tuple[str, ...], box: Box, scale: float, *, upright: bool) -> Iterator[Shape]:
    """Yield one mark per line in the line's colour, from the first pole; its letter wherever it can be read."""
    if not lines:
        return
    x0, y0, x1, y1 = box
    length = (x1 - x0 if upright else y1 - y0) / len(lines)
    for number, line in enumerate(lines):
        if upright:
            mark = (x0 + number * length, y0, x0 + (number + 1) * length, y1)
        else:
            mark = (x0, y1 - (number + 1) * length, x1, y1 - number * length)
        yield Rectangle(
            layer=Layer.PHASE_MARK,
            x0=mark[0],
            y0=mark[1],
            x1=mark[2],
            y1=mark[3],
            style=palette.mark_style(line),
        )
        width = text_width(line, 1.0, bold=True)
        size = min(3.0 * scale, _MARK_LETTER_SHARE * (mark[2] - mark[0]) / width, 0.86 * (mark[3] - mark[1]))
        size = max(size, min(SMALLEST_MM * scale, (mark[2] - mark[0]) / width, mark[3] - mark[1]))
        if size >= SMALLEST_MM * scale - _ROUNDING:
            yield centred_text(Layer.PHASE_MARK, line, mark, size, palette.colour_of(line).letter, bold=True)


def _words(
    words: tuple[_Words, ...], box: Box, size: float, anchor: Anchor, *, upright: bool
) -> Iterator[Shape]:
    """Yield the lines of words, centred across the device, each cut to its length."""
    written = [word for word in words if word.content]
    x0, y0, x1, y1 = box
    middle = (x0 + x1) / 2 if upright else (y0 + y1) / 2
    first = (len(written) - 1) / 2 * _LINE_PITCH * size
    for number, word in enumerate(written):
        text = shortened(word.content, (y1 - y0 if upright else x1 - x0) + _ROUNDING, size, bold=word.bold)
        step = first - number * _LINE_PITCH * size
        if upright:
            yield Text(
                layer=Layer.LABEL,
                x=middle - step + CENTRE_OFFSET * size,
                y=y1,
                content=text,
                size_mm=size,
                colour=palette.INK,
                anchor=Anchor.END,
                rotated=True,
                box=box,
            )
        else:
            x = x1 if anchor is Anchor.END else x0
            y = middle + step - CENTRE_OFFSET * size
            yield Text(
                layer=Layer.LABEL,
                x=x,
                y=y,
                content=text,
                size_mm=size,
                colour=palette.INK,
                anchor=anchor,
                bold=word.bold,
                box=box,
            )


def _measures(box: Box) -> tuple[float, float, bool]:
    """Return length, thickness and whether the device stands upright."""
    width, height = box[2] - box[0], box[3] - box[1]
    return (height, width, True) if height > width else (width, height, False)
