"""Exports over a real database: only what the caller may read, the same bytes each time, and an import that finds nothing different."""

import base64
import csv
import io
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import orjson
import pytest

from kis.identity import Principal, Role
from kis.knowledge.exporting.selecting import Wanted
from kis.knowledge.exporting.service import export
from kis.knowledge.exporting.things import Export, ExportForm
from kis.knowledge.importing.reading import read_upload
from kis.platform.errors import BadInput
from kis.search import Language
from tests.factories.imports import Desk, open_desk
from tests.integration.conftest import MakeOrganization, MakePrincipal

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
BODY = """# 부스바

- **굵게** 쓴 *항목*
- 둘째

1. 하나
2. 둘

| 열 | 값 |
| --- | --- |
| 가 | `=1+1` |

> 인용

```
코드 <b>
```

[외함](../boxes/enclosure.ko.md) [바깥](https://example.com/) ![그림](img/busbar.png)
"""
FOLDER: dict[str, str | bytes] = {
    "panels/_category.yaml": "name: {ko: 분전반, en: Boards}\nicon: grid\norder: 10\n",
    "panels/busbar.ko.md": f"---\ntitle: '=부스바'\ntags: ['동, 은', 구리]\nstatus: published\nsummary: 요약\n---\n\n{BODY}",
    "panels/busbar.en.md": "---\ntitle: Busbars\ntags: [copper]\n---\n\n- item\n\n[Boxes](../boxes/enclosure.en.md#top)\n",
    "panels/img/busbar.png": PIXEL,
    "boxes/_category.yaml": "name: {ko: 외함, en: Boxes}\nparent: panels\n",
    "boxes/enclosure.ko.md": "---\ntitle: 외함\nvisibility: role\nroles: [admin, editor]\nreview_on: 2027-01-31\n---\n\n외함입니다.\n",
}
FORMS = list(ExportForm)


