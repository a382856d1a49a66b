import errno
import json
import os
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from kis import __version__
from kis.cli import app, main
from kis.cli.declare import argument, command, group, json_option, option
from kis.platform.errors import BadInput, KisError, NotFound, Problem
from kis.platform.messages import Message

Serve = Callable[[Callable[[], object]], None]


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Serve:
    """Make ``kis quote`` run the given function."""

    def use(callback: Callable[[], object]) -> None:
        @command("quote", help_key="cli.command.quote")
        @argument("request", required=False, help_key="cli.argument.passed_on")
        @option("--count", type=int, help_key="cli.option.debug")
        @option("--kind", type=click.Choice(["a", "b"]), help_key="cli.option.debug")
        @json_option
        def quote(request: str | None, count: int | None, kind: str | None, as_json: bool) -> object:  # noqa: ARG001 - click hands them over
            return callback()

        monkeypatch.setattr(app.Root, "get_command", lambda _root, _context, name: {"quote": quote}.get(name))

    return use


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KIS_LANG", "en")
    monkeypatch.setenv("KIS_HOME", str(tmp_path))


def _raise(error: BaseException) -> Callable[[], object]:
    def fail() -> object:
        raise error

    return fail


TWO_PROBLEMS = BadInput(
    "panel.yaml",
    [
        Problem("panels[0].mains", Message("cli.usage.missing")),
        Problem("panels[1].name", Message("cli.usage.missing")),
    ],
)


class TestExitCode:
    @pytest.mark.parametrize(("returned", "expected"), [(None, 0), (0, 0), (3, 3)])
    def test_is_what_the_command_returns(self, serve: Serve, returned: int | None, expected: int) -> None:
        serve(lambda: returned)
        assert main(["quote"]) == expected

    @pytest.mark.parametrize(
        ("error", "expected"),
        [
            (TWO_PROBLEMS, 2),
            (NotFound(Message("cli.usage.missing")), 2),
            (KisError(Message("cli.usage.missing")), 1),
            (ValueError("boom"), 1),
            (PermissionError(errno.EACCES, "Permission denied", "out"), 1),
            (KeyboardInterrupt(), 130),
        ],
    )
    def test_tells_the_kind_of_failure(self, serve: Serve, error: BaseException, expected: int) -> None:
        serve(_raise(error))
        assert main(["quote"]) == expected

    @pytest.mark.parametrize(
        "arguments", [[], ["nothing"], ["--nothing"], ["quote", "--count", "x"], ["quote", "a", "b"]]
    )
    def test_is_2_for_wrong_usage(self, serve: Serve, arguments: list[str]) -> None:
        serve(lambda: 0)
        assert main(arguments) == 2


class TestBadInput:
    def test_lists_every_problem_on_standard_error(
        self, serve: Serve, capsys: pytest.CaptureFixture[str]
    ) -> None:
        serve(_raise(TWO_PROBLEMS))
        main(["quote"])
        shown = capsys.readouterr()
        assert shown.out == ""
        assert shown.err == (
            "panel.yaml: 2 problem(s) in the input.\n"
            "  panels[0].mains: a value is needed.\n"
            "  panels[1].name: a value is needed.\n"
        )

    def test_is_json_on_standard_output_with_json(
        self, serve: Serve, capsys: pytest.CaptureFixture[str]
    ) -> None:
        serve(_raise(TWO_PROBLEMS))
        main(["quote", "--json", "--lang", "ko"])
        shown = capsys.readouterr()
        assert shown.err == ""
        assert json.loads(shown.out) == {
            "code": "bad_input",
            "message": "panel.yaml: 입력에 문제가 2건 있습니다.",
            "problems": [
                {"path": "panels[0].mains", "message": "값이 필요합니다."},
                {"path": "panels[1].name", "message": "값이 필요합니다."},
            ],
        }


class TestFacts:
    def test_of_a_refusal_are_told_to_a_program_and_to_nobody_else(
        self, serve: Serve, capsys: pytest.CaptureFixture[str]
    ) -> None:
        why = Message("cli.interrupted")
        serve(_raise(NotFound(why, near=({"id": "a", "size_mm": 5},), why=why, path=Path("x"))))
        main(["--lang", "en", "quote", "--json"])
        shown = json.loads(capsys.readouterr().out)
        assert shown["meta"] == {
            "near": [{"id": "a", "size_mm": 5}],
            "why": why.text("en"),
            "path": "x",
        }
        main(["--lang", "en", "quote"])
        assert capsys.readouterr().err.strip() == shown["message"]


