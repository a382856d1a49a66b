"""docs/reference/cli.md: every verb with its arguments and options, in both languages, read from the program itself."""

from collections.abc import Iterator

import click

from kis.cli.app import root
from kis.cli.commands import SECTIONS
from kis.cli.exit_codes import BAD_REQUEST, BROKEN, DONE, GATE_FAILS, INTERRUPTED, READER_GONE
from kis.cli.session import Session
from kis.platform.messages import LOCALES, Locale, Message

INTRODUCTION = f"""# Command line

<!-- Made by `./kis docs --write` from the program itself. -->

`./kis` in a checkout, `kis` where the package is installed. Help and messages come in Korean or English: `--lang` decides, then
`KIS_LANG`, then `LANG`; Korean unless they say English.

| exit code | meaning |
| --- | --- |
| {DONE} | done; every gate passes |
| {BROKEN} | broken: one line with a trace id (`--debug` shows the traceback) |
| {BAD_REQUEST} | a bad request or wrong usage: every problem at once |
| {GATE_FAILS} | a gate fails; the files are written all the same |
| {INTERRUPTED} | interrupted from the keyboard |
| {READER_GONE} | the reader of the output went away (`kis … \\| head`) |

With `--json` a refusal is JSON too: `{{"code", "message", "problems": [{{"path", "message"}}]}}` on standard output,
with the facts of it that a program can act on in `"meta"` where there are any.
"""


def render() -> str:
    """Return the page."""
    program = root()
    parts = [INTRODUCTION, "## Global options\n", *_table(program, ())]
    for section in SECTIONS:
        parts.append(f"## {_both(Message(section.title_key))}\n")
        for verb in section.verbs:
            with _context(program, (), "en") as context:
                command = program.get_command(context, verb.name)
            assert command is not None
            parts += _pages(command, (verb.name,), level=3)
    return "\n".join(parts).rstrip("\n") + "\n"


def _pages(command: click.Command, path: tuple[str, ...], *, level: int) -> Iterator[str]:
    yield f"{'#' * level} {' '.join(path)}\n"
    for locale in LOCALES[::-1]:
        with _context(command, path, locale):
            yield f"{command.get_short_help_str()}\n"
    with _context(command, path, "en") as context:
        pieces = " ".join(command.collect_usage_pieces(context))
        yield f"```\n{context.command_path} {pieces}\n```\n"
    yield from _table(command, path)
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from _pages(below, (*path, name), level=level + 1)


def _table(command: click.Command, path: tuple[str, ...]) -> Iterator[str]:
    rows = {locale: _records(command, path, locale) for locale in LOCALES}
    if not rows["en"]:
        return
    yield "| | English | 한국어 |\n| --- | --- | --- |"
    for (name, english), (_, korean) in zip(rows["en"], rows["ko"], strict=True):
        yield f"| `{_cell(name)}` | {_cell(english)} | {_cell(korean)} |"
    yield ""


def _records(command: click.Command, path: tuple[str, ...], locale: Locale) -> list[tuple[str, str]]:
    with _context(command, path, locale) as context:
        records = [parameter.get_help_record(context) for parameter in command.params]
    return [record for record in records if record is not None]


def _context(command: click.Command, path: tuple[str, ...], locale: Locale) -> click.Context:
    """Return the context in which ``command`` describes itself in ``locale``."""
    session = Session(locale=locale)
    return command.context_class(command, info_name=" ".join(("kis", *path)), obj=session)


def _both(message: Message) -> str:
    return " · ".join(message.text(locale) for locale in LOCALES[::-1])


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
