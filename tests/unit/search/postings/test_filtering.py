"""What hits must be, as SQL. That PostgreSQL reads it likewise is proven in tests/contract/search."""

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kis.search import Filters, Language, Source
from kis.search.asking.folding import fold
from kis.search.asking.parser import parse
from kis.search.postings.filtering import conditions_of, standing

NOTHING = parse("")


class TestConditionsOf:
    def test_nothing_asks_for_nothing(self) -> None:
        assert conditions_of(Filters(), NOTHING).are_none

    def test_words_alone_are_no_condition(self) -> None:
        assert conditions_of(Filters(), parse("누전 차단기 10:30 ABN-53")).are_none

    def test_choices_are_values_and_never_sql(self) -> None:
        hostile = "'; DROP TABLE x; --"
        filters = Filters(kinds=(hostile,), tags=(hostile,), authors=(hostile,), statuses=(hostile,))

        found = conditions_of(filters, parse(f'title:"{hostile}" -"{hostile}" "{hostile}" author:{hostile}'))

        assert not [sql for sql in (*found.columns, *found.texts) if "drop" in sql.lower()]

    def test_both_days_are_whole(self) -> None:
        found = conditions_of(Filters(since=date(2026, 2, 28), until=date(2026, 2, 28)), NOTHING)

        assert found.values == {
            "since": datetime(2026, 2, 28, tzinfo=UTC),
            "until": datetime(2026, 3, 1, tzinfo=UTC),
        }

    def test_the_last_day_of_all_is_no_limit(self) -> None:
        assert conditions_of(Filters(until=date.max), NOTHING).are_none

    def test_what_cannot_be_stored_finds_nothing_instead_of_failing(self) -> None:
        found = conditions_of(Filters(kinds=("\x00",), tags=("\ud800", "a")), NOTHING)

        assert found.values == {"kinds": [], "tags": ["a"]}

    def test_every_filter_is_a_condition(self) -> None:
        filters = Filters(
            sources=(Source.ARTICLE,),
            categories=(),
            kinds=("faq",),
            languages=(Language.KO,),
            statuses=("published",),
            tags=("a",),
            authors=("kim",),
            since=date(2026, 1, 1),
            until=date(2026, 1, 2),
        )

        assert len(conditions_of(filters, NOTHING).columns) == 8

    def test_a_phrase_needs_its_syllables(self) -> None:
        assert conditions_of(Filters(), parse('"누전 차단기" "ip 65"')).syllables == {"누전", "차단", "단기"}

    def test_what_must_not_stand_needs_nothing(self) -> None:
        assert conditions_of(Filters(), parse('외함 -"누전 차단기"')).syllables == set()


class TestStanding:
    @pytest.mark.parametrize(
        ("words", "text"),
        [
            ("차단기", "누전차단기를 고른다"),
            ("누전 차단기", "누전 \n 차단기"),
            ("breaker", "two breakers"),
            ("ac", "dc or ac."),
            ("ac", "전원은 ac이다"),
            ("65", "ip65"),
            ("1.5", "1.5 mm2"),
            ("1.5", "of 1.5."),
            ("50%", "at 50% load"),
            ("c:\\x", "see c:\\x there"),
            ("a+b", "a+b"),
            ("(x)", "f(x)"),
        ],
    )
    def test_stands(self, words: str, text: str) -> None:
        assert re.search(standing(words), text)

    @pytest.mark.parametrize(
        ("words", "text"),
        [
            ("차단기", "차단 기"),
            ("누전 차단기", "누전차단기"),
            ("ac", "vacuum"),
            ("ac", "access"),
            ("in", "incoming"),
            ("reaker", "breaker"),
            ("5", "15"),
            ("5", "1.5"),
            ("5", "5.5"),
            ("5", "5,000"),
            ("a.c", "abc"),
            ("a+", "aaa"),
        ],
    )
    def test_does_not_stand(self, words: str, text: str) -> None:
        assert not re.search(standing(words), text)

    @given(st.text(max_size=40))
    def test_whatever_is_asked_for_stands_in_itself(self, typed: str) -> None:
        for words in parse(f'"{typed}"').phrases:
            assert re.search(standing(words), fold(words))
