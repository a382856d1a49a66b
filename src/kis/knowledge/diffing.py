"""What changed from one version to another: by language and field, as unified hunks of lines."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from kis.knowledge.articles import Version
from kis.knowledge.texts import Text, Texts
from kis.search import Language

CONTEXT_LINES: Final = 3
FIELDS: Final = ("title", "summary", "body", "tags", "seo_title", "seo_description", "state")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunk:
    """A place that changed, with the lines around it. Lines begin with a space (kept), ``-`` (gone) or ``+`` (new); starts count from 1, and from 0 where there are no lines."""

    old_start: int
    old_lines: int
    new_start: int
    new_lines: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldDiff:
    """What changed in a field; without a language, in one of the whole article."""

    language: Language | None
    field: str
    hunks: tuple[Hunk, ...]


def diff(old: Version, new: Version) -> tuple[FieldDiff, ...]:
    """Return every field that is different."""
    return tuple(_diffs(old, new))


def hunks(old: Sequence[str], new: Sequence[str]) -> tuple[Hunk, ...]:
    """Return where lines differ."""
    groups = SequenceMatcher(None, old, new).get_grouped_opcodes(CONTEXT_LINES)
    return tuple(_hunk(old, new, group) for group in groups)


def _diffs(old: Version, new: Version) -> Iterator[FieldDiff]:
    for language in Language:
        before, after = _fields(old.texts, language), _fields(new.texts, language)
        for field in FIELDS:
            if before[field] != after[field]:
                yield FieldDiff(language=language, field=field, hunks=hunks(before[field], after[field]))
    before, after = _of_whole(old), _of_whole(new)
    for field in before:
        if before[field] != after[field]:
            yield FieldDiff(language=None, field=field, hunks=hunks(before[field], after[field]))


def _fields(texts: Texts, language: Language) -> Mapping[str, Sequence[str]]:
    text: Text | None = texts.get(language)
    if text is None:
        return dict.fromkeys(FIELDS, ())
    words = text.words
    return {
        "title": _lines(words.title),
        "summary": _lines(words.summary),
        "body": _lines(words.body),
        "tags": words.tags,
        "seo_title": _lines(words.seo_title),
        "seo_description": _lines(words.seo_description),
        "state": (text.state.value,),
    }


def _of_whole(version: Version) -> dict[str, Sequence[str]]:
    return {
        "type": (version.type.value,),
        "category_id": () if version.category_id is None else (str(version.category_id),),
        "metadata": tuple(f"{key}: {value}" for key, value in sorted(version.metadata.items())),
    }


def _lines(text: str) -> Sequence[str]:
    return tuple(text.splitlines())


def _hunk(old: Sequence[str], new: Sequence[str], group: Sequence[tuple[str, int, int, int, int]]) -> Hunk:
    lines: list[str] = []
    for tag, old_from, old_to, new_from, new_to in group:
        if tag == "equal":
            lines += [f" {line}" for line in old[old_from:old_to]]
            continue
        lines += [f"-{line}" for line in old[old_from:old_to]]
        lines += [f"+{line}" for line in new[new_from:new_to]]
    old_from, old_to = group[0][1], group[-1][2]
    new_from, new_to = group[0][3], group[-1][4]
    return Hunk(
        old_start=old_from + 1 if old_to > old_from else old_from,
        old_lines=old_to - old_from,
        new_start=new_from + 1 if new_to > new_from else new_from,
        new_lines=new_to - new_from,
        lines=tuple(lines),
    )
