"""How a command is declared: click's decorators, with every help sentence taken from the message catalogue.

    @command("explain", help_key="cli.command.explain")
    @argument("pack", help_key="explain.argument.pack")
    @option("--date", help_key="explain.option.date")
    @json_option
    def explain(pack: str, date: str | None, as_json: bool) -> int: ...

A command returns its exit code: 0 (or None) for a good end, 3 when a gate fails. Everything else is raised as a KisError.
The global options are understood after a command as well as before it.
"""

from collections.abc import Callable
from typing import Any, Final

import click

from kis.cli.help import Context
from kis.cli.session import DEBUG_OPTION, JSON_OPTION, LANGUAGE_OPTION, current_session
from kis.platform.messages import LOCALES, Message

Callback = Callable[..., Any]


class Option(click.Option):
    """An option whose help is a message."""

    def __init__(self, *arguments: Any, help_key: str, **attributes: Any) -> None:
        super().__init__(*arguments, **attributes)
        self.help_key = help_key

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return the option and what it means."""
        if self.hidden:
            return None
        return self.get_help_spec(ctx), " ".join([_text(self.help_key), *self._notes(ctx)])

    def _notes(self, ctx: click.Context) -> list[str]:
        extra = self.get_help_extra(ctx)
        notes = []
        if "default" in extra:
            notes.append(_text("cli.help.default", value=extra["default"]))
        if "required" in extra:
            notes.append(_text("cli.help.required"))
        return notes


class Argument(click.Argument):
    """An argument whose help is a message."""

    def __init__(self, *arguments: Any, help_key: str, **attributes: Any) -> None:
        super().__init__(*arguments, **attributes)
        self.help_key = help_key

    def get_help_record(self, ctx: click.Context) -> tuple[str, str]:
        """Return the argument and what it means."""
        return self.make_metavar(ctx), _text(self.help_key)


class Command(click.Command):
    """A command whose help is a message."""

    context_class = Context

    def __init__(
        self, *arguments: Any, help_key: str, takes_global_options: bool = True, **attributes: Any
    ) -> None:
        super().__init__(*arguments, **attributes)
        self.help_key = help_key
        if takes_global_options:
            self.params += global_options(hidden=True)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command does."""
        self.help = _text(self.help_key)
        super().format_help_text(ctx, formatter)

    def format_arguments(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what each argument means."""
        records = [one.get_help_record(ctx) for one in self.get_params(ctx) if isinstance(one, Argument)]
        if records:
            with formatter.section("Positional arguments"):
                formatter.write_dl(records)

    def get_short_help_str(self, limit: int = 0) -> str:  # noqa: ARG002 - click's signature; lines wrap instead
        """Return the first paragraph of what the command does."""
        return _text(self.help_key).partition("\n\n")[0]

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return ``--help``, explained in the reader's language."""
        found = super().get_help_option(ctx)
        if found:
            found.help = _text("cli.help.help")
        return found


class Group(Command, click.Group):
    """A command that holds others, which its own decorators declare."""

    command_class = Command


def command(name: str, *, help_key: str, **attributes: Any) -> Callable[[Callback], Command]:
    """Declare a command."""
    return click.command(name, cls=Command, help_key=help_key, **attributes)


def group(name: str, *, help_key: str, **attributes: Any) -> Callable[[Callback], Group]:
    """Declare a command that holds others: ``@<group>.command("verify", help_key=...)``."""
    return click.group(name, cls=Group, help_key=help_key, **attributes)


def option(*names: str, help_key: str, **attributes: Any) -> Callable[[Callback], Callback]:
    """Declare an option of the command below."""
    return click.option(*names, cls=Option, help_key=help_key, **attributes)


def argument(name: str, *, help_key: str, **attributes: Any) -> Callable[[Callback], Callback]:
    """Declare an argument of the command below."""
    return click.argument(name, cls=Argument, help_key=help_key, **attributes)


json_option: Final = option(JSON_OPTION, "as_json", is_flag=True, help_key="cli.option.json")


def global_options(*, hidden: bool) -> list[click.Parameter]:
    """What :class:`~kis.cli.session.Session` has read already; declared so that click accepts and checks them."""
    return [
        Option(
            [LANGUAGE_OPTION],
            type=click.Choice(LOCALES),
            expose_value=False,
            hidden=hidden,
            help_key="cli.option.lang",
        ),
        Option([DEBUG_OPTION], is_flag=True, expose_value=False, hidden=hidden, help_key="cli.option.debug"),
    ]


def _text(key: str, **values: object) -> str:
    return current_session().text(Message(key, values))
