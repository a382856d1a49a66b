"""Handing a mail over: into the outbox, in the transaction of what it tells of; the relay sends it once that is kept.

A mail may hold a one-time link, and the database holds no secrets: in the outbox it stands encrypted (AES-256-GCM, a key derived from the
installation's secret).
"""

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.ext.asyncio import AsyncSession

from kis.platform.configuration import MailSettings
from kis.platform.jobs import Permanent
from kis.platform.mail.smtp import MailNotSent, SmtpSender
from kis.platform.messages import Locale, Message
from kis.platform.outbox import Delivery, post
from kis.platform.secrets import derived_key

TOPIC: Final = "mail.send"
_NONCE_BYTES: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail to one person."""

    to: str
    subject: Message
    body: Message
    locale: Locale


class Mailer(Protocol):
    """Takes mails along with a transaction."""

    @property
    def sends(self) -> bool:
        """Whether mails leave at all; where they do not, who asked must be shown what they would have said."""
        ...

    async def hand_over(
        self, session: AsyncSession, mail: Mail, *, organization_id: UUID | None = None
    ) -> None:
        """Send the mail if the transaction is kept."""
        ...


class NullMailer:
    """An installation without a mail server: its links are shown."""

    sends: Final = False

    async def hand_over(
        self, session: AsyncSession, mail: Mail, *, organization_id: UUID | None = None
    ) -> None:
        """Do nothing."""


class OutboxMailer:
    """Writes mails into the outbox, encrypted."""

    sends: Final = True

    def __init__(self, secret: bytes) -> None:
        self._sealed = Sealed(secret)

    async def hand_over(
        self, session: AsyncSession, mail: Mail, *, organization_id: UUID | None = None
    ) -> None:
        """Write the mail into the outbox."""
        told = {
            "to": mail.to,
            "subject": mail.subject.text(mail.locale),
            "text": mail.body.text(mail.locale),
        }
        await post(
            session,
            topic=TOPIC,
            payload={"sealed": self._sealed.close(told)},
            organization_id=organization_id,
        )


class MailHandler:
    """What the outbox's relay calls for the topic ``mail.send``."""

    def __init__(self, secret: bytes, sender: SmtpSender) -> None:
        self._sealed = Sealed(secret)
        self._sender = sender

    async def __call__(self, delivery: Delivery) -> None:
        """Send one mail. Raises Permanent where trying again will not help, else MailNotSent."""
        try:
            told = self._sealed.open(str(delivery.payload["sealed"]))
            await self._sender.send(
                to=told["to"], subject=told["subject"], text=told["text"], message_id=delivery.message_id
            )
        except MailNotSent as error:
            if error.permanent:
                raise Permanent(error.message) from error
            raise


class Sealed:
    """Encrypts what waits in the outbox."""

    def __init__(self, secret: bytes) -> None:
        self._cipher = AESGCM(derived_key(secret, "mail.outbox.1"))

    def close(self, told: Mapping[str, str]) -> str:
        """Return ``told`` so that only this installation can read it."""
        nonce = os.urandom(_NONCE_BYTES)
        return base64.b64encode(
            nonce + self._cipher.encrypt(nonce, orjson.dumps(told), TOPIC.encode())
        ).decode()

    def open(self, sealed: str) -> dict[str, str]:
        """Return what was closed. Raises MailNotSent for what this installation's secret does not open."""
        try:
            data = base64.b64decode(sealed, validate=True)
            opened: dict[str, str] = orjson.loads(
                self._cipher.decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], TOPIC.encode())
            )
        except (InvalidTag, ValueError):
            raise MailNotSent(Message("mail.unreadable"), permanent=True) from None
        return opened


def open_mailer(settings: MailSettings, secret: bytes) -> Mailer:
    """Return the way mails take: the outbox, or nowhere without ``SMTP_HOST``."""
    return OutboxMailer(secret) if settings.host else NullMailer()
