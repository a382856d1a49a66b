"""What each term of a query counts."""

import pytest

from kis.search.postings.reading import EXACT, LIGHT, counts_of
from kis.search.tokens import Cutter, NoAnalyzer


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        pytest.param("boxes", {"mbox": 1, "wboxes": EXACT}, id="the stem in full, its form less"),
        pytest.param(
            "ABN53", {"wabn53": 1, "wabn": EXACT, "w53": 1, "mabn": 1}, id="codes and numbers in full"
        ),
        pytest.param("how", {"whow": LIGHT * EXACT}, id="a word that asks"),
        pytest.param("함 함", {"b함": 2}, id="as often as it was typed"),
    ],
)
async def test_counts(text: str, counts: dict[str, float]) -> None:
    cut = (await Cutter(NoAnalyzer()).cut([text]))[0]

    assert counts_of(cut) == pytest.approx(counts)
    assert 0 < LIGHT < EXACT < 1
