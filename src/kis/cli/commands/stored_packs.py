"""Packs wherever they are: a folder, a trace id below out/evidence, or one of the platform's installation.

A stored pack is unpacked first; what works on folders then works on it as well.
"""

import asyncio
import re
import tempfile
import zipfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kis.cli.commands.installed import require_schema
from kis.cli.commands.packs import EVIDENCE_ROOT, find_pack, printable
from kis.cli.output import warn
from kis.platform.errors import NotFound
from kis.platform.messages import Message

if TYPE_CHECKING:
    from kis.application import Application
    from kis.evidence import PublicKey, Verification
    from kis.platform.configuration import Settings

STORED_TRACE_ID: Final = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class StoredPack:
    """A pack of the installation, unpacked into ``folder``. ``kept`` is how its objects and rows hold against ``key``, the installation's own."""

    folder: Path
    kept: "Verification"
    key: "PublicKey"


@dataclass(frozen=True, slots=True)
class FoundPack:
    """A pack as somebody named it: ``name`` is what to call it, ``stored`` is None for a folder."""

    name: str
    folder: Path
    stored: StoredPack | None = None


@contextmanager
def found_packs(given: Sequence[str]) -> Iterator[list[FoundPack]]:
    """Give the packs that somebody named; those of the installation are unpacked for the time of the block. Raises NotFound."""
    wanted = [name for name in given if _may_be_stored(name)]
    here = {name: find_pack(name) for name in given if name not in wanted}
    with tempfile.TemporaryDirectory(prefix="kis-evidence-") as scratch:
        stored = unpacked(wanted, Path(scratch)) if wanted else {}
        yield [
            FoundPack(name, stored[name].folder, stored[name])
            if name in stored
            else FoundPack(str(here[name]), here[name])
            for name in given
        ]


def unpacked(trace_ids: Sequence[str], into: Path) -> dict[str, StoredPack]:
    """Write packs of the installation as folders below ``into``, each named by its trace id. Raises NotFound."""
    from kis.platform.configuration import load_settings

    settings = load_settings()
    for trace_id in trace_ids:
        if not STORED_TRACE_ID.fullmatch(trace_id) or not _has_store(settings):
            values = {"given": printable(trace_id), "root": EVIDENCE_ROOT}
            raise NotFound(Message("evidence_cli.no_pack", values))
    return asyncio.run(_unpacked(settings, trace_ids, into))


def _may_be_stored(given: str) -> bool:
    """Tell whether only the installation can have a pack of that name. A folder of that name goes first."""
    return (
        STORED_TRACE_ID.fullmatch(given) is not None
        and not Path(given).is_dir()
        and not (EVIDENCE_ROOT / given).is_dir()
    )


def _has_store(settings: "Settings") -> bool:
    """Tell whether there is an installation to ask: to look for a pack is no reason to make one."""
    return bool(settings.database.url.get_secret_value()) or (settings.application.data / "postgres").is_dir()


async def _unpacked(settings: "Settings", trace_ids: Sequence[str], into: Path) -> dict[str, StoredPack]:
    async with opened_installation(settings, name="kis evidence") as application:
        return {trace_id: await _one(application, trace_id, into) for trace_id in trace_ids}


async def _one(application: "Application", trace_id: str, into: Path) -> StoredPack:
    evidence = application.evidence
    async with application.database.service() as session:
        facts = await evidence.facts(session, trace_id)
    (into / trace_id).mkdir()
    with tempfile.TemporaryFile(prefix="kis-evidence-") as bundle:
        async for piece in evidence.bundle(facts):
            bundle.write(piece)
        await asyncio.to_thread(_extract, zipfile.ZipFile(bundle), into)
    return StoredPack(into / trace_id, await evidence.verify(facts), await evidence.public_key())


def _extract(archive: zipfile.ZipFile, into: Path) -> None:
    with archive:
        archive.extractall(into)


@asynccontextmanager
async def opened_installation(settings: "Settings", *, name: str) -> AsyncIterator["Application"]:
    """Give the services of the installation: of the one that runs, or over a database started for the block."""
    from pydantic import SecretStr

    from kis.application import open_application
    from kis.platform.embedded import installation

    with installation(settings, tell=warn) as urls:
        require_schema(urls.owner)
        database = settings.database.model_copy(update={"url": SecretStr(urls.app)})
        there = replace(settings, database=database)
        async with open_application(there, name=name, listens=False) as application:
            yield application
