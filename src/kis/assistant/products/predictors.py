"""Predictors over the products that callers see: one of what everybody sees, one of each organisation's own, their answers put together.

A predictor never changes. When products do, a new one is built in a thread while the old one goes on answering, and takes its place when it is done. Whether
they did is asked at most every few seconds, beside the key presses and not before them. What was predicted for the texts that were typed last is remembered.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from time import monotonic
from typing import Final, NamedTuple

from kis.assistant.predicting import Prediction, Predictor
from kis.assistant.predicting.ranks import WHOLE_NAME
from kis.assistant.products.service import Products, Sight, sight_of
from kis.assistant.things import Product
from kis.identity import Principal
from kis.platform.telemetry import metrics, tell_fault

HELD_OWN: Final = 50
"""Organisations whose predictors are held: those that typed last."""
CHECK_SECONDS: Final = 2.0
_DOUBT: Final = 0.05
"""What a doubt leaves of the likelihood of a whole set of predictions, as within one."""
REMEMBERED: Final = 8192
"""Texts whose predictions are kept, the last ones that were typed: people begin alike, and most with a brand."""
LONGEST_REMEMBERED: Final = 40
"""In characters: what is longer hardly anybody types again."""
_Key = tuple[int | str, ...]
_SHARED: Final = Sight(None)
_HITS: Final = metrics.CACHE_HITS.labels("predictions")
_MISSES: Final = metrics.CACHE_MISSES.labels("predictions")


class Predicted(NamedTuple):
    """A product that may be meant."""

    product: Product
    confidence: float
    match_text: str


@dataclass(frozen=True, slots=True)
class _Built:
    """A predictor with the products it predicts."""

    number: int
    """No other has it."""
    revision: str
    predictor: Predictor
    products: Mapping[str, Product]


@dataclass(slots=True)
class _Place:
    """Where the predictor of a sight stands, and who builds it."""

    built: _Built | None = None
    checked_at: float = 0.0
    building: "asyncio.Task[_Built] | None" = None


class Predictors:
    """Predicts products for callers."""

    def __init__(
        self,
        products: Products,
        *,
        check_seconds: float = CHECK_SECONDS,
        now: Callable[[], float] = monotonic,
    ) -> None:
        self._products = products
        self._check_seconds = check_seconds
        self._now = now
        self._places: OrderedDict[Sight, _Place] = OrderedDict()
        self._numbers = count()
        self._remembered: OrderedDict[_Key, tuple[Predicted, ...]] = OrderedDict()

    def warm(self) -> None:
        """Begin to lay out the predictor of what everybody sees: else the first key press waits for it."""
        place = self._place(_SHARED)
        if place.built is None and place.building is None:
            self._begin(_SHARED, place)

    async def predict(self, caller: Principal | None, text: str, limit: int = 3) -> tuple[Predicted, ...]:
        """Return the likeliest products that the caller sees, the best first. Raises Forbidden."""
        return self._predicted([await self._current(each) for each in _sights(caller)], text, limit)

    def predict_now(
        self, caller: Principal | None, text: str, limit: int = 3
    ) -> tuple[Predicted, ...] | None:
        """Return what :meth:`predict` does; None where a predictor has to be waited for. Raises Forbidden."""
        there = [self._there(each) for each in _sights(caller)]
        built = [each for each in there if each is not None]
        return self._predicted(built, text, limit) if len(built) == len(there) else None

    def _predicted(self, built: Sequence[_Built], text: str, limit: int) -> tuple[Predicted, ...]:
        """Return what these predictors say together. A predictor never changes, so what it said once it would say again."""
        key: _Key = (*(each.number for each in built), text, limit)
        known = self._remembered.get(key)
        if known is not None:
            _HITS.inc()
            self._remembered.move_to_end(key)
            return known
        _MISSES.inc()
        found = _asked(built, text, limit)
        if len(text) <= LONGEST_REMEMBERED:
            self._remembered[key] = found
            if len(self._remembered) > REMEMBERED:
                self._remembered.popitem(last=False)
        return found

    async def settled(self) -> None:
        """Wait until nothing is being built."""
        while tasks := [place.building for place in self._places.values() if place.building is not None]:
            await asyncio.gather(*tasks)

    async def close(self) -> None:
        """Build nothing any more."""
        tasks = [place.building for place in self._places.values() if place.building is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _current(self, sight: Sight) -> _Built:
        """Return the predictor that is there; the first of a sight is waited for."""
        there = self._there(sight)
        if there is not None:
            return there
        place = self._place(sight)
        return await asyncio.shield(place.building or self._begin(sight, place))

    def _there(self, sight: Sight) -> _Built | None:
        """Return the predictor that is there, and have looked after a newer one now and then."""
        place = self._place(sight)
        if (
            place.built is not None
            and place.building is None
            and self._now() - place.checked_at >= self._check_seconds
        ):
            self._begin(sight, place)
        return place.built

    def _begin(self, sight: Sight, place: _Place) -> "asyncio.Task[_Built]":
        place.checked_at = self._now()
        place.building = asyncio.create_task(self._build(sight, place))
        place.building.add_done_callback(lambda task: self._done(place, task))
        return place.building

    def _place(self, sight: Sight) -> _Place:
        place = self._places.get(sight)
        if place is not None:
            self._places.move_to_end(sight)
            return place
        place = self._places[sight] = _Place()
        if len(self._places) > HELD_OWN + 1:
            oldest = next(
                (one for one, held in self._places.items() if one != _SHARED and held.building is None), None
            )
            if oldest is not None and oldest != sight:
                del self._places[oldest]
        return place

    async def _build(self, sight: Sight, place: _Place) -> _Built:
        revision = await self._products.revision_of(sight)
        if place.built is not None and place.built.revision == revision:
            return place.built
        products = await self._products.all_of(sight)
        predictor = await asyncio.to_thread(Predictor.from_products, products)
        known = {product.id: product for product in products}
        place.built = _Built(next(self._numbers), revision, predictor, known)
        return place.built

    @staticmethod
    def _done(place: _Place, task: "asyncio.Task[_Built]") -> None:
        place.building = None
        error = None if task.cancelled() else task.exception()
        if place.built is not None and isinstance(error, Exception):
            # Nobody waits for it: the old one goes on answering.
            tell_fault("assistant.predictor_not_built", error)


def _sights(caller: Principal | None) -> tuple[Sight, ...]:
    """Return whose products a caller sees: everybody's, and those of their organisation."""
    sight = sight_of(caller)
    if sight.organization_id is None:
        return (_SHARED,)
    return _SHARED, Sight(sight.organization_id, shipped=False, parts=sight.parts)


