"""How a command shows things: calm tables on a terminal, plain text anywhere else, JSON when asked.

rich is imported when the first table or progress line is made, not before. It honours NO_COLOR, and writes no control codes
unless a terminal reads them. A verdict always carries its symbol and its word; colour only repeats them.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Literal

import click

from kis.cli.session import current_session
from kis.platform.messages import Message

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

Verdict = Literal["pass", "remark", "fail", "not_checked"]

PLAIN_WIDTH: Final = 120
"""Columns of a table that goes to a file or a pipe, where no terminal says how wide it is; COLUMNS overrides it."""

VERDICT_SYMBOLS: Final[dict[Verdict, str]] = {"pass": "✓", "remark": "●", "fail": "✗", "not_checked": "–"}
VERDICT_STYLES: Final[dict[Verdict, str]] = {
    "pass": "green",
    "remark": "yellow",
    "fail": "bold red",
    "not_checked": "dim",
}


def say(message: Message) -> None:
    """Print a sentence on standard output."""
    click.echo(current_session().text(message))


def warn(message: Message) -> None:
    """Print a sentence on standard error, where it does not mix with a result."""
    click.echo(current_session().text(message), err=True)


def print_json(value: object) -> None:
    """Print ``value`` as JSON, in UTF-8 whatever the terminal's encoding is."""
    text = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)
    click.echo(text.encode() + b"\n", nl=False)


def console(*, stderr: bool = False) -> Console:
    """Return a rich console for standard output or standard error. Text is shown as it is: no markup, no emoji codes."""
    from rich.console import Console

    is_terminal = (sys.stderr if stderr else sys.stdout).isatty()
    width = None if is_terminal else _plain_width()
    return Console(stderr=stderr, highlight=False, markup=False, emoji=False, width=width)


def table(*headings: Message, numeric: tuple[int, ...] = (), title: Message | None = None) -> Table:
    """Return an empty table in the house style: one thin rule under the headings, columns ``numeric`` set flush right.

    The first column names the row; neither it nor a number is ever broken.
    """
    from rich import box
    from rich.table import Table

    session = current_session()
    made = Table(
        title=session.text(title) if title else None,
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        header_style="bold",
        border_style="dim",
        pad_edge=False,
        padding=(0, 2, 0, 0),
    )
    for position, heading in enumerate(headings):
        made.add_column(
            session.text(heading),
            justify="right" if position in numeric else "left",
            overflow="fold",
            no_wrap=position == 0 or position in numeric,
        )
    return made


def verdict_text(verdict: Verdict) -> Text:
    """Return the verdict's symbol and word, coloured."""
    from rich.text import Text

    return Text(f"{VERDICT_SYMBOLS[verdict]} {verdict_word(verdict)}", style=VERDICT_STYLES[verdict])


def verdict_word(verdict: Verdict) -> str:
    """Return the verdict in the reader's language."""
    return current_session().text(Message(f"cli.verdict.{verdict}"))


@contextmanager
def progress(first: Message) -> Iterator[Callable[[Message], None]]:
    """Show what is going on, one line that is gone when the block ends; nothing where nobody watches.

    Yields the function that changes the line.
    """
    session = current_session()
    if session.as_json or not sys.stderr.isatty():
        yield lambda _message: None
        return
    with console(stderr=True).status(session.text(first)) as line:
        yield lambda message: line.update(session.text(message))


def _plain_width() -> int:
    asked = os.environ.get("COLUMNS", "")
    return int(asked) if asked.isdecimal() and int(asked) > 0 else PLAIN_WIDTH
