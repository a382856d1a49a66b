"""Panels designed elsewhere: what is handed out travels, and what comes back is what would have been made here."""

import pickle
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

import pytest

from kis.estimator import Estimate, estimate, load_request, output_of, stage_records
from kis.estimator.designing import _opened
from kis.evidence import canonical_bytes

EXAMPLES = sorted(
    path for path in (Path(__file__).parents[3] / "examples").iterdir() if path.suffix in (".yaml", ".json")
)
TENANTS = next(path for path in EXAMPLES if path.stem == "tenant-building")

Given = TypeVar("Given")
Made = TypeVar("Made")


def far(work: Callable[[Given], Made], given: Iterable[Given], /) -> Iterable[Made]:
    """Do all at once with copies that have travelled, as another process does, and send copies back."""
    return iter([sent(sent(work)(sent(one))) for one in given])


def sent(thing: Made) -> Made:
    copy: Made = pickle.loads(pickle.dumps(thing))  # noqa: S301 - what was pickled right here
    return copy


def all_of(made: Estimate) -> bytes:
    output = output_of(made, trace_id="0" * 32, created_at="2026-11-20T00:00:00Z")
    return canonical_bytes([output, stage_records(made, output)])


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_where_a_panel_is_designed_does_not_show(path: Path) -> None:
    parsed = load_request(path)
    assert all_of(estimate(parsed, spread=far)) == all_of(estimate(parsed))


def test_stages_are_timed_where_they_are_done() -> None:
    made = estimate(load_request(TENANTS), timer=time.perf_counter, spread=far)
    for panel in made.panels:
        assert list(panel.state.durations_ms) == ["selection", "enclosure", "breaker", "critic", "pricing"]
        assert sum(panel.state.durations_ms.values()) > 0


def test_progress_is_told_in_the_order_of_the_panels() -> None:
    told: list[tuple[int, int, str]] = []
    parsed = load_request(TENANTS)
    names = [panel.name for panel in parsed.request.panels]
    estimate(parsed, progress=lambda *facts: told.append(facts), spread=far)
    assert told == [(index, len(names), name) for index, name in enumerate([*names, ""])]


def test_the_library_is_opened_once_for_all_panels() -> None:
    _opened.cache_clear()
    made = estimate(load_request(TENANTS), spread=far)
    assert (_opened.cache_info().misses, _opened.cache_info().hits) == (1, len(made.panels) - 1)
