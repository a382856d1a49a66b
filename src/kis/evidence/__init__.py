"""What was done: canonical JSON, evidence packs, the chain of packs, signatures.

Importing this is cheap: the cryptography is loaded when something is signed or verified.
"""

from kis.evidence.canonical import canonical_bytes, sha256_hex
from kis.evidence.chain_verify import ChainVerification, verify_chain
from kis.evidence.errors import (
    ChainUnreadable,
    EvidenceError,
    KeyMissing,
    KeyUnusable,
    NotCanonical,
    PackExists,
    PackNotWritten,
    PackRefused,
)
from kis.evidence.findings import Finding
from kis.evidence.keys import (
    PublicKey,
    SigningKey,
    given_key,
    installation_key,
    installation_public_key,
    load_public_key,
)
from kis.evidence.pack import Pack, write_pack
from kis.evidence.verify import Verification, verify_pack
from kis.evidence.volatile import Difference, differences, stable_view

__all__ = [
    "ChainUnreadable",
    "ChainVerification",
    "Difference",
    "EvidenceError",
    "Finding",
    "KeyMissing",
    "KeyUnusable",
    "NotCanonical",
    "Pack",
    "PackExists",
    "PackNotWritten",
    "PackRefused",
    "PublicKey",
    "SigningKey",
    "Verification",
    "canonical_bytes",
    "differences",
    "given_key",
    "installation_key",
    "installation_public_key",
    "load_public_key",
    "sha256_hex",
    "stable_view",
    "verify_chain",
    "verify_pack",
    "write_pack",
]
