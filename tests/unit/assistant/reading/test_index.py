"""Questions find the passage that answers them: in other words, the other language, and by codes and measures."""

from pathlib import Path

import pytest

from kis.assistant.reading import PassageIndex, read_document
from kis.search import Language
from tests.factories.maker_manuals import long_pdf, manual_pdf
from tests.factories.manuals_written import BLIND, BLIND_2, DATA, manual_names, written_questions
from tests.factories.manuals_written import manual_pdf as written_pdf
from tests.factories.small_manuals import index_of


class TestSearch:
    @pytest.mark.parametrize(
        ("language", "question", "page"),
        [
            ("en", "How much free room is needed over the arc chute?", 1),
            ("en", "What colour does the window show when it is off?", 2),
            ("en", "When do I have to replace it?", 3),
            ("ko", "창에 초록 표시는 무슨 뜻인가요?", 2),
            ("ko", "접촉 저항은 얼마보다 작아야 하나요?", 3),
            ("ko", "How do I clean the insulation?", 3),
            ("en", "접촉 저항 측정", 3),
            ("en", "KX-250 torque", 1),
        ],
    )
    def test_the_right_page_is_first(self, language: str, question: str, page: int) -> None:
        index = PassageIndex.of(read_document(manual_pdf("ko" if language == "ko" else "en")))
        assert index.pages(question)[0].page == page

    def test_codes_that_differ_in_one_digit_are_told_apart(self) -> None:
        index = PassageIndex.of(read_document(long_pdf(40)))
        assert [index.pages(f"KX-{number}")[0].page for number in (7, 17, 37)] == [7, 17, 37]

    def test_measures_are_found_however_they_are_written(self) -> None:
        index = index_of("Wait 10 min first.", "Tighten with 10 N·m.", "Use 10 mm² wire.")
        assert index.search("10 minutes")[0].passage.number == 0

    def test_a_title_counts_more_than_a_word_in_passing(self) -> None:
        index = index_of("Read about storage elsewhere.", "Keep it dry.", titles=("Use", "Storage"))
        assert index.search("storage")[0].passage.number == 1

    def test_two_words_beside_each_other_rank_first(self) -> None:
        index = index_of("The relay of the motor: thermal one.", "Reset the thermal relay of it now.")
        assert index.search("thermal relay")[0].passage.number == 1

    @pytest.mark.parametrize("question", ["exchange the gas strut", "가스 쇼바 교체"])
    def test_a_thing_is_found_by_another_of_its_names_and_language(self, question: str) -> None:
        index = index_of("Keep it dry.", "The gas spring holds the lid.", "Press twice.", titles=tuple("abc"))
        assert index.search(question)[0].passage.number == 1

    def test_nearness_of_meaning_ranks_behind_the_words_and_before_nothing(self) -> None:
        # Of (1, 0, 0, 0) the first is 0.75 / 0.433 = 1.732 deviations above the mean; a quarter of that, 0.433, is less than the 1 of the words.
        index = index_of("Rinse it.", "Keep it dry.", "Press twice.", "Red means off.", titles=tuple("abcd"))
        found = index.search("dry", near=(1.0, 0.0, 0.0, 0.0))
        assert [one.passage.number for one in found] == [1, 0]
        assert found[1].score == pytest.approx(0.433 * found[0].score, rel=0.001)
        assert found[1].coverage == 0.0

    @pytest.mark.parametrize("near", [(0.5, 0.5), (1.0, 0.0, 0.0)], ids=["all_alike", "of_another_manual"])
    def test_nearness_that_tells_nothing_changes_nothing(self, near: tuple[float, ...]) -> None:
        index = index_of("Keep it dry.", "A dry place is best.")
        assert index.search("dry", near=near) == index.search("dry")

    def test_nothing_is_found_where_no_word_stands(self) -> None:
        assert index_of("Keep it dry.").search("zebra") == []

    @pytest.mark.parametrize(
        "question", ["", "?!", "   ", "the of", "어떻게 하나요?", "x" * 100_000, "가" * 100_000]
    )
    def test_questions_that_ask_nothing_do_no_harm(self, question: str) -> None:
        assert len(index_of("Keep it dry.", "").search(question)) <= 2

    def test_a_document_without_passages_finds_nothing(self) -> None:
        index = PassageIndex.of_passages((), language=Language.KO)
        assert (index.search("torque"), index.pages("torque")) == ([], [])


class TestCoverage:
    def test_a_code_that_stands_nowhere_is_not_covered_by_its_parts(self) -> None:
        found = index_of("The KX-100 needs 12 N·m.").search("KX-999")
        assert found[0].coverage == 0

    def test_it_is_whole_where_every_telling_word_stands(self) -> None:
        assert (
            index_of("Tighten the terminals with 12 N·m.").search("How do I tighten terminals?")[0].coverage
            == 1
        )

    def test_it_falls_with_words_that_stand_nowhere(self) -> None:
        index = index_of(
            "Tighten the terminals.",
            *(f"Keep part {number} dry." for number in range(9)),
            titles=tuple("bcdefghijk"),
        )
        found = index.search("tighten the zebra terminals")
        # Of 10 passages one has a word: ln(1 + 9.5/1.5) = 1.99; none has it: ln(1 + 10.5/0.5) = 3.09; 2 x 1.99 of 7.07.
        assert found[0].coverage == pytest.approx(0.563, abs=0.005)

    def test_a_word_of_the_other_language_counts_nearly_as_much(self) -> None:
        found = index_of("Clean the filter.", "Keep it dry.").search("필터 청소")
        assert found[0].passage.number == 0
        assert found[0].coverage == pytest.approx(0.9, abs=0.05)


@pytest.mark.parametrize(
    ("material", "count", "first", "five"),
    [(DATA, 299, 0.64, 0.92), (BLIND, 152, 0.53, 0.84), (BLIND_2, 145, 0.65, 0.84)],
)
def test_pages_of_the_written_manuals_are_found(
    material: Path, count: int, first: float, five: float
) -> None:
    """What is measured on the development sets is held, so that nothing makes it worse unseen; the aim is .58 and .88."""
    asked = firsts = fives = 0
    for name in manual_names(material):
        index = PassageIndex.of(read_document(written_pdf(name)))
        for question in written_questions(material):
            if question.manual == name and question.pages:
                pages = [found.page for found in index.pages(question.question, 5)]
                asked += 1
                firsts += pages[0] in question.pages if pages else False
                fives += any(page in question.pages for page in pages)
    assert asked == count
    assert firsts / asked >= first
    assert fives / asked >= five
