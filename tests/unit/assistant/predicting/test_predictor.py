"""The rules of the predictor, each by names that differ in nothing else."""

from functools import cache

import pytest

from kis.assistant.predicting import Predictor


def _predictor(*names: str, brand: str = "", category: str = "") -> Predictor:
    return Predictor.from_products(
        [{"id": name, "name": name, "brand": brand, "category": category} for name in names]
    )


WIDE = "".join(chr(ord(character) + 0xFEE0) for character in "TD-17KVX")
"""As an input method for Chinese writes it."""
DRUMS = _predictor("Roland TD-17KV", "Roland TD-17KVX", "Roland TD-27KV", "Roland VAD507", brand="Roland")
BREAKERS = _predictor(
    "LS 누전차단기 EBN-53c 50A",
    "LS 배선차단기 ABN-53c 50A",
    "LS 배선차단기 ABN-54c 50A",
    "LS 배선차단기 ABS-53c 50A",
    "LS 배선차단기 ABN-53c 30A",
    "MCCB 트립코일",
    brand="LS",
)


@cache
def _crowded() -> Predictor:
    return _predictor(*(f"Kern {number} Stage Stool" for number in range(10_000)))


def _first(predictor: Predictor, text: str) -> str | None:
    return next((prediction.id for prediction in predictor.predict(text)), None)


class TestSpelling:
    @pytest.mark.parametrize(
        "text", ["TD-17KVX", "td17kvx", "td 17 kvx", "Roland TD-17KVX", "ROLAND_TD17-KVX", WIDE]
    )
    def test_case_width_and_separators_are_nothing(self, text: str) -> None:
        assert _first(DRUMS, text) == "Roland TD-17KVX"
        assert DRUMS.predict(text)[0].rank.doubts == 0

    def test_accents_are_nothing(self) -> None:
        predictor = _predictor("Zoë Übermono", "Zoa Ubermini")
        assert _first(predictor, "zoe ubermo") == "Zoë Übermono"
        assert _first(predictor, "zoa überm") == "Zoa Ubermini"

    def test_a_plus_is_a_difference(self) -> None:
        names = ("Xone 4+ Rack", "Xone 4 Rack")
        for predictor in (_predictor(*names), _predictor(*reversed(names))):
            assert _first(predictor, "xone 4+ rack") == "Xone 4+ Rack"
            assert _first(predictor, "xone 4 rack") == "Xone 4 Rack"

    def test_spaces_decide_among_the_same_keys(self) -> None:
        predictor = _predictor("MX-15 Mixer", "MX-1 5 Mixer")
        assert _first(predictor, "mx-15") == "MX-15 Mixer"
        assert _first(predictor, "mx-1 5") == "MX-1 5 Mixer"


class TestSlips:
    @pytest.mark.parametrize(
        ("text", "slip"),
        [
            ("roland td-27kb", "neighbour"),
            ("rolnad td-27kv", "swap"),
            ("rland td-27kv", "left out"),
            ("rolland td-27kv", "doubled"),
            ("eoland td-27kv", "neighbour at the first key"),
            ("tdd27kv", "doubled without the brand"),
            ("rolan dtd27kv", "the space a key too late"),
        ],
    )
    def test_one_slip_is_forgiven(self, text: str, slip: str) -> None:
        assert _first(DRUMS, text) == "Roland TD-27KV", slip

    def test_a_half_typed_word_may_have_a_slip(self) -> None:
        assert _first(DRUMS, "rolnad va") == "Roland VAD507"

    def test_an_exact_key_beats_a_slip(self) -> None:
        predictor = _predictor("Kern 20A", "Kern 30A", "Kern 40A", "Kern 50A")
        for rating in (20, 30, 40, 50):
            assert _first(predictor, f"kern {rating}a") == f"Kern {rating}A"

    def test_a_neighbour_is_likelier_than_a_key_from_afar(self) -> None:
        predictor = _predictor("Kern P1", "Kern B1")
        assert _first(predictor, "kern v1") == "Kern B1"
        assert _first(predictor, "kern o1") == "Kern P1"

    def test_two_words_with_the_slip_in_the_second_in_other_order(self) -> None:
        assert _first(DRUMS, "td27kv rolnad") == "Roland TD-27KV"


