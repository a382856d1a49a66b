import pytest

from kis.evidence import layout


class TestNameProblems:
    @pytest.mark.parametrize(
        "name",
        [
            "",
            "/etc/passwd",
            "..",
            "../escape.json",
            "a/../../escape.json",
            "a//b",
            "./a",
            "a/",
            ".hidden",
            "a/.hidden",
            "name.",
            "name ",
            "folder./x",
            "a\\b",
            "C:x",
            "a*b",
            "a\nb",
            "a\tb",
            "\x1b[31m",
            "\ud800",
            "\u1100\u1161",  # 가 in two characters (NFD), as macOS would write it
            "chain.json",
            "SHA256SUMS",
            "sha256sums",
            "Attestation.dsse.json",
            "SHA256SUMS/x",
            "가" * 81,  # 243 bytes in UTF-8
        ],
    )
    def test_names_a_name_that_would_not_survive_everywhere(self, name: str) -> None:
        problems = layout.name_problems([name])
        assert [problem.path for problem in problems] == [layout.shown(name)]

    def test_lets_the_names_of_a_quotation_pass(self) -> None:
        names = [
            "input.json",
            "pipeline/enclosure.json",
            "pipeline/breaker.json",
            "documents/견적서 3층.xlsx",
            "가" * 80,
            "v1.2/x",
        ]
        assert layout.name_problems(names) == ()

    @pytest.mark.parametrize(
        "names",
        [
            ["a.json", "A.json"],
            ["pipeline/a", "Pipeline/b"],
            ["x", "x/y"],
            ["x/y", "x"],
            ["x/y", "X"],
            ["straße", "STRASSE"],  # the same where case is folded in full
        ],
    )
    def test_names_the_second_of_two_that_meet_where_case_is_ignored(self, names: list[str]) -> None:
        assert [problem.path for problem in layout.name_problems(names)] == [names[1]]

    def test_names_every_fault_at_once(self) -> None:
        assert [problem.path for problem in layout.name_problems(["../a", "fine", "FINE", "chain.json"])] == [
            "../a",
            "FINE",
            "chain.json",
        ]


class TestIsTraceId:
    @pytest.mark.parametrize("text", ["a", "0b5e-4f", "20260131T090000Z_1", "A" * 100])
    def test_takes_letters_digits_dash_and_underscore(self, text: str) -> None:
        assert layout.is_trace_id(text)

    @pytest.mark.parametrize("text", ["", ".", "..", "-a", "_a", "a/b", "a.b", "가", "a\n", "A" * 101])
    def test_refuses_what_is_not_a_plain_folder_name(self, text: str) -> None:
        assert not layout.is_trace_id(text)


class TestFoldersOf:
    def test_holds_every_folder_above_a_file(self) -> None:
        assert layout.folders_of(["a/b/c", "d", "a/e"]) == {"a", "a/b"}


class TestShown:
    def test_escapes_what_would_steer_a_terminal(self) -> None:
        assert layout.shown("a\x1b[31m\n\udcff가") == "a\\x1b[31m\\n\\udcff가"

    def test_cuts_what_is_endless(self) -> None:
        assert layout.shown("a" * 1000) == "a" * 240 + "…"
