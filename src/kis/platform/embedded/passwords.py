"""The passwords of the embedded database's roles: made once, readable for the owner of the data folder alone."""

import json
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from kis.platform import durable

PASSWORD_FILE: Final = "database.json"
_OWNER_ONLY: Final = 0o600


def _made() -> str:
    return secrets.token_urlsafe(32)


@dataclass(frozen=True, slots=True)
class Passwords:
    """One password per role that logs in."""

    superuser: str = field(default_factory=_made, repr=False)
    owner: str = field(default_factory=_made, repr=False)
    application: str = field(default_factory=_made, repr=False)

    @classmethod
    def kept_in(cls, data: Path) -> "Passwords | None":
        """Return those of the data folder, None where there are none."""
        try:
            text = (data / PASSWORD_FILE).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        return cls(**json.loads(text))

    def keep_in(self, data: Path) -> None:
        """Put them into the data folder. Only its holder may."""
        durable.replace(data / PASSWORD_FILE, json.dumps(asdict(self)).encode(), mode=_OWNER_ONLY)
