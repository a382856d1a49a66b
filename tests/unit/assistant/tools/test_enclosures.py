"""Enclosures worked out for a list: which breaker is the main one, what is refused and why, and that nobody else waits."""

import asyncio
import threading
from collections.abc import Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import pytest

from kis.assistant.conversing.means import Caller
from kis.assistant.things import AnswerMode
from kis.assistant.tools import enclosures
from kis.assistant.tools.enclosures import MOST_WAITING, Enclosures, NoMain, main_of
from kis.assistant.tools.listing import Breakers, Listing, listing_of
from kis.estimator import Library, ParsedRequest, estimate, open_library
from kis.identity import Permission, Principal
from kis.platform.errors import NotFound, Unavailable
from kis.platform.messages import Message
from kis.platform.telemetry.metrics import ANSWER_GENERATION_SECONDS, ANSWER_REFUSALS
from kis.search import Language
from tests.factories.answers import Gathered, gathered

SECONDS = 60.0


def breaker(amperes: int, count: int = 1, **more: Any) -> Breakers:
    return Breakers(**{"kind": "MCCB", "poles": 3, "amperes": amperes, "count": count, **more})


class Shipped:
    """The shipped library for everybody."""

    def __init__(self) -> None:
        self.asked: list[ParsedRequest] = []

    async def library(self, _caller: Principal, parsed: ParsedRequest) -> Library:
        self.asked.append(parsed)
        return open_library(parsed.request, on=date(2026, 11, 20))


class Nothing:
    """No rulebook for anybody."""

    async def library(self, _caller: Principal, _parsed: ParsedRequest) -> Library:
        raise NotFound(Message("library.no_rulebook", {"name": "R", "shipped": "S"}))


def caller(*permissions: Permission) -> Caller:
    return cast("Principal", SimpleNamespace(may=lambda permission: permission in permissions))


ESTIMATOR = caller(Permission.QUOTATION_CREATE)


async def told(text: str, *, who: Caller = ESTIMATOR, language: Language = Language.KO) -> Gathered:
    listing = listing_of(text)
    assert listing is not None
    return await told_of(listing, who=who, language=language)


async def told_of(listing: Listing, *, who: Caller, language: Language) -> Gathered:
    made = Enclosures(Shipped())
    try:
        return await gathered(made.answer(who, listing, language))
    finally:
        made.close()


class TestMain:
    """Which breaker the supply comes in by."""

    def test_is_the_one_that_is_named(self) -> None:
        small = breaker(50, is_main=True)
        assert main_of([breaker(100, 4), small]) == (small, False)

    def test_is_the_largest_where_none_is_named(self) -> None:
        large = breaker(100)
        assert main_of([breaker(20, 12), large, breaker(50)]) == (large, True)

    @pytest.mark.parametrize(
        "listed",
        [
            [breaker(100, is_main=True), breaker(75, is_main=True)],
            [breaker(100, 2, is_main=True)],
            [breaker(100), breaker(100)],
            [breaker(100, 2), breaker(20, 3)],
        ],
    )
    def test_is_not_guessed(self, listed: Sequence[Breakers]) -> None:
        with pytest.raises(NoMain):
            main_of(listed)


class TestRefusals:
    """Each says why."""

    @pytest.mark.parametrize(
        ("text", "reason", "words"),
        [
            ("함 크기: SPD 1개, ELB 2P 20A 12개, MCCB 3P 100A 메인", "unread", "“SPD 1개”"),
            ("함 크기: ELB 2P 20A 12개", "no_main", "메인 하나를 적어"),
            ("함 크기: ELB 2P 20A 201개, MCCB 3P 100A 메인", "too_many", "200개"),
            # The catalogue has no breaker of 999 A.
            ("함 크기: ELB 2P 20A 12개, MCCB 3P 999A 메인", "no_enclosure", "MCCB 3P 999A"),
            # Two lines have no third phase.
            ("함 크기: MCCB 3P 30A 2개, MCCB 2P 50A 메인", "impossible", "3P"),
        ],
    )
    async def test_of_a_list(self, text: str, reason: str, words: str) -> None:
        answer = await told(text)

        assert answer.finished.refusal == f"assistant_tools.refusal.{reason}"
        assert words in answer.text
        assert answer.citations == {}

    async def test_where_nothing_is_in_force_today(self) -> None:
        listing = listing_of("함 크기: ELB 2P 20A 12개, MCCB 3P 100A 메인")
        assert listing is not None
        made = Enclosures(Nothing())
        answer = await gathered(made.answer(ESTIMATOR, listing, Language.KO))
        made.close()

        assert answer.finished.refusal == "assistant_tools.refusal.impossible"
        assert answer.text.endswith(Message("library.no_rulebook", {"name": "R", "shipped": "S"}).text("ko"))

    @pytest.mark.parametrize("who", [None, caller(), caller(Permission.CATALOG_READ)])
    async def test_of_who_may_not_estimate_comes_before_all_else(self, who: Caller) -> None:
        answer = await told("함 크기: SPD 1개, ELB 2P 20A 12개", who=who)

        assert answer.finished.refusal == "assistant_tools.refusal.may_not_estimate"

    async def test_is_counted_by_its_reason(self) -> None:
        count = ANSWER_REFUSALS.labels("no_main")._value
        before = count.get()
        await told("함 크기: ELB 2P 20A 12개")
        assert count.get() == before + 1


