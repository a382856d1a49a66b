"""Hundreds of people typing at once: how soon each key press is answered over the WebSocket, and what one costs.

./kis bench assistant_ws [--clients 50 100 200 500] [--seconds 30] [--api-processes 2] [--answers 0] [--pdfs 0] [--own]
                         [--json]

Starts an installation of its own and takes in the products that typing is measured with, for everybody, or with ``--own`` for the organisation alone. Each client
types names key by key, five presses a second, at times that are spread evenly; names, ways of typing and slips are those of the evaluation, made with another
seed, and nothing is typed twice in a run. A key press counts from when it is sent until it or a newer one is answered. The clients have a process of their own.

``--answers N``: beside it N connections ask about long manuals without a pause. ``--pdfs N``: beside it N manuals that nobody has seen are being fetched and read
at all times. Manuals come from a maker's site on this machine. The exit code is 1 where a bound was not met.
Where the machine is a virtual one, it is said how much of its time others on the same host took: with much of that, times tell little.
"""

import argparse
import asyncio
import json
import math
import random
import sys
import time
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from itertools import count
from multiprocessing import get_context
from typing import Any, Final

from websockets.asyncio.client import ClientConnection, connect

from benchmarks._http import Connection
from benchmarks._installation import Installation, running_installation
from benchmarks._measure import described, machine, middle, p95, print_table
from benchmarks._typing import Press
from benchmarks._typists import Orders, Report, type_all
from kis.assistant.evaluation.typing import SEED, ListedProduct, Trace, made_traces, shipped_products
from tests.factories.maker_manuals import long_pdf
from tests.factories.maker_site import Answer, MakerSite, maker_site

CLIENTS: Final = (50, 100, 200, 500)
EVERY_SECONDS: Final = 0.2
MOST_FRESH: Final = 3000
"""Manuals that nobody has seen, of a whole run."""
CALLERS_EACH: Final = 8
"""Callers for each process of the API, dealt out by chance, so that hardly one is left out."""
ASKED_PAGES: Final = 200
FRESH_PAGES: Final = 20
BOUND_MS: Final = 100.0
BOUND_BESIDE_MS: Final = 200.0
"""With answers and manuals beside."""
LEAST_OWN_SHARE: Final = 0.8
ANSWER_SECONDS: Final = 60.0
_ASKED: Final = "asked-manual-{}"
_FRESH: Final = "fresh-manual-{}"
_BOUNDARY: Final = "kis-benchmark-of-typing"


class Traces:
    """Names being typed, each once."""

    def __init__(self, products: Sequence[ListedProduct], presses: int) -> None:
        self._chance = random.Random(f"{SEED}:many")  # noqa: S311 - a benchmark that can be repeated
        self._products = products
        self._seeds = count(SEED + 1)
        self._known: set[tuple[str, tuple[str, ...]]] = set()
        self._left: list[Trace] = []
        while sum(len(trace.keys) for trace in self._left) < presses:
            self._make()

    def lane(self, seconds: float, offset_seconds: float) -> list[Press]:
        """Return what one client types: name after name, a press each fifth of a second."""
        texts: list[tuple[str, bool]] = []
        presses = math.ceil(seconds / EVERY_SECONDS)
        while len(texts) < presses:
            if not self._left:
                self._make()
            keys = self._left.pop().keys
            texts += [(text, number == len(keys)) for number, text in enumerate(keys, start=1)]
        return [
            Press(offset_seconds + number * EVERY_SECONDS, text, is_end=is_end)
            for number, (text, is_end) in enumerate(texts[:presses])
        ]

    def _make(self) -> None:
        """Make more traces, with a seed that was not used."""
        for trace in made_traces(self._products, seed=next(self._seeds), per_kind=300):
            if (trace.target, trace.keys) not in self._known:
                self._known.add((trace.target, trace.keys))
                self._left.append(trace)
        self._chance.shuffle(self._left)


