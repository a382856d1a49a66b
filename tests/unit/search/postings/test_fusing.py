"""Two rankings of texts made one of things."""

from uuid import UUID

import pytest

from kis.search.postings.fusing import LEAST_SIMILARITY, fused, near_enough
from kis.search.postings.ranking import Ranked, Ranking
from kis.search.vectors import Near

A, B, C = UUID(int=1), UUID(int=2), UUID(int=3)


def ranked(item: int, thing: UUID, language: str = "ko") -> Ranked:
    return Ranked(item, 1, 100.0 - item, "article", thing, language)


def near(item: int, similarity: float) -> Near:
    return Near(
        item_id=item,
        similarity=similarity,
        part=0,
        audience_id=1,
        source="article",
        source_id=A,
        language="ko",
    )


class TestFused:
    def test_is_the_ranking_by_terms_where_meaning_finds_nothing(self) -> None:
        by_terms = Ranking((ranked(1, A), ranked(2, B)), is_more=True)

        fusion = fused(by_terms, [])

        assert fusion.ranking is by_terms
        assert fusion.places == {}

    def test_is_that_by_meaning_where_terms_find_nothing(self) -> None:
        fusion = fused(Ranking(), [ranked(7, B), ranked(8, A)])

        assert [(one.item_id, one.score) for one in fusion.ranking.items] == [(7, 1 / 61), (8, 1 / 62)]

    def test_adds_up_the_places_of_things_not_of_texts(self) -> None:
        """By terms A stands first with its Korean text, by meaning second with its English one: both are A's."""
        fusion = fused(
            Ranking((ranked(1, A), ranked(2, A, "en"), ranked(3, B))), [ranked(4, C), ranked(2, A, "en")]
        )

        assert fusion.places == {
            ("article", A): {"terms": 1, "vector": 2},
            ("article", B): {"terms": 2},
            ("article", C): {"vector": 1},
        }
        assert [one.item_id for one in fusion.ranking.items] == [1, 2, 4, 3]
        assert [one.score for one in fusion.ranking.items] == pytest.approx(
            [1 / 61 + 1 / 62, 1 / 61 + 1 / 62, 1 / 61, 1 / 62]
        )

    def test_leaves_what_was_given_as_it_was(self) -> None:
        text = ranked(1, A)

        fused(Ranking((text,)), [text])

        assert text.score == 99.0

    def test_says_whether_there_is_more_by_terms(self) -> None:
        assert fused(Ranking((ranked(1, A),), is_more=True), [ranked(2, B)]).ranking.is_more


def test_texts_that_are_not_alike_are_not_near() -> None:
    found = near_enough(
        [near(1, 0.9), near(2, LEAST_SIMILARITY), near(3, LEAST_SIMILARITY - 0.01), near(4, -0.5)]
    )

    assert [(one.item_id, one.score) for one in found] == [(1, 0.9), (2, LEAST_SIMILARITY)]
