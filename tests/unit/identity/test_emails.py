import pytest
from hypothesis import given
from hypothesis import strategies as st

from kis.identity.users import checked_email
from kis.platform.errors import BadInput
from kis.platform.mail.smtp import composed

PARTS = st.text(alphabet=st.sampled_from("ab.@ \t\r\n\"'<>,;:()[]\\\0\u2028가é-+%=!"), max_size=30)


@pytest.mark.parametrize(
    "email",
    [
        "hong@example.com",
        "a.b+c@example.co.kr",
        "o'hara@example.com",
        "kis@localhost",
        " padded@example.com ",
    ],
)
def test_addresses_are_taken(email: str) -> None:
    assert checked_email(email) == email.strip()


@pytest.mark.parametrize(
    "email",
    [
        "",
        "@",
        "a@",
        "@b",
        "a b@c",
        "a@b@c",
        "a@b,c@d",
        "<a@b>",
        "a@b\nBcc: c@d",
        "홍@example.com",
        "a" * 250 + "@b.kr",
    ],
)
def test_what_is_none_is_refused(email: str) -> None:
    with pytest.raises(BadInput):
        checked_email(email)


@given(PARTS | st.text(max_size=30))
def test_whatever_is_taken_can_be_mailed_to_and_is_one_header(text: str) -> None:
    try:
        email = checked_email(text)
    except BadInput:
        return
    mail = composed(sender="kis@example.test", to=email, subject="s", text="t", message_id="m")
    assert len(mail["To"].addresses) == 1
    assert mail["To"].addresses[0].addr_spec == email
    assert mail["Bcc"] is None
    assert mail.as_bytes().count(b"To: ") == 1
