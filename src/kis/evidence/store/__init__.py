"""Evidence of the platform: packs as objects, their rows and the chain's head in the database.

A face of its own, so that who only writes or verifies folders does not load the database.
"""

from kis.evidence.store.auditing import AuditFinding, AuditKind, AuditReport, audit
from kis.evidence.store.errors import EvidenceMissing, ObjectsVanished, TraceTaken
from kis.evidence.store.facts import PackFacts, PackFile, PreparedFile
from kis.evidence.store.service import DigestKind, EvidenceStore
from kis.evidence.store.verification import verify_stored

__all__ = [
    "AuditFinding",
    "AuditKind",
    "AuditReport",
    "DigestKind",
    "EvidenceMissing",
    "EvidenceStore",
    "ObjectsVanished",
    "PackFacts",
    "PackFile",
    "PreparedFile",
    "TraceTaken",
    "audit",
    "verify_stored",
]
