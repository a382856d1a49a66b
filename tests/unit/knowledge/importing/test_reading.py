"""Files of every form, and what is read out of them; expectations are written by hand."""

import base64
import io

import docx
import pytest

from kis.knowledge.importing.links import Target, rewritten
from kis.knowledge.importing.print_page import Line, markdown_of, without_repeated
from kis.knowledge.importing.reading import read_upload
from kis.knowledge.importing.tables import guarded, unguarded
from kis.knowledge.importing.things import ReadText
from kis.knowledge.importing.web_page import markdown_of as markdown_of_html
from kis.platform.errors import BadInput
from tests.factories.imports import packed


def one(name: str, data: str | bytes) -> ReadText:
    (text,) = read_upload(name, data.encode() if isinstance(data, str) else data).texts
    return text


class TestMarkdown:
    def test_reads_the_head(self) -> None:
        text = one(
            "busbar.en.md",
            "---\ntitle: Busbars\ntags: [copper, 2026]\nreview_on: 2027-01-31\nexpires_at: 2027-02-01\n---\n\nBody\n",
        )
        assert text.shared is not None
        assert (text.shared.slug, str(text.shared.review_on)) == ("busbar", "2027-01-31")
        assert str(text.shared.expires_at) == "2027-02-01 23:59:59+00:00"
        assert (text.texts["en"].title, text.texts["en"].tags, text.texts["en"].body) == (
            "Busbars",
            ["copper", "2026"],
            "Body",
        )

    def test_without_a_head_the_heading_is_the_title_and_the_letters_tell_the_language(self) -> None:
        assert one("a.md", "# 부스바 NFB\n\n글").texts["ko"].title == "부스바 NFB"
        assert one("a.md", "# Busbars\n\nText").texts["en"].title == "Busbars"

    def test_aliases_are_refused(self) -> None:
        text = one("a.md", "---\ntitle: &a x\nsummary: *a\n---\nbody")
        assert [problem.message.key for problem in text.problems] == ["knowledge_files.head.broken"]

    @pytest.mark.parametrize(
        ("head", "paths"),
        [
            ("visibility: role", ["a.md roles"]),
            ("visibility: public\nroles: [admin]", ["a.md:3 roles"]),
            ("title: ''", ["a.md:2 title"]),
            ("language: fr", ["a.md:2 language"]),
            ("expires_at: 2026-99-99", ["a.md"]),
        ],
    )
    def test_names_the_line_and_the_field(self, head: str, paths: list[str]) -> None:
        assert [problem.path for problem in one("a.md", f"---\n{head}\n---\nbody").problems] == paths


class TestLinks:
    def test_code_is_no_link(self) -> None:
        body = '[a](x.md) `[b](x.md)`\n```\n[c](x.md)\n```\n[d]: x.md\n![e](x.md "t") [f](<x y.md>)'
        assert rewritten(body, lambda target: f"N{target.is_picture:d}") == (
            '[a](N0) `[b](x.md)`\n```\n[c](x.md)\n```\n[d]: N0\n![e](N1 "t") [f](N0)'
        )

    @pytest.mark.parametrize("text", ["https://x/y.md", "//x/y.md", "/y.md", "#y", "mailto:a@b.c"])
    def test_only_files_beside_it_are_relative(self, text: str) -> None:
        assert not Target(text).is_relative

    def test_articles_of_one_upload_know_each_other(self) -> None:
        files = {
            "a/x.ko.md": "[가](../b/y.ko.md#곳) [영](../b/y.en.md) [없](z.md) [밖](../../../etc/passwd)",
            "b/y.ko.md": "y",
            "b/y.en.md": "---\nslug: y\n---\ny",
        }
        upload = read_upload("a.zip", packed(files))
        (text,) = [text for text in upload.texts if text.name == "a/x.ko.md"]
        assert text.texts["ko"].body == (
            "[가](/knowledge/y#곳) [영](/knowledge/y?lang=en) [없](z.md) [밖](../../../etc/passwd)"
        )


