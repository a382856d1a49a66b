"""The finished PDF, opened by another program: its words, letters, pages and bytes."""

import hashlib
import io
import os
import re
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]  # comes without types
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]  # as above
import pytest
import typst
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # comes without types

from kis.estimator.documents.brand import Brand
from kis.estimator.documents.content import PanelContent
from kis.estimator.documents.pdf import quotation_pages, quotation_pdf
from kis.estimator.documents.pdf.errors import PdfFailed
from kis.estimator.documents.pdf.letters import FALLBACK_RANGES, FALLBACK_SINGLES
from kis.platform.errors import BadInput
from kis.platform.messages import Locale
from tests.factories import contents
from tests.factories.pdf_pages import (
    A3,
    A4,
    POINTS_PER_MM,
    all_words,
    example,
    fonts_of,
    made,
    middle,
    nearest,
    places,
    unembedded,
    with_panel,
    words,
)

ROOT = Path(__file__).parents[3]
HANGUL = re.compile("[가-힣]+")
DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
NASTY = (
    '#import "x": *',
    "*bold* _emphasis_",
    "$x^2$ `code` <label> @reference",
    "\"quotes\" 'single' \\ backslash // comment /* more */",
    "[content] {code} = heading ~ --- #panic()",
)
"""Each would be a command or a sign of its own in Typst's markup."""


