"""What the use cases work with, handed over together."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kis.platform.configuration import Settings
from kis.platform.database import Database
from kis.platform.events import EventHub
from kis.platform.storage import ObjectStore
from kis.quotations.libraries import Libraries

if TYPE_CHECKING:
    from kis.evidence.store import EvidenceStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """Database, live events, objects, evidence, libraries and settings."""

    database: Database
    hub: EventHub
    storage: ObjectStore
    evidence: "EvidenceStore"
    libraries: Libraries
    settings: Settings
