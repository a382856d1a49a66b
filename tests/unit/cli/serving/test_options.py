"""What may be served, and where."""

from pathlib import Path

import pytest

from kis.cli.serving.options import ServingOptions, is_loopback, serving_settings, workers_beside
from kis.platform.configuration import JobSettings
from kis.platform.errors import BadInput

SECRET = "thirty-two characters or a few more"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "APP_HOST",
        "APP_PORT",
        "KIS_HOME",
        "API_PROCESSES",
        "WORKER_PROCESSES",
        "SECRET_KEY",
        "JOB_EXECUTOR",
    ):
        monkeypatch.setenv(name, "")  # put back after the test, which may set them
        monkeypatch.delenv(name)


class TestServingSettings:
    @pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "kis.example.test"])  # noqa: S104 - refused
    def test_refuses_to_listen_beyond_this_machine_without_a_secret(self, host: str) -> None:
        with pytest.raises(BadInput) as refused:
            serving_settings(ServingOptions(host=host))
        assert refused.value.problems[0].path == "SECRET_KEY"
        assert host in refused.value.text("ko")

    def test_listens_beyond_this_machine_with_a_secret(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SECRET_KEY", SECRET)
        assert serving_settings(ServingOptions(host="0.0.0.0")).application.host == "0.0.0.0"  # noqa: S104 - meant

    def test_takes_the_options_before_the_environment(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("APP_PORT", "8001")
        monkeypatch.setenv("WORKER_PROCESSES", "3")
        monkeypatch.setenv("API_PROCESSES", "4")
        settings = serving_settings(ServingOptions(port=0, data=tmp_path / "data", api_processes=2))
        assert settings.application.port == 0
        assert settings.application.data == tmp_path / "data"
        assert settings.application.processes == 2
        assert settings.jobs.workers == 3


class TestIsLoopback:
    @pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "::1", "[::1]"])
    def test_knows_what_only_this_machine_reaches(self, host: str) -> None:
        assert is_loopback(host)

    @pytest.mark.parametrize("host", ["", "0.0.0.0", "::", "10.0.0.1", "localhost.example.test"])  # noqa: S104 - looked at
    def test_takes_everything_else_for_open(self, host: str) -> None:
        assert not is_loopback(host)


class TestWorkersBeside:
    def test_are_none_where_celery_has_its_own(self) -> None:
        assert workers_beside(JobSettings(workers=2)) == 2
        assert workers_beside(JobSettings(workers=2, executor="celery")) == 0
