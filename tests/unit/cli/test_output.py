import json

import pytest

from kis.cli import output
from kis.platform.messages import Message


@pytest.fixture(autouse=True)
def korean(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIS_LANG", "ko")
    monkeypatch.delenv("COLUMNS", raising=False)


class TestTable:
    def test_lines_up_in_columns_of_double_width_text(self, capsys: pytest.CaptureFixture[str]) -> None:
        table = output.table(Message("cli.help.options"), Message("cli.help.arguments"), numeric=(1,))
        table.add_row(output.verdict_text("pass"), "1,000")
        table.add_row(output.verdict_text("not_checked"), "20")
        output.console().print(table)
        # "– 미확인" is the widest cell with 8 columns; 3 lie between; "1,000" takes 5: the rule is 16 long
        assert [line.rstrip() for line in capsys.readouterr().out.splitlines() if line.strip()] == [
            " 옵션        인자",
            " " + "─" * 16,
            " ✓ 통과     1,000",
            " – 미확인      20",
        ]

    def test_has_no_control_codes_where_no_terminal_reads_it(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        output.console().print(output.verdict_text("fail"))
        assert capsys.readouterr().out == "✗ 불합격\n"

    def test_shows_brackets_as_they_are(self, capsys: pytest.CaptureFixture[str]) -> None:
        output.console().print("[bold]MCCB[/bold] :zap:")
        assert capsys.readouterr().out == "[bold]MCCB[/bold] :zap:\n"

    @pytest.mark.parametrize(("columns", "width"), [(None, 120), ("60", 60), ("wide", 120), ("0", 120)])
    def test_is_as_wide_as_asked_in_a_file(
        self, monkeypatch: pytest.MonkeyPatch, columns: str | None, width: int
    ) -> None:
        if columns is not None:
            monkeypatch.setenv("COLUMNS", columns)
        assert output.console().width == width


class TestVerdict:
    @pytest.mark.parametrize("verdict", ["pass", "remark", "fail", "not_checked"])
    def test_has_a_symbol_of_its_own_and_a_word(self, verdict: output.Verdict) -> None:
        symbol, word = output.verdict_text(verdict).plain.split(" ", 1)
        assert symbol == output.VERDICT_SYMBOLS[verdict]
        assert word == output.verdict_word(verdict)
        assert len(set(output.VERDICT_SYMBOLS.values())) == len(output.VERDICT_SYMBOLS)


class TestJson:
    def test_is_utf_8_and_keeps_hangul(self, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
        output.print_json({"name": "분전반", "amount": "1000.00"})
        shown = capfdbinary.readouterr().out
        assert "분전반".encode() in shown
        assert json.loads(shown) == {"name": "분전반", "amount": "1000.00"}

    def test_refuses_what_json_cannot_say(self) -> None:
        with pytest.raises(ValueError, match="not JSON compliant"):
            output.print_json({"value": float("nan")})


class TestProgress:
    def test_is_silent_where_nobody_watches(self, capsys: pytest.CaptureFixture[str]) -> None:
        with output.progress(Message("cli.help.options")) as show:
            show(Message("cli.help.arguments"))
        shown = capsys.readouterr()
        assert (shown.out, shown.err) == ("", "")


class TestSentences:
    def test_go_to_the_stream_that_is_meant(self, capsys: pytest.CaptureFixture[str]) -> None:
        output.say(Message("cli.help.options"))
        output.warn(Message("cli.help.arguments"))
        shown = capsys.readouterr()
        assert (shown.out, shown.err) == ("옵션\n", "인자\n")
