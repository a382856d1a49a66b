from pathlib import Path

import pytest

from kis.estimator.intake import request_page, request_reference
from kis.estimator.intake.problems import SECTIONS
from kis.platform.messages import Locale

PAGE = Path(__file__).parents[4] / "docs" / "reference" / "request.md"


class TestRequestReference:
    @pytest.mark.parametrize("locale", ["ko", "en"])
    def test_describes_every_field_of_every_block(self, locale: Locale) -> None:
        rows = [
            line.split(" | ")[0] for line in request_reference(locale).splitlines() if line.startswith("| `")
        ]
        assert rows == [f"| `{name}`" for model in SECTIONS for name in model.model_fields]

    @pytest.mark.parametrize(
        "row",
        [
            "| `poles` | `1`, `2`, `3`, `4` | none | number of poles; may be left to the model |",
            "| `rating_a` | whole number, 1 to 6300 | required | rated current (AT) in A |",
            "| `demand_factor` | number above 0, up to 1 | `1` | demand factor, above 0 and up to 1 |",
            "| `receiving_point` | `true`, `false` | `true` | whether the panel is the receiving point; if false, more than 30% unbalance only warns |",
            "| `krw_per_usd` | number above 0 | required | won for one dollar |",
            "| `margin_percent` | number, 0 to 100 | `0` | margin in % |",
            "| `unit_price` | number, 0 or more | required | unit price, also written price; whole won in KRW |",
            "| `material` | `steel`, `SUS201` | `steel` | sheet of the box |",
            "| `limits` | a group: Limits `limits` below | none | largest box that fits |",
            "| `mains` | a list: Main `mains` below | required | incoming breakers, 1 to 8 |",
        ],
    )
    def test_tells_values_default_and_meaning(self, row: str) -> None:
        assert row in request_reference("en").splitlines()


class TestRequestPage:
    def test_page_of_the_documentation_is_what_the_models_say(self) -> None:
        """When this fails after a change of the request: write ``request_page()`` to docs/reference/request.md (./kis docs --write)."""
        assert PAGE.read_text(encoding="utf-8") == request_page()
