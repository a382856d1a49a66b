from collections import Counter
from decimal import Decimal

from kis.catalog import UNVERIFIED, BreakerKind, Catalog, Grade, source_name
from kis.catalog.sources import KNOWN_SOURCES
from kis.platform.messages import Message


class TestBreakers:
    def test_are_all_there(self, shipped: Catalog) -> None:
        counts = Counter((row.make, row.kind.value) for row in shipped.breakers)
        assert counts == {
            ("LS ELECTRIC", "ELB"): 29,
            ("LS ELECTRIC", "MCCB"): 43,
            ("Sangdo", "ELB"): 14,
            ("Sangdo", "MCCB"): 20,
        }

    def test_carry_the_catalogue_figures_with_their_voltage(self, shipped: Catalog) -> None:
        row = next(row for row in shipped.breakers if row.model == "ABN-204")
        assert (row.width_mm, row.height_mm, row.depth_mm, row.front_mm) == (140, 165, 60, 87)
        assert row.ratings_a == (125, 150, 175, 200, 225)
        assert (row.icu_ka, row.icu_at_v) == (Decimal(26), 460)

    def test_modular_devices_are_17_8_mm_a_pole_rounded_up_and_unverified(self, shipped: Catalog) -> None:
        rows = [row for row in shipped.breakers if row.grade is Grade.MODULAR]
        widths = {row.model: row.width_mm for row in rows}
        # 17.8 → 18, 35.6 → 36, 53.4 → 54, 71.2 → 72; RKN-b 2P 35.2 → 36; depth 75.5 → 76
        assert widths == {"BKN 1P": 18, "BKN 2P": 36, "BKN 3P": 54, "BKN 4P": 72, "RKN-b 2P": 36}
        for row in rows:
            assert (row.height_mm, row.depth_mm, row.front_mm) == (81, 76, 76)
            assert row.ratings_a == (6, 10, 16, 20, 25, 32, 40, 50, 63)  # preferred values of IEC 60898-1
            assert row.icu_ka is None
            assert {row.outline_source, row.icu_source, row.front_source, row.ratings_source} <= UNVERIFIED
            assert row.sensitivity_ma == (30 if row.kind is BreakerKind.ELB else None)
        assert [row.model for row in rows if row.kind is BreakerKind.ELB] == ["RKN-b 2P"]


class TestEnclosures:
    def test_are_all_there(self, shipped: Catalog) -> None:
        counts = Counter(row.series for row in shipped.enclosures)
        assert counts == {"HB": 17, "HDS": 48, "HS": 22, "SS": 22, "HT": 16, "SC": 14, "SHDS": 26}

    def test_outdoor_series_are_ip_65_and_all_declarations_assumed(self, shipped: Catalog) -> None:
        for row in shipped.enclosures:
            assert row.ip == (65 if row.mounting == "outdoor surface" else 44)
            assert row.ip_source == "assumed"


class TestAccessories:
    def test_leave_what_nobody_published_blank(self, shipped: Catalog) -> None:
        sizes = {row.kind: (row.width_mm, row.height_mm, row.depth_mm) for row in shipped.accessories}
        assert sizes["spd"] == sizes["ct"] == (None, None, None)
        assert sizes["va_meter"] == (96, 96, None)
        assert sizes["selector_switch"] == (48, 48, None)
        assert sizes["push_button"] == (22, 22, 71)

    def test_without_any_outline_are_unverified(self, shipped: Catalog) -> None:
        for row in shipped.accessories:
            if row.width_mm is row.height_mm is row.depth_mm is None:
                assert row.source == "unverified"


class TestLosses:
    def test_are_stand_ins_with_a_source(self, shipped: Catalog) -> None:
        assert list(shipped.losses) == ["NSX100 TMD", "NSX160 TMD", "NSX250 TMD", "NSX Micrologic", "iC60N"]
        losses = [loss for family in shipped.losses.values() for loss in family]
        assert len(losses) == 26
        assert all(loss.stand_in and loss.source == "public-table" for loss in losses)

    def test_hold_the_figures_the_heat_examples_rest_on(self, shipped: Catalog) -> None:
        figures = {
            (loss.family, loss.rating_a): loss.loss_w for family in shipped.losses.values() for loss in family
        }
        assert figures["NSX100 TMD", 100] == Decimal("8.8")
        assert figures["NSX250 TMD", 250] == Decimal("18.75")
        assert figures["NSX Micrologic", 630] == Decimal("39.7")
        assert figures["iC60N", 20] == Decimal("2.2")


class TestSources:
    def test_of_shipped_figures_all_have_names(self, shipped: Catalog) -> None:
        marks = {row.outline_source for row in shipped.breakers} | {
            row.icu_source for row in shipped.breakers
        }
        marks |= {row.front_source for row in shipped.breakers} | {
            row.ratings_source for row in shipped.breakers
        }
        marks |= {row.depth_source for row in shipped.enclosures} | {
            row.ip_source for row in shipped.enclosures
        }
        marks |= {row.source for row in shipped.accessories}
        marks |= {loss.source for family in shipped.losses.values() for loss in family}
        assert marks == set(KNOWN_SOURCES)

    def test_are_named_in_the_readers_language(self) -> None:
        shown = source_name("maker-sheet")
        assert isinstance(shown, Message)
        assert (shown.text("ko"), shown.text("en")) == ("제조사 외형도", "maker's outline sheet")

    def test_of_a_shops_own_are_shown_as_written(self) -> None:
        assert source_name("상도 외형도 2026-11") == "상도 외형도 2026-11"

    def test_that_count_as_unverified_are_known(self) -> None:
        assert set(KNOWN_SOURCES) >= UNVERIFIED
