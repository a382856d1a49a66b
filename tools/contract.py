"""The contract of the API beside the one that was released last: ``python -m tools.contract [--release]``.

``docs/reference/openapi.yaml`` is what the code says now; ``docs/reference/openapi-released.yaml`` is what callers rely on. A change that breaks them is
refused unless it raises the first number of the version. ``--release`` makes the contract of now the released one.
"""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from kis.api import bare_app
from kis.api.compatibility import breaking_changes
from kis.api.contract import contract_of, contract_yaml
from tools.repository import ROOT

CURRENT: Final = ROOT / "docs" / "reference" / "openapi.yaml"
RELEASED: Final = ROOT / "docs" / "reference" / "openapi-released.yaml"

Contract = Mapping[str, Any]


def contract_text() -> str:
    """Return the contract of the code, as the file holds it."""
    return contract_yaml(contract_of(bare_app()))


def read_contract(path: Path) -> dict[str, Any]:
    """Return a contract from its file."""
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def release_problems(released: Contract, current: Contract) -> list[str]:
    """Return why ``current`` may not take the place of ``released``."""
    before, after = version_of(released), version_of(current)
    problems = []
    if after[0] == before[0]:
        problems += [f"BREAKING {change}" for change in breaking_changes(released, current)]
    if after < before:
        problems.append(f"version {shown(after)} comes before the released {shown(before)}")
    return problems


def version_of(contract: Contract) -> tuple[int, int, int]:
    """Return the version of a contract."""
    first, second, third = (int(part) for part in str(contract["info"]["version"]).split("."))
    return first, second, third


def shown(version: tuple[int, int, int]) -> str:
    """Return a version as it is written."""
    return ".".join(map(str, version))


def main(arguments: list[str]) -> int:
    """Compare, and release where that is asked and nothing speaks against it."""
    parser = argparse.ArgumentParser(prog="python -m tools.contract", description=__doc__)
    parser.add_argument("--release", action="store_true", help="make the contract of now the released one")
    wanted = parser.parse_args(arguments)
    text = contract_text()
    current = yaml.safe_load(text)
    released = read_contract(RELEASED) if RELEASED.exists() else current
    problems = release_problems(released, current)
    if wanted.release and released != current and version_of(current) == version_of(released):
        problems.append(f"the contract changed: raise API_VERSION above {shown(version_of(released))}")
    print("\n".join(problems) or "nothing breaks")
    if wanted.release and not problems:
        RELEASED.write_text(text, encoding="utf-8")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
