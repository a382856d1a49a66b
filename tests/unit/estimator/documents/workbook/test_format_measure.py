"""Measuring a finished workbook: every loss is found, and told by its cell."""

import io
import re
import zipfile
from collections.abc import Callable

import pytest
from openpyxl import load_workbook

from kis.estimator.documents.workbook import (
    ExpectedFormat,
    FormatLoss,
    FormatMeasure,
    expected_format,
    measure_format,
    quotation_workbook,
)
from tests.factories.contents import content
from tests.unit.estimator.documents.workbook.opening import png, with_brand

QUOTATION = content()
FILE = quotation_workbook(QUOTATION)
EXPECTED = expected_format(QUOTATION)


def rewritten(workbook: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """Return the file with each part changed; a part that becomes None is left out."""
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(output, "w") as new:
        for entry in old.infolist():
            changed = change(entry.filename, old.read(entry))
            if changed is not None:
                new.writestr(entry, changed)
    return output.getvalue()


def measured(old: bytes, new: bytes) -> FormatMeasure:
    """Return the measure of the workbook in which ``old`` was replaced by ``new`` everywhere."""
    tampered = rewritten(FILE, lambda _, part: part.replace(old, new))
    assert tampered != FILE
    return measure_format(tampered, EXPECTED)


def place_of(name: str) -> str:
    """Return the cell of a name as a loss tells it: ``견적서!G30``."""
    return EXPECTED.names[name].replace("'", "").replace("$", "")


def with_reference(name: str, reference: str) -> bytes:
    """Return the workbook in which a name leads elsewhere."""
    old = re.compile(f'(<definedName name="{name}">)[^<]*'.encode())
    tampered = rewritten(FILE, lambda _, part: old.sub(rb"\g<1>" + reference.encode(), part))
    assert tampered != FILE
    return tampered


class TestSoundFile:
    def test_loses_nothing(self) -> None:
        # Formulas: words and figures of the headline 2; on the cover 3 panels · (price, amount), 2 extra amounts, 6 totals;
        # on the lists 3 quantities, 5 + 4 amounts, 3 subtotals, 2 totals (LP-3F, LP-B1): 33.
        # Names: 7 facts of the addressee, 7 of the supplier, seal, words, figures, 4 terms, 6 totals, 3 percentages, 3 · 3 of panels: 39.
        measure = measure_format(FILE, EXPECTED)
        assert measure == FormatMeasure(
            formulas_expected=33,
            formulas_found=33,
            formula_loss=0,
            named_ranges_expected=39,
            named_range_damage=0,
            pictures_expected=2,  # logo and seal
            picture_loss=0,
            losses=(),
        )

    def test_saved_by_a_program_that_drops_pictures_loses_those_alone(self) -> None:
        workbook = load_workbook(io.BytesIO(FILE))
        saved = io.BytesIO()
        workbook.save(saved)
        measure = measure_format(saved.getvalue(), EXPECTED)
        assert (measure.formula_loss, measure.named_range_damage, measure.picture_loss) == (0, 0, 2)
        assert {loss.kind for loss in measure.losses} == {"picture"}


class TestFormulas:
    def test_that_became_a_number_is_named_by_its_cell(self) -> None:
        measure = measured(b"<f>Net+Vat</f>", b"")
        assert (measure.formulas_found, measure.formula_loss, measure.named_range_damage) == (32, 1, 0)
        assert measure.losses == (
            FormatLoss(kind="formula", where=place_of("TotalPrice"), expected="=Net+Vat", found="2218389"),
        )

    def test_that_was_altered_is_found(self) -> None:
        measure = measured(b"<f>Net+Vat</f>", b"<f>Net</f>")
        assert (measure.formulas_found, measure.formula_loss) == (33, 1)
        assert [(loss.where, loss.found) for loss in measure.losses] == [(place_of("TotalPrice"), "=Net")]

    def test_that_became_words_is_told_with_them(self) -> None:
        # Other programs keep words in a table of their own and refer to them by number.
        table = (
            '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            "<si><t>x</t></si><si><r><t>합계는 </t></r><r><t>별도</t></r></si></sst>"
        )
        tampered = rewritten(
            FILE,
            lambda _, part: re.sub(
                rb'(<c r="G\d+" s="\d+")><f>Net\+Vat</f><v>.*?</v>', rb'\1 t="s"><v>1</v>', part
            ),
        )
        with_table = io.BytesIO(tampered)
        with zipfile.ZipFile(with_table, "a") as archive:
            archive.writestr("xl/sharedStrings.xml", table)
        (loss,) = measure_format(with_table.getvalue(), EXPECTED).losses
        assert (loss.where, loss.found) == (place_of("TotalPrice"), "합계는 별도")

    def test_that_vanished_with_its_cell_is_found_with_its_name(self) -> None:
        tampered = rewritten(FILE, lambda _, part: re.sub(rb"<c [^>]*><f>Net\+Vat</f>.*?</c>", b"", part))
        losses = measure_format(tampered, EXPECTED).losses
        assert [(loss.kind, loss.where, loss.found) for loss in losses] == [
            ("formula", place_of("TotalPrice"), ""),
            ("name", "TotalPrice", ""),
        ]

    def test_of_a_missing_sheet_are_all_found(self) -> None:
        measure = measured(b'name="LP-3F"', b'name="other"')
        assert {loss.where.partition("!")[0] for loss in measure.losses if loss.kind == "formula"} == {
            "LP-3F"
        }
        # 5 amounts, the quantity, the subtotal and the total
        assert measure.formula_loss == 8


class TestNames:
    def test_that_is_missing_is_found(self) -> None:
        tampered = rewritten(
            FILE, lambda _, part: re.sub(rb'<definedName name="Vat">.*?</definedName>', b"", part)
        )
        measure = measure_format(tampered, EXPECTED)
        assert (measure.formula_loss, measure.named_range_damage) == (0, 1)
        assert measure.losses == (
            FormatLoss(kind="name", where="Vat", expected=EXPECTED.names["Vat"], found=""),
        )

    @pytest.mark.parametrize("reference", ["'견적서'!$G$1", "#REF!"])
    def test_that_leads_elsewhere_is_found(self, reference: str) -> None:
        measure = measure_format(with_reference("TotalPrice", reference), EXPECTED)
        assert [(loss.kind, loss.where, loss.found) for loss in measure.losses] == [
            ("name", "TotalPrice", reference)
        ]

    def test_that_leads_to_an_empty_cell_is_found(self) -> None:
        expected = ExpectedFormat(formulas={}, names={"TotalPrice": "'견적서'!$G$99"}, pictures={})
        measure = measure_format(with_reference("TotalPrice", "'견적서'!$G$99"), expected)
        assert measure.losses == (
            FormatLoss(kind="name", where="TotalPrice", expected="'견적서'!$G$99", found=""),
        )

    def test_for_one_sheet_only_does_not_stand_for_the_whole_workbook(self) -> None:
        measure = measured(b'<definedName name="Vat">', b'<definedName name="Vat" localSheetId="0">')
        assert [loss.where for loss in measure.losses] == ["Vat"]


class TestPictures:
    SEALED = with_brand(content(), logo=png(300, 100), seal=png(80, 80))

    def test_that_was_lost_is_named_by_its_cell(self) -> None:
        expected = expected_format(self.SEALED)
        tampered = rewritten(
            quotation_workbook(self.SEALED),
            lambda name, part: None if name.endswith("image2.png") else part,
        )
        measure = measure_format(tampered, expected)
        assert (measure.pictures_expected, measure.picture_loss) == (2, 1)
        seal = expected.names["Seal"].replace("'", "").replace("$", "")
        assert [(loss.kind, loss.where, loss.found) for loss in measure.losses] == [("picture", seal, "")]

    def test_that_was_exchanged_is_found(self) -> None:
        tampered = rewritten(
            quotation_workbook(self.SEALED),
            lambda name, part: png(80, 81) if name.endswith("image2.png") else part,
        )
        (loss,) = measure_format(tampered, expected_format(self.SEALED)).losses
        assert loss.kind == "picture"
        assert loss.found not in ("", loss.expected)

    def test_whose_drawing_is_cut_off_is_found(self) -> None:
        tampered = rewritten(
            quotation_workbook(self.SEALED),
            lambda name, part: (
                re.sub(rb"<drawing [^>]*/>", b"", part) if "worksheets/sheet" in name else part
            ),
        )
        relinked = rewritten(
            tampered, lambda name, part: None if name.startswith("xl/worksheets/_rels") else part
        )
        assert measure_format(relinked, expected_format(self.SEALED)).picture_loss == 2
