"""BM25F by hand, with rules of the test's own: those of the engine are tuned."""

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kis.search.postings import weights
from kis.search.postings.weights import (
    ENOUGH_ITEMS,
    USUAL_LENGTHS,
    Field,
    FieldRule,
    Lengths,
    Weighed,
    lengths_of,
    rarity,
    weigh,
)
from kis.search.things import Source
from kis.search.tokens import Cut, TermKind


@pytest.fixture(autouse=True)
def rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "K1", 1.6)
    monkeypatch.setattr(
        weights,
        "RULES",
        {
            Field.TITLE: FieldRule(2.0, 0.5),
            Field.BODY: FieldRule(1.0, 0.75),
            Field.NAMES: FieldRule(3.0, 0.0),
        },
    )
    monkeypatch.setattr(weights, "SOURCE_SHARES", {Source.CATALOG_ITEM: 0.5})


def cut(**terms: int) -> Cut:
    return Cut(Counter(terms), has_morphemes=True)


def weighed(
    fields: dict[Field, Cut], averages: Lengths | None = None, source: Source = Source.ARTICLE
) -> dict[str, Weighed]:
    return {each.term: each for each in weigh(fields, averages or counted(), source)}


def counted(title: int = 4, body: int = 6) -> Lengths:
    """Return the lengths of a hundred items of so many terms in title and body."""
    return Lengths(100, {"title.m": 100.0 * title, "body.m": 100.0 * body})


class TestWeigh:
    def test_a_part_counts_less_than_what_tells_of_it(self) -> None:
        fields = {Field.BODY: cut(ma=1, mb=5)}

        assert weighed(fields, source=Source.CATALOG_ITEM)["ma"].weight == pytest.approx(0.5)
        assert weighed(fields, source=Source.QUOTATION)["ma"].weight == pytest.approx(1.0)

    def test_a_text_of_average_length(self) -> None:
        # tf = 1 · 1 ÷ (1 − ¾ + ¾ · 6 ÷ 6) = 1; weight = 1 · 2.6 ÷ (1 + 1.6) = 1
        found = weighed({Field.BODY: cut(ma=1, mb=5)})

        assert found["ma"].weight == pytest.approx(1.0)
        # tf = 5; weight = 5 · 2.6 ÷ 6.6
        assert found["mb"].weight == pytest.approx(13 / 6.6)

    def test_a_short_text_says_more_about_each_of_its_terms(self) -> None:
        # tf = 1 ÷ (¼ + ¾ · 2 ÷ 6) = 2; weight = 2 · 2.6 ÷ 3.6
        assert weighed({Field.BODY: cut(ma=1, mb=1)})["ma"].weight == pytest.approx(5.2 / 3.6)

    def test_fields_add_up_before_they_are_weighed(self) -> None:
        # title: 2 ÷ (½ + ½ · 1 ÷ 4) = 3.2; body: 2 · 1 ÷ (¼ + ¾ · 3 ÷ 6) = 3.2; together 6.4 · 2.6 ÷ 8 = 2.08
        found = weighed({Field.TITLE: cut(ma=1), Field.BODY: cut(ma=2, mb=1)})

        assert found["ma"].weight == pytest.approx(2.08)
        assert found["ma"].fields == Field.TITLE | Field.BODY
        assert found["mb"].fields == Field.BODY

    def test_a_field_whose_length_is_not_held_against_it(self) -> None:
        # 3 · 1 ÷ 1 = 3, however many there are; weight = 3 · 2.6 ÷ 4.6
        many = {f"m{number}": 1 for number in range(40)}

        assert weighed({Field.NAMES: cut(**many)})["m7"].weight == pytest.approx(7.8 / 4.6)

    def test_each_kind_of_term_has_its_own_length(self) -> None:
        """Thirty bigrams do not make the morphemes of a text less telling."""
        alone = weighed({Field.BODY: cut(ma=1)})["ma"].weight
        beside = weighed({Field.BODY: cut(ma=1, **{f"b{n}": 1 for n in range(30)})})["ma"].weight

        assert alone == beside

    def test_of_nothing_is_nothing(self) -> None:
        assert weighed({}) == {}
        assert weighed({Field.BODY: cut()}) == {}

    @given(
        st.integers(1, 1000), st.integers(1, 1000), st.integers(1, 5000), st.floats(1, 5000, allow_nan=False)
    )
    def test_more_of_a_term_weighs_more_but_never_more_than_all(
        self, few: int, more: int, others: int, average: float
    ) -> None:
        lengths = Lengths(100, {"body.m": 100 * average})
        # A term that takes the place of others: the length stays.
        low, high = sorted((few, few + more))
        length = high + others
        less = weighed({Field.BODY: cut(ma=low, mb=length - low)}, lengths)["ma"].weight
        full = weighed({Field.BODY: cut(ma=high, mb=length - high)}, lengths)["ma"].weight

        assert 0 < less < full < 2.6

    @given(st.integers(1, 50), st.integers(1, 5000), st.integers(1, 5000))
    def test_a_longer_text_says_less_about_a_term(self, times: int, others: int, more: int) -> None:
        short = weighed({Field.BODY: cut(ma=times, mb=others)})["ma"].weight
        long = weighed({Field.BODY: cut(ma=times, mb=others + more)})["ma"].weight

        assert long < short


class TestLengths:
    def test_are_the_usual_ones_while_there_are_few_items(self) -> None:
        few = Lengths(ENOUGH_ITEMS - 1, {"body.m": 1_000_000.0})

        assert few.average(Field.BODY, TermKind.MORPHEME) == USUAL_LENGTHS[Field.BODY][TermKind.MORPHEME]

    def test_are_averages_when_there_are_enough(self) -> None:
        lengths = Lengths(ENOUGH_ITEMS - 1, {"body.m": 10.0 * (ENOUGH_ITEMS - 1)})
        lengths.add({"body.m": 10 + ENOUGH_ITEMS, "title.b": 3})

        assert lengths.average(Field.BODY, TermKind.MORPHEME) == 11
        assert lengths.average(Field.TITLE, TermKind.BIGRAM) == 1, "never less than one"

    def test_there_is_a_usual_one_for_every_field_and_kind(self) -> None:
        assert all(USUAL_LENGTHS[field].keys() == set(TermKind) for field in Field)

    def test_of_an_item_by_field_and_kind(self) -> None:
        fields = {Field.TITLE: cut(ma=2, bab=1), Field.BODY: cut(mb=1)}

        assert lengths_of(fields) == {"title.m": 2, "title.b": 1, "body.m": 1}


class TestRarity:
    def test_by_hand(self) -> None:
        # ln(1 + (1000 − 10 + ½) ÷ (10 + ½)) = ln(95.333…)
        assert rarity(1000, 10) == pytest.approx(math.log(1 + 990.5 / 10.5))

    def test_what_all_have_is_worth_little_and_never_less_than_nothing(self) -> None:
        assert rarity(1000, 1000) == pytest.approx(math.log(1 + 0.5 / 1000.5))

    def test_what_nobody_was_counted_to_have_is_as_rare_as_one_items(self) -> None:
        assert rarity(1000, 0) == rarity(1000, 1)

    def test_of_more_than_all_is_of_all(self) -> None:
        """Counts are made apart from each other: for a moment one may be ahead."""
        assert rarity(5, 9) == rarity(5, 5)

    @given(st.integers(1, 10**7), st.integers(1, 10**7))
    def test_falls_with_every_item_that_has_it(self, items: int, having: int) -> None:
        assert rarity(items, having) >= rarity(items, having + 1) > 0
