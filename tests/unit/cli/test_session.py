import pytest

from kis.cli.session import session_of


class TestLanguage:
    @pytest.mark.parametrize(
        ("arguments", "environment", "expected"),
        [
            ([], "ko", "ko"),
            ([], "en", "en"),
            (["--lang", "ko", "quote"], "en", "ko"),
            (["quote", "request.yaml", "--lang=en"], "ko", "en"),
            (["--lang", "fr"], "en", "en"),  # refused later; the refusal is in the reader's language
            (["--lang"], "en", "en"),
            (["test", "--", "--lang", "ko"], "en", "en"),  # behind -- it belongs to the tool
        ],
    )
    def test_comes_from_the_option_then_the_environment(
        self, monkeypatch: pytest.MonkeyPatch, arguments: list[str], environment: str, expected: str
    ) -> None:
        monkeypatch.setenv("KIS_LANG", environment)
        assert session_of(arguments).locale == expected


class TestFlags:
    def test_are_seen_anywhere_before_the_double_dash(self) -> None:
        session = session_of(["quote", "--json", "--debug"])
        assert (session.as_json, session.debug) == (True, True)

    def test_behind_the_double_dash_belong_to_the_tool(self) -> None:
        session = session_of(["test", "--", "--json", "--debug"])
        assert (session.as_json, session.debug) == (False, False)

    def test_every_run_has_its_own_trace_id(self) -> None:
        assert session_of([]).trace_id != session_of([]).trace_id
