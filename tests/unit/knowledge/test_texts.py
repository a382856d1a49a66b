"""How the two languages of an article keep up with each other."""

import pytest

from kis.knowledge.texts import (
    LONGEST_TITLE,
    MOST_TAGS,
    Text,
    TextState,
    Words,
    as_json,
    from_json,
    merged,
    problems_of,
    shown,
    state_of,
)
from kis.search import Language

KO, EN = Language.KO, Language.EN
DRAFT, CURRENT, OUT_OF_DATE = TextState.DRAFT, TextState.CURRENT, TextState.OUT_OF_DATE
OLD, NEW, OTHER = Words(title="옛"), Words(title="새"), Words(title="old")


def states(texts: dict[Language, Text]) -> tuple[TextState, TextState]:
    return state_of(texts, KO), state_of(texts, EN)


class TestMerged:
    def test_a_changed_text_makes_the_other_out_of_date(self) -> None:
        before = {KO: Text(OLD, CURRENT), EN: Text(OTHER, CURRENT)}
        after = merged(before, {KO: NEW})
        assert states(after) == (CURRENT, OUT_OF_DATE)
        assert after[EN].words == OTHER

    def test_unless_told_otherwise(self) -> None:
        before = {KO: Text(OLD, CURRENT), EN: Text(OTHER, CURRENT)}
        assert states(merged(before, {KO: NEW}, {EN: CURRENT})) == (CURRENT, CURRENT)

    def test_both_saved_together_are_current(self) -> None:
        before = {KO: Text(OLD, CURRENT), EN: Text(OTHER, OUT_OF_DATE)}
        assert states(merged(before, {KO: NEW, EN: Words(title="new")})) == (CURRENT, CURRENT)

    @pytest.mark.parametrize("behind", [DRAFT, OUT_OF_DATE])
    def test_catching_up_leaves_the_other_current(self, behind: TextState) -> None:
        before = {KO: Text(OLD, CURRENT), EN: Text(OTHER, behind)}
        assert states(merged(before, {EN: Words(title="new")})) == (CURRENT, CURRENT)

    def test_a_first_text_leaves_the_other_current(self) -> None:
        assert states(merged({KO: Text(OLD, CURRENT)}, {EN: OTHER})) == (CURRENT, CURRENT)

    def test_a_draft_of_the_other_stays_a_draft(self) -> None:
        before = {KO: Text(OLD, CURRENT), EN: Text(OTHER, DRAFT)}
        assert states(merged(before, {KO: NEW})) == (CURRENT, DRAFT)

    def test_the_same_words_again_change_nothing(self) -> None:
        before = {KO: Text(OLD, CURRENT), EN: Text(OTHER, OUT_OF_DATE)}
        assert merged(before, {KO: OLD, EN: OTHER}) == before

    def test_a_language_is_taken_away(self) -> None:
        before = {KO: Text(OLD, CURRENT), EN: Text(OTHER, CURRENT)}
        assert states(merged(before, {EN: None})) == (CURRENT, TextState.MISSING)

    def test_a_state_can_be_said_alone(self) -> None:
        before = {KO: Text(OLD, CURRENT), EN: Text(OTHER, OUT_OF_DATE)}
        assert states(merged(before, {}, {EN: CURRENT})) == (CURRENT, CURRENT)


class TestShown:
    def test_drafts_stay_with_those_who_write(self) -> None:
        texts = {KO: Text(OLD, OUT_OF_DATE), EN: Text(OTHER, DRAFT)}
        assert list(shown(texts)) == [KO]


class TestJson:
    def test_comes_back_as_it_went(self) -> None:
        texts = {KO: Text(Words(title="가", tags=("나", "다"), seo_title="라"), DRAFT)}
        assert from_json(as_json(texts)) == texts


class TestProblems:
    def test_are_all_named_at_once(self) -> None:
        given = {
            KO: Words(title=" ", body="a\0b", tags=("", "x" * 41)),
            EN: Words(title="x" * (LONGEST_TITLE + 1), tags=("t",) * (MOST_TAGS + 1), summary="\ud800"),
        }
        assert [problem.path for problem in problems_of(given)] == [
            "texts.ko.title",
            "texts.ko.body",
            "texts.ko.tags[0]",
            "texts.ko.tags[1]",
            "texts.en.title",
            "texts.en.summary",
            "texts.en.tags",
        ]
