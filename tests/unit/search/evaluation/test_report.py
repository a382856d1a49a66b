import math

import pytest

from kis.search.evaluation.kinds import Asked, Kind
from kis.search.evaluation.report import Figures, Reason, figures, place_of, weaknesses
from kis.search.evaluation.runner import Answer
from kis.search.evaluation.sets import Question
from kis.search.things import Language


def answer(
    *ranking: str,
    kind: Kind = Kind.AS_WRITTEN,
    language: Language = Language.KO,
    contestant: str = "search",
    milliseconds: float = 1.0,
) -> Answer:
    question = Question(id="q", text="?", relevant=frozenset({"right"}), language=language)
    asked = Asked(kind=kind, question=question, text="?")
    return Answer(contestant=contestant, asked=asked, ranking=ranking, milliseconds=milliseconds)


def row(
    mrr: float,
    *,
    contestant: str = "search",
    language: Language | None = Language.KO,
    kind: Kind = Kind.AS_WRITTEN,
) -> Figures:
    return Figures(
        contestant=contestant,
        language=language,
        kind=kind,
        questions=1,
        recall={},
        mrr=mrr,
        ndcg=mrr,
        median_ms=1,
        p95_ms=1,
    )


class TestFigures:
    def test_are_the_means_of_the_answers(self) -> None:
        rows = figures(
            [
                answer("right", milliseconds=1),
                answer("a", "right", milliseconds=2),
                answer("a", "b", "c", "d", "e", "right", milliseconds=30),
                answer(milliseconds=4),
            ]
        )
        assert len(rows) == 1
        # places 1, 2, 6 and none
        assert rows[0].questions == 4
        assert rows[0].recall == {1: 1 / 4, 5: 2 / 4, 10: 3 / 4}
        assert rows[0].mrr == pytest.approx((1 + 1 / 2 + 1 / 6 + 0) / 4)
        assert rows[0].ndcg == pytest.approx((1 + 1 / math.log2(3) + 1 / math.log2(7)) / 4)
        assert rows[0].median_ms == 3  # of 1, 2, 4, 30
        assert rows[0].p95_ms == 30

    def test_stand_apart_by_contestant_kind_and_language_and_together_for_all_languages(self) -> None:
        rows = figures(
            [
                answer("right"),
                answer("a", language=Language.EN),
                answer("right", kind=Kind.WRONG_LAYOUT),
                answer("a", contestant="plain"),
            ]
        )
        assert [(each.contestant, each.language, each.kind, each.mrr) for each in rows] == [
            ("search", Language.KO, Kind.AS_WRITTEN, 1),
            ("search", Language.EN, Kind.AS_WRITTEN, 0),
            ("search", None, Kind.AS_WRITTEN, 1 / 2),
            ("search", Language.KO, Kind.WRONG_LAYOUT, 1),
            ("plain", Language.KO, Kind.AS_WRITTEN, 0),
        ]


class TestWeaknesses:
    def found(self, *rows: Figures) -> list[tuple[Kind, Reason, float]]:
        weak = weaknesses(rows, contestants=["search"], baseline="plain")
        return [(each.kind, each.reason, round(each.wanted, 4)) for each in weak]

    def test_are_none_where_the_search_is_good(self) -> None:
        # plain loses 0.4, so the search may lose 0.14
        assert self.found(row(0.86), row(0.6, contestant="plain")) == []

    def test_name_a_loss_that_is_more_than_its_share(self) -> None:
        assert self.found(row(0.85), row(0.6, contestant="plain")) == [
            (Kind.AS_WRITTEN, Reason.LOSES_TOO_MUCH, 0.86)
        ]

    def test_name_what_plain_bm25_does_better(self) -> None:
        assert self.found(row(0.5), row(0.6, contestant="plain")) == [
            (Kind.AS_WRITTEN, Reason.BELOW_BASELINE, 0.6),
            (Kind.AS_WRITTEN, Reason.LOSES_TOO_MUCH, 0.86),
        ]

    def test_name_a_kind_far_below_the_questions_as_written_also_without_a_baseline(self) -> None:
        assert self.found(row(0.95), row(0.84, kind=Kind.ONE_SLIP), row(0.86, kind=Kind.WITHOUT_SPACES)) == [
            (Kind.ONE_SLIP, Reason.FAR_BELOW_AS_WRITTEN, 0.85)
        ]

    def test_compare_within_a_language(self) -> None:
        english = row(0.99, contestant="plain", language=Language.EN)
        assert self.found(row(0.86), row(0.6, contestant="plain"), english, row(0.1, language=None)) == []


class TestPlaceOf:
    def test_is_that_of_the_first_right_passage_of_ten(self) -> None:
        assert place_of(answer("a", "right")) == 2
        assert place_of(answer(*"abcdefghij", "right")) is None
