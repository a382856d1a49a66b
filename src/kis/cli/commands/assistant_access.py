"""Which KIS to talk with, and as whom.

Without ``--server`` it is the KIS that is up on this machine's data folder; who has the machine is let in there without a password, as with ``kis admin
link``. Elsewhere it is an API key (KIS_API_KEY), an e-mail address with its password, or nobody where the installation lets anybody ask. A key and a person
together are refused: whose questions they are must not hang on which of the two counts for more.
"""

import asyncio
import os
from typing import Final
from urllib.parse import urlsplit

import click

from kis.cli.assistant_chat.access import Access
from kis.cli.assistant_chat.errors import NotRunning
from kis.cli.commands.installed import installed_database
from kis.cli.commands.one_time import opened_login
from kis.cli.session import current_session
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message

KEY_VARIABLE: Final = "KIS_API_KEY"
PROGRAM: Final = "kis assistant chat"
"""As which the login stands in the list of the person's logins."""


def find_access(server: str | None, email: str | None, *, may_ask: bool) -> Access:
    """Return the way in. Raises NotRunning, NotFound for a person who is not there, and BadInput."""
    key = os.environ.get(KEY_VARIABLE, "")
    if key and email is not None:
        raise BadInput("chat", [Problem("--as", Message("assistant_chat.key_and_person"))])
    if server is not None:
        url = _address(server)
        if email is None:
            return Access(url=url, api_key=key)
        if not may_ask:
            raise BadInput("chat", [Problem("--as", Message("assistant_chat.key_needed"))])
        told = current_session().text(Message("assistant_chat.password", {"email": email}))
        return Access(url=url, email=email, password=click.prompt(told, hide_input=True, err=True))
    return _here(key, email)


def _here(key: str, email: str | None) -> Access:
    """Return the way into the KIS that is up on this machine."""
    from kis.platform.configuration import load_settings
    from kis.platform.embedded import running_instance

    data = load_settings().application.data
    instance = running_instance(data)
    if instance is None or not instance.url:
        raise NotRunning(data)
    if key:
        return Access(url=instance.url, api_key=key)
    with installed_database() as (settings, urls):
        login = asyncio.run(opened_login(settings, urls.app, email or "", PROGRAM))
    return Access(url=instance.url, refresh_token=login.refresh_token)


def _address(server: str) -> str:
    """Return the address without what may stand behind it. Raises BadInput for what is none."""
    url = server if "://" in server else f"http://{server}"
    try:
        parts = urlsplit(url)
        is_usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None
        _ = parts.port
    except ValueError:
        is_usable = False
    if not is_usable or parts.query or parts.fragment:
        raise BadInput("chat", [Problem("--server", Message("assistant_chat.not_an_address"))])
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
