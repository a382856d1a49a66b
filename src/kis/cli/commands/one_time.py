"""How somebody at the machine logs in: with a one-time link, or a command for them."""

import json
import shlex
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kis.identity import Identity, IssuedLink, Login
    from kis.platform.configuration import Settings


def login_command(url: str, token: str) -> str:
    """Return the line that logs in at ``url``, to be pasted into a shell."""
    body = json.dumps({"token": token})
    words = ["curl", "-sS", f"{url}/v1/auth/one-time", "-H", "Content-Type: application/json", "-d", body]
    return shlex.join(words)


def reached_at(settings: "Settings", running_url: str) -> "Settings":
    """Return the settings with the address that people reach: the one that is set, else where the running KIS answers."""
    application = settings.application
    if application.public_url or not running_url:
        return settings
    return replace(settings, application=application.model_copy(update={"public_url": running_url}))


async def issued_link(settings: "Settings", url: str, email: str) -> "IssuedLink":
    """Return a link for ``email``, made in the database at ``url``; it is audited. Raises NotFound."""
    async with _identity(settings, url) as identity:
        return await identity.organizations.link_for_operator_at_this_machine(email)


async def opened_login(settings: "Settings", url: str, email: str, program: str) -> "Login":
    """Return a login of ``email``, with none the operator's, opened in the database at ``url``; it is audited. Raises NotFound."""
    from kis.identity import Origin

    async with _identity(settings, url) as identity:
        return await identity.sessions.open_at_this_machine(email, Origin(user_agent=program))


@asynccontextmanager
async def _identity(settings: "Settings", url: str) -> "AsyncIterator[Identity]":
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
        yield identity
    finally:
        identity.close()
        await database.close()
