"""Lists of breakers as people type them in a question for a box, and the questions that are none."""

from typing import Any

import pytest

from kis.assistant.tools.listing import MOST_BREAKERS, MOST_LINES, Breakers, Listing, listing_of

TWELVE = Breakers(kind="ELB", poles=2, amperes=20, count=12)
MAIN = Breakers(kind="MCCB", poles=3, amperes=100, is_main=True)
LISTED = "ELB 2P 20A 12개, MCCB 3P 100A 메인"
IN_ENGLISH = "ELB 2P 20A x12, MCCB 3P 100A main"


def listing(text: str) -> Listing:
    found = listing_of(text)
    assert found is not None
    return found


KOREAN = (
    "함 사이즈 얼마? {}",
    "{} 함 사이즈",
    "{} 함크기",
    "{} 외함 크기는?",
    "{} 외함은?",
    "{} 외함?",
    "{} 분전반",
    "{} 분전반 크기 좀 알려줘",
    "{} 분전함 치수가 얼마예요?",
    "{} 박스 사이즈 얼마인가요",
    "{} 판넬 크기 계산해 주세요",
    "{} 패널 규격",
    "{} 들어가는 함",
    "{} 들어갈 외함 추천해 줘",
    "{} 담을 수 있는 함 크기",
    "{} 수용할 분전반 선정",
    "{} 사이즈?",
    "{} 크기가 어떻게 돼?",
    "어떤 함이 맞나요: {}",
    "필요한 외함: {}",
    "이 차단기들에 맞는 함 골라 줘. {}",
    "캐비닛 치수 구해 줘 {}",
    "배전반 크기\n{}",
    "옥외함 사이즈: {}",
    "스테인리스함 크기: {}",
    "매입 분전반 크기가 얼마나 커야 해? {}",
    "차단기함 크기 {}",
    "노출형함 사이즈는 {}",
)
ENGLISH = (
    "What enclosure for {}?",
    "Which box do I need for {}?",
    "box size? {}",
    "{} - what size box?",
    "What size of panel do I need for {}?",
    "How big does the enclosure have to be? {}",
    "How large is the box for {}",
    "enclosure size {}",
    "panelboard dimensions: {}",
    "recommend an enclosure: {}",
    "Choose a cabinet for {}",
    "Work out the box for {}",
    "Calculate the enclosure for {}",
    "{} enclosure",
    "{} box?",
    "smallest panel that holds {}",
    "distribution board size for {}",
    "dimensions of the enclosure: {}",
    "what cabinet to house {}",
    "suitable box: {}",
    "how wide is the panel for {}?",
    "{}, what size?",
)


@pytest.mark.parametrize("asked", KOREAN)
def test_is_asked_in_korean(asked: str) -> None:
    found = listing(asked.format(LISTED))
    assert (found.breakers, found.unread) == ((TWELVE, MAIN), ())


@pytest.mark.parametrize("asked", ENGLISH)
def test_is_asked_in_english(asked: str) -> None:
    assert listing(asked.format(IN_ENGLISH)) == Listing(breakers=(TWELVE, MAIN))


