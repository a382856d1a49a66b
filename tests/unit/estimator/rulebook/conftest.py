"""A writable copy of the shipped rulebook: each test breaks it in one place and says what must happen."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kis.estimator.rulebook import Rulebook, load_rulebook
from kis.estimator.rulebook.loader import SHIPPED

SHIPPED_TEXT = (SHIPPED / "kis-standard-2026.11.yaml").read_text(encoding="utf-8")

Changed = Callable[..., Path]


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    return load_rulebook()


@pytest.fixture
def changed(tmp_path: Path) -> Changed:
    """Write the shipped rulebook with texts replaced (each must occur, the first place counts) and return the file."""

    def write(*replacements: tuple[str, str], name: str = "shop.yaml") -> Path:
        text = SHIPPED_TEXT
        for old, new in replacements:
            assert old in text, f"the shipped rulebook holds no {old!r}"
            text = text.replace(old, new, 1)
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        return file

    return write
