import math

import pytest

from kis.search.evaluation.baselines import Bm25Index, words
from kis.search.evaluation.sets import Passage
from kis.search.things import Language


def passage(name: str, text: str, title: str = "") -> Passage:
    return Passage(id=name, title=title, text=text, language=Language.EN)


class TestWords:
    def test_are_lower_case_without_punctuation_at_their_ends(self) -> None:
        assert words('The "MCCB", (100AF/75AT) — 차단기는?') == ["the", "mccb", "100af/75at", "차단기는"]


class TestBm25:
    def test_follows_the_formula(self) -> None:
        index = Bm25Index([passage("p", "a a b"), passage("q", "b"), passage("r", "c c c c c")])
        # N = 3, average length (3 + 1 + 5) / 3 = 3.
        # a: in one passage, ln(1 + 2.5 / 1.5); in p twice, of length 3: 2 × 2.2 / (2 + 1.2 × (0.25 + 0.75 × 1)) = 4.4 / 3.2
        # b: in two, ln(1 + 1.5 / 2.5); in p once: 2.2 / 2.2 = 1; in q, of length 1: 2.2 / (1 + 1.2 × (0.25 + 0.75 / 3)) = 2.2 / 1.6
        rare, common = math.log(1 + 2.5 / 1.5), math.log(1 + 1.5 / 2.5)
        assert index.scores("a b") == pytest.approx([rare * 4.4 / 3.2 + common, common * 2.2 / 1.6, 0])

    def test_counts_a_word_as_often_as_it_is_asked(self) -> None:
        index = Bm25Index([passage("p", "a b"), passage("q", "c d")])
        assert index.scores("a a") == pytest.approx(2 * index.scores("a"))

    def test_reads_the_title_too(self) -> None:
        index = Bm25Index([passage("p", "x", title="neutral bar"), passage("q", "y")])
        assert index.ranked("Neutral?") == ["p"]

    def test_ranks_the_best_first_and_the_earlier_of_two_alike(self) -> None:
        index = Bm25Index(
            [passage("p", "bar x"), passage("q", "bar x"), passage("r", "bar bar"), passage("s", "none here")]
        )
        assert index.ranked("bar") == ["r", "p", "q"]

    def test_finds_nothing_for_words_it_does_not_know(self) -> None:
        assert Bm25Index([passage("p", "x")]).ranked("차단기") == []

    def test_goes_ten_places_deep(self) -> None:
        assert len(Bm25Index([passage(str(number), "bar") for number in range(12)]).ranked("bar")) == 10
