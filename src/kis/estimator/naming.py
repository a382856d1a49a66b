"""Breaker model names of the Korean makers, read apart (the naming rules of Sangdo and LS ELECTRIC).

Sangdo: S, B (MCCB) or E (ELB), E economy / S standard / C compact, frame digits, poles: ``SBE-104`` is an economy MCCB, 100AF, 4 poles.
LS ELECTRIC: A (MCCB) or E (ELB), B, N economy / S standard / H high, frame digits, poles: ``ABN-204``.
"""

import re
from dataclasses import dataclass
from typing import Final

from kis.catalog import BreakerKind

_FRAMES: Final = {"3": 30, "5": 50, "6": 60, "10": 100, "12": 125, "20": 250, "40": 400, "60": 600, "80": 800}
_SANGDO: Final = re.compile(
    r"S(?P<kind>[BE])(?P<grade>[ESC])(?P<frame>3|5|6|10|12|20|40|60|80)(?P<poles>[1-4])"
)
_LS: Final = re.compile(
    r"(?P<kind>[AE])B(?P<grade>[NSHL])(?P<frame>3|5|6|10|12|20|40|60|80)(?P<poles>[1-4])(?:FB|C)?"
)
_GRADES: Final = {
    "Sangdo": {"E": "economy", "S": "standard", "C": "compact"},
    "LS ELECTRIC": {"N": "economy", "S": "standard", "H": "high", "L": "limiting"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodedName:
    """What a model name says about its breaker."""

    make: str
    kind: BreakerKind
    grade: str
    frame_af: int
    poles: int


def plain_model(model: str) -> str:
    """Return a model name without the spaces and hyphens people write differently."""
    return re.sub(r"[\s\-_]", "", model).upper()


def decode(model: str) -> DecodedName | None:
    """Return what ``model`` says by its maker's naming rule, or None where no rule reads it."""
    plain = plain_model(model)
    for make, pattern, mccb in (("Sangdo", _SANGDO, "B"), ("LS ELECTRIC", _LS, "A")):
        found = pattern.fullmatch(plain)
        if found is not None:
            kind = BreakerKind.MCCB if found["kind"] == mccb else BreakerKind.ELB
            grade = _GRADES[make][found["grade"]]
            return DecodedName(
                make=make, kind=kind, grade=grade, frame_af=_FRAMES[found["frame"]], poles=int(found["poles"])
            )
    return None
