"""Each thing once."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from kis.search import Language
from kis.search.postings.answering import once
from kis.search.postings.ranking import Ranked

A, B = UUID(int=1), UUID(int=2)


def ranked(item: int, score: float, thing: UUID = A, language: str = "ko", source: str = "article") -> Ranked:
    return Ranked(item, 1, score, source, thing, language)


class TestOnce:
    def test_the_best_text_of_a_thing_stays(self) -> None:
        best, other, second = ranked(1, 9), ranked(2, 5, B), ranked(3, 4, language="en")

        assert once([best, other, second], None) == [best, other]

    def test_the_text_in_the_askers_language_takes_the_place_and_score_of_the_best(self) -> None:
        best, other, second = ranked(1, 9), ranked(2, 5, B), ranked(3, 4, language="en")

        assert once([best, other, second], Language.EN) == [ranked(3, 9, language="en"), other]

    def test_of_two_texts_in_the_askers_language_the_better_stays(self) -> None:
        """A published text and its draft."""
        texts = [ranked(1, 9), ranked(2, 8, language="en"), ranked(3, 7, language="en")]

        assert once(texts, Language.EN) == [ranked(2, 9, language="en")]
        assert once(texts, Language.KO) == [ranked(1, 9)]

    def test_things_of_two_sources_with_one_id_are_two(self) -> None:
        texts = [ranked(1, 9), ranked(2, 8, source="quotation")]

        assert once(texts, None) == texts

    def test_what_was_given_stays_as_it_was(self) -> None:
        texts = [ranked(1, 9), ranked(2, 4, language="en")]

        once(texts, Language.EN)

        assert [text.score for text in texts] == [9, 4]

    @given(
        st.lists(st.tuples(st.sampled_from([A, B]), st.sampled_from(["ko", "en"])), max_size=12),
        st.sampled_from([None, Language.KO, Language.EN]),
    )
    def test_never_doubles_and_never_rises(
        self, texts: list[tuple[UUID, str]], language: Language | None
    ) -> None:
        given_texts = [ranked(place, 100 - place, *text) for place, text in enumerate(texts)]

        found = once(given_texts, language)

        assert {one.source_id for one in found} == {thing for thing, _ in texts}
        assert len(found) == len({one.source_id for one in found})
        assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
