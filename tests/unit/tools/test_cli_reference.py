import pytest

from kis.cli import app
from kis.cli.commands import SECTIONS
from kis.cli.declare import argument, command, group, json_option
from tools import cli_reference


class TestReference:
    def test_tells_every_command_in_both_languages(self, monkeypatch: pytest.MonkeyPatch) -> None:
        @group("evidence", help_key="cli.command.evidence")
        def evidence() -> None:
            """Hold the commands."""

        @evidence.command("show", help_key="cli.command.explain")
        @argument("pack", help_key="cli.argument.passed_on")
        @json_option
        def show() -> None:
            """Show a pack."""

        @command("quote", help_key="cli.command.quote")
        def plain() -> None:
            """Take nothing."""

        made = {"evidence": evidence}
        monkeypatch.setattr(app.Root, "get_command", lambda _root, _context, name: made.get(name, plain))
        monkeypatch.setattr(cli_reference, "SECTIONS", SECTIONS[:1])
        page = cli_reference.render()

        assert "## Quotations and data · 견적과 자료\n\n### quote\n" in page
        assert "| `--lang [ko\\|en]` | Language of the output" in page
        assert page.index("### evidence\n") < page.index("#### evidence show\n")
        shown = page.partition("#### evidence show\n")[2].partition("###")[0]
        assert "Tell why a line, a gate or a dimension in an evidence pack is what it is.\n" in shown
        assert "증빙 묶음에 있는 금액, 관문, 치수가 왜 그렇게 정해졌는지 보여 줍니다.\n" in shown
        assert "```\nkis evidence show [OPTIONS] PACK\n```" in shown
        assert "| `PACK` | Arguments handed on to the tool. | 도구에 그대로 전달할 인자. |" in shown
        assert "| `--json` | Print the whole result as JSON. | 결과 전체를 JSON으로 출력합니다. |" in shown
