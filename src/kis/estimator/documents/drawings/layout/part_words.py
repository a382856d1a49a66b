"""What is written on the parts of a front view: breakers, accessories, ducts, empty ways, the incoming supply."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from typing import Final

from kis.estimator.documents.drawings import palette
from kis.estimator.documents.drawings.device_label import (
    LETTER_HEIGHTS_MM,
    SMALLEST_MM,
    DeviceText,
    LabelledDevice,
    device_labels,
)
from kis.estimator.documents.drawings.door_labels import door_labels
from kis.estimator.documents.drawings.panel_facts import (
    PanelFacts,
    kind_of,
    part_tag,
    rating_of,
    short_rating_of,
    tag_of,
)
from kis.estimator.documents.drawings.sheet import (
    Anchor,
    Box,
    Layer,
    Polyline,
    Rectangle,
    Shape,
    Style,
    Text,
    centred_text,
)
from kis.estimator.documents.drawings.text_fit import fitted, text_width
from kis.estimator.documents.drawings.word_block import PADDING_MM, box_of, overlap, star_of, word_block
from kis.estimator.layout.drawing import DOOR_PARTS, Part, PartKind

_SPARE_LETTER_MM: Final = 2.2
"""Letters of an empty way stay small, so that its hatching shows."""


def branch_labels(facts: PanelFacts, parts: Iterable[Part], scale: float) -> Iterator[Shape]:
    """Yield the labels of all circuits, those of one size written alike."""
    ordered = sorted(parts, key=lambda part: (part.width_mm, part.height_mm))
    for _, of_size in groupby(ordered, key=lambda part: (part.width_mm, part.height_mm)):
        yield from device_labels([_labelled(facts, part) for part in of_size], scale)


def _labelled(facts: PanelFacts, part: Part) -> LabelledDevice:
    device = facts.devices[part.device]
    lines = facts.design.lines.get(part.device, ())
    text = DeviceText(
        tag=tag_of(part.device),
        star=star_of(part),
        marks=lines if len(lines) < 2 else (part.poles or lines),
        load=facts.load_name(device),
        model=device.breaker.model,
        kind=kind_of(device.breaker),
        rating=rating_of(device.breaker, device.rating_a),
        short_rating=short_rating_of(device.breaker, device.rating_a),
        trip=f"{device.rating_a}A",
    )
    return LabelledDevice(box=box_of(part), side=part.side, text=text)


def main_label(facts: PanelFacts, part: Part, scale: float) -> Iterator[Shape]:
    """Yield the main's words, and the letters of its poles along its lower edge where no vertical bars of its own begin there."""
    foot: float = part.y0
    if part.poles and not any(
        bar.y1 == part.y0 and bar.group == part.group for bar in facts.design.drawing.of(PartKind.BUSBAR)
    ):
        pole = part.width_mm / len(part.poles)
        height = min(max(0.07 * part.height_mm, 2.3 * scale), 5.0 * scale)
        foot += height
        for number, line in enumerate(part.poles):
            x0 = part.x0 + number * pole
            mark = (x0, part.y0, x0 + pole, foot)
            yield Rectangle(
                layer=Layer.PHASE_MARK,
                x0=mark[0],
                y0=mark[1],
                x1=mark[2],
                y1=mark[3],
                style=palette.mark_style(line),
            )
            size = min(0.8 * height, 0.9 * pole / text_width(line, 1.0, bold=True))
            if size >= SMALLEST_MM * scale:
                yield centred_text(
                    Layer.PHASE_MARK, line, mark, size, palette.colour_of(line).letter, bold=True
                )
    yield from word_block(_main_words(facts, part), (part.x0, foot, part.x1, part.y1), scale)


def _main_words(facts: PanelFacts, part: Part) -> tuple[str, ...]:
    """Return what is written on a main; a breaking capacity whose voltage nobody states says nothing and is left out."""
    main = facts.mains[part.device]
    capacity, voltage = main.breaker.icu_ka, main.breaker.icu_at_v
    return (
        main.name,
        main.breaker.model + star_of(part),
        kind_of(main.breaker),
        rating_of(main.breaker, main.rating_a),
        f"{capacity.normalize():f} kA/{voltage} V" if capacity is not None and voltage is not None else "",
    )


def accessory_label(facts: PanelFacts, part: Part, scale: float) -> Iterator[Shape]:
    """Yield the words of an accessory where nothing on the door, nor its tag, hides them."""
    hidden = [box_of(door) for door in facts.design.drawing.of(*DOOR_PARTS)]
    hidden += [text.extent for text in door_labels(facts, scale)]
    for strip in _free_strips(box_of(part), hidden):
        words = word_block(_accessory_words(facts, part), strip, scale)
        if words:
            yield from words
            return


