"""What is refused before anything reads it."""

import io
import stat
import zipfile

import pytest

from kis.knowledge.importing.reading import read_upload
from kis.knowledge.importing.uploads import MOST_BYTES, Form, form_of
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
        assert refusal("a.exe", b"MZ") == "unknown"
        assert refusal("a.md", b"a\x00b") == "unknown"
        assert refusal("a.md", b"  ") == "empty"
        with pytest.raises(TooLarge):
            form_of("a.md", b"x" * (MOST_BYTES + 1))


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
