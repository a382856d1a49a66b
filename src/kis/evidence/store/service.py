"""Packs of the platform: files as objects, rows for what they are, one line of packs for each organisation.

The bytes go first, outside of any transaction; then, in the transaction that also writes the result of the quotation, the pack takes its place in the
organisation's line. A crash before the commit leaves objects that no row names and nothing else; a crash after it leaves all of it. So every finished
quotation has its pack, and no pack is without its quotation.

The organisation's name in ``chain.json`` and in the signed facts is its id as text: it never changes and means one organisation only.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from kis.evidence import layout
from kis.evidence.canonical import sha256_hex
from kis.evidence.chain import Link
from kis.evidence.keys import (
    PublicKey,
    SigningKey,
    given_key,
    installation_key,
    installation_public_key,
    key_file,
)
from kis.evidence.sealing import Seal, Sealed, check, sealed
from kis.evidence.store import repository
from kis.evidence.store.errors import EvidenceMissing, ObjectsVanished, TraceTaken
from kis.evidence.store.facts import (
    PackFacts,
    PackFile,
    PreparedFile,
    prepared_file,
    quote_prefix,
)
from kis.evidence.store.models import EvidenceBlob, EvidenceHead, EvidencePack
from kis.evidence.store.verification import verify_stored
from kis.evidence.verify import Verification
from kis.platform.configuration import EvidenceSettings
from kis.platform.storage import Entry, ObjectStore, zipped
from kis.platform.telemetry import metrics

UPLOADS_AT_ONCE: Final = 8

DOCUMENTS: Final = "documents"

_log = structlog.get_logger(__name__)


class DigestKind(StrEnum):
    """As what a digest is known."""

    PACK = "pack"
    DOCUMENT = "document"
    FILE = "file"


class EvidenceStore:
    """Adds packs, tells about them, hands them out. Make one per process; ``storage`` and ``home`` (for the key) are the installation's."""

    def __init__(self, storage: ObjectStore, home: Path, *, settings: EvidenceSettings | None = None) -> None:
        self._storage = storage
        self._home = home
        self._settings = settings or EvidenceSettings()
        self._signing: SigningKey | None = None

    @property
    def storage(self) -> ObjectStore:
        """Return where the objects are."""
        return self._storage

    async def public_key(self) -> PublicKey:
        """Return the key that packs of this installation verify with. Raises KeyMissing before the first pack: to look is no reason to make one."""
        if self._settings.signing_key.get_secret_value() or self._settings.signing_key_file:
            return (await self._key()).public
        return await asyncio.to_thread(installation_public_key, self._home)

    async def prepare(
        self, files: Mapping[str, bytes], *, organization_id: UUID, quote_id: UUID
    ) -> dict[str, PreparedFile]:
        """Upload the files of a pack, by name, and return what :meth:`add` needs of them. No transaction should be open meanwhile.

        Content names the objects, so uploading again changes nothing.
        """
        prepared = await asyncio.to_thread(_prepared, quote_id, files)
        contents = {file.path: (files[name], file.media_type) for name, file in prepared.items()}
        await self._upload(contents)
        _log.info(
            "pack.uploaded",
            organization_id=str(organization_id),
            quote_id=str(quote_id),
            objects=len(contents),
            bytes=sum(file.size for file in prepared.values()),
        )
        return prepared

    async def add(
        self,
        session: AsyncSession,
        *,
        organization_id: UUID,
        quote_id: UUID,
        trace_id: str,
        files: Mapping[str, PreparedFile],
        predicate: Mapping[str, object],
        created_at: str,
    ) -> PackFacts:
        """Seal prepared files as the next pack of the organisation, in the caller's transaction of the program's own role.

        The organisation's line is held until that ends, so commit soon. A pack of this trace id with these files is returned as it is. Raises PackRefused,
        TraceTaken, ObjectsVanished (when a file is gone again: try the whole work anew), StorageUnavailable, KeyUnusable.
        """
        seal = Seal(
            trace_id=trace_id, organisation=str(organization_id), created_at=created_at, predicate=predicate
        )
        check(seal, {name: file.size for name, file in files.items()})
        key = await self._key()
        await repository.lock_quote(session, quote_id)
        head = await repository.locked_head(session, organization_id)
        there = await self._there(session, trace_id, quote_id, files)
        if there is not None:
            return there
        await self._require_objects(quote_id, trace_id, files)
        own = sealed(seal, {name: file.sha256 for name, file in files.items()}, _next_link(head), key)
        return await self._insert(session, head, seal, own, key.public, quote_id=quote_id, files=files)

    async def facts(self, session: AsyncSession, trace_id: str) -> PackFacts:
        """Return what is known about a pack. Raises EvidenceMissing, also for a pack that the session may not see."""
        pack = await repository.find_pack(session, trace_id)
        if pack is None:
            raise EvidenceMissing(trace_id)
        return facts_of(pack, await repository.files_of(session, [trace_id]))

    async def bundle(self, facts: PackFacts) -> AsyncIterator[bytes]:
        """Yield a ZIP that unpacks into a folder named by the trace id, which ``kis evidence verify`` takes. No session is needed meanwhile.

        It holds the objects as they are: a missing or an altered one is named by the verification, not hidden by an error.
        """
        size = 0
        entries = [Entry(f"{facts.trace_id}/{file.name}", file.path) for file in facts.files]
        async for piece in zipped(self._storage, entries, modified=facts.created_at):
            size += len(piece)
            yield piece
        metrics.EVIDENCE_ZIP_BYTES.observe(size)

    async def verify(self, facts: PackFacts) -> Verification:
        """Hold the objects of a pack against its rows, its checksums and its signature; every fault at once, in words for a person."""
        return await verify_stored(self._storage, facts, await self.public_key())

    async def check_digest(self, session: AsyncSession, sha256: str) -> DigestKind | None:
        """Return as what this installation knows a SHA-256, or None; nothing else can be learnt. The session is one of the program's own."""
        if await repository.pack_of_digest(session, sha256):
            return DigestKind.PACK
        stages = await repository.stages_of_digest(session, sha256)
        if not stages:
            return None
        return DigestKind.DOCUMENT if DOCUMENTS in stages else DigestKind.FILE

    async def sweep(self, session: AsyncSession, quote_id: UUID) -> int:
        """Remove the objects of a quotation that no row names, as a crashed attempt leaves them; return how many there were.

        The session is one of the program's own; nothing is added to the quotation until its transaction ends.
        """
        await repository.lock_quote(session, quote_id)
        named = await repository.paths_of_quote(session, quote_id)
        orphans = [
            found.path
            async for found in self._storage.list(quote_prefix(quote_id))
            if found.path not in named
        ]
        await self._storage.delete(*orphans)
        return len(orphans)

    async def _key(self) -> SigningKey:
        if self._signing is None:
            self._signing = await asyncio.to_thread(_load_key, self._settings, self._home)
        return self._signing

    async def _upload(self, contents: Mapping[str, tuple[bytes, str]]) -> None:
        """Put objects, several at a time; the first failure ends the others."""
        room = asyncio.Semaphore(UPLOADS_AT_ONCE)

        async def put(path: str, data: bytes, media_type: str) -> None:
            async with room:
                await self._storage.put(path, data, media_type=media_type)

        try:
            async with asyncio.TaskGroup() as group:
                for path, (data, media_type) in contents.items():
                    group.create_task(put(path, data, media_type))
        except BaseExceptionGroup as failures:
            raise failures.exceptions[0] from None

    async def _there(
        self, session: AsyncSession, trace_id: str, quote_id: UUID, files: Mapping[str, PreparedFile]
    ) -> PackFacts | None:
        pack = await repository.find_pack(session, trace_id)
        if pack is None:
            return None
        facts = facts_of(pack, await repository.files_of(session, [trace_id]))
        kept = {file.name: file.sha256 for file in facts.files if file.name not in layout.OWN_FILES}
        if pack.quote_id != quote_id or kept != {name: file.sha256 for name, file in files.items()}:
            raise TraceTaken(trace_id)
        return facts

    async def _require_objects(
        self, quote_id: UUID, trace_id: str, files: Mapping[str, PreparedFile]
    ) -> None:
        sizes = {found.path: found.size async for found in self._storage.list(quote_prefix(quote_id))}
        gone = [name for name, file in files.items() if sizes.get(file.path) != file.size]
        if gone:
            raise ObjectsVanished(trace_id, gone)

    async def _insert(
        self,
        session: AsyncSession,
        head: EvidenceHead,
        seal: Seal,
        own: Sealed,
        key: PublicKey,
        *,
        quote_id: UUID,
        files: Mapping[str, PreparedFile],
    ) -> PackFacts:
        added = _prepared(quote_id, own.files)
        await self._upload({file.path: (own.files[name], file.media_type) for name, file in added.items()})
        everything = sorted([*files.values(), *added.values()], key=lambda file: file.name)
        pack: dict[str, Any] = {
            "trace_id": seal.trace_id,
            "organization_id": head.organization_id,
            "quote_id": quote_id,
            "sequence": head.sequence + 1,
            "previous_sha256": head.sha256 or None,
            "sha256": own.sha256,
            "size": sum(file.size for file in everything),
            "facts": {"key": key.fingerprint, "signed": dict(seal.predicate)},
            "created_at": datetime.fromisoformat(seal.created_at),
        }
        owner = {name: pack[name] for name in ("organization_id", "quote_id", "trace_id")}
        await repository.insert_pack(session, pack, [{**owner, **_columns(file)} for file in everything])
        await repository.move_head(
            session,
            head.organization_id,
            sequence=pack["sequence"],
            trace_id=seal.trace_id,
            sha256=own.sha256,
        )
        return PackFacts(
            **{name: value for name, value in pack.items() if name != "facts"},
            key_fingerprint=key.fingerprint,
            signed=seal.predicate,
            files=tuple(PackFile(**_columns(file)) for file in everything),
        )


