"""Questions taken apart: operators by hand, and whatever else anybody may type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kis.search.asking.folding import fold
from kis.search.asking.parser import MOST_CHARACTERS, Asked, parse

PIECES = st.sampled_from(
    ["title:", "태그:", "-", '"', "“", "차단기", "ABN-53", " ", " ", ":", "5:3", "-용량", "\n", "ㄱ", "author:", "\uff08", ",", "\u200b", "ß"]
)  # fmt: skip
TYPED = st.text(max_size=80) | st.lists(PIECES, max_size=25).map("".join)


class TestParse:
    @pytest.mark.parametrize(
        ("typed", "asked"),
        [
            ("차단기 용량", Asked(text="차단기 용량")),
            ('"누전 차단기" 정격', Asked(text="누전 차단기 정격", phrases=("누전 차단기",))),
            ("“누전  차단기”", Asked(text="누전 차단기", phrases=("누전 차단기",))),
            ("차단기 -임시", Asked(text="차단기", excluded=("임시",))),
            ('차단기 -"임시 배선"', Asked(text="차단기", excluded=("임시 배선",))),
            ("차단기 -ABN-53,", Asked(text="차단기", excluded=("abn-53",))),
            ("title:외함 두께", Asked(text="두께", titles=("외함",))),
            ('제목:"옥외 함" 제목:SUS', Asked(text="", titles=("옥외 함", "sus"))),
            ("TAG:KEPIC 태그:누전", Asked(text="", tags=("kepic", "누전"))),
            ("author:hong 작성자:홍길동", Asked(text="", authors=("hong", "홍길동"))),
            ("차단기 -tag:임시", Asked(text="차단기", excluded=("임시",))),
            ('tag\uff1a"10:30"', Asked(text="", tags=("10:30",))),
            ('"A B" "a b" -c -C', Asked(text="A B a b", phrases=("a b",), excluded=("c",))),
        ],
    )
    def test_reads_what_is_asked_for(self, typed: str, asked: Asked) -> None:
        assert parse(typed) == asked

    @pytest.mark.parametrize(
        "typed",
        [
            "검색: 차단기용량선정",
            "비율 5:3 IP:65 10:30",
            "https://kis.example/a?b=c:d mailto:hong@kis.example",
            "title: 외함",
            "title:: tag:, author:-",
            "subtitle:외함",
            "ABN-53 foo-bar",
            "-25°C 이하 -5",
            '19" 랙 2" 전선관',
            "don't",
            "CKeksrl",
        ],
    )
    def test_leaves_the_rest_as_plain_text(self, typed: str) -> None:
        assert parse(typed) == Asked(text=typed)

    @pytest.mark.parametrize(
        ("typed", "text"),
        [
            ('차단기 "용량 선정', '차단기 "용량 선정'),
            ('차단기"', '차단기"'),
            ('"" -"" - -- : :: ? 차단기 !', "차단기"),
            ("", ""),
            (" \n\t ", ""),
            ("\x00차단\u200b기\ud800 \uff2d\uff23\uff23\uff22\r\nㅎㅏㅁ", "차단기 MCCB 함"),
        ],
    )
    def test_leaves_out_what_says_nothing(self, typed: str, text: str) -> None:
        assert parse(typed) == Asked(text=text)

    def test_does_not_rank_by_what_is_excluded(self) -> None:
        assert parse("차단기 용량 -차단기, 차단기?") == Asked(text="용량", excluded=("차단기",))
        assert parse('"MCCB 용량" -mccb').text == "용량"

    def test_reads_no_further_than_its_bound(self) -> None:
        assert parse("가" * MOST_CHARACTERS + "나") == Asked(text="가" * MOST_CHARACTERS)
        assert len(parse("\ufdfa" * MOST_CHARACTERS).text) <= MOST_CHARACTERS  # each is eighteen letters

    @given(TYPED)
    def test_never_fails_and_never_ranks_what_is_excluded(self, typed: str) -> None:
        asked = parse(typed)
        words = {fold(word).strip("\"'.,;:!?()[]{}<> ") for word in asked.text.split()}
        assert not words & set(asked.excluded)
        assert len(asked.text) <= MOST_CHARACTERS

    @given(TYPED)
    def test_gives_folded_terms_that_say_something(self, typed: str) -> None:
        asked = parse(typed)
        for terms in (asked.phrases, asked.excluded, asked.titles, asked.tags, asked.authors):
            assert len(set(terms)) == len(terms)
            assert all(term == fold(" ".join(term.split())) and any(map(str.isalnum, term)) for term in terms)

    @given(st.lists(st.text("가나다abc19", min_size=1, max_size=6), min_size=1, max_size=8))
    def test_ranks_by_every_plain_word(self, words: list[str]) -> None:
        assert parse(" ".join(words)) == Asked(text=" ".join(words))
