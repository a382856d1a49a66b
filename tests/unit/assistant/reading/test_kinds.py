"""A question tells what kind of answer it wants, and passages that tell such things are found before others."""

import pytest

from kis.assistant.reading.everyday import everyday
from kis.assistant.reading.kinds import told, wanted
from tests.factories.small_manuals import index_of


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How far may the pipe be from the wall?", "length"),
        ("몇 미터까지 이을 수 있나요?", "length"),
        ("How heavy is the cover?", "mass"),
        ("How long does it take?", "time"),
        ("몇 도에서 멈추나요?", "temperature"),
        ("How loud is it?", "sound"),
        ("Which colour is the lamp?", "colour"),
        ("필터의 품번", "partno"),
        ("May I oil the chain?", "allowed"),
        ("사슬에 기름을 발라도 되나요?", "allowed"),
        ("How do I change the filter?", "steps"),
    ],
)
def test_a_question_tells_what_it_wants(question: str, kind: str) -> None:
    assert kind in wanted(question)


def test_of_a_question_without_such_words_nothing_is_known() -> None:
    assert wanted("filter of the pump") == []


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Leave 300 mm free.", {"length"}),
        ("벽에서 5 m, 무게 28 kg", {"length", "mass"}),
        ("The lamp is green for 5 min.", {"colour", "time"}),
        ("It stops at 109 °C.", {"temperature"}),
        ("Never oil the chain.", {"allowed"}),
        ("Model M5 stands on 2 legs.", set()),
    ],
)
def test_a_text_tells_by_its_units_and_words(text: str, kinds: set[str]) -> None:
    assert {kind for kind, places in told([text]).items() if places} == kinds


def test_what_tells_a_length_comes_first_where_a_length_is_asked() -> None:
    index = index_of(
        "The pipe goes to the wall. The pipe is grey.",
        "The pipe ends 300 mm before it.",
        *(f"Keep part {part} dry." for part in "abcdef"),
    )
    assert index.search("pipe")[0].passage.number == 0
    assert index.search("How far does the pipe go?")[0].passage.number == 1


def test_the_score_of_what_covers_half_a_question_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two words as rare as each other one stands there: 0.7 + 0.3 x 0.5 of its score are left."""
    index = index_of(
        "Oil the turbine.", *(f"Keep part {part} dry." for part in "abcdef"), "Clean the anchor."
    )
    found = index.search("turbine anchor", 8)[0]
    monkeypatch.setattr("kis.assistant.reading.index._WHOLE", 0.0)
    assert found.coverage == pytest.approx(0.5, abs=0.01)
    assert found.score == pytest.approx(0.85 * index.search("turbine anchor", 8)[0].score, rel=0.01)


@pytest.mark.parametrize(
    ("word", "weight"),
    [
        ("recommended", 0.4),
        ("turbine", 1.0),
        ("나중", 0.4),
        ("올라가도", 0.4),
        ("얼어붙으면", 0.6),
        ("베어링", 1.0),
    ],
)
def test_everyday_words_and_verbs_tell_less_than_nouns(word: str, weight: float) -> None:
    assert everyday().weight_of(word) == weight


def test_an_everyday_word_that_stands_nowhere_uncovers_less_than_a_noun() -> None:
    index = index_of("Clean the turbine.", *(f"Keep part {part} dry." for part in "abcdef"))
    everyday_missing = index.search("recommended turbine")[0].coverage
    noun_missing = index.search("zebra turbine")[0].coverage
    assert everyday_missing > noun_missing
