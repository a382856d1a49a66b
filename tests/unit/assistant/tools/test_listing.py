"""Lists of breakers as people type them in a question for a box, and the questions that are none."""

from decimal import Decimal
from typing import Any

import pytest

from kis.assistant.tools.accessories import Fitted
from kis.assistant.tools.entries import Breakers
from kis.assistant.tools.listing import MOST_BREAKERS, MOST_LINES, Listing, listing_of
from kis.assistant.tools.networks import Network

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
        # Frames and trips, as the trade writes them.
        ("MCCB 4P 225/200A", breakers(poles=4, frame_af=225, amperes=200)),
        ("MCCB 3P 100AF 75AT", breakers(frame_af=100, amperes=75)),
        ("MCCB 3P 75AT/100AF", breakers(frame_af=100, amperes=75)),
        ("MCCB 3P AF100/AT75", breakers(frame_af=100, amperes=75)),
        ("MCCB 3P 100/75", breakers(frame_af=100, amperes=75)),
        ("MCCB 3P 100/75 2개", breakers(frame_af=100, amperes=75, count=2)),
        ("MCCB3P100AF/75AT", breakers(frame_af=100, amperes=75)),
        ("NFB 3P 100A", breakers()),
        ("노퓨즈 차단기 3P 100A", breakers()),
        ("배선차단기 3P 100A", breakers()),
        ("ELB 2P 30A x 10", breakers(kind="ELB", poles=2, amperes=30, count=10)),
        ("ELB 2P 30A 10EA", breakers(kind="ELB", poles=2, amperes=30, count=10)),
        ("ELB 2P 30A 10조", breakers(kind="ELB", poles=2, amperes=30, count=10)),
        ("예비 ELB 2P 20A 2개", breakers(kind="ELB", poles=2, amperes=20, count=2, is_spare=True)),
        # Poles by the wires of the supply, and voltages.
        ("차단기 3상 4선 100A", breakers(poles=4, network=Network(3, 4))),
        (
            "차단기 3상4선식 380/220V 100A",
            breakers(poles=4, network=Network(3, 4, "380/220"), volts="380/220"),
        ),
        ("MCCB 3P 100A 3상 4선식", breakers(network=Network(3, 4))),
        ("단상 2선 ELB 20A", breakers(kind="ELB", poles=2, amperes=20, network=Network(1, 2))),
        ("three-phase three-wire MCCB 100A", breakers(network=Network(3, 3))),
        ("3φ4W MCCB 100A", breakers(poles=4, network=Network(3, 4))),
        ("ELB 2P 20A 220V", breakers(kind="ELB", poles=2, amperes=20, volts="220")),
        # Breaking capacity.
        ("MCCB 3P 100A 25kA", breakers(breaking_ka=Decimal(25))),
        ("MCCB 3P 100A 2.5 kA", breakers(breaking_ka=Decimal("2.5"))),
        ("MCCB 3P 100A Icu 25kA", breakers(breaking_ka=Decimal(25))),
        ("MCCB 3P 100A 차단용량 25kA 이상", breakers(breaking_ka=Decimal(25))),
        ("3상 MCCB 4P 100A", breakers(poles=4)),
        ("단상 ELB 2P 20A", breakers(kind="ELB", poles=2, amperes=20)),
        # Makers.
        ("LS MCCB 3P 100A", breakers(maker="LS ELECTRIC")),
        ("LS산전 MCCB 3P 100A", breakers(maker="LS ELECTRIC")),
        ("엘에스 배선용차단기 3P 100A", breakers(maker="LS ELECTRIC")),
        ("LS ELECTRIC MCCB 3P 100A", breakers(maker="LS ELECTRIC")),
        ("메타솔 MCCB 3P 100A", breakers(maker="LS ELECTRIC")),
        ("상도 MCCB 3P 100A", breakers(maker="Sangdo")),
        ("MCCB 3P 100A 상도전기", breakers(maker="Sangdo")),
        ("현대 MCCB 3P 100A", breakers(maker="HD Hyundai Electric")),
        ("현대일렉트릭 차단기 3P 100A", breakers(maker="HD Hyundai Electric")),
        ("ABB MCCB 3P 100A", breakers(maker="ABB")),
        ("슈나이더 MCCB 3P 100A", breakers(maker="Schneider Electric")),
        ("Schneider MCCB 3P 100A", breakers(maker="Schneider Electric")),
        # Series by their letters or grades, and models.
        ("ABN 3P 100A", breakers(maker="LS ELECTRIC", grade="economy")),
        ("LS ABS 3P 100A", breakers(maker="LS ELECTRIC", grade="standard")),
        ("EBN 3P 100A", breakers(kind="ELB", maker="LS ELECTRIC", grade="economy")),
        ("SBE 3P 100A", breakers(maker="Sangdo", grade="economy")),
        ("SES 3P 100A", breakers(kind="ELB", maker="Sangdo", grade="standard")),
        ("표준형 MCCB 3P 100A", breakers(grade="standard")),
        ("경제형 MCCB 3P 100A", breakers(grade="economy")),
        ("ABN-103c MCCB 3P 100A", breakers(maker="LS ELECTRIC", model="ABN-103c")),
        ("ABN-103 100A", breakers(maker="LS ELECTRIC", model="ABN-103")),
        ("EBN 52 30A", breakers(kind="ELB", poles=2, amperes=30, maker="LS ELECTRIC", model="EBN 52")),
        ("SBE-104 75A", breakers(poles=4, amperes=75, maker="Sangdo", model="SBE-104")),
        ("SIE-32 20A", breakers(kind="ELB", poles=2, amperes=20, model="SIE-32")),
        ("NSX100F MCCB 3P 100A", breakers(model="NSX100F")),
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
        # Kinds that the catalogue has and requests do not take.
        "퓨즈 홀더 2개",
        "fuse holder x 2",
        "단자대 1개",
        "terminal block 20P",
        "CT 3개",
        "PVC 덕트",
        "캠 스위치 1개",
        # Accessories of which a figure, a kind or a number is not known.
        "SPD 4P 40kA",
        "SPD 100개",
        "SPD 없이",
        "전력량계 1개",
        "타임스위치 1개",
        "마그네트 22A 2개",
        "전자개폐기 1개",
        "전압계 1개",
        "SPD용 MCCB 4P 30A",
        "LS SPD 1개",
        # Makers and series that cannot both be, or that requests cannot name.
        "LS 상도 MCCB 3P 100A",
        "ABH MCCB 3P 100A",
        "Susol MCCB 3P 100A",
        "경제형 표준형 MCCB 3P 100A",
        # Figures that belong to nothing.
        "MCCB 3P 100A 75A",
        "MCCB 3P 100A 25kA 10kA",
        "MCCB 3P 100A 440V",
        "ELB 2P 20A 380/220V",
        "25kA",
        "ABN-103 2개",
        "3상 4선 차단기",
        "3상 ELB 2P 20A",
        "단상 ELB 20A",
        "ELB 2P 20A 12개 예비 포함",
        "예비 2층",
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


