import asyncio
import hashlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client import Counter

from kis.assistant.errors import ManualUnavailable
from kis.assistant.manuals import Manuals, Origin
from kis.assistant.manuals.errors import (
    ManualDamaged,
    ManualEmpty,
    ManualEncrypted,
    ManualMissing,
    ManualRefused,
    ManualScanned,
    ManualSlow,
    ManualTooLarge,
    ManualUnreachable,
    ManualWrongType,
)
from kis.assistant.things import Documentation, DocumentationType
from kis.platform.telemetry import metrics
from tests.factories import maker_manuals, plain_reading
from tests.factories.maker_site import Answer, MakerSite

MANUAL = b"%PDF-1.7 words"


def pdf(url: str, backup_url: str | None = None) -> Documentation:
    return Documentation(DocumentationType.PDF, url, backup_url)


def html(url: str) -> Documentation:
    return Documentation(DocumentationType.HTML, url)


def count(counter: Counter, layer: str) -> float:
    return float(counter.labels(layer)._value.get())


class TestOpen:
    async def test_a_manual_is_fetched_read_and_indexed(self, site: MakerSite, manuals: Manuals) -> None:
        opened = await manuals.open(pdf(site.put("/a.pdf", Answer(MANUAL))))
        assert opened.sha256 == hashlib.sha256(MANUAL).hexdigest()
        assert opened.origin is Origin.NETWORK
        assert [found.passage.text for found in opened.index.search("words")] == ["%PDF-1.7 words"]
        assert opened.source.url == f"{site.url}/a.pdf"
        assert await manuals.content(opened.sha256) == MANUAL

    async def test_ten_questions_cause_one_download_and_nine_hits(
        self, site: MakerSite, manuals: Manuals
    ) -> None:
        hits, misses = (
            count(counter, "manuals_memory") for counter in (metrics.CACHE_HITS, metrics.CACHE_MISSES)
        )
        asked = pdf(site.put("/a.pdf", Answer(MANUAL)))
        origins = [(await manuals.open(asked)).origin for _ in range(10)]
        assert origins == [Origin.NETWORK, *[Origin.MEMORY] * 9]
        assert site.counts["/a.pdf"] == 1
        assert count(metrics.CACHE_HITS, "manuals_memory") - hits == 9
        assert count(metrics.CACHE_MISSES, "manuals_memory") - misses == 1

    async def test_the_time_of_each_download_is_told_by_how_it_ended(
        self, site: MakerSite, manuals: Manuals
    ) -> None:
        def downloads(outcome: str) -> float:
            told = metrics.REGISTRY.get_sample_value("pdf_fetch_seconds_count", {"outcome": outcome})
            return told or 0.0

        fetched, missing = downloads("fetched"), downloads("missing")
        await manuals.open(pdf(site.put("/a.pdf", Answer(MANUAL))))
        with pytest.raises(ManualMissing):
            await manuals.open(pdf(f"{site.url}/none.pdf"))
        assert (downloads("fetched") - fetched, downloads("missing") - missing) == (1, 1)

    async def test_fifty_who_ask_at_once_cause_one_download(self, site: MakerSite, manuals: Manuals) -> None:
        asked = pdf(site.put("/a.pdf", Answer(MANUAL)))
        opened = await asyncio.gather(*(manuals.open(asked) for _ in range(50)))
        assert len({id(one.index) for one in opened}) == 1
        assert site.counts["/a.pdf"] == 1

    async def test_two_addresses_of_one_content_are_read_once(
        self, site: MakerSite, manuals: Manuals
    ) -> None:
        one, other = await asyncio.gather(
            *(manuals.open(pdf(site.put(path, Answer(MANUAL)))) for path in ("/a.pdf", "/b.pdf"))
        )
        assert one.index is other.index
        assert (one.url, other.url) == (f"{site.url}/a.pdf", f"{site.url}/b.pdf")

    async def test_another_process_finds_it_on_the_disk(
        self, site: MakerSite, manuals_of: Callable[..., Manuals]
    ) -> None:
        asked = pdf(site.put("/a.pdf", Answer(MANUAL)))
        first = await manuals_of().open(asked)
        again = await manuals_of().open(asked)
        assert (again.origin, again.document) == (Origin.DISK, first.document)
        assert site.counts["/a.pdf"] == 1

    async def test_two_processes_fetch_it_once(
        self, site: MakerSite, manuals_of: Callable[..., Manuals]
    ) -> None:
        asked = pdf(site.put("/a.pdf", Answer(MANUAL, sent=5, stalls=True)))
        one, other = (asyncio.create_task(manuals_of().open(asked)) for _ in range(2))
        await asyncio.to_thread(site.stalled.wait, 60)
        site.release()
        await asyncio.gather(one, other)
        assert site.counts["/a.pdf"] == 1

    async def test_a_web_page_is_a_manual_where_the_catalog_says_so(
        self, site: MakerSite, manuals: Manuals
    ) -> None:
        url = site.put("/a", Answer(maker_manuals.manual_html(), type="text/html; charset=utf-8"))
        assert (await manuals.open(html(url))).document.media_type == "text/html"
        with pytest.raises(ManualWrongType):
            await manuals.open(pdf(url))

    async def test_what_came_packed_is_unpacked(self, site: MakerSite, manuals: Manuals) -> None:
        site.put_usual()
        opened = await manuals.open(pdf(f"{site.url}/packed.pdf"))
        assert await manuals.content(opened.sha256) == maker_manuals.manual_pdf()

    @pytest.mark.parametrize(
        ("path", "error"),
        [
            ("/none.pdf", ManualMissing),
            ("/busy.pdf", ManualUnreachable),
            ("/truncated.pdf", ManualUnreachable),
            ("/round.pdf", ManualRefused),
            ("/inside.pdf", ManualRefused),
            ("/login.pdf", ManualWrongType),
            ("/program.pdf", ManualWrongType),
            ("/nothing.pdf", ManualEmpty),
            ("/bomb.pdf", ManualTooLarge),
        ],
    )
    async def test_what_is_no_manual_is_told_from_another(
        self,
        site: MakerSite,
        manuals_of: Callable[..., Manuals],
        tmp_path: Path,
        path: str,
        error: type[ManualUnavailable],
    ) -> None:
        site.put_usual()
        manuals = manuals_of(settings={"manual_bytes": 2_000_000})
        with pytest.raises(error):
            await manuals.open(pdf(site.url + path))
        assert list((tmp_path / "manuals" / "documents").iterdir()) == []
        assert list((tmp_path / "manuals" / "arriving").iterdir()) == []

    @pytest.mark.parametrize(
        ("content", "error"),
        [
            (b"%PDF-1.7 damaged", ManualDamaged),
            (b"%PDF-1.7 encrypted", ManualEncrypted),
            (b"%PDF-1.7 scanned", ManualScanned),
            (b"%PDF-1.7 empty", ManualEmpty),
            (b"%PDF-1.7 unsupported", ManualWrongType),
            (plain_reading.RAISES, ManualDamaged),
        ],
    )
    async def test_what_reading_finds_is_told(
        self, site: MakerSite, manuals: Manuals, content: bytes, error: type[ManualUnavailable]
    ) -> None:
        with pytest.raises(error):
            await manuals.open(pdf(site.put("/a.pdf", Answer(content))))

    async def test_a_length_that_is_announced_is_believed_before_a_byte_is_taken(
        self, site: MakerSite, manuals_of: Callable[..., Manuals]
    ) -> None:
        url = site.put("/a.pdf", Answer(MANUAL, headers={"content-length": "3000000"}, has_length=False))
        with pytest.raises(ManualTooLarge):
            await manuals_of(settings={"manual_bytes": 2_000_000}).open(pdf(url))

    async def test_a_length_that_is_not_announced_is_counted(
        self, site: MakerSite, manuals_of: Callable[..., Manuals]
    ) -> None:
        url = site.put("/a.pdf", Answer(MANUAL + bytes(3_000_000), has_length=False))
        with pytest.raises(ManualTooLarge):
            await manuals_of(settings={"manual_bytes": 2_000_000}).open(pdf(url))

    @pytest.mark.parametrize("path", ["/stalling.pdf", "/silent.pdf"])
    async def test_a_site_that_stands_still_costs_the_time_that_is_set(
        self, site: MakerSite, manuals_of: Callable[..., Manuals], path: str
    ) -> None:
        site.put_usual()
        with pytest.raises(ManualSlow):
            await manuals_of(settings={"manual_timeout_seconds": 0.3}).open(pdf(site.url + path))

    async def test_a_site_that_is_busy_is_asked_three_times(self, site: MakerSite, manuals: Manuals) -> None:
        busy = Answer(status="503 Service Unavailable")
        opened = await manuals.open(pdf(site.put("/a.pdf", busy, Answer(MANUAL, sent=3), Answer(MANUAL))))
        assert (opened.origin, site.counts["/a.pdf"]) == (Origin.NETWORK, 3)

    async def test_the_backup_is_taken_where_the_first_address_fails(
        self, site: MakerSite, manuals: Manuals
    ) -> None:
        backup = site.put("/b.pdf", Answer(MANUAL))
        opened = await manuals.open(pdf(f"{site.url}/none.pdf", backup))
        assert opened.source.url == backup

    async def test_where_both_fail_the_first_is_told(self, site: MakerSite, manuals: Manuals) -> None:
        with pytest.raises(ManualMissing):
            await manuals.open(pdf(f"{site.url}/none.pdf", "http://10.0.0.1/b.pdf"))

    async def test_a_redirect_is_followed_to_where_it_may_lead(
        self, site: MakerSite, manuals: Manuals
    ) -> None:
        site.put_usual()
        opened = await manuals.open(pdf(f"{site.url}/moved.pdf"))
        assert opened.sha256 == hashlib.sha256(maker_manuals.manual_pdf()).hexdigest()

    async def test_the_site_gets_its_own_name_and_neither_cookies_nor_secrets(
        self, site: MakerSite, manuals_of: Callable[..., Manuals]
    ) -> None:
        async def everything_is_here(name: str, port: int) -> list[str]:
            assert (name, port) == ("maker.example", site.port)
            return ["127.0.0.1"]

        manuals = manuals_of(
            settings={"private_hosts": f"maker.example:{site.port}"}, lookup=everything_is_here
        )
        site.put("/a.pdf", Answer(MANUAL, headers={"set-cookie": "a=b"}))
        site.put("/m.pdf", Answer(status="302 Found", headers={"location": "/a.pdf", "set-cookie": "a=b"}))
        await manuals.open(pdf(f"http://maker.example:{site.port}/m.pdf"))
        assert [asked.headers["host"] for asked in site.asked] == [f"maker.example:{site.port}"] * 2
        assert not {"cookie", "authorization"} & {name for asked in site.asked for name in asked.headers}


