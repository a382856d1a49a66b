"""What a list says of the supply: its network (``3상 4선식 380/220V``), voltages and breaking capacities (``25kA``)."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

_PHASES: Final = {"1": 1, "단": 1, "single": 1, "one": 1, "3": 3, "삼": 3, "three": 3}
_WIRES: Final = {"2": 2, "two": 2, "3": 3, "three": 3, "4": 4, "four": 4}
_NETWORK: Final = re.compile(
    r"(?<![\dA-Za-z가-힣])(?P<phases>[13]|단|삼|single|one|three)[\s-]*(?:상|[φø∅]|P(?=[\s,]*[234][\s-]*W)|ph(?:ase)?(?![A-Za-z]))"
    r"[\s,-]*(?P<wires>[234]|two|three|four)[\s-]*(?:선(?:식|(?![가-힣]))|W(?:ires?)?(?![A-Za-z]))",
    re.IGNORECASE,
)
_VOLTS: Final = re.compile(
    r"(?<![\d.A-Za-z])(?:AC\s*)?(\d{3}(?:\s*/\s*\d{3})?)\s*(?:V|볼트)(?:\s*AC)?(?![A-Za-z])", re.IGNORECASE
)
_KILOAMPERES: Final = re.compile(
    r"(?:(?P<named>(?:정격\s*)?(?:차단\s*(?:용량|전류)|단락\s*전류|고장\s*전류)|\b(?:Icu|Isc|breaking\s+capacity|short[\s-]*circuit(?:\s+current)?|fault\s+(?:level|current)))"
    r"(?:은|는|이|가)?\s*(?:of|is|[:=])?\s*)?(?<![\d.])(?P<ka>\d{1,3}(?:\.\d{1,2})?)\s*kA(?![A-Za-z])(?:\s*(?:이상|급|짜리))?",
    re.IGNORECASE,
)
_OF_ALL: Final = re.compile(r"모두|전부|전체|전\s*회로|\b(?:all|every|each)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Network:
    """Phases and wires of a supply, and the voltages where they are said."""

    phases: int
    wires: int
    volts: str | None = None

    @property
    def written(self) -> str:
        """Return it as a request writes it."""
        return f"{self.phases}P{self.wires}W" + (f" {self.volts}V" if self.volts else "")


@dataclass(frozen=True, slots=True)
class Supplied:
    """What a piece of a list says of the supply."""

    network: Network | None
    volts: str | None
    breaking_ka: Decimal | None
    is_ka_of_all: bool
    """Whether the breaking capacity is that of the panel, not of one breaker."""
    rest: str
    """The piece without all this."""

    @property
    def is_said(self) -> bool:
        """Tell whether anything of the supply is said."""
        return self.network is not None or self.volts is not None or self.breaking_ka is not None


def without_networks(text: str) -> str:
    """Return a text without what names networks: the wires in it are no wires that somebody asks about."""
    return _NETWORK.sub(" ", text)


def supplied(piece: str) -> Supplied:
    """Read what a piece says of the supply, each once; more of it stays in the rest."""
    network, volts, breaking = _NETWORK.search(piece), _VOLTS.search(piece), _KILOAMPERES.search(piece)
    rest = piece
    for pattern in (_NETWORK, _VOLTS, _KILOAMPERES):
        rest = pattern.sub(" ", rest, count=1)
    written = re.sub(r"\s", "", volts[1]) if volts else None
    found = None
    if network:
        found = Network(_PHASES[network["phases"].lower()], _WIRES[network["wires"].lower()], written)
    return Supplied(
        network=found,
        volts=written,
        breaking_ka=Decimal(breaking["ka"]) if breaking else None,
        is_ka_of_all=breaking is not None
        and (breaking["named"] is not None or _OF_ALL.search(piece) is not None),
        rest=rest,
    )
