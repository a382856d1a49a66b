"""Rules that the database itself holds, as errors a caller can act on.

A service checks first and answers in its own words; these are for what happened between its look and its write.
"""

from typing import Final

from sqlalchemy.exc import DBAPIError

from kis.platform.errors import Conflict
from kis.platform.messages import Message

FROZEN: Final = "KIS01"
OUT_OF_ORDER: Final = "KIS02"
_MESSAGES: Final = {FROZEN: "database.frozen", OUT_OF_ORDER: "database.out_of_order"}


class RuleHeld(Conflict):
    """The database refused a change by one of its rules; ``rule`` is the rule's SQLSTATE."""

    code = "rule_held"


def rule_held(error: DBAPIError) -> RuleHeld | None:
    """Return the conflict that an error of the database stands for; None for any other error."""
    rule = getattr(error.orig, "sqlstate", None)
    return RuleHeld(Message(_MESSAGES[rule]), rule=rule) if rule in _MESSAGES else None