def png(dots: bytes, width: int, height: int) -> bytes:
    """Return a picture of red, green and blue dots."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + dots[3 * width * row :][: 3 * width] for row in range(height))
    head = struct.pack(">LLBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


class TestFirstPage:
    def test_holds_what_a_customer_signs(self) -> None:
        first = words(example("ko")[0])
        for said in (
            "견적서",
            "한빛전설㈜ 귀중",
            "설비팀 김현수 과장",
            "HB-2026-0042-R0",
            "2026년 11월 20일",
            "견적일부터 30일 (2026년 12월 20일까지)",
            "한빛물류센터 사무동 신축공사",
            "등록번호 000-00-00000",
            "예시전기제작소(주)",
            "홍길동 (인)",
            "경기도 예시시 견본로 12",
            "아래와 같이 견적합니다.",
            "일금 이백일만육천칠백일십칠원정 (₩2,016,717)",
            "부가가치세 별도",
            "납기 발주 승인 후 3주",
            "결제조건 계약금 30%, 납품 후 30일 이내 70%",
            "운반비, 현장 설치 및 결선 작업은 별도입니다.",
            "합계 (부가가치세 포함) 2,218,389",
        ):
            assert said in first

    @pytest.mark.parametrize("locale", ["ko", "en"])
    def test_shows_every_warning(self, locale: Locale) -> None:
        first = words(example(locale)[0])
        assert [warning for warning in contents.content(locale).warnings if warning not in first] == []

    def test_the_seal_lies_over_the_word_that_asks_for_it(self) -> None:
        page = example("ko")[0]
        asked = middle(places(page, "(인)")[0])
        pictures = page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_IMAGE,), max_depth=5)
        seal = middle(nearest([picture.get_bounds() for picture in pictures], asked))
        assert seal == pytest.approx(asked, abs=1.5)

    def test_has_a_place_to_sign_unless_a_gate_fails(self) -> None:
        given = contents.content()
        asked = "발주 확인 위 견적 내용과 조건으로 발주합니다. 회사명 성명 날짜 서명 또는 인"
        assert asked not in words(example("ko")[0])
        assert asked in words(made(replace(given, panels=given.panels[:2]))[0])

    def test_takes_a_logo_of_dots(self) -> None:
        given = contents.content()
        logo = png(bytes([200, 30, 40] * 12), 4, 3)
        brand = Brand(
            file=given.brand.file.model_copy(update={"logo": "logo.png"}),
            files={**given.brand.files, "logo.png": logo},
        )
        page = made(replace(given, brand=brand))[0]
        pictures = page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_IMAGE,), max_depth=5)
        left, bottom, right, top = max((picture.get_bounds() for picture in pictures), key=lambda box: box[3])
        # 9 mm high, in its own proportions
        assert (right - left, top - bottom) == pytest.approx((12 * POINTS_PER_MM, 9 * POINTS_PER_MM), abs=0.2)

    def test_does_without_customer_logo_and_seal(self) -> None:
        given = contents.content()
        bare = replace(
            given,
            number="",
            customer=replace(given.customer, name="", company="", contact="", phone="", email=""),
            brand=replace(given.brand, file=given.brand.file.model_copy(update={"logo": None, "seal": None})),
            warnings=(),
            panels=(),
            extra=(),
            notes=(),
            gates=(),
        )
        assert "일금 이백일만육천칠백일십칠원정" in words(made(bare)[0])


class TestEveryPage:
    @pytest.mark.parametrize(("locale", "form"), [("ko", "{} / {}쪽"), ("en", "Page {} of {}")])
    def test_has_its_number_document_and_confidentiality(self, locale: Locale, form: str) -> None:
        document = example(locale)
        confidentiality = contents.content(locale).brand.file.texts.confidentiality.text(locale)
        assert len(document) == 12
        for number, page in enumerate(document, start=1):
            said = words(page)
            assert form.format(number, 12) in said
            assert "0f3b9c52-7d1e-5a64-9b38-2c1d4e5f6a7b" in said
            assert confidentiality in said

    def test_has_the_size_of_what_it_shows(self) -> None:
        sizes = [tuple(round(side / POINTS_PER_MM) for side in page.get_size()) for page in example("ko")]
        # cover, panels, four sheets of A3 for each of two panels, checks, temperatures with the versions
        assert sizes == [A4, A4, *[A3] * 8, A4, A4]

    def test_keeps_its_margins(self) -> None:
        """10 mm; the slim lines of a drawing page stand in the margin of its frame, 3 mm from the edge at least."""
        for page in example("ko"):
            width, height = page.get_size()
            least = (10 if (width < height) else 5) * POINTS_PER_MM
            read = page.get_textpage()
            boxes = [read.get_charbox(index) for index in range(read.count_chars())]
            shown = [box for box in boxes if box[2] > box[0]]
            assert min(box[0] for box in shown) >= least
            assert min(box[1] for box in shown) >= least
            assert max(box[2] for box in shown) <= width - least
            assert max(box[3] for box in shown) <= height - least


class TestLanguages:
    def test_the_english_document_has_no_korean(self) -> None:
        assert HANGUL.findall(all_words(example("en"))) == []

    def test_the_korean_document_has_no_english_but_terms_models_and_units(self) -> None:
        given = contents.content("ko")
        quoted = " ".join(
            [
                *(word for panel in given.panels for word in panel_words(panel)),
                *(value for pair in given.sources for value in pair),
                given.customer.email,
                given.number,
                given.document_id,
                given.engineering_sha256,
                str(given.brand.file.supplier.email),
            ]
        )
        left = set(re.findall("[A-Za-z]{2,}", all_words(example("ko")))) - set(
            re.findall("[A-Za-z]{2,}", quoted)
        )
        assert left <= {"IEC", "TR", "SHA", "QR", "mm"}


def panel_words(panel: PanelContent) -> Iterator[str]:
    yield from (panel.name, panel.specification, *panel.remarks)
    for row in panel.rows:
        yield from (row.item, row.spec, row.unit, row.remark)
    for drawing in panel.drawings:
        yield drawing.number


class TestCustomersText:
    @pytest.mark.parametrize("nasty", NASTY)
    def test_is_never_a_command(self, nasty: str) -> None:
        given = contents.content()
        panel = given.panels[0]
        changed = with_panel(
            replace(given, project=nasty, customer=replace(given.customer, company=nasty)),
            name=nasty,
            rows=(replace(panel.rows[0], item=nasty, spec=nasty, remark=nasty), *panel.rows[1:]),
            remarks=(nasty,),
            facts=((nasty, nasty),),
        )
        read = re.sub(r"\s", "", all_words(made(changed)))
        # addressee, project, summary; panel's heading, label and value, three cells of the row, remark; heading of the checks and of the temperatures
        assert read.count(re.sub(r"\s", "", nasty)) >= 12

    def test_survives_letters_nobody_can_print(self) -> None:
        changed = replace(contents.content(), project="a\x00b\u202ec 😀 שלום")
        assert "공사명 abc □ □□□□" in words(made(changed)[0])

    def test_an_address_is_never_broken_behind_a_hyphen(self) -> None:
        # PDFium reads a hyphen at the end of a line as a divided word and gives U+FFFE for it.
        given = contents.content()
        customer = replace(given.customer, email="a-b-" * 14 + "@subsidiary-of-a-company.example.com")
        said = made(replace(given, customer=customer))[0].get_textpage().get_text_range()
        assert "\ufffe" not in said
        assert customer.email in "".join(said.split())

    def test_long_words_stay_in_their_column(self) -> None:
        given = contents.content()
        long = "ABCDEFGHIJKLMNOPQRSTUVWXYZ" * 3
        rows = (
            replace(given.panels[0].rows[0], item=long, spec=long, remark=long),
            *given.panels[0].rows[1:],
        )
        page = made(with_panel(given, rows=rows))[1]
        ((_, _, price_right, _), *_) = places(page, "98,000")
        read = page.get_textpage()
        heads = {head: places(page, head)[0][0] for head in ("규격", "단위", "비고")}
        letters = [
            (read.get_charbox(index)[0], read.get_charbox(index)[2])
            for index in range(read.count_chars())
            if chr(pdfium.FPDFText_GetUnicode(read, index)) in "QUVXYZ"
        ]
        assert letters
        columns = (
            (0.0, heads["규격"]),
            (heads["규격"], heads["단위"]),
            (price_right, page.get_width() - 10 * POINTS_PER_MM),
        )
        for left, right in letters:
            assert any(start <= left + 0.5 and right - 0.5 <= end for start, end in columns)


class TestFonts:
    def test_are_all_embedded(self) -> None:
        for locale in ("ko", "en"):
            names = {name for page in example(locale) for name, _ in fonts_of(page)}
            assert names <= {"NanumBarunGothic", "NanumBarunGothicBold", "DejaVuSansMono"}
            assert [name for page in example(locale) for name in unembedded(page)] == []

    def test_have_every_letter_that_counts_as_known(self) -> None:
        """A missing glyph is an error of PDF/A, so a page with all fallback letters proves that they are there."""
        letters = [chr(code) for first, last in FALLBACK_RANGES for code in range(first, last + 1)]
        shown = " ".join([*letters, *FALLBACK_SINGLES])
        changed = replace(
            contents.content(),
            panels=(),
            warnings=tuple(shown[i : i + 120] for i in range(0, len(shown), 120)),
        )
        assert "\u017f" in all_words(made(changed))

    def test_of_the_company_come_first(self) -> None:
        given = contents.content()
        changed = replace(given, brand=with_own_font(given.brand, family="Own Gothic"))
        made_twice = {quotation_pdf(changed), quotation_pdf(changed)}
        assert len(made_twice) == 1  # read from another folder each time
        assert "OwnGothic" in {name for name, _ in fonts_of(made(changed)[0])}

    def test_that_no_file_holds_are_refused_by_name(self) -> None:
        given = contents.content()
        other = with_own_font(given.brand, family="Other Gothic", named="Own Gothic")
        bare = other.file.model_copy(update={"fonts": other.file.fonts.model_copy(update={"files": ()})})
        for brand in (other, Brand(file=bare, files=given.brand.files)):
            with pytest.raises(BadInput, match="Other Gothic"):
                quotation_pdf(replace(given, brand=brand))


def with_own_font(brand: Brand, *, family: str, named: str = "") -> Brand:
    """Return the brand with a font file of its own: ours, renamed to ``named`` (to ``family`` where nothing is said)."""
    font = TTFont(ROOT / "src/kis/estimator/documents/fonts/NanumBarunGothicBold.ttf")
    called = named or family
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 6, 16):
            record.string = called.replace(" ", "") if record.nameID == 6 else called
    stream = io.BytesIO()
    font.save(stream)
    fonts = brand.file.fonts.model_copy(update={"files": ("own.ttf",), "family": family})
    return Brand(
        file=brand.file.model_copy(update={"fonts": fonts}),
        files={**brand.files, "own.ttf": stream.getvalue()},
    )


class TestMetadata:
    def test_names_title_author_subject_and_day(self) -> None:
        found = example("ko").get_metadata_dict()
        assert found["Title"] == "견적서 HB-2026-0042-R0 한빛물류센터 사무동 신축공사"
        assert found["Author"] == "예시전기제작소(주)"
        assert found["Subject"] == "저압 분전반 견적서"
        assert "HB-2026-0042-R0" in found["Keywords"]
        assert found["CreationDate"] == found["ModDate"] == "D:20261120000000Z"

    def test_is_an_archive_file_that_can_be_read_aloud(self) -> None:
        data = quotation_pdf(contents.content())
        document = pypdfium2.PdfDocument(data)
        assert pdfium.FPDFCatalog_IsTagged(document)
        assert b"<pdfaid:part>2</pdfaid:part>" in data
        assert b"<pdfaid:conformance>A</pdfaid:conformance>" in data
        assert b"<pdfuaid:part>1</pdfuaid:part>" in data

    def test_outline_leads_to_every_part(self) -> None:
        titles = [entry.get_title().strip() for entry in example("ko").get_toc() if entry.level == 0]
        assert titles == ["견적서", "분전반별 내역", "도면", "설계 검토 결과", "외함 내부 온도", "문서 정보"]


class TestEvidence:
    def test_names_what_the_quotation_was_made_from(self) -> None:
        last = words(example("ko")[11])
        for said in (DIGEST, "예시 단가표 2026-11", "KIS 0.1.0", "0f3b9c52-7d1e-5a64-9b38-2c1d4e5f6a7b"):
            assert said in last

    def test_shows_the_gates_with_their_verdicts(self) -> None:
        checks = words(example("ko")[10])
        assert "상 불평형 4.2% ≤ 3.0% 조건부" in checks
        assert "지정한 외함 높이 600 mm에 40회로가 들어가지 않습니다." in checks

    def test_shows_the_temperatures(self) -> None:
        said = words(example("en")[11])
        for expected in ("Ambient 35 °C", "Limit 60 °C", "53.2 °C", "Heat loss 86 W"):
            assert expected in said


class TestBytes:
    def test_are_the_same_in_another_process_and_folder(self, tmp_path: Path) -> None:
        code = (
            "import hashlib, sys; from tests.factories import contents; from kis.estimator.documents.pdf import quotation_pages, quotation_pdf;"
            "print(hashlib.sha256(quotation_pdf(contents.content('ko', 'KRW'))).hexdigest())"
        )
        environment = {
            **os.environ,
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            "PYTHONHASHSEED": "4242",
            "TZ": "Asia/Seoul",
        }
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            check=True,
            text=True,
        )
        assert done.stdout.strip() == hashlib.sha256(quotation_pdf(contents.content())).hexdigest()

    def test_differ_with_the_day(self) -> None:
        later = replace(contents.content(), quotation_date=date(2026, 11, 21))
        assert quotation_pdf(later) != quotation_pdf(contents.content())


class TestFailure:
    def test_names_the_brand(self) -> None:
        given = contents.content()
        file = given.brand.file.model_copy(update={"logo": "logo.svg"})
        broken = Brand(file=file, files={**given.brand.files, "logo.svg": b"<svg this is none"})
        with pytest.raises(PdfFailed, match="logo, seal and fonts of the brand file") as raised:
            quotation_pdf(replace(given, brand=broken))
        assert isinstance(raised.value.__cause__, typst.TypstError)


class TestPages:
    def test_are_the_same_as_pictures(self) -> None:
        given = contents.content()
        pages = quotation_pages(given)
        assert len(pages) == len(example("ko"))
        assert all(page.startswith("<svg") for page in pages)
        assert quotation_pages(given) == pages
