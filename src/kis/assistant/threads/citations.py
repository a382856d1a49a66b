"""Answers as they are kept: their text, and what each number in it stands on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kis.assistant.things import AnswerEvent, Chunk, Citation, Finished


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeAnswer:
    """An answer when all of its events are there."""

    content: str
    citations: tuple[dict[str, Any], ...]
    mode: str = ""
    refusal: str = ""


def whole_answer(events: Sequence[AnswerEvent]) -> WholeAnswer:
    """Return what the events of an answer come to."""
    content = "".join(event.text for event in events if isinstance(event, Chunk))
    citations = {event.number: citation_shape(event) for event in events if isinstance(event, Citation)}
    finished = next((event for event in reversed(events) if isinstance(event, Finished)), None)
    return WholeAnswer(
        content=content,
        citations=tuple(citations[number] for number in sorted(citations)),
        mode="" if finished is None else finished.mode.value,
        refusal="" if finished is None or finished.refusal is None else finished.refusal,
    )


def citation_shape(citation: Citation) -> dict[str, Any]:
    """Return a citation as it is kept: enough to show page and passage again without the answer."""
    return {
        "number": citation.number,
        "document": citation.source.sha256,
        "title": citation.source.title,
        "url": citation.source.url,
        "media_type": citation.source.media_type,
        "page": citation.page,
        "excerpt": citation.excerpt,
        "passage": citation.passage,
        "boxes": [[box.left, box.top, box.right, box.bottom] for box in citation.boxes],
    }
