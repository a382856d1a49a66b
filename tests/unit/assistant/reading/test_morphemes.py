"""Korean words by their morphemes, with the real Kiwi: stems as one finds them in a dictionary, and passages that have a verb with another ending."""

import pytest

from kis.assistant.reading import read_document
from kis.assistant.reading.everyday import everyday
from kis.assistant.reading.index import PassageIndex, asked_text, texts_to_analyze
from kis.assistant.reading.morphemes import Told, stem_terms, stems_of
from kis.assistant.reading.terms import folded, words_of
from kis.search import Language, Morpheme
from kis.search.tokens.kiwi import LoadedKiwi
from kis.search.tokens.words import shipped_words
from tests.factories.manuals_written import (
    BLIND,
    BLIND_2,
    DATA,
    manual_language,
    manual_names,
    manual_pdf,
    written_questions,
)
from tests.factories.small_manuals import index_of


@pytest.fixture(scope="module")
def kiwi() -> LoadedKiwi:
    return LoadedKiwi(shipped_words())


def morphemes_of(kiwi: LoadedKiwi, text: str) -> list[Morpheme]:
    return kiwi.find([asked_text(text)])[0]


def korean(*texts: str, titles: tuple[str, ...] = ()) -> PassageIndex:
    return index_of(*texts, titles=titles, language=Language.KO)


def with_stems(kiwi: LoadedKiwi, index: PassageIndex) -> PassageIndex:
    texts = texts_to_analyze(index.passages)
    return index.with_stems(
        {text: stem_terms(found) for text, found in zip(texts, kiwi.find(texts), strict=True)}
    )


class TestStems:
    @pytest.mark.parametrize(
        ("sentence", "nouns", "verbs"),
        [
            ("종이 두 장이 찍힌다.", "종이", "찍히다"),
            ("두 번 찍히게 하려면 이렇게 누르세요", "", "찍히다 누르다"),
            ("사진을 찍었습니다", "사진", "찍다"),
            ("분전반에 차단기를 설치하십시오.", "분전반 차단기 설치", ""),
            ("비밀번호를 바꿀 수 있나요?", "비밀번호", "바꾸다"),
            ("전원이 꺼지지 않을 때", "전원", "꺼지다"),
            ("컵에 물을 부으면 안 됩니다.", "컵 물", "붓다"),
            ("뜨거우니 만지지 마십시오", "", "뜨겁다 만지다"),
            ("어떻게 하나요?", "", ""),
            ("KX-250의 단자를 12 N·m로 조입니다.", "단자", "조이다"),
            ("필터청소를 하고 싶은데", "필터청소", ""),
            ("재부팅하면 화면이 하얘집니다", "재부팅 화면", "하얗다"),
            ("새로 만드는 명령은 몇 개까지 되나요?", "명령", "만들다"),
        ],
    )
    def test_nouns_are_whole_and_verbs_as_dictionaries_name_them(
        self, sentence: str, nouns: str, verbs: str, kiwi: LoadedKiwi
    ) -> None:
        found = list(stems_of(morphemes_of(kiwi, sentence)))
        assert " ".join(one.form for one in found if not one.is_verb) == nouns
        assert " ".join(one.form for one in found if one.is_verb) == verbs

    def test_they_stand_where_their_words_do(self, kiwi: LoadedKiwi) -> None:
        text = folded("비밀번호를 바꿀 수 있나요?")
        found = stems_of(kiwi.find([text])[0])
        assert [text[one.start : one.end] for one in found] == ["비밀번호", "바꿀"]

    def test_the_index_is_told_only_what_pairs_of_syllables_do_not_find(self, kiwi: LoadedKiwi) -> None:
        assert stem_terms(morphemes_of(kiwi, "팬에서 나는 소리가 줄었습니다")) == ["팬·", "줄다-"]


