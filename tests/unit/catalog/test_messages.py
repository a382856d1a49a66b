import re
from pathlib import Path
from string import Formatter

import kis.catalog
from kis.catalog import ChangeKind
from kis.catalog.disputes import DISPUTES
from kis.catalog.sources import KNOWN_SOURCES
from kis.platform.messages import LOCALES, area, template

SOURCES = Path(kis.catalog.__file__).parent


def _keys(entries: dict[str, object], prefix: str) -> set[str]:
    return {
        key
        for name, entry in entries.items()
        if isinstance(entry, dict)
        for key in ([f"{prefix}.{name}"] if "ko" in entry else _keys(entry, f"{prefix}.{name}"))
    }


def _said() -> set[str]:
    """Return the keys of all sentences the code can say: written out, or ending in a value of a closed list."""
    said = {
        key
        for path in SOURCES.glob("*.py")
        for key in re.findall(r'"(catalog\.[a-z0-9_.]+)"', path.read_text("utf-8"))
    }
    said |= {f"catalog.cell.{kind}" for kind in ("formula", "error_value", "date")}
    said |= {f"catalog.source.{mark}" for mark in KNOWN_SOURCES}
    said |= {f"catalog.change.{kind}" for kind in ChangeKind}
    said |= {f"catalog.dispute.{dispute.source}" for dispute in DISPUTES}
    return said


class TestCatalogMessages:
    def test_hold_every_sentence_the_code_says_and_no_other(self) -> None:
        assert _said() == _keys(area("catalog"), "catalog")

    def test_take_the_same_values_in_both_languages(self) -> None:
        for key in sorted(_keys(area("catalog"), "catalog")):
            korean, english = (
                {field for _, field, _, _ in Formatter().parse(template(key, locale)) if field}
                for locale in LOCALES
            )
            assert korean == english, key
