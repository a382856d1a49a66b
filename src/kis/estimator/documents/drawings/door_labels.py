"""Tags of what the door carries. Push buttons are smaller than their tags: those stand above them, and close ones share one tag, ``PB1–3``."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kis.estimator.documents.drawings import palette
from kis.estimator.documents.drawings.device_label import SMALLEST_MM
from kis.estimator.documents.drawings.panel_facts import PanelFacts
from kis.estimator.documents.drawings.sheet import Box, Layer, Text, centred_text
from kis.estimator.documents.drawings.text_fit import text_width
from kis.estimator.documents.drawings.word_block import box_of, overlap, star_of, word_block
from kis.estimator.layout.drawing import DOOR_PARTS, Part


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


def _clustered(clusters: list[_Cluster], scale: float) -> list[_Cluster]:
    """Join clusters of the same letters until no two tags touch."""
    for number, one in enumerate(clusters):
        for other in clusters[number + 1 :]:
            alike = _letters(one.tags[0]) == _letters(other.tags[0])
            if alike and overlap(_tag_box(one, scale), _tag_box(other, scale)):
                rest = [cluster for cluster in clusters if cluster is not one and cluster is not other]
                return _clustered([*rest, one.joined(other)], scale)
    return clusters


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
