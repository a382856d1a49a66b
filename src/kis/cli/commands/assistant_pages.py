"""``kis assistant evaluate-pages``: how well the pages of a manual are found for questions, and what is answered and refused."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kis.cli.declare import command, json_option, option
from kis.cli.exit_codes import DONE
from kis.cli.output import console, print_json, progress, say, table
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from kis.assistant.evaluation.pages import (
        Asked,
        Morphemes,
        Nearness,
        PageFigures,
        PageOutcome,
        ReadManual,
    )

FILE = click.Path(path_type=Path, dir_okay=False)
MOST_FAILURES = 10_000
LARGEST_MANUAL = 500_000_000
_SHARES = (
    "citation_support",
    "refused_answerable",
    "refused_unanswerable",
    "unsure_answerable",
    "unsure_unanswerable",
)
_FOUND = ("median_ms", "p95_ms")
_ANSWERED = ("answer_median_ms", "answer_p95_ms")


@command("evaluate-pages", help_key="assistant_reading.help")
@option("--pdf", type=FILE, required=True, help_key="assistant_reading.pdf")
@option("--questions", type=FILE, required=True, help_key="assistant_reading.questions")
@option("--failures", type=click.IntRange(0, MOST_FAILURES), default=0, help_key="assistant_reading.failures")
@json_option
def evaluate_pages(*, pdf: Path, questions: Path, failures: int, as_json: bool) -> int:
    """Ask a manual and show how well its pages are found."""
    from kis.assistant.evaluation.pages import load_questions, measured, morphemes, nearness
    from kis.platform.configuration import load_settings

    with progress(Message("assistant_reading.reading", {"name": pdf.name})) as tell:
        manual = _manual(pdf)
        asked = load_questions(questions, pages=manual.document.pages)
        tell(Message("assistant_reading.showing_model"))
        settings = load_settings().search
        near = asyncio.run(nearness(settings, manual, asked))
        tell(Message("assistant_reading.analyzing"))
        told = asyncio.run(morphemes(settings, manual, asked))
        outcome = measured(
            manual,
            asked,
            tell=lambda done: tell(Message("assistant_reading.asking", {"done": done, "count": len(asked)})),
            near=() if near is None else near.rows,
            stems=None if told is None else told.stems,
            morphemes=() if told is None else told.questions,
        )
    shown = outcome.failures[:failures]
    if as_json:
        print_json({**_model(near), **_analyzer(told), **_shape(outcome, shown, with_failures=failures > 0)})
    else:
        _show(pdf, outcome, shown)
        if near is not None:
            say(Message("assistant_reading.with_model", _model(near)))
        if told is not None:
            say(Message("assistant_reading.with_morphemes", _analyzer(told)))
    return DONE


def _model(near: "Nearness | None") -> dict[str, Any]:
    if near is None:
        return {"model": None}
    return {
        "model": near.model,
        "passages_ms": round(near.passages_ms, 1),
        "question_ms": round(near.question_ms, 2),
    }


def _analyzer(told: "Morphemes | None") -> dict[str, Any]:
    if told is None:
        return {"analyzer": None}
    return {
        "analyzer": told.analyzer,
        "morphemes_ms": round(told.passages_ms, 1),
        "question_morphemes_ms": round(told.question_ms, 2),
    }


def _manual(path: Path) -> "ReadManual":
    from kis.assistant.evaluation.pages import read_manual

    try:
        if path.stat().st_size > LARGEST_MANUAL:
            wrong = Message("assistant_reading.too_large", {"most": LARGEST_MANUAL})
            raise BadInput(str(path), [Problem("--pdf", wrong)])
        content = path.read_bytes()
    except OSError as error:
        wrong = Message("assistant_reading.unreadable", {"reason": error.strerror or "?"})
        raise BadInput(str(path), [Problem("--pdf", wrong)]) from None
    manual = read_manual(content)
    if manual.document.state != "ready":
        wrong = Message(f"assistant_reading.state.{manual.document.state.value}")
        raise BadInput(str(path), [Problem("--pdf", wrong)])
    return manual


def _shape(outcome: "PageOutcome", failures: "list[Asked]", *, with_failures: bool) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "pages": outcome.pages,
        "passages": outcome.passages,
        "reading_ms": round(outcome.reading_ms, 1),
        "indexing_ms": round(outcome.indexing_ms, 1),
        **_figures(outcome.figures[0]),
        "kinds": {figures.kind or "": _figures(figures) for figures in outcome.figures[1:]},
    }
    if with_failures:
        shape["failures"] = [
            {
                "qid": one.question.id,
                "question": one.question.text,
                "pages": sorted(one.question.pages),
                "found": list(one.found),
                "refusal": one.refusal,
            }
            for one in failures
        ]
    return shape


def _figures(figures: "PageFigures") -> dict[str, Any]:
    shares = {f"hit_at_{at}": share for at, share in figures.hits.items()}
    shares |= {name: getattr(figures, name) for name in _SHARES}
    return {
        "questions": figures.questions,
        **{name: None if share is None else round(share, 4) for name, share in shares.items()},
        **{name: round(getattr(figures, name), 2) for name in (*_FOUND, *_ANSWERED)},
    }


def _show(pdf: Path, outcome: "PageOutcome", failures: "list[Asked]") -> None:
    values = {
        "name": pdf.name,
        "pages": outcome.pages,
        "passages": outcome.passages,
        "reading": f"{outcome.reading_ms:.0f}",
        "indexing": f"{outcome.indexing_ms:.0f}",
    }
    say(Message("assistant_reading.heading", values))
    _show_table(outcome.figures, lambda figures: figures.hits.values(), _FOUND)
    _show_table(
        outcome.figures, lambda figures: [getattr(figures, name) for name in _SHARES], _ANSWERED, _SHARES
    )
    for one in failures:
        missed = {
            "qid": one.question.id,
            "question": one.question.text,
            "pages": ", ".join(map(str, sorted(one.question.pages))),
            "found": ", ".join(map(str, one.found)) or "–",
        }
        say(Message("assistant_reading.failure", missed))


def _show_table(
    figures: "Sequence[PageFigures]",
    shares: "Callable[[PageFigures], Iterable[float | None]]",
    times: tuple[str, ...],
    names: tuple[str, ...] = (),
) -> None:
    """Show a row for each kind: its shares, named or as hits, and its times."""
    of_shares = [Message(f"assistant_reading.column.{name}") for name in names] or [
        Message("assistant_reading.column.hit", {"at": at}) for at in figures[0].hits
    ]
    first = [Message(f"assistant_reading.column.{name}") for name in ("kind", "questions")]
    headings = [*first, *of_shares, *(Message(f"assistant_reading.column.{name}") for name in times)]
    made = table(*headings, numeric=tuple(range(1, len(headings))))
    for one in figures:
        shown = ["–" if share is None else f"{share:.3f}" for share in shares(one)]
        took = [f"{getattr(one, name):.1f}" for name in times]
        made.add_row(one.kind or "*", f"{one.questions:,}", *shown, *took)
    console().print(made)
