"""Sending one mail through SMTP."""

import re
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from typing import Final

import aiosmtplib

from kis.platform.configuration import MailSettings
from kis.platform.errors import Unavailable
from kis.platform.messages import Message

TIMEOUT_SECONDS: Final = 20.0
LONGEST_SUBJECT: Final = 200
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")
_REFUSED_FOR_GOOD: Final = 500
"""Replies from 500 on are permanent (RFC 5321, 4.2.1)."""


class MailNotSent(Unavailable):
    """A mail did not leave. ``permanent``: trying again will not help."""

    code = "mail_not_sent"

    def __init__(self, message: Message, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent


class SmtpSender:
    """Sends mails through the server of the settings."""

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings

    async def send(self, *, to: str, subject: str, text: str, message_id: str) -> None:
        """Send a mail of text to one address; two sendings of one ``message_id`` are one mail to most readers. Raises MailNotSent."""
        message = composed(
            sender=self._settings.sender, to=to, subject=subject, text=text, message_id=message_id
        )
        settings = self._settings
        try:
            await aiosmtplib.send(
                message,
                hostname=settings.host,
                port=settings.port,
                username=settings.user or None,
                password=settings.password.get_secret_value() or None,
                use_tls=settings.security == "tls",
                start_tls=settings.security == "starttls",
                timeout=TIMEOUT_SECONDS,
            )
        except aiosmtplib.SMTPResponseException as error:
            raise MailNotSent(
                Message("mail.refused", {"code": error.code}), permanent=error.code >= _REFUSED_FOR_GOOD
            ) from error
        except aiosmtplib.SMTPRecipientsRefused as error:
            permanent = all(each.code >= _REFUSED_FOR_GOOD for each in error.recipients)
            raise MailNotSent(Message("mail.recipient_refused"), permanent=permanent) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise MailNotSent(Message("mail.unreachable", {"host": settings.host})) from error


def composed(*, sender: str, to: str, subject: str, text: str, message_id: str) -> EmailMessage:
    """Return the mail. Raises MailNotSent where a header would hold a line break or an address is none."""
    if _CONTROL.search(to + subject + sender):
        raise MailNotSent(Message("mail.header"), permanent=True)
    message = EmailMessage()
    name, address = parseaddr(sender)
    try:
        source = Address(name, addr_spec=address)
        message["From"] = source
        message["To"] = Address(addr_spec=to)
    except (ValueError, IndexError, MessageError) as error:
        raise MailNotSent(Message("mail.address"), permanent=True) from error
    message["Subject"] = subject[:LONGEST_SUBJECT]
    message["Date"] = formatdate()
    message["Message-ID"] = f"<{message_id}@{source.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message
