"""What changed from one version to another."""

from dataclasses import replace
from datetime import UTC, datetime

from kis.knowledge.articles import ArticleType, Version
from kis.knowledge.diffing import FieldDiff, Hunk, diff, hunks
from kis.knowledge.texts import Text, TextState, Words
from kis.search import Language

KO, EN = Language.KO, Language.EN
VERSION = Version(
    number=1,
    texts={KO: Text(Words(title="제목", body="a\nb\nc\nd\ne\nf\ng\nh\ni\nj"), TextState.CURRENT)},
    type=ArticleType.ARTICLE,
    category_id=None,
    metadata={},
    note="",
    saved_by="user:1",
    author="",
    saved_at=datetime(2026, 11, 20, tzinfo=UTC),
)


class TestHunks:
    def test_stand_with_three_lines_around_them(self) -> None:
        old = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]
        new = ["a", "b", "c", "d", "E", "f", "g", "h", "i", "j", "k"]
        assert hunks(old, new) == (
            Hunk(
                old_start=2,
                old_lines=9,
                new_start=2,
                new_lines=10,
                lines=(" b", " c", " d", "-e", "+E", " f", " g", " h", " i", " j", "+k"),
            ),
        )

    def test_far_from_each_other_are_two(self) -> None:
        old = [str(number) for number in range(20)]
        new = ["x", *old[1:19], "y"]
        found = hunks(old, new)
        assert [(hunk.old_start, hunk.old_lines) for hunk in found] == [(1, 4), (17, 4)]

    def test_begin_at_nought_where_there_was_nothing(self) -> None:
        assert hunks([], ["a"]) == (Hunk(old_start=0, old_lines=0, new_start=1, new_lines=1, lines=("+a",)),)


class TestDiff:
    def test_of_the_same_is_empty(self) -> None:
        assert diff(VERSION, replace(VERSION, number=2, note="again")) == ()

    def test_names_every_field_by_its_language(self) -> None:
        words = VERSION.texts[KO].words
        later = replace(
            VERSION,
            number=2,
            texts={
                KO: Text(replace(words, title="새 제목", tags=("표",)), TextState.OUT_OF_DATE),
                EN: Text(Words(title="Title"), TextState.CURRENT),
            },
            type=ArticleType.FAQ,
            metadata={"k": "v"},
        )
        found = {(each.language, each.field): each.hunks[0].lines for each in diff(VERSION, later)}
        assert found == {
            (KO, "title"): ("-제목", "+새 제목"),
            (KO, "tags"): ("+표",),
            (KO, "state"): ("-current", "+out_of_date"),
            (EN, "title"): ("+Title",),
            (EN, "state"): ("+current",),
            (None, "type"): ("-article", "+faq"),
            (None, "metadata"): ("+k: v",),
        }

    def test_shows_the_place_in_a_long_text(self) -> None:
        words = VERSION.texts[KO].words
        later = replace(
            VERSION, texts={KO: Text(replace(words, body=words.body.replace("e", "E")), TextState.CURRENT)}
        )
        assert diff(VERSION, later) == (
            FieldDiff(
                language=KO,
                field="body",
                hunks=(
                    Hunk(
                        old_start=2,
                        old_lines=7,
                        new_start=2,
                        new_lines=7,
                        lines=(" b", " c", " d", "-e", "+E", " f", " g", " h"),
                    ),
                ),
            ),
        )
