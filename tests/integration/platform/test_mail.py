"""Mails through a real SMTP server on this machine, and through the outbox."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from pydantic import SecretStr
from sqlalchemy import select

from kis.platform.configuration import MailSettings
from kis.platform.database import Database
from kis.platform.jobs import OutboxMessage, Permanent
from kis.platform.mail import (
    Mail,
    MailHandler,
    MailNotSent,
    NullMailer,
    OutboxMailer,
    SmtpSender,
    open_mailer,
)
from kis.platform.mail.smtp import composed
from kis.platform.messages import Message
from kis.platform.outbox import Delivery
from tests.factories.servers import held_port
from tests.integration.conftest import Mailbox, SomeOrganization

SECRET = b"a secret of the tests, long enough"
LINK = "https://kis.example.test/login/link#a-secret-token"


def settings(box: Mailbox, **more: Any) -> MailSettings:
    return MailSettings(
        **{"host": box.host, "port": box.port, "security": "none", "sender": "KIS <kis@example.test>", **more}
    )


def invitation() -> Mail:
    values = {"name": "홍길동", "organization": "세명전기", "url": LINK, "hours": 72}
    return Mail(
        to="hong@example.test",
        subject=Message("mail.invite.subject", values),
        body=Message("mail.invite.body", values),
        locale="ko",
    )


def read(envelope: Any) -> EmailMessage:
    return message_from_bytes(envelope.content, _class=EmailMessage, policy=policy.default)


async def waiting(database: Database, organization: SomeOrganization) -> OutboxMessage:
    async with database.service() as session:
        query = select(OutboxMessage).where(OutboxMessage.organization_id == organization.id)
        return (await session.execute(query)).scalar_one()


def delivery(row: OutboxMessage, payload: dict[str, Any] | None = None) -> Delivery:
    return Delivery(row.id, row.topic, payload or row.payload, row.organization_id, 1)


class TestOutboxMailer:
    async def test_is_sent_from_the_outbox_as_it_was_written(
        self, database: Database, organization: SomeOrganization, smtp_server: Mailbox
    ) -> None:
        async with database.service() as session:
            await OutboxMailer(SECRET).hand_over(session, invitation(), organization_id=organization.id)
        row = await waiting(database, organization)
        await MailHandler(SECRET, SmtpSender(settings(smtp_server)))(delivery(row))
        (envelope,) = smtp_server.messages
        assert envelope.rcpt_tos == ["hong@example.test"]
        assert envelope.mail_from == "kis@example.test"
        mail = read(envelope)
        assert mail["Subject"] == "[KIS] 세명전기 초대"
        assert mail["To"] == "hong@example.test"
        assert mail["From"] == "KIS <kis@example.test>"
        assert mail["Message-ID"] == f"<outbox-{row.id}@example.test>"
        text = mail.get_content()
        assert "홍길동 님" in text
        assert LINK in text

    async def test_holds_no_link_that_somebody_with_the_database_could_use(
        self, database: Database, organization: SomeOrganization
    ) -> None:
        async with database.service() as session:
            await OutboxMailer(SECRET).hand_over(session, invitation(), organization_id=organization.id)
        row = await waiting(database, organization)
        assert set(row.payload) == {"sealed"}
        assert "secret-token" not in str(row.payload)
        assert "hong" not in str(row.payload)

    async def test_of_another_secret_or_altered_is_not_sent_and_not_tried_again(
        self, database: Database, organization: SomeOrganization, smtp_server: Mailbox
    ) -> None:
        async with database.service() as session:
            await OutboxMailer(SECRET).hand_over(session, invitation(), organization_id=organization.id)
        row = await waiting(database, organization)
        sender = SmtpSender(settings(smtp_server))
        with pytest.raises(Permanent):
            await MailHandler(b"another secret, as long as that one", sender)(delivery(row))
        for sealed in ("", "!", row.payload["sealed"][:-4] + "AAAA"):
            with pytest.raises(Permanent):
                await MailHandler(SECRET, sender)(delivery(row, {"sealed": sealed}))
        assert smtp_server.messages == []


class TestOpenMailer:
    def test_sends_where_there_is_a_server(self) -> None:
        assert isinstance(open_mailer(MailSettings(host="mail.example.test"), SECRET), OutboxMailer)
        assert isinstance(open_mailer(MailSettings(host=""), SECRET), NullMailer)


class Refusing(Mailbox):
    """A server that takes no mail."""

    def __init__(self, reply: str) -> None:
        super().__init__("127.0.0.1", 0)
        self.reply = reply

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        assert envelope
        assert address
        return self.reply


class TestSmtpSender:
    @pytest.mark.parametrize(("reply", "permanent"), [("550 no such user", True), ("451 later", False)])
    async def test_tells_whether_trying_again_will_help(self, reply: str, permanent: bool) -> None:
        box = Refusing(reply)
        with running(box), pytest.raises(MailNotSent) as refused:
            await SmtpSender(settings(box)).send(to="a@example.test", subject="s", text="t", message_id="m")
        assert refused.value.permanent is permanent

    async def test_to_a_server_that_is_not_there_is_tried_again(self, smtp_server: Mailbox) -> None:
        nowhere = settings(smtp_server, port=1)
        with pytest.raises(MailNotSent) as refused:
            await SmtpSender(nowhere).send(to="a@example.test", subject="s", text="t", message_id="m")
        assert not refused.value.permanent

    @pytest.mark.parametrize("security", ["starttls", "tls"])
    async def test_logs_in_only_through_tls_to_a_server_it_can_trust(
        self, security: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
    ) -> None:
        authority = trustme.CA()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(context)
        box = Mailbox("127.0.0.1", 0)
        given: list[LoginPassword] = []

        def check(
            _server: Any, _session: Any, _envelope: Any, _mechanism: str, login: LoginPassword
        ) -> AuthResult:
            given.append(login)
            return AuthResult(success=True)

        options: dict[str, Any] = {"authenticator": check}
        if security == "starttls":
            options |= {"tls_context": context, "require_starttls": True, "auth_required": True}
        else:
            options |= {"ssl_context": context, "auth_require_tls": False}
        with running(box, **options):
            own = settings(box, security=security, user="kis", password=SecretStr("a password"))
            with pytest.raises(MailNotSent):
                await SmtpSender(own).send(to="a@example.test", subject="s", text="t", message_id="m")
            assert given == []
            bundle = tmp_path / "ca.pem"
            authority.cert_pem.write_to_path(str(bundle))
            monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
            await SmtpSender(own).send(to="a@example.test", subject="s", text="t", message_id="m")
        assert [(login.login, login.password) for login in given] == [(b"kis", b"a password")]
        assert len(box.messages) == 1

    async def test_does_not_log_in_where_starttls_is_not_offered(self, smtp_server: Mailbox) -> None:
        own = settings(smtp_server, security="starttls", user="kis", password=SecretStr("a password"))
        with pytest.raises(MailNotSent):
            await SmtpSender(own).send(to="a@example.test", subject="s", text="t", message_id="m")
        assert smtp_server.messages == []


class TestComposed:
    @pytest.mark.parametrize(
        ("to", "subject"),
        [
            ("a@example.test\r\nBcc: b@example.test", "s"),
            ("a@example.test", "s\nBcc: b@example.test"),
            ("a@example.test", "s\r"),
            ("a@example.test", "s\u2028x"),
            ("a@example.test", "s\0"),
        ],
    )
    def test_refuses_a_header_with_another_in_it(self, to: str, subject: str) -> None:
        with pytest.raises(MailNotSent):
            composed(sender="kis@example.test", to=to, subject=subject, text="t", message_id="m")

    @pytest.mark.parametrize(
        "to", ["", "a", "a@example.test, b@example.test", "<a@example.test>", "a b@example.test"]
    )
    def test_refuses_what_is_not_one_address(self, to: str) -> None:
        with pytest.raises(MailNotSent):
            composed(sender="kis@example.test", to=to, subject="s", text="t", message_id="m")

    def test_says_that_no_answer_is_wanted(self) -> None:
        mail = composed(
            sender="kis@example.test", to="a@example.test", subject="가" * 300, text="t", message_id="m"
        )
        assert mail["Auto-Submitted"] == "auto-generated"
        assert len(mail["Subject"]) == 200


@contextmanager
def running(box: Mailbox, **options: Any) -> Iterator[None]:
    """Run a mail server for the block."""
    with held_port() as box.port:
        controller = Controller(box, hostname=box.host, port=box.port, **options)
        controller.start()
        try:
            yield
        finally:
            controller.stop()
