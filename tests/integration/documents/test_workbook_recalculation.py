"""LibreOffice opens the workbooks of all examples, recalculates every formula, and comes to the stored amounts; and what it prints of some.

The stored values are taken out of the files first, so that whoever opens them must calculate. One run converts all files.
"""

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final

import pypdfium2  # type: ignore[import-untyped]  # comes without types
import pytest
from openpyxl import Workbook, load_workbook

from kis.estimator import estimate, load_request
from kis.estimator.documents.content import QuotationContent
from kis.estimator.documents.workbook import expected_format, quotation_workbook
from kis.estimator.issuing.issue import Issue
from kis.estimator.issuing.quotation import quotation_content
from tests.factories.contents import content, lighting_panel, many_panels, retotalled, row, with_panels

EXAMPLES: Final = Path(__file__).parents[3] / "examples"
REQUESTS: Final = {
    path.stem: path for path in sorted(EXAMPLES.iterdir()) if path.suffix in {".yaml", ".json"}
}
LONGEST_RUN_SECONDS: Final = 240

pytestmark = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed"
)


def halves() -> QuotationContent:
    """Return a quotation of halves that binary arithmetic misses: 2.05 · 30 = 61.5, 1.15 · 50 = 57.5, …, in panels with hostile names."""
    rows = tuple(
        row("반올림", "", "kg", f"{Decimal(hundredths) / 100}", f"{price}")
        for hundredths in range(5, 1000, 10)
        for price in (30, 50, 190, 19530)
        if hundredths * price % 100 == 50
    )
    each = sum((line.amount for line in rows), Decimal(0))
    panels = [
        replace(lighting_panel(), name=name, rows=rows, quantity=2, unit_subtotal=each, subtotal=2 * each)
        for name in ("'반올림' & 1/2", "=1+1", "[A]:*?", "History", "가" * 40, "가" * 40)
    ]
    return with_panels(content(), panels)


def without_percentages() -> QuotationContent:
    return retotalled(replace(content("en", "USD"), margin_percent=Decimal(0), discount_percent=Decimal(0)))


def own_contents() -> Mapping[str, QuotationContent]:
    return {
        "ko-KRW": content(),
        "en-USD": content("en", "USD"),
        "ko-USD": content("ko", "USD"),
        "halves": halves(),
        "no-percentages": without_percentages(),
        "empty": retotalled(replace(content(), panels=(), extra=())),
    }


@cache
def example(name: str) -> QuotationContent:
    made = estimate(load_request(REQUESTS[name]))
    return quotation_content(made, Issue(number="KIS-2026-0001-R0"), "ab" * 32, [() for _ in made.panels])


@cache
def contents() -> Mapping[str, QuotationContent]:
    return {**own_contents(), **{name: example(name) for name in REQUESTS}}


def without_values(workbook: bytes) -> bytes:
    """Return the file with every formula's stored value taken out."""
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(output, "w") as new:
        for entry in old.infolist():
            new.writestr(entry, re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", old.read(entry)))
    return output.getvalue()


@pytest.fixture(scope="module")
def recalculated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of all workbooks as LibreOffice saved them."""
    folder = tmp_path_factory.mktemp("workbooks")
    sources = []
    for name, quotation in contents().items():
        source = folder / f"{name}.xlsx"
        source.write_bytes(without_values(quotation_workbook(quotation)))
        sources.append(str(source))
    return converted(folder, "xlsx", sources)


def converted(folder: Path, form: str, sources: list[str]) -> Path:
    """Let LibreOffice convert all files in one run and return the folder of what it made."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", form, "--outdir", str(folder / "out")]
    subprocess.run([*command, *sources], check=True, capture_output=True, timeout=LONGEST_RUN_SECONDS)
    return folder / "out"


@cache
def values(folder: Path, name: str) -> Workbook:
    return load_workbook(folder / f"{name}.xlsx", data_only=True)


def named(workbook: Workbook, name: str) -> Decimal:
    ((title, place),) = workbook.defined_names[name].destinations
    return Decimal(
        str(workbook[title.replace("''", "'")][place].value)
    )  # openpyxl leaves apostrophes doubled


