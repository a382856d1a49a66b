from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest

from kis.catalog import (
    Accessory,
    Breaker,
    Catalog,
    CatalogFinding,
    Enclosure,
    Grade,
    PriceBook,
    Severity,
    lint,
    lint_prices,
    shipped_price_books,
)
from kis.catalog.lint import CHECKS


def _breaker(catalog: Catalog, model: str) -> Breaker:
    return next(row for row in catalog.breakers if row.model == model)


def _with_breakers(catalog: Catalog, *rows: Breaker) -> Catalog:
    return replace(catalog, breakers=rows)


def _found(catalog: Catalog, key: str) -> list[tuple[Severity, str]]:
    return [
        (found.severity, found.path) for found in lint(catalog) if found.message.key == f"catalog.lint.{key}"
    ]


def _keys(findings: tuple[CatalogFinding, ...]) -> list[tuple[str, str]]:
    return [(found.path, found.message.key.removeprefix("catalog.lint.")) for found in findings]


class TestShippedCatalog:
    def test_has_no_error(self, shipped: Catalog) -> None:
        assert [found.path for found in lint(shipped) if found.severity is Severity.ERROR] == []

    def test_warns_of_every_capacity_without_voltage(self, shipped: Catalog) -> None:
        # Sangdo's economy, standard and large frames: 3 + 8 ELB, 3 + 13 MCCB; small (2 + 1) and compact (2 + 2) say 220 V.
        found = _found(shipped, "capacity_without_voltage")
        assert len(found) == 27
        assert {severity for severity, _ in found} == {Severity.WARNING}
        assert all(path.startswith(("breakers[SE", "breakers[SB")) for _, path in found)

    def test_warns_of_the_rows_on_which_sources_disagree(self, shipped: Catalog) -> None:
        paths = [path for _, path in _found(shipped, "disputed")]
        for path in (
            "breakers[SBS-103].width_mm",
            "breakers[SBS-53].height_mm",
            "breakers[EBN-803/30mA].ratings_a",
            "breakers[ABN-203].icu_ka",
            "accessories[magnetic_contactor/MC-50..65].width_mm",
            "breakers[400AF 3P]",
        ):
            assert path in paths

    def test_says_what_the_sources_say_in_both_languages(self, shipped: Catalog) -> None:
        found = next(found for found in lint(shipped) if found.path == "breakers[EBN-803/30mA].ratings_a")
        assert found.message.text("en") == (
            "sources disagree: 700/800 here, 500/600 in the earlier shop system's breaker list; ask the maker."
        )
        assert found.message.text("ko").startswith(
            "자료가 엇갈립니다: 여기서는 700/800, 이전 시스템의 차단기 목록에는 500/600."
        )

    def test_every_finding_can_be_shown(self, shipped: Catalog) -> None:
        assert all(found.message.text(locale) for found in lint(shipped) for locale in ("ko", "en"))


