"""What a crash or a full disk leaves, tried at every single step that touches the disk.

Python tells an audit hook of each file it is about to open, rename, make or remove. At each such step the folders are photographed: a
photograph is what a crash at that moment would leave, with everything not yet in its place (``.….partial``) cut in half, as a power
failure would. Or the step is refused, as a full disk would. Two real processes die at the two moments that matter most.
"""

import errno
import multiprocessing
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kis.evidence import EvidenceError, Pack, installation_public_key, verify_chain, verify_pack, write_pack

DISK_EVENTS = frozenset(
    {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree", "os.truncate"}
)
DIED = 70

Act = Callable[[str, str], None]


class _Watch:
    """The one audit hook of this module (a hook cannot be taken off again), idle unless something is watched."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        self.act: Act | None = None
        sys.addaudithook(self._hear)

    def _hear(self, event: str, args: tuple[object, ...]) -> None:
        if self.act is None or event not in DISK_EVENTS or not isinstance(args[0], str | bytes | os.PathLike):
            return
        path, act = os.fsdecode(args[0]), self.act
        if path.startswith(str(self.folder)):
            self.act = None  # what the act does to the disk is not watched
            act(event, path)
            self.act = act


WATCH = _Watch()


@contextmanager
def _watched(folder: Path, act: Act) -> Iterator[None]:
    WATCH.folder, WATCH.act = folder, act
    try:
        yield
    finally:
        WATCH.folder, WATCH.act = None, None


def _write(base: Path, trace_id: str) -> Pack:
    return write_pack(
        base / "out",
        trace_id,
        {"input.json": b"{}", "pipeline/cover.json": b"[]"},
        predicate={},
        organisation="hanbit",
        created_at="2026-01-31T09:00:00Z",
        home=base / "home",
    )


def _put_back(photograph: Path, base: Path) -> None:
    shutil.rmtree(base)
    shutil.copytree(photograph, base)


def _cut_in_half(folder: Path) -> None:
    for path in folder.rglob("*"):
        if any(part.endswith(".partial") for part in path.relative_to(folder).parts) and path.is_file():
            os.truncate(path, path.stat().st_size // 2)


def _assert_whole(base: Path, links: int) -> None:
    """Assert that what is visible is a line of whole packs."""
    verification = verify_chain(base / "out", "hanbit", base / "home")
    assert verification.findings == ()
    assert verification.links == links
    packs = (
        [entry for entry in (base / "out").iterdir() if not entry.name.startswith(".")]
        if (base / "out").exists()
        else []
    )
    assert len(packs) == links
    if packs:
        key = installation_public_key(base / "home")
        assert [finding for pack in packs for finding in verify_pack(pack, public_key=key).findings] == []


def _assert_whole_and_going_on(base: Path, links: int) -> None:
    _assert_whole(base, links)
    _write(base, "after")
    _assert_whole(base, links + 1)
    assert list(base.rglob("*.partial")) == []


@pytest.fixture(params=["first pack", "later pack"])
def base(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Give the ground a pack is written on: a new installation, or one with a pack."""
    folder = tmp_path / "base"
    folder.mkdir()
    if request.param == "later pack":
        _write(folder, "before")
    return folder


class TestACrashAtAnyStep:
    def test_leaves_the_whole_pack_or_no_trace_of_it(self, base: Path, tmp_path: Path) -> None:
        links_before = 1 if (base / "out").exists() else 0
        photographs: list[Path] = []

        def photograph(_event: str, _path: str) -> None:
            photographs.append(tmp_path / f"photograph-{len(photographs)}")
            shutil.copytree(base, photographs[-1])
            _cut_in_half(photographs[-1])

        with _watched(base, photograph):
            _write(base, "crashed")
        seen: list[bool] = []
        for taken in photographs:
            _put_back(taken, base)
            seen.append((base / "out" / "crashed").exists())
            _assert_whole_and_going_on(base, links_before + seen[-1])
        # Absent up to the rename and there ever after; both kinds of crash were met, the second before the head was updated.
        assert seen == sorted(seen)
        assert seen.count(False) > 15
        assert seen.count(True) > 4

    @pytest.mark.parametrize("moment", ["before the rename", "after the rename"])
    def test_of_a_real_process_lets_the_next_one_go_on(self, base: Path, moment: str) -> None:
        links_before = 1 if (base / "out").exists() else 0
        child = multiprocessing.get_context("forkserver").Process(target=_die, args=(base, moment))
        child.start()
        child.join(60)
        assert child.exitcode == DIED
        is_there = (base / "out" / "crashed").exists()
        assert is_there == (moment == "after the rename")
        _assert_whole_and_going_on(base, links_before + is_there)


class TestAPowerFailure:
    def test_finds_every_byte_on_the_disk_before_the_pack_appears(
        self, base: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # No audit event tells of fsync, and only a real power failure shows its lack: so the calls are noted on their way through.
        synced_before: set[int] = set()
        synced_after: set[int] = set()
        fsync = os.fsync

        def noted(descriptor: int) -> None:
            appeared = (base / "out" / "crashed").exists()
            (synced_after if appeared else synced_before).add(os.fstat(descriptor).st_ino)
            fsync(descriptor)

        monkeypatch.setattr(os, "fsync", noted)
        path = _write(base, "crashed").path
        assert {entry.stat().st_ino for entry in (path, *path.rglob("*"))} <= synced_before
        assert {
            path.parent.stat().st_ino,
            (base / "home" / "chain" / "hanbit.json").stat().st_ino,
        } <= synced_after


class TestARefusalAtAnyStep:
    def test_is_told_and_leaves_the_line_whole(self, base: Path, tmp_path: Path) -> None:
        links_before = 1 if (base / "out").exists() else 0
        shutil.copytree(base, tmp_path / "start")
        refusals, step, reached = 0, 0, True
        while reached:
            step += 1
            reached, refused = _refused_at(step, base)
            is_there = (base / "out" / "crashed").exists()
            assert refused or is_there  # a step that may fail, such as making a folder that is there already
            assert list(base.rglob("*.partial")) == []
            refusals += refused
            _assert_whole_and_going_on(base, links_before + is_there)
            _put_back(tmp_path / "start", base)
        assert refusals > 15


def _refused_at(step: int, base: Path) -> tuple[bool, bool]:
    """Write a pack with one step refused for want of space; tell whether it came to that step, and whether the writer was told."""
    steps = 0

    def refuse(_event: str, _path: str) -> None:
        nonlocal steps
        steps += 1
        if steps == step:
            WATCH.act = refuse  # the error leaves the hook before the hook can
            raise OSError(errno.ENOSPC, "No space left on device")

    with _watched(base, refuse):
        try:
            _write(base, "crashed")
        except EvidenceError:
            return True, True
    return steps >= step, False


def _die(base: Path, moment: str) -> None:
    """Write a pack in this process, and be gone just before or just after the pack appears."""
    renamed = False

    def die(event: str, path: str) -> None:
        nonlocal renamed
        if renamed or (moment == "before the rename" and event == "os.rename" and "crashed" in path):
            os._exit(DIED)
        renamed = event == "os.rename" and "crashed" in path

    with _watched(base, die):
        _write(base, "crashed")