def _accessory_words(facts: PanelFacts, part: Part) -> tuple[str, ...]:
    item = facts.accessories.get(part.device)
    if item is None:
        return (part_tag(part.kind) + star_of(part),)
    return (facts.accessory_tag(item) + star_of(part), facts.accessory_name(item))


def spare_label(facts: PanelFacts, part: Part, scale: float) -> Iterator[Shape]:
    """Yield the word of an empty way on a patch of paper, so that the hatching does not run through it."""
    content = facts.say("view.spare_way") + star_of(part)
    length, thickness = max(part.width_mm, part.height_mm), min(part.width_mm, part.height_mm)
    heights = (height for height in LETTER_HEIGHTS_MM if height <= _SPARE_LETTER_MM)
    sizes = tuple(height * scale for height in heights if height * scale <= 0.9 * thickness)
    if not sizes:
        return
    text, size = fitted(content, length - 2 * PADDING_MM * scale, sizes)
    if not text:
        return
    upright = part.height_mm > part.width_mm
    box = box_of(part)
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    along, across = (text_width(text, size) + 0.6 * size) / 2, 0.62 * size
    half_x, half_y = (across, along) if upright else (along, across)
    half_x, half_y = min(half_x, part.width_mm / 2), min(half_y, part.height_mm / 2)
    yield Rectangle(
        layer=Layer.LABEL,
        x0=x - half_x,
        y0=y - half_y,
        x1=x + half_x,
        y1=y + half_y,
        style=Style(fill=palette.PAPER),
    )
    yield centred_text(Layer.LABEL, text, box, size, palette.MUTED, rotated=upright)


def duct_label(facts: PanelFacts, part: Part, scale: float) -> Iterator[Shape]:
    """Yield what a duct is, along its longer side, where it fits without being cut."""
    content = facts.say("view.duct", width=min(part.width_mm, part.height_mm))
    upright = part.height_mm > part.width_mm
    length, thickness = (part.height_mm, part.width_mm) if upright else (part.width_mm, part.height_mm)
    sizes = tuple(height * scale for height in LETTER_HEIGHTS_MM if height * scale <= thickness)
    if not sizes:
        return
    text, size = fitted(content, length - 2 * PADDING_MM * scale, sizes)
    if text == content:
        yield centred_text(Layer.LABEL, text, box_of(part), size, palette.MUTED, rotated=upright)


def incoming(facts: PanelFacts, scale: float) -> Iterator[Shape]:
    """Yield an arrow at the main's incoming side, and the word for it beside whatever the door carries there."""
    drawing = facts.design.drawing
    hidden = [box_of(door) for door in drawing.of(*DOOR_PARTS)] + [
        text.extent for text in door_labels(facts, scale)
    ]
    for part in drawing.of(PartKind.MAIN):
        size, x = 2.2 * scale, (part.x0 + part.x1) / 2
        if drawing.plate[3] - part.y1 < 4.5 * size:
            continue
        tip, half = part.y1 + 0.6 * size, 0.55 * size
        points = ((x, tip), (x - half, tip + 1.3 * size), (x + half, tip + 1.3 * size))
        yield Polyline(layer=Layer.MAIN, points=points, style=palette.ARROW, closed=True)
        content = facts.say(f"view.incoming_{facts.design.problem.request.feed.value}")
        above = Text(
            layer=Layer.LABEL,
            x=x,
            y=tip + 1.9 * size,
            content=content,
            size_mm=size,
            colour=palette.INK,
            anchor=Anchor.MIDDLE,
        )
        beside = (
            replace(above, x=x + 2 * half, y=tip + 0.3 * size, anchor=Anchor.START),
            replace(above, x=x - 2 * half, y=tip + 0.3 * size, anchor=Anchor.END),
        )
        yield from [
            text for text in (above, *beside) if not any(overlap(text.extent, box) for box in hidden)
        ][:1]


def _free_strips(box: Box, obstacles: list[Box]) -> list[Box]:
    """Return the strips of ``box`` below, above, left and right of all obstacles that overlap it, largest first; ``box`` itself where none does."""
    met = [
        item
        for item in obstacles
        if item[0] < box[2] and item[2] > box[0] and item[1] < box[3] and item[3] > box[1]
    ]
    if not met:
        return [box]
    x0, y0 = min(item[0] for item in met), min(item[1] for item in met)
    x1, y1 = max(item[2] for item in met), max(item[3] for item in met)
    strips = (
        (box[0], box[1], box[2], y0),
        (box[0], y1, box[2], box[3]),
        (box[0], box[1], x0, box[3]),
        (x1, box[1], box[2], box[3]),
    )
    return sorted(
        (strip for strip in strips if strip[0] < strip[2] and strip[1] < strip[3]),
        key=lambda strip: -(strip[2] - strip[0]) * (strip[3] - strip[1]),
    )
