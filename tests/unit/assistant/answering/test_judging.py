"""What is refused and why: of a small manual, questions that it answers and questions that it does not."""

from dataclasses import replace
from pathlib import Path

import pytest

from kis.assistant.answering.asking import MOST_PASSAGES, Question
from kis.assistant.answering.extractive import ExtractiveAnswerer
from kis.assistant.answering.judging import judged
from kis.assistant.answering.refusing import Reason, reason_to_refuse
from kis.assistant.reading import PassageIndex, read_document
from kis.assistant.things import Passage, UnitKind
from kis.search import Language
from tests.factories.answers import SOURCE, gathered, question
from tests.factories.manuals_written import BLIND, DATA, manual_names, manual_pdf, written_questions
from tests.factories.small_manuals import index_of

TEXTS = (
    ("Safety", "Switch off the main breaker. Wait at least 5 minutes before you remove the cover."),
    ("Terminals", "Tighten the terminal screws of the QX-100 to 2.5 N·m. Check them once a year."),
    ("Fuses", "Replace a blown fuse only by one of 10 A. Spare fuses have the part number QX-F10."),
    ("Dimensions", "Model | Width | Weight\nQX-100 | 120 mm | 1.4 kg\nQX-200 | 180 mm | 2.6 kg"),
    ("Network", "The module speaks Modbus over RS-485. The delivered address is 12."),
    ("Cleaning", "Wipe the housing with a damp cloth. Alcohol dulls the window."),
)
INDEX = PassageIndex.of_passages(
    tuple(
        Passage(
            number=at,
            title_path=(title,),
            text=text,
            page=at + 1,
            kind=UnitKind.TABLE if "|" in text else UnitKind.PARAGRAPH,
        )
        for at, (title, text) in enumerate(TEXTS)
    ),
    language=Language.EN,
)


def asked(text: str, language: Language = Language.EN) -> Question:
    return Question(
        text=text,
        language=language,
        found=tuple(INDEX.search(text, MOST_PASSAGES)),
        source=SOURCE,
        searched="QX manual, pages 1-6",
    )


@pytest.mark.parametrize(
    "text",
    [
        "How long must I wait before I take the cover off?",
        "What torque do the terminal screws of the QX-100 need?",
        "What is the weight of the QX-200?",
        "May I clean the housing with alcohol?",
        "Which Modbus address is set at the factory?",
        "퓨즈의 부품 번호는 무엇인가요?",
        "QX-200의 무게는 얼마인가요?",
    ],
)
def test_what_the_manual_says_is_answered(text: str) -> None:
    assert reason_to_refuse(asked(text)) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("What is the weight of the QX-900?", Reason.UNKNOWN_CODE),
        ("How do I connect the module by Bluetooth?", Reason.NOT_MENTIONED),
        ("모듈을 블루투스로 연결할 수 있나요?", Reason.NOT_MENTIONED),
        ("Does the module speak HDMI?", Reason.NOT_MENTIONED),
        ("Is the housing listed by Zorbit for the module?", Reason.NOT_MENTIONED),
        ("Which poem does the cover quote on its hidden parchment lining?", Reason.NOT_MENTIONED),
        ("Who whistles merrily whenever the cloth giggles?", Reason.NOT_COVERED),
    ],
)
def test_what_it_does_not_say_is_refused_with_the_reason(text: str, reason: Reason) -> None:
    assert reason_to_refuse(asked(text)) is reason


def test_a_topic_counts_as_named_by_any_of_its_names() -> None:
    """무게 is asked and only kg stands there: a topic is known by each of its names, of either language."""
    judgement = judged(asked("QX-200의 무게는?"))
    assert judgement is not None
    assert judgement.signs.absent_topic == 0


def test_a_price_that_stands_nowhere_is_a_sign() -> None:
    judgement = judged(asked("What does the QX-100 cost?"))
    assert judgement is not None
    assert judgement.signs.untold_service == 1
    assert judgement.weighed > 0


def test_numbers_with_a_unit_are_no_names() -> None:
    judgement = judged(asked("Is a fuse of 16 A or the 32-pole one allowed?"))
    assert judgement is not None
    assert judgement.signs.unknown_name == 0


