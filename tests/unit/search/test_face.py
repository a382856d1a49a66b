"""What it costs to know of the search."""

import subprocess
import sys

HEAVY = ("numpy", "kiwipiepy", "snowballstemmer", "sentence_transformers", "torch")


def test_who_does_not_search_loads_nothing_heavy() -> None:
    program = f"import sys, kis.search; print([name for name in {HEAVY!r} if name in sys.modules])"

    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "[]"