class TestChecks:
    def test_each_has_a_sentence_on_its_rule(self) -> None:
        assert all(check.__doc__ for check in CHECKS)

    def test_same_model_and_sensitivity_twice_is_an_error(self, small_catalog: Catalog) -> None:
        row = small_catalog.breakers[2]
        assert _found(small_catalog, "duplicate") == []  # 15 mA and 30 mA are two rows
        doubled = replace(
            small_catalog,
            breakers=(*small_catalog.breakers, replace(row, make="Sangdo")),
            enclosures=small_catalog.enclosures * 2,
            accessories=small_catalog.accessories * 2,
            losses={"iC60N": small_catalog.losses["iC60N"] * 2},
        )
        assert _found(doubled, "duplicate") == [
            (Severity.ERROR, "breakers[32GRHS/15mA]"),
            (Severity.ERROR, "enclosures[HDS 50 70 15]"),
            (Severity.ERROR, "enclosures[HB6010015]"),
            (Severity.ERROR, "accessories[magnetic_contactor/MC-9..22]"),
            (Severity.ERROR, "accessories[spd/SPD]"),
            (Severity.ERROR, "losses[iC60N/16]"),
            (Severity.ERROR, "losses[iC60N/20]"),
        ]

    @pytest.mark.parametrize(("width_mm", "is_error"), [(49, True), (50, False), (75, False)])
    def test_more_poles_are_never_narrower(
        self, small_catalog: Catalog, width_mm: int, is_error: bool
    ) -> None:
        two, three = small_catalog.breakers[:2]
        catalog = _with_breakers(small_catalog, replace(three, width_mm=width_mm), two)
        expected = [(Severity.ERROR, "breakers[ABN-53].width_mm")] if is_error else []
        assert _found(catalog, "width_falls") == expected

    def test_widths_are_compared_within_one_series_only(self, small_catalog: Catalog) -> None:
        two, three = small_catalog.breakers[:2]
        catalog = _with_breakers(small_catalog, two, replace(three, width_mm=40, grade=Grade.COMPACT))
        assert _found(catalog, "width_falls") == []

    def test_a_rating_above_the_frame_is_an_error(self, small_catalog: Catalog) -> None:
        row = small_catalog.breakers[0]
        assert _found(
            _with_breakers(small_catalog, replace(row, ratings_a=(50, 51))), "rating_above_frame"
        ) == [(Severity.ERROR, "breakers[ABN-52].ratings_a")]
        assert (
            _found(_with_breakers(small_catalog, replace(row, ratings_a=(50,))), "rating_above_frame") == []
        )

    def test_a_front_behind_its_body_is_an_error(self, small_catalog: Catalog) -> None:
        row = small_catalog.breakers[0]
        assert _found(_with_breakers(small_catalog, replace(row, front_mm=59)), "front_behind_body") == [
            (Severity.ERROR, "breakers[ABN-52].front_mm")
        ]
        assert _found(_with_breakers(small_catalog, replace(row, front_mm=60)), "front_behind_body") == []

    def test_a_capacity_needs_its_voltage(self, small_catalog: Catalog) -> None:
        row = small_catalog.breakers[0]
        catalog = _with_breakers(
            small_catalog, replace(row, icu_at_v=None), replace(row, model="X", icu_ka=None)
        )
        assert _found(catalog, "capacity_without_voltage") == [
            (Severity.WARNING, "breakers[ABN-52].icu_at_v")
        ]
        assert _found(catalog, "no_breaking_capacity") == [(Severity.INFO, "breakers[X].icu_ka")]

    def test_odd_sensitivities_are_asked_about(self, small_catalog: Catalog) -> None:
        row = small_catalog.breakers[2]
        compact = replace(row, model="EBS52FB", grade=Grade.COMPACT)
        catalog = _with_breakers(
            small_catalog, row, replace(row, sensitivity_ma=25), compact, replace(compact, sensitivity_ma=30)
        )
        assert _found(catalog, "odd_sensitivity") == [
            (Severity.WARNING, "breakers[32GRHS/25mA].sensitivity_ma")
        ]
        assert _found(catalog, "high_sensitivity_grade") == [
            (Severity.WARNING, "breakers[EBS52FB/15mA].sensitivity_ma")
        ]

    @pytest.mark.parametrize(
        ("series", "model", "size", "fits"),
        [
            ("HDS", "HDS 50 70 15", (500, 700, 150), True),
            ("HDS", "HDS 50 70 15", (500, 700, 200), False),
            ("HDS", "HDS 50 70 15", (700, 500, 150), False),
            ("HDS", "HDS 50 70 15", (505, 700, 150), False),
            ("HDS", "HDS 100 220 40", (1000, 2200, 400), True),
            ("HB", "HB6010015", (600, 1000, 150), True),
            ("HB", "HB6010015", (100, 100, 150), False),
            ("HB", "HB506015", (500, 600, 150), True),
            ("SS", "SS 30 40", (300, 400, 150), True),
            ("SS", "SS 30 40", (400, 300, 150), False),
            ("SS", "HS 30 40", (300, 400, 150), True),
            ("HDS", "HDS", (300, 400, 150), False),
            ("KR", "KR 12", (505, 700, 150), True),
        ],
    )
    def test_a_size_code_must_say_the_size(
        self, small_catalog: Catalog, series: str, model: str, size: tuple[int, int, int], fits: bool
    ) -> None:
        row: Enclosure = replace(
            small_catalog.enclosures[0],
            series=series,
            model=model,
            width_mm=size[0],
            height_mm=size[1],
            depth_mm=size[2],
        )
        expected = [] if fits else [(Severity.ERROR, f"enclosures[{model}].model")]
        assert _found(replace(small_catalog, enclosures=(row,)), "model_against_size") == expected

    def test_ranges_of_one_kind_must_not_overlap(self, small_catalog: Catalog) -> None:
        row: Accessory = small_catalog.accessories[0]
        catalog = replace(
            small_catalog,
            accessories=(row, replace(row, model="MC-22..40"), replace(row, kind="relay", model="MC-18")),
        )
        assert _found(catalog, "overlapping_range") == [
            (Severity.ERROR, "accessories[magnetic_contactor/MC-22..40].model")
        ]

    def test_losses_that_fall_are_pointed_out(self, small_catalog: Catalog) -> None:
        low, high = small_catalog.losses["iC60N"]
        fallen = replace(small_catalog, losses={"iC60N": (low, replace(high, loss_w=Decimal("2.0")))})
        assert _found(fallen, "loss_falls") == [(Severity.INFO, "losses[iC60N/20].loss_w")]
        assert _found(small_catalog, "loss_falls") == []

    def test_unknown_outlines_and_unverified_figures_are_counted(self, small_catalog: Catalog) -> None:
        assert _found(small_catalog, "outline_unknown") == [(Severity.INFO, "accessories[spd/SPD]")]
        counts = {
            found.path: found.message.values["count"]
            for found in lint(small_catalog)
            if found.message.key == "catalog.lint.unverified"
        }
        assert counts == {
            "breakers.outline_source": 2,
            "breakers.icu_source": 2,
            "breakers.front_source": 2,
            "enclosures.ip_source": 2,
            "accessories.source": 1,
        }

    def test_a_dispute_ends_when_the_owner_has_decided(self, shipped: Catalog) -> None:
        row = _breaker(shipped, "EBN-803")
        settled = _with_breakers(shipped, replace(row, ratings_a=(500, 600)))
        assert _found(settled, "disputed") != _found(_with_breakers(shipped, row), "disputed")
        assert "breakers[EBN-803/30mA].ratings_a" not in [path for _, path in _found(settled, "disputed")]


