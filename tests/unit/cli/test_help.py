import pytest

from kis.cli import main
from kis.cli.commands import VERBS
from kis.cli.help import HelpFormatter, display_width, wrap


class TestDisplayWidth:
    @pytest.mark.parametrize(
        ("text", "columns"),
        [("", 0), ("panel", 5), ("분전반", 6), ("MCCB 차단기", 11), ("e\u0301", 1), ("①", 1)],
    )
    def test_counts_terminal_columns(self, text: str, columns: int) -> None:
        assert display_width(text) == columns


class TestWrap:
    def test_breaks_hangul_by_columns_not_by_characters(self) -> None:
        # 분전반 견적 = 6 + 1 + 4 = 11 columns, so 10 are too few
        assert wrap("분전반 견적 증빙", 10) == ["분전반", "견적 증빙"]
        assert wrap("분전반 견적 증빙", 11) == ["분전반 견적", "증빙"]

    def test_leaves_a_word_that_is_too_long_whole(self) -> None:
        assert wrap("a incomprehensible b", 5) == ["a", "incomprehensible", "b"]


class TestDefinitionList:
    def test_stands_in_two_columns(self) -> None:
        formatter = HelpFormatter(width=20)
        formatter.write_dl([("설계", "one two three four"), ("b", "")])
        # the first column is 4 + 2 wide, the text has 14 columns
        assert formatter.getvalue() == "설계  one two three\n      four\nb\n"

    def test_puts_a_wide_term_on_its_own_line(self) -> None:
        formatter = HelpFormatter(width=30)
        formatter.write_dl([("--very-long", "meaning"), ("-s", "short")], col_max=4)
        assert formatter.getvalue() == "--very-long\n      meaning\n-s    short\n"


class TestProgramHelp:
    @pytest.mark.parametrize("language", ["ko", "en"])
    def test_fits_eighty_columns_and_names_every_verb(
        self, language: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["--lang", language, "--help"]) == 0
        page = capsys.readouterr().out
        assert max(display_width(line) for line in page.splitlines()) <= 80
        listed = [line.split()[0] for line in page.splitlines() if line.startswith("  ") and line[2:3] != " "]
        assert [name for name in listed if name in VERBS] == list(VERBS)

    def test_is_korean_from_the_first_word_on(self, capsys: pytest.CaptureFixture[str]) -> None:
        main(["lint", "--lang", "ko", "--help"])
        page = capsys.readouterr().out
        assert page.startswith("사용법: kis lint [OPTIONS]\n")
        assert "옵션:" in page
        assert "도움말을 보여 줍니다." in page
        assert "Options" not in page
