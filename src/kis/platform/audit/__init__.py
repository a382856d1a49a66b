"""The audit log: append-only, each row holding the digest of the one before it."""

from kis.platform.audit.chain import ChainReport, Fault, Finding, Head, verify_chain
from kis.platform.audit.log import record
from kis.platform.audit.models import AuditLog
from kis.platform.audit.reading import BATCH, AuditForm, AuditQuery, batch, heading, lines, page

__all__ = [
    "BATCH",
    "AuditForm",
    "AuditLog",
    "AuditQuery",
    "ChainReport",
    "Fault",
    "Finding",
    "Head",
    "batch",
    "heading",
    "lines",
    "page",
    "record",
    "verify_chain",
]
