"""Words that sound alike in Korean and English are found by each other, and those that only nearly do are not."""

import pytest

from kis.assistant.reading.loanwords import Heard, is_heard
from tests.factories.small_manuals import index_of


@pytest.mark.parametrize(
    ("korean", "english"),
    [
        ("모터", "motor"),
        ("모터", "motors"),
        ("엔코더", "encoder"),
        ("페이더", "faders"),
        ("키패드", "keypad"),
        ("토크백", "talkback"),
        ("팬텀", "phantom"),
        ("필터", "filter"),
        ("밸브", "valve"),
        ("버튼", "button"),
        ("스테이지", "stage"),
        ("드라이브", "drive"),
        ("실린더", "cylinder"),
        ("솔레노이드", "solenoid"),
        ("컴프레서", "compressor"),
        ("박스", "boxes"),
        ("카트리지", "cartridge"),
    ],
)
def test_they_sound_alike(korean: str, english: str) -> None:
    assert is_heard(korean, english)


@pytest.mark.parametrize(
    ("korean", "english"),
    [
        ("모터", "meter"),
        ("모터", "water"),
        ("전류", "snare"),
        ("무게", "make"),
        ("초기", "jack"),
        ("앱은", "even"),
        ("최대", "seat"),
        ("펌프", "lamp"),
        ("오일", "li"),
    ],
)
def test_they_do_not(korean: str, english: str) -> None:
    assert not is_heard(korean, english)


class TestHeard:
    def test_only_words_in_the_other_letters_are_found(self) -> None:
        heard = Heard(["encoder", "encoders", "엔코더", "µω", "d3-4", "가" * 40])
        assert heard.others_of("엔코더") == ["encoder", "encoders"]
        assert heard.others_of("encoder") == ["엔코더"]

    @pytest.mark.parametrize("word", ["", "a", "가", "µω", "x" * 50, "가" * 50, "f-07"])
    def test_what_is_no_such_word_has_no_others(self, word: str) -> None:
        assert Heard(["encoder", "엔코더"]).others_of(word) == []

    def test_a_question_finds_the_passage_by_them(self) -> None:
        index = index_of("Mount the resolver.", "Wipe the solenoid.", "Keep it dry.")
        found = index.search("솔레노이드")
        assert found[0].passage.number == 1
