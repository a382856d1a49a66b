import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from kis.evidence import Pack, PublicKey, installation_public_key, sha256_hex, write_pack

FILES: Mapping[str, bytes] = {
    "input.json": b'{"project":"LP-3F"}',
    "output.json": b'{"totals":{"total":"1100000"},"traceId":"t1"}',
    "pipeline/enclosure.json": b"{}",
    "documents/견적서.xlsx": b"PK\x03\x04" + bytes(range(256)),
    "visual.svg": b"<svg/>",
}

Quote = Callable[..., Pack]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "out" / "evidence"


def write(
    trace_id: str, root: Path, home: Path, *, files: Mapping[str, bytes] = FILES, organisation: str = "hanbit"
) -> Pack:
    """Write a pack as a quotation would."""
    return write_pack(
        root,
        trace_id,
        files,
        predicate={"gates": "pass"},
        organisation=organisation,
        created_at="2026-01-31T09:00:00Z",
        home=home,
    )


@pytest.fixture
def quote(root: Path, home: Path) -> Quote:
    """Write a pack; its name and every part can be chosen."""

    def written(trace_id: str = "t1", *, root: Path = root, home: Path = home, **parts: Any) -> Pack:
        return write(trace_id, root, home, **parts)

    return written


@pytest.fixture(scope="session")
def made_line(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a line of five packs, with another organisation's between them, once: waiting for the disk is slow."""
    base = tmp_path_factory.mktemp("made")
    for trace_id, organisation in (
        ("t1", "hanbit"),
        ("t2", "hanbit"),
        ("other", "another"),
        ("t3", "hanbit"),
        ("t4", "hanbit"),
        ("t5", "hanbit"),
    ):
        write(trace_id, base / "out" / "evidence", base / "home", organisation=organisation)
    return base


@pytest.fixture
def line(made_line: Path, tmp_path: Path, root: Path) -> list[Pack]:
    """Give the five packs of the line, copied, with the installation that made them."""
    shutil.copytree(made_line, tmp_path, dirs_exist_ok=True)
    return [
        Pack(root / name, sha256_hex((root / name / "SHA256SUMS").read_bytes()))
        for name in ("t1", "t2", "t3", "t4", "t5")
    ]


@pytest.fixture
def pack(line: list[Pack]) -> Pack:
    """Give one pack of an installation."""
    return line[0]


@pytest.fixture
def public_key(line: list[Pack], home: Path) -> PublicKey:
    """Give the key of the installation that made the line."""
    assert line
    return installation_public_key(home)
