"""Where to go, and what to show there of who calls."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Where to go and what to show there; at most one of the ways to log in."""

    url: str
    api_key: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)
    """Of a login that was opened at this machine; the server gives the tokens to be shown for it."""
    email: str = ""
    password: str = field(default="", repr=False)
