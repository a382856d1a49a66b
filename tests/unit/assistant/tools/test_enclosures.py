"""Enclosures worked out for a list: which breaker is the main one, what is refused and why, and that nobody else waits."""

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast

import pytest

from kis.assistant.conversing.means import Caller
from kis.assistant.things import AnswerMode
from kis.assistant.tools import enclosures
from kis.assistant.tools.enclosures import MOST_WAITING, Enclosures, Opened
from kis.assistant.tools.entries import Breakers
from kis.assistant.tools.listing import Listing, listing_of
from kis.assistant.tools.requesting import NoMain, main_of, request_of
from kis.estimator import ParsedRequest, estimate, open_library
from kis.identity import Permission, Principal
from kis.platform.errors import NotFound, Unavailable
from kis.platform.messages import Message
from kis.platform.telemetry.metrics import ANSWER_GENERATION_SECONDS, ANSWER_REFUSALS
from kis.search import Language
from tests.factories.answers import Gathered, gathered

SECONDS = 60.0


def breaker(amperes: int, count: int = 1, **more: Any) -> Breakers:
    return Breakers(**{"kind": "MCCB", "poles": 3, "amperes": amperes, "count": count, **more})


TODAY = date(2026, 11, 20)


class Shipped:
    """The shipped library for everybody."""

    async def open(self, _caller: Principal) -> Opened:
        return Opened(open_library(on=TODAY), TODAY)


class Nothing:
    """No rulebook for anybody."""

    async def open(self, _caller: Principal) -> Opened:
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
            ("함 크기: CT 1개, ELB 2P 20A 12개, MCCB 3P 100A 메인", "unread", "“CT 1개”"),
            ("함 크기: ELB 2P 20A 12개", "no_main", "메인 하나를 적어"),
            ("함 크기: ELB 2P 20A 201개, MCCB 3P 100A 메인", "too_many", "200개"),
            # No network of requests has 440 V.
            ("함 크기: 440V, ELB 2P 20A 12개, MCCB 3P 100A 메인", "impossible", "3P4W 440V"),
            # Two lines have no third phase.
            ("함 크기: MCCB 3P 30A 2개, MCCB 2P 50A 메인", "impossible", "3P"),
        ],
    )
    async def test_of_a_list(self, text: str, reason: str, words: str) -> None:
        answer = await told(text)

        assert answer.finished.refusal == f"assistant_tools.refusal.{reason}"
        assert words in answer.text
        assert answer.citations == {}

    @pytest.mark.parametrize(
        ("text", "korean", "english"),
        [
            (
                "함 크기: 현대 MCCB 3P 100A 메인, ABB ELB 2P 20A 6개",
                "HD Hyundai Electric의 차단기가 없습니다. 있는 제조사: LS ELECTRIC, Sangdo. 카탈로그에 ABB의",
                "no breakers of HD Hyundai Electric. It has those of: LS ELECTRIC, Sangdo. The catalogue has no breakers of ABB.",
            ),
            # The largest of 100 A and 3P is ABS-103 with 37 kA.
            (
                "함 크기: MCCB 3P 100A 65kA 메인, ELB 2P 20A 6개",
                "380 V에서 65 kA를 차단하는 LS ELECTRIC MCCB 3P 100A가 없습니다",
                "no LS ELECTRIC MCCB 3P 100 A that breaks 65 kA at 380 V",
            ),
            # ABN-103: 18 kA at 460 V.
            (
                "함 크기: ABN-103 100A 25kA 메인, ELB 2P 20A 6개",
                "ABN-103은 380 V에서 25 kA를 차단하지 못합니다",
                "ABN-103 does not break 25 kA at 380 V",
            ),
        ],
    )
    async def test_of_what_the_catalogue_does_not_have(self, text: str, korean: str, english: str) -> None:
        answer = await told(text)
        other = await told(text, language=Language.EN)

        assert answer.finished.refusal == other.finished.refusal == "assistant_tools.refusal.impossible"
        assert korean in answer.text
        assert english in other.text

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


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> list[ParsedRequest]:
    """What the engine is asked for, in the order of the questions."""
    asked: list[ParsedRequest] = []

    def noting(parsed: ParsedRequest, **more: Any) -> Any:
        asked.append(parsed)
        return estimate(parsed, **more)

    monkeypatch.setattr(enclosures, "estimate", noting)
    return asked


