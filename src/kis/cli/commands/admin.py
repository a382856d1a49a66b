"""``kis admin``: what only who has the machine may do."""

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from kis.cli.commands.installed import data_option, installed_database, require_schema
from kis.cli.commands.one_time import login_command
from kis.cli.declare import argument, group, json_option
from kis.cli.exit_codes import DONE
from kis.cli.output import print_json, say
from kis.platform.messages import Message

if TYPE_CHECKING:
    from kis.identity import IssuedLink
    from kis.platform.configuration import Settings


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
        reached = _reached(settings, urls.running.url if urls.running else "")
        made = asyncio.run(_made(reached, urls.app, email))
    if as_json:
        print_json({"url": made.url, "token": made.token, "expires_at": made.expires_at.isoformat()})
    else:
        click.echo(login_command(made.url.partition("/login/link#")[0], made.token))
        say(Message("admin_cli.link.once", {"until": f"{made.expires_at:%Y-%m-%d %H:%M} UTC"}))
    return DONE


def _reached(settings: "Settings", running_url: str) -> "Settings":
    """Return the settings with the address that people reach: the one that is set, else where the running KIS answers."""
    application = settings.application
    if application.public_url or not running_url:
        return settings
    return replace(settings, application=application.model_copy(update={"public_url": running_url}))


async def _made(settings: "Settings", url: str, email: str) -> "IssuedLink":
    from kis.identity import Identity
    from kis.platform.database import Database
    from kis.platform.limits import InProcess
    from kis.platform.mail import NullMailer
    from kis.platform.secrets import installation_secret

    database = Database(url, pool_size=1, name="kis-admin")
    identity = Identity(
        database,
        settings,
        limiter=InProcess(),
        mailer=NullMailer(),
        secret=installation_secret(settings),
    )
    try:
        return await identity.organizations.link_for_operator_at_this_machine(email)
    finally:
        identity.close()
        await database.close()
