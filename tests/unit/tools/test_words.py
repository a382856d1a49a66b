from pathlib import Path

import pytest

from tools.words import unwanted_words


class TestUnwantedWords:
    @pytest.mark.parametrize(
        "line",
        [
            "x = 1  # TO" + "DO later",
            "from unittest.mo" + "ck import patch",
            'PATH = "/ro' + 'ot/project"',
            "--index-url" + " https://example.org/simple",
        ],
    )
    def test_are_found_with_their_place(self, tmp_path: Path, line: str) -> None:
        page = tmp_path / "page.py"
        page.write_text(f"first line\n{line}\n", encoding="utf-8")
        (problem,) = unwanted_words([page])
        assert problem.startswith(f"{page}:2: ")

    @pytest.mark.parametrize(
        "line",
        [
            "a smock",
            "the homepage",
            "https://example.org/home/page",
            "see docs/work/plan",
            "XXXL",
            "/workspace",
        ],
    )
    def test_are_whole_words(self, tmp_path: Path, line: str) -> None:
        page = tmp_path / "page.md"
        page.write_text(line, encoding="utf-8")
        assert unwanted_words([page]) == []
