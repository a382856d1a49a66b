"""Words that must not stand in the tree: unfinished marks, stand-ins for real things, and one machine's paths."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from tools.repository import shown

# Each pattern is written so that it does not find itself.
UNWANTED: Final = {
    "an unfinished mark; finish it or open an issue": re.compile(r"\b(TO[D]O|FIX[M]E|X[X]X)\b"),
    "a stand-in; use the real thing or a Null object": re.compile(
        r"\bmo[c]k(s|ed|ing)?\b|\bMagicMo[c]k\b", re.IGNORECASE
    ),
    "a path of one machine": re.compile(r"(?<![\w.])/(home|root|Users|work|mnt)/[\w.]"),
    "an address of a package index": re.compile(r"(index-url|find-links)\s*[=:]?\s*(https?|file)://"),
    "talk about how the work was done": re.compile(
        r"\bas an [A]I\b|\blanguage mod[e]l I\b|\bpanel-fact[s]\b|\.\./share[d]\b|\b(this|previous|earlier) sess[i]on\b",
        re.IGNORECASE,
    ),
}
TEXT_ENDINGS: Final = {".py", ".md", ".toml", ".yaml", ".yml", ".sh", ".in", ".csv", ".json", ".svg", ""}


def unwanted_words(files: Iterable[Path]) -> list[str]:
    """Return ``file:line: word, why`` for each unwanted word in the text files among ``files``."""
    problems = []
    for path in files:
        if path.suffix not in TEXT_ENDINGS or path.name == "LICENSE":
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            problems += [
                f"{shown(path)}:{number}: {found.group().strip()!r} is {why}"
                for why, pattern in UNWANTED.items()
                for found in pattern.finditer(line)
            ]
    return problems
