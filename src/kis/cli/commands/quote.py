"""``kis quote FILE``: design, check and price the panels of a request, and leave the evidence."""

import contextlib
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from kis.cli.commands.issue_options import IssueOptions, issue_options
from kis.cli.declare import argument, command, json_option, option
from kis.cli.exit_codes import DONE, GATE_FAILS
from kis.cli.output import console, print_json, progress, table, verdict_text, warn
from kis.cli.session import current_session
from kis.platform.messages import Message
from kis.platform.processes import collecting_rarely, spreading
from kis.platform.settings import home

if TYPE_CHECKING:
    from kis.estimator import Issue, Library, ParsedRequest, Product
    from kis.evidence import Pack

DEFAULT_OUT: Final = "out"
EVIDENCE_FOLDER: Final = "evidence"
CHAIN_NAME_FILE: Final = ".chain-name"
DRAWINGS_FOLDER: Final = "documents/drawings"

MOST_DOCUMENT_FINDINGS: Final = 12
DOCUMENT_FINDING_STYLES: Final = {"error": "red", "warning": "yellow"}
SHOWN_FINDINGS: Final = {"violation": "red", "warning": "yellow", "recommendation": "dim"}


@command("quote", help_key="quote.help")
@argument("file", help_key="quote.argument.file", type=click.Path(path_type=Path))
@option(
    "--out",
    help_key="quote.option.out",
    default=DEFAULT_OUT,
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
)
@option("--price-book", help_key="quote.option.price_book", type=click.Path(path_type=Path, dir_okay=False))
@option("--rulebook", help_key="quote.option.rulebook", type=click.Path(path_type=Path))
@option("--catalog", help_key="quote.option.catalog", type=click.Path(path_type=Path, file_okay=False))
@issue_options
@json_option
@option("--date", "day", help_key="quote.option.date", type=click.DateTime(["%Y-%m-%d"]))
def quote(
    *,
    file: Path,
    out: Path,
    price_book: Path | None,
    rulebook: Path | None,
    catalog: Path | None,
    day: datetime | None,
    issuing: IssueOptions,
    as_json: bool,
) -> int:
    """Run the main job and show its result."""
    from kis.estimator import dated, load_request, open_library

    with progress(Message("quote.progress.reading", {"file": str(file)})) as tell:
        parsed = load_request(file)
        if day is not None:
            parsed = dated(parsed, day.date())
        on = parsed.request.quotation_date or today()
        library = open_library(
            parsed.request, on=on, catalog=catalog, price_book=price_book, rulebook=rulebook
        )
        product, pack = quoted(parsed, library, on, issuing.issue(on), out, tell)
    if as_json:
        print_json({**product.output, "evidence": {"path": str(pack.path), "sha256": pack.sha256}})
    else:
        _show(product, pack)
    return GATE_FAILS if product.output["verdict"] == "fail" else DONE


def quoted(
    parsed: "ParsedRequest",
    library: "Library",
    on: date,
    issue: "Issue",
    out: Path,
    tell: Callable[[Message], None],
) -> "tuple[Product, Pack]":
    """Design, check and price the panels, write the documents and the pack below ``out``; ``tell`` is told what is going on."""
    from kis.estimator import HELPERS_LOAD, estimate, produce

    def designing(done: int, panels: int, name: str) -> None:
        tell(Message("quote.progress.designing", {"done": done, "panels": panels, "name": name}))

    def writing(path: str) -> None:
        tell(Message("quote.progress.document", {"path": path}))

    created_at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    with collecting_rarely(), spreading(len(parsed.request.panels), loads=HELPERS_LOAD) as spread:
        made = estimate(
            parsed, library=library, on=on, timer=time.perf_counter, progress=designing, spread=spread
        )
        product = produce(
            made,
            trace_id=secrets.token_hex(16),
            created_at=created_at,
            issue=issue,
            timer=time.perf_counter,
            tell=writing,
            spread=spread,
        )
    tell(Message("quote.progress.writing"))
    return product, _packed(product, out, created_at)


