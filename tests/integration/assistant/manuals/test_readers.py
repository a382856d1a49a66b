"""Processes that read: what a hostile document does, and that nobody else notices."""

import asyncio
import os
from collections.abc import Callable

import pytest

from kis.assistant.manuals import Manuals
from kis.assistant.manuals.errors import (
    ManualDamaged,
    ManualNotKept,
    ManualTooLong,
    ManualUnread,
    PageNotFound,
)
from kis.assistant.manuals.opened import USUAL
from kis.assistant.things import Box, Documentation, DocumentationType, DocumentState
from tests.factories import maker_manuals, plain_reading
from tests.factories.maker_site import Answer, MakerSite

GOOD = b"%PDF-1.7 words"


def pdf(url: str) -> Documentation:
    return Documentation(DocumentationType.PDF, url)


class TestHostileDocuments:
    @pytest.mark.parametrize(
        "content",
        [plain_reading.HANGS, plain_reading.DIES, plain_reading.EATS],
        ids=["hangs", "dies", "eats"],
    )
    async def test_it_takes_down_its_own_process_and_no_other(
        self, site: MakerSite, manuals_of: Callable[..., Manuals], content: bytes
    ) -> None:
        # What hangs has to be waited for; all else takes as long as a busy machine needs.
        seconds = 20.0 if content == plain_reading.HANGS else 600.0
        manuals = manuals_of(settings={"reading_timeout_seconds": seconds})
        bad, good = site.put("/bad.pdf", Answer(content)), site.put("/good.pdf", Answer(GOOD))
        with pytest.raises(ManualUnread):
            await manuals.open(pdf(bad))
        opened = await manuals.open(pdf(good))
        assert opened.document.state is DocumentState.READY

    async def test_a_long_document_that_fails_in_its_parts_is_told_as_one(
        self, site: MakerSite, manuals_of: Callable[..., Manuals]
    ) -> None:
        manuals = manuals_of(settings={"reading_processes": 2})
        with pytest.raises(ManualDamaged):  # the stand-in can read no parts
            await manuals.open(pdf(site.put("/a.pdf", Answer(GOOD + bytes(500_000)))))

    async def test_one_process_reads_many_documents(self, site: MakerSite, manuals: Manuals) -> None:
        titles = {
            (
                await manuals.open(pdf(site.put(f"/{number}.pdf", Answer(GOOD + b"%d" % number))))
            ).document.title
            for number in range(5)
        }
        assert len(titles) == 1  # the title names the process

    async def test_it_gives_way_to_those_who_type(self, site: MakerSite, manuals: Manuals) -> None:
        title = (await manuals.open(pdf(site.put("/a.pdf", Answer(GOOD))))).document.title
        niceness = os.getpriority(os.PRIO_PROCESS, int(title.removeprefix("read by ")))
        assert niceness == min(19, os.getpriority(os.PRIO_PROCESS, 0) + 10)

    async def test_the_process_ends_with_its_manuals(
        self, site: MakerSite, manuals_of: Callable[..., Manuals]
    ) -> None:
        manuals = manuals_of()
        title = (await manuals.open(pdf(site.put("/a.pdf", Answer(GOOD))))).document.title
        process_id = int(title.removeprefix("read by "))
        os.kill(process_id, 0)
        await manuals.close()
        with pytest.raises(ProcessLookupError):
            os.kill(process_id, 0)


class TestPageImage:
    async def test_a_page_is_drawn_with_its_marks(self, site: MakerSite, manuals: Manuals) -> None:
        opened = await manuals.open(pdf(site.put("/a.pdf", Answer(GOOD))))
        image = await manuals.page_image(opened.sha256, 1, [Box(1, 2, 3, 4)], width=800)
        assert image == b"14 1 1 800"  # what the stand-in says: bytes, page, boxes, width

    async def test_a_page_that_is_not_there_is_told(self, site: MakerSite, manuals: Manuals) -> None:
        opened = await manuals.open(pdf(site.put("/a.pdf", Answer(GOOD))))
        for page in (0, 2):
            with pytest.raises(PageNotFound):
                await manuals.page_image(opened.sha256, page)
        with pytest.raises(ManualNotKept):
            await manuals.page_image("0" * 64, 1)


class TestRealDocuments:
    """With the reading that is used outside of tests."""

    async def test_a_long_manual_is_read_by_two_processes_as_by_one(
        self, site: MakerSite, manuals_of: Callable[..., Manuals]
    ) -> None:
        from kis.assistant.reading import read_document

        content = maker_manuals.long_pdf(60)
        manuals = manuals_of(reading=USUAL, settings={"reading_processes": 2})
        opened = await manuals.open(pdf(site.put("/long.pdf", Answer(content))))
        assert opened.document == read_document(content, "application/pdf")
        found = opened.index.search("Which torque has part 42?", 1)
        assert found[0].passage.page == 42

    @pytest.mark.parametrize("pages", [60, 5], ids=["in parts", "at once"])
    async def test_one_with_more_pages_than_are_read_is_refused(
        self, site: MakerSite, manuals_of: Callable[..., Manuals], pages: int
    ) -> None:
        asked = pdf(site.put("/long.pdf", Answer(maker_manuals.long_pdf(pages))))
        few = manuals_of(reading=USUAL, settings={"reading_processes": 2, "manual_pages": pages - 1})
        for _ in range(2):  # also when it is on the disk, and perhaps read, already
            with pytest.raises(ManualTooLong, match=f"{pages} pages; up to {pages - 1}"):
                await few.open(asked)
        enough = manuals_of(reading=USUAL, settings={"reading_processes": 2, "manual_pages": pages})
        assert (await enough.open(asked)).document.pages == pages
        with pytest.raises(ManualTooLong):
            await manuals_of(reading=USUAL, settings={"manual_pages": pages - 1}).open(asked)

    async def test_states_and_pages(self, site: MakerSite, manuals_of: Callable[..., Manuals]) -> None:
        site.put_usual()
        manuals = manuals_of(reading=USUAL)
        told = await asyncio.gather(
            *(
                manuals.open(pdf(f"{site.url}/{name}.pdf"))
                for name in ("encrypted", "damaged", "scanned", "blank")
            ),
            return_exceptions=True,
        )
        assert [getattr(error, "code", None) for error in told] == [
            "manual_encrypted",
            "manual_damaged",
            "manual_scanned",
            "manual_empty",
        ]
        opened = await manuals.open(pdf(f"{site.url}/manual-ko.pdf"))
        box = opened.document.units[0].boxes[0]
        assert (await manuals.page_image(opened.sha256, 1, [box])).startswith(b"\x89PNG")
        with pytest.raises(PageNotFound):
            await manuals.page_image(opened.sha256, 4)
