"""``kis assistant``: the assistant from the command line."""

from kis.cli.commands.assistant_chat import chat
from kis.cli.commands.assistant_pages import evaluate_pages
from kis.cli.commands.assistant_products import import_catalogs, lint_catalogs
from kis.cli.commands.assistant_typing import evaluate_typing
from kis.cli.declare import group


@group("assistant", help_key="assistant_typing.group")
def assistant() -> None:
    """Hold the commands of the assistant."""


assistant.add_command(evaluate_typing)
assistant.add_command(evaluate_pages)
assistant.add_command(chat)
assistant.add_command(import_catalogs)
assistant.add_command(lint_catalogs)
