"""How well products are predicted while their names are typed: a catalog, traces of key presses, and the figures over them."""

from kis.assistant.evaluation.typing.building import Built, built
from kis.assistant.evaluation.typing.catalog import ListedProduct, shipped_products
from kis.assistant.evaluation.typing.files import load_products, load_traces, trace_lines
from kis.assistant.evaluation.typing.measuring import Predicts, Typed, typed
from kis.assistant.evaluation.typing.tally import ALL_KINDS, Figures, Miss, figures, misses
from kis.assistant.evaluation.typing.traces import MOST_PER_KIND, PER_KIND, SEED, Kind, Trace, made_traces

__all__ = [
    "ALL_KINDS",
    "MOST_PER_KIND",
    "PER_KIND",
    "SEED",
    "Built",
    "Figures",
    "Kind",
    "ListedProduct",
    "Miss",
    "Predicts",
    "Trace",
    "Typed",
    "built",
    "figures",
    "load_products",
    "load_traces",
    "made_traces",
    "misses",
    "shipped_products",
    "trace_lines",
    "typed",
]
