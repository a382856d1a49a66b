"""The audit log: append-only, each row holding the digest of the one before it."""

from kis.platform.audit.chain import ChainReport, Fault, Finding, Head, verify_chain
from kis.platform.audit.log import record
from kis.platform.audit.models import AuditLog
from kis.platform.audit.reading import AuditQuery, ExportForm, export, page, shape

__all__ = [
    "AuditLog",
    "AuditQuery",
    "ChainReport",
    "ExportForm",
    "Fault",
    "Finding",
    "Head",
    "export",
    "page",
    "record",
    "shape",
    "verify_chain",
]
