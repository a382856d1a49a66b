"""Which answers are kept, and what of a search is noted."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from kis.platform.database import Scope
from kis.search import Found, Hit, Language, Query, Source
from kis.search.cache import LONGEST_KEPT_SECONDS, AnswerCache, rights_of
from kis.search.entries import masked, session_of
from kis.search.pins import with_pins

ORGANIZATION = UUID(int=1)


def found(*numbers: int, total: int | None = None) -> Found:
    """Return an answer of things that are called by their number."""
    hits = tuple(
        Hit(
            item_id=number,
            source=Source.ARTICLE,
            source_id=UUID(int=number),
            language=Language.KO,
            score=1 / number,
            title=str(number),
            summary="",
            link="",
            kind="",
            status="",
            author="",
            category_id=None,
            tags=(),
            dated_at=datetime(2026, 11, 20, tzinfo=UTC),
            facts={},
        )
        for number in numbers
    )
    return Found(
        hits=hits,
        total=len(hits) if total is None else total,
        is_more=False,
        facets={},
        text="",
        engine="none",
    )


class TestCache:
    """What is kept, and for how long."""

    def test_an_answer_under_another_digest_is_forgotten(self) -> None:
        cache = AnswerCache(10)
        cache.keep("차단기", "before", found(1))
        assert cache.find("차단기", "after") is None
        assert cache.find("차단기", "before") is None
        assert len(cache) == 0

    def test_an_answer_is_found_again(self) -> None:
        cache = AnswerCache(10)
        answer = found(1)
        cache.keep("차단기", "now", answer)
        assert cache.find("차단기", "now") is answer
        assert cache.find("외함", "now") is None

    def test_what_was_not_used_for_longest_makes_room(self) -> None:
        cache = AnswerCache(2)
        for key in ("first", "second"):
            cache.keep(key, "now", found(1))
        cache.find("first", "now")
        cache.keep("third", "now", found(1))
        assert len(cache) == 2
        assert cache.find("second", "now") is None
        assert cache.find("first", "now") is not None

    def test_an_answer_is_asked_for_again_after_some_minutes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        clock = [1000.0]
        monkeypatch.setattr("kis.search.cache.monotonic", lambda: clock[0])
        cache = AnswerCache(10)
        cache.keep("차단기", "now", found(1))
        clock[0] += LONGEST_KEPT_SECONDS
        assert cache.find("차단기", "now") is not None
        clock[0] += 1
        assert cache.find("차단기", "now") is None

    def test_only_those_of_equal_rights_share_answers(self) -> None:
        mine = Scope(ORGANIZATION, UUID(int=5), "editor", sees_drafts=True)
        assert rights_of(mine) == rights_of(Scope(ORGANIZATION, UUID(int=6), "editor", sees_drafts=True))
        others = (
            Scope(UUID(int=2), UUID(int=5), "editor", sees_drafts=True),
            Scope(ORGANIZATION, UUID(int=5), "viewer", sees_drafts=True),
            Scope(ORGANIZATION, UUID(int=5), "editor", sees_drafts=False),
        )
        assert rights_of(mine) not in {rights_of(other) for other in others}


class TestPins:
    """Where pinned things stand on pages: pinned are 3 and 9, the words find 1 2 3 4 5, and not 9."""

    @pytest.mark.parametrize(
        ("offset", "limit", "fetched", "expected"),
        [
            (0, 2, (1, 2), (3, 9)),
            (0, 3, (1, 2, 3), (3, 9, 1)),
            (2, 2, (1, 2, 3, 4), (1, 2)),
            (4, 2, (1, 2, 3, 4, 5), (4, 5)),
        ],
    )
    def test_each_thing_stands_on_one_page_alone(
        self, offset: int, limit: int, fetched: tuple[int, ...], expected: tuple[int, ...]
    ) -> None:
        page = with_pins(
            found(*fetched, total=5), found(3, 9).hits, Query(text="", offset=offset, limit=limit)
        )
        assert tuple(hit.item_id for hit in page.hits) == expected
        assert [hit.item_id for hit in page.hits if hit.is_pinned] == [n for n in expected if n in {3, 9}]

    def test_one_that_the_words_do_not_find_is_counted(self) -> None:
        assert with_pins(found(1, 2, 3), found(9).hits, Query(text="")).total == 4
        assert with_pins(found(1, 2, 3), found(3).hits, Query(text="")).total == 3


class TestMasked:
    """What of a question is noted."""

    @pytest.mark.parametrize(
        ("typed", "noted"),
        [
            ("kim@example.com 견적", "*** 견적"),
            ("홍길동 010-1234-5678", "홍길동 ***"),
            ("02 123 4567 담당", "*** 담당"),
            ("+82 10 1234 5678", "***"),
            ("900101-1234567", "***"),
            ("사업자 1234567890", "사업자 ***"),
        ],
    )
    def test_what_tells_who_somebody_is_is_not(self, typed: str, noted: str) -> None:
        assert masked(typed) == noted

    @pytest.mark.parametrize(
        "typed", ["Q-2026-0001", "ABN-53", "600x800x250", "2026-11-20", "400 300 200 100 75 A", "IEC 61439-1"]
    )
    def test_codes_and_sizes_are(self, typed: str) -> None:
        assert masked(typed) == typed

    def test_what_cannot_be_stored_is_a_space(self) -> None:
        assert masked("차단기\x00용량\ud800") == "차단기 용량"


class TestSession:
    """How one who asked is named."""

    def test_a_day_and_an_installation_have_names_of_their_own(self) -> None:
        day = date(2026, 11, 20)
        name = session_of(b"secret", "user:1", day)
        assert name == session_of(b"secret", "user:1", day)
        assert len({
            name,
            session_of(b"secret", "user:1", date(2026, 11, 21)),
            session_of(b"other", "user:1", day),
            session_of(b"secret", "user:2", day),
        }) == 4  # fmt: skip
        assert "user" not in name
