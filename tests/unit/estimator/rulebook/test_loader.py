"""Loading: the bad file table with its exact messages, the choice by day, and taking in and handing out."""

import re
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from kis.estimator.rulebook import (
    Rulebook,
    export_rulebook,
    import_rulebook,
    load_rulebook,
    rule,
    rule_ids,
    rulebook_bytes,
    shipped_rulebooks,
)
from kis.estimator.rulebook.loader import SHIPPED
from kis.platform.errors import BadInput, NotFound

Changed = Callable[..., Path]

HANGUL = re.compile("[가-힣]")
NINE_TENTHS = "value: 9/10"
SMALL_LANE = "value: 40\n    unit: mm"
SECOND_STEP = "{up_to: 125, value: 170}"

BAD_FILES = [
    (
        "id: kis-standard\n",
        "id: kis-standard\nid: again\n",
        "id: id stands twice (first in line 4). Remove one.",
    ),
    ("id: kis-standard\n", "", "id: is missing."),
    (
        "id: kis-standard\n",
        "id: ../../etc\n",
        "id: ../../etc cannot be used as a name. It becomes a file name: use letters, digits, dots and hyphens.",
    ),
    ('version: "2026.11"', "version: 11", "version: 11 is not a text. Put quotes around a number."),
    ("valid_from: 2026-11-01", "valid_from: soon", "valid_from: soon is not a date. Write it as 2026-11-01."),
    (
        "valid_from: 2026-11-01",
        "valid_from: 2026-02-30",
        "valid_from: 2026-02-30 is not a date. Write it as 2026-11-01.",
    ),
    (
        "valid_to: null",
        "valid_to: 2026-10-31",
        "valid_to: It begins on 2026-11-01 and ends on 2026-10-31. The last day must not come before the first.",
    ),
    (
        "valid_to: null",
        "valid_to: null\ndigest: ab",
        "digest: The digest is computed from the file and must not stand in it.",
    ),
    (
        "valid_to: null",
        "valid_to: null\nauthor: me",
        "author: is not known. Check the spelling or remove it.",
    ),
    (
        SMALL_LANE,
        "value: 010\n    unit: mm",
        (
            "enclosure.small_lane.value: 010 can be read in several ways. "
            "Write numbers as 12 or 0.5, truth as true or false, and texts in quotes."
        ),
    ),
    (
        SMALL_LANE,
        'value: "40"\n    unit: mm',
        "enclosure.small_lane.value: 40 is not a whole number. Write it without quotes and decimals.",
    ),
    (
        SMALL_LANE,
        "value: 40.5\n    unit: mm",
        "enclosure.small_lane.value: 40.5 is not a whole number. Write it without quotes and decimals.",
    ),
    (
        SMALL_LANE,
        "value: -40\n    unit: mm",
        "enclosure.small_lane: A number below zero has no meaning here.",
    ),
    (SMALL_LANE, "valeu: 40\n    unit: mm", "enclosure.small_lane.value: is missing."),
    (NINE_TENTHS, "value: 1/0", "enclosure.fit_limit.value: 1/0 divides by 0."),
    (NINE_TENTHS, "value: nine", "enclosure.fit_limit.value: nine is not a number. Write it as 9/10 or 0.9."),
    (NINE_TENTHS, "value: true", "enclosure.fit_limit.value: true is not a number. Write it as 9/10 or 0.9."),
    (
        NINE_TENTHS,
        "value: 11/10",
        "enclosure.fit_limit: 1.1 is not a share. It must be above 0 and at most 1.",
    ),
    (
        NINE_TENTHS,
        "value: 1/2",
        "enclosure.fit_limit_priced: 0.6 must not exceed 0.5 of enclosure.fit_limit.",
    ),
    (
        SECOND_STEP,
        "{up_to: 60, value: 170}",
        "enclosure.wiring_above_main.value: The up_to of the steps must rise, none standing twice.",
    ),
    (
        SECOND_STEP,
        "{up_to: 125, value: 100}",
        "enclosure.wiring_above_main: The step up to 125 holds less than the step up to 60. A larger breaker never takes less.",
    ),
    (
        SECOND_STEP,
        "{up_to: 125, value: 170, values: 3}",
        "enclosure.wiring_above_main.value.steps[1].values: is not known. Check the spelling or remove it.",
    ),
    (
        "        - {up_to: 800, value: 600}\n",
        "",
        "enclosure.wiring_above_main: The table ends at 600, others reach 800. Continue it that far.",
    ),
    (
        "thickness_mm: 5, pitch_mm: 35}",
        "thickness_mm: 5, pitch_mm: 27}",
        "layout.bar_ladder: The bars of the step up to 250 A stand 7 mm apart, less than 8 mm.",
    ),
    (
        "status: shop_rule",
        "status: certain",
        "selection.grade_order.status: certain is not possible. It is one of: verified, shop_rule, disputed, unverified.",
    ),
    (
        "status: shop_rule",
        "status: disputed",
        "selection.grade_order: A disputed rule names the other values (alternatives) and the reason of its choice (reason).",
    ),
    ("unit: A\n", "unit: no\n", "selection.two_pole_small_up_to.unit: no can be read in several ways."),
    (
        "unit: A\n    source: ",
        'unit: A\n    source: ""\n    #',
        "selection.two_pole_small_up_to.source: must not be empty.",
    ),
    (
        "value: [HB]",
        "value: HB",
        "enclosure.ready_made_series.value: HB is not a list. Write it as [one, two].",
    ),
    ("value: [72, 90]", "value: [72]", "layout.spd_outline.value[1]: is missing."),
    ("value: [72, 90]", "value: [72, 90, 5]", "layout.spd_outline.value: holds more than 2 values."),
    (
        "value: [72, 90]",
        "value: {x: 72}",
        "layout.spd_outline.value: {…} is not a list. Write it as [one, two].",
    ),
    (
        '"0.000007"}',
        "much}",
        "pricing.main_bar_copper.value[0].kg_per_mm2: much is not a number. Write it as 0.000007.",
    ),
    ("value: true\n", "value: 1\n", "phases.accept_proven_optimum.value: 1 is not true or false."),
    (
        "turn_labels:\n",
        "turn_labels: &x\n",
        "phases.turn_labels: Anchors (&) and references (*) are not used here.",
    ),
    (
        "value: 12\n",
        "value: !!int 12\n",
        "layout.cross_bar_width_small.value: Tags such as tag:yaml.org,2002:int are not used here.",
    ),
    ("gates:\n", "? [a, b]\n: 1\ngates:\n", "A key must be a plain word."),
    ("gates:\n", "gates: {\n", "It is not YAML: did not find expected ',' or '}'."),
    (
        "gates:\n",
        "gates: none\nothers:\n",
        "gates: none is not a group of fields. Write name: value below it.",
    ),
    ("\nphases:\n", "\n---\nphases:\n", 'A file holds one rulebook. Remove what follows "---".'),
    (
        "limit_rule: enclosure.fit_limit\n",
        "limit_rule: enclosure.fit\n",
        "gates.enclosure.fit_score: It takes its limit from enclosure.fit, which is no rule.",
    ),
    (
        "    stage: critic\n",
        "    stage: checks\n",
        "gates.critic.violations: The name of the gate must be its stage checks, a dot and a name.",
    ),
]


