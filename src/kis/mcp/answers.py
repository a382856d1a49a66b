"""What every tool answers with: its result, the gates that judged it, and the digest that proves it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from kis.evidence import canonical_bytes, sha256_hex
from kis.platform.messages import Locale, Message

Verdict = Literal["pass", "remark", "fail", "not_applicable", "not_checked"]


class Shape(BaseModel):
    """A shape of an answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class GateFacts(Shape):
    """A gate: what was measured against which limit, and what follows."""

    id: str
    stage: str | None = None
    panel: str | None = Field(None, description="None for a gate of the whole quotation.")
    verdict: Verdict
    measured: Any = None
    operator: str | None = None
    limit: Any = None
    unit: str | None = None
    explanation: str | None = None


class Proof(Shape):
    """What the answer can be held against later."""

    kind: Literal["pack", "result"] = Field(
        description="pack: sha256 is that of the SHA256SUMS of the signed evidence pack. result: no pack was made; sha256 is that of `result` as canonical JSON (RFC 8785)."
    )
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    trace_id: str | None = Field(None, description="Of the pack.")


class Answer(Shape):
    """The answer of a tool."""

    tool: str
    verdict: Verdict = Field(description="The worst of the gates.")
    proceed: bool = Field(description="False when a gate fails: what comes next refuses or needs a person.")
    says: str = Field(description="The same in one sentence, in the caller's language.")
    gates: list[GateFacts]
    result: dict[str, Any]
    evidence: Proof


def answer(
    tool: str,
    result: dict[str, Any],
    gates: Sequence[GateFacts],
    locale: Locale,
    *,
    proof: Proof | None = None,
) -> Answer:
    """Return the answer of ``tool``; without a pack's ``proof`` its digest is that of the result."""
    failing = failing_of(gates)
    key = "mcp.says.fail" if failing else "mcp.says.pass" if gates else "mcp.says.no_gates"
    names = ", ".join(f"{gate.panel}: {gate.id}" if gate.panel else gate.id for gate in failing)
    return Answer(
        tool=tool,
        verdict=worst(gates),
        proceed=not failing,
        says=Message(key, {"gates": names, "count": len(gates)}).text(locale),
        gates=list(gates),
        result=result,
        evidence=proof or Proof(kind="result", sha256=sha256_hex(canonical_bytes(result))),
    )


def failing_of(gates: Iterable[GateFacts], stages: Iterable[str] | None = None) -> list[GateFacts]:
    """Return the gates that fail, of ``stages`` alone where they are named."""
    wanted = None if stages is None else set(stages)
    return [gate for gate in gates if gate.verdict == "fail" and (wanted is None or gate.stage in wanted)]


def worst(gates: Iterable[GateFacts]) -> Verdict:
    """Return the worst verdict; that nothing was checked is not a pass."""
    verdicts = {gate.verdict for gate in gates}
    order: tuple[Verdict, ...] = ("fail", "remark", "pass", "not_applicable")
    return next((verdict for verdict in order if verdict in verdicts), "not_checked")


def gate_facts(shown: Mapping[str, Any], panel: str | None = None) -> GateFacts:
    """Return a gate of the engine's result."""
    return GateFacts(
        id=shown["id"],
        stage=shown.get("stage"),
        panel=panel,
        verdict=shown["verdict"],
        measured=shown.get("measured"),
        operator=shown.get("operator"),
        limit=shown.get("limit"),
        unit=shown.get("unit"),
        explanation=shown.get("explanation"),
    )
