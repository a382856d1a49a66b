"""What the answers come to: figures by contestant, language and kind, and the kinds that are weak."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean, median
from typing import Final

from kis.search.evaluation.contestants import PLACES
from kis.search.evaluation.kinds import Kind
from kis.search.evaluation.metrics import discounted_gain, first_place, recall, reciprocal_rank
from kis.search.evaluation.runner import Answer
from kis.search.things import Language

RECALLS: Final = (1, 5, 10)
ALLOWED_LOSS: Final = 0.35
"""Of what the baseline loses (1 − MRR) a good search loses no more than this share."""
FAR: Final = 0.10
"""A kind whose MRR is so much lower than that of the same questions as written is worth a look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The figures of one contestant over the questions of one language and kind. Without a language: of all of them."""

    contestant: str
    language: Language | None
    kind: Kind
    questions: int
    recall: dict[int, float]
    mrr: float
    ndcg: float
    median_ms: float
    p95_ms: float


class Reason(StrEnum):
    """Why a kind is weak."""

    BELOW_BASELINE = "below_baseline"
    """Plain BM25 over words answers it better."""
    LOSES_TOO_MUCH = "loses_too_much"
    """It loses more than 35 % of what plain BM25 loses."""
    FAR_BELOW_AS_WRITTEN = "far_below_as_written"
    """Asked so, the questions are found much worse than as they were written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weakness:
    """A kind that a contestant answers badly."""

    contestant: str
    language: Language
    kind: Kind
    reason: Reason
    mrr: float
    wanted: float
    """What the MRR must reach for this reason to be gone."""


def figures(answers: Iterable[Answer]) -> list[Figures]:
    """Return the figures in the order of the answers: each language of each kind, then all of them where there are several."""
    grouped: dict[tuple[str, Kind, Language], list[Answer]] = {}
    for answer in answers:
        key = (answer.contestant, answer.asked.kind, answer.asked.question.language)
        grouped.setdefault(key, []).append(answer)
    together: dict[tuple[str, Kind], list[Language]] = {}
    for contestant, kind, language in grouped:
        together.setdefault((contestant, kind), []).append(language)
    made = []
    for (contestant, kind), languages in together.items():
        parts = {
            language: grouped[contestant, kind, language] for language in sorted(languages, reverse=True)
        }
        made += [_figures(contestant, language, kind, part) for language, part in parts.items()]
        if len(parts) > 1:
            made.append(_figures(contestant, None, kind, [one for part in parts.values() for one in part]))
    return made


def weaknesses(rows: Sequence[Figures], *, contestants: Sequence[str], baseline: str) -> list[Weakness]:
    """Return what is weak about the contestants that are no baselines; without figures of ``baseline`` they are held to their own."""
    by = {(row.contestant, row.language, row.kind): row for row in rows}
    found = []
    for row in rows:
        if row.contestant not in contestants or row.language is None:
            continue
        plain = by.get((baseline, row.language, row.kind))
        written = by.get((row.contestant, row.language, Kind.AS_WRITTEN))
        wanted: dict[Reason, float] = {}
        if plain is not None:
            wanted[Reason.BELOW_BASELINE] = plain.mrr
            wanted[Reason.LOSES_TOO_MUCH] = 1 - ALLOWED_LOSS * (1 - plain.mrr)
        if written is not None:
            wanted[Reason.FAR_BELOW_AS_WRITTEN] = written.mrr - FAR
        found += [
            Weakness(
                contestant=row.contestant,
                language=row.language,
                kind=row.kind,
                reason=reason,
                mrr=row.mrr,
                wanted=least,
            )
            for reason, least in wanted.items()
            if row.mrr < least
        ]
    return found


def place_of(answer: Answer) -> int | None:
    """Return at which place the first right passage stands; None where it is not among the first ten."""
    return first_place(answer.ranking[:PLACES], answer.asked.question.relevant)


def _figures(contestant: str, language: Language | None, kind: Kind, answers: Sequence[Answer]) -> Figures:
    def mean(measure: Callable[[Answer], float]) -> float:
        return fmean(measure(answer) for answer in answers)

    times = sorted(answer.milliseconds for answer in answers)
    return Figures(
        contestant=contestant,
        language=language,
        kind=kind,
        questions=len(answers),
        recall={
            at: fmean(recall(one.ranking, one.asked.question.relevant, at=at) for one in answers)
            for at in RECALLS
        },
        mrr=mean(lambda one: reciprocal_rank(one.ranking, one.asked.question.relevant, at=PLACES)),
        ndcg=mean(lambda one: discounted_gain(one.ranking, one.asked.question.relevant, at=PLACES)),
        median_ms=median(times),
        p95_ms=times[math.ceil(0.95 * len(times)) - 1],
    )
