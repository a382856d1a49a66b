import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from kis.platform.spread import here
from kis.search.evaluation.contestants import Rank
from kis.search.evaluation.kinds import Asked, Kind
from kis.search.evaluation.runner import WORTH_A_PROCESS, answers, piece_count
from kis.search.evaluation.sets import Question
from kis.search.evaluation.tally import counted
from kis.search.things import Language

BROKEN = "broken"


@dataclass(frozen=True)
class Echo:
    """Answers with what it is asked; tells how many it was asked at once."""

    name: str = "echo"
    at_once: int = 1

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Rank]:
        waiting = 0

        async def rank(text: str) -> Sequence[str]:
            nonlocal waiting
            if text == BROKEN:
                raise LookupError(text)
            waiting += 1
            most = waiting
            for _ in range(5):
                await asyncio.sleep(0)
                most = max(most, waiting)
            waiting -= 1
            return [text, str(most)]

        yield rank


def asked(text: str) -> Asked:
    question = Question(id=text, text=text, relevant=frozenset({text}), language=Language.EN)
    return Asked(kind=Kind.AS_WRITTEN, question=question, text=text)


class TestAnswers:
    def test_come_from_every_contestant_to_every_question(self) -> None:
        contestants = [Echo(), Echo("other")]
        questions = [asked("a"), asked("b")]
        found = [each for some in answers(contestants, questions, processes=2, spread=here) for each in some]
        assert [(each.contestant, each.asked.text, each.ranking[0]) for each in found] == [
            ("echo", "a", "a"),
            ("echo", "b", "b"),
            ("other", "a", "a"),
            ("other", "b", "b"),
        ]
        assert all(each.milliseconds > 0 for each in found)

    @pytest.mark.parametrize("at_once", [1, 3])
    def test_are_asked_for_as_many_at_once_as_the_contestant_bears(self, at_once: int) -> None:
        questions = [asked(str(number)) for number in range(20)]
        found = [
            each
            for some in answers([Echo(at_once=at_once)], questions, processes=1, spread=here)
            for each in some
        ]
        assert len(found) == 20
        assert max(int(each.ranking[1]) for each in found) == at_once

    def test_are_counted_as_they_come(self, tmp_path: Path) -> None:
        tally = tmp_path / "tally"
        told = []

        class Watching(Echo):
            @asynccontextmanager
            async def opened(self) -> AsyncIterator[Rank]:
                async with super().opened() as rank:

                    async def watched(text: str) -> Sequence[str]:
                        told.append(counted(tally))
                        return await rank(text)

                    yield watched

        list(answers([Watching()], [asked("a"), asked("b")], processes=1, spread=here, tally=tally))
        assert told == [0, 1]
        assert counted(tally) == 2

    def test_of_a_contestant_that_fails_fail_the_run(self) -> None:
        with pytest.raises(ExceptionGroup) as error:
            list(answers([Echo()], [asked(BROKEN)], processes=1, spread=here))
        assert error.group_contains(LookupError)


class TestPieces:
    @pytest.mark.parametrize(
        ("questions", "pieces"),
        [(1, 1), (WORTH_A_PROCESS * 2 - 1, 1), (WORTH_A_PROCESS * 2, 2), (WORTH_A_PROCESS * 9, 2)],
    )
    def test_are_as_many_as_processes_where_that_is_quicker(self, questions: int, pieces: int) -> None:
        assert (
            piece_count([Echo()], [asked(str(number)) for number in range(questions)], processes=2) == pieces
        )

    def test_hold_every_question_once(self) -> None:
        questions = [asked(str(number)) for number in range(WORTH_A_PROCESS * 3 + 1)]
        found = [each for some in answers([Echo()], questions, processes=3, spread=here) for each in some]
        assert sorted(each.asked.text for each in found) == sorted(each.text for each in questions)
