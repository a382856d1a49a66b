"""The language of a question, and what it does to the order of texts."""

from uuid import uuid4

import pytest

from kis.search.postings.preference import OWN_LANGUAGE, language_of, preferring
from kis.search.postings.ranking import Ranked, Ranking
from kis.search.things import Language


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("차단기 용량", Language.KO),
        ("MCCB 정격전류", Language.KO),
        ("how is unbalance computed", Language.EN),
        ("Which IP rating", Language.EN),
        ("차단기 breaker sizing", None),
        ("ABN-53", None),
        ("MCCB 3P 50A", None),
        ("IP44", None),
        ("380V", None),
        ("", None),
    ],
)
def test_the_language_of_a_question(asked: str, language: Language | None) -> None:
    assert language_of(asked) == language


def ranked(*given: tuple[str, float]) -> Ranking:
    return Ranking(
        tuple(
            Ranked(number, 1, score, "article", uuid4(), language)
            for number, (language, score) in enumerate(given)
        )
    )


def test_a_text_in_the_language_of_the_question_passes_one_that_answers_little_better() -> None:
    found = preferring(ranked(("ko", 10.0), ("en", 9.0), ("ko", 5.0), ("en", 3.9)), Language.EN)

    assert [(one.item_id, one.score) for one in found.items] == [
        (1, 9.0 * OWN_LANGUAGE),
        (0, 10.0),
        (2, 5.0),
        (3, 3.9 * OWN_LANGUAGE),
    ]


def test_without_a_language_all_stay_as_they_are() -> None:
    given = ranked(("ko", 10.0), ("en", 9.0))

    assert preferring(given, None) is given
