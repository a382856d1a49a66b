"""``kis brand``: the brand file of the company that quotes."""

from pathlib import Path

import click

from kis.cli.commands.issue_options import BRAND_FOLDER, own_brand
from kis.cli.declare import argument, group, json_option
from kis.cli.exit_codes import DONE, GATE_FAILS
from kis.cli.output import Verdict, console, print_json, table, verdict_text
from kis.cli.session import current_session
from kis.platform.messages import Message
from kis.platform.settings import home


@group("brand", help_key="brand_cli.help")
def brand() -> None:
    """Hold the commands over brands."""


@brand.command("init", help_key="brand_cli.init.help")
@argument("folder", help_key="brand_cli.argument.folder", required=False, type=click.Path(path_type=Path))
def init(*, folder: Path | None) -> int:
    """Write a brand to begin with; nothing that is there is overwritten."""
    from kis.estimator import new_brand

    place = folder or home() / BRAND_FOLDER
    for path in new_brand(place):
        console().print(str(path), style="dim")
    console().print(current_session().text(Message("brand_cli.init.done", {"path": place / "brand.yaml"})))
    return DONE


@brand.command("check", help_key="brand_cli.check.help")
@argument("path", help_key="brand_cli.argument.path", required=False, type=click.Path(path_type=Path))
@json_option
def check(*, path: Path | None, as_json: bool) -> int:
    """Read a brand and name what a quotation would still lack."""
    from kis.estimator import brand_gaps, load_brand

    found = load_brand(path or own_brand())
    gaps = brand_gaps(found)
    if as_json:
        print_json(
            {
                "supplier": found.file.supplier.name.model_dump(),
                "illustrative": found.file.illustrative,
                "files": sorted(found.files),
                "missing": [gap.field for gap in gaps],
            }
        )
        return GATE_FAILS if gaps else DONE
    screen, session = console(), current_session()
    screen.print(found.file.supplier.name.text(session.locale), style="bold")
    rows = table(Message("brand_cli.column.field"), Message("brand_cli.column.missing"))
    for gap in gaps:
        rows.add_row(gap.field, session.text(gap.message))
    if gaps:
        screen.print(rows)
    verdict: Verdict = "fail" if gaps else "remark" if found.file.illustrative else "pass"
    key = "gaps" if gaps else "illustrative" if found.file.illustrative else "complete"
    screen.print(verdict_text(verdict), session.text(Message(f"brand_cli.check.{key}", {"count": len(gaps)})))
    return GATE_FAILS if gaps else DONE
