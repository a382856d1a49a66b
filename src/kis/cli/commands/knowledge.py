"""``kis knowledge``: the knowledge base from the command line."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from kis.cli.commands.knowledge_evaluation import BASELINES, ENGINES, Outcome, evaluated
from kis.cli.commands.knowledge_files import export_articles, import_articles
from kis.cli.commands.knowledge_reindex import reindex_texts
from kis.cli.declare import argument, group, json_option, option
from kis.cli.exit_codes import DONE
from kis.cli.output import console, print_json, progress, say, table
from kis.cli.session import current_session
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message

if TYPE_CHECKING:
    from kis.search.evaluation import Asked, Figures, Kind, QuestionSet, Weakness

FILE = click.Path(path_type=Path, dir_okay=False)
ALL_KINDS = "all"
BASELINE = "whitespace_bm25"


@group("knowledge", help_key="knowledge_cli.help")
def knowledge() -> None:
    """Hold the commands over the knowledge base."""


knowledge.add_command(import_articles)
knowledge.add_command(export_articles)
knowledge.add_command(reindex_texts)


@knowledge.command("evaluate", help_key="knowledge_cli.evaluate.help")
@argument("name", metavar="[SET]", required=False, help_key="knowledge_cli.evaluate.set")
@option("--passages", type=FILE, help_key="knowledge_cli.evaluate.passages")
@option("--questions", type=FILE, help_key="knowledge_cli.evaluate.questions")
@option("--kinds", metavar="KIND,…", help_key="knowledge_cli.evaluate.kinds")
@option(
    "--engine", "engines", multiple=True, type=click.Choice(ENGINES), help_key="knowledge_cli.evaluate.engine"
)
@option("--no-baselines", "without_baselines", is_flag=True, help_key="knowledge_cli.evaluate.no_baselines")
@option("--details", type=FILE, help_key="knowledge_cli.evaluate.details")
@json_option
def evaluate(
    *,
    name: str | None,
    passages: Path | None,
    questions: Path | None,
    kinds: str | None,
    engines: tuple[str, ...],
    without_baselines: bool,
    details: Path | None,
    as_json: bool,
) -> int:
    """Ask a question set and show how well it is answered."""
    from kis.search.evaluation import asked, figures, weaknesses

    chosen = _engines(engines, without_baselines=without_baselines)
    wanted = _kinds(kinds, is_shipped=passages is None)
    question_set = _question_set(name, passages, questions)
    prepared = asked(question_set.passages, question_set.questions, wanted)
    if not prepared:
        raise BadInput("knowledge", [Problem("--kinds", Message("knowledge_cli.evaluate.nothing_asked"))])
    with _opened(details) as file:
        with progress(Message("knowledge_cli.progress.database")) as tell:
            outcome = evaluated(question_set, prepared, chosen, tell=tell)
        if file is not None:
            _write_details(file, outcome)
    rows = figures(outcome.answers)
    weak = weaknesses(rows, contestants=outcome.searches, baseline=BASELINE)
    if as_json:
        print_json(_shape(question_set, prepared, outcome, rows, weak))
    else:
        _show(question_set, prepared, outcome, rows, weak)
    return DONE


def _engines(given: Sequence[str], *, without_baselines: bool) -> list[str]:
    chosen = [name for name in ENGINES if name in (given or ENGINES)]
    if without_baselines:
        chosen = [name for name in chosen if name not in BASELINES]
    if not chosen:
        raise BadInput("knowledge", [Problem("--engine", Message("knowledge_cli.evaluate.nobody_asked"))])
    return chosen


def _kinds(given: str | None, *, is_shipped: bool) -> "list[Kind]":
    """Return the kinds to ask in, in their own order. A set of somebody's own may be made of such kinds already, so it is asked as it is."""
    from kis.search.evaluation import Kind

    if given is None:
        return list(Kind) if is_shipped else [Kind.AS_WRITTEN]
    names = {name.strip() for name in given.split(",")} - {""}
    if not names or names - {ALL_KINDS, *Kind}:
        possible = ", ".join((ALL_KINDS, *Kind))
        wrong = Message("knowledge_cli.evaluate.kind_unknown", {"kinds": possible})
        raise BadInput("knowledge", [Problem("--kinds", wrong)])
    return [kind for kind in Kind if ALL_KINDS in names or kind in names]


def _question_set(name: str | None, passages: Path | None, questions: Path | None) -> "QuestionSet":
    from kis.search.evaluation import SHIPPED, load_set, shipped_set

    if passages is None and questions is None:
        return shipped_set(name or SHIPPED[0])
    if passages is None or questions is None:
        missing = "--passages" if passages is None else "--questions"
        raise BadInput("knowledge", [Problem(missing, Message("knowledge_cli.evaluate.both_files"))])
    if name is not None:
        raise BadInput("knowledge", [Problem(name, Message("knowledge_cli.evaluate.set_or_files"))])
    return load_set(passages, questions, name=questions.name)