class TestTables:
    def test_one_language_in_a_line(self) -> None:
        first, second = read_upload(
            "a.csv", "slug,language,title,body,tags\nx,ko,글,본문,a;b\nx,en,Text,'-1,\n".encode("cp949")
        ).texts
        assert (first.texts["ko"].tags, second.texts["en"].body) == (["a", "b"], "-1")

    def test_both_languages_beside_each_other(self) -> None:
        text = one("a.csv", "slug,title_ko,title_en,tags\nx,글,Text,t\n")
        assert {language: (fields.title, fields.tags) for language, fields in text.texts.items()} == {
            "ko": ("글", ["t"]),
            "en": ("Text", ["t"]),
        }

    def test_problems_name_line_and_column(self) -> None:
        upload = read_upload(
            "a.csv",
            "slug,language,title,type\nx,ko,,guide\ny,de,제목,novel\nz,ko,제목,guide,extra\n".encode(),
        )
        assert sorted(problem.path for text in upload.texts for problem in text.problems) == [
            "a.csv:2",
            "a.csv:3",
            "a.csv:3 language",
            "a.csv:3 type",
            "a.csv:4",
        ]

    def test_a_header_is_refused_whole(self) -> None:
        with pytest.raises(BadInput) as refused:
            read_upload("a.csv", b"title,titel,title\n")
        assert [problem.path for problem in refused.value.problems] == [
            "a.csv:1 titel",
            "a.csv:1 title",
            "a.csv:1 slug",
        ]

    def test_json_lines_and_objects(self) -> None:
        lines = '{"slug":"x","language":"ko","title":"글"}\n{"slug":"y","texts":{"en":{"title":"Y","state":"current"}}}\n'
        assert [text.key for text in read_upload("a.jsonl", lines.encode()).texts] == ["x", "y"]
        whole = '{"categories":[{"slug":"c","name":{"ko":"씨","en":"C"}}],"articles":[{"slug":"x","language":"ko","title":"글","colour":1}]}'
        upload = read_upload("a.json", whole.encode())
        assert upload.categories[0].name_en == "C"
        assert [problem.path for problem in upload.texts[0].problems] == ["a.json articles[0] colour"]

    @pytest.mark.parametrize("cell", ["=1", "'=1", "''+1", "-1", "@x", "\tx", "'plain", "plain", ""])
    def test_the_guard_of_a_cell_comes_off_again(self, cell: str) -> None:
        assert unguarded(guarded(cell)) == cell
        assert not guarded(cell).startswith(("=", "+", "-", "@", "\t"))


class TestHtml:
    def test_programs_are_no_text(self) -> None:
        html = '<h2>제목</h2><script>alert(1)</script><p onclick="x()">글 <a href="javascript:x()">여기</a></p><iframe src="x"></iframe>'
        assert markdown_of_html(html) == "## 제목\n\n글 여기"

    def test_pictures_within_it_become_files(self) -> None:
        data = base64.b64encode(b"\x89PNG\r\n\x1a\nrest").decode()
        page = f'<html lang="en"><title>T</title><body><nav>x</nav><p>Text <img alt="A" src="data:image/png;base64,{data}"><img src="data:text/html;base64,eA=="></p>'
        text = one("page.html", page)
        assert [(file.name, file.media_type) for file in text.files] == [("a.png", "image/png")]
        assert text.texts["en"].body == f"Text ![A](/knowledge/files/{text.files[0].sha256})"


class TestWord:
    def test_headings_lists_tables_and_emphasis(self) -> None:
        document = docx.Document()
        document.core_properties.title = "제목"
        document.add_heading("부스바", 1)
        paragraph = document.add_paragraph("보통 ")
        paragraph.add_run("굵게").bold = True
        paragraph.add_run(" ")
        paragraph.add_run("기울임").italic = True
        document.add_paragraph("하나", style="List Bullet")
        document.add_paragraph("안쪽", style="List Bullet 2")
        document.add_paragraph("첫째", style="List Number")
        document.add_paragraph("# 글자 그대로 *")
        table = document.add_table(2, 2)
        for cell, words in zip((*table.rows[0].cells, *table.rows[1].cells), "가나다라", strict=True):
            cell.text = words
        output = io.BytesIO()
        document.save(output)
        text = one("bus.ko.docx", output.getvalue())
        assert text.texts["ko"].title == "제목"
        assert text.texts["ko"].body == (
            "# 부스바\n\n보통 **굵게** *기울임*\n\n- 하나\n  - 안쪽\n\n1. 첫째\n\n\\# 글자 그대로 \\*\n\n"
            "| 가 | 나 |\n| --- | --- |\n| 다 | 라 |"
        ).replace("  - 안쪽", " - 안쪽")

    def test_a_damaged_one_is_told_so(self) -> None:
        text = one("a.docx", packed({"word/document.xml": "<w>"}))
        assert [problem.message.key for problem in text.problems] == ["knowledge_files.page.broken"]


class TestPrint:
    def test_headings_by_size_and_repeated_lines_dropped(self) -> None:
        def line(text: str, size: float, top: float, page: int) -> Line:
            return Line(text, size, top, page, 800.0)

        lines = [
            line("회사 문서 1", 8, 780, 0),
            line("큰 제목", 20, 700, 0),
            line("본문 첫 줄은", 10, 650, 0),
            line("이어집니다.", 10, 636, 0),
            line("다음 문단", 10, 600, 0),
            line("• 항목 하나", 10, 560, 0),
            line("• 항목 둘", 10, 546, 0),
            line("- 1 -", 8, 30, 0),
            line("회사 문서 2", 8, 780, 1),
            line("작은 제목", 14, 700, 1),
            line("A divid-", 10, 650, 1),
            line("ed word", 10, 636, 1),
            line("2 / 2", 8, 30, 1),
        ]
        assert markdown_of(without_repeated(lines)) == (
            "# 큰 제목\n\n본문 첫 줄은 이어집니다.\n\n다음 문단\n\n- 항목 하나\n- 항목 둘\n\n## 작은 제목\n\nA divided word"
        )

    def test_a_damaged_one_is_told_so(self) -> None:
        text = one("a.pdf", b"%PDF-1.7 nothing")
        assert [problem.message.key for problem in text.problems] == ["knowledge_files.page.broken"]
