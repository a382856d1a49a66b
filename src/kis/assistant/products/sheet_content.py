"""What stands in the data sheet of a part: the facts of the catalogue and nothing else, in Korean and then in English.

Each fact is a sentence with the model's name, so that it can be cited by itself. What nobody has read off a maker's sheet is marked where it stands, and the
last section says of each figure where it comes from.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from kis.catalog import UNVERIFIED, Accessory, Breaker, Enclosure, source_name
from kis.platform.messages import Locale, Message

Part = Breaker | Enclosure | Accessory

_MOUNTINGS: Final = {
    "indoor surface": "indoor",
    "indoor surface, ready-made": "ready_made",
    "outdoor surface": "outdoor",
    "recessed": "recessed",
}
_MATERIALS: Final = frozenset({"steel", "SUS201"})
_NONE: Final = "–"


@dataclass(frozen=True, slots=True)
class Words:
    """The words of data sheets in one language."""

    language: Locale

    def __call__(self, key: str, **values: object) -> str:
        """Return a text of data sheets."""
        return Message(f"assistant_datasheets.{key}", values).text(self.language)

    def marked(self, text: str, source: str) -> str:
        """Return a text, marked where nobody has read its figure off a maker's sheet."""
        if source not in UNVERIFIED:
            return text
        # Before the full stop: a mark behind it would be read as the beginning of the next sentence.
        said, stop = (text[:-1], ".") if text.endswith(".") else (text, "")
        return f"{said} {self('mark')}{stop}"

    def source(self, mark: str) -> str:
        """Return who stands behind a figure."""
        name = source_name(mark)
        return name if isinstance(name, str) else name.text(self.language)


def has_facts(part: Part) -> bool:
    """Tell whether so much is known of a part that a sheet can be written: of some accessories there is only a name."""
    return not isinstance(part, Accessory) or bool(_accessory_sides(part))


def kind_of(part: Part) -> str:
    """Return the kind of a part as its rows name it."""
    if isinstance(part, Breaker):
        return "breaker"
    return "enclosure" if isinstance(part, Enclosure) else "accessory"


def half_of(part: Part, family: Sequence[Part], language: Locale, *, version: str) -> dict[str, Any]:
    """Return a data sheet in one language. ``family``: the parts of its series, itself among them; ``version``: of the catalogue."""
    words = Words(language)
    if isinstance(part, Breaker):
        title, intro, sections = _breaker(part, [one for one in family if isinstance(one, Breaker)], words)
    elif isinstance(part, Enclosure):
        title, intro, sections = _enclosure(
            part, [one for one in family if isinstance(one, Enclosure)], words
        )
    else:
        title, intro, sections = _accessory(part, words)
    return {
        "language": language,
        "title": words("title", name=title),
        "intro": [intro, words("own", version=version)],
        "sections": sections,
    }


def _section(
    title: str,
    lines: Sequence[str],
    *,
    table: dict[str, Any] | None = None,
    outline: dict[str, Any] | None = None,
) -> dict[str, Any]:
    return {"title": title, "lines": list(lines), "table": table, "outline": outline}


def _breaker(part: Breaker, family: Sequence[Breaker], words: Words) -> tuple[str, str, list[dict[str, Any]]]:
    kind, grade = words(f"kind.{part.kind.value.lower()}"), words(f"grade.{part.grade.value}")
    say = _saying(
        words,
        model=part.model,
        make=part.make,
        kind=kind,
        grade=grade,
        frame=part.frame_af,
        poles=part.poles,
        ratings=_ratings(part),
        least=min(part.ratings_a),
        most=max(part.ratings_a),
        width=part.width_mm,
        height=part.height_mm,
        depth=part.depth_mm,
        front=part.front_mm,
        icu=part.icu_ka,
        volts=part.icu_at_v,
        sensitivity=part.sensitivity_ma,
    )
    rated = [say("frame"), say("ratings", part.ratings_source), say("range", part.ratings_source)]
    sections = [_section(words("section.ratings"), rated)]
    sensed = "no_sensitivity" if part.sensitivity_ma is None else "sensitivity"
    sections += [
        _section(words("section.sensitivity"), [say(sensed)]),
        _section(words("section.icu"), [_breaking(part, say), words("icu_rule")]),
        _section(
            words("section.outline"),
            [say("outline", part.outline_source)],
            outline=_sides(
                words,
                part.width_mm,
                part.height_mm,
                part.front_mm,
                poles=part.poles,
                plate=part.depth_mm,
            ),
        ),
        _section(
            words("section.mounting"),
            [say("front", part.front_source), say("rail" if part.grade.value == "modular" else "plate")],
        ),
    ]
    sections += _sources(
        words,
        [
            ("ratings", f"{_ratings(part)} A", part.ratings_source),
            ("icu", _capacity(part), part.icu_source if part.icu_at_v is not None else "unverified"),
            ("outline", f"{part.width_mm} × {part.height_mm} × {part.depth_mm} mm", part.outline_source),
            ("front", f"{part.front_mm} mm", part.front_source),
        ],
    )
    if len(family) > 1:
        sections.append(_section(words("section.family"), [], table=_family(family, words)))
    return f"{part.make} {part.model}", say("breaker"), sections


def _breaking(part: Breaker, say: Callable[..., str]) -> str:
    if part.icu_ka is None:
        return say("no_icu")
    return say("icu_somewhere", "unverified") if part.icu_at_v is None else say("icu", part.icu_source)


