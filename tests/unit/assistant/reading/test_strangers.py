"""A model or message that a document has not, though it has others of its kind."""

import pytest

from kis.assistant.reading.strangers import Kinds
from kis.assistant.reading.terms import folded, pieces_of

TERMS = {"r4", "r6", "f-12", "f-13", "rg-213", "message", "17", "ip54"}


@pytest.mark.parametrize(
    ("question", "strangers"),
    [
        ("How large is the display of the R8?", {"r8"}),
        ("How large is the display of the R6?", set()),
        ("F-58이 뜨면 무엇을 보나요", {"f-58"}),
        ("What does message 88 say?", {"88"}),
        ("What does message 17 say?", set()),
        ("May I use 88 screws?", set()),
        ("오류 88", {"88"}),
        ("Has it a Z9?", set()),
        ("Is it IP65?", set()),
    ],
    ids=lambda value: str(value)[:24],
)
def test_what_is_of_a_kind_and_not_there_is_a_stranger(question: str, strangers: set[str]) -> None:
    found = Kinds.of(TERMS).strangers(pieces_of(folded(question)), TERMS)
    assert {word[:4] for word in found} == strangers