@pytest.fixture
async def desk(app_database_url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(app_database_url, tmp_path) as opened:
        yield opened


async def bytes_of(handed: Export) -> bytes:
    return b"".join([piece async for piece in handed.pieces])


async def exported(desk: Desk, caller: Principal, form: ExportForm, wanted: Wanted | None = None) -> bytes:
    return await bytes_of(await export(desk.means, caller, form, wanted or Wanted()))


def files_of(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


class TestRoundTrip:
    @pytest.mark.parametrize("form", [ExportForm.MARKDOWN, ExportForm.CSV, ExportForm.JSON])
    async def test_imports_back_without_a_difference(
        self, desk: Desk, principal: Principal, form: ExportForm
    ) -> None:
        assert (await desk.imported(principal, FOLDER)).failed == 0
        handed = await export(desk.means, principal, form, Wanted())
        again = await desk.imported_file(principal, handed.name, await bytes_of(handed))
        rows = orjson.loads(await desk.report(principal, again.id))["rows"]
        assert [
            (row["name"], row["outcome"], row["problems"]) for row in rows if row["outcome"] != "unchanged"
        ] == []
        assert again.total >= 3

    @pytest.mark.parametrize("form", FORMS)
    async def test_gives_the_same_bytes_each_time(
        self, desk: Desk, principal: Principal, form: ExportForm
    ) -> None:
        await desk.imported(principal, FOLDER)
        assert await exported(desk, principal, form) == await exported(desk, principal, form)


class TestMarkdown:
    async def test_links_lead_to_the_files_beside_it(self, desk: Desk, principal: Principal) -> None:
        await desk.imported(principal, FOLDER)
        files = files_of(await exported(desk, principal, ExportForm.MARKDOWN))
        pictures = [name for name in files if name.startswith("files/")]
        assert sorted(set(files) - set(pictures)) == [
            "boxes/_category.yaml",
            "boxes/enclosure.ko.md",
            "panels/_category.yaml",
            "panels/busbar.en.md",
            "panels/busbar.ko.md",
        ]
        assert [files[name] for name in pictures] == [PIXEL]
        assert (
            f"[외함](../boxes/enclosure.ko.md) [바깥](https://example.com/) ![그림](../{pictures[0]})"
            in files["panels/busbar.ko.md"].decode()
        )
        assert b"(../boxes/enclosure.ko.md#top)" in files["panels/busbar.en.md"]


class TestCsv:
    async def test_nothing_in_it_computes(self, desk: Desk, principal: Principal) -> None:
        await desk.imported(principal, FOLDER)
        data = await exported(desk, principal, ExportForm.CSV)
        rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
        assert [(row["slug"], row["language"], row["title"]) for row in rows] == [
            ("busbar", "en", "Busbars"),
            ("busbar", "ko", "'=부스바"),
            ("enclosure", "ko", "외함"),
        ]
        assert rows[0]["body"].startswith("'- item")
        assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]


class TestRights:
    async def test_a_reader_gets_what_is_published_to_them_alone(
        self, desk: Desk, principal: Principal, make_principal: MakePrincipal
    ) -> None:
        await desk.imported(principal, {**FOLDER, "notes/draft.ko.md": "---\ntitle: 초안\n---\n비밀"})
        local = await _publish(desk, principal, FOLDER)
        assert local == {"busbar", "enclosure"}
        viewer = await make_principal(Role.VIEWER)
        for form in FORMS:
            data = await exported(desk, viewer, form)
            assert "초안".encode() not in data
            assert "외함입니다".encode() not in data
        told = orjson.loads(await exported(desk, viewer, ExportForm.JSON))
        assert [(one["slug"], one["status"]) for one in told["articles"]] == [("busbar", "published")]
        assert "review_on" not in told["articles"][0]

    async def test_another_organisation_gets_nothing(
        self,
        desk: Desk,
        principal: Principal,
        make_organization: MakeOrganization,
        make_principal: MakePrincipal,
    ) -> None:
        await desk.imported(principal, FOLDER)
        stranger = await make_principal(of=await make_organization())
        with pytest.raises(BadInput):
            await export(desk.means, stranger, ExportForm.JSON, Wanted())
        with pytest.raises(BadInput):
            await export(desk.means, stranger, ExportForm.JSON, Wanted(slugs=("busbar",)))


class TestSingle:
    @pytest.mark.parametrize("form", [ExportForm.HTML, ExportForm.DOCX, ExportForm.PDF])
    async def test_one_text_is_a_file_that_reads_back(
        self, desk: Desk, principal: Principal, form: ExportForm
    ) -> None:
        await desk.imported(principal, FOLDER)
        wanted = Wanted(slugs=("busbar",), languages=(Language.KO,))
        handed = await export(desk.means, principal, form, wanted)
        assert handed.name == f"busbar.ko.{form.value}"
        data = await bytes_of(handed)
        (read,) = read_upload(handed.name, data).texts
        assert read.problems == ()
        assert read.shared is not None
        assert read.shared.slug == "busbar"
        text = read.texts["ko"]
        assert text.title == "=부스바"
        for piece in ("굵게", "둘째", "인용", "코드 <b>", "=1+1"):
            assert piece in text.body.replace("\\", "")
        if form is not ExportForm.PDF:
            assert text.tags == ["동, 은", "구리"]
            assert "- **굵게** 쓴 *항목*" in text.body
            assert "| 열 | 값 |" in text.body
            assert "[바깥](https://example.com/)" in text.body
            assert [file.data for file in read.files] == [PIXEL]
            assert f"![그림](/knowledge/files/{read.files[0].sha256})" in text.body


async def _publish(desk: Desk, caller: Principal, files: dict[str, str | bytes]) -> set[str]:
    """Publish as the operator at this machine may."""
    from dataclasses import replace

    from kis.identity import Via

    await desk.imported(replace(caller, via=Via.LOCAL), files, publish=True)
    rows = await desk.rows(
        "SELECT slug FROM knowledge.articles WHERE organization_id = :own AND status = 'published'",
        own=caller.organization_id,
    )
    return {row.slug for row in rows}
