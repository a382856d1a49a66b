"""Tags of what the door carries. Push buttons are smaller than their tags: those stand above them, and close ones share one tag, ``PB1–3``."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import product
from typing import Final

from kis.estimator.documents.drawings import palette
from kis.estimator.documents.drawings.device_label import SMALLEST_MM
from kis.estimator.documents.drawings.panel_facts import PanelFacts
from kis.estimator.documents.drawings.sheet import Box, Layer, Text, centred_text
from kis.estimator.documents.drawings.text_fit import text_width
from kis.estimator.documents.drawings.word_block import box_of, overlap, star_of, word_block
from kis.estimator.layout.drawing import DOOR_PARTS, Part

_CELL_MM: Final = (8.0, 3.0)
"""About the print size of a tag."""


@dataclass(frozen=True, slots=True)
class _Cluster:
    """Door parts side by side that share one tag."""

    parts: tuple[Part, ...]
    tags: tuple[str, ...]

    @property
    def tag(self) -> str:
        """Return the tag of one part, or first and last number of several."""
        first, last = self.tags[0], self.tags[-1]
        star = "".join(sorted({star_of(part) for part in self.parts}))
        return first + star if len(self.tags) == 1 else f"{first}–{last.removeprefix(_letters(last))}{star}"

    def joined(self, other: "_Cluster") -> "_Cluster":
        """Return both as one, in the order of their numbers."""
        pairs = sorted(
            zip((*self.tags, *other.tags), (*self.parts, *other.parts), strict=True),
            key=lambda pair: (_letters(pair[0]), len(pair[0]), pair[0]),
        )
        return _Cluster(tuple(part for _, part in pairs), tuple(tag for tag, _ in pairs))


def door_labels(facts: PanelFacts, scale: float) -> tuple[Text, ...]:
    """Return the tags of all door parts: inside those large enough, above the others."""
    texts: list[Text] = []
    small: list[_Cluster] = []
    for part in facts.design.drawing.of(*DOOR_PARTS):
        item = facts.accessories[part.device]
        tag = facts.accessory_tag(item)
        inside = word_block(
            (tag + star_of(part), facts.accessory_name(item)), box_of(part), scale, palette.DOOR_INK
        )
        texts += inside
        if not inside:
            small.append(_Cluster((part,), (tag,)))
    return (*texts, *_above(_clustered(small, scale), scale))


def _clustered(small: Sequence[_Cluster], scale: float) -> list[_Cluster]:
    """Join clusters of the same letters until no two tags touch.

    Always the earliest cluster that touches another joins the first one it touches, and what comes of it stands last: single neighbours
    pair up before pairs grow.
    """
    alive: dict[int, _Cluster] = {}
    places, touching = _Places(scale), list[tuple[int, int]]()
    for number, cluster in enumerate(small):
        _stand(number, cluster, alive, places, touching)
    number = len(small)
    while touching:
        one, other = heappop(touching)
        if one in alive and other in alive:
            joined = alive.pop(one).joined(alive.pop(other))
            _stand(number, joined, alive, places, touching)
            number += 1
    return list(alive.values())


def _stand(
    number: int,
    cluster: _Cluster,
    alive: dict[int, _Cluster],
    places: "_Places",
    touching: list[tuple[int, int]],
) -> None:
    """Let a cluster stand, and note which ones before it it touches."""
    box, letters = _tag_box(cluster, places.scale), _letters(cluster.tags[0])
    for earlier, other in places.near(box):
        if earlier in alive and overlap(other, box) and _letters(alive[earlier].tags[0]) == letters:
            heappush(touching, (earlier, number))
    alive[number] = cluster
    places.add(number, box)


class _Places:
    """Where tags stand, in cells of a grid, so that each need only be held against its neighbours."""

    def __init__(self, scale: float) -> None:
        """Divide the door of a print at 1 : ``scale`` into cells about as large as a tag."""
        self.scale = scale
        self._cells: dict[tuple[int, int], list[tuple[int, Box]]] = {}

    def add(self, number: int, box: Box) -> None:
        """Note the tag of a cluster."""
        for cell in self._cells_of(box):
            self._cells.setdefault(cell, []).append((number, box))

    def near(self, box: Box) -> Iterator[tuple[int, Box]]:
        """Yield the tags that may touch ``box``, each once."""
        found = {number: other for cell in self._cells_of(box) for number, other in self._cells.get(cell, ())}
        yield from found.items()

    def _cells_of(self, box: Box) -> Iterator[tuple[int, int]]:
        width, height = _CELL_MM[0] * self.scale, _CELL_MM[1] * self.scale
        across = range(int(box[0] // width), int(box[2] // width) + 1)
        upwards = range(int(box[1] // height), int(box[3] // height) + 1)
        yield from product(across, upwards)


def _above(clusters: Sequence[_Cluster], scale: float) -> Iterator[Text]:
    for cluster in clusters:
        size = SMALLEST_MM * scale
        yield centred_text(
            Layer.LABEL, cluster.tag, _tag_box(cluster, scale), size, palette.DOOR_INK, bold=True
        )


def _tag_box(cluster: _Cluster, scale: float) -> Box:
    size = SMALLEST_MM * scale
    half = text_width(cluster.tag, size, bold=True) / 2
    x = (min(part.x0 for part in cluster.parts) + max(part.x1 for part in cluster.parts)) / 2
    top = max(part.y1 for part in cluster.parts)
    return (x - half, top, x + half, top + 1.4 * size)


def _letters(tag: str) -> str:
    """Return a tag without its number."""
    return tag.rstrip("0123456789")