@dataclass(slots=True)
class Beside:
    """What else the installation did while people typed."""

    answers: int = 0
    answer_errors: int = 0
    read: int = 0
    read_errors: int = 0
    first_ms: list[float] | None = None
    """From each question to the first piece of its answer."""

    def told(self) -> dict[str, Any]:
        """Return the figures."""
        shown = asdict(self)
        times = shown.pop("first_ms")
        return {**shown, "first_p50_ms": middle(times), "first_p95_ms": p95(times)} if times else shown


class Work:
    """Questions and manuals beside the typing."""

    def __init__(self, installation: Installation, site: MakerSite) -> None:
        """Take the manuals of ``site``; those that are asked about are read before anything is measured."""
        self._installation = installation
        self._site = site
        self._fresh = iter(range(MOST_FRESH))
        self._content = long_pdf(FRESH_PAGES)

    @asynccontextmanager
    async def going_on(self, answers: int, pdfs: int) -> AsyncIterator[Beside]:
        """Work for the length of the block."""
        beside = Beside(first_ms=[])
        begun = asyncio.Barrier(answers + 1)
        tasks = [asyncio.create_task(self._ask(number, beside, begun)) for number in range(answers)]
        await begun.wait()
        tasks += [asyncio.create_task(self._read(beside)) for _ in range(pdfs)]
        yield beside
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        for error in ended:
            if isinstance(error, Exception):
                raise error

    async def _ask(self, number: int, beside: Beside, begun: asyncio.Barrier) -> None:
        """Ask about one long manual, again and again, of another part each time; what the first question is told counts for nothing."""
        async with self._connected() as socket:
            await _answered(socket, _ASKED.format(number), "How tight are the terminals?")
            await begun.wait()
            for part in count(number):
                question = f"How tight are the terminals of part {part % ASKED_PAGES + 1}?"
                began = time.perf_counter()
                is_good, first_at = await _answered(socket, _ASKED.format(number), question)
                beside.answers += 1
                beside.answer_errors += not is_good
                if beside.first_ms is not None and first_at:
                    beside.first_ms.append((first_at - began) * 1000)

    async def _read(self, beside: Beside) -> None:
        """Have one manual after the other fetched and read that nobody has seen."""
        async with self._connected() as socket:
            for number in self._fresh:
                self._site.put(f"/fresh/{number}.pdf", Answer(self._content + b"%%f%d" % number))
                is_good, _ = await _answered(socket, _FRESH.format(number), "torque of part 7")
                beside.read += 1
                beside.read_errors += not is_good
        raise RuntimeError(f"all {MOST_FRESH} manuals are read; ask for fewer seconds")

    def _connected(self) -> connect:
        own = self._installation
        headers = {"Authorization": f"Bearer {own.token}"}
        return connect(f"ws://{own.host}:{own.port}/ws", additional_headers=headers, proxy=None)


async def _answered(socket: ClientConnection, product_id: str, question: str) -> tuple[bool, float]:
    """Ask and hear the answer to its end; return whether it was one, and when its first piece came."""
    message = {"type": "query", "product_id": product_id, "query": question}
    await socket.send(json.dumps(message))
    first_at = 0.0
    async with asyncio.timeout(ANSWER_SECONDS):
        while True:
            told = json.loads(await socket.recv())
            if told["type"] == "answer_chunk":
                first_at = first_at or time.perf_counter()
            if told["type"] in {"final_answer", "error"}:
                return told["type"] == "final_answer", first_at


