"""Panels drawn at random from what the makers list: every one a valid request, though not every one can be built."""

from typing import Any, Final

from hypothesis import strategies as st

from tests.factories.panels import LS, SANGDO, Block, accessory, contactors, elb, main, mccb, panel

MENU: Final[dict[str, tuple[tuple[str, int, int], ...]]] = {
    LS: (
        ("ELB", 2, 15),
        ("ELB", 2, 20),
        ("ELB", 2, 30),
        ("ELB", 2, 50),
        ("ELB", 2, 75),
        ("ELB", 3, 30),
        ("ELB", 3, 60),
        ("ELB", 4, 40),
        ("MCCB", 2, 20),
        ("MCCB", 2, 40),
        ("MCCB", 2, 60),
        ("MCCB", 2, 150),
        ("MCCB", 3, 30),
        ("MCCB", 3, 100),
        ("MCCB", 3, 200),
        ("MCCB", 3, 300),
        ("MCCB", 4, 50),
        ("MCCB", 4, 125),
        ("MCCB", 4, 250),
        ("MCCB", 4, 400),
    ),
    SANGDO: (
        ("ELB", 2, 20),
        ("ELB", 2, 30),
        ("ELB", 2, 40),
        ("ELB", 2, 60),
        ("ELB", 3, 50),
        ("ELB", 4, 30),
        ("MCCB", 2, 20),
        ("MCCB", 2, 50),
        ("MCCB", 2, 100),
        ("MCCB", 2, 200),
        ("MCCB", 3, 30),
        ("MCCB", 3, 75),
        ("MCCB", 3, 125),
        ("MCCB", 3, 225),
        ("MCCB", 4, 20),
        ("MCCB", 4, 100),
        ("MCCB", 4, 175),
        ("MCCB", 4, 300),
    ),
}
MAIN_RATINGS: Final = (50, 60, 75, 100, 125, 175, 225, 250, 400, 600, 800)
ACCESSORIES: Final = (
    contactors(1),
    contactors(3),
    contactors(2, "MC-40"),
    contactors(1, "MC-65"),
    contactors(5, "MC-100"),
    accessory("timer_24h"),
    accessory("timer_sunset", 2),
    accessory("meter_1ph", 2),
    accessory("meter_3ph", 4),
    accessory("spd"),
    accessory("push_button"),
    accessory("va_meter"),
)
MOUNTINGS: Final = (
    "indoor_surface",
    "indoor_surface",
    "outdoor_surface",
    "recessed",
    "indoor_standing",
    "outdoor_standing",
    "pole",
)


@st.composite
def branches(draw: st.DrawFn, make: str, at_most_a: int, most: int = 12) -> Block:
    """Draw one line of circuits of a make: plain, with a load, as a spare, on a fixed phase or between lines."""
    kind, poles, rating_a = draw(st.sampled_from([item for item in MENU[make] if item[2] <= at_most_a]))
    line: Block = {
        "kind": kind,
        "poles": poles,
        "rating_a": rating_a,
        "quantity": draw(st.integers(1, most)),
    }
    more = draw(st.sampled_from(["", "", "va", "spare", "grade", "grade", "phase", "lines"]))
    if more == "va":
        line |= {
            "load_va": draw(st.integers(1, 90)) * 100,
            "demand_factor": draw(st.sampled_from([0.5, 0.8, 1])),
        }
    if more == "spare":
        line["load"] = "예비"
    if more == "grade" and poles == 2:
        line["grade"] = draw(st.sampled_from(["compact", "economy", "standard"]))
    if more == "phase" and poles == 2:
        line["phase"] = draw(st.sampled_from(["R", "S", "T"]))
    if more == "lines" and poles == 2:
        line["voltage"] = 380
    return line


