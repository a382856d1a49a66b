"""The name plate says what IEC 61439-1 asks for, and leaves open what only the maker can declare."""

from dataclasses import replace

from kis.estimator.documents.drawings.outline.nameplate import ROWS, nameplate_detail, nameplate_rows
from kis.estimator.documents.drawings.panel_facts import facts_of
from kis.estimator.documents.drawings.sheet import Rectangle, Text
from tests.factories import drawings
from tests.factories.outlines import boxed, heading


class TestNameplate:
    def test_tells_maker_name_standard_and_ratings(self) -> None:
        rows = dict(nameplate_rows(facts_of(boxed(600, 800, 150), "en"), heading("en")))
        assert rows == {
            "Manufacturer": "Example Switchgear Works Co.",
            "Designation": "LP-3F",
            "Type, serial no.": "",
            "Standard": "KS C IEC 61439-__",
            "Date of manufacture": "",
            "Rated voltage Ue": "3φ4W 380/220 V",
            "Rated current InA": "100 A",
            "Rated frequency fn": "60 Hz",
            "Protection": "IP44",
            "Earthing system": "",
        }
        assert len(rows) == ROWS

    def test_tells_each_main_where_there_are_several(self) -> None:
        design = boxed(600, 800, 150)
        mains = (drawings.main_device(0), replace(drawings.main_device(1), rating_a=60))
        two = replace(design, problem=replace(design.problem, mains=mains))
        assert "M1 100 A, M2 60 A" in dict(nameplate_rows(facts_of(two, "ko"), heading())).values()

    def test_keeps_a_long_name_whole_in_two_lines(self) -> None:
        name = "부산광역시 강서구 명지국제신도시 복합업무시설 신축공사 전기설비 제3공구 지하2층 동력제어반"
        facts = facts_of(boxed(600, 800, 150), "ko")
        shapes = nameplate_detail(facts, replace(heading(), panel=name), (0.0, 0.0, 92.0, 56.0))
        words = [shape.content for shape in shapes if isinstance(shape, Text)]
        start = next(number for number, content in enumerate(words) if content.startswith("부산광역시"))
        assert " ".join(words[start : start + 2]) == name

    def test_counts_mains_where_they_are_many(self) -> None:
        design = boxed(600, 800, 150)
        mains = tuple(replace(drawings.main_device(0), rating_a=rating) for rating in (100, 60, 100, 60, 60))
        five = replace(design, problem=replace(design.problem, mains=mains))
        assert "2 × 100 A, 3 × 60 A" in dict(nameplate_rows(facts_of(five, "ko"), heading())).values()

    def test_leaves_the_protection_open_where_none_is_declared(self) -> None:
        rows = dict(nameplate_rows(facts_of(boxed(600, 800, 150, ip=None), "ko"), heading()))
        assert rows["보호등급"] == ""

    def test_marks_fields_for_the_maker_to_fill_in(self) -> None:
        box = (0.0, 0.0, 92.0, 56.0)
        shapes = list(nameplate_detail(facts_of(boxed(600, 800, 150), "ko"), heading(supplier=""), box))
        written = [shape.content for shape in shapes if isinstance(shape, Text)]
        # Maker (none given), type, date, earthing system.
        assert written.count("제작 시 기입") == 4
        (plate,) = [shape for shape in shapes if isinstance(shape, Rectangle)]
        assert (plate.x0, plate.y0, plate.x1, plate.y1) == box

    def test_writes_inside_the_plate(self) -> None:
        shapes = nameplate_detail(
            facts_of(boxed(600, 800, 150), "en"), heading("en", panel="W" * 60), (0, 0, 92, 56)
        )
        for text in (shape for shape in shapes if isinstance(shape, Text)):
            x0, y0, x1, y1 = text.extent
            assert x0 >= 0
            assert y0 >= 0
            assert x1 <= 92
            assert y1 <= 56
