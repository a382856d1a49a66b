"""``kis evidence``: whether a pack is what was signed, whether it comes out again, what is in it, whether one is missing.

A pack is a folder, or the trace id of one that the platform keeps in its storage and database; ``audit`` looks at all of those.
"""

import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kis.cli.commands.installed import data_option
from kis.cli.commands.packs import EVIDENCE_ROOT, SUMS, indented, printable, read_result
from kis.cli.commands.quote import CHAIN_NAME_FILE, organisation_of
from kis.cli.commands.stored_packs import FoundPack, found_packs, opened_installation, unpacked
from kis.cli.declare import argument, group, json_option, option
from kis.cli.exit_codes import DONE, GATE_FAILS
from kis.cli.output import (
    VERDICT_STYLES,
    VERDICT_SYMBOLS,
    Verdict,
    console,
    print_json,
    progress,
    table,
    verdict_text,
)
from kis.cli.session import current_session
from kis.platform.errors import BadInput, NotFound, Problem
from kis.platform.messages import Message
from kis.platform.processes import spreading
from kis.platform.settings import home

if TYPE_CHECKING:
    from kis.estimator import Replay
    from kis.evidence import Difference, Finding, PublicKey
    from kis.evidence.store import AuditFinding, AuditReport

SHOWN_DIGEST_DIGITS = 16
MOST_FINDINGS = 200
"""Of an audit on the screen; --json has all of them."""


@group("evidence", help_key="evidence_cli.help")
def evidence() -> None:
    """Hold the commands over evidence packs."""


@evidence.command("verify", help_key="evidence_cli.verify.help")
@argument("packs", nargs=-1, required=True, help_key="evidence_cli.argument.packs")
@option("--key", type=click.Path(path_type=Path), help_key="evidence_cli.option.key")
@data_option
@json_option
def verify(*, packs: tuple[str, ...], key: Path | None, as_json: bool) -> int:
    """Hold each pack against its signature, its checksums, and its own figures."""
    given = None if key is None else _read_key(key)
    with found_packs(packs) as found:
        outcomes = [_verified(pack, given or _own_key(pack)) for pack in found]
    if as_json:
        print_json({"key": outcomes[0].key.fingerprint, "packs": [_outcome_shape(one) for one in outcomes]})
    else:
        for outcome in outcomes:
            _show_outcome(outcome)
    return DONE if all(outcome.ok for outcome in outcomes) else GATE_FAILS


@evidence.command("fetch", help_key="evidence_cli.fetch.help")
@argument("trace_id", help_key="evidence_cli.argument.trace_id")
@option("--out", type=click.Path(path_type=Path, file_okay=False), help_key="evidence_cli.option.out")
@data_option
@json_option
def fetch(*, trace_id: str, out: Path | None, as_json: bool) -> int:
    """Write a pack of the installation as a folder, and hold it against its signature."""
    below = out or Path()
    folder = below / trace_id
    if folder.exists():
        raise BadInput(printable(folder), [Problem("", Message("evidence_cli.fetch.exists"))])
    below.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".kis-evidence-", dir=below) as scratch:
        stored = unpacked([trace_id], Path(scratch))[trace_id]
        outcome = _verified(FoundPack(str(folder), stored.folder, stored), stored.key)
        stored.folder.rename(folder)
    if as_json:
        print_json({"key": outcome.key.fingerprint, **_outcome_shape(outcome)})
    else:
        _show_outcome(outcome)
    return DONE if outcome.ok else GATE_FAILS


@evidence.command("replay", help_key="evidence_cli.replay.help")
@argument("pack", help_key="evidence_cli.argument.pack")
@data_option
@json_option
def replay(*, pack: str, as_json: bool) -> int:
    """Make the quotation again from what the pack recorded and compare every byte."""
    import kis.estimator

    with found_packs([pack]) as (found,):
        panels = len(read_result(found.folder)["panels"])
        running = Message("evidence_cli.replay.running", {"path": found.name})
        with progress(running), spreading(panels, loads=kis.estimator.HELPERS_LOAD) as spread:
            outcome = kis.estimator.replay(found.folder, spread)
    if as_json:
        shape = {
            "path": found.name,
            "agrees": outcome.agrees,
            "files": outcome.files,
            "engine": kis.__version__,
            "recorded_engine": outcome.recorded_engine,
            "same_engine": outcome.same_engine,
            "differences": _findings_shape(outcome.differences),
        }
        print_json(shape)
    else:
        _show_replay(found.name, outcome, kis.__version__)
    return DONE if outcome.agrees else GATE_FAILS


