import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kis import __version__
from kis.evidence import write_pack

Run = Callable[..., Any]
Edit = Callable[[Path, Callable[[Any], None]], None]


def files_of(pack: Path) -> list[Path]:
    return sorted(path for path in pack.rglob("*") if path.is_file())


def named(shown: Any) -> set[str]:
    """Return the files that a verification with --json found something about."""
    return {finding["path"] for each in shown.data["packs"] for finding in each["findings"]}


def remade(pack: Path, home: Path, root: Path) -> Path:
    """Put the files of ``pack``, as they are now, into a pack of another installation."""
    own = {"chain.json", "SHA256SUMS", "attestation.dsse.json"}
    files = {
        str(path.relative_to(pack)): path.read_bytes() for path in files_of(pack) if path.name not in own
    }
    output = json.loads(files["output.json"])
    made = write_pack(
        root,
        output["traceId"],
        files,
        predicate={"verdict": output["verdict"]},
        organisation="local",
        created_at=output["created_at"],
        home=home,
    )
    return made.path


class TestVerify:
    def test_holds_for_a_pack_as_it_was_made(self, run: Run, pack: Path) -> None:
        shown = run("evidence", "verify", pack)
        assert (shown.code, shown.err) == (0, "")
        assert shown.out.startswith(f"✓ {pack}: 서명, 해시, 형식, 판정, 합계가 모두 맞습니다.")

    def test_speaks_english_when_asked(self, run: Run, pack: Path) -> None:
        shown = run("evidence", "verify", pack, "--lang", "en")
        assert "signature, hashes, shape, verdicts and sums all hold" in shown.out

    def test_takes_the_trace_id_of_a_pack_below_out_evidence(self, run: Run, pack: Path) -> None:
        assert run("evidence", "verify", pack.name).code == 0

    def test_tells_with_json_what_was_signed(self, run: Run, pack: Path) -> None:
        (told,) = run("evidence", "verify", pack, "--json").data["packs"]
        output = json.loads((pack / "output.json").read_bytes())
        assert (told["ok"], told["findings"]) == (True, [])
        assert told["signed"]["traceId"] == pack.name
        assert told["signed"]["facts"]["total"] == output["totals"]["total"]

    def test_names_the_file_in_which_one_bit_was_changed(self, run: Run, pack: Path) -> None:
        for path in files_of(pack):
            whole = path.read_bytes()
            middle = len(whole) // 2
            path.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
            shown = run("evidence", "verify", pack, "--json")
            assert shown.code == 3, path
            assert str(path.relative_to(pack)) in named(shown), path
            path.write_bytes(whole)
        assert run("evidence", "verify", pack).code == 0

    def test_names_a_file_that_was_taken_out_and_one_that_was_put_in(self, run: Run, pack: Path) -> None:
        (pack / "metrics.json").unlink()
        (pack / "note.txt").write_text("")
        shown = run("evidence", "verify", pack, "--json")
        assert (shown.code, named(shown)) == (3, {"metrics.json", "note.txt"})

    def test_refuses_a_pack_that_another_installation_signed_anew(
        self, run: Run, pack: Path, tmp_path: Path
    ) -> None:
        other = remade(pack, tmp_path / "other", tmp_path / "forged")
        shown = run("evidence", "verify", other, "--json")
        assert (shown.code, named(shown)) == (3, {"attestation.dsse.json"})
        with_their_key = run("evidence", "verify", other, "--key", tmp_path / "other/keys/signing.pub.pem")
        assert with_their_key.code == 0

    def test_finds_a_total_that_does_not_add_up_whoever_signed_it(
        self, run: Run, pack: Path, edit: Edit, tmp_path: Path
    ) -> None:
        edit(pack / "output.json", lambda output: output["totals"].update(total="1"))
        other = remade(pack, tmp_path / "other", tmp_path / "forged")
        shown = run("evidence", "verify", other, "--key", tmp_path / "other/keys/signing.pub.pem")
        assert shown.code == 3
        assert "output.json: totals/total의 값 1이 맞지 않습니다." in shown.out

    def test_looks_at_every_pack_and_fails_when_one_fails(self, run: Run, pack: Path, tmp_path: Path) -> None:
        copied = tmp_path / "copied"
        shutil.copytree(pack, copied)
        (copied / "validation.json").write_bytes(b"{}")
        shown = run("evidence", "verify", copied, pack)
        assert shown.code == 3
        assert f"✗ {copied}: 문제" in shown.out
        assert f"✓ {pack}: " in shown.out

    def test_needs_a_pack_that_is_there(self, run: Run, pack: Path) -> None:
        assert pack.is_dir()
        shown = run("evidence", "verify", "nowhere")
        assert (shown.code, shown.out) == (2, "")
        assert shown.err == (
            "nowhere: 그런 폴더가 없고 out/evidence 아래에도 그런 추적 번호가 없습니다. "
            "증빙 묶음의 경로나 추적 번호를 확인하십시오.\n"
        )

    def test_says_which_folder_is_no_pack(self, run: Run, pack: Path) -> None:
        shown = run("evidence", "verify", pack.parent, "--lang", "en")
        assert shown.code == 2
        assert "is not an evidence pack. Name the folder that holds SHA256SUMS" in shown.err

    @pytest.mark.parametrize(("content", "reason"), [(None, "공개 키 파일이 없습니다"), (b"key", "PEM 형식")])
    def test_needs_a_key_that_is_one(
        self, run: Run, pack: Path, tmp_path: Path, content: bytes | None, reason: str
    ) -> None:
        key = tmp_path / "key.pem"
        if content is not None:
            key.write_bytes(content)
        shown = run("evidence", "verify", pack, "--key", key)
        assert shown.code == 2
        assert reason in shown.err

    def test_asks_for_a_key_where_nothing_was_ever_quoted(self, run: Run, pack: Path, home: Path) -> None:
        shutil.rmtree(home)
        shown = run("evidence", "verify", pack)
        assert shown.code == 2
        assert "--key로 그 공개 키를 지정하십시오" in shown.err

    def test_works_as_a_process_of_its_own(self, pack: Path, home: Path) -> None:
        ended = subprocess.run(
            (sys.executable, "-P", "-m", "kis", "evidence", "verify", str(pack)),
            env=os.environ | {"KIS_HOME": str(home), "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            check=False,
        )
        assert (ended.returncode, ended.stderr) == (0, b"")
        assert ended.stdout.decode().startswith("✓ ")


class TestReplay:
    def test_agrees_to_the_byte(self, run: Run, pack: Path) -> None:
        shown = run("evidence", "replay", pack, "--json")
        told = shown.data
        assert (shown.code, told["agrees"], told["differences"]) == (0, True, [])
        assert (told["engine"], told["recorded_engine"], told["same_engine"]) == (
            __version__,
            __version__,
            True,
        )
        # everything but what the pack itself adds: chain, sums, signature
        assert told["files"] == len(files_of(pack)) - 3
        assert "모든 바이트가 같습니다" in run("evidence", "replay", pack).out

    def test_differs_when_a_recorded_price_was_changed(self, run: Run, pack: Path) -> None:
        book = pack / "library/price-book.yaml"
        text = book.read_text(encoding="utf-8")
        assert "item:name_plate: 4000" in text
        book.write_text(text.replace("item:name_plate: 4000", "item:name_plate: 5000"), encoding="utf-8")
        shown = run("evidence", "replay", pack)
        assert shown.code == 3
        assert "  output.json: 내용이 다릅니다" in shown.out
        assert "  pipeline/pricing.json: 내용이 다릅니다(처음 다른 곳: /panels/0/lines/" in shown.out

    def test_says_when_another_version_made_the_pack(self, run: Run, pack: Path, edit: Edit) -> None:
        edit(pack / "output.json", lambda output: output["engine"].update(version="0.0.1"))
        shown = run("evidence", "replay", pack, "--lang", "en")
        assert shown.code == 3
        assert f"The pack was made by another version (0.0.1); this is {__version__}." in shown.out

    def test_refuses_recordings_that_are_not_whole(self, run: Run, pack: Path, edit: Edit) -> None:
        edit(pack / "input.json", lambda given: given.pop("source"))
        shown = run("evidence", "replay", pack)
        assert shown.code == 2
        assert "input.json: source 항목이 없습니다." in shown.err


class TestShow:
    def test_tells_who_when_how_judged_how_much_and_which_files(self, run: Run, pack: Path) -> None:
        shown = run("evidence", "show", pack)
        assert shown.code == 0
        output = json.loads((pack / "output.json").read_bytes())
        total = f"{int(output['totals']['total']):,} KRW"
        for told in (
            "한빛전설 · 본관 3층 분전반 · 2026-11-20",
            output["created_at"],
            pack.name,
            total,
            "output.json",
        ):
            assert told in shown.out
        assert "확인한 것이 아닙니다" in shown.out

    def test_lists_with_json_every_file_with_size_and_digest(self, run: Run, pack: Path) -> None:
        told = run("evidence", "show", pack, "--json").data
        listed = {file["path"]: file["size"] for file in told["files"]}
        own = {"SHA256SUMS", "attestation.dsse.json"}
        assert listed == {
            str(path.relative_to(pack)): path.stat().st_size
            for path in files_of(pack)
            if path.name not in own
        }
        assert all(len(file["sha256"]) == 64 for file in told["files"])
        assert sum(told["gates"].values()) == len(
            json.loads((pack / "validation.json").read_bytes())["gates"]
        )

    def test_keeps_a_pack_from_steering_the_terminal(self, run: Run, pack: Path, edit: Edit) -> None:
        edit(pack / "output.json", lambda output: output.update(project="\x1b[2Jgone"))
        shown = run("evidence", "show", pack)
        assert (shown.code, "\x1b" in shown.out) == (0, False)
        assert "\N{REPLACEMENT CHARACTER}[2Jgone" in shown.out

    def test_refuses_a_result_without_its_shape(self, run: Run, pack: Path, edit: Edit) -> None:
        edit(pack / "output.json", lambda output: output.update(totals=5))
        shown = run("evidence", "show", pack, "--json")
        assert shown.code == 2
        (problem,) = shown.data["problems"]
        assert problem == {"path": "output.json", "message": "totals의 값이 정해진 형식과 다릅니다(5)."}

    def test_asks_for_the_sums_where_they_are_missing(self, run: Run, pack: Path) -> None:
        (pack / "SHA256SUMS").unlink()
        shown = run("evidence", "show", pack)
        assert shown.code == 2
        assert "SHA256SUMS가 없어" in shown.err


class TestChain:
    def test_is_whole_after_two_quotations(self, run: Run, pack: Path) -> None:
        assert run("quote", pack.parents[2] / "request.yaml", "--json").code == 0
        shown = run("evidence", "chain")
        assert (shown.code, shown.out) == (0, "✓ out/evidence: 묶음 2개가 빠짐없이 이어져 있습니다.\n")

    def test_names_a_pack_that_is_gone(self, run: Run, pack: Path) -> None:
        shutil.rmtree(pack)
        shown = run("evidence", "chain", "--json")
        told = shown.data
        assert (shown.code, told["ok"], told["links"]) == (3, False, 0)
        assert [finding["path"] for finding in told["findings"]] == [pack.name]

    def test_has_nothing_to_say_where_nothing_was_quoted(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "empty").mkdir()
        shown = run("evidence", "chain", "empty")
        assert shown.code == 2
        assert "묶음들이 있는 폴더를 지정하십시오" in shown.err