class TestWords:
    @pytest.mark.parametrize(
        ("question", "words"),
        [
            ("비밀번호를 바꿀 수도 있나요?", ["비밀번호", "바꿀"]),
            ("필터청소를 하고 싶은데", ["필터청소"]),
            ("전원이 꺼지지 않을 때", ["전원", "꺼지지"]),
            (
                "둘째 줄은 몇 쪽에 있나요",
                ["둘째", "줄은", "쪽에"],
            ),  # rows and pages, whatever Kiwi calls them
            ("KX-250은 12 N·m인가요", ["kx-250", "12"]),
        ],
    )
    def test_what_only_carries_a_question_is_no_word_of_it(
        self, question: str, words: list[str], kiwi: LoadedKiwi
    ) -> None:
        told = Told.of(morphemes_of(kiwi, question))
        assert [one.text for one in words_of(asked_text(question), told=told)] == words

    def test_without_morphemes_words_alone_tell_what_carries(self) -> None:
        assert [one.text for one in words_of("비밀번호를 어떻게 바꿀 수 있는데요")] == [
            "비밀번호",
            "바꿀",
            "있는데",
        ]

    def test_a_word_has_the_terms_of_its_stems(self, kiwi: LoadedKiwi) -> None:
        told = Told.of(morphemes_of(kiwi, "팬에서 비밀번호 바꿀"))
        words = words_of("팬에서 비밀번호 바꿀", told=told)
        assert [one.stems for one in words] == [
            (("팬·",),),
            (("비밀", "밀번", "번호"),),
            (("바꾸다-",),),
        ]
        assert [one.is_verb for one in words] == [False, False, True]

    def test_whether_it_is_a_verb_is_told_by_its_stems_before_its_ending(self) -> None:
        assert everyday().weight_of("복사해서", is_verb=False) == 1.0
        assert everyday().weight_of("복사해서") == everyday().weight_of("조입니다", is_verb=True) < 1.0


