"""Evidence of quotations for those who may see it: facts for every reader, the whole pack for who may download it, each download in the audit log."""

import re
from collections.abc import AsyncIterator
from typing import Final

from kis.evidence.store import DigestKind, PackFacts
from kis.identity import Permission, Principal
from kis.platform import audit
from kis.quotations.means import Means

_SHA256: Final = re.compile(r"[0-9a-f]{64}")


async def facts(means: Means, principal: Principal, trace_id: str) -> PackFacts:
    """Return what is known about a pack. Raises EvidenceMissing."""
    principal.require(Permission.EVIDENCE_READ)
    async with means.database.transaction(principal.scope) as session:
        return await means.evidence.facts(session, trace_id)


async def bundle(means: Means, principal: Principal, trace_id: str) -> tuple[PackFacts, AsyncIterator[bytes]]:
    """Return a pack and the ZIP of it as a stream. That somebody takes it is written down before the first byte leaves."""
    principal.require(Permission.EVIDENCE_DOWNLOAD)
    async with means.database.transaction(principal.scope) as session:
        found = await means.evidence.facts(session, trace_id)
        await audit.record(
            session,
            organization_id=found.organization_id,
            actor=principal.actor,
            action="evidence.downloaded",
            target=f"evidence:{trace_id}",
            after={"quotation": str(found.quote_id), "sha256": found.sha256},
            address=principal.address,
        )
    return found, means.evidence.bundle(found)


async def check_digest(means: Means, sha256: str) -> DigestKind | None:
    """Return as what a SHA-256 is known here, None where it is not; for anybody, and nothing else can be learnt."""
    if not _SHA256.fullmatch(sha256):
        return None
    async with means.database.service() as session:
        return await means.evidence.check_digest(session, sha256)