@evidence.command("show", help_key="evidence_cli.show.help")
@argument("pack", help_key="evidence_cli.argument.pack")
@data_option
@json_option
def show(*, pack: str, as_json: bool) -> int:
    """Tell who asked for what and when, how it was judged, what it costs and which files there are."""
    from kis.evidence import sha256_hex

    with found_packs([pack]) as (found,):
        output = read_result(found.folder)
        try:
            sums = (found.folder / SUMS).read_bytes()
        except OSError:
            raise NotFound(Message("evidence_cli.no_sums", {"path": found.name})) from None
        files = list(_files(found.folder, sums))
    if as_json:
        print_json(_overview_shape(found.name, output, sha256_hex(sums), files))
    else:
        _show_overview(found.name, output, sha256_hex(sums), files)
    return DONE


@evidence.command("chain", help_key="evidence_cli.chain.help")
@argument("folder", required=False, type=click.Path(path_type=Path), help_key="evidence_cli.argument.folder")
@json_option
def chain(*, folder: Path | None, as_json: bool) -> int:
    """Look for packs of this installation that are missing, altered or doubled."""
    from kis.evidence import verify_chain

    root = folder or EVIDENCE_ROOT
    if not (root / CHAIN_NAME_FILE).is_file():
        raise NotFound(Message("evidence_cli.chain.empty", {"path": root}))
    organisation = organisation_of(root)
    outcome = verify_chain(root, organisation, home())
    if as_json:
        shape = {
            "path": str(root),
            "organisation": organisation,
            "ok": outcome.ok,
            "links": outcome.links,
            "findings": _findings_shape(outcome.findings),
        }
        print_json(shape)
    elif outcome.ok:
        _say_good(Message("evidence_cli.chain.whole", {"path": root, "links": outcome.links}))
    else:
        _say_bad(Message("evidence_cli.chain.broken", {"path": root, "count": len(outcome.findings)}))
        _list(outcome.findings)
    return DONE if outcome.ok else GATE_FAILS


@evidence.command("audit", help_key="evidence_cli.audit.help")
@option("--remove-orphans", is_flag=True, help_key="evidence_cli.audit.remove_orphans")
@data_option
@json_option
def audit(*, remove_orphans: bool, as_json: bool) -> int:
    """Look at all evidence of the installation: every object, every pack, every organisation's line."""
    import asyncio

    with progress(Message("evidence_cli.audit.running", {"done": 0, "of": "…"})) as tell:
        report = asyncio.run(_audited(remove_orphans=remove_orphans, tell=tell))
    if as_json:
        findings = [
            {"kind": finding.kind.value, **shape}
            for finding, shape in zip(report.findings, _audit_shape(report.findings), strict=True)
        ]
        counts = {"packs": report.packs, "objects": report.objects, "removed": report.removed}
        print_json({"ok": report.ok, **counts, "findings": findings})
    else:
        _show_audit(report)
    return DONE if report.ok else GATE_FAILS


async def _audited(*, remove_orphans: bool, tell: Callable[[Message], None]) -> "AuditReport":
    from kis.evidence.store import audit as audit_all
    from kis.platform.configuration import load_settings

    def say(done: int, packs: int) -> None:
        tell(Message("evidence_cli.audit.running", {"done": done, "of": packs}))

    async with opened_installation(load_settings(), name="kis evidence audit") as application:
        return await audit_all(
            application.evidence, application.database, remove_orphans=remove_orphans, tell=say
        )