def _packed(product: "Product", out: Path, created_at: str) -> "Pack":
    from kis.evidence import write_pack

    return write_pack(
        out / EVIDENCE_FOLDER,
        product.output["traceId"],
        product.files,
        predicate=product.predicate,
        organisation=organisation_of(out / EVIDENCE_FOLDER),
        created_at=created_at,
        home=home(),
    )


def organisation_of(root: Path) -> str:
    """Return the name of the chain that the packs below ``root`` form, kept in a file beside them and made with the first pack.

    A folder of packs is an organisation of its own until there are real ones; the name moves with the folder.
    """
    marker = root / CHAIN_NAME_FILE
    if not marker.exists():
        root.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError), marker.open("x", encoding="utf-8") as file:
            file.write(f"local-{secrets.token_hex(6)}\n")
    return marker.read_text(encoding="utf-8").strip()


def today() -> date:
    """Return this place's day."""
    return datetime.now().astimezone().date()


def _show(product: "Product", pack: "Pack") -> None:
    """Print the calm summary in the reader's language: panels, gates, totals, files."""
    from kis.estimator import output_of

    made = product.output
    output = output_of(
        product.estimate,
        trace_id=made["traceId"],
        created_at=made["created_at"],
        reader=current_session().locale,
    )
    screen = console()
    screen.print()
    screen.print(
        f"{output['customer']['name']} · {output['project']} · {output['quotation_date']}", style="bold"
    )
    screen.print(
        _text(
            "quote.made_from",
            book=output["price_book"]["title"],
            rulebook=f"{output['rulebook']['id']} {output['rulebook']['version']}",
        )
    )
    alone = len(output["panels"]) == 1
    for panel in output["panels"]:
        _show_panel(panel, screen, output["currency"])
        _show_gates([*panel["gates"], *(output["gates"] if alone else ())], screen, only_open=not alone)
        _show_findings(panel["findings"], screen)
    if not alone:
        screen.print()
        _show_gates(output["gates"], screen, only_open=True)
    _show_document_findings(product, screen)
    _show_totals(output, screen)
    for note in output["notes"]:
        screen.print(f"· {note}", style="dim")
    screen.print(verdict_text(output["verdict"]), _text(f"quote.status.{output['status']}"))
    screen.print(_text("quote.number", number=made["quotation"]["number"]), style="bold")
    screen.print(_text("quote.files", path=str(pack.path)))
    for line in _listed(made["documents"]):
        screen.print(f"  {line}", style="dim")
    screen.print(_text("quote.evidence", sha256=pack.sha256[:16]), style="dim")
    if output["price_book"]["illustrative"]:
        warn(Message("quote.illustrative"))


def _listed(documents: list[dict[str, Any]]) -> Iterator[str]:
    """Yield a line for each document; of many drawings their folder, with the number of each form."""
    drawings = [item for item in documents if item["path"].startswith(DRAWINGS_FOLDER)]
    for document in documents:
        if document not in drawings:
            yield f"{document['path']}  {document['size'] / 1024:.0f} KB"
    if drawings:
        forms = Counter(item["path"].rpartition(".")[2].upper() for item in drawings)
        counted = ", ".join(f"{form} {count}" for form, count in sorted(forms.items()))
        size = sum(item["size"] for item in drawings) / 1024
        yield f"{DRAWINGS_FOLDER}  {counted}  {size:.0f} KB"


