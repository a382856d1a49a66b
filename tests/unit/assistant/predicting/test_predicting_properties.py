"""What holds of the predictor for every text, and how far its confidence can be relied on."""

from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from kis.assistant.evaluation.typing.catalog import ListedProduct, shipped_products
from kis.assistant.evaluation.typing.traces import Trace, made_traces
from kis.assistant.predicting import Predictor
from kis.platform.keyboard.layout import to_latin

SURE = 0.9
NAMES = (
    "Roland TD-17KV",
    "Roland TD-17KVX",
    "Übel & Söhne X32+",
    "누전차단기 EBN-53c 50A",
    "삼성 무풍 에어컨",
    "까치 냉장고 220L",
    "Пиано 88",
    "MX-1",
)
PREDICTOR = Predictor.from_products([{"id": name, "name": name} for name in NAMES])
TEXTS = st.text(max_size=40) | st.text("roland td-17kvx누전차단기ㄱㄴㅏ 50+", max_size=40)


@cache
def _listed() -> tuple[ListedProduct, ...]:
    return tuple(shipped_products())


@cache
def _predictor() -> Predictor:
    return Predictor.from_products(
        [{"id": one.id, "name": one.name, "brand": one.brand, "category": one.category} for one in _listed()]
    )


@cache
def _traces() -> tuple[Trace, ...]:
    return tuple(made_traces(_listed(), seed=5, per_kind=15))


class TestEveryText:
    @given(TEXTS, st.integers(-1, 30))
    @settings(deadline=None)
    def test_is_answered_within_the_limit_the_same_each_time_and_in_order(
        self, text: str, limit: int
    ) -> None:
        found = PREDICTOR.predict(text, limit=limit)
        assert found == PREDICTOR.predict(text, limit=limit)
        assert len(found) <= max(limit, 0)
        assert len({one.id for one in found}) == len(found)
        assert [one.rank for one in found] == sorted(one.rank for one in found)
        sure = [one.confidence for one in found]
        assert sure == sorted(sure, reverse=True)
        assert sum(sure) <= 1.001
        assert all(0 <= one <= 1 for one in sure)

    @given(st.sampled_from(NAMES), st.data())
    @settings(deadline=None)
    def test_explain_tells_the_rank_of_a_prediction(self, name: str, data: st.DataObject) -> None:
        text = name[: data.draw(st.integers(1, len(name)))]
        for one in PREDICTOR.predict(text):
            assert PREDICTOR.explain(text, one.id) == one.rank
        assert PREDICTOR.explain(text, "none such") is None


class TestEveryName:
    def test_typed_whole_it_is_first_or_another_of_the_same_keys_is(self) -> None:
        for product in _listed():
            first = _predictor().predict(f"{product.brand} {product.name}", limit=1)[0]
            same = {first.name, product.name}
            assert len({"".join(filter(str.isalnum, name.lower())) for name in same}) == 1

    def test_typed_on_the_latin_layout_a_korean_name_is_predicted_as_well(self) -> None:
        for product in _listed()[::7]:
            if not product.name.isascii():
                meant = _predictor().predict(product.name)
                assert [one.id for one in _predictor().predict(to_latin(product.name))] == [
                    one.id for one in meant
                ]


class TestTraces:
    def test_every_kind_of_typing_ends_at_its_product(self) -> None:
        for kind in {trace.kind for trace in _traces()}:
            traces = [trace for trace in _traces() if trace.kind == kind]
            ends = [_predictor().predict(trace.keys[-1], limit=1) for trace in traces]
            hits = sum(
                found[0].id == trace.target for found, trace in zip(ends, traces, strict=True) if found
            )
            assert hits >= 0.93 * len(traces), kind

    def test_of_sure_predictions_nine_in_ten_are_meant_and_of_unsure_ones_fewer(self) -> None:
        meant: dict[bool, list[bool]] = {True: [], False: []}
        for trace in _traces():
            for text in trace.keys:
                for first in _predictor().predict(text, limit=1):
                    meant[first.confidence >= SURE].append(first.id == trace.target)
        assert len(meant[True]) > 200
        assert sum(meant[True]) / len(meant[True]) >= 0.9
        assert sum(meant[False]) / len(meant[False]) < 0.5
