"""The same request gives the same answer: in any order of its circuits, in any process, as often as it is asked."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from hypothesis import given, seed, settings
from hypothesis import strategies as st

from kis.estimator import estimate, output_of
from tests.factories.panels import GOLDEN, Block, accessory, contactors, elb, mccb, panel, request
from tests.factories.random_panels import any_panels

same = seed(20261103)
quick = settings(max_examples=40)

ROOT = Path(__file__).parents[2]

PRINT = """
import json, sys
from kis.estimator import estimate, output_of
for wanted in json.load(sys.stdin):
    print(json.dumps(output_of(estimate(wanted), trace_id="trace", created_at="now"), ensure_ascii=True))
"""


def answer(wanted: Block) -> dict[str, Any]:
    return output_of(estimate(request(wanted)), trace_id="trace", created_at="now")


@st.composite
def reordered(draw: st.DrawFn) -> tuple[Block, Block]:
    """Draw a panel, and the same circuits in another order with some lines written apart."""
    wanted = draw(any_panels())
    lines: list[Block] = []
    for line in wanted["branches"]:
        quantity = line["quantity"]
        cut = draw(st.integers(0, quantity - 1))
        lines += [{**line, "quantity": part} for part in (cut, quantity - cut) if part]
    order = draw(st.permutations(range(len(lines))))
    return wanted, {**wanted, "branches": [lines[index] for index in order]}


class TestOrder:
    @same
    @quick
    @given(reordered())
    def test_of_the_circuits_does_not_matter(self, pair: tuple[Block, Block]) -> None:
        one, other = answer(pair[0]), answer(pair[1])
        # Where a circuit cannot be had the finding names its line of the request, which has moved.
        for panel_answer in (*one["panels"], *other["panels"]):
            panel_answer["findings"] = sorted(
                (item["code"], item["message"]) for item in panel_answer["findings"] if not item["where"]
            )
            for gate in panel_answer["gates"]:
                if gate["id"] == "selection.catalog":
                    gate["explanation"] = ""
        assert one == other

    def test_three_lines_of_one_are_one_line_of_three(self) -> None:
        one = answer(panel(elb(2, 20, 3), mccb(3, 30, 2)))
        three = answer(panel(elb(2, 20), mccb(3, 30), elb(2, 20), mccb(3, 30), elb(2, 20)))
        assert one == three

    def test_of_accessories_does_not_matter_for_box_and_price(self) -> None:
        parts = [contactors(2), accessory("timer_24h"), accessory("spd")]
        answers = [answer(panel(elb(2, 20, 6), accessories=order)) for order in (parts, parts[::-1])]
        assert answers[0]["totals"] == answers[1]["totals"]
        assert answers[0]["panels"][0]["enclosure"] == answers[1]["panels"][0]["enclosure"]


class TestRepetition:
    @same
    @quick
    @given(any_panels())
    def test_changes_nothing(self, wanted: Block) -> None:
        assert json.dumps(answer(wanted)) == json.dumps(answer(wanted))


class TestProcesses:
    def test_with_other_hash_seeds_print_the_same_bytes(self) -> None:
        requests = [request({**wanted, "name": name}) for name, wanted in GOLDEN.items()]
        requests += [
            request(
                panel(
                    elb(2, 20, 9, load_va=2_310), elb(2, 30, 7, load_va=3_170), elb(2, 50, 5, load_va=4_090)
                )
            ),
            request(panel(elb(2, 20, 7), elb(2, 20, 4, voltage=380), elb(2, 30, 2, phase="T"))),
        ]
        printed = [_printed(requests, hash_seed) for hash_seed in ("1", "20261120")]
        assert len(printed[0].splitlines()) == len(requests)
        assert printed[0] == printed[1]


def _printed(requests: list[Block], hash_seed: str) -> bytes:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        [sys.executable, "-c", PRINT],
        input=json.dumps(requests).encode(),
        capture_output=True,
        check=True,
        env=environment,
    )
    return done.stdout
