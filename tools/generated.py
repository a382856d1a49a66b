"""The pages of the documentation, and the SQL of the schema, that are made from the program. Adding one is one line here."""

from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Final

from kis.estimator import Issue, estimate, load_request, output_of, produce
from kis.estimator.documents.lint.rules_page import rules_page
from kis.estimator.documents.pdf import quotation_pages
from kis.estimator.intake import request_page
from kis.estimator.issuing.drawings import panel_drawings
from kis.estimator.issuing.quotation import quotation_content
from kis.estimator.output import engineering_sha256
from kis.estimator.rulebook import load_rulebook, reference_page
from kis.mcp import mcp_page
from kis.migrations import sql_files
from kis.platform.configuration import settings_page
from tools import cli_reference
from tools.asyncapi import asyncapi_text
from tools.contract import contract_text
from tools.permissions_page import permissions_page
from tools.repository import ROOT

PICTURES: Final = {
    "factory-motors-layout": ("factory-motors", "layout"),
    "office-lighting-single-line": ("office-lighting-panel", "single_line"),
    "outdoor-pole-outline": ("outdoor-pole", "outline"),
}
"""Drawings shown in the documentation: of which example, and which sheet."""
NUMBER: Final = "KIS-2026-0001-R0"


def panel_picture() -> str:
    """Return the front view of the first example, as its pack holds it."""
    made = estimate(load_request(ROOT / "examples" / "office-lighting-panel.yaml"))
    return produce(made, trace_id="picture", created_at="2026-11-02T00:00:00Z").files["visual.svg"].decode()


def drawing_picture(example: str, kind: str) -> str:
    """Return the first sheet of a kind of an example."""
    made = estimate(load_request(ROOT / "examples" / f"{example}.yaml"))
    drawings = panel_drawings(made, made.panels[0], Issue(number=NUMBER))
    return next(drawing.svg for drawing in drawings if drawing.kind == kind)


def cover_picture() -> str:
    """Return the first page of an example's PDF."""
    made = estimate(load_request(ROOT / "examples" / "factory-motors.yaml"))
    issue = Issue(number=NUMBER)
    digest = engineering_sha256(output_of(made, trace_id="picture", created_at="2026-11-02T00:00:00Z"))
    return quotation_pages(quotation_content(made, issue, digest, [()] * len(made.panels)))[0]


@cache
def schema_files() -> Mapping[str, str]:
    """Return the SQL of the database's revisions, file by file."""
    return sql_files()


def schema_file(name: str) -> str:
    """Return one of these files."""
    return schema_files()[name]


PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "docs/pictures/office-lighting-panel.svg": panel_picture,
    "docs/pictures/quotation-cover.svg": cover_picture,
    **{f"docs/pictures/{name}.svg": partial(drawing_picture, *wanted) for name, wanted in PICTURES.items()},
    "docs/reference/asyncapi.yaml": asyncapi_text,
    "docs/reference/cli.md": cli_reference.render,
    "docs/reference/document-rules.md": rules_page,
    "docs/reference/mcp.md": mcp_page,
    "docs/reference/openapi.yaml": contract_text,
    "docs/reference/permissions.md": permissions_page,
    "docs/reference/request.md": request_page,
    "docs/reference/rulebook.md": lambda: reference_page(load_rulebook()),
    "docs/reference/settings.md": settings_page,
    **{f"db/{name}": partial(schema_file, name) for name in schema_files()},
}


def outdated_pages(root: Path = ROOT) -> list[str]:
    """Return a problem for each page that is not what the program would write now."""
    return [
        f"{name}: is not what the program says now; ./kis docs --write renews it"
        for name, render in PAGES.items()
        if not (root / name).is_file() or (root / name).read_text(encoding="utf-8") != render()
    ]


def write_pages(root: Path = ROOT) -> None:
    """Write every page anew."""
    for name, render in PAGES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(render(), encoding="utf-8")
