"""The data sheets that KIS writes."""

import asyncio
import io
import threading
from dataclasses import replace
from decimal import Decimal

import pypdfium2  # type: ignore[import-untyped]  # comes without types
import pytest

from kis.assistant.answering.asking import MOST_PASSAGES, Question
from kis.assistant.answering.extractive import extracted
from kis.assistant.errors import ManualUnavailable
from kis.assistant.products.datasheets import (
    MOST_AT_ONCE,
    DataSheets,
    datasheet_of,
    sheet_of,
    sheet_pdf,
    shipped_sheets,
)
from kis.assistant.reading import PassageIndex, read_document
from kis.assistant.things import Finished, Source
from kis.catalog import Breaker, BreakerKind, Grade, load_catalog
from kis.search import Language

BREAKER = Breaker(
    model="TST-53", make="Maker", kind=BreakerKind.ELB, grade=Grade.STANDARD, frame_af=50, poles=3,
    width_mm=75, height_mm=130, depth_mm=60, front_mm=82, ratings_a=(15, 20), icu_ka=Decimal(14), icu_at_v=460,
    sensitivity_ma=30, outline_source="maker-sheet", icu_source="maker-sheet", front_source="unverified",
    ratings_source="maker-sheet",
)  # fmt: skip
WIDER = replace(BREAKER, model="TST-54", poles=4, width_mm=100, icu_source="unverified")
URL = "kis:datasheet/breaker/abs-103.pdf"


def english(part: Breaker, *family: Breaker) -> dict[str, dict[str, object]]:
    """The sections of the English half, by title."""
    return {each["title"]: each for each in sheet_of(part, (part, *family))["halves"][1]["sections"]}


def words_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    return " ".join(text.split())


def answered(url: str, question: str) -> tuple[str, ...]:
    """What is said when a data sheet is asked, without a model; empty for a refusal."""
    document = read_document(sheet_pdf(url))
    index = PassageIndex.of(document)
    asked = Question(
        text=question,
        language=Language.EN if question.isascii() else Language.KO,
        found=tuple(index.search(question, MOST_PASSAGES)),
        source=Source(sha256=document.sha256, title=document.title, url=url),
        searched="",
    )
    last = list(extracted(asked))[-1]
    assert isinstance(last, Finished)
    return tuple(sentence.text for sentence in last.sentences)


class TestSheetOf:
    def test_says_every_fact_and_marks_what_is_unverified(self) -> None:
        sections = english(BREAKER)

        assert [line for each in sections.values() for line in each["lines"]] == [  # type: ignore[attr-defined]
            "The TST-53 has a frame of 50 AF and 3 poles.",
            "The TST-53 is made for rated currents of 15, 20 A.",
            "The smallest rating of the TST-53 is 15 A, the largest 20 A.",
            "The rated residual operating current (sensitivity) of the TST-53 is 30 mA.",
            "The breaking capacity (Icu) of the TST-53 is 14 kA at 460 V.",
            "A breaking capacity counts at the stated voltage and below (IEC 60947-2); a figure without its voltage cannot be compared.",
            "The dimensions of the TST-53 are: 75 mm wide, 130 mm high, 60 mm deep.",
            "The TST-53 stands 82 mm in front of the mounting plate, handle included (unverified).",
            "The TST-53 is mounted on the mounting plate.",
            "Not read off a maker's sheet: In front of the plate. Ask the maker before ordering.",
        ]

    def test_says_of_each_figure_where_it_comes_from(self) -> None:
        table = english(BREAKER)["Where the figures come from"]["table"]

        assert table["rows"] == [  # type: ignore[index]
            ["Rated current", "15, 20 A", "maker's outline sheet"],
            ["Breaking capacity (Icu)", "14 kA / 460 V", "maker's outline sheet"],
            ["Dimensions", "75 × 130 × 60 mm", "maker's outline sheet"],
            ["In front of the plate", "82 mm", "unverified"],
        ]

    def test_lists_the_series_with_unverified_figures_marked(self) -> None:
        table = english(BREAKER, WIDER)["Models of the series"]["table"]

        assert table["rows"] == [  # type: ignore[index]
            ["TST-53 (30 mA)", "3P", "50 AF", "15, 20 A", "14 kA / 460 V", "75 × 130 × 60 mm"],
            ["TST-54 (30 mA)", "4P", "50 AF", "15, 20 A", "14 kA / 460 V (unverified)", "100 × 130 × 60 mm"],
        ]

    def test_a_capacity_without_its_voltage_is_unverified_whoever_said_it(self) -> None:
        sections = english(replace(BREAKER, icu_at_v=None))

        assert sections["Breaking capacity"]["lines"][0] == (  # type: ignore[index]
            "The breaking capacity (Icu) of the TST-53 is said to be 14 kA; at what voltage is not known (unverified)."
        )
        rows = sections["Where the figures come from"]["table"]["rows"]  # type: ignore[index]
        assert rows[1] == ["Breaking capacity (Icu)", "14 kA", "unverified"]


