import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from securesystemslib.signer import CryptoSigner  # type: ignore[attr-defined]  # public, though the library does not list it in __all__

from kis.evidence import attestation, canonical_bytes, sha256_hex
from kis.evidence.attestation import Statement
from kis.evidence.keys import SigningKey, _public
from kis.platform.messages import Message


def _key(seed: int) -> SigningKey:
    private = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
    public = _public(private.public_key())
    return SigningKey(CryptoSigner(private, public.verifier()), public)


OURS, THEIRS = _key(1), _key(2)
STATEMENT = Statement(
    {"b.json": sha256_hex(b"b"), "a.json": sha256_hex(b"a")}, {"created_at": "2026-01-31T09:00:00Z"}
)
ENVELOPE = attestation.signed(STATEMENT, OURS)


def _refusal(data: bytes) -> str:
    outcome = attestation.opened(data, OURS.public)
    assert isinstance(outcome, Message)
    return outcome.text("en")


def _changed(**changes: Any) -> bytes:
    return canonical_bytes({**json.loads(ENVELOPE), **changes})


def _resigned(payload: object, *, payload_type: str = attestation.PAYLOAD_TYPE) -> bytes:
    """Return an envelope that our own key signed over something else."""
    from securesystemslib.dsse import Envelope

    envelope = Envelope(payload if isinstance(payload, bytes) else canonical_bytes(payload), payload_type, {})
    envelope.sign(OURS.signer)
    return canonical_bytes(envelope.to_dict())


class TestSigned:
    def test_holds_an_in_toto_statement_of_every_file(self) -> None:
        envelope = json.loads(ENVELOPE)
        assert envelope["payloadType"] == "application/vnd.in-toto+json"
        assert json.loads(base64.b64decode(envelope["payload"])) == {
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [
                {"name": "a.json", "digest": {"sha256": sha256_hex(b"a")}},
                {"name": "b.json", "digest": {"sha256": sha256_hex(b"b")}},
            ],
            "predicateType": "https://kis-estimator.com/evidence/quotation/v1",
            "predicate": {"created_at": "2026-01-31T09:00:00Z"},
        }

    def test_signs_the_pre_authentication_encoding_of_dsse(self) -> None:
        envelope = json.loads(ENVELOPE)
        payload = base64.b64decode(envelope["payload"])
        # "DSSEv1" SP LEN(type) SP type SP LEN(body) SP body; the type is 28 bytes long.
        encoding = b"DSSEv1 28 application/vnd.in-toto+json %d " % len(payload) + payload
        public = Ed25519PrivateKey.from_private_bytes(b"\x01" * 32).public_key()
        public.verify(base64.b64decode(envelope["signatures"][0]["sig"]), encoding)
        assert envelope["signatures"][0]["keyid"] == OURS.public.fingerprint


class TestOpened:
    def test_gives_back_what_was_signed(self) -> None:
        assert attestation.opened(ENVELOPE, OURS.public) == STATEMENT

    def test_refuses_another_key_and_names_both(self) -> None:
        refusal = _refusal(attestation.signed(STATEMENT, THEIRS))
        assert (
            refusal
            == f"signed with another key ({THEIRS.public.fingerprint}; expected {OURS.public.fingerprint})"
        )

    def test_refuses_another_signature_under_our_key_id(self) -> None:
        theirs = json.loads(attestation.signed(STATEMENT, THEIRS))["signatures"][0]["sig"]
        assert (
            _refusal(_changed(signatures=[{"keyid": OURS.public.fingerprint, "sig": theirs}]))
            == "the signature does not fit the content"
        )

    def test_refuses_another_payload_under_our_signature(self) -> None:
        payload = base64.b64encode(
            base64.b64decode(json.loads(ENVELOPE)["payload"]).replace(b"a.json", b"c.json")
        ).decode()
        assert _refusal(_changed(payload=payload)) == "the signature does not fit the content"

    @pytest.mark.parametrize("signature", ["", "AAAA", base64.b64encode(b"\0" * 64).decode()])
    def test_refuses_what_is_no_signature_at_all(self, signature: str) -> None:
        changed = _changed(signatures=[{"keyid": OURS.public.fingerprint, "sig": signature}])
        assert _refusal(changed) == "the signature does not fit the content"

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"null",
            b"[]",
            b"{}",
            b"\xff",
            b"[" * 100_000,
            ENVELOPE + b"\n",
            ENVELOPE[:-1],
            b" " + ENVELOPE,
            json.dumps(json.loads(ENVELOPE), indent=1).encode(),
            ENVELOPE.decode().encode("utf-16"),
            _changed(note="unsigned words"),
            _changed(payloadType="text/plain"),
            _changed(payloadType=1),
            _changed(payload={}),
            _changed(payload="%%%"),
            _changed(payload="가"),
            _changed(signatures=[]),
            _changed(signatures={}),
            _changed(signatures=json.loads(ENVELOPE)["signatures"] * 2),
            _changed(signatures=[{**json.loads(ENVELOPE)["signatures"][0], "note": "unsigned words"}]),
            _changed(signatures=[{"sig": "AAAA"}]),
            ENVELOPE.replace(b'"keyid":"', b'"keyid":"\\ud800'),
        ],
    )
    def test_refuses_every_other_spelling_and_shape(self, data: bytes) -> None:
        assert _refusal(data) == "missing, or not a DSSE envelope in its canonical form"

    @pytest.mark.parametrize(
        "payload",
        [
            b"",
            b"not json",
            b"[" * 100_000,
            [],
            {"_type": attestation.STATEMENT_TYPE},
            {
                "_type": "https://in-toto.io/Statement/v0",
                "subject": [],
                "predicateType": attestation.PREDICATE_TYPE,
                "predicate": {},
            },
            {
                "_type": attestation.STATEMENT_TYPE,
                "subject": [],
                "predicateType": "https://slsa.dev/provenance/v1",
                "predicate": {},
            },
            {
                "_type": attestation.STATEMENT_TYPE,
                "subject": [1],
                "predicateType": attestation.PREDICATE_TYPE,
                "predicate": {},
            },
            {
                "_type": attestation.STATEMENT_TYPE,
                "subject": [{"name": "a", "digest": {"sha256": "short"}}],
                "predicateType": attestation.PREDICATE_TYPE,
                "predicate": {},
            },
            {
                "_type": attestation.STATEMENT_TYPE,
                "subject": [
                    {"name": "a", "digest": {"sha256": "0" * 64}},
                    {"name": "a", "digest": {"sha256": "1" * 64}},
                ],
                "predicateType": attestation.PREDICATE_TYPE,
                "predicate": {},
            },
        ],
    )
    def test_refuses_a_well_signed_statement_of_another_kind(self, payload: object) -> None:
        assert _refusal(_resigned(payload)).startswith("the signature is good, but")

    def test_refuses_our_signature_over_another_payload_type(self) -> None:
        payload = base64.b64decode(json.loads(ENVELOPE)["payload"])
        assert _refusal(_resigned(payload, payload_type="text/plain")).startswith(
            "missing, or not a DSSE envelope"
        )

    @given(st.binary(max_size=200))
    def test_survives_any_bytes(self, data: bytes) -> None:
        assert isinstance(attestation.opened(data, OURS.public), Message)

    @given(st.integers(0, len(ENVELOPE) - 1), st.integers(1, 255))
    def test_no_byte_of_the_envelope_can_change(self, position: int, change: int) -> None:
        data = bytearray(ENVELOPE)
        data[position] ^= change
        assert isinstance(attestation.opened(bytes(data), OURS.public), Message)
