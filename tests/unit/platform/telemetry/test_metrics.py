"""What is counted, under which names, and that labels stay few."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kis.platform.telemetry import metrics, share_metrics
from kis.platform.telemetry.metrics import Answers, Bounded

NAMES = {
    "answer_generation_seconds",
    "answer_refusals_total",
    "answer_sentences_total",
    "api_metrics_dropped_total",
    "cache_hits_total",
    "cache_misses_total",
    "database_connections",
    "event_stream_listeners",
    "evidence_coverage",
    "evidence_zip_bytes",
    "http_request_duration_seconds",
    "http_requests_in_progress",
    "http_requests_total",
    "job_duration_seconds",
    "jobs_finished_total",
    "jobs_oldest_age_seconds",
    "jobs_queue_depth",
    "logins_total",
    "messages_processed_total",
    "mixed_exceptions_monthly",
    "mixed_exceptions_used_monthly",
    "outbox_waiting",
    "pdf_fetch_seconds",
    "prediction_latency_seconds",
    "quotation_gate_results_total",
    "quotation_stage_duration_seconds",
    "quotation_turnaround_seconds",
    "quotes_auto_processed_total",
    "quotes_processed_total",
    "rate_limited_total",
    "readiness_check_ok",
    "search_duration_seconds",
    "websocket_active_connections",
}
"""The names that dashboards and alerts rely on; a name may come, none may go."""


def test_every_name_that_others_rely_on_is_there() -> None:
    shown = metrics.exposition().decode()
    assert {name for name in NAMES if f"# TYPE {name} " not in shown} == set()


def test_the_bounds_of_the_policies_are_bounds_of_buckets() -> None:
    assert {0.03, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2} <= set(metrics.ANSWER_SECONDS)
    assert {0.5, 0.75, 1, 1.5, 30, 2, 3, 5, 7, 10, 120} <= set(metrics.WORK_SECONDS)


def test_figures_for_dashboards_follow_the_last_answers() -> None:
    answers = Answers(most=100)
    assert not [metric.name for metric in answers.collect() if metric.name == "latency_p95_ms"]
    for milliseconds in range(1, 101):
        answers.add(200, milliseconds / 1000)
    answers.add(404, 0.5)
    answers.add(503, 0.5)
    shown = {metric.name: metric.samples[0].value for metric in answers.collect()}
    assert (shown["http_2xx_count"], shown["http_4xx_count"], shown["http_5xx_count"]) == (100, 1, 1)
    # The last 100 are 3 … 100 ms and twice 500 ms: the 95th of them is 97 ms.
    assert shown["latency_p95_ms"] == pytest.approx(97)
    assert shown["api_response_p95"] == pytest.approx(0.097)


def test_label_values_are_bounded() -> None:
    label = Bounded(2)
    assert [label(value) for value in ("a", "b", "c", "a", "x" * 81)] == ["a", "b", "other", "a", "other"]


COUNTS = """
from kis.platform.telemetry import metrics
metrics.QUOTES_AUTO_PROCESSED.inc({amount})
metrics.HTTP_IN_PROGRESS.set({amount})
metrics.OUTBOX_WAITING.set({amount})
"""


def test_processes_of_an_installation_are_added_up(tmp_path: Path) -> None:
    (tmp_path / "metrics").mkdir()
    (tmp_path / "metrics" / "counter_1.db").write_bytes(b"left by an earlier run")
    environment = {
        **os.environ,
        **share_metrics(tmp_path / "metrics"),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    for amount in (2, 3):
        subprocess.run([sys.executable, "-c", COUNTS.format(amount=amount)], env=environment, check=True)
    last = COUNTS.format(amount=4) + "\nprint(metrics.exposition().decode())"
    shown = subprocess.run(
        [sys.executable, "-c", last], env=environment, check=True, capture_output=True, text=True
    ).stdout
    assert "quotes_auto_processed_total 9.0" in shown
    assert "http_requests_in_progress 4.0" in shown  # those of processes that are gone are gone
    assert "outbox_waiting 4.0" in shown
    assert "process_resident_memory_bytes" in shown
