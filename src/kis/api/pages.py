"""Which page of a list that has one order and is not filtered."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Query


@dataclass(frozen=True, slots=True)
class PlainPage:
    """A page by its number and size."""

    page: int
    size: int

    @property
    def offset(self) -> int:
        """Return how many entries stand before this page."""
        return (self.page - 1) * self.size


async def _plain_page(
    page: Annotated[int, Query(ge=1, le=10_000, description="Number of the page, from 1.")] = 1,
    size: Annotated[int, Query(ge=1, le=100, description="Most items of a page.")] = 20,
) -> PlainPage:
    return PlainPage(page, size)


PlainPageRequest = Annotated[PlainPage, Depends(_plain_page)]
"""Which page of a list."""
