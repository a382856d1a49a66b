"""Manuals, just in time: how long until a long one can be asked, how many questions find it there, what many take in memory, and what morphemes add to Korean ones.

``python -m benchmarks.manuals [--pages 200] [--rounds 7] [--manuals 50]`` against a maker's site on this machine; the processes that read are warm.
"""

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

from benchmarks._measure import described, machine, middle, p95, print_table
from kis.assistant.manuals import Manuals
from kis.assistant.things import Documentation, DocumentationType
from kis.platform.configuration import AssistantSettings
from kis.search import Analyzer, Morpheme
from kis.search.tokens.links import OwnProcess
from kis.search.tokens.remote import RemoteAnalyzer
from tests.factories.maker_manuals import long_pdf, manual_pdf
from tests.factories.maker_site import Answer, MakerSite, maker_site
from tests.factories.waiting import eventually

QUESTIONS_EACH = 10


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--manuals", type=int, default=50)
    given = parser.parse_args()
    print(described(machine()))
    with maker_site() as site:
        asyncio.run(_measure(site, given.pages, given.rounds, given.manuals))


async def _measure(site: MakerSite, pages: int, rounds: int, count: int) -> None:
    content = long_pdf(pages)
    cold, prefetched = [], []
    for number in range(rounds):
        asked = _documentation(site, f"/{number}.pdf", content + b"%%%d" % number)
        with tempfile.TemporaryDirectory() as folder:
            manuals = await _warm(site, Path(folder))
            cold.append(await _opening_ms(manuals, asked))
            prefetched.append(await _opening_ms(manuals, asked))
            await manuals.close()
    print_table(
        ("until it can be asked, ms", "median", "p95"),
        [
            (f"{pages} pages, {len(content) / 1e6:.1f} MB, cold", middle(cold), p95(cold)),
            ("the same, prefetched", middle(prefetched), p95(prefetched)),
        ],
    )
    with tempfile.TemporaryDirectory() as folder:
        await _measure_many(site, Path(folder), pages, count)
    with tempfile.TemporaryDirectory() as folder:
        await _measure_morphemes(site, Path(folder), pages, count)


async def _measure_many(site: MakerSite, folder: Path, pages: int, count: int) -> None:
    """Ask ten questions of each manual, in any order."""
    content = long_pdf(pages)
    asked = [
        _documentation(site, f"/many{number}.pdf", content + b"%%m%d" % number) for number in range(count)
    ]
    questions = [one for one in asked for _ in range(QUESTIONS_EACH)]
    random.Random(1).shuffle(questions)  # noqa: S311 - an order, no secret
    manuals = await _warm(site, folder, memory_bytes=2_000_000_000)
    process = psutil.Process()
    before, remembered = process.memory_info().rss, 0
    for one in questions:
        remembered += (await manuals.open(one)).origin == "memory"
    grown = process.memory_info().rss - before
    await manuals.close()
    print_table(
        ("many manuals", "figure"),
        [
            (f"{count} manuals of {pages} pages open, MB each", round(grown / count / 1e6, 2)),
            (
                f"questions that found theirs in memory, of {len(questions)}",
                f"{remembered / len(questions):.1%}",
            ),
        ],
    )


class _Gate:
    """An analyzer that is not asked for manuals before it is opened."""

    is_ready = True

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self.opened = asyncio.Event()

    async def analyze(
        self, texts: Sequence[str], *, waits: bool = False
    ) -> Sequence[Sequence[Morpheme]] | None:
        await self.opened.wait()
        return await self._analyzer.analyze(texts, waits=waits)

    async def close(self) -> None:
        await self._analyzer.close()


async def _measure_morphemes(site: MakerSite, folder: Path, pages: int, count: int) -> None:
    """Open Korean manuals, then let their morphemes come: one manual alone, then all others."""
    content = long_pdf(pages, "ko")
    asked = [
        _documentation(site, f"/ko{number}.pdf", content + b"%%k%d" % number) for number in range(count + 1)
    ]
    analyzer = RemoteAnalyzer(OwnProcess())
    await analyzer.analyze(["분전반"], waits=True)
    gate = _Gate(analyzer)
    manuals = await _warm(site, folder, memory_bytes=2_000_000_000, analyzer=gate)
    process = psutil.Process()
    await manuals.open(asked[0])
    began = time.perf_counter()
    gate.opened.set()
    await _has_morphemes(manuals, asked[0])
    alone = time.perf_counter() - began
    gate.opened.clear()
    for one in asked[1:]:
        await manuals.open(one)
    before = process.memory_info().rss
    gate.opened.set()
    for one in asked[1:]:
        await _has_morphemes(manuals, one)
    grown = process.memory_info().rss - before
    await manuals.close()
    await analyzer.close()
    print_table(
        ("morphemes of Korean manuals", "figure"),
        [
            (f"{pages} pages, seconds behind", round(alone, 2)),
            (f"{count} such manuals, MB more each", round(grown / count / 1e6, 2)),
        ],
    )


async def _has_morphemes(manuals: Manuals, asked: Documentation) -> None:
    async def are_there() -> bool:
        return (await manuals.open(asked)).index.has_morphemes

    await eventually(are_there, seconds=600.0, every_seconds=0.01)


async def _warm(
    site: MakerSite, folder: Path, *, memory_bytes: int = 300_000_000, analyzer: Analyzer | None = None
) -> Manuals:
    """Return manuals whose processes have read something small before."""
    settings = AssistantSettings(private_hosts=site.host, memory_bytes=memory_bytes)
    manuals = Manuals(settings, folder, analyzer=analyzer)
    small = (
        _documentation(site, f"/small{number}.pdf", manual_pdf() + b"%%%d" % number) for number in range(4)
    )
    await asyncio.gather(*(manuals.open(one) for one in small))
    return manuals


async def _opening_ms(manuals: Manuals, asked: Documentation) -> float:
    began = time.perf_counter()
    opened = await manuals.open(asked)
    elapsed_ms = 1000 * (time.perf_counter() - began)
    assert opened.index.search("torque of part 7", 1), "it can be asked"
    return elapsed_ms


def _documentation(site: MakerSite, path: str, content: bytes) -> Documentation:
    return Documentation(DocumentationType.PDF, site.put(path, Answer(content)))


if __name__ == "__main__":
    main()
