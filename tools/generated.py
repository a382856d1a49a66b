"""The pages of the documentation that are made from the program. Adding one is one line here."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from kis.estimator import estimate, load_request, produce
from kis.estimator.documents.lint.rules_page import rules_page
from kis.estimator.intake import request_page
from kis.estimator.rulebook import load_rulebook, reference_page
from tools import cli_reference
from tools.repository import ROOT


def panel_picture() -> str:
    """Return the front view of the first example, as its pack holds it."""
    made = estimate(load_request(ROOT / "examples" / "office-lighting-panel.yaml"))
    return produce(made, trace_id="picture", created_at="2026-11-02T00:00:00Z").files["visual.svg"].decode()


PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "docs/pictures/office-lighting-panel.svg": panel_picture,
    "docs/reference/cli.md": cli_reference.render,
    "docs/reference/document-rules.md": rules_page,
    "docs/reference/request.md": request_page,
    "docs/reference/rulebook.md": lambda: reference_page(load_rulebook()),
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
