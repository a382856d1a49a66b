import base64
import json

import pytest

from kis.platform.storage import Link, LinkExpired, LinkRefused, Links, content_disposition

SECRET = b"one secret of one installation, 32+"
NOW = 1_800_000_000


def _links(secret: bytes = SECRET, now: float = NOW) -> Links:
    return Links(secret, now=lambda: now)


def _token(seconds: int = 60) -> str:
    return _links().token(
        "quote/a/b.pdf", seconds=seconds, filename="견적서.pdf", media_type="application/pdf"
    )


def _resigned(token: str, payload: list[object]) -> str:
    encoded = base64.urlsafe_b64encode(json.dumps(payload).encode()).rstrip(b"=").decode()
    return f"{encoded}.{token.partition('.')[2]}"


class TestOpened:
    def test_gives_back_what_the_link_was_made_for(self) -> None:
        assert _links().opened(_token()) == Link("quote/a/b.pdf", NOW + 60, "견적서.pdf", "application/pdf")

    def test_holds_until_its_last_second(self) -> None:
        assert _links(now=NOW + 59.9).opened(_token()).expires == NOW + 60

    def test_ends(self) -> None:
        with pytest.raises(LinkExpired) as expired:
            _links(now=NOW + 60).opened(_token())
        assert expired.value.status_code == 410

    @pytest.mark.parametrize(
        "payload",
        [
            ["quote/a/other.pdf", NOW + 60, "견적서.pdf", "application/pdf"],
            ["quote/a/b.pdf", NOW + 9999, "견적서.pdf", "application/pdf"],
            ["quote/a/b.pdf", NOW + 60, "virus.exe", "application/pdf"],
            ["quote/a/b.pdf", NOW + 60, "견적서.pdf", "text/html"],
        ],
    )
    def test_refuses_another_path_time_name_or_type(self, payload: list[object]) -> None:
        with pytest.raises(LinkRefused) as refused:
            _links().opened(_resigned(_token(), payload))
        assert refused.value.status_code == 403

    @pytest.mark.parametrize("place", [0, 20, -43, -1])
    def test_refuses_a_changed_letter(self, place: int) -> None:
        letters = list(_token())
        letters[place] = "A" if letters[place] != "A" else "B"
        with pytest.raises(LinkRefused):
            _links().opened("".join(letters))

    @pytest.mark.parametrize("token", ["", ".", "a", "a.b", "견.적", "a" * 5000, "W10.", "W10.====", "\0.\0"])
    def test_refuses_what_is_no_link(self, token: str) -> None:
        with pytest.raises(LinkRefused):
            _links().opened(token)

    def test_refuses_the_link_of_another_installation(self) -> None:
        with pytest.raises(LinkRefused):
            _links(b"another secret, also of 32 letters..").opened(_token())

    def test_has_one_spelling(self) -> None:
        with pytest.raises(LinkRefused):
            _links().opened(_token() + "=")


class TestToken:
    @pytest.mark.parametrize("seconds", [0, -1, 7 * 86400 + 1])
    def test_lives_no_longer_than_a_week(self, seconds: int) -> None:
        with pytest.raises(ValueError, match="seconds"):
            _token(seconds)


class TestContentDisposition:
    def test_names_the_file_in_both_spellings(self) -> None:
        # RFC 8187: UTF-8, percent-encoded; 견 is EA B2 AC, 적 is EC A0 81
        assert (
            content_disposition("견적 1.pdf")
            == "attachment; filename=\"__ 1.pdf\"; filename*=UTF-8''%EA%B2%AC%EC%A0%81%201.pdf"
        )

    @pytest.mark.parametrize("name", ['a"b.pdf', "a\\b.pdf", "a/b.pdf", "a\r\nb.pdf"])
    def test_cannot_be_broken_out_of(self, name: str) -> None:
        assert content_disposition(name) == "attachment; filename=\"ab.pdf\"; filename*=UTF-8''ab.pdf"

    def test_always_has_a_name(self) -> None:
        assert 'filename="file"' in content_disposition("\n/")
