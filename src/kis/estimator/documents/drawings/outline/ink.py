"""How an outline is inked, and the words it uses."""

from typing import Final

from kis.estimator.documents.drawings import palette
from kis.estimator.documents.drawings.panel_facts import PanelFacts
from kis.estimator.documents.drawings.sheet import Style
from kis.platform.messages import Message

CUT: Final = Style(stroke="#c1121f", weight_mm=palette.MEDIUM_MM)
BODY: Final = palette.BOX
HIDDEN: Final = Style(stroke=palette.INK, weight_mm=palette.MEDIUM_MM, dash_mm=(2.0, 1.0))
LEAF: Final = Style(stroke=palette.INK, weight_mm=palette.MEDIUM_MM, fill="#f8f9fa")
FOLD: Final = Style(stroke="#8d96a0", weight_mm=palette.THIN_MM)
METAL: Final = Style(stroke=palette.INK, weight_mm=palette.MEDIUM_MM, fill="#dfe3e7")
FITTING: Final = Style(stroke=palette.INK, weight_mm=palette.MEDIUM_MM, fill="#c9ced4")
HOLE: Final = Style(stroke=palette.INK, weight_mm=palette.THIN_MM, fill=palette.PAPER)
GLAND: Final = Style(stroke=palette.INK, weight_mm=palette.MEDIUM_MM, fill=palette.PAPER)
INSTRUMENT: Final = Style(stroke=palette.DOOR_INK, weight_mm=palette.MEDIUM_MM)
CENTRE: Final = Style(stroke=palette.DOOR_INK, weight_mm=palette.THIN_MM, dash_mm=(2.0, 0.6, 0.4, 0.6))
SIGN: Final = Style(stroke=palette.INK, weight_mm=palette.MEDIUM_MM, fill=palette.YELLOW)
FLASH: Final = Style(fill=palette.INK)
PLATE: Final = Style(stroke=palette.INK, weight_mm=palette.MEDIUM_MM, fill=palette.PAPER)
PHANTOM: Final = Style(
    stroke=palette.MUTED, weight_mm=palette.THIN_MM, dash_mm=(4.0, 0.8, 0.6, 0.8, 0.6, 0.8)
)
LEADER: Final = Style(stroke=palette.INK, weight_mm=palette.THIN_MM)


def say(facts: PanelFacts, key: str, **values: object) -> str:
    """Return a text of the outline in the sheet's language."""
    return Message(f"outline.{key}", values).text(facts.locale)
