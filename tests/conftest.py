"""What holds for every test.

Tests see neither this machine's KIS_HOME nor its language. A skipped test is a promise that nobody checked: its name is shown, and on the build server (CI=true) it fails.
Generated cases are the same in every run and have no time limit of their own: a test never fails by luck or load.
"""

import os
import signal
from collections.abc import Generator, Iterator

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile(
    "mutation",
    parent=settings.get_profile("steady"),
    suppress_health_check=[HealthCheck.differing_executors],  # mutmut runs pytest many times in one process
)
settings.load_profile("steady")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell that runs the tests in the background ignores Ctrl-C for them, and the programs that they interrupt would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)

ON_BUILD_SERVER = os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--write", action="store_true", help="renew examples/results instead of comparing with them"
    )


@pytest.fixture(scope="session", autouse=True)
def own_surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KIS_HOME", str(tmp_path_factory.mktemp("kis-home")))
        for name in ("KIS_LANG", "LANG", "LC_ALL", "LC_MESSAGES", "COLUMNS"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture
def unhurried_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a model of vectors have its time on a busy machine: what happens to one that is too slow is asked by tests of its own."""
    monkeypatch.setattr("kis.search.vectors.queries.LONGEST_SECONDS", 60.0)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if ON_BUILD_SERVER and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and here nothing may be: {_reason(report.longrepr)}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if ON_BUILD_SERVER and report.skipped:
        report.outcome = "failed"
        report.longrepr = (
            f"{collector.nodeid} was skipped, and here nothing may be: {_reason(report.longrepr)}"
        )
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what did not run because something it needs could not be had on this machine."""
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped:
        terminalreporter.section(f"not run on this machine: {len(skipped)}")
        for report in skipped:
            terminalreporter.line(f"{report.nodeid}: {_reason(report.longrepr)}")


def _reason(details: object) -> str:
    """Return why a test was skipped; pytest keeps it as (file, line, reason)."""
    return str(details[2] if isinstance(details, tuple) else details).removeprefix("Skipped: ")
