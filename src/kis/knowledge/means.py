"""What the use cases work with, handed over together."""

from dataclasses import dataclass

from kis.knowledge.translating import Translator
from kis.platform.configuration import Settings
from kis.platform.database import Database
from kis.platform.events import EventHub
from kis.platform.mail import Mailer
from kis.platform.storage import ObjectStore
from kis.search import SearchEngine


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """Database, search engine, objects, live events, mails, settings and the installation's secret; a translator where one is configured."""

    database: Database
    engine: SearchEngine
    storage: ObjectStore
    hub: EventHub
    mailer: Mailer
    settings: Settings
    secret: bytes
    translator: Translator | None = None
