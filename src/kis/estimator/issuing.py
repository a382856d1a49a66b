"""The documents of an estimate and the gates they are judged by once they are finished."""

from dataclasses import dataclass

from kis.estimator.findings import Gate
from kis.estimator.service import Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A finished file, under its path inside the pack."""

    kind: str
    path: str
    media_type: str
    data: bytes


def documents_of(estimate: Estimate) -> tuple[Document, ...]:
    return ()


def format_gates(estimate: Estimate, documents: tuple[Document, ...]) -> tuple[Gate, ...]:
    return ()
