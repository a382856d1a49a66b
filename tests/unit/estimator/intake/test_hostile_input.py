"""Whatever JSON holds, the answer is a request or BadInput with lines that can be printed."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kis.estimator.intake import load_request, parse_request
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import LOCALES

SOUND: dict[str, Any] = {
    "customer": {"name": "한빛", "email": "a@b.kr"},
    "project": "사무동",
    "date": "2026-11-02",
    "exchange": {"krw_per_usd": 1380, "date": "2026-11-02"},
    "extra_lines": [{"item": "운반비", "unit": "식", "quantity": 1, "price": 1000}],
    "panels": [
        {
            "name": "LP-1",
            "supply": "3φ4W",
            "mounting": "매입",
            "mains": [{"poles": 4, "rating_a": 100, "kind": "배선용"}],
            "branches": [
                {
                    "kind": "누전",
                    "poles": 2,
                    "rating_a": 20,
                    "phase": "L1",
                    "position": "L1",
                    "main": "M1",
                    "load_va": 1500,
                }
            ],
            "accessories": [{"kind": "spd"}],
            "limits": {"height_mm": 1500},
            "ip": 44,
            "busbar": "10T×50",
        }
    ],
}
OLD: dict[str, Any] = {
    "panels": [
        {
            "name": "LP-1",
            "breakers": [
                {"type": "main", "poles": 4, "capacity": "100A", "qty": 1},
                {"type": "earth_leakage", "poles": 2, "capacity": "20A", "qty": 4, "phase": "R"},
            ],
        }
    ]
}
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(
        ["main", "4P", "100A", "상도", "RST", "기성함", "50×10", "2026-11-02", "SPARE", -(10**30)]
    )
)
NAMES = (
    st.sampled_from(
        ["name", "panels", "mains", "branches", "breakers", "customer", "poles", "type", "price", "kind"]
    )
    | st.text()
)


def grown(leaves: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=5),
        max_leaves=20,
    )


TREES = grown(LEAVES)
FILES = TREES.map(lambda tree: json.dumps(tree).encode())


def places(value: Any, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the path of every value inside ``value``."""
    entries = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    return [place for key, inner in entries for place in ((*at, key), *places(inner, (*at, key)))]


def problems_in(value: object) -> tuple[Problem, ...]:
    """Return what is wrong with a request, none when it was read."""
    try:
        parse_request(value)
    except BadInput as error:
        return error.problems
    return ()


def put(request: dict[str, Any], place: tuple[str | int, ...], value: object) -> dict[str, Any]:
    """Return a copy of the request with a value in a place."""
    changed = copy.deepcopy(request)
    block: Any = changed
    for step in place[:-1]:
        block = block[step]
    block[place[-1]] = value
    return changed


def is_one_printable_line(problem: Problem) -> bool:
    return all("\n" not in problem.text(locale).encode("utf-8").decode() for locale in LOCALES)


class TestHostileInput:
    def test_sound_requests_are_sound(self) -> None:
        assert problems_in(SOUND) == problems_in(OLD) == ()

    @given(TREES)
    def test_any_structure_is_answered(self, value: object) -> None:
        problems = problems_in(value)
        assert problems
        assert all(is_one_printable_line(problem) for problem in problems)

    @given(st.data(), st.sampled_from([SOUND, OLD]), TREES)
    @settings(max_examples=400)
    def test_any_value_in_any_place_is_answered(
        self, data: st.DataObject, sound: dict[str, Any], value: object
    ) -> None:
        place = data.draw(st.sampled_from(places(sound)))
        assert all(is_one_printable_line(problem) for problem in problems_in(put(sound, place, value)))

    @pytest.mark.parametrize("sound", [SOUND, OLD], ids=["present", "predecessor"])
    def test_number_that_python_cannot_write_is_refused_everywhere(self, sound: dict[str, Any]) -> None:
        for place in places(sound):
            problems = problems_in(put(sound, place, 10**5000))
            assert problems, place
            assert all(is_one_printable_line(problem) for problem in problems)

    @given(st.binary(max_size=200) | FILES, st.sampled_from(["yaml", "json"]))
    def test_any_file_is_answered(
        self, tmp_path_factory: pytest.TempPathFactory, content: bytes, suffix: str
    ) -> None:
        path = tmp_path_factory.getbasetemp() / f"hostile.{suffix}"
        path.write_bytes(content)
        with pytest.raises(BadInput) as caught:
            load_request(path)
        assert caught.value.problems
