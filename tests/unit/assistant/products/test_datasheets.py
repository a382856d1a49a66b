"""The data sheets that KIS writes."""

import io
from decimal import Decimal

import pypdfium2  # type: ignore[import-untyped]  # comes without types
import pytest

from kis.assistant.errors import ManualUnavailable
from kis.assistant.products.datasheets import (
    DataSheets,
    datasheet_of,
    series_of,
    sheet_of,
    sheet_pdf,
    shipped_series,
)
from kis.catalog import Breaker, BreakerKind, Grade, load_catalog

BREAKER = Breaker(
    model="TST-53", make="Maker", kind=BreakerKind.ELB, grade=Grade.STANDARD, frame_af=50, poles=3,
    width_mm=75, height_mm=130, depth_mm=60, front_mm=82, ratings_a=(15, 20), icu_ka=Decimal(14), icu_at_v=460,
    sensitivity_ma=30, outline_source="maker-sheet", icu_source="maker-sheet", front_source="unverified",
    ratings_source="maker-sheet",
)  # fmt: skip


def words_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    return " ".join(text.split())


class TestSheetOf:
    def test_says_every_fact_and_marks_what_is_unverified(self) -> None:
        sheet = sheet_of((BREAKER,), "en")

        _, model, doubts = sheet["sections"]
        assert model["title"] == "TST-53"
        assert model["lines"] == [
            "The TST-53 has a frame of 50 AF and 3 poles.",
            "The TST-53 is made for rated currents of 15, 20 A.",
            "The TST-53 is 75 mm wide, 130 mm high and 60 mm deep.",
            "The TST-53 stands 82 mm in front of the mounting plate, handle included. (unverified)",
            "The rated breaking capacity (Icu) of the TST-53 is 14 kA at 460 V.",
            "The rated residual operating current of the TST-53 is 30 mA.",
        ]
        assert doubts["lines"] == ["How far these models stand out was not read off a maker's sheet: TST-53."]


class TestDataSheets:
    def test_every_shipped_breaker_is_in_one_series(self) -> None:
        held = [breaker for breakers in shipped_series().values() for breaker in breakers]

        assert sorted(held, key=repr) == sorted(load_catalog().breakers, key=repr)

    async def test_are_read_as_they_were_written(self) -> None:
        documentation = datasheet_of("Sangdo", "MCCB", "compact")
        assert documentation is not None
        assert documentation.backup_url is not None

        korean = words_of(await DataSheets().fetch(documentation.url))
        english = words_of(await DataSheets().fetch(documentation.backup_url))

        for breaker in shipped_series()[series_of("Sangdo", "MCCB", "compact")]:
            assert f"{breaker.model}의 프레임은 {breaker.frame_af} AF" in korean
            assert f"The {breaker.model} has a frame of {breaker.frame_af} AF" in english

    def test_of_the_same_catalogue_are_the_same_bytes(self) -> None:
        first = sheet_pdf("sangdo-mccb-small", "ko")
        sheet_pdf.cache_clear()

        assert sheet_pdf("sangdo-mccb-small", "ko") == first

    @pytest.mark.parametrize(
        "url", ["kis:datasheet/none.ko.pdf", "kis:datasheet/../x.ko.pdf", "kis:other", "https://a.example"]
    )
    async def test_what_there_is_none_of_is_told(self, url: str) -> None:
        with pytest.raises(ManualUnavailable):
            await DataSheets().fetch(url)

    def test_there_is_none_of_what_is_not_shipped(self) -> None:
        assert datasheet_of("Somebody", "MCCB", "compact") is None
