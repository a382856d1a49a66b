"""Names of sheets as Excel accepts them."""

import re

import pytest

from kis.estimator.documents.workbook.sheet_titles import legal_text, sheet_titles


class TestSheetTitles:
    @pytest.mark.parametrize(
        ("wanted", "title"),
        [
            ("LP-3F", "LP-3F"),
            ("LP/1:[A]*?\\", "LP_1__A____"),
            ("'quoted'", "quoted"),
            ("", "_"),
            ("  ", "_"),
            ("\tA\n", "A"),
            ("가" * 40, "가" * 31),
            ("a" * 30 + "'b", "a" * 30),  # an apostrophe at the end is refused
            ("a" * 30 + "\U0001f50c", "a" * 30),  # counts as two, and is never cut in half
        ],
    )
    def test_are_lawful(self, wanted: str, title: str) -> None:
        assert sheet_titles([wanted]) == [title]

    def test_differ_where_case_is_ignored(self) -> None:
        assert sheet_titles(["LP-1", "lp-1", "LP-1", "History"]) == [
            "LP-1",
            "lp-1 (2)",
            "LP-1 (3)",
            "History (2)",
        ]

    def test_differ_within_the_limit(self) -> None:
        titles = sheet_titles(["지하 주차장 전등·전열 분전반 (비상 전원 포함) 제1호"] * 200)
        assert len({title.casefold() for title in titles}) == 200
        assert all(len(title) <= 31 and not re.search(r"[\[\]:*?/\\]", title) for title in titles)
        assert titles[199].endswith(" (200)")


class TestLegalText:
    @pytest.mark.parametrize(
        ("text", "legal"),
        [
            ("a\tb\r\nc", "a b  c"),
            ("가\x00나", "가\ufffd나"),
            ("\ud800", "\ufffd"),
            ("\U0001f50c", "\U0001f50c"),
        ],
    )
    def test_keeps_what_a_file_can_hold(self, text: str, legal: str) -> None:
        assert legal_text(text) == legal
