"""The program: finds the verb, runs it, and turns whatever happens into words and an exit code."""

import importlib
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import click

from kis import __version__
from kis.cli.commands import SECTIONS, VERBS
from kis.cli.declare import Group, Option, global_options
from kis.cli.exit_codes import BAD_REQUEST, BROKEN, DONE, INTERRUPTED, READER_GONE
from kis.cli.output import print_json
from kis.cli.session import Session, session_of
from kis.cli.usage import usage_problem
from kis.platform import settings
from kis.platform.errors import BadInput, KisError, NotFound, Problem
from kis.platform.messages import Message

PROGRAM: Final = "kis"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program with ``argv`` (the process's own arguments by default) and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    session = session_of(arguments)
    _show_what_the_terminal_can()
    try:
        code = _run(arguments, session)
        sys.stdout.flush()
    except BrokenPipeError:
        _stop_writing()
        return READER_GONE
    return code


def _run(arguments: list[str], session: Session) -> int:
    try:
        with root().make_context(PROGRAM, arguments, obj=session) as context:
            returned = context.command.invoke(context)
    except click.exceptions.Exit as ended:  # --help and --version end the run where they stand
        return ended.exit_code
    except click.ClickException as wrong:
        return _correct_usage(wrong, session)
    except (KeyboardInterrupt, click.Abort):
        click.echo(session.text(Message("cli.interrupted")), err=True)
        return INTERRUPTED
    except BrokenPipeError:
        raise
    except KisError as error:
        return _refuse(error, session)
    except Exception as error:  # noqa: BLE001 - the one place where the unexpected becomes a calm line
        return _break_off(error, session)
    return returned if isinstance(returned, int) else DONE


class Root(Group):
    """The program's own group: knows its verbs by name and imports the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the verbs in the order of the help."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Return the verb, imported now."""
        verb = VERBS.get(cmd_name)
        if verb is None:
            return None
        module = importlib.import_module(f"kis.cli.commands.{verb.module}")
        found = getattr(module, verb.attribute)
        assert isinstance(found, click.Command), f"{module.__name__}.{verb.attribute} is not a command"
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the verb and its arguments; a misspelt one is answered with those that look like it."""
        try:
            return super().resolve_command(ctx, args)
        except click.exceptions.NoSuchCommand as unknown:
            raise click.exceptions.NoSuchCommand(unknown.command_name, possibilities=VERBS, ctx=ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the verbs under their headings, without importing any."""
        session = ctx.find_root().obj
        for section in SECTIONS:
            with formatter.section(session.text(Message(section.title_key))):
                formatter.write_dl(
                    [(verb.name, session.text(Message(verb.help_key))) for verb in section.verbs]
                )


def root() -> Root:
    """Return the program as a click group."""
    version = Option(
        ["--version"],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_show_version,
        help_key="cli.option.version",
    )
    return Root(
        PROGRAM,
        help_key="cli.about",
        params=[*global_options(hidden=False), version],
        takes_global_options=False,
        no_args_is_help=True,
    )


def _show_version(context: click.Context, _option: click.Parameter, is_asked: bool) -> None:  # noqa: FBT001 - click's signature
    if is_asked:
        click.echo(f"{PROGRAM} {__version__}")
        context.exit()


def _correct_usage(wrong: click.ClickException, session: Session) -> int:
    """Say which argument is wrong; a group called without its command shows its help instead."""
    if isinstance(wrong, click.exceptions.NoArgsIsHelpError):
        click.echo(wrong.format_message(), err=True)
        return BAD_REQUEST
    where = wrong.ctx.command_path if isinstance(wrong, click.UsageError) and wrong.ctx else PROGRAM
    return _refuse(BadInput(where, [usage_problem(wrong)]), session)


def _refuse(error: KisError, session: Session) -> int:
    """Say what is wrong, as JSON where the output was to be JSON."""
    if session.debug:
        traceback.print_exception(error)
    problems = error.problems if isinstance(error, BadInput) else ()
    if session.as_json:
        shape = _error_shape(error.code, session.text(error.message), problems, session)
        print_json(shape | ({"meta": _plain(error.meta, session)} if error.meta else {}))
    else:
        click.echo(error.text(session.locale), err=True)
    return BAD_REQUEST if isinstance(error, BadInput | NotFound) else BROKEN


def _break_off(error: Exception, session: Session) -> int:
    """Keep the traceback for whoever looks into it; show the reader one line."""
    if session.debug:
        traceback.print_exception(error)
    kept = _keep_traceback(error, session)
    reason = _reason(error)
    key = "cli.broken_kept" if kept else "cli.broken"
    message = Message(key, {"reason": reason, "trace_id": session.trace_id, "path": kept or ""})
    if session.as_json:
        print_json(_error_shape("broken", session.text(message), (), session) | {"traceId": session.trace_id})
    else:
        click.echo(session.text(message), err=True)
    return BROKEN


def _reason(error: Exception) -> str:
    """Name the failure in a few words: the operating system's reason and file, else the kind of error."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    return type(error).__name__


def _keep_traceback(error: Exception, session: Session) -> Path | None:
    path = settings.home() / "failures" / f"{session.trace_id}.txt"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    except OSError:  # a full or read-only disk must not hide the failure itself
        return None
    return path


def _error_shape(code: str, message: str, problems: Sequence[Problem], session: Session) -> dict[str, object]:
    listed = [{"path": problem.path, "message": session.text(problem.message)} for problem in problems]
    return {"code": code, "message": message, "problems": listed}


def _plain(value: object, session: Session) -> object:
    """Return a fact of an error as JSON can hold it."""
    if isinstance(value, Message):
        return session.text(value)
    if isinstance(value, Mapping):
        return {str(name): _plain(item, session) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, session) for item in value]
    return value if isinstance(value, int | float | bool | None) else str(value)


def _show_what_the_terminal_can() -> None:
    """A terminal that cannot show a character shows a question mark in its place, never a failure."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="replace")


def _stop_writing() -> None:
    """Send what is still buffered nowhere, so that closing the stream at exit stays quiet."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