class TestAskingAgain:
    async def test_an_unchanged_manual_is_not_sent_again(
        self, site: MakerSite, manuals_of: Callable[..., Manuals]
    ) -> None:
        manuals = manuals_of(fresh_for=timedelta(0))
        asked = pdf(site.put("/a.pdf", Answer(MANUAL)))
        first, again = await manuals.open(asked), await manuals.open(asked)
        assert site.counts["/a.pdf"] == 2
        assert site.asked[1].headers["if-none-match"].startswith('"')
        assert again.index is first.index

    async def test_a_new_version_is_taken(self, site: MakerSite, manuals_of: Callable[..., Manuals]) -> None:
        manuals = manuals_of(fresh_for=timedelta(0))
        asked = pdf(site.put("/a.pdf", Answer(MANUAL), Answer(b"%PDF-1.7 new")))
        first, again = await manuals.open(asked), await manuals.open(asked)
        assert (first.sha256 == again.sha256, again.origin) == (False, Origin.NETWORK)

    async def test_while_the_site_is_away_the_old_version_is_served(
        self, site: MakerSite, manuals_of: Callable[..., Manuals]
    ) -> None:
        manuals = manuals_of(fresh_for=timedelta(0))
        asked = pdf(site.put("/a.pdf", Answer(MANUAL), Answer(status="503 Service Unavailable")))
        first, again = await manuals.open(asked), await manuals.open(asked)
        assert again.index is first.index

    async def test_a_host_that_is_no_longer_allowed_is_refused_though_its_manual_is_kept(
        self, site: MakerSite, manuals_of: Callable[..., Manuals]
    ) -> None:
        asked = pdf(site.put("/a.pdf", Answer(MANUAL)))
        await manuals_of().open(asked)
        with pytest.raises(ManualRefused):
            await manuals_of(settings={"private_hosts": ""}).open(asked)


