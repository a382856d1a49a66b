"""The predictor: which products are meant by what has been typed so far."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final, NamedTuple, Protocol, Self

from kis.assistant.predicting.confidence import confidences
from kis.assistant.predicting.matching import Found, search
from kis.assistant.predicting.ranks import Rank
from kis.assistant.predicting.rows import Lines, Row, lines, written
from kis.assistant.predicting.texts import pressed, pressed_initials, read_initials, read_typed

MOST_PREDICTIONS: Final = 20
"""More are a search, not a prediction."""
MOST_NAMES: Final = 8
"""Names of one product that are heeded."""


class Named(Protocol):
    """What the predictor wants to know of a product; ``kis.assistant.Product`` has it."""

    @property
    def id(self) -> str:
        """The catalog's own."""

    @property
    def name(self) -> str:
        """As it is shown."""

    @property
    def brand(self) -> str:
        """Whose it is."""

    @property
    def category(self) -> str:
        """What it is."""

    @property
    def names(self) -> tuple[str, ...]:
        """Other names it goes by."""


class Prediction(NamedTuple):
    """A product that may be meant."""

    id: str
    name: str
    brand: str
    confidence: float
    """How often a prediction like this one is what is meant, from 0 to 1."""
    rank: Rank
    match_text: str
    """The name that matched: the product's own or another it goes by."""


@dataclass(frozen=True, slots=True)
class _Entry:
    id: str
    name: str
    brand: str


class Predictor:
    """Product names laid out so that each key press is answered in a fraction of a millisecond. It never changes; a new catalog is a new predictor."""

    def __init__(
        self, entries: list[_Entry], names: Lines, initials: Lines, popularity: Mapping[str, int]
    ) -> None:
        self._entries = entries
        self._names = names
        self._initials = initials
        self._popularity = [popularity.get(entry.id, 0) for entry in entries]

    @classmethod
    def from_products(
        cls, products: Iterable[Named | Mapping[str, Any]], *, popularity: Mapping[str, int] | None = None
    ) -> Self:
        """Return a predictor of products, given as such or as ``{id, name, brand, category, names}``, of which ``id`` and ``name`` must be there.

        ``popularity`` says by id how often a product was chosen; it decides among names that fit alike.
        """
        entries: list[_Entry] = []
        rows: list[Row] = []
        initial_rows: list[Row] = []
        for number, product in enumerate(products):
            identity, name, brand, category, others = _told(product)
            entries.append(_Entry(identity, name, brand))
            for one in dict.fromkeys((name, *others)):
                rows += _rows(number, one, brand, category)
                initial_rows += _initial_rows(number, one, brand, category)
        return cls(entries, lines(rows), lines(initial_rows), popularity or {})

    def __len__(self) -> int:
        return len(self._entries)

    def predict(self, text: str, limit: int = 3, *, slips: bool = True) -> tuple[Prediction, ...]:
        """Return the products that may be meant by a typed text, the likeliest first. There are at most ``limit`` (20 at most) of them.

        Without ``slips`` only those that fit the text as it is: where another predictor has such ones, as within one.
        """
        limit = min(limit, MOST_PREDICTIONS)
        found = self._found(text, limit, slips=slips)
        if limit < 1 or not found.best:
            return ()
        ranked = sorted(found.best.items(), key=itemgetter(1))
        sure = confidences([rank for _, rank in ranked], found.unranked, found.keys, limit)
        return tuple(
            self._prediction(product, rank, confidence, found.lines.rows[rank.row].name)
            for (product, rank), confidence in zip(ranked[:limit], sure, strict=True)
        )

    def explain(self, text: str, product_id: str) -> Rank | None:
        """Return why a product stands where it stands among the predictions for a text; None where it is not among them."""
        found = self._found(text, MOST_PREDICTIONS)
        return next(
            (rank for product, rank in found.best.items() if self._entries[product].id == product_id), None
        )

    def candidates(self, text: str, limit: int = 3) -> int:
        """Return how many candidates are looked at for a text: what a prediction costs, whatever the machine."""
        return self._found(text, limit).candidates

    def _found(self, text: str, limit: int, *, slips: bool = True) -> Found:
        found = Found(self._popularity, self._names)
        initials = read_initials(text)
        if initials and initials.keys:
            search(self._initials, initials, found, limit, slips=False)  # so few keys bear none
            if found.best:
                return found
        typed = read_typed(text)
        if typed.keys:
            search(self._names, typed, found, limit, slips=slips)
        return found

    def _prediction(self, product: int, rank: Rank, confidence: float, match_text: str) -> Prediction:
        entry = self._entries[product]
        return Prediction(entry.id, entry.name, entry.brand, confidence, rank, match_text)


def _told(product: Named | Mapping[str, Any]) -> tuple[str, str, str, str, tuple[str, ...]]:
    if isinstance(product, Mapping):
        told = (product["id"], product["name"], product.get("brand"), product.get("category"))
        others = product.get("names")
        names = tuple(map(str, others)) if isinstance(others, list | tuple) else ()
    else:
        told = (product.id, product.name, product.brand, product.category)
        names = product.names
    identity, name, brand, category = ("" if part is None else str(part) for part in told)
    return identity, name, brand, category, names[:MOST_NAMES]


def _rows(number: int, name: str, brand: str, category: str) -> Iterable[Row]:
    return written(number, name, pressed(brand), pressed(name), pressed(category))


def _initial_rows(number: int, name: str, brand: str, category: str) -> Iterable[Row]:
    """Return the rows of initials of a name; none where nothing of it is Korean."""
    if not pressed_initials(brand + name):
        return ()
    brand_keys, own, kind = (pressed_initials(text) or pressed(text) for text in (brand, name, category))
    return written(number, name, brand_keys, own, kind)
