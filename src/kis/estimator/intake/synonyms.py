"""The words of the trade for the values a request knows: 상도 for Sangdo, 누전 for ELB, 매입 for recessed.

Each replacement leaves a note. A value that is neither known nor a synonym stays as it is, for the models to refuse.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from kis.estimator.intake.problems import Location, path_of
from kis.estimator.request import AccessoryKind, Feed, Material, Mounting, Style, Supply
from kis.platform.messages import Message

Replacement = Callable[[str], str | None]
"""Tells what a written value stands for; None when it is not known."""

READY_MADE_SERIES: Final = "HB"


def _words(groups: Mapping[str, str]) -> Replacement:
    """Build a replacement from ``meaning: space-separated writings``; case, blanks, dots, hyphens and underscores do not count."""
    meanings = {
        _plain(writing): meaning
        for meaning, writings in groups.items()
        for writing in (meaning, *writings.split())
    }
    return lambda written: meanings.get(_plain(written))


def _plain(text: str) -> str:
    return re.sub(r"[\s._\-]+", "", text.casefold())


MAKES: Final = _words(
    {
        "Sangdo": "상도 상도전기 sangdo",
        "LS ELECTRIC": "ls 엘에스 ls산전 엘에스산전 ls일렉트릭 엘에스일렉트릭 lselectric",
    }
)
KINDS: Final = _words(
    {"ELB": "누전 누전차단기 elcb rccb", "MCCB": "배선용 배선용차단기 배선차단기 배선용차단기(mccb)"}
)
GRADES: Final = _words(
    {
        "small": "소형",
        "compact": "콤팩트 컴팩트 콤팩트형",
        "economy": "경제형 경제",
        "standard": "표준형 표준",
    }
)
MOUNTINGS: Final = _words(
    {
        Mounting.INDOOR_SURFACE: "옥내노출 옥내노출형",
        Mounting.OUTDOOR_SURFACE: "옥외노출 옥외노출형",
        Mounting.RECESSED: "매입 매입형",
        Mounting.INDOOR_STANDING: "옥내자립 옥내자립형",
        Mounting.OUTDOOR_STANDING: "옥외자립 옥외자립형",
        Mounting.POLE: "전주부착 전주부착형",
        Mounting.FRP: "frp함",
        Mounting.HI_BOX: "하이박스",
    }
)
MATERIALS: Final = _words({Material.STEEL: "철 철판 스틸 강판", Material.SUS201: "sus 스텐 스테인리스"})
STYLES: Final = _words({Style.PLATE: "속판", Style.DIN_RAIL: "딘레일 din레일 din"})
FEEDS: Final = _words({Feed.TOP: "상부 상부인입 위", Feed.BOTTOM: "하부 하부인입 아래"})
LOCALES: Final = _words({"ko-KR": "ko kor 한국어", "en": "en-us en-gb eng english 영어"})
CURRENCIES: Final = _words({"KRW": "원 원화 won ₩", "USD": "달러 미화 dollar $"})
ACCESSORIES: Final = _words(
    {
        AccessoryKind.MAGNETIC_CONTACTOR: "전자접촉기 마그네트 contactor",
        AccessoryKind.TIMER_24H: "24시간타이머 24h타이머",
        AccessoryKind.TIMER_SUNSET: "일출일몰타이머 일몰타이머",
        AccessoryKind.METER_3PH: "3상전력량계 3상계량기",
        AccessoryKind.METER_1PH: "단상전력량계 단상계량기",
        AccessoryKind.METER_CT: "ct전력량계 ct계량기 ct형전력량계",
        AccessoryKind.PUSH_BUTTON: "푸시버튼 푸쉬버튼 누름버튼",
        AccessoryKind.SPD: "서지보호기 서지보호장치",
        AccessoryKind.VA_METER: "va메타 va미터 전압전류계",
    }
)
_READY_MADE: Final = frozenset({"기성함", "기성품", "기성"})
_NETWORKS: Final = {
    ("3", "4"): (Supply.THREE_PHASE_FOUR_WIRE, {"380", "380/220", "220/380"}),
    ("3", "3"): (Supply.THREE_PHASE_THREE_WIRE, {"380"}),
    ("1", "3"): (Supply.SINGLE_PHASE_THREE_WIRE, {"220", "220/110", "110/220"}),
    ("1", "2"): (Supply.SINGLE_PHASE_TWO_WIRE, {"220"}),
}
_PHASE_WRITINGS: Final = {"SR": "RS", "TS": "ST", "RT": "TR"}
_LINE_NUMBERS: Final = {"L1": "R", "L2": "S", "L3": "T"}


def supply_written(written: str) -> str | None:
    """Read the network in the writings of drawings: 3φ4W 380/220V, 3상4선식, 1P2W, 단상 2선."""
    plain = _plain(written).replace("단상", "1상").replace("삼상", "3상")
    plain = re.sub(r"[φϕø∅]|상|phase|ph", "p", plain).replace("선식", "w").replace("선", "w")
    match = re.fullmatch(r"([13])p([234])w[,(]?(\d+(?:/\d+)?)?v?\)?", plain)
    network = _NETWORKS.get((match[1], match[2])) if match else None
    if match is None or network is None or (match[3] and match[3] not in network[1]):
        return None
    return network[0].value


def busbar_written(written: str) -> str | None:
    """Read a bar section as width x thickness: 50×10, 50*10, and 10T×50, where T marks the thickness."""
    match = re.fullmatch(r"(\d+)(t?)[x×*](\d+)(t?)", re.sub(r"\s|mm", "", written.casefold()), re.ASCII)
    if match is None or (match[2] and match[4]):
        return None
    return f"{match[3]}x{match[1]}" if match[2] else f"{match[1]}x{match[3]}"


class Reading:
    """One reading of a request: copies it block by block, replacing synonyms and keeping a note of each."""

    def __init__(self) -> None:
        self.notes: list[Message] = []

    def request(self, given: Mapping[str, object]) -> dict[str, object]:
        """Return the request with known values only where a synonym stood."""
        request = self._replaced(given, (), {"locale": LOCALES, "currency": CURRENCIES})
        return self._with_entries(request, "panels", (), self._panel)

    def _panel(self, given: Mapping[str, object], at: Location) -> dict[str, object]:
        panel = self._ready_made(dict(given), at)
        words = {
            "make": MAKES,
            "mounting": MOUNTINGS,
            "material": MATERIALS,
            "grade": GRADES,
            "style": STYLES,
            "feed": FEEDS,
        }
        panel = self._replaced(panel, at, {**words, "supply": supply_written, "busbar": busbar_written})
        has_lines = panel.get("supply", Supply.THREE_PHASE_FOUR_WIRE) == Supply.THREE_PHASE_FOUR_WIRE
        panel = self._with_entries(panel, "mains", at, self._breaker)
        panel = self._with_entries(
            panel,
            "branches",
            at,
            lambda branch, below: self._branch(branch, below, has_lines=has_lines),
        )
        return self._with_entries(
            panel,
            "accessories",
            at,
            lambda accessory, below: self._replaced(accessory, below, {"kind": ACCESSORIES}),
        )

    def _breaker(self, given: Mapping[str, object], at: Location) -> dict[str, object]:
        return self._replaced(given, at, {"make": MAKES, "kind": KINDS, "grade": GRADES})

    def _branch(self, given: Mapping[str, object], at: Location, *, has_lines: bool) -> dict[str, object]:
        branch = self._breaker(given, at)
        written, poles = branch.get("phase"), branch.get("poles")
        if not isinstance(written, str):
            return branch
        phase = _PHASE_WRITINGS.get(written.strip().upper(), written.strip().upper())
        if phase in {"RST", "RSTN"} and poles in (3, 4):
            del branch["phase"]
            self.notes.append(
                Message(
                    "request.note.phase_dropped",
                    {"path": path_of((*at, "phase")), "poles": poles, "given": written.strip()},
                )
            )
            return branch
        return self._replaced(
            branch, at, {"phase": lambda _: _LINE_NUMBERS.get(phase, phase) if has_lines else phase}
        )

    def _ready_made(self, panel: dict[str, object], at: Location) -> dict[str, object]:
        """Read 기성함, which the trade names beside the mountings, as the series it is."""
        if _is_ready_made(panel.get("mounting")) and "enclosure_series" not in panel:
            del panel["mounting"]
            panel["enclosure_series"] = READY_MADE_SERIES
            self.notes.append(Message("request.note.ready_made", {"path": path_of((*at, "mounting"))}))
        elif _is_ready_made(panel.get("enclosure_series")):
            self._note(panel["enclosure_series"], READY_MADE_SERIES, (*at, "enclosure_series"))
            panel["enclosure_series"] = READY_MADE_SERIES
        return panel

    def _with_entries(
        self,
        block: dict[str, object],
        name: str,
        at: Location,
        read: Callable[[Mapping[str, object], Location], dict[str, object]],
    ) -> dict[str, object]:
        """Return the block with every entry of one of its lists read."""
        entries = block.get(name)
        if isinstance(entries, list | tuple):
            block[name] = [
                read(entry, (*at, name, number)) if isinstance(entry, Mapping) else entry
                for number, entry in enumerate(entries)
            ]
        return block

    def _replaced(
        self, given: Mapping[str, object], at: Location, words: Mapping[str, Replacement]
    ) -> dict[str, object]:
        return {**given, **dict(self._replacements(given, at, words))}

    def _replacements(
        self, given: Mapping[str, object], at: Location, words: Mapping[str, Replacement]
    ) -> Iterator[tuple[str, str]]:
        for name, meaning_of in words.items():
            written = given.get(name)
            if (
                isinstance(written, str)
                and len(written) <= 60
                and (meaning := meaning_of(written)) is not None
                and meaning != written
            ):
                self._note(written, meaning, (*at, name))
                yield name, meaning

    def _note(self, given: object, used: str, at: Location) -> None:
        self.notes.append(
            Message("request.note.read_as", {"path": path_of(at), "given": str(given).strip(), "used": used})
        )


def _is_ready_made(value: object) -> bool:
    return isinstance(value, str) and _plain(value) in _READY_MADE
