"""The installation's Ed25519 key: made once, kept outside every pack, and the only thing that makes a signature worth something.

``<home>/keys/signing.pem`` (readable by its owner alone) is the key; ``signing.pub.pem`` beside it is what others need to verify.
The fingerprint is the SHA-256 of the public key in DER, so anyone can reproduce it::

    openssl pkey -pubin -in signing.pub.pem -outform DER | sha256sum
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kis.evidence.canonical import sha256_hex
from kis.evidence.errors import KeyMissing, KeyUnusable
from kis.platform import durable
from kis.platform.messages import Message

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
    from securesystemslib.signer import CryptoSigner, SSlibKey  # type: ignore[attr-defined]  # public, though the library does not list it in __all__

PRIVATE_KEY: Final = "signing.pem"
PUBLIC_KEY: Final = "signing.pub.pem"

_OWNER_ONLY_FILE: Final = 0o600
_OWNER_ONLY_FOLDER: Final = 0o700


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What a verifier must have from elsewhere than the pack. ``fingerprint`` is also the key id in envelopes."""

    pem: bytes
    fingerprint: str

    def verifier(self) -> "SSlibKey":
        """Return the key as the signing library takes it."""
        from cryptography.hazmat.primitives.serialization import load_pem_public_key
        from securesystemslib.signer import SSlibKey  # type: ignore[attr-defined]  # public, though the library does not list it in __all__

        return SSlibKey.from_crypto(load_pem_public_key(self.pem), keyid=self.fingerprint)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The installation's key pair, ready to sign."""

    signer: "CryptoSigner"
    public: PublicKey


def installation_key(home: Path) -> SigningKey:
    """Return the installation's key, made the first time it is asked for; processes that start together get the same one.

    Raises KeyUnusable when the files are not one Ed25519 pair: a key is never replaced in silence, for every pack signed with it
    would stop verifying.
    """
    from securesystemslib.signer import CryptoSigner  # type: ignore[attr-defined]  # public, though the library does not list it in __all__

    folder = _folder(home)
    durable.make_directory(folder, mode=_OWNER_ONLY_FOLDER)
    with durable.locked(folder / "signing.lock"):
        private = _load_private(folder / PRIVATE_KEY) if (folder / PRIVATE_KEY).exists() else _made(folder)
        public = _published(private.public_key(), folder / PUBLIC_KEY)
    return SigningKey(CryptoSigner(private, public.verifier()), public)


def given_key(pem: bytes, source: Path) -> SigningKey:
    """Return the key of a PEM text, for several hosts that sign as one installation; ``source`` is where it came from. Raises KeyUnusable."""
    from securesystemslib.signer import CryptoSigner  # type: ignore[attr-defined]  # public, though the library does not list it in __all__

    private = _private(pem, source)
    public = _public(private.public_key())
    return SigningKey(CryptoSigner(private, public.verifier()), public)


def key_file(path: Path) -> SigningKey:
    """Return the key of a PEM file. Raises KeyUnusable."""
    return given_key(_read(path), path)


def installation_public_key(home: Path) -> PublicKey:
    """Return the key that this installation's packs verify with. KeyMissing before the first pack."""
    path = _folder(home) / PUBLIC_KEY
    if not path.exists():
        raise KeyMissing(path)
    return load_public_key(path)


def load_public_key(path: Path) -> PublicKey:
    """Return the Ed25519 public key of a PEM file. Raises KeyUnusable."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(_read(path))
    except (ValueError, UnsupportedAlgorithm):
        raise KeyUnusable(path, Message("evidence.key.not_public_pem")) from None
    if not isinstance(key, Ed25519PublicKey):
        raise KeyUnusable(path, Message("evidence.key.not_ed25519"))
    return _public(key)


def _folder(home: Path) -> Path:
    return home / "keys"


def _made(folder: Path) -> "Ed25519PrivateKey":
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    if (folder / PUBLIC_KEY).exists():  # the private half is lost: packs signed with it would stop verifying
        raise KeyUnusable(folder / PRIVATE_KEY, Message("evidence.key.private_lost"))
    private = Ed25519PrivateKey.generate()
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    durable.replace(folder / PRIVATE_KEY, pem, mode=_OWNER_ONLY_FILE)
    return private


def _load_private(path: Path) -> "Ed25519PrivateKey":
    return _private(_read(path), path)


def _private(pem: bytes, path: Path) -> "Ed25519PrivateKey":
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):  # TypeError: the file is encrypted
        raise KeyUnusable(path, Message("evidence.key.not_private_pem")) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnusable(path, Message("evidence.key.not_ed25519"))
    return key


def _published(key: "Ed25519PublicKey", path: Path) -> PublicKey:
    """Put the public half beside the private one unless it is there, as after a crash between the two writes."""
    public = _public(key)
    if not path.exists():
        durable.replace(path, public.pem)
    elif load_public_key(path).fingerprint != public.fingerprint:
        raise KeyUnusable(path, Message("evidence.key.not_a_pair", {"private": PRIVATE_KEY}))
    return public


def _public(key: "Ed25519PublicKey") -> PublicKey:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return PublicKey(pem, sha256_hex(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise KeyUnusable(
            path, Message("evidence.key.unreadable", {"cause": problem.strerror or problem})
        ) from problem
