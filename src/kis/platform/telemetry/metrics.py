"""What can be counted, for Prometheus at /metrics. All metrics of the program are declared here, so that their names are one list.

Label values are bounded: routes by their template, everything else by a closed list or by :class:`Bounded`.
"""

import os
from collections import deque
from collections.abc import Iterator
from math import ceil, nan
from pathlib import Path
from typing import Final

import psutil
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.gc_collector import GCCollector
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

from kis.platform.telemetry.sharing import VARIABLE

OTHER: Final = "other"
REGISTRY: Final = CollectorRegistry(auto_describe=True)

ANSWER_SECONDS: Final = (0.005, 0.01, 0.015, 0.03, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2, 5)
"""The objectives (30 ms) and limits (50, 100, 150, 200, 300, 500 ms) of the policies are bounds of buckets, so that each can be read exactly."""
WORK_SECONDS: Final = (0.05, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5, 7, 10, 30, 60, 120, 300, 600)
"""The stage budgets 0.5/0.75/1, 1/1.5/30, 2/3/5 and 5/7/10 s are bounds, and the two minutes of turnaround."""
PACK_BYTES: Final = (10_000, 50_000, 100_000, 250_000, 500_000, 1e6, 2.5e6, 5e6, 1e7, 5e7)

HTTP_REQUESTS: Final = Counter(
    "http_requests_total", "Answers given.", ("method", "route", "status"), registry=REGISTRY
)
HTTP_SECONDS: Final = Histogram(
    "http_request_duration_seconds",
    "Time to the first byte of an answer.",
    ("method", "route"),
    buckets=ANSWER_SECONDS,
    registry=REGISTRY,
)
HTTP_IN_PROGRESS: Final = Gauge(
    "http_requests_in_progress", "Requests being answered.", registry=REGISTRY, multiprocess_mode="livesum"
)
RATE_LIMITED: Final = Counter(
    "rate_limited_total", "Requests refused because they came too often.", ("limit",), registry=REGISTRY
)
RATE_LIMITER_FALLBACKS: Final = Counter(
    "rate_limiter_fallbacks_total",
    "Requests counted by one process alone, because Redis did not answer.",
    registry=REGISTRY,
)
LOGINS: Final = Counter("logins_total", "Attempts to log in.", ("outcome",), registry=REGISTRY)
EVENT_LISTENERS: Final = Gauge(
    "event_stream_listeners",
    "Open streams of quotation events.",
    registry=REGISTRY,
    multiprocess_mode="livesum",
)

STAGE_SECONDS: Final = Histogram(
    "quotation_stage_duration_seconds",
    "Time a stage of a quotation took.",
    ("stage",),
    buckets=WORK_SECONDS,
    registry=REGISTRY,
)
GATE_RESULTS: Final = Counter(
    "quotation_gate_results_total", "Verdicts of gates.", ("gate", "verdict"), registry=REGISTRY
)
QUOTES_PROCESSED: Final = Counter(
    "quotes_processed_total",
    "Quotations brought to an end, by status, each at its first issue.",
    ("status",),
    registry=REGISTRY,
)
QUOTES_AUTO_PROCESSED: Final = Counter(
    "quotes_auto_processed_total", "Quotations completed without a person having to look.", registry=REGISTRY
)
TURNAROUND_SECONDS: Final = Histogram(
    "quotation_turnaround_seconds",
    "Time from when it was last queued to the finished quotation.",
    buckets=WORK_SECONDS,
    registry=REGISTRY,
)
MIXED_USED: Final = Gauge(
    "mixed_exceptions_used_monthly",
    "Most MIXED exceptions an organisation has used this month (Asia/Seoul).",
    registry=REGISTRY,
    multiprocess_mode="mostrecent",
)
MIXED_ALL: Final = Gauge(
    "mixed_exceptions_monthly",
    "MIXED exceptions used this month, all organisations.",
    registry=REGISTRY,
    multiprocess_mode="mostrecent",
)
EVIDENCE_ZIP_BYTES: Final = Histogram(
    "evidence_zip_bytes", "Size of evidence bundles handed out.", buckets=PACK_BYTES, registry=REGISTRY
)
EVIDENCE_COVERAGE: Final = Gauge(
    "evidence_coverage",
    "Share of finished quotations that have their evidence pack; 1 is all.",
    registry=REGISTRY,
    multiprocess_mode="mostrecent",
)

