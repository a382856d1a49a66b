"""Texts and bytes: nothing a customer wrote can run, one language throughout, the same bytes always."""

import io
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from kis.estimator.documents.workbook import expected_format, measure_format, quotation_workbook
from tests.factories.contents import (
    content,
    lighting_panel,
    row,
    with_panels,
)
from tests.unit.estimator.documents.workbook.opening import (
    HANGUL,
    filled,
    named,
    opened,
    standard,
    words,
)


class TestHostileText:
    @pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", " ="])
    def test_is_never_a_formula(self, start: str) -> None:
        text = f'{start}HYPERLINK("http://example.com","x")'
        shown = text.replace("\t", " ").replace("\r", " ")
        line = replace(row("", "", "", "1", "1"), item=text, spec=text, unit=text, remark=text)
        quotation = content()
        panel = replace(
            lighting_panel(),
            name=text,
            specification=text,
            rows=(line,),
            remarks=(text,),
            facts=((text, text),),
        )
        hostile = replace(
            with_panels(quotation, (panel,)),
            project=text,
            number=text,
            price_book=text,
            customer=replace(quotation.customer, name=text, company="", contact=text, phone=text, email=text),
            terms=replace(quotation.terms, delivery=text, payment=text),
            extra=(line,),
            warnings=(text,),
        )
        cells = [cell for sheet in opened(hostile) for cell in filled(sheet)]
        found = [cell for cell in cells if str(cell.value).startswith(shown)]
        assert len(found) >= 20
        assert {cell.data_type for cell in found} == {"s"}
        assert all(cell.quotePrefix for cell in found)
        assert measure_format(quotation_workbook(hostile), expected_format(hostile)).losses == ()

    @pytest.mark.parametrize("illegal", ["\x00", "\x07", "\x1b", "\ud800", "\ufffe"])
    def test_loses_only_what_no_file_can_hold(self, illegal: str) -> None:
        quotation = content()
        hostile = replace(
            quotation,
            project=f"가{illegal}나",
            warnings=(illegal,),
            panels=(replace(lighting_panel(), name=illegal), *quotation.panels[1:]),
        )
        workbook = opened(hostile)
        assert named(workbook, "Project") == "가\ufffd나"
        assert workbook.properties.title == "가\ufffd나 견적서"

    def test_keeps_markup_and_ampersands_as_words(self) -> None:
        text = "<script>&amp;</script> & <c><f>1+1</f><v></v></c>"
        line = replace(row("", "", "EA", "1", "98000"), item=text)
        panel = replace(
            lighting_panel(), name="A&B", rows=(line,), unit_subtotal=Decimal(98000), subtotal=Decimal(294000)
        )
        quotation = replace(with_panels(content(), (panel,)), warnings=(text,))
        workbook = opened(quotation)
        assert text in words(workbook["A&B"])
        assert named(opened(quotation, values=True), "Panel001Subtotal") == 98_000
        header = workbook["A&B"].oddHeader
        assert header is not None
        assert "&&amp;" in str(header.right.text)


class TestLanguage:
    def test_of_an_english_quotation_is_english_throughout(self) -> None:
        for currency in ("KRW", "USD"):
            workbook = standard("en", currency)
            texts = [text for sheet in workbook for text in words(sheet)]
            texts += [cell.number_format for sheet in workbook for cell in filled(sheet)]
            texts += workbook.sheetnames
            for sheet in workbook:
                assert sheet.oddHeader is not None
                assert sheet.oddFooter is not None
                texts += [str(sheet.oddHeader.left.text), str(sheet.oddHeader.right.text)]
                texts += [str(sheet.oddFooter.left.text), str(sheet.oddFooter.right.text)]
            texts += [str(workbook.properties.title), str(workbook.properties.creator)]
            assert [text for text in texts if HANGUL.search(text)] == []

    def test_of_a_korean_quotation_leaves_no_english_word(self) -> None:
        trade = {
            "STEEL", "MCCB", "ELB", "BUS-BAR", "ASSEMBLY", "CHARGE", "SPD", "KIS", "EA", "kg", "SHA-256", "HDS",
            "ABN-104", "SIE-32", "SBS-203", "MC-22", "MC", "LP-3F", "LP-B1", "MCC-1", "HB-2026-0042-R0",
            "mm", "V", "N", "T",
        }  # fmt: skip
        texts = [text for sheet in standard() for text in words(sheet) if "@" not in text]
        # Hexadecimal ids, and figures joined to what they measure (30mA, 4P, 3φ4W), are no words.
        bare = [re.sub(r"[0-9a-f-]{30,}|(?<![A-Za-z-])\d+[A-Za-zφ]\w*", "", text) for text in texts]
        assert {word for text in bare for word in re.findall(r"[A-Za-z][A-Za-z0-9.-]*", text)} <= trade


class TestBytes:
    def test_are_the_same_in_every_process(self) -> None:
        program = (
            "import hashlib\n"
            "from tests.factories.contents import content\n"
            "from kis.estimator.documents.workbook import quotation_workbook\n"
            "print(hashlib.sha256(quotation_workbook(content())).hexdigest())\n"
        )
        digests = {
            subprocess.run(
                [sys.executable, "-c", program],
                env={"PYTHONHASHSEED": seed, "PYTHONPATH": "src:.", "TZ": zone},
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            for seed, zone in (("0", "UTC"), ("4711", "Asia/Seoul"))
        }
        assert len(digests) == 1

    def test_hold_no_clock_and_no_compression(self) -> None:
        with zipfile.ZipFile(io.BytesIO(quotation_workbook(content()))) as archive:
            assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}
            stamps = re.findall(rb"\d{4}-\d\d-\d\dT[\d:]+Z", archive.read("docProps/core.xml"))
        assert set(stamps) == {b"2026-11-20T00:00:00Z"}
        assert content().quotation_date == date(2026, 11, 20)
