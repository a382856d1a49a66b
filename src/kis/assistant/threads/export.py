"""A conversation as a text to read: each question, its answer sentence by sentence, and below each sentence the document, the page and the words it stands on.

What people and manuals wrote is data here as well: nothing of it becomes a heading, a link, an image or HTML of the text.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from kis.assistant.reading.language import language_of
from kis.assistant.threads.things import Conversation, Judgement, KeptMessage, Role
from kis.platform.messages import Locale, Message

_MARKS: Final = re.compile(r"((?:\s{0,2}\[\d{1,6}\])+)([.。!?]?)")
_NUMBER: Final = re.compile(r"\d+")
_SPECIAL: Final = re.compile(r"[\\`*_\[\]<>~|$]|&(?=#?\w+;)")
_BEGINS_BLOCK: Final = re.compile(r"^(?:[-+=#]|(\d{1,9})(?=[.)]))")
_UNSHOWABLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Controls, and the marks that turn the direction of writing."""
_ADDRESS: Final = re.compile(r"https?://[^\s<>\\]+")


def as_markdown(conversation: Conversation) -> str:
    """Return a conversation as Markdown, in the language of its questions."""
    return "\n".join(_lines(conversation)) + "\n"


def locale_of(conversation: Conversation) -> Locale:
    """Return the language a conversation is in: that of its questions, of an empty one that of its title."""
    asked = [message.content for message in conversation.messages if message.role is Role.QUESTION]
    locale: Locale = language_of(asked or [conversation.thread.title]).value
    return locale


def _lines(conversation: Conversation) -> Iterator[str]:
    thread, locale = conversation.thread, locale_of(conversation)
    yield f"# {_plain(thread.title)}"
    yield ""
    if thread.product_id:
        yield f"- {_said('product', locale)}: {_plain(thread.product_id)}"
    yield f"- {_said('begun', locale)}: {_time(thread.created_at)}"
    yield f"- {_said('continued', locale)}: {_time(thread.updated_at)}"
    questions = 0
    for message in conversation.messages:
        yield ""
        if message.role is Role.QUESTION:
            questions += 1
            yield f"## {_said('question', locale)} {questions}"
            yield ""
            yield from _question(message)
        else:
            yield f"### {_said('answer', locale)}"
            yield ""
            yield from _answer(message, locale)


def _question(message: KeptMessage) -> Iterator[str]:
    lines = [_plain(line) for line in message.content.splitlines() if line.strip()]
    yield "\\\n".join(f"> {line}" for line in lines)
    yield ""
    yield _time(message.created_at)


def _answer(message: KeptMessage, locale: Locale) -> Iterator[str]:
    cited = {citation["number"]: citation for citation in message.citations}
    named: set[int] = set()
    for line in message.content.splitlines():
        for sentence, numbers in _sentences(line, cited):
            named.update(numbers)
            if not numbers:
                yield _plain(sentence)
                yield ""
                continue
            yield f"- {_plain(sentence)}"
            yield from (f"  - {_citation(cited[number], locale)}" for number in numbers)
            yield ""
    if rest := [citation for number, citation in cited.items() if number not in named]:
        yield from (f"- {_citation(citation, locale)}" for citation in rest)
        yield ""
    ending = [_said(f"mode.{message.mode}", locale)] if message.mode else []
    if message.judgement is not None:
        ending.append(_judged(message.judgement, locale))
    if ending:
        yield " · ".join(ending)


def _sentences(line: str, cited: Mapping[int, object]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield what a line says, up to each run of ``[n]`` with the numbers in it; what has none is not cited. Numbers of nothing are words."""
    begun = 0
    for marks in _MARKS.finditer(line):
        numbers = tuple(int(number) for number in _NUMBER.findall(marks[1]))
        if any(number not in cited for number in numbers):
            continue
        yield line[begun : marks.start()].strip() + marks[2], tuple(dict.fromkeys(numbers))
        begun = marks.end()
    if rest := line[begun:].strip():
        yield rest, ()


def _citation(citation: Mapping[str, Any], locale: Locale) -> str:
    """Return the document, the page and the words of a citation; what has no pages is a place of KIS's own."""
    url, title = str(citation["url"]), str(citation["title"])
    place = f"\\[{citation['number']}\\] {_plain(title or url)}"
    if not url.startswith("/"):
        place += f", {_said('page', locale, page=citation['page'])}"
    told = f"{place}: “{_plain(str(citation['excerpt']))}”"
    if _ADDRESS.fullmatch(url):
        return f"{told} <{url}>"
    return f"{told} {_plain(url)}" if url else told


def _judged(judgement: Judgement, locale: Locale) -> str:
    told = _said("helpful" if judgement.is_helpful else "not_helpful", locale)
    return f"{told}: “{_plain(judgement.comment)}”" if judgement.comment else told


def _plain(text: str) -> str:
    """Return a text on one line that Markdown shows as it is."""
    line = " ".join(_UNSHOWABLE.sub("", text).split())
    return _BEGINS_BLOCK.sub(_kept_in_line, _SPECIAL.sub(r"\\\g<0>", line))


def _kept_in_line(begins: re.Match[str]) -> str:
    return f"{begins[1]}\\" if begins[1] else f"\\{begins[0]}"


def _said(name: str, locale: Locale, **values: object) -> str:
    return Message(f"assistant_threads.export.{name}", values).text(locale)


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
