"""Asking the owners of articles to look at them again: once, some days before the day of the review."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from kis.knowledge.changing import SYSTEM, article_topic, topic
from kis.knowledge.indexing import LINK
from kis.knowledge.means import Means
from kis.platform import audit
from kis.platform.mail import Mail
from kis.platform.messages import Locale, Message

MOST_AT_ONCE: Final = 200
_TO_REMIND: Final = text(
    """
    SELECT a.id, a.organization_id, a.slug, a.owner, a.review_on, v.texts #>> '{ko,title}' AS ko, v.texts #>> '{en,title}' AS en,
      u.email, u.locale
    FROM knowledge.articles AS a
    JOIN identity.organizations AS house ON house.id = a.organization_id
    JOIN knowledge.article_versions AS v ON v.article_id = a.id AND v.number = a.current_version
    LEFT JOIN knowledge.settings AS s ON s.organization_id = a.organization_id
    LEFT JOIN identity.memberships AS m ON m.organization_id = a.organization_id AND 'user:' || m.user_id = a.owner
    LEFT JOIN identity.users AS u ON u.id = m.user_id AND u.is_active
    WHERE a.deleted_at IS NULL AND a.status <> 'archived' AND a.reminded_at IS NULL
      AND a.review_on <= (now() AT TIME ZONE house.time_zone)::date + coalesce(s.reminder_days, 14)
    ORDER BY a.review_on, a.id LIMIT :most FOR UPDATE OF a SKIP LOCKED
    """
)
_REMINDED: Final = text("UPDATE knowledge.articles SET reminded_at = now() WHERE id = :article_id")


class Reminding:
    """The chore that reminds."""

    def __init__(self, means: Means) -> None:
        self._means = means

    async def __call__(self, session: AsyncSession) -> int:
        """Remind of every article whose day is near, by mail where the installation sends mails; return how many there are."""
        rows = (await session.execute(_TO_REMIND, {"most": MOST_AT_ONCE})).all()
        for row in rows:
            await self._remind(session, row)
        return len(rows)

    async def _remind(self, session: AsyncSession, row: Row[Any]) -> None:
        means = self._means
        is_mailed = row.email is not None and means.mailer.sends
        if is_mailed:
            await means.mailer.hand_over(session, self._mail(row), organization_id=row.organization_id)
        # No revision: nobody who is writing has to begin again for that.
        await session.execute(_REMINDED, {"article_id": row.id})
        await means.hub.announce(session, topic(row.organization_id))
        await means.hub.announce(session, article_topic(row.id))
        await audit.record(
            session,
            organization_id=row.organization_id,
            actor=SYSTEM,
            action="article.review_due",
            target=f"article:{row.id}",
            after={"reviewOn": row.review_on.isoformat(), "owner": row.owner, "mailed": is_mailed},
        )

    def _mail(self, row: Row[Any]) -> Mail:
        locale: Locale = "en" if row.locale == "en" else "ko"
        title = (row.en or row.ko) if locale == "en" else (row.ko or row.en)
        values = {"title": title, "review_on": row.review_on.isoformat(), "link": self._link(row.id)}
        return Mail(
            to=row.email,
            subject=Message("knowledge.mail.review_subject", {"title": " ".join(title.split())}),
            body=Message("knowledge.mail.review_body", values),
            locale=locale,
        )

    def _link(self, article_id: UUID) -> str:
        application = self._means.settings.application
        address = application.public_url or f"http://{application.host}:{application.port}"
        return f"{address.rstrip('/')}{LINK.format(article_id)}"
