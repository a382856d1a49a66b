from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from kis.assistant.evaluation.typing.measuring import Typed, typed
from kis.assistant.evaluation.typing.tally import figures, flicker, misses, stays_from
from kis.assistant.evaluation.typing.traces import Trace


@dataclass(frozen=True)
class Hit:
    id: str
    confidence: float


class Book:
    """Predicts what is written down for each text, first letter of the answer first: "ab" shows a, then b."""

    def __init__(self, answers: dict[str, str]) -> None:
        self.answers = answers
        self.limits: list[int] = []

    def predict(self, text: str, limit: int = 3) -> Sequence[Hit]:
        self.limits.append(limit)
        return [Hit(one, 0.75) for one in self.answers.get(text, "")]


def answered(target: str, *shown: str, kind: str = "clean", milliseconds: Sequence[float] = ()) -> Typed:
    keys = tuple("x" * (at + 1) for at in range(len(shown)))
    times = tuple(milliseconds) or (1.0,) * len(shown)
    return Typed(Trace(target, kind, keys), tuple(map(tuple, shown)), (0.5,) * len(shown), times)


class TestTyped:
    def test_asks_after_each_key_press_for_three(self) -> None:
        book = Book({"n": "ba", "nx": "ab"})
        (one,) = typed(book, [Trace("a", "clean", ("n", "nx", "nxx"))])
        assert one.shown == (("b", "a"), ("a", "b"), ())
        assert one.places == [2, 1, None]
        assert one.confidences == (0.75, 0.75, 0.0)
        assert len(one.milliseconds) == 3
        assert book.limits == [3, 3, 3]

    def test_counts_no_more_than_three_of_a_predictor_that_gives_more(self) -> None:
        (one,) = typed(Book({"n": "bcda"}), [Trace("a", "clean", ("n",))])
        assert one.places == [None]


class TestStaysFrom:
    @pytest.mark.parametrize(
        ("places", "first", "since"),
        [
            ([1, 1, 1], 1, 0),
            ([2, 1, 1], 1, 1),
            ([1, 2, 1], 1, 2),  # first at once, and lost again
            ([1, 1, 2], 1, None),
            ([1, 1, 2], 3, 0),
            ([None, 3, 2], 3, 1),
            ([1, 1, None], 3, None),
        ],
    )
    def test_is_the_key_press_after_which_it_is_not_lost_again(
        self, places: list[int | None], first: int, since: int | None
    ) -> None:
        assert stays_from(places, first) == since


class TestFlicker:
    @pytest.mark.parametrize(
        ("shown", "changes"),
        [
            (("b", "c", "a", "a"), 0),  # what was before is no flicker
            (("a", "b", "a"), 2),
            (("a", "", "a"), 2),
            (("ab", "ac", "ab"), 0),  # the first place alone
            (("b", "c"), 0),  # never was first
        ],
    )
    def test_counts_changes_after_it_was_first(self, shown: tuple[str, ...], changes: int) -> None:
        assert flicker(answered("a", *shown)) == changes


class TestFigures:
    def test_are_told_by_kind_and_in_all(self) -> None:
        rows = figures(
            [
                answered(
                    "a", "ba", "ba", "ab", "ab", milliseconds=(1, 2, 3, 4)
                ),  # stays from the third of four
                answered("a", "ab", "ba"),  # lost at the end, still shown
                answered("a", "b", "", kind="swap", milliseconds=(10, 20)),
            ]
        )
        clean, swap, every = rows
        assert (clean.kind, clean.count, clean.keys) == ("clean", 2, 6)
        assert (clean.hit_at_1, clean.hit_at_3, clean.final_at_1) == (0.5, 1.0, 0.5)
        assert clean.need == (3 / 4 + 1) / 2
        assert clean.flicker == 0.5
        assert (clean.p50_ms, clean.p95_ms) == (1, 4)  # of 1 1 1 2 3 4
        assert (swap.kind, swap.hit_at_1, swap.hit_at_3, swap.need, swap.p95_ms) == ("swap", 0, 0, 1, 20)
        assert (every.kind, every.count, every.keys) == ("all", 3, 8)
        assert every.hit_at_1 == pytest.approx(1 / 3)

    def test_are_none_of_nothing(self) -> None:
        assert figures([]) == []


class TestMisses:
    def test_come_from_the_worst_kind_first_and_not_more_than_asked_for(self) -> None:
        answers = [
            answered("a", "a"),
            answered("a", "ba", kind="clean"),
            *(answered("a", "bc", kind="swap") for _ in range(3)),
        ]
        found = misses(answers, figures(answers), most=2)
        assert [one.kind for one in found] == ["swap", "swap", "clean"]
        assert (found[0].place, found[0].shown, found[0].typed) == (None, ("b", "c"), "x")
        assert (found[2].place, found[2].confidence) == (2, 0.5)
        assert misses(answers, figures(answers), most=0) == []
