"""What is put in place of what was typed."""

import pytest

from kis.search.postings.corrections import Correction, corrected, knows_most, share_known
from kis.search.postings.ranking import Asked, Terms


def terms(known: dict[str, bool], *, added: tuple[str, ...] = ()) -> Terms:
    asked = tuple(Asked(term, int(is_known), 1.0, 1.0) for term, is_known in known.items())
    return Terms((1,), 10, asked, typed=frozenset(known) - set(added))


class TestShareKnown:
    def test_is_of_words(self) -> None:
        assert share_known(terms({"ma": True, "mb": False, "bab": False, "bcd": False})) == 0.5

    def test_is_of_syllables_where_there_are_no_words(self) -> None:
        assert share_known(terms({"bab": True, "bcd": False})) == 0.5

    def test_does_not_depend_on_what_was_added(self) -> None:
        given = terms({"ma": True, "mx": False, "my": False}, added=("mx", "my"))

        assert share_known(given) == 1
        assert knows_most("a", given)

    def test_of_letters_without_end_does_not_count(self) -> None:
        assert not knows_most("whydoestheboxneedanearthbar", terms({}))

    def test_of_nothing_is_all(self) -> None:
        assert share_known(terms({})) == 1


@pytest.mark.parametrize(
    ("typed", "correction", "meant"),
    [
        ("braeker trip", Correction("braeker", "breaker"), "breaker trip"),
        ("차단가를 교체", Correction("차단가", "차단기"), "차단기를 교체"),
        ("xab ab", Correction("ab", "abc"), "xab abc"),
        ("부스 바 굵기", Correction("부스 바", "부스바"), "부스바 굵기"),
        ("ab ab", Correction("ab", "cd"), "cd ab"),
    ],
)
def test_corrected(typed: str, correction: Correction, meant: str) -> None:
    assert corrected(typed, [correction]) == meant
