"""Verification of sentences: what is altered is caught, what is true stays."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from kis.assistant.answering.verifying.checks import Doubt, verify
from kis.assistant.things import Passage
from tests.factories.answers import COVER, FUSES, PASSAGES, SIZES, TORQUE
from tests.factories.manuals_written import BLIND, BLIND_2, Claim, claims

FOLDER = Path(__file__).parent
CLAIMS = yaml.safe_load((FOLDER / "claims.yaml").read_text(encoding="utf-8"))
OTHER_FIELDS = yaml.safe_load((FOLDER / "claims_other_fields.yaml").read_text(encoding="utf-8"))


def written(kind: str, claims_of: list[dict[str, Any]] | None = None) -> list[tuple[str, Passage]]:
    return [
        (sentence, Passage(number=0, title_path=(), text=each["passage"], page=each["page"]))
        for each in claims_of or CLAIMS
        for sentence in each[kind]
    ]


def failing(kind: str, claims_of: list[dict[str, Any]]) -> float:
    """The share of sentences that come out wrong."""
    cases = written(kind, claims_of)
    wrong = [
        sentence
        for sentence, passage in cases
        if verify(sentence, [passage]).supported is not (kind == "true")
    ]
    return len(wrong) / len(cases)


def shares(of: tuple[Claim, ...]) -> tuple[float, float]:
    """The shares of altered claims that are caught, and of true ones that are kept."""
    judged = [
        (
            each.is_true,
            verify(
                each.sentence, [Passage(number=0, title_path=(), text=each.passage, page=each.page)]
            ).supported,
        )
        for each in of
    ]
    altered = [supported for is_true, supported in judged if not is_true]
    true = [supported for is_true, supported in judged if is_true]
    return altered.count(False) / len(altered), true.count(True) / len(true)


class TestMeasured:
    def test_true_sentences_in_other_words_are_kept(self) -> None:
        lost = [
            sentence for sentence, passage in written("true") if not verify(sentence, [passage]).supported
        ]

        assert len(written("true")) >= 80
        assert len(lost) <= 0.05 * len(written("true")), lost

    def test_altered_sentences_are_caught(self) -> None:
        cases = written("altered")

        passed = [sentence for sentence, passage in cases if verify(sentence, [passage]).supported]

        assert len(cases) >= 100
        assert len(passed) <= 0.05 * len(cases), passed

    def test_claims_written_by_others_come_out_as_the_reference_states(self) -> None:
        """The floors of what docs/reference/answers.md states."""
        first, second, third = shares(claims()), shares(claims(BLIND)), shares(claims(BLIND_2))

        assert first[0] >= 0.98
        assert first[1] >= 0.99
        assert second[0] >= 0.98
        assert second[1] >= 0.93
        assert third[0] >= 0.96
        assert third[1] >= 0.94

    def test_sentences_of_other_fields_come_out_as_the_reference_states(self) -> None:
        assert failing("altered", OTHER_FIELDS) <= 0.025
        assert failing("true", OTHER_FIELDS) <= 0.006


@pytest.mark.parametrize(
    ("sentence", "doubt"),
    [
        ("Wait at least 15 minutes before you remove the cover.", Doubt.NUMBER),
        ("Wait at least 5 hours before you remove the cover.", Doubt.NUMBER),
        ("Wait at most 5 minutes before you remove the cover.", Doubt.BOUND),
        ("Touch the busbars with bare hands.", Doubt.DENIAL),
        ("As page 9 says, never touch the busbars with bare hands.", Doubt.PAGE),
        ("The QX-300 has busbars under the cover.", Doubt.CODE),
        ("Microsoft wrote the cover.", Doubt.WORDS),
        ("And so on and so on.", Doubt.WORDS),
    ],
)
def test_each_alteration_is_named(sentence: str, doubt: Doubt) -> None:
    assert verify(sentence, [COVER]).doubt is doubt


def test_units_are_converted() -> None:
    assert verify("Wait at least 300 seconds before you remove the cover.", [COVER]).supported


def test_a_number_of_another_row_is_caught() -> None:
    assert verify("The QX-100 has a weight of 1.4 kg.", [SIZES]).supported
    assert verify("The QX-100 has a weight of 2.6 kg.", [SIZES]).doubt is Doubt.NUMBER


def test_the_passage_that_supports_is_named() -> None:
    assert verify("Tighten the terminal screws to 2.5 N·m.", PASSAGES).passage == PASSAGES.index(TORQUE)


def test_headings_speak_with_their_passage() -> None:
    passage = replace(FUSES, title_path=("QX-100",))

    assert verify("The fuse of the QX-100 is 10 A.", [passage]).supported


def test_nothing_supports_without_passages() -> None:
    assert not verify("Switch off the main breaker.", []).supported


VALVES = Passage(
    number=0,
    title_path=(),
    text=(
        "Rinse the tank before the valve is opened. The VX-10 holds 5 litres, the VX-20 holds 8 litres. "
        "The upper lamp shows heating, the lower lamp shows cooling. Do not open the lid before the fan stops. "
        "Only a technician may open the housing.\n"
        "Mode | Fan | Time\nDry | on | 20 min\nCool | off | 45 min"
    ),
    page=3,
)


@pytest.mark.parametrize(
    ("true", "altered", "doubt"),
    [
        ("The VX-20 has a capacity of 8 litres.", "The VX-20 holds 5 litres.", Doubt.NUMBER),
        ("The lower lamp shows cooling.", "The lower lamp shows heating.", Doubt.CHOICE),
        ("In Cool mode the fan is off.", "In Cool mode the fan is on.", Doubt.CHOICE),
        ("Dry mode takes 20 min.", "Dry mode takes 45 min.", Doubt.NUMBER),
        (
            "Open the valve after the tank has been rinsed.",
            "Rinse the tank after the valve is opened.",
            Doubt.ORDER,
        ),
        (
            "Open the lid only after the fan has stopped.",
            "Open the lid before the fan stops.",
            Doubt.DENIAL,
        ),
        ("A technician may open the housing.", "Anyone may open the housing.", Doubt.DENIAL),
        (
            "The VX-20 holds more litres than the VX-10.",
            "The VX-10 holds more litres than the VX-20.",
            Doubt.NUMBER,
        ),
    ],
)
def test_a_fact_is_that_of_the_statement_that_speaks_of_the_same(
    true: str, altered: str, doubt: Doubt
) -> None:
    assert verify(true, [VALVES]).supported
    assert verify(altered, [VALVES]).doubt is doubt


def test_a_bound_turned_by_a_denial_is_the_same_bound() -> None:
    passage = replace(COVER, text="The load must be 40 kg or less.")

    assert verify("A load of more than 40 kg is not allowed.", [passage]).supported
    assert verify("A load of less than 40 kg is not allowed.", [passage]).doubt is Doubt.BOUND


def test_korean_words_are_one_in_all_their_forms() -> None:
    passage = replace(COVER, text="밸브를 잠근 뒤 뚜껑을 열고 물을 채운다.")

    assert verify("밸브를 잠그고 나서 뚜껑을 열어 물을 채웁니다.", [passage]).supported
    assert verify("뚜껑을 연 다음 밸브를 잠급니다.", [passage]).doubt is Doubt.ORDER


@pytest.mark.parametrize(
    ("text", "true", "altered"),
    [
        (
            "With an empty seat the chair takes 14 seconds from bottom to top.",
            "From bottom to top the chair takes 14 seconds when nobody sits on it.",
            "From bottom to top the chair does not take 14 seconds with an empty seat.",
        ),
        (
            "Damage from wrong water, wrong cleaners or missed care is not covered.",
            "Damage from wrong cleaners is not covered.",
            "Damage from wrong water is covered.",
        ),
        (
            "Program | Light mW/cm² | Time\nSoft | 1,200 | 20 s\nTurbo | 2,100 | 3 s",
            "The Turbo program gives 2,100 mW/cm² for 3 s.",
            "The Soft program gives 2,100 mW/cm² for 20 s.",
        ),
        ("The remote works up to 6 metres away.", "It works 600 cm away.", "It works 6 kilometres away."),
        (
            "The lamp blinks when a tenth of the charge is left.",
            "It blinks when a tenth of the charge is left.",
            "It blinks when more than a tenth of the charge is left.",
        ),
        ("보증은 다섯 해로 늘어난다.", "보증이 5년으로 늘어납니다.", "보증은 다섯 달로 늘어난다."),
        (
            "켤 때 전류가 정격을 넘지 않는다.",
            "켤 때의 전류는 정격을 넘지 않습니다.",
            "켤 때 전류가 정격을 넘습니다.",
        ),
        (
            "베어링에 그리스를 치지 않는다.",
            "베어링에는 그리스를 치지 않습니다.",
            "베어링에 그리스를 쳐야 합니다.",
        ),
    ],
)
def test_another_way_of_saying_is_told_from_another_fact(text: str, true: str, altered: str) -> None:
    passage = replace(COVER, text=text)

    assert verify(true, [passage]).supported
    assert not verify(altered, [passage]).supported


def test_a_sentence_of_the_passage_itself_is_supported() -> None:
    text = "A glass heavier than 150 g is taken for a full one and stays empty."

    assert verify(text, [replace(COVER, text=f"The stand notices an empty glass. {text}")]).supported