class TestPrefetch:
    async def test_what_was_fetched_while_typing_is_there_when_it_is_wanted(
        self, site: MakerSite, manuals: Manuals
    ) -> None:
        asked = pdf(site.put("/a.pdf", Answer(MANUAL)))
        prefetch = manuals.prefetch(asked)
        await manuals.open(asked)
        assert (prefetch.is_over, site.counts["/a.pdf"]) == (True, 1)
        prefetch.release()
        assert (await manuals.open(asked)).origin is Origin.MEMORY

    async def test_it_is_given_up_when_nobody_wants_it_any_more(
        self, site: MakerSite, manuals: Manuals, tmp_path: Path
    ) -> None:
        asked = pdf(site.put("/a.pdf", Answer(MANUAL, sent=5, stalls=True)))
        one, other = manuals.prefetch(asked), manuals.prefetch(asked)
        await asyncio.to_thread(site.stalled.wait, 60)
        one.release()
        assert not other.is_over
        other.release()
        other.release()  # once is enough
        await manuals.close()
        assert list((tmp_path / "manuals" / "arriving").iterdir()) == []
        assert list((tmp_path / "manuals" / "documents").iterdir()) == []

    async def test_a_failing_manual_is_not_fetched_on_every_key_press(
        self, site: MakerSite, manuals: Manuals
    ) -> None:
        asked = pdf(f"{site.url}/none.pdf")
        with pytest.raises(ManualMissing):
            await manuals.open(asked)
        assert manuals.prefetch(asked).is_over
        assert site.counts["/none.pdf"] == 1
