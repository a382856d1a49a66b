"""What every document of a quotation says, drawn from the estimate, the brand and how it is issued."""

from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

from kis.estimator.documents.brand import load_brand
from kis.estimator.documents.content import QuotationContent
from kis.estimator.issuing.issue import Issue
from kis.estimator.issuing.panel_content import _DESCRIPTIONS
from kis.estimator.issuing.quotation import document_id, quotation_content
from kis.estimator.request import RequestTerms
from kis.estimator.service import Estimate
from tests.factories.panels import accessory, catalog, contactors, panel, quoted

DIGEST = "a" * 64


@cache
def estimated() -> Estimate:
    return quoted(panel())


def content(estimate: Estimate | None = None, **issue: Any) -> QuotationContent:
    made = estimate or estimated()
    return quotation_content(made, Issue(**issue), DIGEST, [()] * len(made.panels))


def with_terms(**terms: Any) -> Estimate:
    made = estimated()
    return replace(made, request=made.request.model_copy(update={"terms": RequestTerms(**terms)}))


class TestIdentity:
    def test_the_document_id_follows_from_number_and_result(self) -> None:
        first = content(number="HB-2026-0042-R0")
        assert (
            first.document_id
            == document_id("HB-2026-0042-R0", DIGEST)
            == content(number="HB-2026-0042-R0").document_id
        )
        assert first.document_id != content(number="HB-2026-0042-R1").document_id
        assert first.document_id != document_id("HB-2026-0042-R0", "b" * 64)

    def test_the_digest_is_carried_whole(self) -> None:
        assert content().engineering_sha256 == DIGEST


class TestTerms:
    def test_the_request_goes_before_the_brand(self) -> None:
        made = content(with_terms(delivery="즉시"))
        own = load_brand().file.terms.payment
        assert own is not None
        assert made.terms.delivery == "즉시"
        assert made.terms.payment == own.ko

    def test_separate_vat_puts_the_net_amount_first(self) -> None:
        made = content(with_terms(vat="separate"))
        assert made.headline == made.totals.net != made.totals.total

    def test_included_vat_puts_the_total_first_in_figures_and_words(self) -> None:
        made = content(with_terms(vat="included"))
        assert made.headline == made.totals.total
        assert made.amount_in_words != content(with_terms(vat="separate")).amount_in_words


class TestPanels:
    def test_rows_are_the_priced_lines_and_add_up(self) -> None:
        made = content().panels[0]
        assert [row.amount for row in made.rows] == [line.amount for line in estimated().panels[0].lines]
        assert sum((row.amount for row in made.rows), Decimal(0)) == made.unit_subtotal

    def test_the_temperature_rises_with_the_height_up_to_the_reported_top(self) -> None:
        heat = content().panels[0].thermal
        reported = estimated().panels[0].state.criticism
        assert heat is not None
        assert reported is not None
        temperatures = [celsius for _, celsius in heat.points]
        assert temperatures == sorted(temperatures)
        assert temperatures[-1] == float(reported.heat.top_air_c)

    def test_a_panel_without_a_design_shows_what_was_asked(self) -> None:
        # A main of 100 A does not go into a box of 300 × 300 mm.
        asked = panel(limits={"width_mm": 300, "height_mm": 300})
        (made,) = content(quoted(asked)).panels
        assert made.rows == ()
        labels = [label for label, _ in made.facts]
        assert labels == ["설치", "전원", "주차단기 M1 (요청)", "분기 (요청)"]
        assert dict(made.facts)["전원"] == "3φ4W 380/220 V"

    def test_gates_carry_figures_with_units_and_a_title(self) -> None:
        rows = {row.id: row for row in content().panels[0].gates}
        assert rows["enclosure.fit_score"].limit == "≥ 0.9"
        assert rows["breaker.korean_unbalance"].title == "설비불평형률"
        assert rows["critic.violations"].measured == "0"


class TestWarnings:
    def test_example_prices_and_supplier_are_told_on_every_document(self) -> None:
        told = " ".join(content().warnings)
        assert "예시 단가" in told
        assert "예시 회사" in told


class TestTemplateValues:
    def test_money_and_days_keep_their_type_and_the_rest_is_text(self) -> None:
        made = content(number="HB-2026-0042-R0")
        values = made.template_values
        assert values["totals.total"] == made.totals.total
        assert values["quotation.date"] == made.quotation_date
        assert values["quotation.number"] == "HB-2026-0042-R0"
        assert values["supplier.registration_number"] == "000-00-00000"
        assert values["sources.engine"] == dict(made.sources)["계산 엔진"]
        assert values["customer.email"] == ""


class TestDescriptions:
    def test_a_row_of_the_catalogue_without_a_model_is_described_in_the_language_of_the_quotation(
        self,
    ) -> None:
        wanted = panel(accessories=[accessory("timer_24h"), contactors(1)])
        korean = {row.spec for row in content(quoted(wanted)).panels[0].rows}
        english = {row.spec for row in content(quoted(wanted, locale="en")).panels[0].rows}
        assert {"24시간 디지털", "MC-22"} <= korean
        assert {"24 h, digital", "MC-22"} <= english

    def test_every_describing_row_has_its_words(self) -> None:
        rows = [part.model for part in catalog().accessories if " " in part.model or "/" in part.model]
        assert {row for row in rows if row not in _DESCRIPTIONS} == {"40 mm"}


class TestGateFigures:
    def test_stand_with_their_units_as_the_trade_writes_them(self) -> None:
        rows = {row.id: row for row in (*content().panels[0].gates, *content().gates)}
        assert (rows["enclosure.ip"].measured, rows["enclosure.ip"].limit) == ("IP44", "≥ IP44")
        assert rows["enclosure.door_clearance"].limit == "≥ 30 mm"
        assert rows["pricing.discount"].limit == "≤ 10%"
        assert rows["selection.breaking_capacity"].measured == "–"
