import pytest

from kis.catalog import Accessory, Catalog


def _row(model: str) -> Accessory:
    return Accessory(
        kind="magnetic_contactor",
        model=model,
        width_mm=None,
        height_mm=None,
        depth_mm=None,
        size_class=None,
        source="unverified",
    )


class TestAccessoryCovers:
    @pytest.mark.parametrize(
        "model", ["MC-9", "MC-12", "MC-22", "MC-22b", "mc 22a", "MC22", "MC-9..22", " mc-18 "]
    )
    def test_takes_models_inside_the_range_however_they_are_written(self, model: str) -> None:
        assert _row("MC-9..22").covers(model)

    @pytest.mark.parametrize(
        "model", ["MC-8", "MC-23", "MC-32", "MT-12", "MC", "MC-", "", "12", "MC-²", "MC-22c", "XMC-22"]
    )
    def test_refuses_everything_else(self, model: str) -> None:
        assert not _row("MC-9..22").covers(model)

    def test_refuses_a_number_too_long_to_be_a_model(self) -> None:
        assert not _row("MC-9..22").covers("MC-" + "9" * 5000)

    def test_compares_a_row_that_is_no_range_by_name(self) -> None:
        assert _row("24H digital").covers("24h DIGITAL")
        assert not _row("24H digital").covers("24H")

    def test_keeps_the_ranges_of_the_shipped_contactors_apart(self, shipped: Catalog) -> None:
        rows = [row for row in shipped.accessories if row.kind == "magnetic_contactor"]
        covered = {
            model: [row.model for row in rows if row.covers(model)]
            for model in ("MC-22", "MC-32", "MC-65b", "MC-85")
        }
        assert covered == {
            "MC-22": ["MC-9..22"],
            "MC-32": ["MC-32..40"],
            "MC-65b": ["MC-50..65"],
            "MC-85": ["MC-75..100"],
        }


class TestCatalogMakes:
    def test_names_each_maker_once_in_file_order(self, shipped: Catalog) -> None:
        assert shipped.makes() == ("LS ELECTRIC", "Sangdo")
