"""Everything an organisation may switch off, and how what is switched off is refused."""

from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kis.platform.errors import Forbidden
from kis.platform.messages import Message
from kis.search import SEARCH_FEATURES, Feature, switches_of

FEEDBACK: Final = Feature("knowledge.feedback")
"""Readers say whether an article helped."""
PUBLIC_ARTICLES: Final = Feature("knowledge.public_articles")
"""Articles may be opened to readers of other organisations."""
TRANSLATION: Final = Feature("knowledge.translation")
"""Where the installation has a translator, articles may be sent to it."""
FEATURES: Final = (*SEARCH_FEATURES, FEEDBACK, PUBLIC_ARTICLES, TRANSLATION)
NAMES: Final = frozenset(feature.name for feature in FEATURES)


class FeatureOff(Forbidden):
    """The organisation has switched it off."""

    code = "feature_off"

    def __init__(self, feature: Feature) -> None:
        super().__init__(
            Message("administration.feature_off", {"feature": feature.name}),
            hint=Message("administration.feature_off_hint"),
            feature=feature.name,
        )


async def require(session: AsyncSession, organization_id: UUID, feature: Feature) -> None:
    """Raise FeatureOff where an organisation has switched a feature off."""
    if not (await switches_of(session, organization_id)).is_on(feature):
        raise FeatureOff(feature)