@st.composite
def panels(draw: st.DrawFn, most_lines: int = 5, most_each: int = 12) -> Block:
    """Draw a panel with one main and a few lines of circuits, perhaps accessories, spare ways and limits."""
    make = draw(st.sampled_from([LS, SANGDO]))
    rating_a = draw(st.sampled_from(MAIN_RATINGS))
    lines = draw(st.lists(branches(make, rating_a, most_each), max_size=most_lines))
    more: dict[str, Any] = {
        "mains": [main(rating_a)],
        "mounting": draw(st.sampled_from(MOUNTINGS)),
        "feed": draw(st.sampled_from(["top", "top", "bottom"])),
        "receiving_point": draw(st.booleans()),
    }
    if any(line["poles"] <= 2 for line in lines):
        more["spare_ways"] = draw(st.integers(0, 5))
    chosen = draw(st.lists(st.sampled_from(ACCESSORIES), max_size=3, unique_by=lambda item: item["kind"]))
    more["accessories"] = [dict(item) for item in chosen]
    if draw(st.integers(0, 5)) == 0:
        more["limits"] = {"height_mm": draw(st.sampled_from([700, 1000, 1500, 2200]))}
    return panel(*lines, make=make, **more)


@st.composite
def mixed_rows(draw: st.DrawFn) -> Block:
    """Draw a panel whose rows mix poles, outlines, fixed phases and circuits between lines, where bars cross most easily.

    ST is not fixed: facing a circuit fixed on R and N it would cross on either side.
    """
    kinds = st.sampled_from(
        [("MCCB", 2, 40), ("MCCB", 2, 60), ("MCCB", 3, 30), ("MCCB", 4, 50), ("ELB", 2, 20)]
    )
    lines: list[Block] = []
    for kind, poles, rating_a in draw(st.lists(kinds, min_size=1, max_size=6)):
        line: Block = {
            "kind": kind,
            "poles": poles,
            "rating_a": rating_a,
            "quantity": draw(st.integers(1, 3)),
        }
        if poles == 2:
            voltage, phases = draw(st.sampled_from([(None, ("R", "S", "T")), (380, ("RS", "TR"))]))
            line |= {} if voltage is None else {"voltage": voltage}
            line |= {"phase": draw(st.sampled_from(phases))} if draw(st.booleans()) else {}
            line |= {"grade": "economy"} if draw(st.booleans()) else {}
        lines.append(line)
    return panel(*lines, make=LS)


def any_panels() -> st.SearchStrategy[Block]:
    return st.one_of(panels(), mixed_rows())


@st.composite
def other_panels(draw: st.DrawFn) -> Block:
    """Draw a panel of another kind: one or three wires less, on rails, or with several mains."""
    small = [elb(2, 20, draw(st.integers(1, 9))), elb(2, 30, draw(st.integers(1, 5)))]
    spare = {"spare_ways": draw(st.integers(0, 4))}
    kind = draw(st.sampled_from(["1P2W-220", "1P3W-220/110", "3P3W-380", "rails", "mains"]))
    if kind == "rails":
        # Modular devices come in the steps of their own kind: 32 A, not 30.
        modular = [mccb(1, 16, draw(st.integers(1, 30))), mccb(3, 32, draw(st.integers(1, 6)))]
        return panel(small[0], elb(2, 32, 2), *modular, make=LS, style="din_rail", rating_a=50, **spare)
    if kind == "mains":
        names = ["A", "B", "C"][: draw(st.integers(2, 3))]
        mains = [main(draw(st.sampled_from([100, 125, 225, 400])), name=name) for name in names]
        lines = [
            {**line, "main": name}
            for name in names
            for line in draw(st.permutations([*small, mccb(3, 30, 3), mccb(4, 100, 2)]))[:2]
        ]
        return panel(*lines, make=LS, mains=mains)
    poles = {"1P2W-220": 2, "1P3W-220/110": 3, "3P3W-380": 3}[kind]
    more = [mccb(3, 30, draw(st.integers(1, 4)))] if kind == "3P3W-380" else []
    return panel(*small, *more, make=LS, supply=kind, mains=[main(50, poles)], **spare)
