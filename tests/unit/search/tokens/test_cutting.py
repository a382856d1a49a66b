"""Texts into terms."""

from collections.abc import Sequence

import pytest

from kis.search.tokens import Cut, Cutter, Morpheme, NoAnalyzer


class Said:
    """An analyzer that finds what it was told: ``form/tag`` by text."""

    is_ready = True

    def __init__(self, **found: str) -> None:
        self._found = found
        self.asked: list[str] = []

    async def analyze(self, texts: Sequence[str], **_: object) -> list[list[Morpheme]]:
        self.asked += texts
        found = [[each.partition("/") for each in self._found[text].split()] for text in texts]
        return [[Morpheme(form, tag, 0, len(form)) for form, _, tag in each] for each in found]

    async def close(self) -> None:
        """There is nothing to close."""


async def cut(text: str, **found: str) -> Cut:
    cutter = Cutter(Said(**found) if found else NoAnalyzer())
    return (await cutter.cut([text]))[0]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", set()),
        ("!? — 🔌 _", set()),
        ("함", {"b함"}),
        ("차단기", {"b차단", "b단기"}),
        ("차단 기", {"b차단", "b기"}),
        ("Breakers", {"wbreakers", "mbreaker"}),
        ("the", {"wthe"}),
        ("IP65", {"wip65", "wip", "w65", "mip"}),
        ("ABN-53b", {"wabn-53b", "wabn", "w53b", "w53", "wb", "mabn", "mb", "pabn b"}),
        (
            "100AF/50AT",
            {"w100af/50at", "w100af", "w50at", "w100", "waf", "w50", "wat", "maf"},
        ),
        ("1.5", {"w1.5"}),
        ("30mA", {"w30ma", "w30", "wma", "mma"}),
        ("30 mA", {"w30ma", "w30", "wma", "mma"}),
        ("1,500", {"w1500"}),
        ("feet", {"wfeet", "mfoot"}),
        ("LV반", {"wlv", "mlv", "b반"}),
        ("配電盤", {"b配電", "b電盤"}),
        ("Ａ＋", {"wa"}),  # noqa: RUF001 - full width on purpose
    ],
)
async def test_terms(text: str, terms: set[str]) -> None:
    assert set((await cut(text)).terms) == terms


async def test_a_long_word_is_cut_where_it_is_joined() -> None:
    found = await cut("low-voltage-switchgear-and-controlgear-assemblies")

    assert {"wlow", "wswitchgear", "mswitchgear", "wassemblies"} <= set(found.terms)
    assert max(map(len, (term for term in found.terms if term[0] == "w"))) <= 41


async def test_terms_are_counted() -> None:
    found = await cut("AC, ac; Ac")

    assert (found.terms["wac"], found.terms["mac"], found.lengths()["w"]) == (3, 3, 3)


class TestLight:
    async def test_are_words_that_ask_link_or_fill(self) -> None:
        found = await cut("How is the box earthed?")

        assert found.light == {"whow", "wis", "wthe"}

    async def test_are_korean_ones_too_and_only_as_morphemes(self) -> None:
        found = await cut("왜 떨어질까", **{"왜 떨어질까": "왜/MAG 떨어지/VV ᆯ까/EF"})

        assert found.light == {"m왜"}
        assert {"b왜", "m떨어지"} <= set(found.terms)


class TestMorphemes:
    async def test_what_carries_meaning_stays(self) -> None:
        found = await cut("외함을 둔다", **{"외함을 둔다": "외함/NNG 을/JKO 두/VV ᆫ다/EF"})

        assert {term for term in found.terms if term[0] in "mp"} == {"m외함", "m두", "p외함 두"}
        assert found.has_morphemes

    async def test_verbs_that_only_carry_a_noun_do_not(self) -> None:
        found = await cut("도장을 한다", **{"도장을 한다": "도장/NNG 을/JKO 하/VV ᆫ다/EF"})

        assert {term for term in found.terms if term[0] in "mp"} == {"m도장"}

    async def test_where_nothing_carries_meaning_all_of_it_stays(self) -> None:
        found = await cut("은는", 은는="은/JX 는/JX")

        assert {"m은", "m는"} <= set(found.terms)

    async def test_only_korean_is_asked_about(self) -> None:
        analyzer = Said(외함="외함/NNG")

        found = await Cutter(analyzer).cut(["Box", "외함", "", "IP65"])

        assert analyzer.asked == ["외함"]
        assert [each.has_morphemes for each in found] == [True] * 4
        assert "m외함" in found[1].terms

    async def test_without_an_analyzer_korean_waits_and_english_does_not(self) -> None:
        found = await Cutter(NoAnalyzer()).cut(["Box", "외함"])

        assert [each.has_morphemes for each in found] == [True, False]
