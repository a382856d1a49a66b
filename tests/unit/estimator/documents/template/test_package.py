import io
import re
import struct
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kis.estimator.documents.template import check_template, compare_template, fill_template
from kis.estimator.documents.template.package import open_package
from kis.platform.errors import BadInput
from tests.factories.templates import SAMPLE_NAMES, SAMPLES, archive, parts_of, quotation, sheet, workbook

PLAIN = workbook({"견적서": sheet({"A1": "{{customer.name}}"})})


def refused(data: bytes) -> list[tuple[str, str]]:
    with pytest.raises(BadInput) as caught:
        open_package(data)
    return [(problem.path, problem.message.key.rpartition(".")[2]) for problem in caught.value.problems]


def with_part(name: str, content: str | bytes) -> bytes:
    return archive({**parts_of(PLAIN), name: content})


class TestRefusals:
    def test_what_is_no_archive(self) -> None:
        assert refused(b"%PDF-1.7") == [("", "no_xlsx")]

    def test_an_archive_that_is_no_workbook(self) -> None:
        assert refused(archive({"word/document.xml": "<w/>"})) == [("", "no_xlsx")]

    def test_a_cut_archive(self) -> None:
        assert refused(PLAIN[: len(PLAIN) // 2]) == [("", "no_xlsx")]

    def test_a_file_under_a_password(self) -> None:
        assert refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)) == [("", "encrypted")]

    def test_encrypted_entries(self) -> None:
        marked = bytearray(PLAIN)
        central = marked.rindex(b"PK\x01\x02")
        marked[central + 8] |= 1
        assert refused(bytes(marked)) == [("", "encrypted")]

    def test_macros(self) -> None:
        assert ("xl/vbaProject.bin", "macros") in refused(with_part("xl/vbaProject.bin", b"\0"))

    def test_a_workbook_that_says_it_has_macros(self) -> None:
        parts = parts_of(PLAIN)
        types = parts["[Content_Types].xml"].replace(
            b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        )
        assert refused(archive({**parts, "[Content_Types].xml": types})) == [("", "macros")]

    def test_the_strict_form_that_few_programs_write(self) -> None:
        parts = parts_of(PLAIN)
        strict = parts["xl/workbook.xml"].replace(
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        )
        assert refused(archive({**parts, "xl/workbook.xml": strict})) == [("", "strict")]

    def test_links_to_other_files(self) -> None:
        assert refused(with_part("xl/externalLinks/externalLink1.xml", "<x/>")) == [
            ("xl/externalLinks/externalLink1.xml", "external")
        ]

    def test_a_picture_that_would_be_fetched(self) -> None:
        relations = (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
            'Id="r" TargetMode="External" Target="http://example.com/logo.png" Type="http://x/image"/></Relationships>'
        )
        part = "xl/drawings/_rels/drawing1.xml.rels"
        assert refused(with_part(part, relations)) == [(part, "external")]
        assert open_package(with_part(part, relations.replace("/image", "/hyperlink")))

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    def test_entities(self, encoding: str) -> None:
        bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
        assert refused(with_part("xl/theme/theme1.xml", bomb.encode(encoding))) == [
            ("xl/theme/theme1.xml", "entities")
        ]

    def test_more_than_it_may_unpack_to(self) -> None:
        output = io.BytesIO()
        with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as bomb:
            for number in range(3):
                bomb.writestr(f"xl/{number}.bin", bytes(63 * 2**20))
        assert len(output.getvalue()) < 2**20
        assert refused(output.getvalue()) == [("", "too_large")]

    def test_too_many_parts(self) -> None:
        assert refused(archive({f"xl/{number}.xml": "<x/>" for number in range(2001)})) == [("", "too_large")]

    def test_an_entry_that_understates_its_size(self) -> None:
        liar = bytearray(PLAIN)
        central = liar.index(b"PK\x01\x02")
        liar[central + 24 : central + 28] = struct.pack("<I", 1)
        assert refused(bytes(liar)) == [("", "no_xlsx")]

    def test_two_entries_of_one_name(self) -> None:
        output = io.BytesIO(PLAIN)
        with zipfile.ZipFile(output, "a") as doubled:
            doubled.writestr("XL/workbook.xml", "<workbook/>")
        assert refused(output.getvalue()) == [("", "no_xlsx")]

    def test_broken_xml_is_named(self) -> None:
        with pytest.raises(BadInput) as caught:
            fill_template(with_part("xl/worksheets/sheet1.xml", "<worksheet"), quotation(1))
        assert [problem.path for problem in caught.value.problems] == ["xl/worksheets/sheet1.xml"]

    def test_are_told_by_the_check_without_raising(self) -> None:
        report = check_template(b"nothing")
        assert not report.usable
        assert "XLSX" in report.findings[0].message.text("ko")


SAMPLE = (SAMPLES / "by-panel.xlsx").read_bytes()
XML_PARTS = sorted(name for name in parts_of(SAMPLE) if name.endswith((".xml", ".rels")))


class TestDamage:
    @given(st.sampled_from(XML_PARTS), st.data())
    @settings(max_examples=40, deadline=None)
    def test_never_breaks_the_program(self, part: str, data: st.DataObject) -> None:
        content = parts_of(SAMPLE)[part]
        values = list(re.finditer(rb'(?<==")[^"]*(?=")|(?<=>)[^<>]+(?=<)', content))
        hit = data.draw(st.sampled_from(values))
        new = data.draw(st.sampled_from([b"", b"x", b"-1", b"99999999", b"A0", b"#REF!", "가".encode()]))
        broken = archive({**parts_of(SAMPLE), part: content[: hit.start()] + new + content[hit.end() :]})
        report = check_template(broken)
        assert report.usable or report.findings
        with suppress(BadInput):
            compare_template(SAMPLE, broken)
        if report.usable:
            with suppress(BadInput):
                fill_template(broken, quotation(2))

    def test_is_told(self) -> None:
        damaged = workbook({"견적서": sheet({"A1": "글"}).replace('r="1"', 'r="x"')})
        assert [each.message.key for each in check_template(damaged).findings] == ["template.refused.damaged"]


class TestPackage:
    @pytest.mark.parametrize("name", SAMPLE_NAMES)
    def test_gives_back_the_bytes_it_took(self, name: str) -> None:
        data = (SAMPLES / name).read_bytes()
        package = open_package(data)
        for part in package.names:
            if part.endswith(".xml"):
                package.tree(part)  # read, not changed
        assert package.to_bytes() == data

    def test_keeps_what_compressed_entries_hold(self) -> None:
        output = io.BytesIO()
        with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as deflated:
            for name, content in parts_of(PLAIN).items():
                deflated.writestr(
                    zipfile.ZipInfo(name, (2026, 11, 20, 9, 30, 0)), content, zipfile.ZIP_DEFLATED
                )
        written = open_package(output.getvalue()).to_bytes()
        assert parts_of(written) == parts_of(PLAIN)
        with zipfile.ZipFile(io.BytesIO(written)) as made:
            assert {entry.date_time for entry in made.infolist()} == {(2026, 11, 20, 9, 30, 0)}
            assert {entry.compress_type for entry in made.infolist()} == {zipfile.ZIP_STORED}
