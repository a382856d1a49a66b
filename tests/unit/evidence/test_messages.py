import re
from pathlib import Path
from string import Formatter

import kis.evidence
from kis.platform.messages import LOCALES, area, template

SOURCES = Path(kis.evidence.__file__).parent


def _keys(entries: dict[str, object], prefix: str) -> set[str]:
    return {
        key
        for name, entry in entries.items()
        if isinstance(entry, dict)
        for key in ([f"{prefix}.{name}"] if "ko" in entry else _keys(entry, f"{prefix}.{name}"))
    }


class TestEvidenceMessages:
    def test_hold_every_sentence_the_code_says_and_no_other(self) -> None:
        said = {
            key
            for source in SOURCES.rglob("*.py")
            for key in re.findall(r'"(evidence\.[a-z0-9_.]+)"', source.read_text("utf-8"))
        }
        assert said == _keys(area("evidence"), "evidence")

    def test_take_the_same_values_in_both_languages(self) -> None:
        for key in sorted(_keys(area("evidence"), "evidence")):
            fields = [
                {field for _, field, _, _ in Formatter().parse(template(key, locale)) if field}
                for locale in LOCALES
            ]
            assert fields[0] == fields[1], key
