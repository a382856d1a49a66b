"""What the search answers in over a hundred thousand articles, and what that takes.

./kis bench knowledge [--articles 100000] [--clients 50] [--seconds 60] [--engine-only] [--data FOLDER] [--json]

Starts an installation of its own, indexes generated articles (``_articles.py``) with as many processes as there are cores, then has every client ask one
query each two seconds over ``GET /v1/search``. A latency counts from the time the query was due. Twice: queries that are all different (nothing is
remembered), and queries of a few hundred that are asked by Zipf's law, as people do, for the share that the cache answers.
Beside the first one an article is written every two seconds and asked for until it is found: from before its text is cut to the answer that holds it.
``--engine-only`` asks the engine in this process instead of the API. ``--data`` keeps the installation: a next run with as many articles asks at once.
"""

import argparse
import asyncio
import json
import os
import random
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID, uuid4, uuid5

import psutil
import psycopg
from sqlalchemy import text

from benchmarks._articles import ZIPF, Article, article, query
from benchmarks._http import Load, Shot
from benchmarks._installation import Installation, running_installation
from benchmarks._measure import described, machine, middle, p95, print_table
from kis.platform.configuration import load_settings
from kis.platform.database import Database, Scope
from kis.platform.embedded import Running, join
from kis.search import Document, Language, Query, Readers, SearchEngine, Source, open_engine

EVERY_SECONDS: Final = 2.0
"""Between two queries of one client."""
AT_A_TIME: Final = 200
"""Articles of one transaction."""
WRITE_EVERY_SECONDS: Final = 2.0
FOUND_SECONDS: Final = 30.0
POPULAR: Final = 400
"""Different queries of the workload that repeats itself."""
WARM_SECONDS: Final = 30.0
"""Of asking before anything is measured: pages of the index come into memory as they are asked for."""
PAGE: Final = "/v1/search?limit=10&q="
_NAMESPACE: Final = UUID("e9f5b1f0-9d7b-4b9c-8f3e-3d3a6f7e0a55")
_CACHED: Final = re.compile(r'^cache_(hits|misses)_total\{layer="search"\} (\S+)$', re.MULTILINE)
COUNTED_SHARE: Final = 0.85
"""What is new since is counted soon when it is more than a tenth of what was counted; what is left rests for many minutes."""
_COUNTED: Final = text(
    "SELECT (SELECT sum(items) FROM knowledge.search_statistics)::float8 / (SELECT count(*) FROM knowledge.search_items)"
)
_SIZES: Final = """
SELECT c.relname, pg_total_relation_size(c.oid) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = 'knowledge' AND c.relkind = 'r' AND c.relname LIKE 'search\\_%' ORDER BY 2 DESC
"""

Ask = Callable[[str], Awaitable[str]]
"""Asks once and gives an answer in which the ids stand of what was found."""


@dataclass(frozen=True, slots=True)
class Share:
    """The articles that one process indexes."""

    database_url: str
    organization_id: UUID
    numbers: range


@dataclass(frozen=True, slots=True)
class Reader:
    """What the engine is asked with in this process."""

    database: Database
    engine: SearchEngine
    scope: Scope

    async def ask(self, words: str) -> str:
        """Ask once."""
        async with self.database.transaction(self.scope) as session:
            found = await self.engine.search(session, Query(text=words, limit=10))
        return " ".join(str(hit.source_id) for hit in found.hits)

    async def write(self, document: Document) -> None:
        """Index a document, as whoever saves it does."""
        prepared = await self.engine.prepare([document])
        async with self.database.service() as session:
            await self.engine.put(session, document.source, [document.source_id], prepared)


