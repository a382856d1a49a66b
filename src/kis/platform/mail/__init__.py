"""Mails of text in Korean and English, sent from the outbox through SMTP where an installation has it."""

from kis.platform.mail.mailer import TOPIC, Mail, Mailer, MailHandler, NullMailer, OutboxMailer, open_mailer
from kis.platform.mail.smtp import MailNotSent, SmtpSender

__all__ = [
    "TOPIC",
    "Mail",
    "MailHandler",
    "MailNotSent",
    "Mailer",
    "NullMailer",
    "OutboxMailer",
    "SmtpSender",
    "open_mailer",
]