def _audit_shape(findings: "Iterable[AuditFinding]") -> list[dict[str, str]]:
    text = current_session().text
    return [{"path": finding.where, "message": text(finding.message)} for finding in findings]


def _show_audit(report: "AuditReport") -> None:
    counts = {"packs": report.packs, "objects": report.objects}
    if report.ok:
        _say_good(Message("evidence_cli.audit.whole", counts))
    else:
        faults = sum(finding.kind.value != "recent" for finding in report.findings)
        _say_bad(Message("evidence_cli.audit.broken", {**counts, "count": faults}))
    for shape in _audit_shape(report.findings[:MOST_FINDINGS]):
        console().print(f"  {printable(shape['path'])}: {printable(shape['message'])}", soft_wrap=True)
    if len(report.findings) > MOST_FINDINGS:
        more = len(report.findings) - MOST_FINDINGS
        console().print(_text("evidence_cli.audit.more", count=more), style="dim")


@dataclass(frozen=True, slots=True)
class _Outcome:
    """How a pack holds against a key."""

    name: str
    key: "PublicKey"
    findings: "tuple[Finding, ...]"
    signed: Mapping[str, object] | None

    @property
    def ok(self) -> bool:
        return not self.findings


def _verified(pack: FoundPack, key: "PublicKey") -> _Outcome:
    """Hold a pack against a key; for a stored one what its rows and objects say against the installation's own comes on top."""
    from kis.estimator import check_pack
    from kis.evidence import verify_pack

    outcome = verify_pack(pack.folder, public_key=key, checks=(check_pack,))
    kept = pack.stored.kept.findings if pack.stored and pack.stored.key == key else ()
    more = tuple(finding for finding in kept if finding not in outcome.findings)
    return _Outcome(pack.name, key, outcome.findings + more, outcome.predicate)


def _own_key(pack: FoundPack) -> "PublicKey":
    from kis.evidence import installation_public_key

    return installation_public_key(home()) if pack.stored is None else pack.stored.key


def _read_key(path: Path) -> "PublicKey":
    from kis.evidence import KeyUnusable, load_public_key

    if not path.is_file():
        raise NotFound(Message("evidence_cli.no_key", {"path": path}))
    try:
        return load_public_key(path)
    except KeyUnusable as unusable:
        raise BadInput(str(path), [Problem("--key", unusable.message)]) from unusable


def _outcome_shape(outcome: _Outcome) -> dict[str, Any]:
    return {
        "path": outcome.name,
        "ok": outcome.ok,
        "findings": _findings_shape(outcome.findings),
        "signed": outcome.signed,
    }


def _findings_shape(findings: "Iterable[Finding | Difference]") -> list[dict[str, str]]:
    text = current_session().text
    return [{"path": finding.path, "message": text(finding.message)} for finding in findings]


def _show_outcome(outcome: _Outcome) -> None:
    if not outcome.ok:
        _say_bad(Message("evidence_cli.verify.fails", {"path": outcome.name, "count": len(outcome.findings)}))
        _list(outcome.findings)
        return
    signed = outcome.signed or {}
    fingerprint = outcome.key.fingerprint[:SHOWN_DIGEST_DIGITS]
    values = {"created_at": signed["created_at"], "fingerprint": fingerprint}
    _say_good(Message("evidence_cli.verify.holds", {"path": outcome.name}))
    console().print(indented(_text("evidence_cli.verify.signed", **values), 2), style="dim")


def _show_replay(name: str, outcome: "Replay", engine: str) -> None:
    if outcome.agrees:
        _say_good(Message("evidence_cli.replay.agrees", {"path": name, "files": outcome.files}))
    else:
        _say_bad(Message("evidence_cli.replay.differs", {"path": name, "count": len(outcome.differences)}))
        _list(outcome.differences)
    if not outcome.same_engine:
        values = {"recorded": printable(outcome.recorded_engine), "engine": engine}
        console().print(indented(_text("evidence_cli.replay.other_engine", **values), 2), style="yellow")


