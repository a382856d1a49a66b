"""Which of the pending revisions are applied before a release runs, and which after the old one is gone."""

import pytest

from kis.migrations import Kind, Revision
from kis.migrations.errors import PostOutstanding
from kis.migrations.runner import chosen


def waiting(kinds: str) -> list[Revision]:
    """Return revisions that are pending: ``e`` for pre, ``o`` for post."""
    return [
        Revision(f"{place:04}", Kind.PRE if kind == "e" else Kind.POST, "", is_applied=False)
        for place, kind in enumerate(kinds)
    ]


@pytest.mark.parametrize(
    ("kinds", "only", "count"),
    [
        ("", None, 0),
        ("eeo", None, 3),
        ("oeo", None, 3),
        ("", Kind.PRE, 0),
        ("eeo", Kind.PRE, 2),
        ("oo", Kind.PRE, 0),
        ("oo", Kind.POST, 2),
        ("", Kind.POST, 0),
        ("e", Kind.POST, 0),
        ("oe", Kind.POST, 1),
        ("ooeo", Kind.POST, 2),
    ],
)
def test_these_are_applied(kinds: str, only: Kind | None, count: int) -> None:
    assert chosen(waiting(kinds), only) == waiting(kinds)[:count]


@pytest.mark.parametrize(("kinds", "only"), [("oe", Kind.PRE), ("eoe", Kind.PRE), ("eo", Kind.POST)])
def test_these_would_be_out_of_order(kinds: str, only: Kind) -> None:
    with pytest.raises(PostOutstanding):
        chosen(waiting(kinds), only)
