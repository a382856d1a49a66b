"""``kis assistant evaluate-typing``: how well products are predicted while their names are typed."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from kis.cli.declare import command, json_option, option
from kis.cli.exit_codes import DONE
from kis.cli.output import console, print_json, progress, say, table
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message

if TYPE_CHECKING:
    from kis.assistant.evaluation.typing import Built, Figures, ListedProduct, Miss, Trace, Typed

FILE = click.Path(path_type=Path, dir_okay=False)
MOST_FAILURES: Final = 1_000
TOLD_EVERY: Final = 20
"""Traces, between two changes of the line of progress."""


@command("evaluate-typing", help_key="assistant_typing.help")
@option("--products", "products_path", type=FILE, help_key="assistant_typing.option.products")
@option("--traces", "traces_path", type=FILE, help_key="assistant_typing.option.traces")
@option("--seed", type=int, help_key="assistant_typing.option.seed")
@option("--per-kind", type=click.IntRange(1, 5_000), metavar="N", help_key="assistant_typing.option.per_kind")
@option("--write-traces", type=FILE, help_key="assistant_typing.option.write_traces")
@option(
    "--failures",
    type=click.IntRange(0, MOST_FAILURES),
    default=0,
    metavar="N",
    help_key="assistant_typing.option.failures",
)
@json_option
def evaluate_typing(
    *,
    products_path: Path | None,
    traces_path: Path | None,
    seed: int | None,
    per_kind: int | None,
    write_traces: Path | None,
    failures: int,
    as_json: bool,
) -> int:
    """Type every trace into the predictor and show how soon and how surely it knows the product."""
    from kis.assistant.evaluation.typing import built, figures, misses, typed

    _refuse_for_own_traces(traces_path, seed=seed, per_kind=per_kind, write_traces=write_traces)
    with progress(Message("assistant_typing.progress.reading")) as tell:
        products = _products(products_path)
        traces = _traces(traces_path, products, seed=seed, per_kind=per_kind)
        if write_traces is not None:
            _write(write_traces, traces)
        tell(Message("assistant_typing.progress.building", {"count": len(products)}))
        having = built(products)
        answers: list[Typed] = []
        for answer in typed(having.predictor, traces):
            if len(answers) % TOLD_EVERY == 0:
                counts = {"done": len(answers), "count": len(traces)}
                tell(Message("assistant_typing.progress.typing", counts))
            answers.append(answer)
    rows = figures(answers)
    failed = misses(answers, rows, most=failures)
    if as_json:
        print_json(_shape(products, having, rows, failed))
    else:
        _show(products, having, rows, failed, is_asked=failures > 0)
    return DONE


def _refuse_for_own_traces(
    traces_path: Path | None, *, seed: int | None, per_kind: int | None, write_traces: Path | None
) -> None:
    if traces_path is None:
        return
    given = {"--seed": seed, "--per-kind": per_kind, "--write-traces": write_traces}
    wrong = [name for name, value in given.items() if value is not None]
    if wrong:
        raise BadInput("assistant", [Problem(name, Message("assistant_typing.own_traces")) for name in wrong])


def _products(path: Path | None) -> "list[ListedProduct]":
    from kis.assistant.evaluation.typing import load_products, shipped_products

    return shipped_products() if path is None else load_products(path)


def _traces(
    path: Path | None, products: "Sequence[ListedProduct]", *, seed: int | None, per_kind: int | None
) -> "list[Trace]":
    from kis.assistant.evaluation.typing import PER_KIND, SEED, load_traces, made_traces

    if path is not None:
        return load_traces(path, products)
    made = made_traces(
        products, seed=SEED if seed is None else seed, per_kind=PER_KIND if per_kind is None else per_kind
    )
    if not made:
        raise BadInput("assistant", [Problem("--products", Message("assistant_typing.nothing_made"))])
    return made


def _write(path: Path, traces: "Sequence[Trace]") -> None:
    from kis.assistant.evaluation.typing import trace_lines

    try:
        with path.open("w", encoding="utf-8") as file:
            file.writelines(trace_lines(traces))
    except OSError as error:
        wrong = Message("assistant_typing.not_writable", {"reason": error.strerror or "?"})
        raise BadInput("assistant", [Problem(str(path), wrong)]) from None


def _shape(
    products: "Sequence[ListedProduct]", built: "Built", rows: "Sequence[Figures]", failed: "Sequence[Miss]"
) -> dict[str, Any]:
    names = {product.id: product.name for product in products}
    return {
        "products": len(products),
        "traces": rows[-1].count,
        "keys": rows[-1].keys,
        "build_seconds": round(built.seconds, 3),
        "memory_mb": round(built.megabytes, 3),
        "results": [
            {
                name: round(value, 4) if isinstance(value, float) else value
                for name, value in asdict(row).items()
            }
            for row in rows
        ],
        "failures": [
            {
                "kind": one.kind,
                "target": one.target,
                "name": names[one.target],
                "typed": one.typed,
                "place": one.place,
                "confidence": round(one.confidence, 4),
                "shown": [{"id": shown, "name": names.get(shown, "")} for shown in one.shown],
            }
            for one in failed
        ],
    }


def _show(
    products: "Sequence[ListedProduct]",
    built: "Built",
    rows: "Sequence[Figures]",
    failed: "Sequence[Miss]",
    *,
    is_asked: bool,
) -> None:
    values = {
        "products": len(products),
        "traces": rows[-1].count,
        "keys": rows[-1].keys,
        "build_seconds": built.seconds,
        "megabytes": built.megabytes,
    }
    say(Message("assistant_typing.heading", values))
    console().print(_figures_table(rows))
    if failed:
        console().print(_failures_table(products, failed))
    elif is_asked:
        say(Message("assistant_typing.no_failures"))


def _figures_table(rows: "Sequence[Figures]") -> Any:
    from kis.assistant.evaluation.typing import ALL_KINDS

    shares = ("hit_at_1", "hit_at_3", "final_at_1", "need")
    columns = ("kind", "count", *shares, "flicker", "p50_ms", "p95_ms")
    made = table(*_headings(*columns), numeric=tuple(range(1, len(columns))))
    for row in rows:
        if row.kind == ALL_KINDS:
            made.add_section()
        made.add_row(
            row.kind,
            f"{row.count:,}",
            *(f"{getattr(row, name):.4f}" for name in shares),
            f"{row.flicker:.2f}",
            f"{row.p50_ms:.2f}",
            f"{row.p95_ms:.2f}",
        )
    return made


def _failures_table(products: "Sequence[ListedProduct]", failed: "Sequence[Miss]") -> Any:
    names = {product.id: product.name for product in products}
    made = table(*_headings("kind", "typed", "wanted", "place", "shown"), numeric=(3,))
    for one in failed:
        first = names.get(one.shown[0], one.shown[0]) if one.shown else "–"
        made.add_row(one.kind, one.typed, names[one.target], str(one.place or "–"), first)
    return made


def _headings(*names: str) -> list[Message]:
    return [Message(f"assistant_typing.column.{name}") for name in names]
