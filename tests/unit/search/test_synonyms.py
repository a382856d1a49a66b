"""Which words are asked for beside those of a query. Without morphemes here: what Kiwi makes of them is in tests/contract/search."""

from collections.abc import Sequence

import pytest

from kis.search.synonyms import MOST_WORDS, WEIGHT, Added, Thesaurus, shipped_groups
from kis.search.tokens import Cut, Cutter, NoAnalyzer

GROUPS = (
    ("enclosure", "cabinet", "steel box"),
    ("2P", "two pole"),
    ("3P", "three pole"),
    ("type A RCD", "pulsating current RCD"),
    ("RCD", "ELB"),
    ("차단기", "breaker"),
)


async def added(query: str, *groups: tuple[str, ...]) -> dict[str, float]:
    cutter = Cutter(NoAnalyzer())
    thesaurus = await Thesaurus.of(groups or GROUPS, cutter)
    added = thesaurus.expand((await cutter.cut([query]))[0])
    return {term: one.share for term, one in added.items()}


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        pytest.param("busbar", set(), id="a word of no group"),
        pytest.param("enclosures", {"mcabinet", "msteel", "mbox"}, id="another form"),
        pytest.param("box", set(), id="half of a word"),
        pytest.param("a steel box", {"menclosur", "mcabinet"}, id="both halves"),
        pytest.param("3P", {"mthree", "mpole"}, id="a code is itself and no other"),
        pytest.param("two pole", {"w2p"}, id="a code is asked for whole"),
        pytest.param("RCD", {"melb"}, id="a longer word is not meant"),
        pytest.param("type A RCD", {"melb", "mpulsat", "mcurrent"}, id="a longer word is meant"),
        pytest.param("breaker", {"b차단", "b단기"}, id="English for Korean"),
        pytest.param("차단기", {"mbreaker"}, id="Korean for English"),
        pytest.param("차단 기구", set(), id="half of a Korean word"),
    ],
)
async def test_other_words_of_a_group(query: str, terms: set[str]) -> None:
    assert set(await added(query)) == terms


async def test_a_word_counts_once_however_many_terms_it_has() -> None:
    found = await added("enclosure")

    assert found == {
        "mcabinet": WEIGHT,
        "msteel": WEIGHT / 2,
        "mbox": WEIGHT / 2,
    }


async def test_a_query_gets_a_bounded_number_of_words() -> None:
    group = tuple(f"w{'abcdefghij'[n // 10]}{'abcdefghij'[n % 10]}x" for n in range(100))

    assert len(await added(group[0], group)) <= MOST_WORDS


async def test_it_knows_when_it_was_cut_without_morphemes() -> None:
    cutter = Cutter(NoAnalyzer())

    assert not (await Thesaurus.of((("차단기", "breaker"),), cutter)).has_morphemes
    assert (await Thesaurus.of((("box", "case"),), cutter)).has_morphemes


def test_every_shipped_group_has_two_words_or_more() -> None:
    assert all(len(set(group)) > 1 for group in shipped_groups())


async def test_words_that_are_known_are_not_cut_again() -> None:
    asked: list[str] = []

    class Noting(Cutter):
        async def cut(self, texts: Sequence[str], *, wakes: bool = True) -> list[Cut]:
            asked.extend(texts)
            return await super().cut(texts, wakes=wakes)

    cutter = Noting(NoAnalyzer())
    first = await Thesaurus.of(GROUPS[:1], cutter)
    second = await Thesaurus.of(GROUPS[:2], cutter, known=first.cuts)

    assert asked == ["enclosure", "cabinet", "steel box", "2P", "two pole"]
    beside = frozenset({"w2p", "w2", "mp"})
    assert second.expand((await cutter.cut(["2P"]))[0]) == {
        "mtwo": Added(WEIGHT / 2, beside),
        "mpole": Added(WEIGHT / 2, beside),
    }


async def test_words_of_the_same_script_come_first_where_there_are_too_many() -> None:
    """Of more than there is room for in either script, all are of the script that was typed; of few all are asked for."""
    english = tuple(f"w{'abcdefghij'[n // 10]}{'abcdefghij'[n % 10]}x" for n in range(MOST_WORDS + 4))
    korean = tuple("가나" + "다" * number for number in range(1, MOST_WORDS + 5))

    from_english = await added("breaker", (*korean, "breaker", *english))
    from_korean = await added("차단기", (*english, "차단기", *korean))

    assert len(from_english) == MOST_WORDS
    assert all(term[1:].isascii() for term in from_english)
    assert not any(term[1:].isascii() for term in from_korean)
    assert set(await added("breaker", ("breaker", "차단기", "cutout"))) == {"mcutout", "b차단", "b단기"}