class TestRequest:
    """What the engine is asked for."""

    async def test_is_what_was_typed(self, requests: list[ParsedRequest]) -> None:
        await told("옥외 스테인리스 IP44 분전반 크기: ELB 2P 20A 30mA 12개, MCCB 4P 100AF/75AT 메인")

        panel = requests[0].request.panels[0]
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
        assert (panel.make, panel.short_circuit_ka, panel.spare_ways, panel.accessories) == (
            None,
            None,
            0,
            (),
        )

    async def test_holds_accessories_spare_ways_and_what_must_be_broken(
        self, requests: list[ParsedRequest]
    ) -> None:
        await told(
            "함 크기: 차단용량 2.5kA, SPD 1개, 3상 전력량계 2개, MC-40 1개, 예비 3회로, ELB 2P 20A 12개, 예비 ELB 2P 20A 1개, MCCB 3P 100A 메인"
        )

        panel = requests[0].request.panels[0]
        assert [(each.kind.value, each.model, each.quantity) for each in panel.accessories] == [
            ("spd", None, 1),
            ("meter_3ph", None, 2),
            ("magnetic_contactor", "MC-40", 1),
        ]
        assert (panel.spare_ways, panel.short_circuit_ka) == (3, Decimal("2.5"))
        assert [each.is_spare for each in panel.branches] == [False, True]

    @pytest.mark.parametrize(
        ("said", "supply"),
        [
            ("ELB 2P 20A 6개, MCCB 3P 50A 메인", "3P4W-380/220"),
            ("ELB 2P 20A 6개, MCCB 3P 50A 380V 메인", "3P4W-380/220"),
            ("3상 3선식, ELB 3P 20A 6개, MCCB 3P 50A 메인", "3P3W-380"),
            ("ELB 3P 20A 6개, 3상3선 MCCB 50A 메인", "3P3W-380"),
            ("단상3선식 220/110V, ELB 2P 20A 6개, MCCB 3P 50A 메인", "1P3W-220/110"),
            ("220/110V, ELB 2P 20A 6개, MCCB 2P 50A 메인", "1P3W-220/110"),
            ("ELB 2P 20A 6개, 단상 2선 MCCB 50A 메인", "1P2W-220"),
            # The wires of a branch are its own.
            ("단상 2선 ELB 20A 6개, MCCB 4P 50A 메인", "3P4W-380/220"),
        ],
    )
    async def test_names_the_supply(self, requests: list[ParsedRequest], said: str, supply: str) -> None:
        answer = await told(f"함 크기: {said}")

        assert requests[0].request.panels[0].supply == supply
        assert f"{supply} V" in answer.text

    async def test_two_poles_may_lie_between_two_lines(self, requests: list[ParsedRequest]) -> None:
        await told("함 크기: ELB 2P 20A 380V 3개, ELB 2P 20A 220V 3개, ELB 3P 20A 380V 1개, MCCB 4P 50A 메인")

        assert [each.voltage for each in requests[0].request.panels[0].branches] == [380, 220, None]

    @pytest.mark.parametrize(
        ("said", "make", "of_main", "of_branch"),
        [
            ("상도 MCCB 3P 100A 메인, ELB 2P 20A 12개", "Sangdo", "Sangdo", None),
            ("상도전기 제품으로, MCCB 3P 100A 메인, ELB 2P 20A 12개", "Sangdo", None, None),
            ("SBE-103 100A 메인, ELB 2P 20A 12개", "Sangdo", "Sangdo", None),
            # Of two makers each breaker has its own.
            ("상도 MCCB 3P 100A 메인, LS ELB 2P 20A 12개", None, "Sangdo", "LS ELECTRIC"),
        ],
    )
    async def test_names_makers_as_the_catalogue_does(
        self, requests: list[ParsedRequest], said: str, make: str, of_main: str, of_branch: str
    ) -> None:
        await told(f"함 크기: {said}")

        panel = requests[0].request.panels[0]
        assert (panel.make, panel.mains[0].make, panel.branches[0].make) == (make, of_main, of_branch)

    @pytest.mark.parametrize(
        ("said", "make"),
        [
            ("Terasaki MCCB 3P 100A", "Terasaki"),
            ("MCCB 3P 100A terasaki", "Terasaki"),
            ("상도 MCCB 3P 100A", "Sangdo"),
        ],
    )
    def test_knows_makers_that_only_the_organizations_catalogue_has(self, said: str, make: str) -> None:
        library = open_library(on=TODAY)
        theirs = tuple(replace(each, make="Terasaki") for each in library.catalog.breakers[:1])
        catalog = replace(library.catalog, breakers=(*library.catalog.breakers, *theirs))
        listing = listing_of(f"함 크기: {said} 메인, ELB 2P 20A 12개")
        assert listing is not None

        asked = request_of(
            listing, main_of(listing.breakers)[0], replace(library, catalog=catalog), Language.KO
        )

        assert asked.request["panels"][0]["make"] == make

    @pytest.mark.parametrize(
        ("said", "model"),
        [
            # The letter of the edition is not written in the catalogue.
            ("ABN-103c 100A", "ABN-103"),
            ("abn103 3P 100A", "ABN-103"),
            ("SBE 104 75A", "SBE-104"),
            # 100 A, 3P: ABN-103 breaks 18 kA, ABS-103 37 kA at 460 V; SBE-103 14 kA, SBS-103 25 kA at a voltage not told.
            ("MCCB 3P 100A 18kA", "ABN-103"),
            ("MCCB 3P 100A 18.1kA", "ABS-103"),
            ("MCCB 3P 100A 37kA", "ABS-103"),
            ("LS MCCB 3P 100A 25kA", "ABS-103"),
            ("상도 MCCB 3P 100A 25kA", "SBS-103"),
            ("표준형 MCCB 3P 100A 10kA", "ABS-103"),
        ],
    )
    async def test_names_models_of_the_catalogue(
        self, requests: list[ParsedRequest], said: str, model: str
    ) -> None:
        answer = await told(f"함 크기: {said} 메인, ELB 2P 20A 12개")

        assert requests[0].request.panels[0].mains[0].model == model
        assert requests[0].request.panels[0].branches[0].model is None
        assert model in answer.text

    async def test_a_breaker_on_220_v_breaks_what_it_breaks_there(
        self, requests: list[ParsedRequest]
    ) -> None:
        # 20 A, 2P: 32GRHS breaks 2.5 kA at 220 V, which says nothing of 380 V; EBN-52, the next by grade, breaks 14 kA at 460 V.
        await told("함 크기: ELB 2P 20A 2.5kA 3개, ELB 2P 20A 380V 2.5kA 3개, MCCB 4P 50A 메인")

        models = [each.model for each in requests[0].request.panels[0].branches]
        assert models == ["32GRHS", "EBN-52"]

    async def test_the_sensitivity_of_what_is_taken_for_the_main_is_left_out(self) -> None:
        answer = await told("함 크기: ELB 3P 60A 30mA, ELB 2P 20A 30mA 6개")

        assert answer.finished.refusal is None
        assert "읽은 것: ELB 3P 60A 30mA 1개, ELB 2P 20A 30mA 6개." in answer.text

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

    @pytest.mark.parametrize(
        ("language", "first", "reason", "never"),
        [
            (
                Language.KO,
                "이 목록은 가장 싼 설계로도 통과하지 못하는 검사가 1개 있습니다. 그 설계의 외함은 HS 50 80 15,",
                "통과하지 못한 까닭: HS 50 80 15의 보호등급 IP44가 요구 IP65에 못 미칩니다.",
                "통과하는 가장 싼 것",
            ),
            (
                Language.EN,
                "For this list even the cheapest design does not pass every check (1 failed). Its enclosure is HS 50 80 15:",
                "What fails: ",
                "cheapest that passes",
            ),
        ],
    )
    async def test_what_fails_is_said_from_the_first_sentence(
        self, language: Language, first: str, reason: str, never: str
    ) -> None:
        # A recessed box is made for IP 44 and not for IP 65.
        answer = await told("매입 IP65 함 크기: ELB 2P 20A 12개, MCCB 3P 100A 메인", language=language)

        assert answer.finished.refusal is None
        assert answer.text.startswith(first)
        assert reason in answer.text
        assert never not in answer.text
        assert answer.sentences[0].startswith(first)
        assert [each.citations for each in answer.finished.sentences] == [(1,), (2, 3, 4)]

    async def test_two_makers_in_one_panel_fail_from_the_first_sentence(self) -> None:
        answer = await told("함 크기: 상도 MCCB 3P 100A 메인, LS ELB 2P 20A 12개")

        assert answer.text.startswith("이 목록은 가장 싼 설계로도 통과하지 못하는 검사가 1개 있습니다.")
        assert "Sangdo, LS ELECTRIC" in answer.text
        assert "제조사를 적지 않아" not in answer.text

    async def test_what_passes_is_called_the_cheapest_that_does(self) -> None:
        answer = await told("함 크기: ELB 2P 20A 12개, MCCB 3P 100A 메인")

        assert "통과하는 가장 싼 것입니다" in answer.text
        assert "통과하지 못" not in answer.text

    @pytest.mark.parametrize(
        ("text", "reason", "rule"),
        [
            # The catalogue has no breaker of 999 A.
            (
                "함 크기: ELB 2P 20A 12개, MCCB 3P 999A 메인",
                "LS ELECTRIC에는 MCCB 3P 999A 차단기가 없습니다",
                "selection.nearest",
            ),
            (
                "함 크기: ELB 2P 20A 12개, NSX100F MCCB 3P 100A 메인",
                "모델 NSX100F가 카탈로그에 없습니다",
                "selection.order",
            ),
            # The shop makes no box higher than 2,200 mm.
            (
                "함 크기: MCCB 3P 800A 메인, MCCB 3P 225A 12개, MCCB 3P 100A 60개",
                "한도는 2200 mm",
                "enclosure.height_limit",
            ),
        ],
    )
    async def test_no_box_is_an_answer_with_the_reason(self, text: str, reason: str, rule: str) -> None:
        answer = await told(text)
        other = await told(text, language=Language.EN)

        assert answer.text.startswith("이 목록대로 만들 수 있는 외함이 없습니다. [1] ")
        assert reason in answer.text
        assert "읽은 것: " in answer.text
        assert (answer.finished.mode, answer.finished.refusal) == (AnswerMode.CALCULATED, None)
        assert [each.citations for each in answer.finished.sentences] == [(1,)]
        assert answer.citations[1].excerpt.startswith(f"{rule}: ")
        assert other.text.startswith("No enclosure can be made for this list as it stands. [1] ")

    async def test_what_was_read_is_said_in_both_languages(self) -> None:
        text = "함 크기: 상도 표준형 MCCB 4P 225/200A 25kA 메인, ELB 2P 20A 15mA 12개, MC-22 2개, 예비 2회로"
        answer = await told(text)
        other = await told(text, language=Language.EN)

        assert (
            "읽은 것: 메인 Sangdo 표준형 MCCB 4P 225AF/200A 25kA 1개, ELB 2P 20A 15mA 12개, 전자접촉기 MC-22 2개, 예비 회로 2개."
            in answer.text
        )
        assert (
            "Read: main 1 × Sangdo standard MCCB 4P 225AF/200A 25kA, 12 × ELB 2P 20A 15mA, 2 × Magnetic contactor MC-22, 2 × spare way."
            in other.text
        )
        # 25 kA of SBS-204 come from the earlier system, at a voltage that is not told.
        assert "SBS-204의 차단용량은 제조사 자료로 확인되지 않은 값입니다." in answer.text
        assert "The breaking capacity of SBS-204 is confirmed by no maker's sheet." in other.text

    async def test_what_a_sheet_confirms_is_not_doubted(self) -> None:
        answer = await told("함 크기: LS MCCB 4P 200A 25kA 메인, ELB 2P 20A 12개")

        assert "차단용량은" not in answer.text

    @pytest.mark.parametrize(
        ("text", "note"),
        [
            ("함 크기: MCCB 3P 100A 메인, ELB 2P 20A 12개", "제조사를 적지 않아 LS ELECTRIC로 견적합니다."),
            (
                "함 크기: MCCB 3P 100A 메인, ELB 2P 20A 12개, 푸시버튼 1개",
                "누름버튼은 전자접촉기와 함께일 때만",
            ),
            ("함 크기: MCCB 3P 100A 메인, ELB 2P 20A 12개, 마그네트 1개", "전자접촉기 모델이 없어 MC-22로"),
            (
                "함 크기: MCCB 3P 100A 메인, ELB 2P 20A 12개, SPD 1개",
                "서지보호기 SPD의 외형 치수가 공개되지 않아",
            ),
        ],
    )
    async def test_what_was_taken_for_granted_is_said(self, text: str, note: str) -> None:
        assert note in (await told(text)).text

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
