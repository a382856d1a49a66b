"""``kis admin``: what only who has the machine may do."""

import asyncio

import click

from kis.cli.commands.installed import data_option, installed_database, require_schema
from kis.cli.commands.one_time import issued_link, login_command, reached_at
from kis.cli.declare import argument, group, json_option
from kis.cli.exit_codes import DONE
from kis.cli.output import print_json, say
from kis.platform.messages import Message


@group("admin", help_key="admin_cli.help")
def admin() -> None:
    """Hold the commands of the operator at this machine."""


@admin.command("link", help_key="admin_cli.link.help")
@argument("email", help_key="admin_cli.link.email")
@data_option
@json_option
def link(*, email: str, as_json: bool) -> int:
    """Make a one-time login link for somebody who is locked out; it is audited."""
    with installed_database() as (settings, urls):
        require_schema(urls.owner)
        reached = reached_at(settings, urls.running.url if urls.running else "")
        made = asyncio.run(issued_link(reached, urls.app, email))
    if as_json:
        print_json({"url": made.url, "token": made.token, "expires_at": made.expires_at.isoformat()})
    else:
        click.echo(login_command(made.url.partition("/login/link#")[0], made.token))
        say(Message("admin_cli.link.once", {"until": f"{made.expires_at:%Y-%m-%d %H:%M} UTC"}))
    return DONE
