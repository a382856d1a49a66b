"""Which sentences can be said by themselves."""

import pytest

from kis.assistant.answering.sayable import bare, can_be_said, looks_back
from kis.assistant.things import UnitKind


@pytest.mark.parametrize(
    "text",
    [
        "Tighten the screws to 2.5 N·m.",
        "단자를 조인다.",
        "공급 전압 확인 후 전원을 켤 것",
        "Rated current: 10 A",
        "Click on the Options link at the top right of the window",
        "Rated insulation voltage 690 V",
        "끌어서 놓으면 셀이 원래 자리에서 옮겨지고, 빈 자리는 왼쪽 셀이 채우며, 서식은 그대로 남음",
        "It costs $ 10 = 9 EUR.",
    ],
)
def test_a_sentence_can(text: str) -> None:
    assert can_be_said(text, UnitKind.PARAGRAPH)


@pytest.mark.parametrize(
    "text",
    [
        "Save JPEGs",
        "1 year",
        "조건부 서식 적용",
        "LibreOffice 문서 내부에서 끌어서 놓기",
        "Switching Between Insert Mode and Overwrite Mode",
        "Table A.4.",
        "그림 2.2: 그림을 문서에 삽입하는 예",
        "are the same and have the same meaning as in the section before.",
        "travel, parking, food etc...).",
        "You will need to change each one by hand, which could be quite",
        "[and <Date><less than> -30 days]",
        r"\begin{equation} 1 + 1 = 3 \tag{dumb}",
        "Options - Servers " * 20,
    ],
)
def test_a_heading_half_a_sentence_or_code_cannot(text: str) -> None:
    assert not can_be_said(text, UnitKind.PARAGRAPH)


def test_a_row_and_an_item_need_no_end() -> None:
    assert can_be_said("QX-100 | 10 A", UnitKind.TABLE)
    assert can_be_said("- Wedge monitors", UnitKind.LIST)
    assert can_be_said("has the tax been included?", UnitKind.LIST)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("This feature is switched off.", True),
        ("3. This opens a window.", True),
        ("It opens a window.", True),
        ("It is possible to open a window.", False),
        ("Thistles grow here.", False),
        ("이 기능을 끕니다.", True),
        ("그러나 켤 수 없습니다.", True),
        ("이용자는 전원을 끕니다.", False),
        ("그림을 고릅니다.", False),
    ],
)
def test_what_looks_back(text: str, expected: bool) -> None:
    assert looks_back(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("• Open the lid.", "Open the lid."),
        ("12) Open the lid.", "Open the lid."),
        ("24[역주] 없다.", "없다."),
        ("@@@셀은 인쇄되지 않습니다.", "셀은 인쇄되지 않습니다."),
        ("끝난다.6", "끝난다."),
        ("1.1이라고 적는다.", "1.1이라고 적는다."),
        ("-5 °C", "-5 °C"),
        ("3.", "3."),
    ],
)
def test_marks_are_left_out(text: str, expected: str) -> None:
    assert bare(text) == expected