JOBS_DEPTH: Final = Gauge(
    "jobs_queue_depth",
    "Jobs by status, those that wait or run.",
    ("kind", "status"),
    registry=REGISTRY,
    multiprocess_mode="mostrecent",
)
JOBS_OLDEST_SECONDS: Final = Gauge(
    "jobs_oldest_age_seconds",
    "Age of the oldest job that waits.",
    ("kind",),
    registry=REGISTRY,
    multiprocess_mode="mostrecent",
)
JOBS_FINISHED: Final = Counter(
    "jobs_finished_total", "Ends of tries of jobs.", ("kind", "outcome"), registry=REGISTRY
)
JOB_SECONDS: Final = Histogram(
    "job_duration_seconds", "Time one try of a job took.", ("kind",), buckets=WORK_SECONDS, registry=REGISTRY
)
OUTBOX_WAITING: Final = Gauge(
    "outbox_waiting", "Messages that have not left yet.", registry=REGISTRY, multiprocess_mode="mostrecent"
)
BROKER_MESSAGES: Final = Gauge(
    "broker_messages",
    "Messages at the broker that nobody has taken, as the last look found; those of kis.jobs.dead wait for people.",
    ("queue",),
    registry=REGISTRY,
    multiprocess_mode="mostrecent",
)

SEARCH_SECONDS: Final = Histogram(
    "search_duration_seconds",
    "Time a search took, by engine and outcome: found, nothing, kept (an answer of before), failed.",
    ("engine", "outcome"),
    buckets=ANSWER_SECONDS,
    registry=REGISTRY,
)

CACHE_HITS: Final = Counter("cache_hits_total", "Answers found in a cache.", ("layer",), registry=REGISTRY)
CACHE_MISSES: Final = Counter(
    "cache_misses_total", "Answers a cache did not hold.", ("layer",), registry=REGISTRY
)
PREDICTION_SECONDS: Final = Histogram(
    "prediction_latency_seconds",
    "Time to predict products for what was typed.",
    buckets=(0.0001, 0.0003, 0.001, 0.003, 0.005, 0.01, 0.015, 0.03, 0.1, 0.3, 1),
    registry=REGISTRY,
)
SOCKETS: Final = Gauge(
    "websocket_active_connections", "Open WebSockets.", registry=REGISTRY, multiprocess_mode="livesum"
)
SOCKET_MESSAGES: Final = Counter(
    "messages_processed_total", "Messages of WebSocket clients.", ("type",), registry=REGISTRY
)
"""Types of the protocol; whatever else a client sends is ``other``."""
MANUAL_SECONDS: Final = Histogram(
    "pdf_fetch_seconds",
    "Time to download a manual, by how it ended.",
    ("outcome",),
    buckets=WORK_SECONDS,
    registry=REGISTRY,
)
ANSWER_GENERATION_SECONDS: Final = Histogram(
    "answer_generation_seconds",
    "Time from a question to the end of its answer.",
    ("mode",),
    buckets=WORK_SECONDS,
    registry=REGISTRY,
)
ANSWER_REFUSALS: Final = Counter(
    "answer_refusals_total",
    "Questions nothing was answered to, by the reason.",
    ("reason",),
    registry=REGISTRY,
)
ANSWER_SENTENCES: Final = Counter(
    "answer_sentences_total",
    "Sentences of answers: supported by their passage, corrected, dropped, or marked as not supported.",
    ("support",),
    registry=REGISTRY,
)
DATABASE_CONNECTIONS: Final = Gauge(
    "database_connections",
    "Connections of this process.",
    ("state",),
    registry=REGISTRY,
    multiprocess_mode="livesum",
)
READINESS: Final = Gauge(
    "readiness_check_ok",
    "1 where the last readiness check went well.",
    ("check",),
    registry=REGISTRY,
    multiprocess_mode="livemostrecent",
)
SEARCH_VECTORS: Final = Counter(
    "search_vectors_total",
    "Searches that wanted the vector of their query, by outcome: made, kept (of before), refused, failed, resting (after a failure), busy, too_many.",
    ("outcome",),
    registry=REGISTRY,
)
SEARCH_ANALYZER_READY: Final = Gauge(
    "search_analyzer_ready",
    "1 while Korean words are taken apart for the search; 0: pairs of characters serve alone.",
    registry=REGISTRY,
    multiprocess_mode="livemax",
)
METRIC_ROWS_DROPPED: Final = Counter(
    "api_metrics_dropped_total", "Samples of answers that were not stored.", registry=REGISTRY
)