class TestShippedSheets:
    def test_every_shipped_breaker_and_enclosure_has_one_of_its_own(self) -> None:
        catalog = load_catalog()
        parts = [shipped.part for shipped in shipped_sheets().values()]

        assert [part for part in parts if isinstance(part, Breaker)] == list(catalog.breakers)
        assert {part for part in parts if part in catalog.enclosures} == set(catalog.enclosures)

    def test_of_an_accessory_that_only_the_name_is_known_of_there_is_none(self) -> None:
        assert datasheet_of("accessory", "spd/SPD with its own 4P MCCB") is None
        assert datasheet_of("accessory", "magnetic_contactor/MC-9..22") is not None

    def test_there_is_none_of_what_is_not_shipped(self) -> None:
        assert datasheet_of("breaker", "TST-53/30mA") is None


class TestDataSheets:
    async def test_are_read_as_they_were_written(self) -> None:
        words = words_of(await DataSheets().content(URL))

        assert "ABS-103의 차단용량, 곧 정격차단용량(Icu)은 460 V에서 37 kA입니다." in words
        assert "The breaking capacity (Icu) of the ABS-103 is 37 kA at 460 V." in words

    async def test_of_the_same_catalogue_are_the_same_bytes_and_the_same_edition(self) -> None:
        sheets = DataSheets()

        assert await sheets.content(URL) == await sheets.content(URL)
        assert await sheets.edition(URL) == await sheets.edition(URL)
        assert await sheets.edition(URL) != await sheets.edition(URL.replace("abs", "abn"))

    @pytest.mark.parametrize(
        "url",
        [
            "kis:datasheet/breaker/none.pdf",
            "kis:datasheet/breaker/../breaker/abs-103.pdf",
            "kis:datasheet/breaker/ABS-103.pdf",
            f"{URL}?x",
            "kis://datasheet/breaker/abs-103.pdf",
            "kis:other",
            "https://a.example",
        ],
    )
    async def test_what_there_is_none_of_is_told(self, url: str) -> None:
        assert await DataSheets().edition(url) is None
        with pytest.raises(ManualUnavailable):
            await DataSheets().content(url)

    async def test_are_made_a_few_at_a_time_and_keep_no_other_thread_waiting(self) -> None:
        maker = Maker()
        sheets = DataSheets(maker.make)
        asked = [asyncio.create_task(sheets.content(URL)) for _ in range(40)]
        async with asyncio.timeout(30):
            # More are asked for than there are threads for everything else, and that is done all the same.
            await asyncio.to_thread(maker.is_busy.wait)
            asked[0].cancel()  # who goes away makes no room: the compiler does not stop for that
            maker.goes_on.set()
            made = await asyncio.gather(*asked, return_exceptions=True)
        assert made[1:] == [b"made"] * 39
        assert maker.most == MOST_AT_ONCE


class Maker:
    """Makes sheets when it is let, and counts how many at a time."""

    def __init__(self) -> None:
        self.is_busy, self.goes_on = threading.Event(), threading.Event()
        self.now = self.most = 0
        self._counting = threading.Lock()

    def make(self, _url: str) -> bytes:
        with self._counting:
            self.now += 1
            self.most = max(self.most, self.now)
            if self.now >= MOST_AT_ONCE:
                self.is_busy.set()
        self.goes_on.wait(30)
        with self._counting:
            self.now -= 1
        return b"made"


class TestAsked:
    @pytest.mark.parametrize(
        ("url", "question", "first"),
        [
            (URL, "차단 용량은?", "ABS-103의 차단용량, 곧 정격차단용량(Icu)은 460 V에서 37 kA입니다."),
            (URL, "What is the breaking capacity?", "The breaking capacity (Icu) of the ABS-103 is 37 kA at 460 V."),
            (URL, "크기가 얼마나 되나요?", "ABS-103의 외형 치수는 폭 90 mm, 높이 155 mm, 깊이 60 mm입니다."),
            (URL, "누전 감도는?", "ABS-103은 배선용차단기이므로 누전을 감지하지 않으며 정격감도전류가 없습니다."),
            ("kis:datasheet/breaker/sbe-103.pdf", "차단용량이 얼마야?", "SBE-103의 차단용량, 곧 정격차단용량(Icu)은 14 kA로 알려져 있으나 기준 전압은 알려지지 않았습니다 (미확인 값)."),
            ("kis:datasheet/enclosure/hs-50-70-15.pdf", "보호등급", "HS 50 70 15의 보호등급은 IP44입니다 (미확인 값)."),
        ],
    )  # fmt: skip
    def test_answers_with_the_part_it_is_of(self, url: str, question: str, first: str) -> None:
        assert answered(url, question)[0] == first

    @pytest.mark.parametrize("question", ["무게는?", "보증 기간은?", "What is the warranty?"])
    def test_refuses_what_the_catalogue_does_not_say(self, question: str) -> None:
        assert not answered(URL, question)
