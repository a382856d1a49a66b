"""Parts of the estimator's catalogue as products."""

from kis.assistant.products.parts import product_of, relations_of, shipped_part_ids
from kis.assistant.things import Documentation, DocumentationType
from kis.catalog.store import HeldPart


def breaker(
    model: str, *, poles: int, frame: int, make: str = "LS ELECTRIC", kind: str = "MCCB", is_own: bool = False
) -> HeldPart:
    columns = {
        "model": model,
        "make": make,
        "kind": kind,
        "grade": "economy",
        "poles": poles,
        "frame_af": frame,
    }
    return HeldPart(kind="breaker", key=model, make=make, model=model, columns=columns, is_own=is_own)


def enclosure(width_mm: int) -> HeldPart:
    model = f"HB{width_mm}"
    columns = {"series": "HB", "model": model, "width_mm": width_mm, "height_mm": 500, "depth_mm": 150}
    return HeldPart(kind="enclosure", key=model, make="HB", model=model, columns=columns, is_own=False)


class TestProductOf:
    def test_goes_by_its_kind_poles_and_frame_in_both_languages(self) -> None:
        product = product_of(breaker("ABN-103", poles=3, frame=100))

        assert product.names == ("배선용차단기 ABN-103", "MCCB 3P 100AF", "배선용차단기 3P 100AF")

    def test_a_shipped_one_has_its_data_sheet_and_an_own_one_of_the_same_key_none(self) -> None:
        url = "kis:datasheet/breaker/abn-103.pdf"

        shipped = product_of(breaker("ABN-103", poles=3, frame=100))
        own = product_of(breaker("ABN-103", poles=3, frame=100, is_own=True))

        assert shipped.documentation == Documentation(DocumentationType.PDF, url)
        assert own.documentation is None

    def test_what_is_shipped_is_known_by_its_ids(self) -> None:
        assert {
            "part:breaker:EBS52FB~30mA",
            "part:accessory:spd~SPD with its own 4P MCCB",
        } <= shipped_part_ids()


class TestRelationsOf:
    def test_neighbours_of_a_breaker_are_what_one_takes_in_its_place(self) -> None:
        parts = [
            breaker("A3", poles=3, frame=100),
            breaker("A4", poles=4, frame=100),
            breaker("A3-next", poles=3, frame=250),
            breaker("E3", poles=3, frame=100, kind="ELB"),
            breaker("S3", poles=3, frame=100, make="Sangdo"),
            breaker("S4", poles=4, frame=250, make="Sangdo"),
        ]

        related = {each.target_id: each.label for each in relations_of(parts)["part:breaker:A3"]}

        assert related == {
            "part:breaker:A4": "LS ELECTRIC MCCB 4P 100AF",
            "part:breaker:A3-next": "LS ELECTRIC MCCB 3P 250AF",
            "part:breaker:E3": "LS ELECTRIC ELB 3P 100AF",
            "part:breaker:S3": "Sangdo MCCB 3P 100AF",
        }

    def test_of_an_enclosure_they_are_the_two_sizes_below_and_above(self) -> None:
        related = relations_of([enclosure(width) for width in (900, 400, 500, 600, 700, 800)])

        assert [each.target_id for each in related["part:enclosure:HB600"]] == [
            "part:enclosure:HB400",
            "part:enclosure:HB500",
            "part:enclosure:HB700",
            "part:enclosure:HB800",
        ]
        assert related["part:enclosure:HB600"][0].label == "400 × 500 × 150 mm"

    def test_a_part_without_a_series_has_none(self) -> None:
        columns = {"kind": "timer_24h", "model": "24H"}
        timer = HeldPart(
            kind="accessory", key="timer_24h/24H", make="", model="24H", columns=columns, is_own=False
        )

        assert relations_of([timer]) == {"part:accessory:timer_24h~24H": ()}