class TestRequest:
    """What the engine is asked for."""

    async def test_is_what_was_typed(self) -> None:
        libraries = Shipped()
        made = Enclosures(libraries)
        listing = listing_of(
            "옥외 스테인리스 IP44 분전반 크기: ELB 2P 20A 30mA 12개, MCCB 4P 100AF/75AT 메인"
        )
        assert listing is not None
        await gathered(made.answer(ESTIMATOR, listing, Language.KO))
        made.close()

        panel = libraries.asked[0].request.panels[0]
        assert (panel.mounting, panel.material, panel.ip) == ("outdoor_surface", "SUS201", 44)
        main, branch = panel.mains[0], panel.branches[0]
        assert (main.kind, main.poles, main.rating_a, main.frame_af) == ("MCCB", 4, 75, 100)
        assert (branch.kind, branch.poles, branch.rating_a, branch.quantity, branch.sensitivity_ma) == (
            "ELB",
            2,
            20,
            12,
            30,
        )
        assert panel.supply == "3P4W-380/220"

    async def test_the_sensitivity_of_what_is_taken_for_the_main_is_left_out(self) -> None:
        answer = await told("함 크기: ELB 3P 60A 30mA, ELB 2P 20A 30mA 6개")

        assert answer.finished.refusal is None
        assert "읽은 차단기: ELB 3P 60A 30mA 1개, ELB 2P 20A 30mA 6개." in answer.text

    async def test_a_main_of_two_poles_is_fed_by_two_wires(self) -> None:
        answer = await told("함 크기: ELB 2P 20A 4개, MCCB 2P 50A 메인")
        assert "1P2W-220" in answer.text


class TestAnswer:
    """What is told of a box."""

    async def test_says_what_was_taken_for_the_main(self) -> None:
        answer = await told("What box for ELB 2P 20A x12, MCCB 3P 100A?", language=Language.EN)

        assert "None is named as the main; the largest, 1 × MCCB 3P 100A, was taken for it." in answer.text

    async def test_a_box_made_to_measure_rests_on_rules_alone(self) -> None:
        # No standard box holds 190 branches.
        answer = await told("함 크기: ELB 2P 20A 190개, MCCB 3P 100A 메인")

        assert "제작함" in answer.text
        assert {each.source.url for each in answer.citations.values()} == {"/v1/rulebooks/kis-standard"}

    async def test_what_fails_is_said_with_the_box(self) -> None:
        # A recessed box is not made for IP 65: the box is told, and that it does not reach it.
        answer = await told("매입 IP65 함 크기: ELB 2P 20A 12개, MCCB 3P 100A 메인")

        assert answer.finished.refusal is None
        assert "통과하지 못하는 검사" in answer.text

    async def test_the_protection_that_was_asked_for_is_said(self) -> None:
        answer = await told("옥외 IP54 함 크기: ELB 2P 20A 12개, MCCB 3P 100A 메인")
        other = await told("옥외 함 크기: ELB 2P 20A 12개, MCCB 3P 100A 메인")

        assert "IP54 이상" in answer.text
        assert "IP54" not in other.text

    async def test_every_sentence_of_the_result_is_cited(self) -> None:
        answer = await told("함 크기: ELB 2P 20A 12개, MCCB 3P 100A 메인")

        assert answer.finished.mode is AnswerMode.CALCULATED
        assert len(answer.finished.sentences) == 2
        assert all(sentence.citations for sentence in answer.finished.sentences)

    async def test_its_time_is_measured(self) -> None:
        seconds = ANSWER_GENERATION_SECONDS.labels(AnswerMode.CALCULATED)._sum
        before = seconds.get()
        await told("함 크기: ELB 2P 20A 12개, MCCB 3P 100A 메인")
        assert seconds.get() > before


class TestWork:
    """The engine beside everything else that the process does."""

    @pytest.fixture
    def held(self, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
        """Let the engine wait until the event loop has set this."""
        gate = threading.Event()

        def waiting(*args: Any, **more: Any) -> Any:
            assert gate.wait(SECONDS), "the loop did not go on beside the engine"
            return estimate(*args, **more)

        monkeypatch.setattr(enclosures, "estimate", waiting)
        return gate

    async def test_the_loop_goes_on_beside_it(self, held: threading.Event) -> None:
        asking = asyncio.create_task(told("함 크기: ELB 2P 20A 12개, MCCB 3P 100A 메인"))
        for _ in range(20):
            await asyncio.sleep(0)
        held.set()
        assert (await asking).finished.refusal is None

    async def test_so_many_wait_and_no_more(self, held: threading.Event) -> None:
        made = Enclosures(Shipped())
        listing = listing_of("함 크기: ELB 2P 20A 12개, MCCB 3P 100A 메인")
        assert listing is not None
        asking = [
            asyncio.create_task(gathered(made.answer(ESTIMATOR, listing, Language.KO)))
            for _ in range(MOST_WAITING + 1)
        ]
        done, waiting = await asyncio.wait(asking, return_when=asyncio.FIRST_COMPLETED, timeout=SECONDS)
        held.set()

        (refused,) = done
        assert isinstance(refused.exception(), Unavailable)
        answers = await asyncio.gather(*waiting)
        made.close()
        assert len(answers) == MOST_WAITING
        assert all(answer.finished.refusal is None for answer in answers)

    async def test_what_takes_too_long_is_given_up(
        self, held: threading.Event, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(enclosures, "LONGEST_SECONDS", 0.05)
        with pytest.raises(Unavailable) as refused:
            await told("함 크기: ELB 2P 20A 12개, MCCB 3P 100A 메인")
        held.set()
        assert refused.value.message == Message("assistant_tools.busy")
