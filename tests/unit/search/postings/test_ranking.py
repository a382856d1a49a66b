"""Which terms are read in full."""

from hypothesis import given
from hypothesis import strategies as st

from kis.search.postings.ranking import POSTINGS_IN_FULL, Asked, divided


def asked(*items: int) -> tuple[Asked, ...]:
    return tuple(Asked(f"m{place}", count, 1.0, 1.0) for place, count in enumerate(sorted(items)))


class TestDivided:
    def test_few_postings_are_read_in_full(self) -> None:
        terms = asked(10, 5_000, 4_990)

        assert divided(terms) == (terms, ())

    def test_one_more_than_enough_is_read_for_the_candidates_alone(self) -> None:
        terms = asked(10, 5_000, 4_991)

        assert divided(terms) == (terms[:2], terms[2:])

    def test_the_rarest_is_read_in_full_however_many_have_it(self) -> None:
        terms = asked(POSTINGS_IN_FULL * 2, POSTINGS_IN_FULL * 3)

        assert divided(terms) == (terms[:1], terms[1:])

    def test_what_can_add_most_is_read_in_full_before_what_is_rarer(self) -> None:
        """Beside the rarest there is room for 9,990: for the term worth 3, then for none of 7,000, then for the one of 2,990."""
        rarest = Asked("m0", 10, 1.0, 1.0)
        pair, word = Asked("p1", 2_990, 4.0, 0.25), Asked("m2", 7_000, 3.0, 1.0)
        bigram = Asked("b3", 7_000, 3.0, 0.7)

        assert divided((rarest, pair, word, bigram)) == ((rarest, pair, word), (bigram,))
        assert divided((rarest, bigram, word)) == ((rarest, word), (bigram,))

    def test_of_nothing(self) -> None:
        assert divided(()) == ((), ())

    @given(st.lists(st.integers(0, 100_000), max_size=40))
    def test_every_term_is_in_one_part_and_what_is_read_is_bounded(self, items: list[int]) -> None:
        terms = asked(*items)

        in_full, in_part = divided(terms)

        assert sorted((*in_full, *in_part), key=terms.index) == list(terms)
        assert not {*in_full} & {*in_part}
        assert sum(one.items for one in in_full[1:]) <= POSTINGS_IN_FULL
        assert bool(in_full) == bool(terms)
