"""Panels designed at a time: in other threads, with the same result."""

import threading
from pathlib import Path

from kis.estimator import estimate, load_request, output_of

EXAMPLES = Path(__file__).parents[3] / "examples"


def test_the_result_is_the_same_and_keeps_the_order_of_the_request() -> None:
    request = load_request(EXAMPLES / "tenant-building.yaml")
    assert len(request.request.panels) > 1
    shown = [
        output_of(estimate(request, side_by_side=count), trace_id="0" * 32, created_at="") for count in (1, 4)
    ]
    assert shown[0] == shown[1]


def test_panels_are_in_hand_at_the_same_time() -> None:
    request = load_request(EXAMPLES / "tenant-building.yaml")
    count = len(request.request.panels)
    together = threading.Barrier(2, timeout=20)
    told: list[tuple[int, str]] = []

    def progress(done: int, _panels: int, name: str) -> None:
        told.append((done, name))
        if len(told) <= 2:  # neither of the first two goes on before both have begun
            together.wait()

    estimate(request, progress=progress, side_by_side=2)
    assert {name for _, name in told[:2]} == {panel.name for panel in request.request.panels[:2]}
    assert told[-1] == (count, "")
