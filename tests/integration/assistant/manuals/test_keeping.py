"""What becomes of manuals on the disk and in Redis: when processes are killed, files damaged, room runs out, servers go away."""

import asyncio
import hashlib
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from redis import Redis

from kis.assistant.manuals import Manuals, Origin
from kis.assistant.manuals.disk import Disk
from kis.assistant.manuals.errors import ManualNotKept
from kis.assistant.things import Documentation, DocumentationType
from kis.platform.telemetry import metrics
from tests.factories.maker_site import Answer, MakerSite
from tests.factories.waiting import eventually

MANUAL = b"%PDF-1.7 words" + bytes(200_000)
SHA256 = hashlib.sha256(MANUAL).hexdigest()
OPENS: str = """
import asyncio, sys
from pathlib import Path
from kis.assistant.manuals import Manuals, Reading
from kis.assistant.things import Documentation, DocumentationType
from kis.platform.configuration import AssistantSettings

async def main(url, host, folder):
    plain = Reading("tests.factories.plain_reading", "plain")
    manuals = Manuals(AssistantSettings(private_hosts=host), Path(folder), reading=plain)
    await manuals.open(Documentation(DocumentationType.PDF, url))

asyncio.run(main(*sys.argv[1:]))
"""


def pdf(url: str) -> Documentation:
    return Documentation(DocumentationType.PDF, url)


class TestDisk:
    async def test_a_process_killed_in_the_middle_leaves_nothing_that_is_served(
        self, site: MakerSite, manuals: Manuals, tmp_path: Path
    ) -> None:
        half = Answer(MANUAL, sent=100_000, stalls=True)
        url = site.put("/a.pdf", half, Answer(MANUAL))
        folder = tmp_path / "manuals"
        words = [sys.executable, "-c", OPENS, url, site.host, str(folder)]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        process = await asyncio.create_subprocess_exec(*words, env=environment)
        try:
            assert await asyncio.to_thread(site.stalled.wait, 60)
            await eventually(lambda: has_bytes(folder / "arriving"))
        finally:
            process.send_signal(signal.SIGKILL)
            await process.wait()
        assert list((folder / "documents").iterdir()) == []
        opened = await manuals.open(pdf(url))  # also: the killed one holds no lock any more
        assert (opened.sha256, opened.origin) == (SHA256, Origin.NETWORK)
        assert await manuals.content(SHA256) == MANUAL

    async def test_a_damaged_document_is_noticed_and_fetched_again(
        self, site: MakerSite, manuals_of: Callable[..., Manuals], tmp_path: Path
    ) -> None:
        asked = pdf(site.put("/a.pdf", Answer(MANUAL)))
        await manuals_of().open(asked)
        folder = tmp_path / "manuals"
        (folder / "documents" / SHA256).write_bytes(MANUAL[:-1] + b"x")
        (folder / "read" / f"{SHA256}.plain").unlink()
        opened = await manuals_of().open(asked)
        assert (opened.sha256, opened.origin, site.counts["/a.pdf"]) == (SHA256, Origin.NETWORK, 2)
        assert (folder / "documents" / SHA256).read_bytes() == MANUAL

    async def test_a_damaged_document_is_not_handed_out(
        self, site: MakerSite, manuals: Manuals, tmp_path: Path
    ) -> None:
        await manuals.open(pdf(site.put("/a.pdf", Answer(MANUAL))))
        (tmp_path / "manuals" / "documents" / SHA256).write_bytes(b"other")
        with pytest.raises(ManualNotKept):
            await manuals.content(SHA256)

    async def test_what_was_read_is_read_again_when_it_is_damaged(
        self, site: MakerSite, manuals_of: Callable[..., Manuals], tmp_path: Path
    ) -> None:
        asked = pdf(site.put("/a.pdf", Answer(MANUAL)))
        first = await manuals_of().open(asked)
        kept = tmp_path / "manuals" / "read" / f"{SHA256}.plain"
        kept.write_bytes(kept.read_bytes()[:-1])
        again = await manuals_of().open(asked)
        assert again.document.title != first.document.title  # the title names the process that read it
        assert site.counts["/a.pdf"] == 1

    @pytest.mark.parametrize("sha256", ["../../../etc/passwd", "", "A" * 64, "0" * 63])
    async def test_only_hashes_name_documents(self, manuals: Manuals, sha256: str) -> None:
        with pytest.raises(ManualNotKept):
            await manuals.content(sha256)
        with pytest.raises(ManualNotKept):
            await manuals.page_image(sha256, 1)

    def test_what_was_not_used_for_longest_makes_room(self, tmp_path: Path) -> None:
        disk = Disk(tmp_path, 250)
        for age, name in ((30, "a"), (20, "b"), (10, "c")):
            arriving = disk.arriving()
            arriving.write_bytes(bytes(100))
            os.utime(arriving, (age_of(age), age_of(age)))
            if name == "c":
                assert disk.document("a" * 64) is not None  # used just now: b is the older one
            disk.keep(arriving, name * 64)
        kept = {path.name[0] for path in (tmp_path / "documents").iterdir()}
        assert kept == {"a", "c"}

    def test_what_never_arrived_is_removed_after_an_hour(self, tmp_path: Path) -> None:
        disk = Disk(tmp_path, 1000)
        old, new, next_one = disk.arriving(), disk.arriving(), disk.arriving()
        for path in (old, new, next_one):
            path.write_bytes(b"x")
        os.utime(old, (age_of(3700), age_of(3700)))
        disk.keep(next_one, "a" * 64)
        assert [path.name for path in (tmp_path / "arriving").iterdir()] == [new.name]


class TestRedis:
    async def test_what_one_machine_read_another_need_not(
        self, site: MakerSite, manuals_of: Callable[..., Manuals], redis_server: str, tmp_path: Path
    ) -> None:
        hits = metrics.CACHE_HITS.labels("manuals_redis")._value.get()
        asked = pdf(site.put("/a.pdf", Answer(of_its_own())))
        first = await manuals_of(redis_url=redis_server).open(asked)
        other = await manuals_of(folder=tmp_path / "other", redis_url=redis_server).open(asked)
        assert other.document == first.document  # the title names the one process that read it
        assert metrics.CACHE_HITS.labels("manuals_redis")._value.get() - hits == 1

    async def test_what_was_changed_in_it_is_not_believed(
        self, site: MakerSite, manuals_of: Callable[..., Manuals], redis_server: str, tmp_path: Path
    ) -> None:
        redis = Redis.from_url(redis_server)
        asked = pdf(site.put("/a.pdf", Answer(of_its_own())))
        first = await manuals_of(redis_url=redis_server).open(asked)
        redis.set(f"kis:manual:plain:{first.sha256}", b"something else")
        other = await manuals_of(folder=tmp_path / "other", redis_url=redis_server).open(asked)
        assert other.document.title != first.document.title

    async def test_where_it_is_away_manuals_are_read_as_without_it(
        self, site: MakerSite, manuals_of: Callable[..., Manuals]
    ) -> None:
        opened = await manuals_of(redis_url="redis://127.0.0.1:1/0").open(
            pdf(site.put("/a.pdf", Answer(of_its_own())))
        )
        assert opened.document.pages == 1


async def has_bytes(folder: Path) -> bool:
    return await asyncio.to_thread(lambda: any(file.stat().st_size for file in folder.iterdir()))


def of_its_own() -> bytes:
    """Return a manual that no other run has put into the Redis that all share."""
    return MANUAL + os.urandom(16)


def age_of(seconds: float) -> float:
    return time.time() - seconds
