"""What an article says in one language, and how the two languages of an article keep up with each other.

An article has a state for each language: *missing*, *draft* (written or translated, not yet for readers), *current*, or *out of date* (the other
language was changed since). Changing a text that was current makes the other one, where it was current, out of date; writing a missing text,
finishing a draft and catching up with the other language do not. Whoever saves may say otherwise.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final

from kis.platform.errors import Problem
from kis.platform.messages import Message
from kis.search import Language

LONGEST_TITLE: Final = 200
LONGEST_SUMMARY: Final = 1000
LONGEST_BODY: Final = 200_000
"""Characters: about a hundred printed pages."""
LONGEST_SEO: Final = 400
LONGEST_TAG: Final = 40
MOST_TAGS: Final = 20


class TextState(StrEnum):
    """How far an article is in a language."""

    MISSING = "missing"
    DRAFT = "draft"
    CURRENT = "current"
    OUT_OF_DATE = "out_of_date"


SHOWN: Final = frozenset({TextState.CURRENT, TextState.OUT_OF_DATE})
"""What readers are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of an article in one language; ``body`` is Markdown."""

    title: str
    summary: str = ""
    body: str = ""
    tags: tuple[str, ...] = ()
    seo_title: str = ""
    seo_description: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """Words and their state."""

    words: Words
    state: TextState


Texts = Mapping[Language, Text]
"""By language; a missing one is not in it."""


def merged(
    before: Texts, words: Mapping[Language, Words | None], states: Mapping[Language, TextState] | None = None
) -> dict[Language, Text]:
    """Return the texts of the next version. ``words`` are those that are saved (None removes a language), ``states`` what is said about them expressly."""
    said = states or {}
    after: dict[Language, Text] = {}
    changed = {language for language, given in words.items() if given != _words(before, language)}
    leading = {
        language
        for language in changed
        if words[language] is not None and state_of(before, language) is TextState.CURRENT
    }
    for language in Language:
        given = words[language] if language in words else _words(before, language)
        if given is None:
            continue
        if language in said:
            state = said[language]
        elif language in changed:
            state = TextState.CURRENT
        elif leading and state_of(before, language) is TextState.CURRENT and language not in words:
            state = TextState.OUT_OF_DATE
        else:
            state = state_of(before, language)
        after[language] = Text(given, state)
    return after


def state_of(texts: Texts, language: Language) -> TextState:
    """Return how far an article is in a language."""
    return texts[language].state if language in texts else TextState.MISSING


def shown(texts: Texts) -> dict[Language, Text]:
    """Return what readers are shown of texts."""
    return {language: text for language, text in texts.items() if text.state in SHOWN}


def as_json(texts: Texts) -> dict[str, Any]:
    """Return texts as a version keeps them."""
    return {
        language.value: {**asdict(text.words), "tags": list(text.words.tags), "state": text.state.value}
        for language, text in texts.items()
    }


def from_json(kept: Mapping[str, Any]) -> dict[Language, Text]:
    """Return the texts of a version."""
    return {language: _text(kept[language.value]) for language in Language if kept.get(language.value)}


def problems_of(words: Mapping[Language, Words | None]) -> list[Problem]:
    """Return everything that is wrong with words, by their place."""
    return [
        problem
        for language, given in words.items()
        if given is not None
        for problem in _problems(f"texts.{language.value}", given)
    ]


def text_problems(path: str, value: str, most: int) -> list[Problem]:
    """Return what is wrong with a string: its length, or characters that cannot be stored."""
    if len(value) > most:
        return [Problem(path, Message("knowledge.long", {"limit": most}))]
    return [] if is_storable(value) else [Problem(path, Message("knowledge.not_text"))]


def is_storable(value: str) -> bool:
    """Tell whether the database can hold a string: neither NUL nor half a character in it."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in value


def _problems(path: str, words: Words) -> list[Problem]:
    problems = []
    if not words.title.strip():
        problems.append(Problem(f"{path}.title", Message("knowledge.empty")))
    for field, value, most in (
        ("title", words.title, LONGEST_TITLE),
        ("summary", words.summary, LONGEST_SUMMARY),
        ("body", words.body, LONGEST_BODY),
        ("seoTitle", words.seo_title, LONGEST_SEO),
        ("seoDescription", words.seo_description, LONGEST_SEO),
    ):
        problems += text_problems(f"{path}.{field}", value, most)
    return problems + _tag_problems(f"{path}.tags", words.tags)


def _tag_problems(path: str, tags: Sequence[str]) -> list[Problem]:
    if len(tags) > MOST_TAGS:
        return [Problem(path, Message("knowledge.many", {"limit": MOST_TAGS}))]
    problems: list[Problem] = []
    for place, tag in enumerate(tags):
        if not tag.strip():
            problems.append(Problem(f"{path}[{place}]", Message("knowledge.empty")))
        problems += text_problems(f"{path}[{place}]", tag, LONGEST_TAG)
    return problems


def _words(texts: Texts, language: Language) -> Words | None:
    return texts[language].words if language in texts else None


def _text(kept: Mapping[str, Any]) -> Text:
    words = Words(
        title=kept["title"],
        summary=kept.get("summary", ""),
        body=kept.get("body", ""),
        tags=tuple(kept.get("tags", ())),
        seo_title=kept.get("seo_title", ""),
        seo_description=kept.get("seo_description", ""),
    )
    return Text(words, TextState(kept["state"]))
