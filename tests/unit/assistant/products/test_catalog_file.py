"""Reading catalogs as files."""

import json
import tracemalloc
from typing import Any

import pytest

from kis.assistant.products.catalog_file import read_catalogs, written
from kis.assistant.products.lines import lines_of
from kis.assistant.products.lint import lint_catalogs, lint_files
from kis.assistant.things import Documentation, DocumentationType, Relation
from kis.platform.errors import BadInput

OLD: dict[str, Any] = {
    "brand_identity": {
        "id": "moog", "name": "Moog", "hq": "Asheville", "founded": 1953, "website": "https://moog.example",
        "logo_url": "/static/moog.png", "description": "Synthesizers",
    },
    "products": [
        {
            "id": "moog-one", "name": "Moog One", "brand": "Moog", "category": "Synthesizer",
            "production_country": "USA", "images": {"main": "https://moog.example/one.jpg", "thumbnail": None},
            "documentation": {"type": "pdf", "url": "https://moog.example/one.pdf", "backup_url": None},
            "relationships": [{"type": "accessory", "target_id": "case", "label": "Case"}],
        },
        {"id": "case", "name": "Case", "brand": "Moog", "documentation": None, "relationships": []},
    ],
}  # fmt: skip


def read(content: Any) -> Any:
    return read_catalogs("moog.json", json.dumps(content, indent=1).encode())


def problems(content: Any) -> list[str]:
    with pytest.raises(BadInput) as refused:
        read(content)
    return [problem.path for problem in refused.value.problems]


class TestReadCatalogs:
    def test_takes_an_old_catalog_as_it_is(self) -> None:
        (catalog,) = read(OLD)

        one, case = catalog.products
        assert (catalog.brand.id, catalog.brand.founded) == ("moog", "1953")
        assert one.images == {"main": "https://moog.example/one.jpg"}
        assert one.documentation == Documentation(DocumentationType.PDF, "https://moog.example/one.pdf")
        assert one.relations == (Relation("accessory", "case", "Case"),)
        assert case.documentation is None

    def test_takes_a_bare_list_and_puts_it_together_by_brands(self) -> None:
        catalogs = read([{"id": "a", "name": "A", "brand": "LS 산전"}, {"id": "b", "name": "B"}])

        assert [(one.brand.id, one.brand.name) for one in catalogs] == [
            ("ls-산전", "LS 산전"),
            ("unnamed", "unnamed"),
        ]

    def test_names_every_mistake_with_its_line(self) -> None:
        content = {
            "brand_identity": {"id": "m/1", "name": ""},
            "products": [{"id": "a", "name": 7}, {"name": []}, "b", {"id": "a", "name": "\u0000"}],
        }

        # Lines of json.dumps with an indent of one: the value stands on its own line, a missing one on that of its object.
        assert problems(content) == [
            "moog.json:3 /brand_identity/id",
            "moog.json:4 /brand_identity/name",
            "moog.json:11 /products/1/id",
            "moog.json:12 /products/1/name",
            "moog.json:14 /products/2",
            "moog.json:17 /products/3/name",
            "moog.json:16 /products/3/id",
        ]

    @pytest.mark.parametrize(
        ("change", "pointer"),
        [
            ({"documentation": {"type": "docx", "url": "https://a.example/a"}}, "documentation/type"),
            ({"relationships": [{"type": "related"}]}, "relationships/0/target_id"),
            ({"relationships": {}}, "relationships"),
            ({"images": {"main": ["x"]}}, "images/main"),
            ({"name": "x" * 301}, "name"),
            ({"id": "part:breaker:ABN-53"}, "id"),
            ({"id": ".."}, "id"),
            ({"names": ["a"] * 21}, "names"),
        ],
    )
    def test_refuses_a_product_that_cannot_be_one(self, change: dict[str, Any], pointer: str) -> None:
        found = problems([{"id": "a", "name": "A", **change}])

        assert [path.split(" ")[1] for path in found] == [f"/0/{pointer}"]

    @pytest.mark.parametrize("content", ["7", '"a"', "{}", '{"products": 7}', "[", "\u00ff", "[" * 5000])
    def test_refuses_what_is_no_catalog(self, content: str) -> None:
        with pytest.raises(BadInput):
            read_catalogs("x.json", content.encode("latin-1"))

    def test_what_is_written_reads_the_same(self) -> None:
        (catalog,) = read(OLD)

        assert read(written(catalog)) == (catalog,)


