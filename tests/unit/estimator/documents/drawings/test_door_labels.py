"""Tags of push buttons and door meters, and what gives way to them."""

from kis.estimator.design import PanelDesign
from kis.estimator.documents.drawings.door_labels import door_labels
from kis.estimator.documents.drawings.layout.part_words import incoming
from kis.estimator.documents.drawings.panel_facts import facts_of
from kis.estimator.documents.drawings.sheet import Text
from kis.estimator.layout.drawing import PartKind
from tests.factories import designs, drawings


def buttons(*left_edges: int, verified: bool = True) -> PanelDesign:
    """Return the hand-drawn panel with 22 mm push buttons in one row at these x."""
    items = tuple(
        drawings.accessory(f"push_button{number}", "push_button", width_mm=22, height_mm=22)
        for number in range(1, len(left_edges) + 1)
    )
    parts = tuple(
        drawings.part(
            item.id,
            PartKind.PUSH_BUTTON,
            (x, x + 22),
            (110, 132),
            (77, 148),
            device=item.id,
            verified=verified,
        )
        for item, x in zip(items, left_edges, strict=True)
    )
    panel = drawings.drawing()
    drawing = drawings.drawing(parts=(*panel.parts, *parts))
    return designs.design(problem=drawings.problem(accessories=items), drawing=drawing)


def tags(panel: PanelDesign, scale: float) -> list[str]:
    return [text.content for text in door_labels(facts_of(panel, "ko"), scale)]


class TestDoorLabels:
    def test_stand_inside_a_button_large_enough_on_the_print(self) -> None:
        # At 1:3 a button prints 7.3 mm wide, its tag about 4.3.
        (tag,) = door_labels(facts_of(buttons(100), "ko"), 3.0)
        assert tag.extent[0] > 100
        assert tag.extent[2] < 122

    def test_stand_above_a_smaller_one(self) -> None:
        (tag,) = door_labels(facts_of(buttons(100), "ko"), 10.0)
        assert (tag.content, tag.x) == ("PB1", 111)
        assert tag.extent[1] >= 132

    def test_share_one_tag_where_two_would_touch(self) -> None:
        assert tags(buttons(100, 123, 146), 10.0) == ["PB1–3"]

    def test_keep_their_own_tags_where_there_is_room(self) -> None:
        assert tags(buttons(100, 200, 300), 10.0) == ["PB1", "PB2", "PB3"]

    def test_join_only_the_close_ones(self) -> None:
        assert sorted(tags(buttons(100, 123, 300), 10.0)) == ["PB1–2", "PB3"]

    def test_join_no_more_than_they_must(self) -> None:
        assert tags(buttons(*range(60, 60 + 12 * 23, 23)), 10.0) == ["PB1–4", "PB5–8", "PB9–12"]

    def test_name_each_of_many_buttons_once(self) -> None:
        # 99 buttons in one row 23 apart; four share a tag, as in the row of twelve above.
        shared = tags(buttons(*range(60, 60 + 99 * 23, 23)), 10.0)
        ranges = [tag.removeprefix("PB").split("–") for tag in shared]
        named = [number for ends in ranges for number in range(int(ends[0]), int(ends[-1]) + 1)]
        assert sorted(named) == list(range(1, 100))
        assert "PB1–4" in shared

    def test_carry_the_mark_of_an_unverified_outline(self) -> None:
        assert tags(buttons(100, 123, verified=False), 10.0) == ["PB1–2*"]


class TestIncoming:
    def words(self, meter_x: int) -> list[Text]:
        item = drawings.accessory("va_meter1", "va_meter", width_mm=96, height_mm=96)
        meter = drawings.part(
            "va_meter1",
            PartKind.DOOR_METER,
            (meter_x, meter_x + 96),
            (440, 536),
            (77, 148),
            device="va_meter1",
        )
        drawing = drawings.drawing(parts=(*drawings.drawing().parts, meter))
        panel = designs.design(problem=drawings.problem(accessories=(item,)), drawing=drawing)
        return [shape for shape in incoming(facts_of(panel, "ko"), 3.0) if isinstance(shape, Text)]

    def test_is_named_above_its_arrow(self) -> None:
        (word,) = self.words(60)
        assert (word.content, word.x) == ("전원 인입 (상부)", 300)

    def test_is_named_beside_its_arrow_where_a_meter_hangs_before_it(self) -> None:
        (word,) = self.words(200)
        assert word.extent[0] > 300