def test_blanks_and_tabs_divide_nothing() -> None:
    found = listing("함 사이즈?\nELB\t2P\t20A   12개\nMCCB\t3P\t100A\t메인")

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


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("SPD 1개", Fitted(kind="spd")),
        ("SPD 2EA", Fitted(kind="spd", count=2)),
        ("서지보호기(SPD) 1개", Fitted(kind="spd")),
        ("surge protective device", Fitted(kind="spd")),
        ("3상 전력량계 2개", Fitted(kind="meter_3ph", count=2)),
        ("3상4선식 전력량계", Fitted(kind="meter_3ph")),
        ("전력량계(3상) 1개", Fitted(kind="meter_3ph")),
        ("three-phase kWh meter", Fitted(kind="meter_3ph")),
        ("단상 계량기 3개", Fitted(kind="meter_1ph", count=3)),
        ("CT형 전력량계 1개", Fitted(kind="meter_ct")),
        ("3상 CT 계량기", Fitted(kind="meter_ct")),
        ("전자접촉기 MC-22 2개", Fitted(kind="magnetic_contactor", count=2, model="MC-22")),
        ("MC-40 x 2", Fitted(kind="magnetic_contactor", count=2, model="MC-40")),
        ("MC 2개", Fitted(kind="magnetic_contactor", count=2)),
        ("M/C 2개", Fitted(kind="magnetic_contactor", count=2)),
        ("마그네트 스위치 1개", Fitted(kind="magnetic_contactor")),
        ("2 contactors", Fitted(kind="magnetic_contactor", count=2)),
        ("24시간 타이머 1개", Fitted(kind="timer_24h")),
        ("24h timer", Fitted(kind="timer_24h")),
        ("일출/일몰 타이머", Fitted(kind="timer_sunset")),
        ("누름버튼 2개", Fitted(kind="push_button", count=2)),
        ("ON/OFF 푸시버튼 2개", Fitted(kind="push_button", count=2)),
        ("V/A 메타 1개", Fitted(kind="va_meter")),
        ("전압전류계 1개", Fitted(kind="va_meter")),
    ],
)
def test_an_accessory_is_read_as_requests_name_it(typed: str, read: Fitted) -> None:
    found = listing(f"함 크기?, {LISTED}, {typed}")

    assert (found.breakers, found.accessories, found.unread) == ((TWELVE, MAIN), (read,), ())


