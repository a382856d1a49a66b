import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kis.evidence import (
    Finding,
    Pack,
    PublicKey,
    Verification,
    attestation,
    layout,
    sha256_hex,
    sums,
    verify_pack,
)
from kis.evidence.attestation import Statement
from kis.evidence.keys import installation_key
from kis.platform.messages import Message
from tests.integration.evidence.conftest import FILES, Quote

ALL_FILES = (*FILES, "chain.json", "SHA256SUMS", "attestation.dsse.json")


def _told(verification: Verification) -> dict[str, str]:
    """Return what was said about each path; two findings on one path are one text."""
    told: dict[str, str] = {}
    for finding in verification.findings:
        told[finding.path] = (
            f"{told[finding.path]} + {finding.message.text('en')}"
            if finding.path in told
            else finding.message.text("en")
        )
    return told


def _files(path: Path) -> dict[str, bytes]:
    return {
        file.relative_to(path).as_posix(): file.read_bytes() for file in path.rglob("*") if file.is_file()
    }


class TestAWholePack:
    def test_verifies_and_gives_the_signed_facts(self, pack: Pack, public_key: PublicKey) -> None:
        verification = verify_pack(pack.path, public_key=public_key)
        assert verification.findings == ()
        assert verification.ok
        assert verification.predicate == {
            "traceId": "t1",
            "organisation": "hanbit",
            "created_at": "2026-01-31T09:00:00Z",
            "facts": {"gates": "pass"},
        }

    def test_verifies_wherever_it_is_copied_to(
        self, pack: Pack, public_key: PublicKey, tmp_path: Path
    ) -> None:
        shutil.copytree(pack.path, tmp_path / "sent to the customer")
        assert verify_pack(tmp_path / "sent to the customer", public_key=public_key).ok

    def test_is_not_changed_by_being_verified(self, pack: Pack, public_key: PublicKey) -> None:
        before = _files(pack.path)
        verify_pack(pack.path, public_key=public_key)
        assert _files(pack.path) == before


