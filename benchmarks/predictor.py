"""How long the predictor takes for a key press, how long it takes to lay a catalog out, and what that takes in memory.

./kis bench predictor [--json] [--products N ...] [--traces N]

Names are made by the rules of makers: a brand, a model of letters and digits with its variants, and what it is, in Latin or Korean; a hundred thousand of
them have families that differ in one character. Each trace is one name typed key by key in one way: as it is, with one slip, in other order, without
spaces. Times are those of the processor, one key press at a time; nothing is kept from one to the next.
"""

import argparse
import gc
import json
import math
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks._measure import described, machine, print_table
from kis.assistant.predicting import Predictor
from kis.platform.keyboard.jamo import compose, letters

SIZES: Final = (3_000, 10_000, 100_000)
TRACES: Final = 150
SEED: Final = 22
PAGE_BYTES: Final = 4096
BRANDS: Final = (
    "Kestrel", "Nordlink", "Hausmann", "Brenner", "Makerra", "Tavoro", "Ensoft Drives", "Arvo Audio", "소리마루", "한울전자",
    "Sangdo", "Mixwerk", "Lumisound", "강철공구",
)  # fmt: skip
SORTS: Final = (
    "Stage Piano", "Electronic Drum Kit", "누전차단기", "배선용차단기", "Impact Driver", "Network Switch", "Studio Monitor",
    "스탠드 에어컨", "Condenser Microphone", "Mirrorless Camera",
)  # fmt: skip
MODEL_LETTERS: Final = "ABCDEFGHKLMNPRSTVWX"
ENDINGS: Final = ("", "", "X", "V", "KV", "KVX", " MK2", " MK3", "c", "B")


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """What laying out a catalog took."""

    products: int
    seconds: float
    megabytes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Typing:
    """What key presses of one kind took, and how often the product was first after the last."""

    products: int
    kind: str
    presses: int
    mean_ms: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    slowest_ms: float
    first: float


def made(count: int) -> list[dict[str, str]]:
    """Return so many products, the same each time."""
    chance = random.Random(SEED)  # noqa: S311 - a benchmark that can be repeated
    names: dict[tuple[str, str], dict[str, str]] = {}
    while len(names) < count:
        brand, sort = chance.choice(BRANDS), chance.choice(SORTS)
        series = "".join(chance.choice(MODEL_LETTERS) for _ in range(chance.randint(1, 3)))
        model = f"{series}{chance.choice(('-', '', ' '))}{chance.randint(1, 999)}{chance.choice(ENDINGS)}"
        name = chance.choice(
            (
                f"{brand} {model} {sort}",
                f"{sort} {model} {chance.choice((20, 30, 40, 50))}A",
                f"{model} {sort}",
            )
        )
        names[brand, name] = {"id": str(len(names)), "name": name, "brand": brand, "category": sort}
    return list(names.values())


def typed(kind: str, product: dict[str, str], chance: random.Random) -> Iterator[str]:
    """Yield what the screen shows after each key press."""
    name, brand = product["name"], product["brand"]
    presses = letters((name if name.startswith(brand) else f"{brand} {name}").lower())
    if kind == "other order":
        words = presses.split()
        chance.shuffle(words)
        presses = " ".join(words)
    elif kind == "no space":
        presses = presses.replace(" ", "")
    elif kind == "slip":
        presses = _slipped(presses, chance)
    return (compose(presses[:end]) for end in range(1, len(presses) + 1))


def measure(count: int, traces: int) -> tuple[Laid, list[Typing]]:
    """Return what a catalog of so many products takes."""
    products = made(count)
    gc.collect()
    before, start = _resident_bytes(), time.perf_counter()
    predictor = Predictor.from_products(products)
    seconds = time.perf_counter() - start
    gc.collect()
    laid = Laid(
        products=count,
        seconds=round(seconds, 2),
        megabytes=round((_resident_bytes() - before) / 1e6, 1),
    )
    gc.freeze()  # as a server does that keeps its catalog
    return laid, [
        _typing(predictor, products, kind, traces) for kind in ("clean", "slip", "other order", "no space")
    ]


def main(arguments: Sequence[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="./kis bench predictor")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--products", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--traces", type=int, default=TRACES)
    options = parser.parse_args(arguments)
    facts = machine()
    results = [measure(count, options.traces) for count in options.products]
    if options.json:
        told: dict[str, Any] = {
            "machine": facts,
            "laid": [asdict(laid) for laid, _ in results],
            "typing": [asdict(one) for _, typings in results for one in typings],
        }
        print(json.dumps(told, ensure_ascii=False, indent=2))
        return 0
    print(described(facts) + "\n")
    print_table(
        ("products", "laid out, s", "memory, MB"),
        [(laid.products, laid.seconds, laid.megabytes) for laid, _ in results],
    )
    print()
    print_table(
        ("products", "typed", "key presses", "mean ms", "p50", "p95", "p99", "slowest", "first at the end"),
        [tuple(asdict(one).values()) for _, typings in results for one in typings],
    )
    return 0


def _typing(predictor: Predictor, products: list[dict[str, str]], kind: str, traces: int) -> Typing:
    chance = random.Random(f"{SEED}:{kind}")  # noqa: S311 - as above
    spent: list[float] = []
    hits = 0
    chosen = chance.sample(products, min(traces, len(products)))
    for product in chosen:
        found: tuple[Any, ...] = ()
        for text in typed(kind, product, chance):
            start = time.process_time()
            found = predictor.predict(text)
            spent.append((time.process_time() - start) * 1000)
        hits += bool(found) and found[0].id == product["id"]
    spent.sort()
    p50, p95, p99 = (spent[math.ceil(share * len(spent)) - 1] for share in (0.5, 0.95, 0.99))
    times = (round(value, 3) for value in (sum(spent) / len(spent), p50, p95, p99, spent[-1]))
    mean, p50, p95, p99, slowest = times
    return Typing(
        products=len(products),
        kind=kind,
        presses=len(spent),
        mean_ms=mean,
        p50_ms=p50,
        p95_ms=p95,
        p99_ms=p99,
        slowest_ms=slowest,
        first=round(hits / len(chosen), 3),
    )


def _slipped(presses: str, chance: random.Random) -> str:
    """Return key presses of which one was left out, pressed twice or swapped with the next."""
    place = chance.choice([place for place, key in enumerate(presses[:-1]) if key.isalnum()])
    before, key, following, after = (
        presses[:place],
        presses[place],
        presses[place + 1],
        presses[place + 2 :],
    )
    return before + chance.choice((following, key + key + following, following + key)) + after


def _resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * PAGE_BYTES


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