def _show_panel(panel: dict[str, Any], screen: Any, currency: str) -> None:
    screen.print()
    title = f"{panel['name']} × {panel['quantity']}" if panel["quantity"] > 1 else panel["name"]
    screen.print(title, style="bold cyan")
    if panel["designed"]:
        box, phases = panel["enclosure"], panel["phases"]
        size = f"{box['width_mm']}×{box['height_mm']}×{box['depth_mm']}"
        screen.print(_text("quote.box", model=box["model"], size=size, fit=f"{box['fit_score']:.4f}"))
        amperes = "  ".join(
            f"{name[6:].upper()} {phases[name]:g} A"
            for name in phases
            if name.startswith("phase_") and not name.endswith("_va")
        )
        if phases["applicable"]:
            proven = _text("quote.proven" if phases["proven_optimal"] else "quote.unproven")
            screen.print(
                _text("quote.phases", amperes=amperes, imbalance=f"{phases['imbalance']:.4f}", proven=proven)
            )
        branches = sum(row["quantity"] for row in panel["branches"])
        screen.print(
            _text("quote.price", branches=branches, amount=_money(panel["totals"]["unit_subtotal"], currency))
        )


def _show_findings(findings: list[dict[str, Any]], screen: Any) -> None:
    """Print what stops the panel, then warnings, then recommendations; information stays in the evidence."""
    for severity, style in SHOWN_FINDINGS.items():
        for finding in findings:
            if finding["severity"] == severity:
                screen.print(f"  {_text('quote.severity.' + severity)}: {finding['message']}", style=style)


def _show_document_findings(product: "Product", screen: Any) -> None:
    """Print what is wrong with the documents, errors first, each with its place in the file; of very many the first."""
    found = sorted(product.document_findings, key=lambda finding: finding.severity)
    for finding in found[:MOST_DOCUMENT_FINDINGS]:
        severity = _text(f"quote.severity.{finding.severity}")
        message = current_session().text(finding.message)
        screen.print(
            f"  {severity}: {finding.file} {finding.where}: {message}",
            style=DOCUMENT_FINDING_STYLES[finding.severity],
        )
    if len(found) > MOST_DOCUMENT_FINDINGS:
        more = len(found) - MOST_DOCUMENT_FINDINGS
        screen.print(_text("quote.more_findings", count=more), style="dim")


def _show_gates(gates: list[dict[str, Any]], screen: Any, *, only_open: bool) -> None:
    """Print the gates; of many panels only those that did not simply pass, with the count of the others."""
    shown = [gate for gate in gates if not only_open or gate["verdict"] in ("fail", "remark")]
    if shown:
        rows = table(
            Message("quote.column.gate"),
            Message("quote.column.measured"),
            Message("quote.column.limit"),
            Message("quote.column.verdict"),
            Message("quote.column.explanation"),
            numeric=(1, 2),
        )
        for gate in shown:
            measured = (
                "–"
                if gate["measured"] is None
                else f"{gate['measured']:g}"
                if isinstance(gate["measured"], int | float)
                else str(gate["measured"])
            )
            limit = "" if gate["limit"] is None else f"{gate['operator']} {gate['limit']:g}"
            rows.add_row(
                gate["id"],
                measured,
                f"{limit} {gate['unit']}".strip(),
                verdict_text(gate["verdict"]),
                gate["explanation"],
            )
        screen.print(rows)
    if only_open and len(shown) < len(gates):
        screen.print(_text("quote.other_gates", count=len(gates) - len(shown)), style="dim")


def _show_totals(output: dict[str, Any], screen: Any) -> None:
    totals, currency = output["totals"], output["currency"]
    rows = table(Message("quote.column.total"), Message("quote.column.amount"), numeric=(1,))
    for name in ("subtotal", "margin", "discount", "net", "vat", "total"):
        if name in ("margin", "discount") and float(totals[name]) == 0:
            continue
        rows.add_row(
            _text(f"quote.total.{name}"),
            _money(totals[name], currency),
            style="bold" if name == "total" else None,
        )
    screen.print(rows)


def _money(amount: str, currency: str) -> str:
    whole, _, decimals = amount.partition(".")
    grouped = f"{int(whole):,}"
    return f"{grouped}.{decimals} {currency}" if decimals else f"{grouped} {currency}"


def _text(key: str, **values: object) -> str:
    return current_session().text(Message(key, values))
