"""The walk: everybody asks everything in every way there is, and what an answer tells is held against who may learn it.

The ways are taken from the contract: each GET, and those operations of other methods that look for something (``leaks_ways``). What a path names is every
planted thing. A question about something that the asker may not know of must be answered as one about what does not exist, word for word: so a
number, a hint or another status tells as much as a word does.
"""

import asyncio
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any, Final

import httpx2
import orjson

from tests.factories.leaks_oracle import may_learn
from tests.factories.leaks_ways import Question
from tests.factories.leaks_words import found, told
from tests.factories.leaks_world import Planted, Seat
from tests.factories.security import Installation

AT_ONCE: Final = 4
SIGNED: Final = "GET /v1/objects/{token}"
_LINK: Final = re.compile(r'"signedUrl":"https?://[^/"]+([^"]+)"')
_OF_AN_ANSWER: Final = re.compile(r'^id: .*$|"token":"[^"]*"', re.MULTILINE)
"""What differs between two answers of the assistant that are told as events."""
_PASSING: Final = frozenset({"traceId", "searchId", "tookMs", "milliseconds", "expiresInSeconds", "instance"})
"""What differs between two answers to the same question."""


@dataclass(slots=True)
class Findings:
    """What the walk found: what leaked how often, and who has seen which secret in which operation."""

    leaks: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    seen: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    """Secrets by seat and operation."""
    answered: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    """Statuses by operation."""
    asked: int = 0

    def lines(self) -> list[str]:
        """Return all leaks, each kind once."""
        return [f"{leak} ({times}×)" for leak, times in sorted(self.leaks.items())]


@dataclass(frozen=True, slots=True)
class Walk:
    """Everybody of ``seats`` on their way."""

    at: Installation
    planted: Planted
    seats: Sequence[Seat]
    findings: Findings = field(default_factory=Findings)
    stops: bool = False
    """At the first leak: enough to show that there is one."""
    _blanks: dict[tuple[str, str], str] = field(default_factory=dict)
    _credentials: dict[str, Iterator[Mapping[str, str]]] = field(default_factory=dict)

    async def take(self, questions: Iterable[Question]) -> Findings:
        """Ask all questions as everybody: each at once after another who may know something else, from one end of the row or from the other."""
        for seat in self.seats:
            self._credentials[seat.name] = cycle(seat.credentials)
        waiting = iter(enumerate(questions))
        async with self.at.client() as client, asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(self._work(client, waiting))
        return self.findings

    async def _work(self, client: httpx2.AsyncClient, waiting: Iterator[tuple[int, Question]]) -> None:
        for number, question in waiting:
            seats = self._askers(question, number)
            for seat in seats if number % 2 else reversed(seats):
                await self._ask(client, seat, question)
            if self.stops and self.findings.leaks:
                return

    def _askers(self, question: Question, number: int) -> list[Seat]:
        """Return who asks. About a thing everybody of its house does, and in turn one of those who are all the same to it: its neighbours; who has a role twice."""
        able = [seat for seat in self.seats if question.seats is None or question.seats(seat)]
        if not question.house:
            return able
        near = [seat for seat in able if seat.house == question.house and not seat.is_special]
        special = [seat for seat in able if seat.house == question.house and seat.is_special]
        far = [seat for seat in able if seat.house != question.house]
        return [*near, *(some[number % len(some)] for some in (special, far) if some)]

    async def _ask(self, client: httpx2.AsyncClient, seat: Seat, question: Question) -> None:
        answer = await self._answer(client, seat, question)
        self.findings.answered[question.operation].add(answer.status_code)
        self._look(seat, question.operation, question, told(answer))
        for what in miscounted(answer, question):
            self._leak(seat, question.operation, what)
        if question.blank is not None and question.is_hidden(seat):
            place = (seat.name, question.blank_key)
            blank = self._blanks.get(place)
            if blank is None:
                blank = shown(await self._answer(client, seat, question.blank), question.blank.said)
                self._blanks[place] = blank
            if shown(answer, question.said) != blank:
                self._leak(seat, question.operation, f"tells {question.about} from nothing")
        for path in _LINK.findall(answer.text) if question.follows else ():
            linked = await client.get(path)
            self._look(seat, SIGNED, question, told(linked))

    async def _answer(self, client: httpx2.AsyncClient, seat: Seat, question: Question) -> httpx2.Response:
        self.findings.asked += 1
        if question.by_key:
            known: Mapping[str, str] = {"X-API-Key": seat.key}
        else:
            known = seat.credentials[0] if question.by_login else next(self._credentials[seat.name])
        headers = {**known, **question.headers}
        return await client.request(
            question.method,
            question.path,
            params=list(question.params),
            json=question.json,
            files=question.files,
            headers=headers,
        )

    def _look(self, seat: Seat, operation: str, question: Question, text: str) -> None:
        """Note each secret of a text: seen where it may be, else leaked."""
        said = found(" ".join(question.said))
        for key in found(text):
            secret = self.planted.secrets.get(key)
            if secret is None or key in said:
                continue
            if may_learn(seat, secret, operation):
                self.findings.seen[seat.name, operation].add(key)
            else:
                self._leak(seat, operation, f"tells {secret.field} of {secret.thing.name}")

    def _leak(self, seat: Seat, operation: str, what: str) -> None:
        self.findings.leaks[f"{seat.name}: {operation} {what}"] += 1


def miscounted(answer: httpx2.Response, question: Question) -> Iterator[str]:
    """Yield what counts more than is shown on a page that has room for all."""
    room = next((value for name, value in question.params if name in {"size", "limit"}), 0)
    if not room or answer.status_code != httpx2.codes.OK or not answer.text.startswith("{"):
        return
    page = orjson.loads(answer.content)
    listed = page.get("items", page.get("hits"))
    total = page.get("total", 0)
    if listed is not None and len(listed) < int(room) and total > len(listed):
        yield "counts more than it shows"
    for facet, values in (page.get("facets") or {}).items():
        if facet != "tag" and sum(each["count"] for each in values) > total:
            yield f"counts more by {facet} than it shows"


def shown(answer: httpx2.Response, said: Sequence[str]) -> str:
    """Return what an answer tells, without the words of the question and what passes."""
    is_json = answer.headers.get("content-type", "").startswith(
        ("application/json", "application/problem+json")
    )
    if is_json and answer.content:
        text = orjson.dumps(_lasting(orjson.loads(answer.content)), option=orjson.OPT_SORT_KEYS).decode()
    else:
        text = _OF_AN_ANSWER.sub("", answer.text)
    for word in sorted(said, key=len, reverse=True):
        text = re.sub(re.escape(word), "…", text, flags=re.IGNORECASE)
    return f"{answer.status_code} {text}"


def _lasting(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _lasting(each) for name, each in value.items() if name not in _PASSING}
    return [_lasting(each) for each in value] if isinstance(value, list) else value
