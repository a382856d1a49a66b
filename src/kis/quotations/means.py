"""What the use cases work with, handed over together."""

from dataclasses import dataclass

from kis.evidence.store import EvidenceStore
from kis.platform.configuration import Settings
from kis.platform.database import Database
from kis.platform.events import EventHub
from kis.platform.mail import Mailer
from kis.platform.storage import ObjectStore
from kis.quotations.libraries import Libraries


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """Database, live events, objects, mails, evidence, libraries and settings."""

    database: Database
    hub: EventHub
    storage: ObjectStore
    mailer: Mailer
    evidence: EvidenceStore
    libraries: Libraries
    settings: Settings