def _files(folder: Path, sums: bytes) -> Iterator[dict[str, Any]]:
    """Yield the files that SHA256SUMS lists, with their size on the disk (None for one that is not there)."""
    for line in sums.decode("utf-8", "replace").splitlines():
        digest, _, name = line.partition("  ")
        try:
            size = (folder / name).lstat().st_size
        except (OSError, ValueError):
            size = None
        yield {"path": name, "size": size, "sha256": digest}


def _overview_shape(
    name: str, output: dict[str, Any], digest: str, files: list[dict[str, Any]]
) -> dict[str, Any]:
    kept = (
        "traceId", "created_at", "status", "verdict", "customer", "project", "quotation_date", "valid_until",
        "engine", "catalog", "price_book", "rulebook", "totals",
    )  # fmt: skip
    counts = Counter(gate["verdict"] for _, gate in _gates(output))
    return {
        "path": name,
        **{key: output[key] for key in kept},
        "panels": [panel["name"] for panel in output["panels"]],
        "gates": {verdict: counts[verdict] for verdict in VERDICT_SYMBOLS},
        "sha256": digest,
        "files": files,
    }


def _show_overview(name: str, output: dict[str, Any], digest: str, files: list[dict[str, Any]]) -> None:
    screen = console()
    heading = (output["customer"]["name"], output["project"], output["quotation_date"])
    screen.print(" · ".join(printable(part) for part in heading), style="bold")
    made = {
        "created_at": printable(output["created_at"]),
        "trace_id": printable(output["traceId"]),
        "engine": printable(f"{output['engine']['name']} {output['engine']['version']}"),
    }
    screen.print(_text("evidence_cli.show.made", **made))
    library = {
        "catalog": printable(output["catalog"]["version"]),
        "book": printable(output["price_book"]["title"]),
        "rulebook": printable(f"{output['rulebook']['id']} {output['rulebook']['version']}"),
    }
    screen.print(_text("evidence_cli.show.library", **library))
    screen.print(verdict_text(output["verdict"]), _text(f"quote.status.{output['status']}"))
    for panel, gate in _gates(output):
        if gate["verdict"] in ("fail", "remark"):
            name = f"{panel}/{gate['id']}" if panel else gate["id"]
            line = f"{printable(name)}: {printable(gate['explanation'])}"
            screen.print(indented(line, 2), style=VERDICT_STYLES[gate["verdict"]])
    totals = output["totals"]
    amounts = {name: f"{Decimal(totals[name]):,}" for name in ("net", "vat", "total")}
    values = {**amounts, "currency": printable(totals["currency"]), "panels": len(output["panels"])}
    screen.print(_text("evidence_cli.show.totals", **values))
    headings = ("file", "size", "digest")
    rows = table(*(Message(f"evidence_cli.column.{name}") for name in headings), numeric=(1,))
    for file in files:
        size = "–" if file["size"] is None else f"{file['size']:,}"
        rows.add_row(printable(file["path"]), size, printable(file["sha256"][:SHOWN_DIGEST_DIGITS]))
    screen.print(rows)
    screen.print(_text("evidence_cli.show.digest", sha256=digest))
    screen.print(_text("evidence_cli.show.not_verified", path=name), style="dim", soft_wrap=True)


def _gates(output: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for panel in output["panels"]:
        for gate in panel["gates"]:
            yield panel["name"], gate
    for gate in output["gates"]:
        yield "", gate


def _say_good(message: Message) -> None:
    _say("pass", message)


def _say_bad(message: Message) -> None:
    _say("fail", message)


def _say(verdict: Verdict, message: Message) -> None:
    """Print a sentence with its symbol on one line, so that a path in it stays whole."""
    line = f"{VERDICT_SYMBOLS[verdict]} {current_session().text(message)}"
    console().print(line, style=VERDICT_STYLES[verdict], soft_wrap=True)


def _list(findings: "Iterable[Finding | Difference]") -> None:
    screen, text = console(), current_session().text
    for finding in findings:
        line = f"  {printable(finding.path)}: {printable(text(finding.message))}"
        screen.print(line, soft_wrap=True)


def _text(key: str, **values: object) -> str:
    return current_session().text(Message(key, values))
