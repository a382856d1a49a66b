"""Every example runs from the command line and gives its stored result: verdict, exit code, boxes, phases, gates, lines and totals."""

import json
from pathlib import Path
from typing import Any

import pytest

from kis.cli import main

EXAMPLES = Path(__file__).parents[2] / "examples"
REQUESTS = sorted(path for path in EXAMPLES.iterdir() if path.suffix in {".yaml", ".json"})
RESULTS = EXAMPLES / "results"


def summary_of(output: dict[str, Any], exit_code: int) -> dict[str, Any]:
    """Return what an example promises; reasons and texts are left out, they are tested where they are made."""
    return {
        "exit_code": exit_code,
        "verdict": output["verdict"],
        "totals": output["totals"],
        "gates": {gate["id"]: [gate["measured"], gate["verdict"]] for gate in output["gates"]},
        "panels": [
            {
                "name": panel["name"],
                "quantity": panel["quantity"],
                "enclosure": box_of(panel["enclosure"]),
                "phases": panel["phases"],
                "gates": {gate["id"]: [gate["measured"], gate["verdict"]] for gate in panel["gates"]},
                "branches": [
                    [row["model"], row["rating_a"], row["quantity"], row["phase"], " ".join(row["places"])]
                    for row in panel["branches"]
                ],
                "lines": [
                    [line["kind"], line["spec"], line["quantity"], line["unit_price"], line["amount"]]
                    for line in panel["lines"]
                ],
                "subtotal": panel["totals"]["subtotal"],
            }
            for panel in output["panels"]
        ],
        "findings": sorted({finding["code"] for panel in output["panels"] for finding in panel["findings"]}),
    }


def box_of(enclosure: dict[str, Any] | None) -> list[Any] | None:
    if enclosure is None:
        return None
    return [enclosure[name] for name in ("model", "width_mm", "height_mm", "depth_mm", "fit_score")]


@pytest.mark.parametrize("path", REQUESTS, ids=lambda path: path.stem)
def test_example_gives_its_stored_result(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> None:
    exit_code = main(["quote", str(path), "--json", "--out", str(tmp_path), "--lang", "en"])
    output = json.loads(capsys.readouterr().out)
    found = summary_of(output, exit_code)
    stored = RESULTS / f"{path.stem}.json"
    if request.config.getoption("--write"):
        RESULTS.mkdir(exist_ok=True)
        stored.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert found == json.loads(stored.read_text(encoding="utf-8"))
    pack = Path(output["evidence"]["path"])
    assert (pack / "SHA256SUMS").is_file()


def test_every_stored_result_has_its_example() -> None:
    assert {path.stem for path in RESULTS.iterdir()} == {path.stem for path in REQUESTS}


@pytest.mark.parametrize("path", REQUESTS, ids=lambda path: path.stem)
def test_first_line_says_what_the_example_shows(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert path.suffix == ".json" or first.startswith("# ")