def test_without_an_index_nothing_is_weighed() -> None:
    assert judged(question("What is the weight of the QX-100?")) is None


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("Has the module Bluetooth?", Language.EN, "Not found there: Bluetooth."),
        ("모듈에 블루투스 있나요?", Language.KO, "나오지 않는 말: 블루투스."),
        ("그리고 모듈에 블루투스 있나요?", Language.KO, "나오지 않는 말: 블루투스."),
        ("Maybe the module has Bluetooth, too?", Language.EN, "Not found there: Bluetooth."),
    ],
)
async def test_the_words_that_stand_nowhere_are_said_as_they_were_asked(
    text: str, language: Language, said: str
) -> None:
    answer = await gathered(ExtractiveAnswerer().answer(asked(text, language)))
    assert answer.finished.refusal == "assistant_answers.refusal.not_mentioned"
    assert said in answer.text


class TestAskedWords:
    def test_a_word_tells_where_it_stands_and_where_another_for_it(self) -> None:
        words = {word.text: word for word in INDEX.search("wash the cloth zebra")[0].asked}
        assert (words["cloth"].holding, words["cloth"].near) == (1, 0)
        assert words["wash"].holding == 0
        assert words["wash"].near >= 1
        assert words["wash"].is_known
        assert not words["zebra"].is_known

    def test_a_name_that_stands_nowhere_is_an_absent_topic_and_one_that_does_is_none(self) -> None:
        words = {word.text: word for word in INDEX.search("modbus or bluetooth for the module")[0].asked}
        assert words["bluetooth"].is_absent_topic
        assert not words["modbus"].is_absent_topic


@pytest.mark.parametrize(
    ("material", "counts", "most_wrongly", "least_rightly"),
    [(DATA, {True: 299, False: 72}, 0.02, 0.64), (BLIND, {True: 152, False: 72}, 0.08, 0.52)],
)
def test_refusals_on_the_written_manuals_are_as_the_reference_states(
    material: Path, counts: dict[bool, int], most_wrongly: float, least_rightly: float
) -> None:
    """What is measured on the development sets is held, so that nothing makes it worse unseen; the aims are .05 and .90."""
    refused = {True: 0, False: 0}
    count = {True: 0, False: 0}
    for name in manual_names(material):
        document = read_document(manual_pdf(name))
        index = PassageIndex.of(document)
        for each in written_questions(material):
            if each.manual == name:
                found = tuple(index.search(each.question, MOST_PASSAGES))
                put = replace(asked(each.question), found=found)
                count[each.answerable] += 1
                refused[each.answerable] += reason_to_refuse(put) is not None
    assert count == counts
    assert refused[True] / count[True] <= most_wrongly
    assert refused[False] / count[False] >= least_rightly


@pytest.mark.parametrize(
    ("text", "is_sure"),
    [
        ("What torque do the terminal screws of the QX-100 need?", True),
        ("May I clean the housing with alcohol?", True),
        ("Modbus?", True),
        ("fuses", True),
        ("Is there a clip to hold the window open?", False),
    ],
)
async def test_what_comes_nearest_without_surely_answering_is_said_as_such(text: str, is_sure: bool) -> None:
    answer = await gathered(ExtractiveAnswerer().answer(asked(text)))
    assert answer.finished.refusal is None
    assert answer.finished.is_sure is is_sure
    assert answer.text.startswith("From" if is_sure else "This comes nearest in")


class TestLexiconSigns:
    @pytest.mark.parametrize("text", ["Which headset fits the module?", "모듈에 맞는 헤드셋은?"])
    def test_a_thing_that_stands_there_by_none_of_its_names_is_absent(self, text: str) -> None:
        judgement = judged(asked(text))
        assert judgement is not None
        assert judgement.signs.absent_thing == 1.0

    def test_a_thing_that_stands_there_by_another_name_is_not_absent(self) -> None:
        judgement = judged(asked("How heavy is the QX-100, its mass?"))
        assert judgement is not None
        assert judgement.signs.absent_thing == 0.0

    def test_another_model_of_the_series_is_a_stranger(self) -> None:
        index = index_of("The R4 weighs 1 kg.", "The R6 weighs 2 kg.")
        signs = {}
        for model in ("R6", "R8"):
            put = asked(f"Weight of the {model}")
            judgement = judged(replace(put, found=tuple(index.search(put.text, MOST_PASSAGES))))
            assert judgement is not None
            signs[model] = judgement.signs.stranger
        assert signs == {"R6": 0.0, "R8": 1.0}


def test_a_topic_weighs_less_the_more_of_the_question_is_found() -> None:
    """A thing may stand there by a name that no list knows: where the rest of the question stands together, it is not refused for that."""
    covered = judged(asked("Which Modbus address of the module is delivered on wifi?"))
    bare = judged(asked("Has the module wifi for zebras?"))
    assert covered is not None
    assert bare is not None
    assert 0 < covered.signs.absent_topic < bare.signs.absent_topic
    assert covered.weighed < bare.weighed