def test_accessories_stand_side_by_side_with_breakers() -> None:
    found = listing("함 크기: MCCB 3P 100A 메인 ELB 2P 20A 12개 SPD 1개 마그네트 2개")

    assert found.breakers == (MAIN, TWELVE)
    assert found.accessories == (Fitted(kind="spd"), Fitted(kind="magnetic_contactor", count=2))


@pytest.mark.parametrize(
    "typed", ["예비 2회로", "예비회로 2개", "스페이스 2", "2 spare ways", "spare spaces x 2"]
)
def test_spare_ways_are_read(typed: str) -> None:
    found = listing(f"함 크기?, {LISTED}, {typed}")

    assert (found.spare_ways, found.unread) == (2, ())


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("3상4선식 380/220V", {"network": Network(3, 4, "380/220"), "volts": "380/220"}),
        ("3P3W 380V", {"network": Network(3, 3, "380"), "volts": "380"}),
        ("380V", {"volts": "380"}),
        ("차단용량 10kA 이상", {"breaking_ka": Decimal(10)}),
        ("단락전류 25kA", {"breaking_ka": Decimal(25)}),
        ("short-circuit current 25 kA", {"breaking_ka": Decimal(25)}),
        ("모두 10kA", {"breaking_ka": Decimal(10)}),
        ("LS", {"maker": "LS ELECTRIC"}),
        ("제조사 LS", {"maker": "LS ELECTRIC"}),
        ("LS 차단기로", {"maker": "LS ELECTRIC"}),
        ("상도 제품으로", {"maker": "Sangdo"}),
        ("make: ABB", {"maker": "ABB"}),
        ("with Schneider breakers", {"maker": "Schneider Electric"}),
        ("경제형 상도 제품으로", {"maker": "Sangdo", "grade": "economy"}),
        ("전부 표준형", {"grade": "standard"}),
        # A customer is no maker.
        ("현대 아파트", {}),
        ("서울 현대빌딩", {}),
        ("상도 사무실", {}),
        ("상도동 주민센터", {}),
        ("LS 사옥", {}),
        ("표준형 주택", {}),
    ],
)
def test_what_holds_for_everything_is_read(said: str, told: dict[str, Any]) -> None:
    found = listing(f"{said}, {LISTED}, 함 사이즈?")

    assert found == Listing(breakers=(TWELVE, MAIN), **told)


def test_what_contradicts_what_was_said_is_not_read() -> None:
    found = listing(f"제조사 LS, 제조사 상도, {LISTED}, 함 사이즈?")

    assert (found.maker, found.unread) == ("LS ELECTRIC", ("제조사 상도",))


def test_all_makers_of_a_list_are_known() -> None:
    found = listing("상도 제품으로 함 사이즈?, LS ELB 2P 20A 12개, MCCB 3P 100A 메인")

    assert found.makers == ("Sangdo", "LS ELECTRIC")


@pytest.mark.parametrize(
    "text",
    [
        "메인 MCCB 3P 100A, ELB 2P 20A 12개, 분전반 단자대 크기는?",
        "메인 MCCB 3P 100A, ELB 2P 20A 12개 차단용량은?",
        "메인 MCCB 3P 100A, ELB 2P 20A 12개 분전반 전압",
        "main MCCB 3P 100A, ELB 2P 20A x12, panel, breaking capacity?",
    ],
)
def test_what_is_asked_of_the_parts_is_no_question_for_the_box(text: str) -> None:
    assert listing_of(text) is None
