"""Evidence: facts of a pack, the pack itself, and a check that anybody with a document can make."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request
from fastapi.responses import StreamingResponse

from kis.api.dependencies import App, Caller, address_of
from kis.api.errors import errors
from kis.api.limits import refusal
from kis.api.schemas.evidence import DigestKnown, EvidencePack
from kis.evidence.store import PackFacts
from kis.platform.limits import Rate

router = APIRouter(prefix="/v1/evidence", tags=["evidence"])

CHECKS: Final = Rate(60)
"""Of one address a minute: enough for who holds documents, too little for who searches."""
PackTrace = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="Trace id of the pack.")]
_ZIP: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "ZIP of the pack; `kis evidence verify` takes the folder it unpacks to.",
        "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.get("/check/{sha256}")
async def check_digest(
    app: App,
    request: Request,
    sha256: Annotated[str, Path(pattern="^[0-9a-f]{64}$", description="SHA-256 of a file.")],
) -> DigestKnown:
    """Say whether this installation made the file that has this digest; for anybody who holds it, and nothing else is told."""
    verdict = await app.limiter.take(f"evidence-check:{address_of(request)}", CHECKS)
    if not verdict.allowed:
        raise refusal(verdict)
    kind = await app.quotations.check_digest(sha256)
    return DigestKnown(sha256=sha256, known=kind is not None, kind=None if kind is None else kind.value)


@router.get("/{trace_id}", responses=errors(401, 403, 404))
async def get_evidence(app: App, caller: Caller, trace_id: PackTrace) -> EvidencePack:
    """Return the facts of a pack: its place in the line of packs, what was signed, its files and their digests."""
    return EvidencePack.model_validate(_shown(await app.quotations.evidence(caller, trace_id)))


@router.get(
    "/{trace_id}/bundle", responses={**_ZIP, **errors(401, 403, 404)}, response_class=StreamingResponse
)
async def get_evidence_bundle(app: App, caller: Caller, trace_id: PackTrace) -> StreamingResponse:
    """Download a whole pack; every download is in the audit log."""
    _, pieces = await app.quotations.bundle(caller, trace_id)
    headers = {
        "Content-Disposition": f'attachment; filename="evidence-{trace_id}.zip"',
        "Cache-Control": "no-store",
    }
    return StreamingResponse(pieces, media_type="application/zip", headers=headers)


def _shown(facts: PackFacts) -> dict[str, Any]:
    told = ("trace_id", "quote_id", "sequence", "previous_sha256", "sha256", "size", "created_at")
    files = ("name", "stage", "sha256", "size", "media_type")
    return {
        **{name: getattr(facts, name) for name in told},
        "key_fingerprint": facts.key_fingerprint,
        "signed": dict(facts.signed),
        "files": [{name: getattr(file, name) for name in files} for file in facts.files],
    }