class TestLinesOf:
    def test_tells_the_line_of_every_value(self) -> None:
        text = '{"a": [1,\n "x,]}:",\n {}],\n\n"b/c": {"d":\nnull, "e\\"": true}}'

        assert lines_of(text) == {
            "": 1, "/a": 1, "/a/0": 1, "/a/1": 2, "/a/2": 3, "/b~1c": 5, "/b~1c/d": 6, '/b~1c/e"': 6,
        }  # fmt: skip


class TestLintCatalogs:
    def found(self, *products: dict[str, Any], known: tuple[str, ...] = ()) -> list[tuple[str, str]]:
        whole = [{"brand": "A", "category": "Case", **each} for each in products]
        return [(one.rule, one.pointer) for one in lint_catalogs(read(whole), known)]

    def test_is_silent_about_a_whole_catalog(self) -> None:
        document = {"type": "html", "url": "https://a.example/a"}

        assert self.found({"id": "a", "name": "A", "documentation": document}) == []

    def test_finds_what_is_not_well(self) -> None:
        document = {"type": "pdf", "url": "ftp://a.example/a", "backup_url": "manual.pdf"}
        to = [{"type": "related", "target_id": target} for target in ("b", "gone", "a", "elsewhere")]

        found = self.found(
            {"id": "a", "name": "A", "documentation": document, "relationships": to},
            {"id": "b", "name": "a", "images": {"main": "/static/b.png"}},
            known=("elsewhere",),
        )

        assert found == [
            ("dead_relation", "/0/relationships/1/target_id"),
            ("own_relation", "/0/relationships/2/target_id"),
            ("bad_url", "/0/documentation/url"),
            ("bad_url", "/0/documentation/backup_url"),
            ("no_document", "/1"),
            ("bad_url", "/1/images/main"),
            ("duplicate_name", "/1/name"),
        ]

    def test_finds_fields_that_are_missing(self) -> None:
        document = {"type": "html", "url": "https://a.example/a"}

        assert self.found(
            {"id": "a", "name": "A", "documentation": document, "brand": "", "category": ""}
        ) == [
            ("missing_field", "/0"),
            ("missing_field", "/0"),
        ]

    def test_a_document_of_the_house_must_be_there(self) -> None:
        document = {
            "type": "pdf",
            "url": "kis:datasheet/breaker/abs-103.pdf",
            "backup_url": "kis:datasheet/breaker/none.pdf",
        }

        assert self.found({"id": "a", "name": "A", "documentation": document}) == [
            ("no_sheet", "/0/documentation/backup_url")
        ]


class TestLintFiles:
    def test_relations_lead_from_file_to_file_and_to_shipped_parts(self) -> None:
        def file(id_: str, *targets: str) -> bytes:
            relations = [{"type": "related", "target_id": target} for target in targets]
            return json.dumps(
                [{"id": id_, "name": id_, "brand": "B", "category": "C", "relationships": relations}],
                indent=1,
            ).encode()

        first = file("a", "b", "part:breaker:ABS-103")
        second = file("b", "a", "part:breaker:NONE")
        one, two = lint_files([("1.json", lambda: first), ("2.json", lambda: second)])

        assert [(each.rule, each.line, each.product_id) for each in one.findings] == [("no_document", 2, "a")]
        assert [(each.rule, each.line, each.product_id) for each in two.findings] == [
            ("dead_relation", 14, "b"),
            ("no_document", 2, "b"),
        ]

    def test_one_that_cannot_be_read_does_not_keep_the_others_from_being_looked_at(self) -> None:
        broken, whole = lint_files([("1.json", lambda: b"{"), ("2.json", lambda: b"[]")])

        assert [problem.path for problem in broken.problems] == ["1.json:1"]
        assert (whole.problems, whole.findings) == ((), ())

    def test_no_more_than_one_is_held_at_a_time(self) -> None:
        size = 2_000_000
        product = json.dumps([{"id": "a", "name": "A"}]).encode()
        files = [(f"{number}.json", lambda: product.ljust(size)) for number in range(20)]

        def peak_bytes(count: int) -> int:
            tracemalloc.start()
            assert all(each.findings for each in lint_files(files[:count]))
            _, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            return peak

        peak_bytes(1)  # what is read once stays: the shipped parts
        assert peak_bytes(20) < peak_bytes(1) + size