def facts_of(pack: EvidencePack, files: Iterable[EvidenceBlob]) -> PackFacts:
    """Return the facts of a pack from its rows."""
    return PackFacts(
        trace_id=pack.trace_id,
        organization_id=pack.organization_id,
        quote_id=pack.quote_id,
        sequence=pack.sequence,
        previous_sha256=pack.previous_sha256,
        sha256=pack.sha256,
        size=pack.size,
        created_at=pack.created_at,
        key_fingerprint=pack.facts.get("key", ""),
        signed=pack.facts.get("signed", {}),
        files=tuple(PackFile(**_columns(file)) for file in files),
    )


def _prepared(quote_id: UUID, files: Mapping[str, bytes]) -> dict[str, PreparedFile]:
    return {
        name: prepared_file(quote_id, name, sha256=sha256_hex(data), size=len(data))
        for name, data in files.items()
    }


def _columns(file: PreparedFile | EvidenceBlob) -> dict[str, Any]:
    return {name: getattr(file, name) for name in ("name", "stage", "path", "sha256", "size", "media_type")}


def _next_link(head: EvidenceHead) -> Link:
    return Link(
        organisation=str(head.organization_id),
        sequence=head.sequence + 1,
        previous=head.sha256 or None,
        previous_trace_id=head.trace_id or None,
    )


def _load_key(settings: EvidenceSettings, home: Path) -> SigningKey:
    given = settings.signing_key.get_secret_value()
    if given:
        return given_key(given.replace("\\n", "\n").encode(), Path("EVIDENCE_SIGNING_KEY"))
    if settings.signing_key_file is not None:
        return key_file(settings.signing_key_file)
    return installation_key(home)