for _gauge in (MIXED_USED, MIXED_ALL, EVIDENCE_COVERAGE, OUTBOX_WAITING):
    _gauge.set(nan)  # not known until the database was asked


class Bounded:
    """A label whose values are not known beforehand: the first ``most`` are kept, later ones are ``other``."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: set[str] = set()

    def __call__(self, value: str) -> str:
        """Return ``value`` or, when there are too many, ``other``."""
        if value in self._known:
            return value
        if len(self._known) < self._most and len(value) <= 80:
            self._known.add(value)
            return value
        return OTHER


GATE: Final = Bounded(100)
"""The gates of the rulebook and those an installation adds."""
KIND: Final = Bounded(50)
"""Kinds of jobs."""


class Answers:
    """The last answers, for the plain figures dashboards ask for beside the histograms: counts by class and the 95th percentile."""

    def __init__(self, most: int = 2048) -> None:
        self._seconds: deque[float] = deque(maxlen=most)
        self._classes = dict.fromkeys(("2xx", "4xx", "5xx"), 0)

    def add(self, status: int, seconds: float) -> None:
        """Note one answer."""
        self._seconds.append(seconds)
        name = f"{status // 100}xx"
        if name in self._classes:
            self._classes[name] += 1

    def percentile_ms(self, share: float) -> float:
        """Return the time within which ``share`` of the last answers were given, in milliseconds; 0 before the first."""
        ordered = sorted(self._seconds)
        return ordered[max(0, ceil(share * len(ordered)) - 1)] * 1000 if ordered else 0.0

    def collect(self) -> Iterator[Metric]:
        """Yield the figures, as Prometheus asks for them."""
        for name, answers in self._classes.items():
            yield GaugeMetricFamily(f"http_{name}_count", f"Answers {name} since the start.", value=answers)
        if self._seconds:
            p95 = self.percentile_ms(0.95)
            yield GaugeMetricFamily(
                "latency_p95_ms", "95th percentile of this process's last answers.", value=p95
            )
            yield GaugeMetricFamily("api_response_p95", "As latency_p95_ms, in seconds.", value=p95 / 1000)
        samples = {
            sample.name: sample.value for metric in EVIDENCE_ZIP_BYTES.collect() for sample in metric.samples
        }
        if bundles := samples["evidence_zip_bytes_count"]:
            mean = samples["evidence_zip_bytes_sum"] / bundles
            yield GaugeMetricFamily(
                "evidence_zip_bytes_avg", "Mean size of the bundles handed out.", value=mean
            )


ANSWERS: Final = Answers()
_OF_THIS_PROCESS: Final = CollectorRegistry(auto_describe=True)
_OF_THIS_PROCESS.register(ANSWERS)
for _collector in (ProcessCollector, PlatformCollector, GCCollector):
    _collector(registry=_OF_THIS_PROCESS)


def exposition() -> bytes:
    """Return every metric in the text format of Prometheus, those of the processes that share a folder added up."""
    return generate_latest(_OF_THIS_PROCESS) + generate_latest(_common())


def _common() -> CollectorRegistry:
    folder = os.environ.get(VARIABLE)
    if folder is None:
        return REGISTRY
    for path in Path(folder).glob("gauge_live*_*.db"):
        number = int(path.stem.rpartition("_")[2])
        if not psutil.pid_exists(number):
            mark_process_dead(number, folder)  # type: ignore[no-untyped-call]  # the library has no types here
    registry = CollectorRegistry()
    MultiProcessCollector(registry, folder)  # type: ignore[no-untyped-call]  # as above
    return registry


def serve_metrics(port: int, address: str = "127.0.0.1") -> None:
    """Serve the metrics of a process without an API (a worker) on a port of its own."""
    from prometheus_client import start_http_server

    start_http_server(port, address, registry=_common())
