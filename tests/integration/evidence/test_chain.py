import json
import shutil
from pathlib import Path

import pytest

from kis.evidence import ChainUnreadable, Pack, canonical_bytes, sha256_hex, sums, verify_chain
from tests.integration.evidence.conftest import Quote


def _told(root: Path, home: Path, organisation: str = "hanbit") -> dict[str, str]:
    findings = verify_chain(root, organisation, home).findings
    told = {finding.path: finding.message.text("en") for finding in findings}
    assert len(told) == len(findings)  # nothing is told twice
    return told


def _reseal(pack: Path, **link: object) -> None:
    """Alter the link and hash anew, as somebody without the key could."""
    (pack / "chain.json").write_bytes(
        canonical_bytes({**json.loads((pack / "chain.json").read_bytes()), **link})
    )
    names = [line[66:] for line in (pack / "SHA256SUMS").read_text("utf-8").splitlines()]
    digests = {name: sha256_hex((pack / name).read_bytes()) for name in names}
    (pack / "SHA256SUMS").write_bytes(sums.written(digests))


class TestAWholeLine:
    def test_verifies(self, line: list[Pack], root: Path, home: Path) -> None:
        verification = verify_chain(root, "hanbit", home)
        assert verification.ok
        assert verification.links == len(line)
        assert verify_chain(root, "another", home).links == 1

    def test_is_empty_before_the_first_pack(self, root: Path, home: Path) -> None:
        verification = verify_chain(root, "hanbit", home)
        assert (verification.ok, verification.links) == (True, 0)
        assert not home.exists()

    def test_has_room_for_what_is_not_a_pack(self, line: list[Pack], root: Path, home: Path) -> None:
        (root / "notes").mkdir()
        (root / "notes" / "readme.txt").write_bytes(b"")
        (root / ".t9.partial").mkdir()
        (root / "README").write_bytes(b"")
        assert verify_chain(root, "hanbit", home).links == len(line)
        assert _told(root, home) == {}


class TestAMissingPack:
    @pytest.mark.parametrize("number", [1, 2, 3, 4])
    def test_is_named_by_its_successor(self, line: list[Pack], root: Path, home: Path, number: int) -> None:
        shutil.rmtree(line[number - 1].path)
        assert _told(root, home) == {
            f"t{number}": f"pack number {number} is missing (named by t{number + 1})"
        }

    def test_is_named_by_the_kept_head_when_the_tail_is_cut(
        self, line: list[Pack], root: Path, home: Path
    ) -> None:
        shutil.rmtree(line[4].path)
        assert _told(root, home) == {"t5": "pack number 5 is missing (named by the kept head)"}

    def test_leaves_a_hole_when_its_successor_is_missing_too(
        self, line: list[Pack], root: Path, home: Path
    ) -> None:
        for pack in line[1:4]:
            shutil.rmtree(pack.path)
        assert _told(root, home) == {
            "t4": "pack number 4 is missing (named by t5)",
            "#2–#3": "no pack has this number",
        }

    def test_leaves_a_hole_to_the_front_and_to_the_end(
        self, line: list[Pack], root: Path, home: Path
    ) -> None:
        for pack in (line[0], line[1], line[3], line[4]):
            shutil.rmtree(pack.path)
        assert _told(root, home) == {
            "t2": "pack number 2 is missing (named by t3)",
            "#1": "no pack has this number",
            "t5": "pack number 5 is missing (named by the kept head)",
            "#4": "no pack has this number",
        }

    def test_shows_when_every_pack_is_gone(self, line: list[Pack], root: Path, home: Path) -> None:
        assert line
        shutil.rmtree(root)
        assert _told(root, home) == {
            "t5": "pack number 5 is missing (named by the kept head)",
            "#1–#4": "no pack has this number",
        }

    def test_is_not_made_up_for_by_a_link_to_it(
        self, line: list[Pack], root: Path, home: Path, tmp_path: Path
    ) -> None:
        line[1].path.rename(tmp_path / "t2")
        line[1].path.symlink_to(tmp_path / "t2")
        assert set(_told(root, home)) == {"t2"}

    def test_shows_under_a_new_name(self, line: list[Pack], root: Path, home: Path) -> None:
        line[1].path.rename(root / "renamed")
        assert _told(root, home) == {"t2": "pack number 2 is missing (named by t3)"}


