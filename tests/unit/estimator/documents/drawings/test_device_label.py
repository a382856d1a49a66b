"""What is written on breakers of every size; all measures are print millimetres (scale 1)."""

from typing import Any

import pytest

from kis.estimator.documents.drawings.device_label import DeviceText, LabelledDevice, device_labels
from kis.estimator.documents.drawings.sheet import Box, Layer, Rectangle, Text


def device(box: Box, side: str = "R", **changes: Any) -> LabelledDevice:
    words: dict[str, Any] = {
        "tag": "12",
        "star": "",
        "marks": ("R",),
        "load": "펌프",
        "model": "SBS-404",
        "kind": "MCCB 4P",
        "rating": "400AF/50AT",
        "short_rating": "400/50A",
        "trip": "50A",
    }
    return LabelledDevice(box=box, side=side, text=DeviceText(**{**words, **changes}))


def texts(*devices: LabelledDevice, layer: Layer = Layer.LABEL) -> list[Text]:
    return [
        shape for shape in device_labels(devices, 1.0) if isinstance(shape, Text) and shape.layer is layer
    ]


def words(*devices: LabelledDevice) -> list[str]:
    return [text.content for text in texts(*devices)]


class TestWords:
    @pytest.mark.parametrize(
        ("width", "height", "expected"),
        [
            (40.0, 20.0, ["12", "펌프", "SBS-404", "MCCB 4P", "400AF/50AT"]),
            (40.0, 8.0, ["12", "펌프", "SBS-404", "MCCB 4P 400AF/50AT"]),
            (18.0, 8.0, ["12", "펌프", "SBS-404", "400/50A"]),
            (12.5, 5.5, ["12", "펌프", "50A"]),
            (7.0, 3.3, ["12"]),
            (4.0, 1.5, []),
        ],
    )
    def test_say_as_much_as_the_size_allows(self, width: float, height: float, expected: list[str]) -> None:
        assert words(device((0, 0, width, height))) == expected

    def test_stand_below_the_number_where_more_can_be_said_so(self) -> None:
        # Beside the number 13 mm leave 5 mm, too few for SBS-404; below it there are 10 mm.
        labels = texts(device((0, 0, 13, 10), tag="112"))
        assert [text.content for text in labels] == ["112", "펌프", "SBS-404", "400/50A"]
        assert len({text.x for text in labels}) == 1
        assert [text.y for text in labels] == sorted((text.y for text in labels), reverse=True)

    def test_are_the_same_kind_for_all_devices_of_a_size(self) -> None:
        # The long name fits on neither, so neither says its load in full; both are written alike.
        box = (0.0, 0.0, 18.0, 8.0)
        long, short = device(box, load="아주 긴 이름의 부하"), device(box)
        sizes = {text.size_mm for text in texts(long, short) if not text.bold}
        assert len(sizes) == 1
        assert any(word.endswith("…") for word in words(long, short))
        assert "펌프" in words(long, short)

    def test_cut_a_load_but_never_a_rating(self) -> None:
        for width in range(4, 40):
            for word in words(device((0, 0, width, 8), load="아주 긴 이름의 부하")):
                assert not word.endswith("…") or word.startswith("아주")

    def test_mark_an_unverified_outline_at_the_model(self) -> None:
        assert "SBS-404*" in words(device((0, 0, 40, 20), star="*"))

    def test_turn_upwards_on_a_device_taller_than_wide(self) -> None:
        number, *more = texts(device((0, 0, 9, 27), side=""))
        assert (number.content, number.rotated) == ("12", False)
        assert [text.content for text in more] == ["펌프", "SBS-404", "400/50A"]
        assert all(text.rotated for text in more)
        # The first line stands left of the next, as a page turned to read upwards.
        assert [text.x for text in more] == sorted(text.x for text in more)


class TestMarks:
    def marks(self, item: LabelledDevice) -> list[Rectangle]:
        return [shape for shape in device_labels([item], 1.0) if isinstance(shape, Rectangle)]

    @pytest.mark.parametrize(("side", "edge"), [("L", (17.48, 20.0)), ("R", (0.0, 2.52))])
    def test_stand_at_the_end_towards_the_bars(self, side: str, edge: tuple[float, float]) -> None:
        # 0.14 of a length of 18 mm.
        box = (2.0, 0.0, 20.0, 8.0) if side == "L" else (0.0, 0.0, 18.0, 8.0)
        (mark,) = self.marks(device(box, side))
        assert (mark.x0, mark.x1) == pytest.approx(edge)

    def test_follow_the_poles_from_the_top(self) -> None:
        item = device((0, 0, 18, 12), marks=("N", "R", "S", "T"))
        marks = self.marks(item)
        assert [(mark.y0, mark.y1) for mark in marks] == [(9, 12), (6, 9), (3, 6), (0, 3)]
        letters = texts(item, layer=Layer.PHASE_MARK)
        assert [text.content for text in letters] == ["N", "R", "S", "T"]

    def test_keep_their_colour_where_no_letter_can_be_read(self) -> None:
        item = device((0, 0, 18, 6), marks=("R", "S", "T", "N"))
        assert len({mark.style.fill for mark in self.marks(item)}) == 4
        assert texts(item, layer=Layer.PHASE_MARK) == []

    def test_are_absent_on_a_device_without_lines(self) -> None:
        assert self.marks(device((0, 0, 18, 6), marks=())) == []


def test_nothing_is_written_for_no_device() -> None:
    assert list(device_labels([], 1.0)) == []
