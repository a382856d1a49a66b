"""Gates that a person takes on: only those the rulebook leaves to persons, only failing ones, and recorded in the pack."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from kis.estimator import Acceptance, Issue, check_pack, estimate, load_request, produce, replay
from kis.estimator.findings import Verdict
from kis.evidence import canonical_bytes
from kis.platform.errors import BadInput

EXAMPLES = Path(__file__).parents[3] / "examples"
DAY = date(2026, 11, 20)


def acceptance(gate: str, panel: str) -> Acceptance:
    return Acceptance(
        gate=gate, panel=panel, accepted_by="김검토", accepted_on=DAY, reason="현장 기존 제품과 통일"
    )


def failing(name: str) -> list[tuple[str, str]]:
    made = estimate(load_request(EXAMPLES / name), on=DAY)
    return [
        (panel.state.job.panel.name, gate.id)
        for panel in made.panels
        for gate in panel.gates
        if gate.verdict is Verdict.FAIL
    ]


class TestAcceptances:
    def test_an_accepted_gate_keeps_its_figure_and_passes_with_a_remark(self) -> None:
        (panel, gate), *others = failing("two-makes.yaml")
        assert gate == "selection.makes"
        assert not others
        made = estimate(
            load_request(EXAMPLES / "two-makes.yaml"), on=DAY, acceptances=[acceptance(gate, panel)]
        )
        judged = next(one for one in made.all_gates if one.id == gate and one.acceptance is not None)
        assert (judged.measured, judged.limit) == (2, 1)
        assert made.verdict is Verdict.REMARK
        text = judged.explanation.text("ko")
        assert "김검토 승인: 현장 기존 제품과 통일" in text
        assert "2026-11-20" in text

    def test_what_does_not_fail_cannot_be_accepted(self) -> None:
        request = load_request(EXAMPLES / "two-makes.yaml")
        with pytest.raises(BadInput) as refused:
            estimate(
                request,
                on=DAY,
                acceptances=[
                    acceptance("breaker.imbalance", request.request.panels[0].name),
                    acceptance("selection.makes", "no such panel"),
                ],
            )
        assert [problem.path for problem in refused.value.problems] == ["acceptances[0]", "acceptances[1]"]

    @pytest.mark.parametrize(
        "gate", ["critic.violations", "breaker.clearance", "breaker.thermal", "lint.errors", "no.gate"]
    )
    def test_safety_and_documents_are_nobodys_to_accept(self, gate: str) -> None:
        with pytest.raises(BadInput) as refused:
            estimate(
                load_request(EXAMPLES / "cannot-balance.yaml"), on=DAY, acceptances=[acceptance(gate, "")]
            )
        assert gate in refused.value.text("en")


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    given = [acceptance(gate, panel) for panel, gate in failing("cannot-balance.yaml")]
    assert {one.gate for one in given} == {"breaker.imbalance", "breaker.korean_unbalance"}
    made = estimate(load_request(EXAMPLES / "cannot-balance.yaml"), on=DAY, acceptances=given)
    product = produce(
        made, trace_id="0" * 32, created_at="2026-11-20T00:00:00Z", issue=Issue(number="HB-2026-0042-R0")
    )
    assert product.output["status"] == "completed"
    folder = tmp_path_factory.mktemp("pack")
    for name, data in product.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


class TestPack:
    def test_its_figures_hold_together_and_it_replays_to_the_byte(self, pack: Path) -> None:
        assert list(check_pack(pack)) == []
        assert replay(pack).differences == ()

    def test_an_acceptance_nobody_recorded_is_found(self, pack: Path, tmp_path: Path) -> None:
        altered = shutil.copytree(pack, tmp_path / "altered")
        given = json.loads((altered / "input.json").read_bytes())
        del given["acceptances"]
        (altered / "input.json").write_bytes(canonical_bytes(given))
        assert [finding.message.key for finding in check_pack(altered)] == ["pack_checks.acceptances_differ"]