def _family(family: Sequence[Breaker], words: Words) -> dict[str, Any]:
    names = ("model", "poles", "frame", "ratings", "icu", "sides")
    rows = [
        [
            one.model if one.sensitivity_ma is None else f"{one.model} ({one.sensitivity_ma} mA)",
            f"{one.poles}P",
            f"{one.frame_af} AF",
            f"{_ratings(one)} A",
            words.marked(_capacity(one), one.icu_source),
            words.marked(f"{one.width_mm} × {one.height_mm} × {one.depth_mm} mm", one.outline_source),
        ]
        for one in family
    ]
    return {"head": [words(f"column.{name}") for name in names], "rows": rows, "wide": True}


def _ratings(part: Breaker) -> str:
    return ", ".join(map(str, part.ratings_a))


def _capacity(part: Breaker) -> str:
    if part.icu_ka is None:
        return _NONE
    return f"{part.icu_ka} kA" if part.icu_at_v is None else f"{part.icu_ka} kA / {part.icu_at_v} V"


def _enclosure(
    part: Enclosure, family: Sequence[Enclosure], words: Words
) -> tuple[str, str, list[dict[str, Any]]]:
    say = _saying(
        words,
        model=part.model,
        series=part.series,
        mounting=_mounting(part, words),
        material=words(f"material.{part.material}") if part.material in _MATERIALS else part.material,
        sheet=part.sheet_mm,
        width=part.width_mm,
        height=part.height_mm,
        depth=part.depth_mm,
        ip=part.ip,
    )
    size = f"{part.width_mm} × {part.height_mm} × {part.depth_mm} mm"
    rows = [
        [one.model, f"{one.width_mm} × {one.height_mm} × {one.depth_mm} mm", f"{one.sheet_mm} mm"]
        for one in family
    ]
    head = [words(f"column.{name}") for name in ("model", "sides", "sheet")]
    sections = [
        _section(words("section.build"), [say("mounted"), say("material")]),
        _section(
            words("section.outline"),
            [say("box", part.depth_source)],
            outline=_sides(words, part.width_mm, part.height_mm, part.depth_mm),
        ),
        _section(
            words("section.ip"), [say("no_ip") if part.ip is None else say("protection", part.ip_source)]
        ),
        *_sources(
            words,
            [
                ("depth", size, part.depth_source),
                ("ip", _NONE if part.ip is None else f"IP{part.ip}", part.ip_source),
            ],
        ),
        _section(words("section.family"), [], table={"head": head, "rows": rows, "wide": False}),
    ]
    return part.model, say("enclosure"), sections


def _mounting(part: Enclosure, words: Words) -> str:
    known = _MOUNTINGS.get(part.mounting)
    return part.mounting if known is None else words(f"mounting.{known}")


def _accessory(part: Accessory, words: Words) -> tuple[str, str, list[dict[str, Any]]]:
    name = Message(f"lines.{part.kind}").text(words.language)
    say = _saying(words, model=part.model, name=name)
    lines = [say(f"side.{side}", part.source, value=value) for side, value in _accessory_sides(part).items()]
    size = " × ".join(map(str, _accessory_sides(part).values()))
    outline = None
    if part.width_mm and part.height_mm and part.depth_mm:
        outline = _sides(words, part.width_mm, part.height_mm, part.depth_mm)
    sections = [
        _section(words("section.outline"), lines, outline=outline),
        *_sources(words, [("outline", f"{size} mm", part.source)]),
    ]
    return f"{name} {part.model}", say("accessory"), sections


def _accessory_sides(part: Accessory) -> Mapping[str, int]:
    sides = {"width": part.width_mm, "height": part.height_mm, "depth": part.depth_mm}
    return {side: value for side, value in sides.items() if value is not None}


def _sides(
    words: Words, width_mm: int, height_mm: int, depth_mm: int, *, poles: int = 1, plate: int = 0
) -> dict[str, Any]:
    """Return what the outline is drawn from; ``plate``: how much of the depth is the body, where a handle stands in front of it."""
    sides = {"width": width_mm, "height": height_mm, "depth": depth_mm}
    labels = {side: words(f"side.{side}", value=value) for side, value in sides.items()}
    if plate:
        labels["depth"] = words("side.front", value=depth_mm)
    return {**sides, "poles": poles, "plate": plate, "labels": labels}


def _sources(words: Words, figures: Sequence[tuple[str, str, str]]) -> list[dict[str, Any]]:
    """Return what is to be asked before ordering, and where each figure comes from."""
    rows = [[words(f"figure.{name}"), value, words.source(mark)] for name, value, mark in figures]
    head = [words(f"column.{name}") for name in ("figure", "value", "source")]
    sources = _section(words("section.sources"), [], table={"head": head, "rows": rows, "wide": False})
    doubted = [words(f"figure.{name}") for name, _, mark in figures if mark in UNVERIFIED]
    if not doubted:
        return [sources]
    return [_section(words("section.doubted"), [words("doubted", figures=", ".join(doubted))]), sources]


def _saying(words: Words, **facts: object) -> Callable[..., str]:
    """Return what says a fact about a part as a sentence, marked where its source asks for it."""

    def say(name: str, source: str = "", **more: object) -> str:
        return words.marked(words(f"fact.{name}", **facts, **more), source)

    return say