async def prepared(installation: Installation, site: MakerSite, *, is_own: bool, processes: int) -> None:
    """Take the products in, and have the predictor laid out in each process of the API."""
    await _imported(installation, [asdict(product) for product in shipped_products()], is_own=is_own)
    manuals = [
        *(_with_manual(site, _ASKED.format(n), f"/asked/{n}.pdf") for n in range(100)),
        *(_with_manual(site, _FRESH.format(n), f"/fresh/{n}.pdf") for n in range(MOST_FRESH)),
    ]
    await _imported(installation, manuals, is_own=is_own)
    body = json.dumps({"content": "zz"}).encode()
    request = installation.request(
        "POST", "/v1/assistant/predict", body, {"Content-Type": "application/json"}
    )
    for _ in range(CALLERS_EACH * processes):
        connection = Connection(installation.host, installation.port)
        await connection.ask(request)
        connection.close()


def _with_manual(site: MakerSite, product_id: str, path: str) -> dict[str, Any]:
    documentation = {"type": "pdf", "url": site.url + path}
    name = product_id.replace("-", " ")
    return {"id": product_id, "name": name, "brand": "Manuals", "documentation": documentation}


async def _imported(installation: Installation, products: Sequence[dict[str, Any]], *, is_own: bool) -> None:
    head = 'Content-Disposition: form-data; name="file"; filename="products.json"'
    content = json.dumps(list(products)).encode()
    parts = [f"--{_BOUNDARY}", head, "Content-Type: application/json", "", ""]
    body = "\r\n".join(parts).encode() + content + f"\r\n--{_BOUNDARY}--\r\n".encode()
    whose = "" if is_own else "?shipped=true"
    headers = {"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"}
    await installation.ask("POST", f"/v1/assistant/catalogs{whose}", body, headers)


async def measured(
    installation: Installation, site: MakerSite, pool: ProcessPoolExecutor, options: argparse.Namespace
) -> list[dict[str, Any]]:
    """Return the figures of each number of clients."""
    await prepared(installation, site, is_own=options.own, processes=options.api_processes)
    content = long_pdf(ASKED_PAGES)
    for number in range(options.answers):
        site.put(f"/asked/{number}.pdf", Answer(content + b"%%a%d" % number))
    presses = math.ceil(sum(options.clients) * options.seconds / EVERY_SECONDS)
    traces = Traces(shipped_products(), presses)
    work = Work(installation, site)
    results = []
    for clients in options.clients:
        lanes = [traces.lane(options.seconds, number / clients * EVERY_SECONDS) for number in range(clients)]
        orders = Orders(
            host=installation.host,
            port=installation.port,
            token=installation.token,
            supervisor=installation.process.pid,
            lanes=lanes,
        )
        async with work.going_on(options.answers, options.pdfs) as beside:
            report = await asyncio.get_running_loop().run_in_executor(pool, type_all, orders)
        results.append(_figures(report) | ({"beside": beside.told()} if beside.answers + beside.read else {}))
    return results


def _figures(report: Report) -> dict[str, Any]:
    told = report.outcome
    api = report.cpu_seconds.get("api", 0.0)
    return {
        **asdict(told),
        "presses_per_second": round(told.presses / report.seconds, 1),
        "errors": dict(report.errors),
        "api_cpu_ms_per_press": round(1000 * api / told.presses, 3),
        "cpu_share": {name: round(spent / report.seconds, 3) for name, spent in report.cpu_seconds.items()},
        "generator_cpu_share": round(report.own_cpu_seconds / report.seconds, 3),
        "generator_late_p95_ms": report.late_p95_ms,
        "stolen_share": round(report.stolen_share, 3),
    }


def shortcomings(results: Sequence[dict[str, Any]], bound_ms: float) -> list[str]:
    """Return which bounds were not met, in words."""
    found = []
    for one in results:
        clients = one["clients"]
        if one["p95_ms"] > bound_ms:
            found.append(f"{clients} clients: p95 {one['p95_ms']} ms, at most {bound_ms} ms are allowed")
        if one["last_answered"] < clients:
            found.append(f"{clients} clients: {clients - one['last_answered']} last key presses not answered")
        if one["own_share"] < LEAST_OWN_SHARE:
            found.append(f"{clients} clients: {one['own_share']:.1%} of the key presses answered themselves")
        wrong = sum(one["errors"].values()) + one["strange"] + one["unanswered"]
        if wrong:
            found.append(f"{clients} clients: {wrong} errors, strange or missing answers")
        beside = one.get("beside", {})
        wrong = beside.get("answer_errors", 0) + beside.get("read_errors", 0)
        if wrong:
            found.append(f"{clients} clients: {wrong} questions beside were not answered")
    return found


