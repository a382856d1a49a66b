"""Answers out of the document's own sentences."""

import pytest

from kis.assistant.answering.extractive import ExtractiveAnswerer
from kis.assistant.answering.wording import sentences
from kis.assistant.things import AnswerMode, Passage, UnitKind
from kis.platform.telemetry.metrics import REGISTRY
from kis.search import Language
from tests.factories.answers import COVER, FUSES, PASSAGES, SIZES, TORQUE, Gathered, gathered, question


async def answered(text: str, *passages: Passage, language: Language = Language.EN) -> Gathered:
    asked = question(text, passages or PASSAGES, language=language)
    return await gathered(ExtractiveAnswerer().answer(asked))


async def test_the_sentence_that_answers_is_said_first_with_its_page() -> None:
    answer = await answered("To what torque are the terminal screws tightened?", COVER, TORQUE, FUSES)

    assert any(each.text.startswith("Tighten the terminal screws") for each in answer.finished.sentences)
    cited = next(each for each in answer.citations.values() if each.excerpt.startswith("Tighten"))
    assert cited.page == TORQUE.page
    assert cited.excerpt in TORQUE.text
    assert answer.finished.mode is AnswerMode.EXTRACTIVE


async def test_every_sentence_is_cited_and_stands_in_the_document() -> None:
    answer = await answered("What must I do before I remove the cover?")

    assert answer.sentences
    assert all(sentence.citations for sentence in answer.finished.sentences)
    assert all(
        any(citation.excerpt in passage.text for passage in PASSAGES)
        for citation in answer.citations.values()
    )


async def test_steps_stay_together_and_in_order() -> None:
    answer = await answered("How do I replace a blown fuse?", FUSES, COVER)

    assert answer.sentences == [
        "Replace a blown fuse as follows.",
        "1. Switch off the supply.",
        "2. Pull out the fuse holder.",
        "3. Insert a fuse of 10 A.",
    ]


async def test_a_row_of_a_table_is_read_with_the_heads_of_its_columns() -> None:
    answer = await answered("What is the weight of the QX-200?", SIZES, TORQUE)

    assert answer.sentences[0] == "Model: QX-200, Width: 180 mm, Weight: 2.6 kg"
    assert answer.citations[1].excerpt == "QX-200 | 180 mm | 2.6 kg"


async def test_rows_of_other_models_are_left_out() -> None:
    answer = await answered("What is the weight of the QX-200?", SIZES, TORQUE)

    assert not any("QX-100" in sentence for sentence in answer.sentences)


@pytest.mark.parametrize(
    ("text", "language", "first"),
    [
        ("단자 토크는?", Language.KO, "단자는 2.5 N·m로 조인다."),
        ("Terminal torque?", Language.EN, "Tighten the terminals to 2.5 N·m."),
    ],
)
async def test_what_stands_there_in_both_languages_is_said_first_in_that_of_the_question(
    text: str, language: Language, first: str
) -> None:
    pages = [
        Passage(number=0, title_path=(), text="Tighten the terminals to 2.5 N·m.", page=3),
        Passage(number=1, title_path=(), text="단자는 2.5 N·m로 조인다.", page=4),
    ]

    answer = await answered(text, *pages, *reversed(pages), language=language)

    assert answer.sentences[0] == first


async def test_the_frame_is_in_the_language_of_the_question() -> None:
    passage = Passage(
        number=0, title_path=(), text="단자 나사는 2.5 N·m로 조인다.", page=3, kind=UnitKind.PARAGRAPH
    )

    answer = await answered("단자 나사 조임 토크는 얼마인가요?", passage, language=Language.KO)

    assert answer.text.startswith("\u2018QX manual\u2019의 내용입니다.")
    assert answer.sentences == ["단자 나사는 2.5 N·m로 조인다."]


class TestRefusing:
    async def test_nothing_was_found(self) -> None:
        asked = question("How heavy is it?", [])

        answer = await gathered(ExtractiveAnswerer().answer(asked))

        assert answer.finished.refusal == "assistant_answers.refusal.nothing_found"
        assert "QX manual, pages 1-40" in answer.text

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("What is the weight of the QX-999?", "unknown_code"),
            ("Which Bluetooth profile does the loudspeaker implement?", "not_covered"),
        ],
    )
    async def test_what_is_not_there_is_refused_and_the_nearest_place_offered(
        self, text: str, reason: str
    ) -> None:
        answer = await answered(text)

        assert answer.finished.refusal == f"assistant_answers.refusal.{reason}"
        assert answer.finished.sentences == ()
        assert "page 7" in answer.text

    async def test_a_figure_is_asked_and_none_is_there(self) -> None:
        passage = Passage(number=0, title_path=(), text="The fan cools the housing quietly.", page=2)

        answer = await answered("How many fans cool the housing?", passage)

        assert answer.finished.refusal == "assistant_answers.refusal.no_figure"

    async def test_refusals_are_counted(self) -> None:
        def count() -> float:
            labels = {"reason": "unknown_code"}
            return REGISTRY.get_sample_value("answer_refusals_total", labels) or 0.0

        before = count()

        await answered("What is the weight of the QX-999?")

        assert count() == before + 1


class TestSentences:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("One is here. Two is there.", ("One is here.", "Two is there.")),
            ("Use 2.5 N·m, e.g. for M6. Then stop.", ("Use 2.5 N·m, e.g. for M6.", "Then stop.")),
            ("전원을 끈다. 5분을 기다린다.", ("전원을 끈다.", "5분을 기다린다.")),
            ("1. Open it.\n2. Close it.", ("1. Open it.", "2. Close it.")),
            ("a | b\nc | d", ("a | b", "c | d")),
        ],
    )
    def test_sentences_rows_and_items(self, text: str, expected: tuple[str, ...]) -> None:
        assert sentences(text) == expected
