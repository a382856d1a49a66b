"""The predictor as it is measured, with what it costs to have it."""

import time
import tracemalloc
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from kis.assistant.evaluation.typing.catalog import ListedProduct
from kis.assistant.evaluation.typing.measuring import Predicts
from kis.assistant.predicting import Predictor


@dataclass(frozen=True, slots=True)
class Built:
    """A predictor over a catalog."""

    predictor: Predicts
    seconds: float
    megabytes: float
    """Of memory that it holds, as Python counts it."""


def built(products: Sequence[ListedProduct]) -> Built:
    """Return the predictor of the assistant over these products. It is built twice: once for the time, once for the memory, whose counting takes time."""
    listed = [asdict(product) for product in products]
    started = time.perf_counter()
    predictor = Predictor.from_products(listed)
    seconds = time.perf_counter() - started
    return Built(predictor, seconds, _megabytes(listed))


def _megabytes(listed: list[dict[str, str]]) -> float:
    tracemalloc.start()
    try:
        kept = Predictor.from_products(listed)
        size, _ = tracemalloc.get_traced_memory()
        del kept
    finally:
        tracemalloc.stop()
    return size / 1_000_000
