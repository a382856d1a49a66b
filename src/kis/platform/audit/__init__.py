"""The audit log: append-only, each row holding the digest of the one before it."""

from kis.platform.audit.log import record

__all__ = ["record"]
