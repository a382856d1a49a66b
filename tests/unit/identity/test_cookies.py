from uuid import UUID, uuid4

import pytest

from kis.identity.cookies import Cookies
from kis.identity.errors import CsrfRefused, TokenRefused

SESSION = UUID("00000000-0000-4000-8000-000000000001")


@pytest.fixture
def cookies() -> Cookies:
    return Cookies(b"one secret of an installation, long enough")


class TestSessionCookie:
    def test_opens_its_session(self, cookies: Cookies) -> None:
        assert cookies.session_id(cookies.session(SESSION)) == SESSION

    def test_of_another_installation_opens_nothing(self, cookies: Cookies) -> None:
        other = Cookies(b"one secret of another installation, as long")
        with pytest.raises(TokenRefused):
            cookies.session_id(other.session(SESSION))

    @pytest.mark.parametrize(
        "cookie", ["", ".", SESSION.hex, f"{SESSION.hex}.", "가.나", "\ud800.x", "x" * 5000]
    )
    def test_that_nobody_made_opens_nothing(self, cookies: Cookies, cookie: str) -> None:
        with pytest.raises(TokenRefused):
            cookies.session_id(cookie)

    def test_does_not_open_another_session(self, cookies: Cookies) -> None:
        mac = cookies.session(SESSION).partition(".")[2]
        with pytest.raises(TokenRefused):
            cookies.session_id(f"{uuid4().hex}.{mac}")


class TestCsrfToken:
    def test_lets_its_session_change_things(self, cookies: Cookies) -> None:
        for token in {cookies.csrf(SESSION) for _ in range(3)}:
            cookies.check_csrf(SESSION, token, "POST")

    @pytest.mark.parametrize("method", ["GET", "head", "OPTIONS"])
    def test_is_not_asked_of_those_who_only_look(self, cookies: Cookies, method: str) -> None:
        cookies.check_csrf(SESSION, None, method)

    @pytest.mark.parametrize("method", ["POST", "put", "PATCH", "DELETE", "PROPFIND", ""])
    def test_is_asked_of_everybody_else(self, cookies: Cookies, method: str) -> None:
        for token in (
            None,
            "",
            ".",
            "x.y",
            cookies.csrf(uuid4()),
            cookies.session(SESSION),
            cookies.csrf(SESSION)[:-1],
        ):
            with pytest.raises(CsrfRefused):
                cookies.check_csrf(SESSION, token, method)
