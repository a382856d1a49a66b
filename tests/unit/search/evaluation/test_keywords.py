import pytest

from kis.search.evaluation.keywords import Keywords
from kis.search.evaluation.sets import Passage, Question
from kis.search.things import Language

PASSAGES = (
    "차단기를 고른다. 차단기의 정격은 부하를 따른다.",
    "차단기가 부하를 끊는다. 분기회로를 나누고 접지를 본다.",
    "차단기에서 온도를 잰다. 부하의 종류를 본다.",
    "차단기로 부하를 끊는 순서. 외함의 문.",
)


@pytest.fixture(scope="module")
def keywords() -> Keywords:
    korean = [
        Passage(id=str(number), title="", text=text, language=Language.KO)
        for number, text in enumerate(PASSAGES)
    ]
    english = Passage(
        id="en", title="The breaker", text="The breaker protects a feeder of the panel.", language=Language.EN
    )
    return Keywords([*korean, english])


def korean(text: str) -> Question:
    return Question(id="q", text=text, relevant=frozenset("0"), language=Language.KO)


class TestKorean:
    def test_are_the_rarest_nouns_in_the_order_of_the_question(self, keywords: Keywords) -> None:
        # 차단기 stands in four passages, 부하 in four, 분기회로 and 접지 and 온도 in one each
        question = korean("차단기와 접지, 온도에서 분기회로를 어떻게 보나요?")
        assert keywords.of(question) == ["접지", "온도", "분기회로"]

    def test_have_no_particles(self, keywords: Keywords) -> None:
        assert keywords.of(korean("차단기에서는 부하만 보나요?")) == ["차단기", "부하"]

    def test_keep_a_noun_that_ends_like_a_particle(self, keywords: Keywords) -> None:
        assert keywords.of(korean("분기회로 외함에")) == ["분기회로", "외함"]

    def test_keep_codes_and_figures_without_what_follows(self, keywords: Keywords) -> None:
        assert keywords.of(korean("380V에서 ABN-53b는 22파이인가요?")) == ["380V", "ABN-53b", "22파이"]

    def test_leave_out_verbs_and_words_that_ask(self, keywords: Keywords) -> None:
        assert keywords.of(korean("왜 차단기가 자꾸만 떨어지나요?")) == ["차단기", "자꾸"]

    def test_fill_up_with_words_that_no_passage_knows(self, keywords: Keywords) -> None:
        assert keywords.of(korean("배불뚝함 박스의 차단기")) == ["배불뚝함", "박스", "차단기"]


class TestEnglish:
    def test_are_nouns_before_longer_words(self, keywords: Keywords) -> None:
        question = Question(
            id="q",
            text="Why does the breaker protect my feeder so reluctantly in this panel?",
            relevant=frozenset({"en"}),
            language=Language.EN,
        )
        assert keywords.of(question) == ["breaker", "feeder", "panel"]
