"""Documents that the installation makes itself, opened as manuals: by their edition, once for all who ask, and never over a network."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import pytest

from kis.assistant.manuals import Manuals, Origin
from kis.assistant.manuals.errors import ManualMissing, ManualRefused
from kis.assistant.manuals.fetching import House
from kis.assistant.products.datasheets import sheet_pdf
from kis.assistant.things import Documentation, DocumentationType
from kis.platform.configuration import AssistantSettings

URL = "kis:datasheet/breaker/abs-103.pdf"
OTHER = "kis:datasheet/breaker/abs-104.pdf"
DOCUMENT = Documentation(DocumentationType.PDF, URL)
Opened = Callable[[House | None], Manuals]


class OneDocument:
    """A house of one document, which counts how often it is made."""

    def __init__(self) -> None:
        self.now, self.made = "1", 0
        self.content_url = URL
        self.fails = False

    async def edition(self, url: str) -> str | None:
        return self.now if url == URL else None

    async def content(self, _url: str) -> bytes:
        self.made += 1
        await asyncio.sleep(0)
        if self.fails:
            raise ManualMissing(500)
        return sheet_pdf(self.content_url)


async def no_lookup(_host: str, _port: int) -> Sequence[str]:
    raise AssertionError("nothing is looked up for a document of the house")


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncIterator[Opened]:
    """Return manuals over one folder, as a process has them."""
    held: list[Manuals] = []

    def made(house: House | None) -> Manuals:
        settings = AssistantSettings(reading_processes=1)
        held.append(Manuals(settings, tmp_path, house=house, lookup=no_lookup))
        return held[-1]

    yield made
    for each in held:
        await each.close()


def files(folder: Path) -> list[str]:
    """Names of the documents on the disk, and of what never arrived."""
    return sorted(path.name for kind in ("documents", "arriving") for path in (folder / kind).iterdir())


async def test_it_is_made_once_for_all_who_ask(opened: Opened, tmp_path: Path) -> None:
    house = OneDocument()
    manuals = opened(house)

    first, second = await asyncio.gather(manuals.open(DOCUMENT), manuals.open(DOCUMENT))

    assert (house.made, first.sha256, first.document.pages) == (1, second.sha256, 4)
    assert files(tmp_path) == [first.sha256]


async def test_another_process_finds_it_on_the_disk_as_long_as_its_edition_is_the_same(
    opened: Opened,
) -> None:
    house = OneDocument()
    first = await opened(house).open(DOCUMENT)

    second = await opened(house).open(DOCUMENT)

    assert (house.made, second.sha256, second.origin) == (1, first.sha256, Origin.DISK)


async def test_another_edition_is_made_anew(opened: Opened) -> None:
    house = OneDocument()
    first = await opened(house).open(DOCUMENT)
    house.now, house.content_url = "2", OTHER

    second = await opened(house).open(DOCUMENT)

    assert (house.made, second.sha256 != first.sha256) == (2, True)
    assert "ABS-104" in second.document.title


async def test_one_that_is_there_no_more_is_not_answered_from_the_kept_one(opened: Opened) -> None:
    house = OneDocument()
    await opened(house).open(DOCUMENT)

    with pytest.raises(ManualMissing):
        await opened(None).open(DOCUMENT)


async def test_what_cannot_be_made_leaves_nothing_behind(opened: Opened, tmp_path: Path) -> None:
    house = OneDocument()
    house.fails = True
    manuals = opened(house)

    with pytest.raises(ManualMissing):
        await manuals.open(DOCUMENT)

    assert files(tmp_path) == []
    house.fails = False
    assert (await manuals.open(DOCUMENT)).document.pages == 4


@pytest.mark.parametrize(
    "url",
    [
        "kis:datasheet/breaker/none.pdf",
        "kis:file:///etc/passwd",
        "kis://127.0.0.1/x.pdf",
        "kis:http://127.0.0.1/",
    ],
)
async def test_no_other_address_of_the_house_leads_anywhere(opened: Opened, url: str) -> None:
    house = OneDocument()

    with pytest.raises(ManualMissing):
        await opened(house).open(Documentation(DocumentationType.PDF, url))
    assert house.made == 0


@pytest.mark.parametrize("url", ["KIS:datasheet/breaker/abs-103.pdf", " kis:datasheet/breaker/abs-103.pdf"])
async def test_what_only_looks_like_one_is_judged_as_any_address(opened: Opened, url: str) -> None:
    with pytest.raises(ManualRefused):
        await opened(OneDocument()).open(Documentation(DocumentationType.PDF, url))


async def test_the_backup_may_be_a_document_of_the_house(opened: Opened) -> None:
    # Where the maker's address is refused.
    maker = Documentation(DocumentationType.PDF, "ftp://maker.example/abs.pdf", URL)

    assert "ABS-103" in (await opened(OneDocument()).open(maker)).document.title
