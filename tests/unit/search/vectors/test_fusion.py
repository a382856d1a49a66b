"""Several rankings become one by their places alone."""

import pytest

from kis.search.vectors.fusion import Ranking, fuse


def items(*rankings: Ranking, k: float = 60.0) -> list[int]:
    return [one.item for one in fuse(rankings, k=k)]


class TestFuse:
    def test_adds_the_reciprocals_of_the_places(self) -> None:
        # 7: 1/61 + 1/62; 5: 1/62 + 1/61, so the smaller number goes first; 9: 1/63 alone
        fused = fuse([Ranking("terms", [7, 5, 9]), Ranking("vectors", [5, 7])])

        assert [one.item for one in fused] == [5, 7, 9]
        assert [one.score for one in fused] == pytest.approx([0.0325224749, 0.0325224749, 0.0158730159])
        assert fused[0].places == {"terms": 2, "vectors": 1}
        assert fused[2].places == {"terms": 3}

    def test_puts_what_two_rankings_hold_before_the_first_of_one(self) -> None:
        # 3: 1/63 + 1/63 = 0.0317; 1: 1/61 = 0.0164
        assert items(Ranking("terms", [1, 2, 3]), Ranking("vectors", [4, 5, 3])) == [3, 1, 4, 2, 5]

    def test_counts_a_ranking_as_much_as_it_weighs(self) -> None:
        # 1: 1/61 = 0.0164; 2: 0.5/61 = 0.0082
        assert items(Ranking("terms", [1]), Ranking("vectors", [2], weight=0.5)) == [1, 2]
        assert items(Ranking("terms", [1], weight=0.4), Ranking("vectors", [2], weight=0.5)) == [2, 1]

    def test_lets_the_first_places_stand_out_more_with_a_small_k(self) -> None:
        terms, vectors = Ranking("terms", [1, 2]), Ranking("vectors", [3, 2])
        # k = 60: 2 has 2/62 = 0.032, 1 has 1/61 = 0.016. k = 0: 2 has 2/2 = 1, as have 1 and 3, which stand higher.
        assert items(terms, vectors) == [2, 1, 3]
        assert items(terms, vectors, k=0.0) == [1, 3, 2]

    def test_orders_equal_scores_the_same_whatever_comes_first(self) -> None:
        terms, vectors = Ranking("terms", [9, 4, 7]), Ranking("vectors", [4, 9, 8])

        assert items(terms, vectors) == items(vectors, terms) == [4, 9, 7, 8]

    def test_counts_an_item_once_in_a_ranking(self) -> None:
        assert fuse([Ranking("vectors", [1, 1, 2])]) == fuse([Ranking("vectors", [1, 2])])

    def test_makes_nothing_of_nothing(self) -> None:
        assert fuse([]) == []
        assert fuse([Ranking("terms", [])]) == []
