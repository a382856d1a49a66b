"""The guard over the solver's time: it ends a search in the heuristic's answer and says so."""

from datetime import date

from kis.estimator import estimate

# 30 circuits of 10 VA steps: neither the bound nor the enumeration settles the difference, so the solver is asked.
REQUEST = {
    "customer": {"name": "한빛전설"},
    "project": "상평형 시험",
    "panels": [
        {
            "name": "LP-1",
            "mains": [{"kind": "MCCB", "poles": 4, "rating_a": 225}],
            "branches": [
                {"kind": "MCCB", "poles": 2, "rating_a": 20, "load_va": 1000 + 10 * (7 * number**2 % 311)}
                for number in range(30)
            ],
        }
    ],
}


class TestGuard:
    def test_ended_by_it_the_answer_is_marked_as_the_heuristics(self) -> None:
        (panel,) = estimate(REQUEST, on=date(2026, 11, 20), guard_seconds=1e-6).panels
        assert panel.state.phases[0].heuristic_only

    def test_given_time_the_solver_answers(self) -> None:
        (panel,) = estimate(REQUEST, on=date(2026, 11, 20)).panels
        assert not panel.state.phases[0].heuristic_only
        assert panel.state.phases[0].objectives[0].status == "cp_sat_optimal"
