"""What can be wrong with a search and its administration, as errors of its own.

NotFound
├── SearchNotFound           there is no such entry in the log of the caller's organisation
├── HitNotFound              what was opened is not there, or not for the caller: the two look the same
├── PinNotFound
└── SynonymsNotFound
Conflict
└── PinExists                the thing is pinned to that query already
Forbidden
└── NothingToSearch          the caller may read none of the sources asked for
"""

from collections.abc import Sequence
from uuid import UUID

from kis.identity import Permission
from kis.platform.errors import Conflict, Forbidden, NotFound
from kis.platform.messages import Message
from kis.search.things import Source


class SearchNotFound(NotFound):
    """There is no such search of the caller's organisation."""

    code = "search_not_found"

    def __init__(self, search_id: UUID) -> None:
        super().__init__(Message("search.not_found.search", {"id": str(search_id)}))


class HitNotFound(NotFound):
    """There is no such thing that the caller may read."""

    code = "hit_not_found"

    def __init__(self, source_id: UUID) -> None:
        super().__init__(Message("search.not_found.hit", {"id": str(source_id)}))


class PinNotFound(NotFound):
    """The organisation has no such pin."""

    code = "pin_not_found"

    def __init__(self, pin_id: UUID) -> None:
        super().__init__(Message("search.not_found.pin", {"id": str(pin_id)}))


class SynonymsNotFound(NotFound):
    """The organisation has no such group of synonyms; those that came with the program are nobody's to change."""

    code = "synonyms_not_found"

    def __init__(self, group_id: UUID) -> None:
        super().__init__(Message("search.not_found.synonyms", {"id": str(group_id)}))


class PinExists(Conflict):
    """The thing is pinned to that query already."""

    code = "pin_exists"

    def __init__(self, query: str) -> None:
        super().__init__(Message("search.pin_exists", {"query": query}))


class NothingToSearch(Forbidden):
    """The caller may read none of the sources asked for; ``permission`` is what the first of them takes."""

    def __init__(self, asked: Sequence[Source], permission: Permission) -> None:
        sources = tuple(Message(f"search.source.{source.value}") for source in asked)
        super().__init__(
            Message("search.nothing_to_search", {"sources": sources}),
            permission=permission.value,
            sources=[source.value for source in asked],
        )
