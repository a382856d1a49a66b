"""Reading a catalogue folder: four CSV tables and the file that names the edition.

The folder is read as a whole or refused with every fault at once; the shipped one is read when none is named.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from kis.catalog.csv_file import decode, read_csv, write_csv
from kis.catalog.errors import CatalogNotFound
from kis.catalog.folder import read_bytes
from kis.catalog.parts import Catalog, PoleLoss
from kis.catalog.tables import TABLE_NAMES, TABLES, Sheet, texts_of
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message

VERSION_FILE: Final = "version.txt"
FILE_NAMES: Final = (*(f"{name}.csv" for name in TABLE_NAMES), VERSION_FILE)

_MAX_VERSION_LENGTH: Final = 40


def load_catalog(directory: Path | None = None) -> Catalog:
    """Return the catalogue in ``directory``, or the shipped one.

    Raises:
        CatalogNotFound: there is no such folder.
        BadInput: the files cannot be used; names every fault with file, line and column.
    """
    return _parse("catalog" if directory is None else str(directory), _contents(directory))


def catalog_files(directory: Path | None = None) -> dict[str, bytes]:
    """Return the files of the catalogue in ``directory`` (of the shipped one) as they are, by name; one that is missing is left out."""
    return {name: data for name, data in _contents(directory) if data is not None}


def catalog_from_files(contents: Mapping[str, bytes], name: str = "catalog") -> Catalog:
    """Return the catalogue whose files, by name, are ``contents``; ``name`` stands in what is wrong with them. Raises BadInput."""
    return _parse(name, tuple((file, contents.get(file)) for file in FILE_NAMES))


def _contents(directory: Path | None) -> tuple[tuple[str, bytes | None], ...]:
    if directory is None:
        shipped = files("kis.catalog").joinpath("data")
        return tuple((name, shipped.joinpath(name).read_bytes()) for name in FILE_NAMES)
    if not directory.is_dir():
        raise CatalogNotFound(Message("catalog.not_found", {"path": str(directory)}))
    return tuple((name, read_bytes(directory, name)) for name in FILE_NAMES)


def build_catalog(
    source: str, version: str, sheets: Mapping[str, Sheet], *, digest: str | None = None
) -> Catalog:
    """Return the catalogue of ``sheets`` (by table name), or raise BadInput with every fault in them.

    Without a ``digest`` the catalogue gets that of the files it would be written to.
    """
    rows: dict[str, tuple[Any, ...]] = {}
    problems: list[Problem] = []
    for table in TABLES:
        rows[table.name], faults = table.read(sheets[table.name])
        problems.extend(faults)
    problems.extend(check_version(VERSION_FILE, version))
    if problems:
        raise BadInput(source, problems)
    catalog = _assemble(version, digest or "", rows)
    return catalog if digest else replace(catalog, digest=digest_of(canonical_files(catalog)))


def canonical_files(catalog: Catalog) -> dict[str, bytes]:
    """Return the files ``catalog`` is written to, by name."""
    tables = {f"{name}.csv": write_csv(rows) for name, rows in texts_of(catalog).items()}
    return {**tables, VERSION_FILE: f"{catalog.version}\n".encode()}


def digest_of(contents: Mapping[str, bytes]) -> str:
    """Return the SHA-256 over the names, lengths and bytes of the catalogue's files."""
    digest = sha256()
    for name in FILE_NAMES:
        digest.update(f"{name}\0{len(contents[name])}\0".encode())
        digest.update(contents[name])
    return digest.hexdigest()


def check_version(path: str, version: str) -> tuple[Problem, ...]:
    """Return the fault of an edition's name, if it has one: letters, digits, dot, dash and underscore make a name."""
    plain = version.replace(".", "").replace("-", "").replace("_", "")
    if plain.isascii() and plain.isalnum() and len(version) <= _MAX_VERSION_LENGTH:
        return ()
    return (Problem(path, Message("catalog.file.bad_version", {"value": version})),)


@lru_cache(maxsize=8)
def _parse(source: str, contents: tuple[tuple[str, bytes | None], ...]) -> Catalog:
    """Parse the bytes of a folder. The bytes are the key of the cache, so an edited file is never answered from it."""
    missing = [name for name, data in contents if data is None]
    if missing:
        raise BadInput(source, [Problem(name, Message("catalog.file.missing")) for name in missing])
    by_name = {name: data for name, data in contents if data is not None}
    sheets = {name: read_csv(f"{name}.csv", by_name[f"{name}.csv"]) for name in TABLE_NAMES}
    version = (decode(by_name[VERSION_FILE]) or "").strip()
    return build_catalog(source, version, sheets, digest=digest_of(by_name))


def _assemble(version: str, digest: str, rows: Mapping[str, tuple[Any, ...]]) -> Catalog:
    losses: dict[str, list[PoleLoss]] = {}
    for loss in rows["losses"]:
        losses.setdefault(loss.family, []).append(loss)
    return Catalog(
        version=version,
        digest=digest,
        breakers=rows["breakers"],
        enclosures=rows["enclosures"],
        accessories=rows["accessories"],
        losses={name: tuple(sorted(each, key=lambda loss: loss.rating_a)) for name, each in losses.items()},
    )
