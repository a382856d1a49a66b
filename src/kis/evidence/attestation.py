"""What the installation signs: an in-toto Statement v1 in a DSSE envelope.

The statement lists every file of the pack, SHA256SUMS among them, with its SHA-256, and says when, for whom and on what facts the
pack was made. Formats: https://github.com/in-toto/attestation (Statement v1), https://github.com/secure-systems-lab/dsse (v1).

DSSE leaves the spelling of the envelope open; here it must be the canonical one, so that no byte of the file can change unnoticed.
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from kis.evidence.canonical import canonical_bytes, parse_json
from kis.evidence.errors import NotCanonical
from kis.evidence.keys import PublicKey, SigningKey
from kis.evidence.layout import shown
from kis.platform.messages import Message

if TYPE_CHECKING:
    from securesystemslib.dsse import Envelope

STATEMENT_TYPE: Final = "https://in-toto.io/Statement/v1"
PAYLOAD_TYPE: Final = "application/vnd.in-toto+json"
PREDICATE_TYPE: Final = "https://kis-estimator.com/evidence/quotation/v1"

_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Statement:
    """What a good signature says: the digest of each file by name, and the facts."""

    digests: Mapping[str, str]
    predicate: Mapping[str, object]


def signed(statement: Statement, key: SigningKey) -> bytes:
    """Return the envelope file for a statement."""
    from securesystemslib.dsse import Envelope

    payload = canonical_bytes(
        {
            "_type": STATEMENT_TYPE,
            "subject": [
                {"name": name, "digest": {"sha256": digest}}
                for name, digest in sorted(statement.digests.items())
            ],
            "predicateType": PREDICATE_TYPE,
            "predicate": statement.predicate,
        }
    )
    envelope = Envelope(payload, PAYLOAD_TYPE, {})
    envelope.sign(key.signer)
    return canonical_bytes(envelope.to_dict())


def opened(data: bytes, key: PublicKey) -> Statement | Message:
    """Return what ``key`` signed, or why the envelope proves nothing. Any bytes may come in."""
    from securesystemslib.exceptions import VerificationError

    envelope = _decoded(data)
    if envelope is None or envelope.payload_type != PAYLOAD_TYPE:
        return Message("evidence.attestation.malformed")
    (key_id,) = envelope.signatures
    if key_id != key.fingerprint:
        return Message(
            "evidence.attestation.other_key", {"found": shown(key_id), "expected": key.fingerprint}
        )
    try:
        envelope.verify([key.verifier()], 1)
    except VerificationError:
        return Message("evidence.attestation.bad_signature")
    return _statement(envelope.payload) or Message("evidence.attestation.not_a_statement")


def _decoded(data: bytes) -> "Envelope | None":
    """Return the envelope of exactly one signature that ``data`` spells canonically."""
    from securesystemslib.dsse import Envelope
    from securesystemslib.signer import Signature  # type: ignore[attr-defined]  # public, though the library does not list it in __all__

    try:
        match parse_json(data):
            case {
                "payload": str(payload),
                "payloadType": str(kind),
                "signatures": [{"keyid": str(key_id), "sig": str(signature)}],
            }:
                signatures = {key_id: Signature(key_id, base64.b64decode(signature, validate=True).hex())}
                envelope = Envelope(base64.b64decode(payload, validate=True), kind, signatures)
                return envelope if canonical_bytes(envelope.to_dict()) == data else None
    except (ValueError, NotCanonical):
        return None
    return None


def _statement(payload: bytes) -> Statement | None:
    try:
        value = parse_json(payload)
    except ValueError:
        return None
    match value:
        case {
            "_type": str(kind),
            "subject": list(subjects),
            "predicateType": str(predicate_type),
            "predicate": dict(predicate),
        }:
            digests = dict(filter(None, map(_subject, subjects)))
            whole = (
                len(digests) == len(subjects) and kind == STATEMENT_TYPE and predicate_type == PREDICATE_TYPE
            )
            return Statement(digests, predicate) if whole else None
    return None


def _subject(value: Any) -> tuple[str, str] | None:
    match value:
        case {"name": str(name), "digest": {"sha256": str(digest)}} if _DIGEST.fullmatch(digest):
            return name, digest
    return None
