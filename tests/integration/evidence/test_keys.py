import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from filelock import FileLock

from kis.evidence import (
    KeyMissing,
    KeyUnusable,
    installation_key,
    installation_public_key,
    load_public_key,
    sha256_hex,
)
from kis.platform import durable
from kis.platform.errors import LockTimeout


def _pem(key: Ed25519PrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


class TestInstallationKey:
    def test_is_made_once(self, home: Path) -> None:
        first = installation_key(home)
        private = (home / "keys" / "signing.pem").read_bytes()
        assert installation_key(home).public == first.public
        assert (home / "keys" / "signing.pem").read_bytes() == private

    def test_differs_between_installations(self, tmp_path: Path) -> None:
        assert (
            installation_key(tmp_path / "a").public.fingerprint
            != installation_key(tmp_path / "b").public.fingerprint
        )

    def test_is_readable_by_its_owner_alone(self, home: Path) -> None:
        installation_key(home)
        assert stat.S_IMODE((home / "keys" / "signing.pem").stat().st_mode) == 0o600
        assert stat.S_IMODE((home / "keys").stat().st_mode) == 0o700

    def test_has_the_digest_of_its_public_half_for_a_fingerprint(self, home: Path) -> None:
        from cryptography.hazmat.primitives.serialization import load_pem_public_key

        public = (
            load_pem_public_key((home / "keys" / "signing.pub.pem").read_bytes())
            if installation_key(home)
            else None
        )
        assert public is not None
        der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        assert installation_key(home).public.fingerprint == sha256_hex(der)

    def test_gets_its_public_half_back_after_a_crash_between_the_two(self, home: Path) -> None:
        public = installation_key(home).public
        (home / "keys" / "signing.pub.pem").unlink()
        assert installation_key(home).public == public
        assert installation_public_key(home) == public

    def test_is_never_replaced_when_the_private_half_is_lost(self, home: Path) -> None:
        installation_key(home)
        (home / "keys" / "signing.pem").unlink()
        with pytest.raises(KeyUnusable, match="restore it from a backup"):
            installation_key(home)
        assert not (home / "keys" / "signing.pem").exists()

    def test_refuses_a_public_half_of_another_key(self, home: Path, tmp_path: Path) -> None:
        installation_key(home)
        installation_key(tmp_path / "other")
        (home / "keys" / "signing.pub.pem").write_bytes(
            (tmp_path / "other" / "keys" / "signing.pub.pem").read_bytes()
        )
        with pytest.raises(KeyUnusable, match=r"does not belong to signing\.pem"):
            installation_key(home)

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
            Ed25519PrivateKey.generate().private_bytes(
                Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret")
            ),
        ],
    )
    def test_refuses_a_private_key_it_cannot_read(self, home: Path, data: bytes) -> None:
        installation_key(home)
        (home / "keys" / "signing.pem").write_bytes(data)
        with pytest.raises(KeyUnusable, match="not an unencrypted private key"):
            installation_key(home)
        assert (home / "keys" / "signing.pem").read_bytes() == data

    def test_refuses_a_private_key_of_another_kind(self, home: Path) -> None:
        installation_key(home)
        other = ec.generate_private_key(ec.SECP256R1()).private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
        (home / "keys" / "signing.pem").write_bytes(other)
        with pytest.raises(KeyUnusable, match="not an Ed25519 key"):
            installation_key(home)

    def test_does_not_wait_for_ever_for_another_process(
        self, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        installation_key(home)
        monkeypatch.setattr(durable, "LOCK_TIMEOUT_SECONDS", 0.02)
        with (
            FileLock(home / "keys" / "signing.lock"),
            pytest.raises(LockTimeout, match=r"for more than 0\.02 s"),
        ):
            installation_key(home)


class TestInstallationPublicKey:
    def test_is_missing_before_the_first_pack(self, home: Path) -> None:
        with pytest.raises(KeyMissing, match="its first quotation makes one"):
            installation_public_key(home)
        assert not home.exists()

    def test_needs_no_private_half(self, home: Path) -> None:
        public = installation_key(home).public
        (home / "keys" / "signing.pem").unlink()
        assert installation_public_key(home) == public


class TestLoadPublicKey:
    def test_reads_a_key_from_anywhere(self, home: Path, tmp_path: Path) -> None:
        public = installation_key(home).public
        (tmp_path / "given.pem").write_bytes(public.pem)
        assert load_public_key(tmp_path / "given.pem") == public

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            (b"", "not a public key in PEM"),
            (b"\xff\x00", "not a public key in PEM"),
            (b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "not a public key in PEM"),
            (_pem(ec.generate_private_key(ec.SECP256R1())), "not an Ed25519 key"),
            (
                Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
                "not a public key in PEM",
            ),
        ],
    )
    def test_refuses_what_is_not_an_ed25519_public_key(self, tmp_path: Path, data: bytes, words: str) -> None:
        (tmp_path / "given.pem").write_bytes(data)
        with pytest.raises(KeyUnusable, match=words):
            load_public_key(tmp_path / "given.pem")

    def test_says_so_when_there_is_no_such_file(self, tmp_path: Path) -> None:
        with pytest.raises(KeyUnusable, match="No such file"):
            load_public_key(tmp_path / "given.pem")