def _asked(built: Sequence[_Built], text: str, limit: int) -> tuple[Predicted, ...]:
    """Ask the predictor of an organisation's own products, and that of what everybody sees.

    As within one, what fits with a slip is left out where there is what fits as it is.
    """
    shared, *others = built
    own = others[0] if others and others[0].products else None
    ours: Sequence[Prediction] = ()
    theirs: Sequence[Prediction] = ()
    if own is not None:
        ours = own.predictor.predict(text, limit)
    if shared.products:
        hidden = {} if own is None else own.products
        # So many more are asked for as may be hidden by an own product of their id.
        most = limit + min(len(hidden), limit)
        theirs = shared.predictor.predict(text, most, slips=not _is_enough(ours, limit))
        theirs = [hit for hit in theirs if hit.id not in hidden]
        if _is_enough(theirs, limit):
            ours = [hit for hit in ours if not hit.rank.doubts]
    found = [(each, hits) for each, hits in ((shared, theirs), (own, ours)) if each is not None and hits]
    return _merged(found, limit)


def _is_enough(hits: Sequence[Prediction], limit: int) -> bool:
    """Tell whether predictions fit what was typed as it is; beside a whole name few are not enough, for it may be another with a slip."""
    exact = [hit.rank for hit in hits if not hit.rank.doubts]
    return bool(exact) and (len(hits) >= limit or all(rank.open != WHOLE_NAME for rank in exact))


def _merged(found: Sequence[tuple[_Built, Sequence[Prediction]]], limit: int) -> tuple[Predicted, ...]:
    """Put the predictions of several sets in one order. Each set's share of the likelihood is what its first hit says of it, less for each doubt."""
    if not found:
        return ()
    if len(found) == 1:
        ((built, hits),) = found
        return tuple(
            Predicted(built.products[hit.id], hit.confidence, hit.match_text) for hit in hits[:limit]
        )
    least = min(hits[0].rank.doubts for _, hits in found)
    masses = [_DOUBT ** (hits[0].rank.doubts - least) / max(hits[0].confidence, _DOUBT) for _, hits in found]
    ranked = sorted(
        (
            (hit.rank, position, hit.confidence * mass / sum(masses), built.products[hit.id], hit.match_text)
            for position, ((built, hits), mass) in enumerate(zip(found, masses, strict=True))
            for hit in hits
        ),
        # The organisation's own before what everybody sees, where they fit alike.
        key=lambda each: (each[0][:-1], -each[1], each[0]),
    )
    return tuple(
        Predicted(product, round(confidence, 4), text) for _, _, confidence, product, text in ranked[:limit]
    )
