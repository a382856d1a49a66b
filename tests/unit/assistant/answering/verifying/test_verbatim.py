"""A sentence taken word for word says otherwise where a denial, a name or a number differs; a retold one is left to the other checks."""

import pytest

from kis.assistant.answering.verifying.checks import Doubt, verify
from kis.assistant.answering.verifying.verbatim import otherwise
from kis.assistant.things import Passage

LIMIT = "The parameter n must be less than 1, while k must lie between -1 and 1."
STRINGS = "Longer strings may be plotted using labels rather than points."
MENU = "Exit the Pivot Table dialog by pressing OK."
EXPORT = "수식 대신 계산 결과를 내보내려는 경우에는 수식을 선택하지 않습니다."
LOCKED = "숨겨진 행은 해당 행을 포함한 영역을 삭제할 경우 같이 삭제됩니다."
FOUND = "데이터베이스 범위의 각 행에서 정렬과 검색을 수행할 수 있습니다."
BOOK = "Computers and Typesetting, Addison-Wesley, Reading, ISBN 0-201-13448-9."


@pytest.mark.parametrize(
    ("sentence", "part", "wrong"),
    [
        ("The parameter n must not be less than 1, while k must lie between -1 and 1.", LIMIT, "not"),
        ("Longer strings may not be plotted using labels rather than points.", STRINGS, "not"),
        ("Exit the Pivot Formats dialog by pressing OK.", MENU, "Formats"),
        ("수식 대신 계산 결과를 내보내려는 경우에는 수식을 선택합니다.", EXPORT, "선택합니다"),
        (
            "숨겨진 행은 해당 행을 포함한 영역을 삭제할 경우 같이 삭제되지 않습니다.",
            LOCKED,
            "삭제되지 않습니다",
        ),
        ("데이터베이스 범위의 각 행에서 정렬과 검색을 수행할 수 없습니다.", FOUND, "없습니다"),
        ("Computers and Typesetting, Addison-Wesley, Reading, ISBN 2-201-13448-9.", BOOK, "2"),
    ],
)
def test_one_altered_word_is_told(sentence: str, part: str, wrong: str) -> None:
    assert otherwise(sentence, [part]) == wrong


@pytest.mark.parametrize(
    ("sentence", "part"),
    [
        (LIMIT, LIMIT),
        ("Longer strings can not be plotted.", "Longer strings cannot be plotted with points."),
        (
            "The value must not be less than 5 in each of them.",
            "The value must be at least 5 in each of them.",
        ),
        (
            "Never remove the cover while the fan is running.",
            "Do not remove the cover while the fan is running.",
        ),
        ("Close the dialog named Pivot Table with OK.", MENU),
        (
            "5,000 m 넘는 곳에서는 쓸 수 없습니다.",
            "표고 4,000 m에서는 줄인다. 5,000 m 넘는 곳에서는 쓸 수 없다.",
        ),
        ("수식을 선택하지 않으면 계산 결과를 내보냅니다.", EXPORT),
        ("The limit is 1,500 lines for each of the lists.", "The limit is 1500 lines for each of the lists."),
    ],
)
def test_what_says_the_same_or_is_retold_is_not(sentence: str, part: str) -> None:
    assert otherwise(sentence, [part]) == ""


def test_one_part_that_says_so_is_enough() -> None:
    chapters = [f"Read how to partition the disk of your machine in Chapter {number}." for number in (2, 4)]
    assert otherwise("Read how to partition the disk of your machine in Chapter 4.", chapters) == ""
    assert otherwise("Read how to partition the disk of your machine in Chapter 5.", chapters) == "5"


def test_verification_refuses_it() -> None:
    passage = Passage(number=0, title_path=(), text=f"{LIMIT} {STRINGS}", page=3, boxes=())

    assert verify(STRINGS, [passage]).supported
    assert verify(STRINGS.replace("may be", "may not be"), [passage]).doubt in {Doubt.DENIAL, Doubt.CHOICE}
