"""A validation waits for its turn and its work no longer than its time, and gives its turn on in any case."""

import threading
from typing import cast

import pytest

from kis.quotations import validating
from kis.quotations.means import Means
from kis.quotations.validating import EngineBusy, Validated, Validating
from tests.factories.waiting import eventually

DONE = Validated(ruleset="panel")


async def test_who_waits_too_long_is_told_and_the_thread_keeps_its_turn_to_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(validating, "PATIENCE_SECONDS", 0.05)
    desk = Validating(cast("Means", None))
    may_end, second_began = threading.Event(), threading.Event()

    def first() -> Validated:
        may_end.wait(30)
        raise RuntimeError("nobody hears this")

    def second() -> Validated:
        second_began.set()
        return DONE

    with pytest.raises(EngineBusy) as busy:
        await desk._in_turn(first)
    with pytest.raises(EngineBusy):
        await desk._in_turn(second)
    assert (busy.value.status_code, busy.value.code) == (503, "engine_busy")
    assert not second_began.is_set()

    may_end.set()

    async def has_turn() -> bool:
        return not desk._turn.locked()

    await eventually(has_turn)
    monkeypatch.setattr(validating, "PATIENCE_SECONDS", 30.0)
    assert await desk._in_turn(second) is DONE
