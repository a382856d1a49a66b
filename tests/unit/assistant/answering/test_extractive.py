"""Answers out of the document's own sentences."""

import asyncio
from dataclasses import replace

import pytest

from kis.assistant.answering.extractive import ExtractiveAnswerer
from kis.assistant.answering.wording import sentences
from kis.assistant.reading import PassageIndex
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


async def test_whoever_waits_for_an_instant_answer_has_it_before_one_is_made() -> None:
    order: list[str] = []
    asyncio.get_running_loop().call_soon(order.append, "a key press")

    answer = ExtractiveAnswerer().answer(question("What is the torque?", [TORQUE]))
    order.extend([type(event).__name__ async for event in answer])

    assert order[:2] == ["a key press", "Chunk"]


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
async def test_what_stands_there_in_both_languages_is_said_once_and_in_that_of_the_question(
    text: str, language: Language, first: str
) -> None:
    pages = [
        Passage(number=0, title_path=(), text="Tighten the terminals to 2.5 N·m.", page=3),
        Passage(number=1, title_path=(), text="단자는 2.5 N·m로 조인다.", page=4),
    ]

    answer = await answered(text, *pages, *reversed(pages), language=language)

    assert answer.sentences == [first]


async def test_the_frame_is_in_the_language_of_the_question() -> None:
    passage = Passage(
        number=0, title_path=(), text="단자 나사는 2.5 N·m로 조인다.", page=3, kind=UnitKind.PARAGRAPH
    )

    answer = await answered("단자 나사 조임 토크는 얼마인가요?", passage, language=Language.KO)

    assert answer.text.startswith("\u2018QX manual\u2019의 내용입니다.")
    assert answer.sentences == ["단자 나사는 2.5 N·m로 조인다."]


def passage(text: str, number: int = 0, kind: UnitKind = UnitKind.PARAGRAPH) -> Passage:
    return Passage(number=number, title_path=(), text=text, page=number + 1, kind=kind)


class TestChoosing:
    async def test_the_best_sentence_stands_before_what_is_said_earlier(self) -> None:
        text = "The fan of the housing comes with a brush. Clean the fan of the housing with a dry brush once a year."

        answer = await answered(
            "How often is the fan of the housing cleaned with a dry brush?", passage(text)
        )

        assert answer.sentences == [
            "Clean the fan of the housing with a dry brush once a year.",
            "The fan of the housing comes with a brush.",
        ]

    async def test_what_a_sentence_goes_back_to_stands_before_it(self) -> None:
        text = "Column labels stand for their cells. This feature is switched off in the menu Tools. Choose a cell."

        answer = await answered("In which menu is the feature switched off?", passage(text))

        assert answer.sentences[:2] == [
            "Column labels stand for their cells.",
            "This feature is switched off in the menu Tools.",
        ]

    async def test_what_another_passage_says_of_something_else_is_left_out(self) -> None:
        torque = passage("Tighten the terminal screws of the housing to 2.5 N·m.")
        other = passage("The screws of the terminal are made of steel.", 1)

        answer = await answered(
            "To what torque are the terminal screws of the housing tightened?", torque, other
        )

        assert answer.sentences == ["Tighten the terminal screws of the housing to 2.5 N·m."]

    async def test_a_heading_is_not_said_and_finds_what_stands_under_it(self) -> None:
        text = "Replacing the filter\nPull out the drawer and put in a new one.\nStoring\nKeep the machine dry and warm."

        answer = await answered("Replacing the filter", passage(text))

        assert answer.sentences == ["Pull out the drawer and put in a new one."]

    async def test_the_end_of_a_sentence_of_another_page_is_no_answer(self) -> None:
        half = passage("and have the same torque as the terminal screws of the housing.")
        whole = passage("Tighten the terminal screws of the housing to a torque of 2.5 N·m.", 1)

        answer = await answered("Which torque do the terminal screws of the housing have?", half, whole)

        assert answer.sentences == ["Tighten the terminal screws of the housing to a torque of 2.5 N·m."]

    async def test_a_long_answer_ends_before_it_tires(self) -> None:
        long = (
            "The filter of the housing is cleaned where "
            + "dust and sand come near to it, " * 12
            + "and dried."
        )
        texts = [long, long.replace("dust", "salt"), long.replace("dust", "soot")]

        answer = await answered("Where is the filter of the housing cleaned?", passage(" ".join(texts)))

        assert answer.sentences == texts[:2]

    async def test_a_word_counts_that_only_the_index_knows_for_the_same(self) -> None:
        """The index hears 텔레메트리 as telemetry, by its sound."""
        text = "The makers are glad of help. Telemetry is what the machine tells of itself."
        index = PassageIndex.of_passages((passage(text),), language=Language.EN)
        put = question("텔레메트리가 뭐예요?", [], language=Language.KO)

        answer = await gathered(
            ExtractiveAnswerer().answer(replace(put, found=tuple(index.search(put.text))))
        )

        assert answer.sentences[0] == "Telemetry is what the machine tells of itself."


