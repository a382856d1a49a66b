"""Find the weights by which the assistant refuses questions: ``python -m tools.refusal_weights READ UNREAD``.

Each folder holds NAME.pdf and NAME.jsonl for each manual, as ``python -m tests.factories.manuals_written FOLDER`` and ``python -m tools.real_manuals``
write them: READ the first three materials, UNREAD the fourth and the manuals of other writers. Those of READ were read while glossary and topics were
written; they count less, and the bias is set on the others, so that so many of their answerable questions are refused as are said to be borne. The signs of
each question are taken as the assistant takes them once the morphemes are known, and a logistic regression weighs them. Each manual of the second folder is
also measured with the weights of all others. Nothing is random: the same folders give the same figures.
"""

import asyncio
import sys
from dataclasses import astuple, dataclass, fields
from math import exp
from pathlib import Path
from typing import Final

from kis.assistant.answering.asking import MOST_PASSAGES, Question
from kis.assistant.answering.judging import Signs, judged
from kis.assistant.evaluation.pages import load_questions, read_manual
from kis.assistant.evaluation.pages.by_morphemes import morphemes
from kis.assistant.reading import PassageIndex
from kis.assistant.things import Source
from kis.platform.configuration import SearchSettings

BORNE: Final = 0.045
"""Share of the answerable questions that may be refused."""
PENALTY: Final = 0.3
"""Of large weights, so that a sign that is rare among so few questions is not believed too much."""
RATE: Final = 0.5
STEPS: Final = 2_000
READ: Final = 0.3
"""What a question counts whose manual was read before."""
_ONE: Final = 0.5
"""How much the unanswerable questions count together, beside all answerable ones."""


@dataclass(frozen=True, slots=True)
class Example:
    """The signs of a question."""

    manual: str
    signs: tuple[float, ...]
    is_answerable: bool
    is_read: bool


def examples(folder: Path, *, are_read: bool) -> list[Example]:
    """Return the questions of all manuals of a folder with their signs."""
    found: list[Example] = []
    for path in sorted(folder.glob("*.pdf")):
        manual = read_manual(path.read_bytes())
        document = manual.document
        index = PassageIndex.of(document)
        questions = load_questions(path.with_suffix(".jsonl"), pages=document.pages)
        told = asyncio.run(morphemes(SearchSettings(), manual, questions))
        if told:
            index = index.with_stems(told.stems)
        for place, question in enumerate(questions):
            own = told.questions[place] if told else ()
            asked = Question(
                text=question.text,
                language=document.language,
                found=tuple(index.search(question.text, MOST_PASSAGES, morphemes=own)),
                source=Source(sha256=document.sha256, title=path.stem, url=""),
                searched=path.stem,
            )
            if judgement := judged(asked):
                found.append(Example(path.stem, astuple(judgement.signs), question.is_answerable, are_read))
    return found


def fitted(given: list[Example]) -> tuple[list[float], float]:
    """Return the weights and the bias at which the share that is borne is refused."""
    width = len(fields(Signs))
    counts = [READ if one.is_read else 1.0 for one in given]
    answerable = sum(count for one, count in zip(given, counts, strict=True) if one.is_answerable)
    others = sum(counts) - answerable
    counts = [
        count if one.is_answerable else count * _ONE * answerable / others
        for one, count in zip(given, counts, strict=True)
    ]
    weights, bias = [0.0] * width, 0.0
    for _ in range(STEPS):
        slopes, slope = [PENALTY * weight for weight in weights], 0.0
        for one, count in zip(given, counts, strict=True):
            off = count * (1 / (1 + exp(-bias - _sum(weights, one))) - (not one.is_answerable))
            slope += off
            for place, sign in enumerate(one.signs):
                slopes[place] += off * sign
        # What speaks for refusing never speaks against it, also where another sign says nearly the same.
        weights = [
            max(0.0, weight - RATE * by / len(given)) for weight, by in zip(weights, slopes, strict=True)
        ]
        bias -= RATE * slope / len(given)
    highest = sorted(
        (_sum(weights, one) for one in given if one.is_answerable and not one.is_read), reverse=True
    )
    return weights, -highest[int(BORNE * len(highest))]


def refused(given: list[Example], weights: list[float], bias: float) -> tuple[float, float]:
    """Return the shares of the answerable and of the unanswerable questions that are refused."""
    shares = []
    for is_answerable in (True, False):
        sums = [bias + _sum(weights, one) for one in given if one.is_answerable is is_answerable]
        shares.append(sum(one > 0 for one in sums) / len(sums))
    return shares[0], shares[1]


def _sum(weights: list[float], one: Example) -> float:
    return sum(weight * sign for weight, sign in zip(weights, one.signs, strict=True))


def main() -> None:
    """Print the weights, what they refuse, and what they refuse of each unread manual when they were found without it."""
    given = [*examples(Path(sys.argv[1]), are_read=True), *examples(Path(sys.argv[2]), are_read=False)]
    weights, bias = fitted(given)
    named = ", ".join(
        f"{field.name}={weight:.2f}" for field, weight in zip(fields(Signs), weights, strict=True)
    )
    print(f"WEIGHTS: Final = Signs({named})\nBIAS: Final = {bias:.2f}")
    print("all: {:.3f} of the answerable, {:.3f} of the others".format(*refused(given, weights, bias)))
    for manual in dict.fromkeys(one.manual for one in given):
        own = refused([one for one in given if one.manual == manual], weights, bias)
        print("{}: {:.3f}, {:.3f}".format(manual, *own))
    for manual in dict.fromkeys(one.manual for one in given if not one.is_read):
        without = fitted([one for one in given if one.manual != manual])
        shares = refused([one for one in given if one.manual == manual], *without)
        print("{}, by the others: {:.3f}, {:.3f}".format(manual, *shares))


if __name__ == "__main__":
    main()
