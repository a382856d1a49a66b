"""What can be wrong with a quotation, as errors of its own.

NotFound
└── QuotationNotFound
Conflict
├── StatusConflict           what is asked for does not go with the status of the quotation
├── KeyReused                the Idempotency-Key stands for another request
├── GateNotAcceptable        nobody may take this gate on themselves, or it does not fail
└── MixedExceptionsExhausted both exceptions of the month are used
KisError
└── TotalsDisagree           the database adds up to another total than the engine
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from kis.platform.errors import Conflict, KisError, NotFound
from kis.platform.messages import Message


class QuotationNotFound(NotFound):
    """There is no such quotation, or it is another organisation's: the two look the same."""

    code = "quotation_not_found"

    def __init__(self, quote_id: UUID) -> None:
        super().__init__(Message("quotations.not_found", {"id": str(quote_id)}), quoteId=str(quote_id))


class StatusConflict(Conflict):
    """The quotation is in a status that does not allow what is asked for."""

    code = "quotation_status"

    def __init__(self, act: str, status: str, allowed: Sequence[str]) -> None:
        values = {
            "act": Message(f"quotations.act.{act}"),
            "status": Message(f"quotations.status.{status}"),
            "allowed": tuple(Message(f"quotations.status.{name}") for name in allowed),
        }
        super().__init__(
            Message("quotations.status_conflict", values), act=act, status=status, allowed=list(allowed)
        )


class KeyReused(Conflict):
    """An Idempotency-Key came with another request than the first time."""

    code = "idempotency_key_reused"

    def __init__(self, key: str) -> None:
        super().__init__(Message("quotations.key_reused"), dedupKey=key)


class GateNotAcceptable(Conflict):
    """A gate that is not open to acceptance."""

    code = "gate_not_acceptable"

    def __init__(self, reason: str, gate: str, panel: str, acceptable: Sequence[str] = ()) -> None:
        values = {"gate": gate, "panel": panel or "–", "acceptable": ", ".join(acceptable) or "–"}
        super().__init__(Message(f"quotations.gate.{reason}", values), gate=gate, panel=panel)


class MixedExceptionsExhausted(Conflict):
    """Two exceptions a month are all an organisation has."""

    code = "mixed_exceptions_exhausted"

    def __init__(self, month: date, used: Sequence[str], next_possible: date) -> None:
        values = {
            "month": f"{month:%Y-%m}",
            "used": ", ".join(used),
            "next_possible": next_possible.isoformat(),
        }
        super().__init__(
            Message("quotations.mixed_exhausted", values),
            month=f"{month:%Y-%m}",
            used=list(used),
            nextPossible=next_possible.isoformat(),
        )


class TotalsDisagree(KisError):
    """The stored lines do not add up to what the engine quoted: nothing is issued."""

    code = "totals_disagree"

    def __init__(self, engine: str, database: str) -> None:
        super().__init__(Message("quotations.totals_disagree", {"engine": engine, "database": database}))
