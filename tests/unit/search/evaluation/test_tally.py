"""Answers are counted across processes."""

import subprocess
import sys
from pathlib import Path

from kis.search.evaluation.tally import Tally, counted

COUNT_100 = """
import sys
from pathlib import Path
from kis.search.evaluation.tally import Tally
with Tally(Path(sys.argv[1])) as tally:
    for _ in range(100):
        tally.count()
"""


def test_nothing_is_counted_before_the_first(tmp_path: Path) -> None:
    assert counted(tmp_path / "tally") == 0


def test_two_processes_count_in_one_file(tmp_path: Path) -> None:
    path = tmp_path / "tally"
    running = [subprocess.Popen([sys.executable, "-c", COUNT_100, str(path)]) for _ in range(2)]

    with Tally(path) as tally:
        tally.count()
    ended = [each.wait(60) for each in running]

    assert ended == [0, 0]
    assert counted(path) == 201


def test_without_a_file_counting_does_nothing(tmp_path: Path) -> None:
    with Tally(None) as tally:
        tally.count()

    assert not list(tmp_path.iterdir())
