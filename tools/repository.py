"""Where the checkout is and which files belong to it."""

import subprocess
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]


def own_files(*patterns: str) -> list[Path]:
    """Return the files of the checkout that git knows or would add, by git's patterns (``*.md``), sorted."""
    words = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns)
    listed = subprocess.run(words, cwd=ROOT, check=True, capture_output=True).stdout.decode()
    return sorted(ROOT / name for name in set(listed.split("\0")) if name and (ROOT / name).is_file())


def shown(path: Path) -> str:
    """Return ``path`` as a reader of the repository writes it."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else str(path)