class TestAnAlteredPack:
    @pytest.mark.parametrize("name", ALL_FILES)
    @pytest.mark.parametrize("change", [0x01, 0x20, 0x80])
    def test_is_named_by_the_file_whichever_byte_changes(
        self, pack: Pack, public_key: PublicKey, name: str, change: int
    ) -> None:
        file = pack.path / name
        data = file.read_bytes()
        for position in range(0, len(data), max(1, len(data) // 40)):
            file.write_bytes(data[:position] + bytes([data[position] ^ change]) + data[position + 1 :])
            told = _told(verify_pack(pack.path, public_key=public_key))
            assert set(told) == {name}, position
        file.write_bytes(data)
        assert verify_pack(pack.path, public_key=public_key).ok

    @pytest.mark.parametrize("name", ALL_FILES)
    @pytest.mark.parametrize("data", [None, b"", b"{", b"null", b"\xff" * 9, b"[" * 100_000])
    def test_is_named_by_the_file_that_is_cut_or_replaced_or_gone(
        self, pack: Pack, public_key: PublicKey, name: str, data: bytes | None
    ) -> None:
        file = pack.path / name
        whole = file.read_bytes()
        file.unlink()
        if data is not None:
            file.write_bytes(data)
        assert set(_told(verify_pack(pack.path, public_key=public_key))) == {name}
        file.write_bytes(whole[: len(whole) // 2])
        assert set(_told(verify_pack(pack.path, public_key=public_key))) == {name}

    def test_tells_missing_altered_and_added_at_once(self, pack: Pack, public_key: PublicKey) -> None:
        (pack.path / "input.json").unlink()
        (pack.path / "visual.svg").write_bytes(b"<svg />")
        (pack.path / "extra.json").write_bytes(b"{}")
        (pack.path / "pipeline" / "new").mkdir()
        told = _told(verify_pack(pack.path, public_key=public_key))
        assert set(told) == {"input.json", "visual.svg", "extra.json", "pipeline/new"}
        assert told["input.json"] == "is missing"
        was, now = sha256_hex(b"<svg/>"), sha256_hex(b"<svg />")
        assert told["visual.svg"] == f"has been altered (SHA-256 should be {was}, is {now})"
        assert told["extra.json"] == told["pipeline/new"] == "does not belong to the pack"

    def test_names_the_same_files_when_there_is_no_signature_to_go_by(
        self, pack: Pack, public_key: PublicKey
    ) -> None:
        (pack.path / "attestation.dsse.json").unlink()
        (pack.path / "input.json").unlink()
        (pack.path / "visual.svg").write_bytes(b"<svg />")
        (pack.path / "extra.json").write_bytes(b"{}")
        verification = verify_pack(pack.path, public_key=public_key)
        assert set(_told(verification)) == {"attestation.dsse.json", "input.json", "visual.svg", "extra.json"}
        assert verification.predicate is None

    def test_is_found_when_its_sums_are_made_anew(self, pack: Pack, public_key: PublicKey) -> None:
        (pack.path / "visual.svg").write_bytes(b"<svg />")
        listed = {
            name: sha256_hex(data)
            for name, data in _files(pack.path).items()
            if name not in ("SHA256SUMS", "attestation.dsse.json")
        }
        (pack.path / "SHA256SUMS").write_bytes(sums.written(listed))
        told = _told(verify_pack(pack.path, public_key=public_key))
        assert set(told) == {"visual.svg", "SHA256SUMS"}
        assert "says something else about 'visual.svg' than what was signed" in told["SHA256SUMS"]

    def test_is_found_when_it_is_hashed_anew_and_signed_with_another_key(
        self, pack: Pack, public_key: PublicKey, quote: Quote, tmp_path: Path
    ) -> None:
        forged = quote(
            files={**FILES, "output.json": b'{"totals":{"total":"1"}}'},
            root=tmp_path / "forged",
            home=tmp_path / "attacker",
        )
        shutil.copy(tmp_path / "attacker" / "keys" / "signing.pub.pem", forged.path.parent)
        shutil.rmtree(pack.path)
        shutil.copytree(forged.path, pack.path)
        verification = verify_pack(pack.path, public_key=public_key)
        assert not verification.ok
        assert verification.predicate is None
        assert _told(verification)["attestation.dsse.json"].startswith("signed with another key")

    def test_is_found_when_a_signed_envelope_is_taken_from_another_pack(
        self, quote: Quote, public_key: PublicKey
    ) -> None:
        first, second = quote("a"), quote("b", files={**FILES, "input.json": b"{}"})
        shutil.copy(second.path / "attestation.dsse.json", first.path)
        assert set(_told(verify_pack(first.path, public_key=public_key))) == {
            "SHA256SUMS",
            "chain.json",
            "input.json",
        }


class TestAPackThatContradictsItself:
    def test_must_list_what_it_signs(self, pack: Pack, public_key: PublicKey, home: Path) -> None:
        # Every digest in the statement is true, but SHA256SUMS leaves out a file: whoever goes by it alone would not miss the file.
        contents = {name: data for name, data in _files(pack.path).items() if name != "attestation.dsse.json"}
        contents["SHA256SUMS"] = sums.written(
            {
                name: sha256_hex(data)
                for name, data in contents.items()
                if name not in ("SHA256SUMS", "visual.svg")
            }
        )
        (pack.path / "SHA256SUMS").write_bytes(contents["SHA256SUMS"])
        statement = Statement({name: sha256_hex(data) for name, data in contents.items()}, {})
        (pack.path / "attestation.dsse.json").write_bytes(
            attestation.signed(statement, installation_key(home))
        )
        told = _told(verify_pack(pack.path, public_key=public_key))
        assert told == {"SHA256SUMS": "says something else about 'visual.svg' than what was signed"}


class TestAHostileFolder:
    def test_may_not_hold_a_link_even_to_the_same_bytes(
        self, pack: Pack, public_key: PublicKey, tmp_path: Path
    ) -> None:
        file = pack.path / "visual.svg"
        file.rename(tmp_path / "outside.svg")
        file.symlink_to(tmp_path / "outside.svg")
        assert _told(verify_pack(pack.path, public_key=public_key)) == {
            "visual.svg": "is not a plain file (links, pipes and devices are refused)"
        }

    @pytest.mark.parametrize("name", ["SHA256SUMS", "attestation.dsse.json"])
    def test_may_not_hold_a_link_for_its_own_files(
        self, pack: Pack, public_key: PublicKey, tmp_path: Path, name: str
    ) -> None:
        (pack.path / name).rename(tmp_path / name)
        (pack.path / name).symlink_to(tmp_path / name)
        assert "is not a plain file" in _told(verify_pack(pack.path, public_key=public_key))[name]

    def test_may_not_hold_a_linked_folder(self, pack: Pack, public_key: PublicKey, tmp_path: Path) -> None:
        (pack.path / "pipeline").rename(tmp_path / "outside")
        (pack.path / "pipeline").symlink_to(tmp_path / "outside")
        told = _told(verify_pack(pack.path, public_key=public_key))
        assert told == {"pipeline": "is not a plain file (links, pipes and devices are refused)"}

    def test_does_not_go_round_in_circles(self, pack: Pack, public_key: PublicKey) -> None:
        (pack.path / "pipeline" / "again").symlink_to(pack.path)
        assert set(_told(verify_pack(pack.path, public_key=public_key))) == {"pipeline/again"}

    @pytest.mark.parametrize("name", ["pipe", "visual.svg", "SHA256SUMS", "attestation.dsse.json"])
    def test_does_not_block_on_a_pipe(self, pack: Pack, public_key: PublicKey, name: str) -> None:
        (pack.path / name).unlink(missing_ok=True)
        os.mkfifo(pack.path / name)
        assert "is not a plain file" in _told(verify_pack(pack.path, public_key=public_key))[name]

    @pytest.mark.parametrize("name", ["visual.svg", "SHA256SUMS", "attestation.dsse.json"])
    def test_does_not_read_from_a_pipe_that_somebody_holds_open(
        self, pack: Pack, public_key: PublicKey, name: str
    ) -> None:
        (pack.path / name).unlink()
        os.mkfifo(pack.path / name)
        held = os.open(pack.path / name, os.O_RDWR)
        try:
            assert "is not a plain file" in _told(verify_pack(pack.path, public_key=public_key))[name]
        finally:
            os.close(held)

    @pytest.mark.parametrize("name", ["SHA256SUMS", "attestation.dsse.json"])
    def test_may_not_hold_folders_for_its_own_files(
        self, pack: Pack, public_key: PublicKey, name: str
    ) -> None:
        (pack.path / name).unlink()
        (pack.path / name).mkdir()
        assert name in _told(verify_pack(pack.path, public_key=public_key))

    def test_does_not_read_a_file_without_end(self, pack: Pack, public_key: PublicKey) -> None:
        for name, limit_bytes in (
            ("visual.svg", layout.LARGEST_FILE_BYTES),
            ("SHA256SUMS", layout.LARGEST_CONTROL_FILE_BYTES),
        ):
            os.truncate(
                pack.path / name, limit_bytes + 1
            )  # a hole: no room on the disk, but a gigabyte to a careless reader
        told = _told(verify_pack(pack.path, public_key=public_key))
        assert told["visual.svg"] == "is larger than the limit of 268435456 bytes"
        assert told["SHA256SUMS"].startswith("is larger than the limit of 8388608 bytes")

    def test_does_not_read_a_pack_without_end(
        self, pack: Pack, public_key: PublicKey, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(layout, "LARGEST_PACK_BYTES", 100)
        told = _told(verify_pack(pack.path, public_key=public_key))
        assert told == {".": "the pack as a whole is larger than the limit of 100 bytes"}

    def test_does_not_list_without_end(
        self, pack: Pack, public_key: PublicKey, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(layout, "MOST_ENTRIES", 9)  # the pack has 8 files and 2 folders
        assert _told(verify_pack(pack.path, public_key=public_key)) == {
            ".": "holds more than 9 files and folders"
        }
        monkeypatch.setattr(layout, "MOST_ENTRIES", 10)
        assert verify_pack(pack.path, public_key=public_key).ok

    def test_cannot_steer_the_terminal_with_a_name(self, pack: Pack, public_key: PublicKey) -> None:
        (pack.path / "a\x1b[2Jb").write_bytes(b"")
        (pack.path / os.fsdecode(b"\xff")).write_bytes(b"")
        told = _told(verify_pack(pack.path, public_key=public_key))
        assert told == {"a\\x1b[2Jb": "does not belong to the pack", "\\udcff": "does not belong to the pack"}

    @pytest.mark.parametrize("kind", ["nothing", "file", "empty folder", "impossible"])
    def test_may_be_no_pack_at_all(self, public_key: PublicKey, tmp_path: Path, kind: str) -> None:
        path = tmp_path / "\0" if kind == "impossible" else tmp_path / "x"
        if kind == "file":
            path.write_bytes(b"")
        elif kind == "empty folder":
            path.mkdir()
        verification = verify_pack(path, public_key=public_key)
        assert set(_told(verification)) == {"attestation.dsse.json" if kind == "empty folder" else "."}


class TestTheCallersChecks:
    def test_add_their_findings(self, pack: Pack, public_key: PublicKey) -> None:
        def gates(path: Path) -> Iterator[Finding]:
            assert path == pack.path
            yield Finding("output.json", Message("evidence.verify.missing"))

        verification = verify_pack(pack.path, public_key=public_key, checks=[gates, lambda _: ()])
        assert verification.findings == (Finding("output.json", Message("evidence.verify.missing")),)
        assert not verification.ok

    def test_run_beside_all_other_findings(self, pack: Pack, public_key: PublicKey) -> None:
        (pack.path / "visual.svg").unlink()
        verification = verify_pack(
            pack.path,
            public_key=public_key,
            checks=[lambda _: [Finding("x", Message("evidence.verify.missing"))]],
        )
        assert set(_told(verification)) == {"visual.svg", "x"}

    def test_do_not_pass_by_breaking(self, pack: Pack, public_key: PublicKey) -> None:
        def schema(path: Path) -> Iterator[Finding]:
            yield Finding("never seen", Message("evidence.verify.missing"))
            raise KeyError(path.name)

        told = _told(
            verify_pack(
                pack.path,
                public_key=public_key,
                checks=[schema, lambda _: [Finding("x", Message("evidence.verify.added"))]],
            )
        )
        assert told == {
            ".": "the check schema could not be finished (KeyError: 't1')",
            "x": "does not belong to the pack",
        }

    def test_are_not_let_loose_on_links(self, pack: Pack, public_key: PublicKey) -> None:
        (pack.path / "passwords").symlink_to("/etc/passwd")
        asked: list[Path] = []
        verify_pack(pack.path, public_key=public_key, checks=[lambda path: asked.append(path) or ()])  # type: ignore[func-returns-value]  # append is the point
        assert asked == []
