"""Filters, and what a question says beside its words, as SQL over ``i``, the item."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

from kis.search.asking.parser import Asked
from kis.search.things import Filters

_TITLE: Final = "lower(normalize(i.title, NFKC))"
_TAGS: Final = "lower(normalize(array_to_string(i.tags, E'\\n'), NFKC))"
_ALL: Final = (
    "lower(normalize(concat_ws(E'\\n', i.title, i.summary, i.body, array_to_string(i.names, E'\\n')), NFKC))"
)


def conditions_of(filters: Filters, asked: Asked) -> tuple[list[str], Mapping[str, Any]]:
    """Return the conditions a hit must meet, with their values."""
    conditions: list[str] = []
    values: dict[str, Any] = {}
    choices = {
        "source": [source.value for source in filters.sources],
        "category_id": list(filters.categories),
        "kind": list(filters.kinds),
        "language": [language.value for language in filters.languages],
        "status": list(filters.statuses),
        "author": list(filters.authors),
    }
    for column, chosen in choices.items():
        if chosen:
            conditions.append(f"i.{column} = ANY(:{column}s)")
            values[f"{column}s"] = chosen
    if filters.tags:
        conditions.append("i.tags && CAST(:tags AS varchar[])")
        values["tags"] = list(filters.tags)
    if filters.since is not None:
        conditions.append("i.dated_at >= :since")
        values["since"] = datetime.combine(filters.since, time(), UTC)
    if filters.until is not None:
        conditions.append("i.dated_at < :until")
        values["until"] = datetime.combine(filters.until + timedelta(days=1), time(), UTC)
    _stand(asked, conditions, values)
    return conditions, values


def _stand(asked: Asked, conditions: list[str], values: dict[str, Any]) -> None:
    """Add what must stand where, and what must not stand at all."""
    places = [(_ALL, "phrase", asked.phrases), (_TITLE, "in_title", asked.titles)]
    for expression, name, wanted in places:
        for number, words in enumerate(wanted):
            conditions.append(f"position(:{name}{number} IN {expression}) > 0")
            values[f"{name}{number}"] = words
    for number, tag in enumerate(asked.tags):
        conditions.append(f":tag{number} = ANY(string_to_array({_TAGS}, E'\\n'))")
        values[f"tag{number}"] = tag
    if asked.authors:
        conditions.append("lower(normalize(i.author, NFKC)) = ANY(:asked_authors)")
        values["asked_authors"] = list(asked.authors)
    for number, words in enumerate(asked.excluded):
        conditions.append(f"position(:not{number} IN {_ALL}) = 0 AND position(:not{number} IN {_TAGS}) = 0")
        values[f"not{number}"] = words