class TestBadFiles:
    @pytest.mark.parametrize(("old", "new", "message"), BAD_FILES)
    def test_a_fault_is_named_with_its_path_and_remedy(
        self, changed: Changed, old: str, new: str, message: str
    ) -> None:
        with pytest.raises(BadInput) as caught:
            load_rulebook(changed((old, new)))

        told = [problem.text("en").split(" ", 1)[1] for problem in caught.value.problems]
        assert any(text.startswith(message) for text in told), told
        assert all(HANGUL.search(problem.message.text("ko")) for problem in caught.value.problems)

    def test_a_value_that_cannot_be_read_is_told_once(self, changed: Changed) -> None:
        """``010`` is unclear; that it is no whole number either goes without saying."""
        with pytest.raises(BadInput) as caught:
            load_rulebook(changed((SMALL_LANE, "value: 010\n    unit: mm")))

        assert [problem.message.key for problem in caught.value.problems] == ["rulebook.file.unclear"]

    def test_every_fault_is_told_at_once_with_its_line(self, changed: Changed) -> None:
        file = changed(
            ("id: kis-standard\n", "id: kis-standard\nid: kis-standard\n"),
            (SMALL_LANE, "value: wide\n    unit: mm"),
            ("value: [HB]", "value: HB"),
            ('operator: "<="', "operator: at most"),
        )

        with pytest.raises(BadInput) as caught:
            load_rulebook(file)

        lines = file.read_text(encoding="utf-8").splitlines()
        places = [problem.path.removeprefix(f"{file}:").split(" ") for problem in caught.value.problems]
        assert [path for _, path in places] == [
            "id",
            "enclosure.ready_made_series.value",
            "enclosure.small_lane.value",
            "gates.selection.makes.operator",
        ]
        assert ["HB" in lines[int(places[1][0]) - 1], "wide" in lines[int(places[2][0]) - 1]] == [True, True]

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"", "It is empty."),
            (b"# nothing\n", "It is empty."),
            (b"null\n", "null is not a group of fields."),
            (b"- 1\n", "[…] is not a group of fields."),
            (b"\xff\xfe\x00", "It is not UTF-8."),
            (
                b"a: \x01\n",
                "It is not YAML: unacceptable character #x0001: control characters are not allowed",
            ),
            (b"a: [*b]\n", "a[0]: Anchors (&) and references (*) are not used here."),
            (b"x: " + b"x" * 1_000_000, "The file is larger than 1000000 bytes."),
            # PyYAML's own C composer ends the process with a segmentation fault on this one.
            (b"[" * 900_000, "[0][0][0]: It is nested more than 20 levels deep."),
            # Each line ten times the one before: built by YAML this would be 10^9 values.
            (
                b"a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n",
                "a: Anchors (&) and references (*)",
            ),
        ],
    )
    def test_a_file_that_is_no_rulebook_is_refused_calmly(
        self, tmp_path: Path, content: bytes, message: str
    ) -> None:
        file = tmp_path / "shop.yaml"
        file.write_bytes(content)

        with pytest.raises(BadInput) as caught:
            load_rulebook(file)

        assert message in caught.value.text("en")

    def test_a_decimal_is_read_as_it_is_written_and_never_through_a_float(self, changed: Changed) -> None:
        file = changed((NINE_TENTHS, "value: 0.90000000000000000001"))

        assert rule(load_rulebook(file), "enclosure.fit_limit").value.denominator == 10**20

    def test_a_file_with_a_byte_order_mark_is_read(self, tmp_path: Path) -> None:
        file = tmp_path / "shop.yaml"
        file.write_bytes(b"\xef\xbb\xbf" + (SHIPPED / "kis-standard-2026.11.yaml").read_bytes())

        assert load_rulebook(file).id == "kis-standard"