def stored(quotation: QuotationContent) -> Iterator[tuple[str, Decimal]]:
    totals = quotation.totals
    yield from {
        "Subtotal": totals.subtotal,
        "Margin": totals.margin,
        "Discount": totals.discount,
        "Net": totals.net,
        "Vat": totals.vat,
        "TotalPrice": totals.total,
        "Headline": quotation.headline,
    }.items()
    for number, panel in enumerate(quotation.panels, start=1):
        yield f"Panel{number:03d}Subtotal", panel.unit_subtotal
        yield f"Panel{number:03d}Total", panel.subtotal


@pytest.mark.parametrize("name", [*own_contents(), *REQUESTS])
class TestRecalculation:
    def test_gives_every_total_to_the_coin(self, recalculated: Path, name: str) -> None:
        quotation = contents()[name]
        workbook = values(recalculated, name)
        different = {
            total: (amount, found)
            for total, amount in stored(quotation)
            if (found := named(workbook, total)) != amount
        }
        assert different == {}

    def test_gives_every_line_to_the_coin(self, recalculated: Path, name: str) -> None:
        quotation = contents()[name]
        workbook = values(recalculated, name)
        for panel, title in zip(quotation.panels, workbook.sheetnames[1:-1], strict=True):
            amounts = [
                Decimal(str(sheet_row[6]))
                for sheet_row in workbook[title].iter_rows(values_only=True)
                if isinstance(sheet_row[0], int | float)
            ]
            assert amounts == [line.amount for line in panel.rows]

    def test_leaves_no_formula_without_a_value(self, recalculated: Path, name: str) -> None:
        workbook = values(recalculated, name)
        found = {
            place: workbook[place[0]][place[1]].value for place in expected_format(contents()[name]).formulas
        }
        assert found
        assert [place for place, value in found.items() if not isinstance(value, int | float)] == []


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[str]]:
    """Return the words of every page that LibreOffice prints of a workbook, its formulas calculated anew."""
    folder = tmp_path_factory.mktemp("printed")
    wanted = {"ko": content(), "en": content("en", "USD"), "long": many_panels(45)}
    sources = []
    for name, quotation in wanted.items():
        source = folder / f"{name}.xlsx"
        source.write_bytes(without_values(quotation_workbook(quotation)))
        sources.append(str(source))
    out = converted(folder, "pdf", sources)
    return {name: list(pages_of(out / f"{name}.pdf")) for name in wanted}


def pages_of(path: Path) -> Iterator[str]:
    """Yield the words of each page, without the blanks that a reader of PDF puts between letters set apart."""
    document = pypdfium2.PdfDocument(path)
    for page in document:
        text = page.get_textpage()
        yield re.sub(r"\s+", "", text.get_text_bounded())
        text.close()
        page.close()
    document.close()


class TestPrint:
    def test_spells_the_sum_as_the_quotation_does(self, printed: Mapping[str, list[str]]) -> None:
        assert "일금이백일만육천칠백일십칠원정(₩2,016,717)부가가치세별도" in printed["ko"][0]
        assert content("en", "USD").amount_in_words.replace(" ", "") in printed["en"][0]

    def test_numbers_its_pages(self, printed: Mapping[str, list[str]]) -> None:
        # The cover, three lists, the gates.
        for name, words in (("ko", "페이지{}/5"), ("en", "Page{}/5")):
            assert [words.format(page) in text for page, text in enumerate(printed[name], start=1)] == [
                True
            ] * 5

    def test_shows_every_number_in_full(self, printed: Mapping[str, list[str]]) -> None:
        assert [text for pages in printed.values() for text in pages if "###" in text] == []

    def test_repeats_the_head_on_every_page_of_a_long_cover(self, printed: Mapping[str, list[str]]) -> None:
        cover = [text for text in printed["long"] if "견적금액" in text or "합계(부가가치세포함)" in text]
        assert len(cover) == 2
        assert all("품명규격단위수량단가금액비고" in text for text in cover)
        # The totals stay together.
        assert "소계" in cover[1]