@pytest.mark.parametrize(
    "text",
    [
        "ELB 2P 20A는 무엇인가요?",
        "ELB 2P 20A 크기는?",
        "MCCB 3P 100A 치수 알려줘",
        "MCCB 3P 100A와 ELB 2P 20A 크기 차이",
        "분전반에 들어가는 ELB 2P 20A 크기는?",
        "분전반에서 MCCB 3P 100A가 자꾸 떨어져요",
        "분전반의 ELB 2P 20A 교체 방법",
        "함 안의 MCCB 3P 100A 단자 나사 크기는?",
        "메인 MCCB 3P 100A, ELB 2P 20A 12개 전선 규격은?",
        "메인 MCCB 3P 100A, ELB 2P 20A 12개 분전반 가격",
        "메인 MCCB 3P 100A, ELB 2P 20A 12개 분전반 무게",
        "메인 MCCB 3P 100A 부스바 크기는?",
        "외함 크기는 얼마인가요?",
        "이 제품을 포함한 세트 크기는?",
        "함께 쓰는 ELB 2P 20A 사이즈",
        "함 색상은 무엇인가요?",
        "차단기 크기가 얼마예요?",
        "누전차단기가 왜 떨어지나요? 분전반 크기 문제인가요?",
        "함 사이즈 표는 몇 쪽에 있나요?",
        "ELB 2P 20A 정격 감도 전류는?",
        "ELB 2P 20A 포장 박스 크기",
        "MCCB 3P 100A 타공 치수",
        "분전반 설치 방법 알려 주세요 (ELB 2P 20A)",
        "누전차단기 시험 버튼은 언제 누르나요?",
        "이 분전반에 ELB 2P 20A가 필요한 이유",
        "",
        "???",
        "What is the size of the QX-100?",
        "What is an ELB 2P 20A?",
        "How big is the MCCB 3P 100A?",
        "Do I need an ELB 2P 20A in this panel?",
        "What ELB 2P 20A fits this panel?",
        "Why does the MCCB 3P 100A in the panel trip?",
        "How do I install an ELB 2P 20A in the enclosure?",
        "What size of cable for the main MCCB 3P 100A in the panel?",
        "terminal screw size of MCCB 3P 100A in the box",
        "What is in the box of the ELB 2P 20A?",
        "difference between MCCB 3P 100A and ELB 2P 20A box",
        "price of a panel with a main MCCB 3P 100A and ELB 2P 20A x12",
        "How much does the enclosure weigh?",
        "box dimensions",
        "enclosure size",
        "Which breaker do I need for a 20A circuit?",
        "How often is the panel inspected?",
        "MCCB 3P 100A wiring in the box, what size?",
        "cut-out size for MCCB 3P 100A in the panel",
    ],
)
def test_other_questions_are_none(text: str) -> None:
    assert listing_of(text) is None


def breakers(**more: Any) -> Breakers:
    return Breakers(**{"kind": "MCCB", "poles": 3, "amperes": 100, **more})


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("MCCB 3P 100A", breakers()),
        ("mccb 3p 100a", breakers()),
        ("배선용차단기 3극 100A", breakers()),
        ("배선용 차단기 3극 100암페어", breakers()),
        ("차단기 3P 100A", breakers()),
        ("3P 100A MCCB", breakers()),
        ("MCCB 3P 100AF/75AT", breakers(frame_af=100, amperes=75)),
        ("MCCB 3P 100/75A", breakers(frame_af=100, amperes=75)),
        ("MCCB 4P 1,000A", breakers(poles=4, amperes=1000)),
        ("MCCB 3P 100A 2개", breakers(count=2)),
        ("MCCB 3P 100A 2EA", breakers(count=2)),
        ("MCCB 3P 100A 2회로", breakers(count=2)),
        ("2 x MCCB 3P 100A", breakers(count=2)),
        ("MCCB 3P 100A × 2", breakers(count=2)),
        ("MCCB 3P 100A*2", breakers(count=2)),
        ("MCCB 3P 100A×2", breakers(count=2)),
        ("2 MCCBs 3P 100A", breakers(count=2)),
        ("2 3-pole 100 A circuit breakers", breakers(count=2)),
        ("moulded-case breaker 3 poles 100 amps", breakers()),
        ("누전차단기 2극 30A", breakers(kind="ELB", poles=2, amperes=30)),
        ("누전 2P2E 30A", breakers(kind="ELB", poles=2, amperes=30)),
        ("ELB 2P 30A 30mA", breakers(kind="ELB", poles=2, amperes=30, sensitivity_ma=30)),
        ("RCBO 2P 30A", breakers(kind="ELB", poles=2, amperes=30)),
        ("earth leakage breaker 2P 30A", breakers(kind="ELB", poles=2, amperes=30)),
        ("주 차단기 3P 100A", breakers(is_main=True)),
        ("incomer MCCB 3P 100A", breakers(is_main=True)),
    ],
)
def test_an_entry_is_read_as_it_is_typed(typed: str, read: Breakers) -> None:
    assert listing(f"함 크기: {typed}").breakers == (read,)