def main(arguments: Sequence[str]) -> int:
    """Measure, print, and say whether it is enough."""
    parser = argparse.ArgumentParser(prog="./kis bench assistant_ws", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument(
        "--clients", type=int, nargs="+", default=list(CLIENTS), help="one run for each number"
    )
    parser.add_argument("--seconds", type=float, default=30.0, help="of typing, of each run")
    parser.add_argument("--api-processes", type=int, default=2, help="they share the port")
    parser.add_argument("--answers", type=int, default=0, help="connections that ask beside it, 100 at most")
    parser.add_argument("--pdfs", type=int, default=0, help="manuals that are fetched and read beside it")
    parser.add_argument("--own", action="store_true", help="take the products in for the organisation alone")
    options = parser.parse_args(arguments)
    facts = machine()
    with maker_site() as site:
        environment = {"ASSISTANT_PRIVATE_HOSTS": site.host}
        processes = ("--api-processes", str(options.api_processes))
        pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
        with running_installation(*processes, environment=environment) as installation, pool:
            results = asyncio.run(measured(installation, site, pool, options))
    bound_ms = BOUND_BESIDE_MS if options.answers or options.pdfs else BOUND_MS
    missed = shortcomings(results, bound_ms)
    if options.json:
        given = {
            name: getattr(options, name) for name in ("seconds", "api_processes", "answers", "pdfs", "own")
        }
        shown = [{name: _finite(value) for name, value in one.items()} for one in results]
        print(json.dumps({"machine": facts, **given, "results": shown, "missed": missed}, indent=2))
    else:
        print(described(facts), f"API processes: {options.api_processes}", sep="\n", end="\n\n")
        _show(results, missed)
    return 1 if missed else 0


def _finite(value: Any) -> Any:
    """Return a figure as JSON can hold it: null for what was never answered."""
    return None if isinstance(value, float) and math.isinf(value) else value


def _show(results: Sequence[dict[str, Any]], missed: Sequence[str]) -> None:
    print_table(
        ("clients", "presses/s", "p50 ms", "p95", "p99", "slowest", "answered themselves", "last ones", "errors",
         "API ms a press", "API cores", "generator cores", "generator late p95, ms", "taken by other machines"),
        [
            (
                one["clients"], one["presses_per_second"], one["p50_ms"], one["p95_ms"], one["p99_ms"], one["slowest_ms"],
                f"{one['own_share']:.1%}", f"{one['last_answered']}/{one['clients']}", sum(one["errors"].values()),
                one["api_cpu_ms_per_press"], one["cpu_share"].get("api", 0.0), one["generator_cpu_share"],
                one["generator_late_p95_ms"], f"{one['stolen_share']:.0%}",
            )
            for one in results
        ],
    )  # fmt: skip
    beside = [(one["clients"], one["beside"], one["cpu_share"]) for one in results if "beside" in one]
    if beside:
        print()
        print_table(
            ("beside clients", "answers", "failed", "first sentence p50 ms", "p95", "manuals read", "failed", "reading cores", "PostgreSQL cores"),
            [
                (
                    clients, told["answers"], told["answer_errors"], told["first_p50_ms"], told["first_p95_ms"],
                    told["read"], told["read_errors"], cores.get("reading", 0.0), cores.get("postgres", 0.0),
                )
                for clients, told, cores in beside
            ],
        )  # fmt: skip
    for line in missed:
        print(f"\nNot met: {line}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