class TestLoadRulebook:
    def test_a_missing_file_is_not_found(self, tmp_path: Path) -> None:
        with pytest.raises(
            NotFound, match=r"none\.yaml: the rulebook cannot be read \(No such file or directory\)"
        ):
            load_rulebook(tmp_path / "none.yaml")

    def test_the_shipped_one_carries_the_digest_of_its_file(self, rulebook: Rulebook) -> None:
        content = (SHIPPED / "kis-standard-2026.11.yaml").read_bytes()

        assert rulebook.digest == sha256(content).hexdigest()

    def test_the_same_file_is_read_once(self) -> None:
        assert load_rulebook() is load_rulebook(on=date(2026, 12, 1))

    def test_a_changed_file_is_read_again(self, changed: Changed) -> None:
        first = load_rulebook(changed())
        second = load_rulebook(changed((SMALL_LANE, "value: 45\n    unit: mm")))

        assert (first.enclosure.small_lane.value, second.enclosure.small_lane.value) == (40, 45)
        assert first.digest != second.digest

    def test_before_the_first_rulebook_there_is_none(self) -> None:
        with pytest.raises(NotFound) as caught:
            load_rulebook(on=date(2026, 10, 31))

        assert str(caught.value).startswith("the rulebooks of KIS: no rulebook is in force on 2026-10-31.")

    def test_a_named_file_is_taken_whatever_the_day(self) -> None:
        assert load_rulebook(SHIPPED / "kis-standard-2026.11.yaml", on=date(2020, 1, 1)).version == "2026.11"

    def test_shipped_rulebooks_have_names_that_tell_their_version(self) -> None:
        names = {f"{rulebook.id}-{rulebook.version}.yaml" for rulebook in shipped_rulebooks()}

        assert names == {file.name for file in SHIPPED.iterdir()}


class TestChoiceByDay:
    @pytest.fixture
    def folder(self, changed: Changed, tmp_path: Path) -> Path:
        """2026.11 until the end of 2026, corrected twice; 2027.1 from March on; nothing in between."""
        folder = tmp_path / "books"
        for version, first, last in (
            ("2026.11", "2026-11-01", "2026-12-31"),
            ("2026.11.9", "2026-11-01", "2026-12-31"),
            ("2026.11.10", "2026-11-01", "2026-12-31"),
            ("2027.1", "2027-03-01", "null"),
        ):
            file = changed(
                ('version: "2026.11"', f'version: "{version}"'),
                ("valid_from: 2026-11-01", f"valid_from: {first}"),
                ("valid_to: null", f"valid_to: {last}"),
            )
            import_rulebook(file, folder)
        return folder

    @pytest.mark.parametrize(
        ("on", "version"),
        [
            (date(2026, 11, 1), "2026.11.10"),
            (date(2026, 12, 31), "2026.11.10"),
            (date(2027, 3, 1), "2027.1"),
            (date(2040, 1, 1), "2027.1"),
            (None, "2027.1"),
        ],
    )
    def test_the_newest_in_force_is_taken(self, folder: Path, on: date | None, version: str) -> None:
        assert load_rulebook(folder, on).version == version

    @pytest.mark.parametrize("on", [date(2026, 10, 31), date(2027, 1, 1), date(2027, 2, 28)])
    def test_a_day_that_none_covers_is_refused(self, folder: Path, on: date) -> None:
        with pytest.raises(NotFound, match=f"no rulebook is in force on {on}"):
            load_rulebook(folder, on)

    def test_two_that_begin_as_one_are_refused(self, folder: Path, changed: Changed) -> None:
        import_rulebook(changed(("id: kis-standard\n", "id: other-shop\n")), folder)

        with pytest.raises(
            BadInput, match=r"Version 2026\.11 of kis-standard and of other-shop begin on the same day"
        ):
            load_rulebook(folder)

    def test_an_empty_folder_holds_none(self, tmp_path: Path) -> None:
        with pytest.raises(NotFound, match="no rulebook is in force on any day"):
            load_rulebook(tmp_path)


