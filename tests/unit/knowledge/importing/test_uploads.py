"""What is refused before anything reads it."""

import io
import stat
import zipfile
from pathlib import Path

import pytest

from kis.knowledge.importing.reading import read_upload
from kis.knowledge.importing.uploads import (
    MOST_BYTES,
    Form,
    FormUnknown,
    Packed,
    check_count,
    form_of,
    unpacked,
)
from kis.platform.errors import BadInput, TooLarge
from tests.factories.imports import packed


def refusal(name: str, data: bytes) -> str:
    with pytest.raises(BadInput) as refused:
        form_of(name, data)
    return refused.value.problems[0].message.key.rpartition(".")[2]


def archive_with(entry: zipfile.ZipInfo, data: bytes = b"# x") -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        archive.writestr(entry, data)
    return output.getvalue()


class TestForm:
    @pytest.mark.parametrize(
        ("name", "data", "form"),
        [
            ("a.bin", b"%PDF-1.7", Form.PDF),
            ("a.md", b"# x", Form.MARKDOWN),
            ("a.CSV", b"slug", Form.CSV),
            ("page", b"<!DOCTYPE html><p>x", Form.HTML),
            ("a.docx", packed({"word/document.xml": "<w/>"}), Form.DOCX),
            ("a.docx", packed({"a.md": "x"}), Form.ARCHIVE),
        ],
    )
    def test_is_told_by_the_content(self, name: str, data: bytes, form: Form) -> None:
        assert form_of(name, data) is form

    def test_nothing_unknown_is_read(self) -> None:
        for name, data in (("a.exe", b"MZ"), ("a.md", b"a\x00b")):
            with pytest.raises(FormUnknown) as refused:
                form_of(name, data)
            assert {".zip", ".md", ".docx"} <= set(refused.value.meta["accepted"])  # type: ignore[call-overload]
        assert refusal("a.md", b"  ") == "empty"
        with pytest.raises(TooLarge):
            form_of("a.md", b"x" * (MOST_BYTES + 1))


class TestFile:
    """Of this machine: what is told of it is told of its bytes."""

    @pytest.mark.parametrize(
        ("data", "form"),
        [
            (b"%PDF-1.7", Form.PDF),
            (b"# x", Form.MARKDOWN),
            (packed({"word/document.xml": "<w/>"}), Form.DOCX),
            (packed({"a.md": "x"}), Form.ARCHIVE),
        ],
    )
    def test_is_what_its_content_is(self, tmp_path: Path, data: bytes, form: Form) -> None:
        file = tmp_path / "upload"
        file.write_bytes(data)
        assert form_of("a.md", file) is form_of("a.md", data) is form

    def test_of_an_archive_is_unpacked_as_its_bytes_are(self, tmp_path: Path) -> None:
        data = packed({"panels/README.md": "about", "panels/a.md": "x"})
        file = tmp_path / "upload"
        file.write_bytes(data)
        assert list(unpacked("a.zip", file)) == list(unpacked("a.zip", data)) == [Packed("panels/a.md", b"x")]

    def test_that_is_all_there_is_about_a_folder_is_nothing(self) -> None:
        with pytest.raises(BadInput) as refused:
            check_count("a.zip", packed({"README.md": "about"}))
        assert refused.value.problems[0].message.key == "knowledge_files.upload.nothing"


class TestArchive:
    @pytest.mark.parametrize(
        "path", ["../a.md", "/etc/a.md", "a/../../b.md", "C:/a.md", "a//b.md", "./a.md", "a\\..\\b.md"]
    )
    def test_names_that_lead_out_of_it_are_refused(self, path: str) -> None:
        entry = zipfile.ZipInfo("x")
        entry.filename = path
        assert refusal("a.zip", archive_with(entry)) == "path"

    def test_bombs_are_refused_unopened(self) -> None:
        assert refusal("a.zip", packed({"a.md": b"0" * 30_000_000})) == "bomb"

    def test_links_are_refused(self) -> None:
        entry = zipfile.ZipInfo("a.md")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        assert refusal("a.zip", archive_with(entry, b"/etc/passwd")) == "link"

    def test_declared_entities_in_a_word_document_are_refused(self) -> None:
        bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]><w:document>&a;</w:document>'
        assert refusal("a.docx", packed({"word/document.xml": bomb})) == "entity"

    def test_a_name_twice_is_refused(self) -> None:
        output = io.BytesIO()
        with zipfile.ZipFile(output, "w") as archive:
            archive.writestr("a.md", "x")
            with pytest.warns(UserWarning, match="Duplicate"):
                archive.writestr("a.md", "y")
        assert refusal("a.zip", output.getvalue()) == "twice"

    def test_what_stands_in_another_programs_folders_is_left_out(self) -> None:
        upload = read_upload("a.zip", packed({"__MACOSX/a.md": "x", "a.md": "# 글", ".DS_Store": "x"}))
        assert [text.name for text in upload.texts] == ["a.md"]
