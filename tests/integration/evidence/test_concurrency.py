"""Many processes and threads at once on one installation: one key, one line."""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from filelock import FileLock

from kis.evidence import (
    Pack,
    PackExists,
    installation_key,
    installation_public_key,
    verify_chain,
    verify_pack,
    write_pack,
)
from kis.platform import durable
from kis.platform.errors import LockTimeout
from tests.integration.evidence.conftest import FILES, Quote

PROCESSES = 20
FORKSERVER = multiprocessing.get_context("forkserver")
"""New processes from a clean one: quick to start, and without the locks of this process' threads."""


def _write(root: Path, home: Path, number: int, start: Barrier) -> None:
    start.wait(30)
    write_pack(
        root,
        f"t{number}",
        FILES,
        predicate={},
        organisation="hanbit",
        created_at="2026-01-31T09:00:00Z",
        home=home,
    )


def _make_key(home: Path, told: Path, start: Barrier) -> None:
    start.wait(30)
    told.write_text(installation_key(home).public.fingerprint)


class TestProcessesAtOnce:
    def test_make_one_unbroken_line_and_one_key(self, root: Path, home: Path) -> None:
        FORKSERVER.set_forkserver_preload(["kis.evidence", "securesystemslib.dsse", "filelock", "rfc8785"])
        start = FORKSERVER.Barrier(PROCESSES)
        writers = [
            FORKSERVER.Process(target=_write, args=(root, home, number, start)) for number in range(PROCESSES)
        ]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join(60)
        assert [writer.exitcode for writer in writers] == [0] * PROCESSES
        assert verify_chain(root, "hanbit", home).findings == ()
        assert verify_chain(root, "hanbit", home).links == PROCESSES
        assert sorted(entry.name for entry in root.iterdir()) == sorted(
            f"t{number}" for number in range(PROCESSES)
        )
        key = installation_public_key(home)
        assert [
            finding for pack in root.iterdir() for finding in verify_pack(pack, public_key=key).findings
        ] == []

    def test_that_start_together_get_the_same_key(self, home: Path, tmp_path: Path) -> None:
        start = FORKSERVER.Barrier(4)
        starters = [
            FORKSERVER.Process(target=_make_key, args=(home, tmp_path / f"told-{number}", start))
            for number in range(4)
        ]
        for starter in starters:
            starter.start()
        for starter in starters:
            starter.join(60)
        told = {(tmp_path / f"told-{number}").read_text() for number in range(4)}
        assert told == {installation_public_key(home).fingerprint}


class TestThreadsAtOnce:
    def test_make_one_unbroken_line(self, quote: Quote, root: Path, home: Path) -> None:
        with ThreadPoolExecutor(8) as threads:
            packs = list(threads.map(quote, [f"t{number}" for number in range(16)]))
        assert len({pack.sha256 for pack in packs}) == 16
        assert verify_chain(root, "hanbit", home).findings == ()
        assert verify_chain(root, "hanbit", home).links == 16

    def test_give_one_trace_id_to_one_of_them(self, quote: Quote, root: Path, home: Path) -> None:
        def attempt(_: int) -> bool:
            try:
                quote("same")
            except PackExists:
                return False
            return True

        with ThreadPoolExecutor(8) as threads:
            assert sorted(threads.map(attempt, range(8))) == [False] * 7 + [True]
        assert verify_chain(root, "hanbit", home).links == 1


class TestLookingAtALine:
    def test_waits_for_the_pack_that_is_being_written(
        self, line: list[Pack], root: Path, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert verify_chain(root, "hanbit", home).links == len(line)
        monkeypatch.setattr(durable, "LOCK_TIMEOUT_SECONDS", 0.02)
        with FileLock(home / "chain" / "hanbit.lock"), pytest.raises(LockTimeout):
            verify_chain(root, "hanbit", home)