class TestImportAndExport:
    def test_import_puts_the_file_under_its_name_byte_for_byte(
        self, changed: Changed, tmp_path: Path
    ) -> None:
        source = changed(('version: "2026.11"', 'version: "2026.12"'))

        target = import_rulebook(source, tmp_path / "books")

        assert target == tmp_path / "books" / "kis-standard-2026.12.yaml"
        assert target.read_bytes() == source.read_bytes()
        assert [file.name for file in target.parent.iterdir()] == [target.name]

    def test_a_faulty_rulebook_is_not_taken_in(self, changed: Changed, tmp_path: Path) -> None:
        with pytest.raises(BadInput):
            import_rulebook(changed((NINE_TENTHS, "value: nine")), tmp_path / "books")

        assert not (tmp_path / "books").exists()

    def test_the_same_content_may_come_again(self, changed: Changed, tmp_path: Path) -> None:
        first = import_rulebook(changed(), tmp_path / "books")

        assert import_rulebook(changed(name="again.yaml"), tmp_path / "books") == first

    def test_a_version_is_never_overwritten(self, changed: Changed, tmp_path: Path) -> None:
        target = import_rulebook(changed(), tmp_path / "books")
        before = target.read_bytes()

        with pytest.raises(
            BadInput, match=r"version: kis-standard 2026\.11 is there already with other contents"
        ):
            import_rulebook(changed((SMALL_LANE, "value: 45\n    unit: mm")), tmp_path / "books")

        assert target.read_bytes() == before
        assert [file.name for file in target.parent.iterdir()] == [target.name]

    def test_export_gives_the_bytes_that_quotations_name(self, rulebook: Rulebook, tmp_path: Path) -> None:
        target = export_rulebook(tmp_path / "out.yaml")

        assert target == tmp_path / "out.yaml"
        assert sha256(target.read_bytes()).hexdigest() == rulebook.digest
        assert load_rulebook(target) == rulebook

    def test_the_bytes_of_a_rulebook_are_those_it_was_read_from(
        self, rulebook: Rulebook, changed: Changed, tmp_path: Path
    ) -> None:
        other = changed(("value: 9/10", "value: 8/10"))
        import_rulebook(other, tmp_path / "books")

        assert sha256(rulebook_bytes(None, rulebook)).hexdigest() == rulebook.digest
        assert rulebook_bytes(other, load_rulebook(other)) == other.read_bytes()
        assert rulebook_bytes(tmp_path / "books", load_rulebook(tmp_path / "books")) == other.read_bytes()

    def test_export_into_a_folder_names_the_file(self, tmp_path: Path) -> None:
        assert export_rulebook(tmp_path, on=date(2026, 12, 1)) == tmp_path / "kis-standard-2026.11.yaml"

    def test_a_place_that_cannot_be_written_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("in the way")

        with pytest.raises(NotFound, match=r"out\.yaml: the rulebook cannot be written"):
            export_rulebook(tmp_path / "file" / "out.yaml")


class TestRule:
    def test_a_rule_is_found_by_its_id(self, rulebook: Rulebook) -> None:
        assert rule(rulebook, "enclosure.bottom_space") is rulebook.enclosure.bottom_space

    @pytest.mark.parametrize(
        "rule_id",
        [
            "",
            "enclosure",
            "enclosure.",
            "enclosure.bottom",
            "gates.critic.violations",
            "id.x",
            "enclosure.model_fields",
        ],
    )
    def test_what_is_no_rule_is_not_found(self, rulebook: Rulebook, rule_id: str) -> None:
        with pytest.raises(NotFound, match=r"Rulebook 2026\.11 has no rule"):
            rule(rulebook, rule_id)

    def test_ids_come_in_the_order_of_the_schema(self, rulebook: Rulebook) -> None:
        ids = rule_ids(rulebook)

        assert (ids[0], ids[-1]) == ("selection.order", "pricing.rounding")
        assert ids.index("enclosure.bar_space") < ids.index("layout.order") < ids.index("critic.bar_limit")
