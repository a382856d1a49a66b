"""Sentences of a document name parts as the drawings tag them."""

from kis.estimator.issuing.part_names import named, part_names, trade_names
from kis.platform.messages import Message
from tests.factories.panels import accessory, contactors, designed, elb, panel


class TestPartNames:
    def test_follow_the_tags_of_the_drawings(self) -> None:
        design = designed(panel(elb(2, 20, 2), accessories=[contactors(2), accessory("timer_24h")]))
        names = part_names(design, "ko")
        assert names["magnetic_contactor2"] == "MC2"
        assert names["timer_24h1"] == "TM1"
        assert names["main1"] == "M1"
        assert (
            names["B002"]
            == names[next(part.id for part in design.drawing.parts if part.device == "B002")]
            == "회로 2"
        )
        assert part_names(design, "en")["B002"] == "circuit 2"

    def test_every_part_of_a_drawing_has_a_name_without_its_id(self) -> None:
        design = designed(panel(elb(2, 20, 2), accessories=[contactors(2)]))
        names = part_names(design, "en")
        assert {part.id for part in design.drawing.parts} <= set(names)
        assert not [name for name in names.values() if "_" in name]


class TestTradeNames:
    def test_makers_and_currencies_are_written_as_korean_trade_writes_them(self) -> None:
        message = Message("x", {"makes": "Sangdo, LS ELECTRIC", "currency": "KRW", "model": "KRW-1"})
        korean = named(message, trade_names("ko")).values
        assert (korean["makes"], korean["currency"], korean["model"]) == (
            "상도전기, LS ELECTRIC",
            "원",
            "KRW-1",
        )
        assert named(message, trade_names("en")).values == message.values


class TestNamed:
    def test_ids_in_a_list_are_replaced_each_name_once(self) -> None:
        message = Message(
            "x", {"subjects": "L1.B001, B001, 7", "count": 2, "inner": Message("y", {"part": "B001"})}
        )
        changed = named(message, {"L1.B001": "circuit 1", "B001": "circuit 1"})
        assert changed.values["subjects"] == "circuit 1, 7"
        assert changed.values["count"] == 2
        assert changed.values["inner"] == Message("y", {"part": "circuit 1"})

    def test_words_that_are_no_ids_stay_as_they_were(self) -> None:
        assert named(Message("x", {"families": "a, a"}), {"B001": "1"}).values["families"] == "a, a"
