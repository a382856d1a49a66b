import json
from pathlib import Path

import pytest

from kis.platform.errors import BadInput
from kis.search.evaluation.sets import QuestionSet, language_of, load_set, shipped_set
from kis.search.things import Language

PASSAGE = {"paragraph_id": "p1", "title": "차단기", "text": "차단기는 회로를 끊는다.", "source": "ignored"}
QUESTION = {"qid": "q1", "question": "무엇이 회로를 끊나요?", "paragraph_id": "p1"}


def written(path: Path, *lines: object) -> Path:
    told = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
    path.write_text("\n".join(told) + "\n", encoding="utf-8")
    return path


def loaded(folder: Path, passages: list[object], questions: list[object]) -> QuestionSet:
    return load_set(
        written(folder / "p.jsonl", *passages), written(folder / "q.jsonl", *questions), name="mine"
    )


def refused(folder: Path, passages: list[object], questions: list[object]) -> list[str]:
    with pytest.raises(BadInput) as error:
        loaded(folder, passages, questions)
    return [problem.text("en").replace(f"{folder}/", "") for problem in error.value.problems]


class TestLoadSet:
    def test_reads_passages_and_questions_whatever_else_they_hold(self, tmp_path: Path) -> None:
        read = loaded(tmp_path, [PASSAGE, ""], [QUESTION])
        assert [(each.id, each.title, each.language) for each in read.passages] == [
            ("p1", "차단기", Language.KO)
        ]
        assert [(each.id, each.relevant) for each in read.questions] == [("q1", frozenset({"p1"}))]

    def test_takes_numbers_as_ids_and_a_title_that_is_empty(self, tmp_path: Path) -> None:
        read = loaded(
            tmp_path, [PASSAGE | {"paragraph_id": 7, "title": ""}], [QUESTION | {"qid": 3, "paragraph_id": 7}]
        )
        assert (read.questions[0].id, read.questions[0].relevant) == ("3", frozenset({"7"}))

    def test_gives_a_question_the_language_of_its_passage(self, tmp_path: Path) -> None:
        read = loaded(tmp_path, [PASSAGE], [QUESTION | {"question": "ckeksrl"}])
        assert read.questions[0].language is Language.KO

    def test_joins_the_lines_of_a_question_with_several_answers(self, tmp_path: Path) -> None:
        other = PASSAGE | {"paragraph_id": "p2"}
        asked_else = QUESTION | {"question": "다른 말로"}
        read = loaded(tmp_path, [PASSAGE, other], [QUESTION, QUESTION | {"paragraph_id": "p2"}, asked_else])
        assert [sorted(each.relevant) for each in read.questions] == [["p1", "p2"], ["p1"]]

    def test_names_every_bad_line_of_both_files(self, tmp_path: Path) -> None:
        problems = refused(
            tmp_path,
            [PASSAGE, "{", [1], {"paragraph_id": "p2", "title": "t"}, PASSAGE | {"text": "something else"}],
            [QUESTION | {"paragraph_id": "p9"}, QUESTION | {"question": " "}, QUESTION | {"qid": True}],
        )
        assert problems == [
            "p.jsonl:2: is no JSON; write one JSON object in each line.",
            "p.jsonl:3: is no JSON object; write an object with the keys paragraph_id, text, title.",
            "p.jsonl:4: missing or unusable: text (texts, and none but title may be empty)",
            "p.jsonl:5: paragraph_id p1 stands for another passage above; give each passage an id of its own.",
            "q.jsonl:1: the passages hold no paragraph_id p9; correct it or add the passage.",
            "q.jsonl:2: missing or unusable: question (texts, and none but title may be empty)",
            "q.jsonl:3: missing or unusable: qid (texts, and none but title may be empty)",
        ]

    def test_refuses_what_no_database_takes(self, tmp_path: Path) -> None:
        lines = [
            '{"paragraph_id": "p1", "title": "", "text": "a\\u0000b"}',
            '{"paragraph_id": "p1", "title": "\\ud800", "text": "a"}',
        ]
        problems = refused(
            tmp_path, [PASSAGE | {"paragraph_id": "p0"}, *lines], [QUESTION | {"paragraph_id": "p0"}]
        )
        assert [problem.partition(" (")[0] for problem in problems] == [
            "p.jsonl:2: missing or unusable: text",
            "p.jsonl:3: missing or unusable: title",
        ]

    def test_refuses_a_file_that_is_empty_missing_or_not_utf_8(self, tmp_path: Path) -> None:
        (tmp_path / "latin").write_bytes('{"qid": "é"}'.encode("latin-1"))
        with pytest.raises(BadInput) as error:
            load_set(tmp_path / "none", tmp_path / "latin", name="mine")
        assert [problem.text("en").replace(f"{tmp_path}/", "") for problem in error.value.problems] == [
            "none: cannot be read: No such file or directory",
            "latin: is not UTF-8; save the file as UTF-8.",
        ]
        assert refused(tmp_path, [""], [""]) == [
            "p.jsonl: is empty; write one JSON object in each line.",
            "q.jsonl: is empty; write one JSON object in each line.",
        ]

    def test_shows_a_hundred_problems_and_counts_the_rest(self, tmp_path: Path) -> None:
        problems = refused(tmp_path, ["{"] * 103, [QUESTION])
        # 103 lines that are no JSON, and then the question has no passage
        assert len(problems) == 101
        assert problems[-1] == "and 4 more."


class TestLanguageOf:
    @pytest.mark.parametrize(
        ("text", "language"),
        [
            ("MCCB 100AF/75AT 3P 차단기", Language.KO),  # 3 of 11 letters are Hangul
            ("A distribution board is called 분전반 in Korean", Language.EN),  # 3 of 36
            ("380", Language.EN),
        ],
    )
    def test_goes_by_the_share_of_hangul(self, text: str, language: Language) -> None:
        assert language_of(text) is language


class TestShippedSet:
    def test_is_large_enough_and_leaves_passages_unasked(self) -> None:
        read = shipped_set("panels")
        counts = {
            language: sum(each.language is language for each in read.questions) for language in Language
        }
        assert len(read.passages) >= 500
        assert counts[Language.KO] >= 300
        assert counts[Language.EN] >= 150
        asked = frozenset[str]().union(*(each.relevant for each in read.questions))
        assert len(asked) <= 0.75 * len(read.passages)

    def test_is_refused_under_another_name(self) -> None:
        with pytest.raises(BadInput) as error:
            shipped_set("pannels")
        assert "shipped: panels" in error.value.text("en")
