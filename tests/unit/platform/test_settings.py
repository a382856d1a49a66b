from pathlib import Path

import pytest

from kis.platform import settings


class TestHome:
    def test_is_the_folder_the_environment_names(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("KIS_HOME", str(tmp_path / "kept"))
        assert settings.home() == tmp_path / "kept"

    def test_is_absolute_when_the_environment_names_a_relative_one(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("KIS_HOME", ".kis")
        assert settings.home() == tmp_path / ".kis"

    def test_expands_the_users_home(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setenv("KIS_HOME", "~/kis")
        assert settings.home() == tmp_path / "kis"

    @pytest.mark.parametrize("unset", ["", None])
    def test_falls_back_to_the_users_data_folder(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, unset: str | None
    ) -> None:
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.delenv("XDG_DATA_HOME", raising=False)
        if unset is None:
            monkeypatch.delenv("KIS_HOME", raising=False)
        else:
            monkeypatch.setenv("KIS_HOME", unset)
        assert settings.home().name == "kis"
        assert settings.home().is_relative_to(tmp_path)

    def test_is_not_made_by_being_asked_for(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("KIS_HOME", str(tmp_path / "kept"))
        assert not settings.home().exists()


class TestLocale:
    @pytest.mark.parametrize(
        ("kis_lang", "lang", "expected"),
        [
            ("en", None, "en"),
            ("ko", "en_US.UTF-8", "ko"),  # the program's own wish goes first
            ("en", "ko_KR.UTF-8", "en"),
            (None, "en_US.UTF-8", "en"),
            (None, "en-GB", "en"),
            (None, "EN", "en"),
            (None, "ko_KR.UTF-8", "ko"),
            (None, "C.UTF-8", "ko"),  # says nothing about a language
            (None, "de_DE.UTF-8", "ko"),
            (None, "enm_GB", "ko"),  # Middle English is another code
            ("", "en_US", "en"),  # empty is unset
            (None, None, "ko"),
        ],
    )
    def test_is_korean_unless_clearly_english(
        self, monkeypatch: pytest.MonkeyPatch, kis_lang: str | None, lang: str | None, expected: str
    ) -> None:
        for name, value in (("KIS_LANG", kis_lang), ("LANG", lang)):
            if value is None:
                monkeypatch.delenv(name, raising=False)
            else:
                monkeypatch.setenv(name, value)
        assert settings.locale() == expected
