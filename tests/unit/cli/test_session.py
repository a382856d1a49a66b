import pytest

from kis.cli.session import session_of


class TestLanguage:
    @pytest.mark.parametrize(
        ("arguments", "environment", "expected"),
        [
            ([], {}, "en"),
            ([], {"LANG": "ko_KR.UTF-8"}, "ko"),
            ([], {"LANG": "C.UTF-8"}, "en"),
            ([], {"LANG": "ko_KR.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),  # LC_ALL rules over LANG
            ([], {"LANG": "en_US.UTF-8", "LC_MESSAGES": "ko_KR"}, "ko"),
            ([], {"LANG": "en_US.UTF-8", "KIS_LANG": "ko"}, "ko"),
            ([], {"LANG": "ko_KR.UTF-8", "LC_ALL": ""}, "ko"),  # set but empty counts as unset
            (["--lang", "ko", "quote"], {"KIS_LANG": "en"}, "ko"),
            (["quote", "request.yaml", "--lang=en"], {"KIS_LANG": "ko"}, "en"),
            (
                ["--lang", "fr"],
                {"KIS_LANG": "ko"},
                "ko",
            ),  # refused later; the refusal is in the reader's language
            (["--lang"], {"KIS_LANG": "ko"}, "ko"),
            (["test", "--", "--lang", "ko"], {}, "en"),  # behind -- it belongs to the tool
        ],
    )
    def test_comes_from_the_option_then_the_environment(
        self, arguments: list[str], environment: dict[str, str], expected: str
    ) -> None:
        assert session_of(arguments, environment).locale == expected


class TestFlags:
    def test_are_seen_anywhere_before_the_double_dash(self) -> None:
        session = session_of(["quote", "--json", "--debug"], {})
        assert (session.as_json, session.debug) == (True, True)

    def test_behind_the_double_dash_belong_to_the_tool(self) -> None:
        session = session_of(["test", "--", "--json", "--debug"], {})
        assert (session.as_json, session.debug) == (False, False)

    def test_every_run_has_its_own_trace_id(self) -> None:
        assert session_of([], {}).trace_id != session_of([], {}).trace_id
