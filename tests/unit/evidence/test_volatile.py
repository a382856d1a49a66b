from collections.abc import Mapping

import pytest

from kis.evidence import canonical_bytes, differences, stable_view
from kis.evidence.volatile import VOLATILE_FILES, VOLATILE_KEYS, VOLATILE_KEYS_BY_FILE

FIRST: Mapping[str, bytes] = {
    "output.json": canonical_bytes(
        {"traceId": "one", "totals": {"total": "1100000"}, "panels": [{"name": "LP-1"}, {"name": "LP-2"}]}
    ),
    "metrics.json": canonical_bytes(
        {"created_at": "2026-01-31T09:00:00Z", "durations_ms": {"layout": 12.5}, "branches": 12}
    ),
    "visual.svg": b"<svg/>",
    "chain.json": b"1",
    "SHA256SUMS": b"1",
    "attestation.dsse.json": b"1",
}


def _told(second: Mapping[str, bytes]) -> list[str]:
    return [difference.text("en") for difference in differences(FIRST, {**FIRST, **second})]


class TestTheClosedList:
    def test_is_this_and_no_longer(self) -> None:
        # What may differ is a promise to the customer; a longer list proves less. Acceptance 3 of the main job names these.
        assert {"chain.json", "SHA256SUMS", "attestation.dsse.json"} == VOLATILE_FILES
        assert {"traceId", "created_at"} == VOLATILE_KEYS
        assert {"metrics.json": {"durations_ms"}} == VOLATILE_KEYS_BY_FILE


class TestStableView:
    @pytest.mark.parametrize("name", ["chain.json", "SHA256SUMS", "attestation.dsse.json"])
    def test_has_nothing_of_a_file_that_follows_from_the_run(self, name: str) -> None:
        assert stable_view(name, b"anything") is None

    def test_blanks_the_volatile_values_at_any_depth_and_keeps_their_keys(self) -> None:
        data = canonical_bytes({"panels": [{"created_at": "now", "name": "LP-1"}], "traceId": {"x": 1}})
        assert (
            stable_view("output.json", data)
            == b'{"panels":[{"created_at":null,"name":"LP-1"}],"traceId":null}'
        )

    def test_blanks_durations_in_the_metrics_alone(self) -> None:
        data = canonical_bytes({"durations_ms": {"layout": 1}})
        assert stable_view("metrics.json", data) == b'{"durations_ms":null}'
        assert stable_view("output.json", data) == data
        assert stable_view("pipeline/metrics.json", data) == data

    @pytest.mark.parametrize(
        "data", [b'{"traceId": "spaced"}', b"not json", b"\xff", b"[" * 100_000, b'{"traceId":1,"traceId":2}']
    )
    def test_leaves_json_in_any_other_spelling_as_it_is(self, data: bytes) -> None:
        assert stable_view("output.json", data) == data

    def test_leaves_other_files_as_they_are(self) -> None:
        assert stable_view("visual.svg", b'{"traceId":1}') == b'{"traceId":1}'


class TestDifferences:
    def test_are_none_when_only_volatile_things_differ(self) -> None:
        second = {
            "output.json": FIRST["output.json"].replace(b'"one"', b'"two"'),
            "metrics.json": canonical_bytes(
                {"created_at": "2027-01-01T00:00:00Z", "durations_ms": {}, "branches": 12}
            ),
            "chain.json": b"2",
            "SHA256SUMS": b"2",
            "attestation.dsse.json": b"2",
        }
        assert _told(second) == []

    def test_do_not_ask_for_the_volatile_files(self) -> None:
        assert (
            differences(FIRST, {name: data for name, data in FIRST.items() if name not in VOLATILE_FILES})
            == ()
        )

    @pytest.mark.parametrize(
        ("before", "after", "where"),
        [
            (b'"1100000"', b'"1100001"', "/totals/total"),
            (b'"LP-2"', b'"LP-3"', "/panels/1/name"),
            (b',{"name":"LP-2"}', b"", "/panels/1"),
            (b'"totals"', b'"totalx"', "/totals"),
            (b'{"total":"1100000"}', b"null", "/totals"),
            (b'"traceId"', b'"traceIx"', "/traceId"),  # a volatile key must still be there
        ],
    )
    def test_say_where_json_parts(self, before: bytes, after: bytes, where: str) -> None:
        assert _told({"output.json": FIRST["output.json"].replace(before, after)}) == [
            f"output.json: differs, first at {where}"
        ]

    def test_tell_one_from_true(self) -> None:
        told = differences({"a.json": b'{"x":[1]}'}, {"a.json": b'{"x":[true]}'})
        assert [difference.text("en") for difference in told] == ["a.json: differs, first at /x/0"]

    def test_say_where_a_whole_json_value_differs(self) -> None:
        assert [difference.text("en") for difference in differences({"a.json": b"1"}, {"a.json": b"2"})] == [
            "a.json: differs, first at /"
        ]

    def test_say_where_other_bytes_part(self) -> None:
        assert _told({"visual.svg": b"<svg />"}) == ["visual.svg: differs, first at +4"]
        assert _told({"visual.svg": b"<svg/>\n"}) == ["visual.svg: differs, first at +6"]

    def test_compare_the_bytes_of_json_in_another_spelling(self) -> None:
        parted = len(FIRST["output.json"])
        assert _told({"output.json": FIRST["output.json"] + b"\n"}) == [
            f"output.json: differs, first at +{parted}"
        ]

    def test_name_what_only_one_of_them_holds(self) -> None:
        told = differences({"a": b"", "b": b""}, {"b": b"", "c": b""})
        assert [difference.text("en") for difference in told] == [
            "a: is in the first pack alone",
            "c: is in the second pack alone",
        ]