class TestAnAlteredPack:
    @pytest.mark.parametrize("number", [1, 3, 5])
    def test_is_named_when_it_is_hashed_anew(
        self, line: list[Pack], root: Path, home: Path, number: int
    ) -> None:
        (line[number - 1].path / "visual.svg").write_bytes(b"<svg />")
        _reseal(line[number - 1].path)
        by = f"t{number + 1}" if number < 5 else "the kept head"
        assert _told(root, home) == {
            f"t{number}": f"pack number {number} has been altered (digest named by {by})"
        }

    @pytest.mark.parametrize("name", ["chain.json", "SHA256SUMS"])
    @pytest.mark.parametrize(
        "data", [None, b"", b"null", b"\xff", b"[" * 100_000, b'{"organisation":"hanbit","sequence":0}']
    )
    def test_is_named_when_its_place_cannot_be_read(
        self, line: list[Pack], root: Path, home: Path, name: str, data: bytes | None
    ) -> None:
        (line[2].path / name).unlink()
        if data is not None:
            (line[2].path / name).write_bytes(data)
        told = _told(root, home)
        assert set(told) == {"t3"}
        assert "its place in the chain is unknown" in told["t3"]

    @pytest.mark.parametrize(
        "link",
        [
            {"sequence": 0},
            {"sequence": 1},
            {"sequence": "3"},
            {"previous": None},
            {"previous_trace_id": None},
            {"organisation": 3},
        ],
    )
    def test_is_named_when_its_link_is_none(
        self, line: list[Pack], root: Path, home: Path, link: dict[str, object]
    ) -> None:
        _reseal(line[2].path, **link)
        assert set(_told(root, home)) == {"t3"}

    def test_is_missing_when_it_goes_over_to_another_organisation(
        self, line: list[Pack], root: Path, home: Path
    ) -> None:
        _reseal(line[2].path, organisation="another")
        assert _told(root, home) == {"t3": "pack number 3 is missing (named by t4)"}
        assert "t3" in _told(root, home, "another")


class TestADoubledLink:
    def test_names_both(self, line: list[Pack], root: Path, home: Path) -> None:
        shutil.copytree(line[2].path, root / "copy")
        assert _told(root, home) == {
            "copy": "another pack holds number 3 too (t3)",
            "t3": "another pack holds number 3 too (copy)",
        }

    def test_shows_when_two_installations_write_one_line(
        self, line: list[Pack], root: Path, home: Path, quote: Quote, tmp_path: Path
    ) -> None:
        assert line
        quote("foreign", home=tmp_path / "another home")
        assert set(_told(root, home)) == {"t1", "foreign"}


class TestAnUnrecordedPack:
    def test_is_named(self, line: list[Pack], root: Path, home: Path) -> None:
        shutil.copytree(line[4].path, root / "t6")
        _reseal(root / "t6", sequence=6, previous=line[4].sha256, previous_trace_id="t5")
        assert _told(root, home) == {
            "t6": "pack number 6 lies beyond the kept head; this installation has no record of making it"
        }

    def test_does_not_make_the_check_count_for_ever(self, line: list[Pack], root: Path, home: Path) -> None:
        shutil.copytree(line[4].path, root / "t6")
        _reseal(root / "t6", sequence=10**15, previous="0" * 64, previous_trace_id="nobody\x1b")
        assert set(_told(root, home)) == {"t6", "nobody\\x1b"}


class TestTheKeptHead:
    def test_is_missed_when_it_is_gone(self, line: list[Pack], root: Path, home: Path) -> None:
        (home / "chain" / "hanbit.json").unlink()
        shutil.rmtree(line[1].path)
        told = _told(root, home)
        assert told.pop(str(home / "chain" / "hanbit.json")).startswith("there are packs but no kept head")
        assert told == {"t2": "pack number 2 is missing (named by t3)"}

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"null",
            b"\xff",
            b'{"organisation":"hanbit","head":null}',
            b'{"organisation":"hanbit","head":{},"intent":null}',
            b'{"organisation":"hanbit","head":null,"intent":{"root":"/"}}',
            b'{"organisation":"hanbit","head":{"sequence":1,"trace_id":"../x","sha256":""},"intent":null}',
            b'{"organisation":"another","head":null,"intent":null}',
        ],
    )
    def test_stops_new_packs_when_it_cannot_be_read(
        self, line: list[Pack], quote: Quote, root: Path, home: Path, data: bytes
    ) -> None:
        head = home / "chain" / "hanbit.json"
        head.write_bytes(data)
        with pytest.raises(ChainUnreadable, match="restore it from a backup"):
            quote("t6")
        assert len(list(root.iterdir())) == len(line) + 1  # the other organisation's
        assert head.read_bytes() == data
        told = _told(root, home)
        assert list(told) == [str(head)]
        assert "cannot be read" in told[str(head)]

    def test_shows_when_it_was_set_back(self, quote: Quote, root: Path, home: Path) -> None:
        quote("t1")
        kept = (home / "chain" / "hanbit.json").read_bytes()
        quote("t2")
        (home / "chain" / "hanbit.json").write_bytes(kept)
        assert set(_told(root, home)) == {"t2"}

    def test_says_so_when_the_packs_cannot_be_listed(self, line: list[Pack], root: Path, home: Path) -> None:
        assert line
        shutil.rmtree(root)
        root.write_bytes(b"")
        assert "Not a directory" in _told(root, home)[str(root)]