@contextmanager
def _opened(path: Path | None) -> Iterator[TextIO | None]:
    """Open the file of the details before anything is asked: minutes are not spent on what cannot be kept."""
    if path is None:
        yield None
        return
    try:
        file = path.open("w", encoding="utf-8")
    except OSError as error:
        wrong = Message("knowledge_cli.evaluate.not_writable", {"reason": error.strerror or "?"})
        raise BadInput("knowledge", [Problem(str(path), wrong)]) from None
    with file:
        yield file


def _write_details(file: TextIO, outcome: Outcome) -> None:
    from kis.search.evaluation import place_of

    for answer in outcome.answers:
        question = answer.asked.question
        line = {
            "engine": answer.contestant,
            "language": question.language.value,
            "kind": answer.asked.kind.value,
            "qid": question.id,
            "asked": answer.asked.text,
            "paragraph_ids": sorted(question.relevant),
            "place": place_of(answer),
            "ranking": list(answer.ranking),
            "milliseconds": round(answer.milliseconds, 3),
        }
        file.write(json.dumps(line, ensure_ascii=False) + "\n")


def _shape(
    question_set: "QuestionSet",
    asked: "Sequence[Asked]",
    outcome: Outcome,
    rows: "Sequence[Figures]",
    weak: "Sequence[Weakness]",
) -> dict[str, Any]:
    from kis.search.evaluation import SEED

    return {
        "set": question_set.name,
        "passages": len(question_set.passages),
        "questions": len(question_set.questions),
        "asked": len(asked),
        "seed": SEED,
        "seconds": round(outcome.seconds, 1),
        "results": [
            {
                "engine": row.contestant,
                "language": row.language.value if row.language else "all",
                "kind": row.kind.value,
                "questions": row.questions,
                **{f"recall_at_{at}": round(share, 4) for at, share in row.recall.items()},
                "mrr_at_10": round(row.mrr, 4),
                "ndcg_at_10": round(row.ndcg, 4),
                "median_ms": round(row.median_ms, 2),
                "p95_ms": round(row.p95_ms, 2),
            }
            for row in _in_order(rows)
        ],
        "weak": [
            {
                "engine": one.contestant,
                "language": one.language.value,
                "kind": one.kind.value,
                "reason": one.reason.value,
                "mrr_at_10": round(one.mrr, 4),
                "wanted": round(one.wanted, 4),
            }
            for one in weak
        ],
    }


def _show(
    question_set: "QuestionSet",
    asked: "Sequence[Asked]",
    outcome: Outcome,
    rows: "Sequence[Figures]",
    weak: "Sequence[Weakness]",
) -> None:
    session = current_session()
    values = {
        "name": question_set.name,
        "passages": len(question_set.passages),
        "questions": len(asked),
        "seconds": f"{outcome.seconds:.1f}",
    }
    say(Message("knowledge_cli.heading", values))
    columns = ("kind", "language", "engine", "questions")
    headings = [Message(f"knowledge_cli.column.{name}") for name in columns]
    headings += [Message("knowledge_cli.column.recall", {"at": at}) for at in rows[0].recall]
    headings += [Message(f"knowledge_cli.column.{name}") for name in ("mrr", "ndcg", "median_ms", "p95_ms")]
    made = table(*headings, numeric=tuple(range(3, len(headings))))
    last = None
    for row in _in_order([row for row in rows if row.language]):
        if last not in (None, (row.kind, row.language)):
            made.add_section()
        last = (row.kind, row.language)
        made.add_row(
            session.text(Message(f"knowledge_cli.kind.{row.kind.value}")),
            session.text(_language(row)),
            row.contestant,
            f"{row.questions:,}",
            *(f"{share:.3f}" for share in row.recall.values()),
            f"{row.mrr:.3f}",
            f"{row.ndcg:.3f}",
            f"{row.median_ms:.1f}",
            f"{row.p95_ms:.1f}",
        )
    console().print(made)
    if not outcome.searches:
        return
    if not weak:
        say(Message("knowledge_cli.weak.none"))
    for one in weak:
        told = {
            "engine": one.contestant,
            "language": _language(one),
            "kind": Message(f"knowledge_cli.kind.{one.kind.value}"),
            "mrr": f"{one.mrr:.3f}",
            "wanted": f"{one.wanted:.3f}",
            "reason": Message(f"knowledge_cli.weak.reason.{one.reason.value}"),
        }
        say(Message("knowledge_cli.weak.one", told))


def _language(row: "Figures | Weakness") -> Message:
    return Message(f"knowledge_cli.language.{'korean' if row.language == 'ko' else 'english'}")


def _in_order(rows: "Sequence[Figures]") -> "list[Figures]":
    """Return the rows with those together that are to be compared: one language and kind, answered by everybody."""
    groups = list(dict.fromkeys((row.language, row.kind) for row in rows))
    groups.sort(key=lambda group: group[0] is None)
    return [row for group in groups for row in rows if (row.language, row.kind) == group]
