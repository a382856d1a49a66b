import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import SecretStr

from kis.platform.configuration import ApplicationSettings, Settings
from kis.platform.errors import BadInput
from kis.platform.secrets import derived_key, installation_secret

LONG = "x" * 31 + "y"


def settings(home: Path, secret: str = "") -> Settings:
    return Settings(application=ApplicationSettings(data=home, secret_key=SecretStr(secret)))


class TestInstallationSecret:
    def test_is_the_one_that_is_set(self, tmp_path: Path) -> None:
        assert installation_secret(settings(tmp_path, LONG)) == LONG.encode()
        assert list(tmp_path.iterdir()) == []

    def test_is_made_once_and_readable_by_its_owner_alone(self, tmp_path: Path) -> None:
        with ThreadPoolExecutor(4) as pool:
            made = set(pool.map(installation_secret, [settings(tmp_path)] * 8))
        assert len(made) == 1
        assert len(made.pop()) >= 32
        assert stat.S_IMODE((tmp_path / "keys" / "secret").stat().st_mode) == 0o600

    def test_differs_between_installations(self, tmp_path: Path) -> None:
        assert installation_secret(settings(tmp_path / "a")) != installation_secret(settings(tmp_path / "b"))

    def test_too_short_a_setting_is_refused_without_being_shown(self, tmp_path: Path) -> None:
        with pytest.raises(BadInput) as refused:
            installation_secret(settings(tmp_path, "short-secret"))
        assert refused.value.problems[0].path == "SECRET_KEY"
        assert "short-secret" not in refused.value.text("en")

    def test_a_damaged_file_is_refused_and_left_alone(self, tmp_path: Path) -> None:
        path = tmp_path / "keys" / "secret"
        path.parent.mkdir()
        path.write_bytes(b"cut")
        with pytest.raises(BadInput):
            installation_secret(settings(tmp_path))
        assert path.read_bytes() == b"cut"


class TestDerivedKey:
    def test_belongs_to_its_purpose_and_secret(self) -> None:
        keys = {derived_key(secret, purpose) for secret in (b"a" * 32, b"b" * 32) for purpose in ("x", "y")}
        assert len(keys) == 4
        assert derived_key(b"a" * 32, "x") == derived_key(b"a" * 32, "x")
        assert len(derived_key(b"a" * 32, "x")) == 32
