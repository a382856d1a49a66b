"""Verification of sentences: what is altered is caught, what is true stays."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from kis.assistant.answering.verifying import Doubt, verify
from kis.assistant.things import Passage
from tests.factories.answers import COVER, FUSES, PASSAGES, SIZES, TORQUE
from tests.factories.manuals_written import claims

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
        """The floor of what docs/reference/answers.md states."""
        judged = [
            (
                each.is_true,
                verify(
                    each.sentence, [Passage(number=0, title_path=(), text=each.passage, page=each.page)]
                ).supported,
            )
            for each in claims()
        ]

        altered = [supported for is_true, supported in judged if not is_true]
        true = [supported for is_true, supported in judged if is_true]
        assert altered.count(False) >= 0.97 * len(altered)
        assert true.count(False) <= 0.04 * len(true)

    def test_sentences_of_other_fields_come_out_as_the_reference_states(self) -> None:
        assert failing("altered", OTHER_FIELDS) <= 0.04
        assert failing("true", OTHER_FIELDS) <= 0.04


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