@pytest.mark.parametrize(
    "typed",
    [
        "ELB 20A",
        "ELB 2P",
        "MCCB 100A 5개",
        "2P 20A 5개",
        "SPD 1개",
        "전자접촉기 MC-22 2개",
        "ABN-103c MCCB 3P 100A",
        "MCCB 3P 100A 75A",
        "MCCB 3P 100A 25kA",
        "ELB 2P 20A 100mA",
        "ELB 2P 20A 12",
        "ELB 5P 20A",
        "ELB 2P 2.5A",
        "ELB 2P 20A 0개",
        "30A 3개",
        "ELB 2P 20A 열두 개",
        "ELB 2P 20A 세개",
        "twelve ELBs 2P 20A",
        "a pair of ELB 2P 20A",
        "타이머",
        "타이머 2개 함 사이즈",
        "전력량계",
        "예비 회로",
        "마그네트 두 개",
        "차단기 ACB 4P 800A",
        "motor protection circuit breaker 3P 32A",
        "DC breaker 2P 63A",
        "12개 함 사이즈",
        "12",
    ],
)
def test_what_is_not_wholly_understood_is_not_read(typed: str) -> None:
    found = listing(f"함 크기?, {LISTED}, {typed}")

    assert (found.breakers, found.unread) == ((TWELVE, MAIN), (typed,))


@pytest.mark.parametrize(
    "typed",
    [
        "ELB 2P 20A 12개 메인 MCCB 3P 100A",
        "ELB 2P 20A 12개 MCCB 3P 100A 메인",
        "ELB 2P 20A 12개와 MCCB 3P 100A 메인",
        "ELB 2P 20A 12개 그리고 MCCB 3P 100A 메인",
        "ELB 2P 20A 12개 / MCCB 3P 100A 메인",
        "ELB 2P 20A 12개 + MCCB 3P 100A 메인",
        "2P 20A ELB 12개 3P 100A MCCB 메인",
    ],
)
def test_entries_are_told_apart(typed: str) -> None:
    assert listing(f"함 크기: {typed}").breakers == (TWELVE, MAIN)


@pytest.mark.parametrize("said", ["방폭", "플라스틱", "FRP", "explosion-proof", "plastic"])
def test_another_box_than_is_worked_out_is_not_passed_over(said: str) -> None:
    assert listing(f"{said} 분전반 크기: {LISTED}").unread == (f"{said} 분전반 크기",)


def test_lines_may_be_numbered() -> None:
    found = listing("1. ELB 2P 20A 12개\n2) MCCB 3P 100A 메인\n함 사이즈?")

    assert (found.breakers, found.unread) == ((TWELVE, MAIN), ())


def test_the_box_itself_is_no_entry() -> None:
    found = listing(f"계량기함 1개 크기: {LISTED}")

    assert (found.breakers, found.unread) == ((TWELVE, MAIN), ())


def test_a_main_between_two_entries_is_the_larger_one() -> None:
    assert listing("함 크기: MCCB 3P 100A 메인 ELB 2P 20A 12개").breakers == (MAIN, TWELVE)


@pytest.mark.parametrize(
    ("said", "mounting"),
    [
        ("옥외", "outdoor_surface"),
        ("매입", "recessed"),
        ("자립형", "indoor_standing"),
        ("옥외 자립", "outdoor_standing"),
        ("outdoor", "outdoor_surface"),
        ("flush", "recessed"),
        ("", None),
    ],
)
def test_where_the_box_stands_is_read(said: str, mounting: str | None) -> None:
    assert listing(f"{said} 분전반 크기: {LISTED}").mounting == mounting


def test_material_and_degree_of_protection_are_read() -> None:
    found = listing(f"스테인리스 IP65 분전반 크기: {LISTED}")

    assert (found.is_stainless, found.ip, found.unread) == (True, "65", ())


@pytest.mark.parametrize(
    ("entries", "is_too_long"),
    [
        (f"ELB 2P 20A {MOST_BREAKERS}개", False),
        (f"ELB 2P 20A {MOST_BREAKERS + 1}개", True),
        (", ".join(["ELB 2P 20A"] * MOST_LINES), False),
        (", ".join(["ELB 2P 20A"] * (MOST_LINES + 1)), True),
    ],
)
def test_a_list_has_a_bound(entries: str, *, is_too_long: bool) -> None:
    assert listing(f"함 크기: {entries}").is_too_long is is_too_long