class TestWrongUsage:
    @pytest.mark.parametrize(
        ("arguments", "path", "message"),
        [
            (["expain"], "expain", "there is no such command; similar: explain"),
            (["zzz"], "zzz", "there is no such command; --help lists the commands."),
            (["quote", "--jsno"], "--jsno", "there is no such option; similar: --json"),
            (["quote", "--zzz"], "--zzz", "there is no such option; --help lists the options."),
            (["quote", "--kind", "c"], "--kind", "must be one of: a, b"),
            (["quote", "--count", "x"], "--count", "wrong usage: 'x' is not a valid integer."),
            (["quote", "--count"], "--count", "wrong usage: Option '--count' requires an argument."),
            (["quote", "a", "b"], "", "wrong usage: Got unexpected extra argument (b)"),
            (["--lang", "fr", "quote"], "--lang", "must be one of: ko, en"),
        ],
    )
    def test_names_the_argument_and_what_would_be_right(
        self, serve: Serve, capsys: pytest.CaptureFixture[str], arguments: list[str], path: str, message: str
    ) -> None:
        serve(lambda: 0)
        assert main(arguments) == 2
        heading, *problems = capsys.readouterr().err.splitlines()
        assert heading.endswith(": 1 problem(s) in the input.")
        assert problems == ["  " + (f"{path}: {message}" if path else message)]

    def test_of_a_group_without_a_command_shows_its_help(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        @group("evidence", help_key="cli.command.evidence")
        def evidence() -> None:
            """Hold the commands."""

        @evidence.command("show", help_key="cli.command.explain")
        def show() -> int:
            return 3

        monkeypatch.setattr(app.Root, "get_command", lambda *_: evidence)
        assert main(["evidence"]) == 2
        assert "Commands:\n  show  Tell why" in capsys.readouterr().err
        assert main(["evidence", "show", "--lang", "ko"]) == 3


class TestBroken:
    def test_is_one_calm_line_with_a_trace_id_and_keeps_the_traceback(
        self, serve: Serve, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        serve(_raise(ValueError("boom")))
        main(["quote"])
        (kept,) = (tmp_path / "failures").iterdir()
        assert capsys.readouterr().err == (
            f"KIS broke off (ValueError). Trace id {kept.stem}; details in {kept}\n"
        )
        assert "ValueError: boom" in kept.read_text()

    def test_names_the_file_of_an_operating_system_error(
        self, serve: Serve, capsys: pytest.CaptureFixture[str]
    ) -> None:
        serve(_raise(OSError(errno.ENOSPC, "No space left on device", "out/quote.json")))
        main(["quote"])
        assert "KIS broke off (No space left on device: out/quote.json)." in capsys.readouterr().err

    def test_shows_the_traceback_with_debug(self, serve: Serve, capsys: pytest.CaptureFixture[str]) -> None:
        serve(_raise(ValueError("boom")))
        main(["--debug", "quote"])
        shown = capsys.readouterr().err
        assert shown.startswith("Traceback (most recent call last):\n")
        assert "ValueError: boom\n" in shown

    def test_still_explains_itself_when_the_traceback_cannot_be_kept(
        self, serve: Serve, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("KIS_HOME", os.devnull)
        serve(_raise(ValueError("boom")))
        assert main(["quote"]) == 1
        assert "--debug shows the details" in capsys.readouterr().err

    def test_is_json_with_json(
        self, serve: Serve, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        serve(_raise(ValueError("boom")))
        main(["quote", "--json"])
        (kept,) = (tmp_path / "failures").iterdir()
        shown = json.loads(capsys.readouterr().out)
        assert (shown["code"], shown["problems"], shown["traceId"]) == ("broken", [], kept.stem)


class TestVersion:
    def test_is_printed(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["--version"]) == 0
        assert capsys.readouterr().out == f"kis {__version__}\n"
