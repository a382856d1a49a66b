"""Lists of breakers as people type them."""

from collections.abc import Sequence

import pytest

from kis.assistant.answering.tools import Breakers, breakers_of, calculated

TWELVE = Breakers(kind="ELB", poles=2, amperes=20, count=12)
MAIN = Breakers(kind="MCCB", poles=3, amperes=100, is_main=True)


@pytest.mark.parametrize(
    "text",
    [
        "함 사이즈 얼마? ELB 2P 20A 12개, MCCB 3P 100A 메인",
        "ELB 2P 20A 12개, 메인 MCCB 3P 100A 외함 크기는?",
        "What enclosure for ELB 2P 20A x12 and main MCCB 3P 100A?",
        "분전반 크기: 누전차단기 2극 20A 12개\n주 차단기 배선용 3극 100A",
    ],
)
def test_a_list_is_read(text: str) -> None:
    assert breakers_of(text) == (TWELVE, MAIN)


@pytest.mark.parametrize(
    "text",
    [
        "ELB 2P 20A는 무엇인가요?",
        "What is the size of the QX-100?",
        "함 사이즈 얼마? ELB 20A",
        "함 사이즈? ELB 2P 20A 999개",
        "",
    ],
)
def test_other_questions_are_none(text: str) -> None:
    assert breakers_of(text) == ()


class Boxes:
    """Names a box and remembers for what."""

    def __init__(self) -> None:
        self.asked: list[tuple[Breakers, ...]] = []

    async def enclosure(self, breakers: Sequence[Breakers]) -> str:
        self.asked.append(tuple(breakers))
        return "600 × 800 × 200 mm"


async def test_the_enclosure_is_worked_out_for_a_list_alone() -> None:
    boxes = Boxes()

    assert await calculated("함 사이즈? ELB 2P 20A 12개, MCCB 3P 100A 메인", boxes) == "600 × 800 × 200 mm"
    assert await calculated("How heavy is it?", boxes) is None
    assert boxes.asked == [(TWELVE, MAIN)]
