"""A thousand listeners to the stream of quotations: what they cost, and how long after an event the last of them has it.

./kis bench streams [--listeners 1000] [--json]

Starts an installation of its own, connects the listeners to the streams of new quotations (ten to each) before workers have made them, and
waits until every listener was told that its quotation is done. The delay of an event counts from the time in its ``meta.ts``.
"""

import argparse
import asyncio
import json
import sys
import time
from datetime import UTC, datetime
from typing import Any, Final

from benchmarks._installation import Installation, running_installation
from benchmarks._measure import described, machine, middle, p95, print_table
from benchmarks.api import BODY

LISTENERS: Final = 1000
PER_QUOTATION: Final = 10
ANSWER_SECONDS: Final = 900.0


async def measured(installation: Installation, listeners: int) -> dict[str, Any]:
    """Return what the listeners saw."""
    idle = installation.memory_megabytes()
    quotes = [await installation.accept(BODY) for _ in range(max(1, listeners // PER_QUOTATION))]
    started = time.perf_counter()
    seen = await asyncio.gather(
        *(_listen(installation, quotes[number % len(quotes)]) for number in range(listeners))
    )
    delays = [delay for one in seen for delay in one["delays_ms"]]
    return {
        "listeners": listeners,
        "quotations": len(quotes),
        "seconds": round(time.perf_counter() - started, 1),
        "told_done": sum(one["done"] for one in seen),
        "with_a_gap": sum(one["gap"] for one in seen),
        "events": sum(one["events"] for one in seen),
        "delay_median_ms": middle(delays) if delays else None,
        "delay_p95_ms": p95(delays) if delays else None,
        "memory_megabytes": {"before": idle, "after": installation.memory_megabytes()},
    }


async def _listen(installation: Installation, quote: str) -> dict[str, Any]:
    """Follow one stream to its end. Events of before the connection are not counted as delayed."""
    reader, writer = await asyncio.open_connection(installation.host, installation.port)
    writer.write(installation.request("GET", f"/v1/estimate/stream?quoteId={quote}"))
    connected = datetime.now(UTC).timestamp()
    events, last, done, gap = 0, 0, False, False
    delays_ms: list[float] = []
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            while line := await reader.readline():
                if not line.startswith(b"data:"):
                    continue
                meta = json.loads(line[5:])["meta"]
                events += 1
                gap |= meta["seq"] <= last
                last = meta["seq"]
                told_at = datetime.fromisoformat(meta["ts"]).timestamp()
                if told_at > connected:
                    delays_ms.append((datetime.now(UTC).timestamp() - told_at) * 1000)
                done |= b'"links"' in line
                if done:
                    break
    finally:
        writer.close()
    return {"events": events, "done": done, "gap": gap, "delays_ms": delays_ms}


def main(arguments: list[str]) -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="./kis bench streams", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--listeners", type=int, default=LISTENERS)
    options = parser.parse_args(arguments)
    facts = machine()
    with running_installation() as installation:
        result = asyncio.run(measured(installation, options.listeners))
    if options.json:
        print(json.dumps({"machine": facts, **result}, indent=2))
        return 0
    print(described(facts), end="\n\n")
    print_table(("figure", "value"), [(name.replace("_", " "), value) for name, value in result.items()])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
