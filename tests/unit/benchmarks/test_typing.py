"""The bookkeeping of the benchmark of people who type: what counts as answered, overtaken and never answered."""

import math

from benchmarks._typing import Box, outcome
from benchmarks.assistant_ws import shortcomings


def typed(*answers: tuple[int, float], presses: int = 4) -> Box:
    """Return a box into which a key was pressed each second from 0 on, the last one ending a name; answers are (seq, seconds)."""
    box = Box()
    for number in range(presses):
        box.press(float(number), is_end=number == presses - 1)
    for seq, at_seconds in answers:
        box.tell(seq, at_seconds)
    return box


class TestBox:
    def test_each_key_press_counts_from_when_it_was_sent(self) -> None:
        box = typed((1, 0.5), (2, 1.25), (3, 2.0), (4, 3.125))
        assert box.times_ms == [500.0, 250.0, 0.0, 125.0]
        assert (box.own, box.overtaken, box.unanswered, box.ends_own) == (4, 0, 0, 1)
        assert box.is_last_answered

    def test_an_overtaken_one_counts_until_the_newer_answer(self) -> None:
        box = typed((3, 3.0), (4, 3.5))
        assert box.times_ms == [3000.0, 2000.0, 1000.0, 500.0]
        assert (box.own, box.overtaken) == (2, 2)

    def test_what_neither_it_nor_a_newer_one_answers_is_unanswered(self) -> None:
        box = typed((2, 2.0))
        assert (box.unanswered, box.overtaken, box.ends_own) == (2, 1, 0)
        assert not box.is_last_answered

    def test_who_typed_nothing_waits_for_nothing(self) -> None:
        assert typed(presses=0).is_last_answered

    def test_a_number_that_does_not_wait_is_strange(self) -> None:
        """Told twice, told after a newer one, and never sent."""
        box = typed((2, 2.0), (2, 2.5), (1, 2.5), (9, 2.5))
        assert box.strange == 3
        assert box.times_ms == [2000.0, 1000.0]

    def test_an_end_that_was_overtaken_was_not_answered_itself(self) -> None:
        box = Box()
        box.press(0.0, is_end=True)
        box.press(1.0, is_end=False)
        box.tell(2, 2.0)
        assert (box.ends, box.ends_own) == (1, 0)


class TestOutcome:
    def test_shares_are_of_all_key_presses_of_all_clients(self) -> None:
        told = outcome([typed((1, 0.25), (2, 1.25), (3, 2.25), (4, 3.25)), typed((4, 3.25))])
        assert (told.clients, told.presses, told.overtaken, told.last_answered) == (2, 8, 3, 2)
        assert told.own_share == 0.625
        assert told.ends_share == 1.0
        assert told.p50_ms == 250.0
        assert told.slowest_ms == 3250.0

    def test_what_was_never_answered_is_slower_than_all(self) -> None:
        told = outcome([typed((3, 2.5))])
        assert (told.unanswered, told.p50_ms) == (1, 1500.0)
        assert math.isinf(told.p95_ms)
        assert told.last_answered == 0


GOOD = {
    "clients": 500, "p95_ms": 100.0, "last_answered": 500, "own_share": 0.8, "errors": {}, "strange": 0, "unanswered": 0,
}  # fmt: skip


class TestShortcomings:
    def test_bounds_are_met_where_they_are_reached(self) -> None:
        assert shortcomings([GOOD], 100.0) == []

    def test_each_bound_that_is_missed_is_named(self) -> None:
        missed = (
            {"p95_ms": 100.1},
            {"last_answered": 499},
            {"own_share": 0.79},
            {"errors": {"closed": 1}},
            {"strange": 1},
            {"unanswered": 1},
            {"beside": {"answer_errors": 1}},
            {"beside": {"read_errors": 1}},
        )
        for one in missed:
            assert len(shortcomings([GOOD, GOOD | one], 100.0)) == 1, one