def document(one: Article, organization_id: UUID) -> Document:
    """Return an article as it is indexed."""
    return Document(
        readers=Readers(organization_id=organization_id),
        source=Source.ARTICLE,
        source_id=uuid5(_NAMESPACE, str(one.number)),
        language=one.language,
        title=one.title,
        summary=one.summary,
        body=one.body,
        tags=one.tags,
        names=one.names,
        kind="article",
        status="published",
        dated_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def load(share: Share) -> int:
    """Index the articles of a share."""
    return asyncio.run(_load(share))


async def _load(share: Share) -> int:
    database = Database(share.database_url, pool_size=1, statement_timeout_seconds=600, name="kis-bench-load")
    try:
        async with open_engine(load_settings().search, waits=True) as engine:
            for begin in range(0, len(share.numbers), AT_A_TIME):
                some = [
                    document(article(number), share.organization_id)
                    for number in share.numbers[begin : begin + AT_A_TIME]
                ]
                prepared = await engine.prepare(some)
                async with database.service() as session:
                    await engine.put(session, Source.ARTICLE, [one.source_id for one in some], prepared)
    finally:
        await database.close()
    return len(share.numbers)


def indexed(running: Running, organization_id: UUID, articles: int) -> dict[str, float]:
    """Index all articles, count, and let PostgreSQL look at its tables; return how long each took."""
    processes = os.cpu_count() or 1
    started = time.perf_counter()
    first = min(articles, AT_A_TIME)
    load(Share(running.app_url, organization_id, range(first)))
    asyncio.run(_count(running))
    borders = [first + (articles - first) * place // processes for place in range(processes + 1)]
    shares = [Share(running.app_url, organization_id, range(*border)) for border in pairwise(borders)]
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        list(pool.map(load, shares))
    loaded = time.perf_counter()
    asyncio.run(_count(running))
    counted = time.perf_counter()
    with psycopg.connect(running.superuser_url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    return {
        "load_seconds": round(loaded - started, 1),
        "count_seconds": round(counted - loaded, 1),
        "vacuum_seconds": round(time.perf_counter() - counted, 1),
    }


async def _count(running: Running) -> None:
    """Count until nearly all is counted, whoever does it: the installation's worker counts too, and only one of them at a time."""
    database = Database(running.app_url, pool_size=1, statement_timeout_seconds=600, name="kis-bench-count")
    try:
        async with open_engine(load_settings().search) as engine:
            share = 0.0
            while share < COUNTED_SHARE:
                async with database.service() as session:
                    await engine.count(session)
                async with database.service() as session:
                    share = float(await session.scalar(_COUNTED) or 0)
                await asyncio.sleep(0.2)
    finally:
        await database.close()


def sizes(running: Running) -> dict[str, float]:
    """Return how many megabytes the tables of the search take, their indexes included."""
    with psycopg.connect(running.superuser_url) as connection:
        return {str(name): round(int(size) / 2**20, 1) for name, size in connection.execute(_SIZES.encode())}


def memory_megabytes(installation: Installation) -> dict[str, int]:
    """Return the memory of the installation by what its processes are; what several share counts once (PSS)."""
    found: dict[str, int] = {}
    root = psutil.Process(installation.process.pid)
    for process in (root, *root.children(recursive=True)):
        try:
            words = " ".join(process.cmdline())
            name = (
                "postgres" if "postgres" in process.name() else "worker" if "kis.worker" in words else "api"
            )
            found[name] = found.get(name, 0) + process.memory_full_info().pss
        except psutil.Error:
            continue
    return {name: size // 2**20 for name, size in sorted(found.items())}


@asynccontextmanager
async def reader(running: Running, organization_id: UUID, clients: int) -> AsyncIterator[Reader]:
    """Give the engine in this process, warm."""
    database = Database(running.app_url, pool_size=min(clients, 20), name="kis-bench-read")
    try:
        async with open_engine(load_settings().search, waits=True) as engine:
            made = Reader(database, engine, Scope(organization_id, role="viewer"))
            await made.ask("차단기")
            yield made
    finally:
        await database.close()


async def asked(
    installation: Installation, queries: Sequence[str], clients: int, ask: Ask | None
) -> list[float]:
    """Ask each query at its time, over HTTP or of ``ask``; return how many milliseconds after that time each was answered."""
    moments = [number * EVERY_SECONDS / clients for number in range(len(queries))]
    if ask is None:
        shots = [Shot("search", installation.request("GET", PAGE + quote(words))) for words in queries]
        plan = ((moment, lambda shot=shot: shot) for moment, shot in zip(moments, shots, strict=True))
        hits = await Load(installation.host, installation.port).run(plan)
        failed = [hit.status for hit in hits if hit.status != 200]
        if failed:
            raise RuntimeError(f"{len(failed)} of {len(hits)} queries were answered with {set(failed)}")
        return [hit.milliseconds for hit in hits]
    started = time.perf_counter()
    return await asyncio.gather(
        *(_asked_at(ask, words, started + moment) for moment, words in zip(moments, queries, strict=True))
    )


async def _asked_at(ask: Ask, words: str, due: float) -> float:
    await asyncio.sleep(due - time.perf_counter())
    await ask(words)
    return (time.perf_counter() - due) * 1000


async def written(made: Reader, ask: Ask, organization_id: UUID, seconds: float) -> list[float]:
    """Write an article now and again; return after how many milliseconds each was found."""
    times = []
    for number in range(int(seconds / WRITE_EVERY_SECONDS)):
        began = time.perf_counter()
        word = f"zz{uuid4().hex[:8]}zz"
        fresh = Document(
            readers=Readers(organization_id=organization_id),
            source=Source.ARTICLE,
            source_id=uuid4(),
            language=Language.KO,
            title=f"새로 쓴 글 {number}",
            body=f"시운전 {word}을 확인한다. {article(number).body}",
            dated_at=datetime.now(UTC),
        )
        await made.write(fresh)
        async with asyncio.timeout(FOUND_SECONDS):
            while str(fresh.source_id) not in await ask(word):  # noqa: ASYNC110 - it is asked as often as it answers
                await asyncio.sleep(0)
        times.append((time.perf_counter() - began) * 1000)
        await asyncio.sleep(max(0.0, began + WRITE_EVERY_SECONDS - time.perf_counter()))
    return times


def popular(count: int, articles: int) -> list[str]:
    """Return queries as people repeat them: some hundred, by Zipf's law."""
    chance = random.Random(7)  # noqa: S311 - no secret
    known = [query(number, articles) for number in range(POPULAR)]
    weights = [1 / rank**ZIPF for rank in range(1, POPULAR + 1)]
    return chance.choices(known, weights, k=count)


async def measured(
    installation: Installation, running: Running, organization_id: UUID, options: argparse.Namespace
) -> dict[str, Any]:
    """Return latencies, times to be found, and memory."""
    count = int(options.clients * options.seconds / EVERY_SECONDS)
    warm = int(options.clients * WARM_SECONDS / EVERY_SECONDS)
    different = [query(POPULAR + number, options.articles) for number in range(warm + count)]
    async with AsyncExitStack() as held:
        made = await held.enter_async_context(reader(running, organization_id, options.clients))

        async def over_http(words: str) -> str:
            return (await installation.ask("GET", PAGE + quote(words))).body.decode()

        ask = made.ask if options.engine_only else None
        with suppress(
            RuntimeError
        ):  # asked too much of a cold index, it says so; that is not what is measured here
            await asked(installation, different[:warm], options.clients, ask)
        memory = memory_megabytes(installation)
        times, fresh = await asyncio.gather(
            asked(installation, different[warm:], options.clients, ask),
            written(made, ask or over_http, organization_id, options.seconds),
        )
        before = await _cache(installation)
        again = await asked(installation, popular(count, options.articles), options.clients, ask)
        after = await _cache(installation)
    hits, misses = (after[name] - before[name] for name in ("hits", "misses"))
    return {
        "different": _summary(times),
        "popular": _summary(again),
        "cache_hit_share": round(hits / (hits + misses), 3) if hits + misses else None,
        "write_to_searchable": _summary(fresh),
        "memory_megabytes": {"loaded": memory, "after": memory_megabytes(installation)},
    }


async def _cache(installation: Installation) -> dict[str, float]:
    """Return how often the answers of the search came from the cache so far, and how often not."""
    told = (await installation.ask("GET", "/metrics")).body.decode()
    counts = {"hits": 0.0, "misses": 0.0}
    for outcome, value in _CACHED.findall(told):
        counts[outcome] += float(value)
    return counts


def _summary(times: Sequence[float]) -> dict[str, float]:
    return {
        "count": len(times),
        "median_ms": middle(times),
        "p95_ms": p95(times),
        "max_ms": round(max(times), 2),
    }


def main(arguments: list[str]) -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="./kis bench knowledge", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--clients", type=int, default=50, help="each asks one query each two seconds")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument(
        "--engine-only", action="store_true", help="ask the engine in this process, not the API"
    )
    parser.add_argument("--data", type=Path, help="the data folder of an installation that is kept")
    options = parser.parse_args(arguments)
    facts = machine()
    with running_installation(kept=options.data) as installation:
        running = join(Path(installation.data))
        assert running is not None, "it is up"
        organization_id = _organization(running)
        idle = memory_megabytes(installation)
        known = _known(running)
        loaded = {} if known >= options.articles else indexed(running, organization_id, options.articles)
        result = {
            "articles": options.articles,
            "clients": options.clients,
            "engine_only": options.engine_only,
            **loaded,
            "index_megabytes": sizes(running),
            **asyncio.run(measured(installation, running, organization_id, options)),
        }
        result["memory_megabytes"] = {"idle": idle, **result["memory_megabytes"]}
    if options.json:
        print(json.dumps({"machine": facts, **result}, indent=2))
    else:
        _show(facts, result)
    return 0


def _organization(running: Running) -> UUID:
    with psycopg.connect(running.superuser_url) as connection:
        row = connection.execute("SELECT id FROM identity.organizations").fetchone()
    assert row is not None, "made at the first start"
    return UUID(str(row[0]))


def _known(running: Running) -> int:
    with psycopg.connect(running.superuser_url) as connection:
        row = connection.execute(
            "SELECT count(*) FROM knowledge.search_items WHERE source = 'article'"
        ).fetchone()
    assert row is not None, "a count"
    return int(row[0])


def _show(facts: dict[str, Any], result: dict[str, Any]) -> None:
    print(described(facts), end="\n\n")
    kinds = {
        "different": "queries, all different",
        "popular": f"queries, {POPULAR} by Zipf's law",
        "write_to_searchable": "write to searchable",
    }
    print_table(
        ("what", "count", "median ms", "p95 ms", "max ms"),
        [
            (told, *(result[name][part] for part in ("count", "median_ms", "p95_ms", "max_ms")))
            for name, told in kinds.items()
        ],
    )
    loading = (
        "indexed in {load_seconds} s, counted in {count_seconds} s, vacuumed in {vacuum_seconds} s".format(
            **result
        )
        if "load_seconds" in result
        else "indexed before"
    )
    print(
        f"\n{result['articles']:,} articles: {loading}; answered from the cache: {result['cache_hit_share']}\n"
    )
    print_table(("table of the index", "MB"), list(result["index_megabytes"].items()))
    memory = result["memory_megabytes"]
    print()
    print_table(
        ("memory in MB (PSS)", *memory),
        [(name, *(each.get(name, 0) for each in memory.values())) for name in sorted(memory["after"])],
    )


if __name__ == "__main__":
    import sys

    sys.exit(main(sys.argv[1:]))