class TestWords:
    def test_words_in_other_order(self) -> None:
        assert _first(DRUMS, "td-17kvx roland") == "Roland TD-17KVX"
        assert _first(DRUMS, "td-17kv roland") == "Roland TD-17KV"

    def test_a_word_may_be_left_out(self) -> None:
        assert _first(BREAKERS, "ls abn53c 30a") == "LS 배선차단기 ABN-53c 30A"

    def test_a_word_the_product_has_not_costs_but_does_not_hide_it(self) -> None:
        found = DRUMS.predict("roland vad507 review")
        assert found[0].id == "Roland VAD507"
        assert found[0].rank.missing == 1
        assert found[0].confidence < 0.8

    def test_the_whole_name_is_before_names_that_go_on(self) -> None:
        assert [one.id for one in DRUMS.predict("roland td17kv", limit=2)] == [
            "Roland TD-17KV",
            "Roland TD-17KVX",
        ]
        assert [one.id for one in DRUMS.predict("td17kv", limit=2)] == ["Roland TD-17KV", "Roland TD-17KVX"]

    def test_a_whole_name_is_before_a_popular_one_that_goes_on(self) -> None:
        products = [{"id": name, "name": f"Kern {name}"} for name in ("17KV", "17KV Pro")]
        predictor = Predictor.from_products(products, popularity={"17KV Pro": 9})
        assert _first(predictor, "kern 17kv") == "17KV"
        assert _first(predictor, "kern 17k") == "17KV Pro"

    def test_the_beginning_of_a_name_is_before_a_word_within_another(self) -> None:
        assert _first(_predictor("Lamp Kern", "Kern Desk Lamp Extra"), "kern") == "Kern Desk Lamp Extra"

    def test_a_word_is_sought_whole_before_it_is_taken_for_the_beginning_of_another(self) -> None:
        assert _predictor("Kern Stander Stand").predict("stand kern")[0].rank.doubts == 0

    def test_common_words_in_other_order_find_what_only_they_together_name(self) -> None:
        words = [f"{letter}oma" for letter in "bcdfghjklmnpqrstvwxz"]
        predictor = _predictor(*(f"Kern {one} {other}" for one in words for other in words if one < other))
        assert _first(predictor, "zoma coma") == "Kern coma zoma"
        assert predictor.predict("zoma coma")[0].rank.doubts == 0

    def test_the_brand_is_a_word_where_the_name_has_it_not(self) -> None:
        predictor = _predictor("P-45", "P-45B", brand="Yamaha", category="Piano")
        assert _first(predictor, "yamaha p45") == "P-45"
        assert _first(predictor, "p45") == "P-45"
        assert _first(predictor, "p45b yamaha") == "P-45B"

    def test_a_name_is_before_a_category(self) -> None:
        predictor = Predictor.from_products(
            [
                {"id": "a", "name": "X1", "brand": "Kern", "category": "Drum"},
                {"id": "b", "name": "X2 Drum", "brand": "Kern", "category": ""},
            ]
        )
        assert _first(predictor, "drum") == "b"

    def test_a_whole_name_with_a_slip_is_found_among_many_that_go_on(self) -> None:
        predictor = _predictor(
            "Kern SLX-E1", *(f"Kern SLX-E1{number}" for number in range(40)), category="Mirrorless camera"
        )
        assert _first(predictor, "kern lx-e1") == "Kern SLX-E1"