class TestLintPrices:
    def test_finds_nothing_in_the_shipped_books(self, shipped: Catalog) -> None:
        assert [lint_prices(shipped, book) for book in shipped_price_books()] == [(), ()]

    def test_names_parts_and_items_without_a_price(
        self, small_catalog: Catalog, small_book: PriceBook
    ) -> None:
        found = lint_prices(small_catalog, small_book)
        assert _keys(found)[:7] == [
            ("breakers[ABN-53]", "unpriced"),
            ("breakers[32GRHS/15mA]", "unpriced"),
            ("breakers[32GRHS/30mA]", "unpriced"),
            ("enclosures[HB6010015]", "unpriced"),
            ("accessories[magnetic_contactor/MC-9..22]", "unpriced"),
            ("accessories[spd/SPD]", "unpriced"),
            ("enclosures[HDS]", "unpriced"),  # no rate for a box made to measure; HB is not made to measure
        ]
        # of the eleven plain items the book holds the copper; none of the three priced by frame
        assert Counter(key for _, key in _keys(found)) == {"unpriced": 7, "unpriced_item": 13}
        assert {found.severity for found in found if found.message.key.endswith("item")} == {Severity.ERROR}

    def test_points_at_prices_of_parts_that_do_not_exist(
        self, shipped: Catalog, small_book: PriceBook
    ) -> None:
        wrong = {
            key: replace(small_book.prices["item:copper_kg"], key=key)
            for key in (
                "breaker:ABN-25",
                "custom:XX/150",
                "custom:HDS/150",
                "item:anything",
                "breaker:SIE-32/15mA",
            )
        }
        found = lint_prices(shipped, replace(small_book, prices=wrong))
        assert [path for path, key in _keys(found) if key == "price_of_nothing"] == [
            "breaker:ABN-25",
            "custom:XX/150",
        ]
