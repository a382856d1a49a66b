"""Of texts that answer alike, those in the language of the question come first: its words stand in them as they are, not by way of synonyms and names."""

import re
from dataclasses import replace
from typing import Final

from kis.search.postings.ranking import Ranked, Ranking
from kis.search.things import Language

OWN_LANGUAGE: Final = 1.25
"""What a text in the language of the question counts beside one in the other."""
_HANGUL: Final = re.compile(r"[가-힣]")
_ENGLISH: Final = re.compile(r"(?<![^\W_])[A-Za-z]?[a-z]{2,}(?![^\W_])")
"""A word in small letters: MCCB, ABN-53 and 3P are asked for in either language."""


def language_of(asked: str) -> Language | None:
    """Return the language of a question; None where it has no word that tells, or words of both."""
    is_korean, is_english = _HANGUL.search(asked), _ENGLISH.search(asked)
    if bool(is_korean) is bool(is_english):
        return None
    return Language.KO if is_korean else Language.EN


def worth_of(one: Ranked, language: Language | None) -> float:
    """Return what the score of a text is multiplied by."""
    return OWN_LANGUAGE if language is not None and one.language == language.value else 1.0


def _weighed(one: Ranked) -> Ranked:
    """Return a copy that is worth more; ``replace`` would take as long as all the rest, a thousand times for a query."""
    score = one.score * OWN_LANGUAGE
    return Ranked(one.item_id, one.audience_id, score, one.source, one.source_id, one.language, one.is_whole)


def preferring(ranking: Ranking, language: Language | None) -> Ranking:
    """Return the ranking with what texts in a language are worth more."""
    if language is None:
        return ranking
    weighed = [_weighed(one) if one.language == language.value else one for one in ranking.items]
    return replace(ranking, items=tuple(sorted(weighed, key=lambda one: -one.score)))
