"""Help pages: click's layout, measured in terminal columns (a Hangul syllable takes two) and headed in the reader's language."""

import unicodedata
from collections.abc import Iterable
from typing import Final

import click

from kis.cli.session import current_session
from kis.platform.messages import Message

# click's own English headings, and the messages that replace them
HEADINGS: Final = {
    "Options": "cli.help.options",
    "Commands": "cli.help.commands",
    "Positional arguments": "cli.help.arguments",
}


def display_width(text: str) -> int:
    """Return how many terminal columns ``text`` takes."""
    return sum(_character_width(character) for character in text)


def wrap(text: str, width: int) -> list[str]:
    """Break ``text`` at spaces into lines of at most ``width`` columns; a longer word stays whole."""
    lines: list[str] = []
    for word in text.split():
        if lines and display_width(lines[-1]) + 1 + display_width(word) <= width:
            lines[-1] += " " + word
        else:
            lines.append(word)
    return lines


class HelpFormatter(click.HelpFormatter):
    """Writes one help page."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the usage line."""
        usage = current_session().text(Message("cli.help.usage"))
        self.write(f"{prefix or usage + ': '}{prog} {args}".rstrip() + "\n")

    def write_heading(self, heading: str) -> None:
        """Write a heading, in the reader's language when it is one of click's own."""
        key = HEADINGS.get(heading)
        super().write_heading(current_session().text(Message(key)) if key else heading)

    def write_text(self, text: str) -> None:
        """Write paragraphs, each wrapped."""
        indent = " " * self.current_indent
        paragraphs = [
            "\n".join(indent + line for line in wrap(paragraph, self.width - self.current_indent))
            for paragraph in text.split("\n\n")
        ]
        self.write("\n\n".join(paragraphs) + "\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write terms and what they mean in two columns."""
        listed = list(rows)
        first_column = min(max((display_width(term) for term, _ in listed), default=0), col_max) + col_spacing
        indent = " " * self.current_indent
        for term, meaning in listed:
            lines = wrap(meaning, self.width - self.current_indent - first_column)
            gap = first_column - display_width(term)
            if gap < col_spacing:
                self.write(f"{indent}{term}\n")
            else:
                opening = f"{indent}{term}{' ' * gap}" + (lines.pop(0) if lines else "")
                self.write(opening.rstrip() + "\n")
            for line in lines:
                self.write(f"{indent}{' ' * first_column}{line}\n")


class Context(click.Context):
    """A click context whose help is written by :class:`HelpFormatter`."""

    formatter_class = HelpFormatter


def _character_width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
