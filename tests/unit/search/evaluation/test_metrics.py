import math

import pytest

from kis.search.evaluation.metrics import discounted_gain, first_place, recall, reciprocal_rank

RANKING = ("a", "b", "c", "d", "e")


class TestRecall:
    def test_of_one_passage_is_whether_it_is_among_the_first(self) -> None:
        assert recall(RANKING, {"c"}, at=3) == 1
        assert recall(RANKING, {"c"}, at=2) == 0

    def test_of_several_is_the_share_that_is_among_the_first(self) -> None:
        # of b, e and x the first four hold b
        assert recall(RANKING, {"b", "e", "x"}, at=4) == pytest.approx(1 / 3)

    def test_of_an_empty_ranking_is_none(self) -> None:
        assert recall((), {"a"}, at=10) == 0


class TestReciprocalRank:
    @pytest.mark.parametrize(("relevant", "expected"), [("a", 1), ("b", 1 / 2), ("e", 1 / 5), ("x", 0)])
    def test_is_one_over_the_place(self, relevant: str, expected: float) -> None:
        assert reciprocal_rank(RANKING, {relevant}, at=10) == expected

    def test_counts_the_first_of_several(self) -> None:
        assert reciprocal_rank(RANKING, {"e", "c"}, at=10) == 1 / 3

    def test_is_nothing_beyond_the_places_that_are_looked_at(self) -> None:
        assert reciprocal_rank(RANKING, {"e"}, at=4) == 0


class TestDiscountedGain:
    def test_of_one_passage_is_its_discount(self) -> None:
        # the ideal puts it first: 1 / log2(2) = 1
        assert discounted_gain(RANKING, {"a"}, at=10) == 1
        assert discounted_gain(RANKING, {"c"}, at=10) == 1 / 2  # 1 / log2(4)
        assert discounted_gain(RANKING, {"c"}, at=2) == 0

    def test_of_several_is_held_to_the_best_ranking_there_is(self) -> None:
        gained = 1 / math.log2(3) + 1 / math.log2(5)  # b at 2, d at 4; x is not found
        best = 1 + 1 / math.log2(3) + 1 / math.log2(4)
        assert discounted_gain(RANKING, {"b", "d", "x"}, at=10) == pytest.approx(gained / best)

    def test_can_be_perfect_where_more_is_relevant_than_is_looked_at(self) -> None:
        assert discounted_gain(RANKING, {"a", "b", "c"}, at=2) == pytest.approx(1)

    def test_counts_a_passage_once(self) -> None:
        assert discounted_gain(("a", "a"), {"a", "b"}, at=10) == pytest.approx(1 / (1 + 1 / math.log2(3)))


class TestFirstPlace:
    def test_begins_at_one(self) -> None:
        assert first_place(RANKING, {"a"}) == 1
        assert first_place(RANKING, {"d", "b"}) == 2
        assert first_place(RANKING, {"x"}) is None

    def test_of_a_question_without_answer_is_refused(self) -> None:
        with pytest.raises(ValueError, match="nothing answers"):
            first_place(RANKING, set())
