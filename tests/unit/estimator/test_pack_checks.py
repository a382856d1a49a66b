"""The checks over the figures of a pack, each broken in one place of an otherwise sound pack."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kis.estimator import DocumentForm, Issue, estimate, parse_request, produce
from kis.estimator.issuing.quotation import document_id
from kis.estimator.output import engineering_sha256
from kis.estimator.pack_checks import _possible_verdicts, check_pack
from kis.estimator.pack_schema import GateRecord

REQUEST = {
    "customer": {"name": "한빛전설"},
    "project": "본관",
    "quotation_date": "2026-11-20",
    "margin_percent": 5,
    "discount_percent": 3,
    "panels": [
        {
            "name": "LP",
            "quantity": 2,
            "make": "LS ELECTRIC",
            "mains": [{"kind": "MCCB", "poles": 4, "rating_a": 100}],
            "branches": [{"kind": "ELB", "poles": 2, "rating_a": 20, "quantity": 6}],
        }
    ],
}

Change = Callable[[Any], object]


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """Give the files of a quotation, made once."""
    issue = Issue(number="KIS-2026-0001-R0", forms=(DocumentForm.XLSX,))
    made = estimate(parse_request(REQUEST))
    return produce(made, trace_id="t1", created_at="2026-11-20T09:00:00Z", issue=issue).files


@pytest.fixture
def pack(files: dict[str, bytes], tmp_path: Path) -> Path:
    for name, data in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return tmp_path


def broken(pack: Path, name: str, change: Change) -> list[tuple[str, str]]:
    """Change a JSON file and return what is found, as (file, sentence)."""
    value = json.loads((pack / name).read_bytes())
    change(value)
    if name == "output.json" and isinstance(value, dict) and {"gates", "quotation"} <= value.keys():
        resealed(value)
    (pack / name).write_text(json.dumps(value), encoding="utf-8")
    return [(finding.path, finding.message.text("en")) for finding in check_pack(pack)]


def resealed(output: Any) -> None:
    """Make digest and document id fit the changed result, as whoever forges it would, so that only the change itself is left to find."""
    quotation = output["quotation"]
    quotation["engineering_sha256"] = engineering_sha256(output)
    quotation["document_id"] = document_id(quotation["number"], quotation["engineering_sha256"])


def gate_of(output: Any, name: str) -> Any:
    """Return a gate of output.json or validation.json."""
    gates = output["gates"] + [gate for panel in output.get("panels", []) for gate in panel["gates"]]
    return next(gate for gate in gates if gate["id"] == name)


def plus_one(holder: Any, key: str) -> None:
    holder[key] = str(int(holder[key]) + 1)


class TestSoundPack:
    def test_has_nothing_to_find(self, pack: Path) -> None:
        assert list(check_pack(pack)) == []


class TestEngineering:
    def test_the_digest_printed_on_the_documents_is_that_of_the_result(self, pack: Path) -> None:
        path = pack / "output.json"
        output = json.loads(path.read_bytes())
        output["project"] = "별관"
        path.write_text(json.dumps(output), encoding="utf-8")
        ((where, sentence),) = [(finding.path, finding.message.text("en")) for finding in check_pack(pack)]
        assert where == "output.json"
        assert "at quotation/engineering_sha256;" in sentence

    def test_run_and_documents_are_no_part_of_it(self, files: dict[str, bytes]) -> None:
        output = json.loads(files["output.json"])
        before = engineering_sha256(output)
        output |= {"traceId": "t2", "created_at": "2027", "documents": [], "status": "review"}
        output["gates"] = [
            gate for gate in output["gates"] if gate["stage"] not in ("format", "cover", "lint")
        ]
        assert engineering_sha256(output) == before

    def test_every_figure_of_the_engineering_is_part_of_it(self, files: dict[str, bytes]) -> None:
        output = json.loads(files["output.json"])
        before = engineering_sha256(output)
        left_out = {"traceId", "created_at", "status", "verdict", "quotation", "documents"}
        assert {
            name for name in output if engineering_sha256({**output, name: [{"stage": "other"}]}) == before
        } == left_out

    def test_the_number_is_that_of_the_request(self, pack: Path) -> None:
        found = broken(pack, "input.json", lambda given: given["issue"].update(number="KIS-2026-0002-R0"))
        assert [path for path, _ in found] == ["input.json"]

    def test_the_document_id_follows_from_number_and_digest(self, pack: Path) -> None:
        path = pack / "output.json"
        output = json.loads(path.read_bytes())
        output["quotation"]["document_id"] = "D-000000000000"
        path.write_text(json.dumps(output), encoding="utf-8")
        assert [
            finding.message.text("en").count("quotation/document_id") for finding in check_pack(pack)
        ] == [1]


class TestAmounts:
    @pytest.mark.parametrize("name", ["subtotal", "margin", "discount", "net", "vat", "total"])
    def test_names_the_total_that_is_one_won_off(self, pack: Path, name: str) -> None:
        ((path, sentence),) = broken(pack, "output.json", lambda output: plus_one(output["totals"], name))
        assert (path, f"at totals/{name};" in sentence) == ("output.json", True)

    def test_adds_up_the_lines_the_panels_and_what_the_request_added(self, pack: Path) -> None:
        # a won more on a line is a won more on the panel, two on two panels, so the subtotal is off too unless all are changed
        found = broken(
            pack, "output.json", lambda output: plus_one(output["panels"][0]["lines"][0], "amount")
        )
        assert [sentence.partition(" at ")[2].partition(";")[0] for _, sentence in found] == [
            "panels/0/lines/0/amount",
            "panels/0/totals/unit_subtotal",
        ]

    def test_multiplies_a_panel_by_its_quantity(self, pack: Path) -> None:
        totals = json.loads((pack / "output.json").read_bytes())["panels"][0]["totals"]
        assert int(totals["subtotal"]) == 2 * int(totals["unit_subtotal"])
        found = broken(
            pack, "output.json", lambda output: plus_one(output["panels"][0]["totals"], "subtotal")
        )
        assert [sentence.partition(" at ")[2].partition(";")[0] for _, sentence in found] == [
            "panels/0/totals/subtotal",
            "totals/subtotal",
            "totals/net",
            "totals/total",
        ]

    def test_multiplies_an_added_line_and_adds_it_to_the_panels(self, pack: Path) -> None:
        line = {
            "item": "운반비",
            "spec": "",
            "unit": "식",
            "quantity": "2",
            "unit_price": "60000",
            "amount": "130000",
        }
        subtotal = int(json.loads((pack / "output.json").read_bytes())["totals"]["subtotal"])
        found = broken(pack, "output.json", lambda output: output["extra_lines"].append(line))
        # 2 × 60,000; the subtotal of the pack does not hold the 130,000 that the line claims
        assert found[:2] == [
            ("output.json", "says 130000 at extra_lines/0/amount; worked out again it is 120000"),
            (
                "output.json",
                f"says {subtotal} at totals/subtotal; worked out again it is {subtotal + 130000}",
            ),
        ]

    def test_takes_margin_and_discount_from_the_request(self, pack: Path) -> None:
        found = broken(pack, "input.json", lambda given: given["request"].update(discount_percent="0"))
        discount = json.loads((pack / "output.json").read_bytes())["totals"]["discount"]
        assert ("output.json", f"says {discount} at totals/discount; worked out again it is 0") in found

    def test_holds_quantities_and_currencies_of_a_panel_against_it(self, pack: Path) -> None:
        found = broken(pack, "output.json", lambda output: output["panels"][0]["totals"].update(quantity=3))
        assert found == [("output.json", "says 3 at panels/0/totals/quantity; worked out again it is 2")]
        found = broken(pack, "output.json", lambda output: output["totals"].update(currency="USD"))
        assert found[-1] == ("output.json", "says USD at totals/currency; worked out again it is KRW")

    def test_needs_the_recorded_rulebook(self, pack: Path) -> None:
        (pack / "library/rulebook.yaml").unlink()
        assert [finding.path for finding in check_pack(pack)] == ["library/rulebook.yaml"]


class TestGates:
    def test_names_a_verdict_that_does_not_follow(self, pack: Path) -> None:
        found = broken(
            pack, "validation.json", lambda told: gate_of(told, "pricing.discount").update(measured=12)
        )
        assert found == [
            ("validation.json", "does not list the gates of output.json"),
            ("validation.json", "judges pricing.discount as pass, which does not follow from 12 <= 10"),
        ]

    def test_names_the_panel_of_a_gate(self, pack: Path) -> None:
        change: Change = lambda told: gate_of(told, "breaker.thermal").update(measured=1)  # noqa: E731 - one line beside its use
        assert broken(pack, "validation.json", change)[-1] == (
            "validation.json",
            "judges LP/breaker.thermal as pass, which does not follow from 1 = 0",
        )

    def test_counts_verdicts_and_takes_the_worst(self, pack: Path) -> None:
        counts = json.loads((pack / "validation.json").read_bytes())["counts"]
        worst = "remark" if counts["remark"] else "pass"
        found = broken(
            pack,
            "validation.json",
            lambda told: told.update(verdict="fail", status="review", counts=counts | {"fail": 1}),
        )
        assert found == [
            ("validation.json", "says 1 at counts/fail; worked out again it is 0"),
            ("validation.json", f"says fail at verdict; worked out again it is {worst}"),
            ("validation.json", "says review at status; worked out again it is completed"),
        ]

    def test_a_gate_that_fails_puts_the_quotation_in_review(self, pack: Path) -> None:
        for name in ("output.json", "validation.json"):
            found = broken(
                pack, name, lambda told: gate_of(told, "breaker.thermal").update(measured=1, verdict="fail")
            )
        assert ("output.json", "says completed at status; worked out again it is review") in found

    @pytest.mark.parametrize(
        ("gate", "possible"),
        [
            # id, measured, operator, limit → what may be said
            (("selection.makes", 1, "<=", 1), {"pass"}),
            (("selection.makes", 2, "<=", 1), {"fail"}),
            (("critic.violations", 0, "=", 0), {"pass"}),
            (("critic.violations", 1, "=", 0), {"fail"}),
            (("enclosure.door_clearance", 30, ">=", 30), {"pass"}),
            (("enclosure.door_clearance", 29, ">=", 30), {"fail"}),
            (("enclosure.door_clearance", None, ">=", 30), {"not_checked"}),
            # a second rule may let these pass with a remark
            (("breaker.imbalance", 0.25, "<=", 0.03), {"fail", "remark"}),
            (("breaker.korean_unbalance", 31, "<=", 30), {"fail", "remark"}),
            (("enclosure.fit_score", 0.7, ">=", 0.9), {"fail", "remark"}),
            # 0.03 may be 0.030049 or 0.029951, shown to four digits; 0.0302 is surely above
            (("breaker.imbalance", 0.03, "<=", 0.03), {"pass", "fail", "remark"}),
            (("breaker.imbalance", 0.0302, "<=", 0.03), {"fail", "remark"}),
            # IP 54 has the higher first digit and the lower second one
            (("enclosure.ip", 54, ">=", 45), {"fail"}),
            (("enclosure.ip", 55, ">=", 45), {"pass"}),
            (("enclosure.ip", None, ">=", 44), {"fail"}),
            # a kA at too low a voltage, or at an unknown one, does not count
            (("selection.breaking_capacity", 14, ">=", 10), {"pass", "fail"}),
            (("selection.breaking_capacity", 2.5, ">=", 10), {"fail"}),
            (("selection.breaking_capacity", None, ">=", 10), {"fail"}),
            (("selection.breaking_capacity", None, ">=", None), {"not_checked"}),
            # words are only equal or not
            (("x.material", "steel", "=", "steel"), {"pass"}),
            (("x.material", "steel", "=", "SUS201"), {"fail"}),
        ],
    )
    def test_follow_from_what_was_measured(self, gate: tuple[str, Any, Any, Any], possible: set[str]) -> None:
        name, measured, operator, limit = gate
        record = GateRecord(
            id=name,
            stage=name.partition(".")[0],
            measured=measured,
            operator=operator,
            limit=limit,
            unit="",
            verdict="pass",
            explanation="",
            rule="",
            inputs={},
        )
        assert _possible_verdicts(record) == possible


class TestShape:
    @pytest.mark.parametrize(
        ("name", "change", "sentence"),
        [
            ("output.json", lambda output: output.pop("panels"), "has no panels"),
            ("output.json", lambda output: output.update(schema="kis.estimate/2"), "holds at schema what"),
            (
                "output.json",
                lambda output: output["totals"].update(total=1100000),
                "holds at totals/total what does not belong there (1100000)",
            ),
            (
                "output.json",
                lambda output: output["panels"][0]["lines"][0].update(because=[]),
                "holds at panels/0/lines/0/because what does not belong there ([])",
            ),
            (
                "output.json",
                lambda output: gate_of(output, "pricing.prices").update(measured=True),
                "/measured/",
            ),
            ("validation.json", lambda told: told["gates"][0].pop("panel"), "has no gates/0/panel"),
            (
                "input.json",
                lambda given: given.update(quotation_date="today"),
                'quotation_date what does not belong there ("today")',
            ),
        ],
    )
    def test_names_the_place_that_lacks_it(
        self, pack: Path, name: str, change: Change, sentence: str
    ) -> None:
        found = broken(pack, name, change)
        assert {path for path, _ in found} == {name}
        assert sentence in found[0][1]

    def test_lets_a_later_engine_add_keys(self, pack: Path) -> None:
        assert broken(pack, "output.json", lambda output: output.update(more=1)) == []

    @pytest.mark.parametrize("name", ["output.json", "input.json", "validation.json"])
    def test_needs_every_file_and_needs_it_to_be_json(self, pack: Path, name: str) -> None:
        (pack / name).write_bytes(b'{"a":')
        assert [(finding.path, finding.message.text("en")) for finding in check_pack(pack)] == [
            (name, "is not JSON")
        ]
        (pack / name).unlink()
        assert [(finding.path, finding.message.text("en")) for finding in check_pack(pack)] == [
            (name, "is missing or cannot be read")
        ]

    def test_shows_a_value_without_what_could_steer_a_terminal(self, pack: Path) -> None:
        ((_, sentence),) = broken(pack, "output.json", lambda output: output.update(verdict="\x1b[2J"))
        assert r"\u001b[2J" in sentence


class TestIdentity:
    @pytest.mark.parametrize("name", ["input.json", "validation.json"])
    def test_all_files_are_of_one_quotation(self, pack: Path, name: str) -> None:
        found = broken(pack, name, lambda told: told.update(traceId="t2"))
        assert found == [(name, "says t2 at traceId; worked out again it is t1")]

    def test_the_day_is_the_same(self, pack: Path) -> None:
        found = broken(pack, "input.json", lambda given: given.update(quotation_date="2026-11-21"))
        assert found == [
            ("input.json", "says 2026-11-21 at quotation_date; worked out again it is 2026-11-20")
        ]


class TestDocuments:
    def test_are_those_that_the_result_names(self, pack: Path, files: dict[str, bytes]) -> None:
        document = json.loads(files["output.json"])["documents"][0]["path"]
        for other in (files[document] + b" ", files[document][:-1] + b"?"):  # longer by a byte, then as long
            (pack / document).write_bytes(other)
            assert [finding.path for finding in check_pack(pack)] == [document]
        (pack / document).unlink()
        assert [finding.message.text("en") for finding in check_pack(pack)] == [
            f"names a document {document} that the pack does not hold"
        ]

    def test_are_never_looked_for_outside_the_pack(self, pack: Path) -> None:
        (pack.parent / "outside.svg").write_bytes(b"")
        found = broken(
            pack, "output.json", lambda output: output["documents"][0].update(path="../outside.svg")
        )
        assert found == [("output.json", "names a document ../outside.svg that the pack does not hold")]