class TestIndex:
    TEXTS = ("표지에 날짜가 찍힌다.", "뚜껑을 닫으십시오.", "굴에서 소리가 날 수 있습니다.")

    def test_a_verb_is_found_with_another_ending(self, kiwi: LoadedKiwi) -> None:
        index = korean(*self.TEXTS, titles=("a", "b", "c"))
        question = "안 찍히게"
        morphemes = morphemes_of(kiwi, question)
        assert index.search(question, morphemes=morphemes) == []
        found = with_stems(kiwi, index).search(question, morphemes=morphemes)
        assert [one.passage.number for one in found] == [0]

    def test_a_noun_of_one_syllable_is_found_before_every_particle(self, kiwi: LoadedKiwi) -> None:
        index = korean(*self.TEXTS, titles=("a", "b", "c"))
        morphemes = morphemes_of(kiwi, "굴이라도")
        assert index.search("굴이라도", morphemes=morphemes) == []
        found = with_stems(kiwi, index).search("굴이라도", morphemes=morphemes)
        assert [one.passage.number for one in found] == [2]

    def test_a_verb_in_a_title_counts_for_what_stands_under_it(self, kiwi: LoadedKiwi) -> None:
        index = with_stems(kiwi, korean("Press twice.", "Rinse it.", titles=("날짜를 찍는 법", "씻는 법")))
        found = index.search("찍었습니다", morphemes=morphemes_of(kiwi, "찍었습니다"))
        assert [one.passage.number for one in found] == [0]

    def test_what_only_carries_the_question_is_not_missed(self, kiwi: LoadedKiwi) -> None:
        index = with_stems(kiwi, korean(*self.TEXTS, titles=("a", "b", "c")))
        question = "뚜껑을 닫을 수도 있는데요"
        plain, analysed = (
            index.search(question, morphemes=found)[0] for found in ((), morphemes_of(kiwi, question))
        )
        assert plain.passage.number == analysed.passage.number == 1
        assert plain.coverage < analysed.coverage == 1.0

    def test_a_part_of_a_noun_is_not_the_noun(self, kiwi: LoadedKiwi) -> None:
        """비밀번호 has three pairs of syllables, 번호 one of them."""
        index = with_stems(kiwi, korean("번호를 누르십시오.", "덮개를 닫으십시오.", titles=("a", "b")))
        question = "비밀번호인데요"
        (found,) = index.search(question, morphemes=morphemes_of(kiwi, question))
        assert (found.passage.number, found.coverage) == (0, 0.0)

    def test_a_word_that_stands_there_as_it_is_asked_counts_no_less_for_its_stem(
        self, kiwi: LoadedKiwi
    ) -> None:
        index = with_stems(kiwi, korean(*self.TEXTS, titles=("a", "b", "c")))
        plain, analysed = (
            index.search("뚜껑을", morphemes=found) for found in ((), morphemes_of(kiwi, "뚜껑을"))
        )
        assert [one.score for one in analysed] == [one.score for one in plain] != []

    def test_a_noun_that_ends_as_verbs_do_counts_as_a_noun(self, kiwi: LoadedKiwi) -> None:
        index = with_stems(kiwi, korean(*self.TEXTS, titles=("a", "b", "c")))
        plain, analysed = (
            index.search("소리", morphemes=found)[0] for found in ((), morphemes_of(kiwi, "소리"))
        )
        assert plain.score < analysed.score

    def test_an_index_without_stems_does_not_look_at_morphemes(self, kiwi: LoadedKiwi) -> None:
        index = korean(*self.TEXTS, titles=("a", "b", "c"))
        question = "뚜껑을 닫을 수도 있는데요"
        assert index.search(question, morphemes=morphemes_of(kiwi, question)) == index.search(question)

    def test_a_question_without_morphemes_is_asked_as_before(self, kiwi: LoadedKiwi) -> None:
        index = korean(*self.TEXTS, titles=("a", "b", "c"))
        stemmed = with_stems(kiwi, index)
        assert (index.has_morphemes, stemmed.has_morphemes) == (False, True)
        for question in ("뚜껑 닫기", "굴 소리", "날짜", "뚜껑은 어떻게 닫나요?"):
            assert stemmed.search(question) == index.search(question)

    @pytest.mark.parametrize("question", ["어떻게 하나요?", "있을 수 있는 것", ""])
    def test_questions_that_ask_nothing_do_no_harm(self, question: str, kiwi: LoadedKiwi) -> None:
        index = with_stems(kiwi, korean(*self.TEXTS, titles=("a", "b", "c")))
        assert len(index.search(question, morphemes=morphemes_of(kiwi, question))) <= len(self.TEXTS)

    def test_texts_are_shown_once_and_only_korean_ones(self) -> None:
        index = korean("가방", "Keep it dry.", "가방", titles=("상자", "Use", "상자"))
        assert texts_to_analyze(index.passages) == ["가방", "상자"]


def test_pages_of_the_written_korean_manuals_are_found_better(kiwi: LoadedKiwi) -> None:
    """What is measured on the development sets is held: .694 and .901 by words alone, .719 and .909 with morphemes."""
    asked = plain = firsts = fives = 0
    for material in (DATA, BLIND, BLIND_2):
        for name in manual_names(material):
            if manual_language(name) != "ko":
                continue
            index = PassageIndex.of(read_document(manual_pdf(name)))
            stemmed = with_stems(kiwi, index)
            for question in written_questions(material):
                if question.manual != name or not question.pages:
                    continue
                text = question.question
                found = [one.page for one in stemmed.pages(text, 5, morphemes=morphemes_of(kiwi, text))]
                asked += 1
                plain += any(one.page in question.pages for one in index.pages(text, 1))
                firsts += any(page in question.pages for page in found[:1])
                fives += any(page in question.pages for page in found)
    assert asked == 242
    assert firsts >= plain
    assert firsts / asked >= 0.70
    assert fives / asked >= 0.89
