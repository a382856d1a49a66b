from collections import Counter
from hashlib import sha256

import pytest

from kis.assistant.evaluation.typing.catalog import ListedProduct, shipped_products
from kis.assistant.evaluation.typing.files import trace_lines
from kis.assistant.evaluation.typing.meant import Meanings, is_one_slip, keys_of
from kis.assistant.evaluation.typing.traces import PER_KIND, Kind, Trace, made_traces
from kis.platform.keyboard.layout import to_hangul, to_latin

PRODUCTS = shipped_products()
BY_ID = {product.id: product for product in PRODUCTS}
SLIPS = (Kind.NEIGHBOUR, Kind.SWAP, Kind.DROP, Kind.DOUBLE, Kind.KOREAN_SLIP)


@pytest.fixture(scope="module")
def traces() -> list[Trace]:
    return made_traces(PRODUCTS)


def last(product: ListedProduct, kind: Kind, *others: ListedProduct) -> set[str]:
    """Return what somebody ends with who wants the product, over many seeds."""
    made = (made_traces([product, *others], seed=seed, per_kind=9, kinds=[kind]) for seed in range(40))
    return {trace.keys[-1] for some in made for trace in some if trace.target == product.id}


class TestMadeTraces:
    def test_are_those_that_all_figures_speak_of(self, traces: list[Trace]) -> None:
        lines = "".join(trace_lines(traces))
        assert (
            sha256(lines.encode()).hexdigest()
            == "b1d8644a04fef37ed08762e42ac78466f00b91685718ea1b3b83a68ad1a59dd6"
        )

    def test_are_as_many_of_every_kind(self, traces: list[Trace]) -> None:
        assert Counter(trace.kind for trace in traces) == {kind.value: PER_KIND for kind in Kind}

    def test_differ_with_the_seed_alone(self, traces: list[Trace]) -> None:
        few = made_traces(PRODUCTS, per_kind=3)
        assert few == made_traces(PRODUCTS, per_kind=3)
        assert few != made_traces(PRODUCTS, per_kind=3, seed=2)
        assert set(few) <= set(traces)

    def test_show_an_unfinished_syllable_after_each_key(self) -> None:
        product = ListedProduct("a", "누전 A", "")
        (trace,) = made_traces(
            [product, ListedProduct("b", "누전 B", "")], kinds=[Kind.KOREAN_CLEAN], per_kind=1
        )
        shown = ("ㄴ", "누", "눚", "누저", "누전", "누전 ")
        assert trace.keys[:-1] == shown
        assert trace.keys[-1].lower() in {"누전 a", "누전 b"}

    def test_stop_where_the_name_is_unique_and_go_on_to_the_end_where_another_begins_with_it(self) -> None:
        short, long = ListedProduct("s", "NX-240", ""), ListedProduct("l", "NX-240 MK2", "")
        assert last(short, Kind.CLEAN, long) == {"NX-240", "nx-240"}
        assert last(long, Kind.CLEAN, short) == {"NX-240 M", "nx-240 m"}

    def test_name_the_brand_or_not(self) -> None:
        one, other = ListedProduct("a", "NX-240", "Rowan"), ListedProduct("b", "NX-250", "Rowan")
        assert last(one, Kind.CLEAN, other) == {"Rowan NX-24", "rowan nx-24", "NX-24", "nx-24"}
        assert last(one, Kind.NO_BRAND, other) == {"nx-24"}
        assert last(ListedProduct("a", "NX-240", ""), Kind.NO_BRAND) == set()

    def test_reorder_words(self) -> None:
        one, other = ListedProduct("a", "NX-240", "Rowan"), ListedProduct("b", "NX-240", "Tavoro")
        assert last(one, Kind.OTHER_ORDER, other) == {"nx-240 r"}

    def test_ask_for_nothing_that_another_spelling_makes_of_another_product(self) -> None:
        # Who types ebs5 may mean EBS-53 as well: only the f tells.
        one, other = ListedProduct("a", "EBS53FB", "LS"), ListedProduct("b", "EBS-53", "LS")
        assert last(one, Kind.NO_BRAND, other) == {"ebs53f"}

    def test_leave_spaces_and_signs_out(self) -> None:
        one, other = ListedProduct("a", "Edge X-1", ""), ListedProduct("b", "Edge X-2", "")
        assert last(one, Kind.NO_SPACE, other) == {"edgex-1", "edgex1"}

    def test_come_out_on_the_other_layout(self, traces: list[Trace]) -> None:
        for trace in traces:
            typed = trace.keys[-1]
            if trace.kind == Kind.LAYOUT:
                meant = to_latin(typed)
            elif trace.kind == Kind.KOREAN_LAYOUT:
                assert typed.isascii() or "µ" in typed
                meant = to_hangul(typed)
            else:
                continue
            assert meant != typed
        one, other = ListedProduct("a", "드릴 GC-1", ""), ListedProduct("b", "드릴 GC-2", "")
        assert last(one, Kind.KOREAN_LAYOUT, other) == {"emflf gc-1"}

    def test_give_initials(self) -> None:
        one, other = ListedProduct("a", "누전차단기 E-1", ""), ListedProduct("b", "누전차단기 E-2", "")
        assert last(one, Kind.KOREAN_INITIALS, other) == {"ㄴㅈㅊㄷㄱ E-1", "ㄴㅈㅊㄷㄱE-1"}
        same = ListedProduct("c", "노지차단기 E-1", "")
        assert last(one, Kind.KOREAN_INITIALS, other, same) == set()

    def test_slip_once_and_mean_one_product_all_the_same(self, traces: list[Trace]) -> None:
        meanings = Meanings(PRODUCTS)
        numbers = {product.id: number for number, product in enumerate(PRODUCTS)}
        for trace in traces:
            if trace.kind not in {kind.value for kind in SLIPS}:
                continue
            typed = trace.keys[-1]
            near = meanings.near(typed, is_whole=False)
            assert near == {numbers[trace.target]} or meanings.near(typed, is_whole=True) == {
                numbers[trace.target]
            }
            assert meanings.begun(typed) <= {numbers[trace.target]}

    def test_never_slip_into_another_product(self) -> None:
        # 3 and 5 lie beside 4, and both products exist; r, e and t lead to neither.
        family = [ListedProduct(str(number), f"Rowan NX-2{number}0", "") for number in range(10)]
        wrong = last(family[4], Kind.NEIGHBOUR, *family[:4], *family[5:])
        assert wrong
        assert not any(
            is_one_slip(keys_of(other.name), keys_of(text))
            for text in wrong
            for other in family
            if other.id != "4"
        )

    def test_ask_in_korean_for_korean_names_alone(self, traces: list[Trace]) -> None:
        for trace in traces:
            product = BY_ID[trace.target]
            assert Kind(trace.kind).is_korean == any("가" <= letter <= "힣" for letter in product.name)
