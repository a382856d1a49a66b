"""Wrong usage, in the reader's language: click's exceptions as problems with messages of the catalogue."""

import click

from kis.platform.errors import Problem
from kis.platform.messages import Message


def usage_problem(wrong: click.ClickException) -> Problem:
    """Return what is wrong with the arguments and what would be right."""
    match wrong:
        case click.NoSuchOption():
            return Problem(wrong.option_name, _unknown("option", wrong.option_name, wrong.possibilities))
        case click.exceptions.NoSuchCommand():
            return Problem(wrong.command_name, _unknown("command", wrong.command_name, wrong.possibilities))
        case click.MissingParameter():
            return Problem(_name_of(wrong), Message("cli.usage.missing"))
        case click.BadParameter():
            return Problem(_name_of(wrong), _bad_value(wrong))
        case click.exceptions.BadOptionUsage():
            return Problem(wrong.option_name, Message("cli.usage.other", {"reason": wrong.message}))
        case _:
            return Problem("", Message("cli.usage.other", {"reason": wrong.format_message()}))


def _unknown(kind: str, name: str, possibilities: list[str] | None) -> Message:
    if possibilities:
        values = {"name": name, "possibilities": ", ".join(sorted(possibilities))}
        return Message(f"cli.usage.unknown_{kind}_similar", values)
    return Message(f"cli.usage.unknown_{kind}", {"name": name})


def _bad_value(wrong: click.BadParameter) -> Message:
    kind = wrong.param.type if wrong.param else None
    if isinstance(kind, click.Choice):
        return Message("cli.usage.not_a_choice", {"choices": ", ".join(map(str, kind.choices))})
    return Message("cli.usage.other", {"reason": wrong.message})


def _name_of(wrong: click.BadParameter) -> str:
    if wrong.param is None:
        return ""
    if isinstance(wrong.param, click.Argument) and wrong.ctx:
        return wrong.param.make_metavar(wrong.ctx)
    return max(wrong.param.opts, key=len)
