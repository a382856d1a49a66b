"""Filters, and what a question says beside its words, as SQL over ``i``, the item, and ``f``, its texts folded.

To fold a text takes a tenth of a millisecond. So what must stand in the whole of it is looked for in the best of what was found alone, and of that
in those items which have all syllables of the phrase.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from kis.search.asking.parser import Asked
from kis.search.things import Filters

_NEVER_STORED: Final = re.compile("[\x00\ud800-\udfff]")
"""What PostgreSQL has no place for; nothing that is kept can be equal to it."""
_SPECIAL: Final = re.compile(r"([!-/:-@\[-`{-~])")
_PAIR: Final = re.compile("(?=([가-힣]{2}))")
_OPEN_LETTERS: Final = 4
"""So long a Latin word may be the beginning of a longer one: ``-breaker`` shuts out breakers, too."""


def _folded(text: str) -> str:
    return f"lower(CASE WHEN {text} IS NFKC NORMALIZED THEN {text} ELSE normalize({text}, NFKC) END)"


_TITLE: Final = _folded("CAST(i.title AS text)")
_TAGS: Final = _folded("array_to_string(i.tags, E'\\n')")
_AUTHOR: Final = _folded("CAST(i.author AS text)")
_WHOLE: Final = (
    "SELECT {folded} AS whole FROM (SELECT concat_ws(E'\\n', i.title, i.summary, i.body, "
    "array_to_string(i.names, E'\\n'), array_to_string(i.tags, E'\\n')) AS words OFFSET 0) AS w OFFSET 0"
)
TEXTS: Final = _WHOLE.format(folded=_folded("w.words"))
"""``f``: all texts of an item, folded once however many conditions there are."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a hit must meet, with the values of it."""

    columns: list[str] = field(default_factory=list)
    """Over ``i``."""
    texts: list[str] = field(default_factory=list)
    """Over ``f``."""
    syllables: set[str] = field(default_factory=set)
    """What a text has that meets those over ``f``: two syllables each."""
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def are_none(self) -> bool:
        """Whether everything meets them."""
        return not self.columns and not self.texts


def conditions_of(filters: Filters, asked: Asked) -> Conditions:
    """Return the conditions a hit must meet."""
    conditions = Conditions()
    _choose(filters, conditions)
    _date(filters, conditions)
    _stand(asked, conditions)
    return conditions


def _choose(filters: Filters, conditions: Conditions) -> None:
    choices: Mapping[str, list[Any]] = {
        "source": [source.value for source in filters.sources],
        "category_id": list(filters.categories),
        "kind": list(filters.kinds),
        "language": [language.value for language in filters.languages],
        "status": list(filters.statuses),
        "author": list(filters.authors),
    }
    for column, chosen in choices.items():
        if chosen:
            conditions.columns.append(f"i.{column} = ANY(:{column}s)")
            conditions.values[f"{column}s"] = _kept(chosen)
    if filters.tags:
        conditions.columns.append("i.tags && CAST(:tags AS varchar[])")
        conditions.values["tags"] = _kept(filters.tags)


def _kept(values: Iterable[Any]) -> list[Any]:
    return [value for value in values if not isinstance(value, str) or not _NEVER_STORED.search(value)]


def _date(filters: Filters, conditions: Conditions) -> None:
    if filters.since is not None:
        conditions.columns.append("i.dated_at >= :since")
        conditions.values["since"] = datetime.combine(filters.since, time(), UTC)
    if filters.until is not None and filters.until < date.max:
        conditions.columns.append("i.dated_at < :until")
        conditions.values["until"] = datetime.combine(filters.until, time(), UTC) + timedelta(days=1)


def _stand(asked: Asked, conditions: Conditions) -> None:
    """Add what must stand where, and what must not stand at all."""
    for number, words in enumerate(asked.titles):
        conditions.columns.append(f"{_TITLE} ~ :in_title{number}")
        conditions.values[f"in_title{number}"] = standing(words)
    for number, tag in enumerate(asked.tags):
        conditions.columns.append(f":tag{number} = ANY(string_to_array({_TAGS}, E'\\n'))")
        conditions.values[f"tag{number}"] = tag
    if asked.authors:
        conditions.columns.append(f"{_AUTHOR} = ANY(:asked_authors)")
        conditions.values["asked_authors"] = list(asked.authors)
    for number, words in enumerate(asked.phrases):
        conditions.texts.append(f"f.whole ~ :phrase{number}")
        conditions.syllables.update(_PAIR.findall(words))
        conditions.values[f"phrase{number}"] = standing(words)
    for number, words in enumerate(asked.excluded):
        conditions.texts.append(f"f.whole !~ :not{number}")
        conditions.values[f"not{number}"] = standing(words)


def standing(words: str) -> str:
    """Return the regular expression (PostgreSQL's) of folded words as they stand in a folded text.

    A Korean word stands anywhere in a word, a Latin one at the beginning of a word, a short one only whole, and so does a number.
    """
    spaced = r"\s+".join(_SPECIAL.sub(r"\\\1", word) for word in words.split(" "))
    return _begins(words[0]) + spaced + _ends(words)


def _begins(first: str) -> str:
    if "0" <= first <= "9":
        return "(?<![0-9])(?<![0-9][.,])"
    return "(?<![a-z])" if "a" <= first <= "z" else ""


def _ends(words: str) -> str:
    if "0" <= words[-1] <= "9":
        return "(?![.,]?[0-9])"
    return "(?![a-z])" if "a" <= words[-1] <= "z" and len(words) < _OPEN_LETTERS else ""
