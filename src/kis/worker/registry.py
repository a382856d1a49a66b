"""The roll-call of an installation: which kinds of jobs, which topics of messages, which chores there are, and who does them."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from kis import assistant, identity, knowledge, quotations, search
from kis.application import Application, open_application
from kis.platform.configuration import load_settings
from kis.platform.jobs import Chore, standard_chores
from kis.platform.mail import TOPIC as MAIL
from kis.platform.mail import MailHandler, SmtpSender
from kis.platform.outbox import TopicHandler
from kis.worker import ending
from kis.worker.work import Work

DAY_SECONDS: Final = 86400.0


@asynccontextmanager
async def installation_work() -> AsyncIterator[Work]:
    """Open the work of the installation that the environment describes."""
    settings = load_settings()
    async with open_application(settings, name="kis-worker", listens=False) as application:
        yield Work(
            database=application.database,
            hub=application.hub,
            settings=settings.jobs,
            handlers={
                **quotations.handlings(application.means),
                **knowledge.handlings(application.knowledge_means),
                **search.search_handlings(application.engine),
            },
            topics=topics_of(application),
            chores=chores_of(application),
            stop_seconds=max(1.0, settings.application.stop_timeout_seconds - ending.GRACE_SECONDS),
        )


def chores_of(application: Application) -> tuple[Chore, ...]:
    """Return every chore of an installation."""

    async def expire(_session: AsyncSession) -> int:
        return await application.storage.expire()

    storage = Chore("storage.expire", DAY_SECONDS, expire)
    return (
        *standard_chores(),
        *identity.chores(),
        *quotations.chores(),
        *knowledge.chores(application.knowledge_means),
        *assistant.thread_chores(application.settings.assistant),
        storage,
    )


def topics_of(application: Application) -> Mapping[str, TopicHandler]:
    """Return who sends what: mails, where there is a server for them."""
    mail = application.settings.mail
    return {MAIL: MailHandler(application.secret, SmtpSender(mail))} if mail.host else {}
