from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from kis.catalog import BreakerKind, Grade
from kis.estimator.request import (
    BranchRequest,
    EstimateRequest,
    ExtraLine,
    Feed,
    MainRequest,
    Material,
    Mounting,
    PanelRequest,
    Style,
    Supply,
)


def panel(**fields: Any) -> PanelRequest:
    return PanelRequest.model_validate({"name": "LP-1", "mains": [{"poles": 4, "rating_a": 100}], **fields})


class TestEstimateRequest:
    def test_defaults_are_those_of_a_korean_shop(self) -> None:
        request = EstimateRequest.model_validate(
            {"customer": {"name": "한빛"}, "project": "사무동", "panels": [panel()]}
        )
        assert (request.currency, request.locale, request.validity_days) == ("KRW", "ko-KR", 30)
        assert (request.margin_percent, request.discount_percent) == (Decimal(0), Decimal(0))
        assert (request.quotation_date, request.exchange, request.extra_lines) == (None, None, ())
        assert (request.price_book, request.rulebook) == (None, None)

    @pytest.mark.parametrize("name", ["date", "quotation_date"])
    def test_the_day_has_two_names(self, name: str) -> None:
        given = {"customer": {"name": "한빛"}, "project": "사무동", "panels": [panel()], name: "2026-11-02"}
        assert str(EstimateRequest.model_validate(given).quotation_date) == "2026-11-02"

    def test_what_it_dumps_reads_back_as_itself(self) -> None:
        request = EstimateRequest.model_validate(
            {
                "customer": {"name": "한빛"},
                "project": "사무동",
                "date": "2026-11-02",
                "exchange": {"krw_per_usd": "1380.50", "date": "2026-11-01"},
                "extra_lines": [{"item": "운반비", "unit": "식", "quantity": 1, "price": 150000}],
                "panels": [
                    panel(branches=[{"kind": "ELB", "poles": 2, "rating_a": 20, "demand_factor": 0.80}])
                ],
            }
        )
        assert EstimateRequest.model_validate(request.model_dump(mode="json")) == request


class TestPanelRequest:
    def test_defaults(self) -> None:
        made = panel()
        assert (made.supply, made.mounting, made.material) == (
            Supply.THREE_PHASE_FOUR_WIRE,
            Mounting.INDOOR_SURFACE,
            Material.STEEL,
        )
        assert (made.grade, made.style, made.feed) == (Grade.ECONOMY, Style.PLATE, Feed.TOP)
        assert (made.quantity, made.spare_ways, made.ambient_c, made.receiving_point) == (1, 0, 35, True)
        assert (made.make, made.ip, made.busbar, made.short_circuit_ka, made.notes) == (
            None,
            None,
            None,
            None,
            None,
        )
        assert made.branches == ()

    def test_mains_without_a_name_are_numbered_by_place(self) -> None:
        made = panel(
            mains=[
                {"poles": 4, "rating_a": 100},
                {"name": "비상", "poles": 4, "rating_a": 50},
                {"poles": 4, "rating_a": 30},
            ]
        )
        assert [main.name for main in made.mains] == ["M1", "비상", "M3"]

    def test_mains_built_in_code_are_numbered_too(self) -> None:
        unnamed, named = MainRequest(poles=4, rating_a=100), MainRequest(name="M7", poles=4, rating_a=50)
        assert [main.name for main in panel(mains=[unnamed, named, unnamed]).mains] == ["M1", "M7", "M3"]

    def test_is_frozen(self) -> None:
        with pytest.raises(ValidationError, match="frozen"):
            panel().name = "LP-2"  # type: ignore[misc]  # the very thing that must not work


class TestMainRequest:
    def test_is_a_moulded_case_breaker_unless_a_model_tells(self) -> None:
        assert MainRequest(poles=4, rating_a=100).kind is BreakerKind.MCCB
        assert MainRequest(model="EBN-104", rating_a=100).kind is None
        assert MainRequest(kind=BreakerKind.ELB, poles=4, rating_a=100).kind is BreakerKind.ELB


class TestBranchRequest:
    @pytest.mark.parametrize("load", ["예비", "예비 3", "SPARE", "spare", "Spare-2", "예비_1", " 예비 "])
    def test_is_spare_when_named_so(self, load: str) -> None:
        assert BranchRequest.model_validate({"rating_a": 20, "load": load}).is_spare

    @pytest.mark.parametrize("load", ["예비실 전등", "spare parts room", "전등", None])
    def test_is_no_spare_under_another_name(self, load: str | None) -> None:
        assert not BranchRequest.model_validate({"rating_a": 20, "load": load}).is_spare

    @pytest.mark.parametrize("load_va", [0, 1500])
    def test_is_no_spare_with_a_load_of_its_own(self, load_va: int) -> None:
        assert not BranchRequest.model_validate({"rating_a": 20, "load": "예비", "load_va": load_va}).is_spare


class TestExtraLine:
    @pytest.mark.parametrize("name", ["price", "unit_price"])
    def test_the_price_has_two_names(self, name: str) -> None:
        line = ExtraLine.model_validate({"item": "운반비", "unit": "식", "quantity": "1.50", name: "150000"})
        assert (line.quantity, line.unit_price, line.spec) == (Decimal("1.5"), Decimal(150000), "")


class TestSupply:
    def test_three_phases_or_one(self) -> None:
        assert [supply.value for supply in Supply if supply.is_three_phase] == ["3P4W-380/220", "3P3W-380"]