class TestSteps:
    TWO = "Filling:\n1. Open the lid.\n2. Pour in the water.\nIt must be cold.\n3. Close the lid.\nEmptying:\n1. Unscrew the plug.\n2. Wait for the water."

    async def test_only_the_list_that_is_asked_for_is_said_with_its_remarks(self) -> None:
        answer = await answered("How do I pour in the water?", passage(self.TWO, kind=UnitKind.LIST))

        assert answer.sentences == [
            "Filling:",
            "1. Open the lid.",
            "2. Pour in the water.",
            "It must be cold.",
            "3. Close the lid.",
        ]

    async def test_a_list_of_names_is_not_told_from_its_beginning(self) -> None:
        text = "- Bid: what a dealer pays.\n- Ask: what a dealer wants.\n- Net: how the value of a fund is worked out."

        answer = await answered("How is the value of a fund worked out?", passage(text, kind=UnitKind.LIST))

        assert answer.sentences == ["Net: how the value of a fund is worked out."]

    async def test_a_list_of_points_is_told_after_what_introduces_it(self) -> None:
        text = "To empty the tank:\n• Unscrew the plug.\n• Wait for a minute."

        answer = await answered("How do I empty the tank?", passage(text, kind=UnitKind.LIST))

        assert answer.sentences == ["To empty the tank:", "Unscrew the plug.", "Wait for a minute."]

    async def test_one_step_alone_is_said_without_its_number(self) -> None:
        text = "The tank is large.\n7. Press the green button of the pump.\nThe lid is red."

        answer = await answered("Which button of the pump is pressed?", passage(text))

        assert answer.sentences[0] == "Press the green button of the pump."

    async def test_of_two_steps_the_earlier_comes_first(self) -> None:
        text = "1. Press the button of the pump.\n2. Press the green button of the pump again."

        answer = await answered("Which green button of the pump is pressed again?", passage(text))

        assert answer.sentences == [
            "1. Press the button of the pump.",
            "2. Press the green button of the pump again.",
        ]


class TestReading:
    async def test_the_mark_of_a_note_is_left_out(self) -> None:
        answer = await answered(
            "이탤릭체가 있나요?", passage("24[역주] 한글 폰트에는 이탤릭체가 없다."), language=Language.KO
        )

        assert answer.sentences == ["한글 폰트에는 이탤릭체가 없다."]
        assert answer.citations[1].excerpt == "24[역주] 한글 폰트에는 이탤릭체가 없다."

    async def test_an_empty_cell_keeps_the_others_under_their_heads(self) -> None:
        text = "Model | Width | Note\nQX-100 | 120 mm | none\n | 180 mm | with the wide lid"

        answer = await answered("What is the width with the wide lid?", passage(text, kind=UnitKind.TABLE))

        assert answer.sentences[0] == "Width: 180 mm, Note: with the wide lid"

    async def test_a_temperature_below_zero_keeps_its_sign(self) -> None:
        answer = await answered(
            "At what temperature does it freeze?", passage("-5 °C is the temperature at which it freezes.")
        )

        assert answer.sentences == ["-5 °C is the temperature at which it freezes."]


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
            ("점이 커야 한다.25 다른 방법이 있다.", ("점이 커야 한다.", "다른 방법이 있다.")),
            ("Open the lid slowly.3 Then wait.", ("Open the lid slowly.", "Then wait.")),
            ("See No.3 of the list.", ("See No.3 of the list.",)),
        ],
    )
    def test_sentences_rows_and_items(self, text: str, expected: tuple[str, ...]) -> None:
        assert sentences(text) == expected