class TestKorean:
    @pytest.mark.parametrize(
        ("text", "how"),
        [
            ("누전차다", "a syllable without its end"),
            ("누전차단ㄱ", "a syllable begun"),
            ("ㄴㅈㅊㄷㄱ", "initials"),
            ("snwjsckeksrl", "Latin layout"),
            ("누전차단기ebn53c", "no space"),
            ("눚전차단기", "doubled letter"),
            ("누전차댄기", "neighbour"),
            ("EBN-53c 누전차단기", "other order"),
        ],
    )
    def test_korean_typing(self, text: str, how: str) -> None:
        assert _first(BREAKERS, text) == "LS 누전차단기 EBN-53c 50A", how

    @pytest.mark.parametrize("text", ["ㄴㅈㅊㅂㄱ", "ㄴㅊㅈㄷㄱ"])
    def test_initials_bear_no_slip(self, text: str) -> None:
        assert BREAKERS.predict(text) == ()

    def test_the_second_part_of_a_compound_is_found(self) -> None:
        found = BREAKERS.predict("차단ㄱ")
        assert len(found) == 3
        assert {(one.rank.doubts, one.rank.order) for one in found} == {(0, 2)}

    def test_latin_typed_on_the_korean_layout(self) -> None:
        assert _first(BREAKERS, "ㅡㅊㅊㅠ") == "MCCB 트립코일"

    def test_what_is_written_as_it_was_typed_is_before_the_other_layout(self) -> None:
        predictor = _predictor("소파", "Thor Amplifier")
        assert _first(predictor, "th") == "Thor Amplifier"
        assert _first(predictor, "소") == "소파"

    def test_one_character_of_a_model_decides(self) -> None:
        assert _first(BREAKERS, "배선차단기 abn-54c") == "LS 배선차단기 ABN-54c 50A"
        assert _first(BREAKERS, "배선차단기 abs-53c") == "LS 배선차단기 ABS-53c 50A"
        assert _first(BREAKERS, "ls 배선차단기 abn-53c 30") == "LS 배선차단기 ABN-53c 30A"

    def test_another_name_of_a_product_finds_it_and_is_told(self) -> None:
        predictor = Predictor.from_products(
            [{"id": "1", "name": "Bespoke Cooler", "brand": "Kern", "names": ["비스포크 에어컨"]}]
        )
        (found,) = predictor.predict("비스포")
        assert (found.id, found.name, found.match_text) == ("1", "Bespoke Cooler", "비스포크 에어컨")


class TestConfidence:
    def test_one_product_left_is_sure_and_ten_are_not(self) -> None:
        predictor = _predictor(*(f"Kern M{number}0" for number in range(10)))
        assert predictor.predict("kern")[0].confidence == pytest.approx(0.099)
        assert predictor.predict("kern m3")[0].confidence >= 0.9

    def test_a_slip_is_less_sure_than_none(self) -> None:
        exact, slipped = DRUMS.predict("roland va")[0], DRUMS.predict("rolnad va")[0]
        assert slipped.confidence < exact.confidence


class TestLimits:
    def test_nothing_typed_is_nothing_predicted(self) -> None:
        assert DRUMS.predict("") == DRUMS.predict(" -!") == ()
        assert Predictor.from_products([]).predict("roland") == ()

    def test_the_limit_is_kept(self) -> None:
        assert len(DRUMS.predict("roland", limit=2)) == 2
        assert DRUMS.predict("roland", limit=0) == ()

    @pytest.mark.parametrize(
        "text", ["s", "st", "stage", "a" * 200, "stage st stage s", "xtage x", "ㄱ", "ㅏ" * 200]
    )
    def test_a_word_that_everybody_has_costs_no_more_than_the_bounds(self, text: str) -> None:
        assert _crowded().candidates(text) <= 1000

    def test_popularity_decides_among_equals(self) -> None:
        products = [{"id": name, "name": f"Kern {name}"} for name in ("aa", "ab")]
        assert Predictor.from_products(products, popularity={"ab": 3}).predict("kern")[0].id == "ab"
        assert Predictor.from_products(products).predict("kern")[0].id == "aa"
