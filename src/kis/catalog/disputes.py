"""Figures on which sources disagree: which one this catalogue took, what the other says, and who says it.

A reading stays here until a maker's own sheet settles it. Once a catalogue holds another value than ``ours``, its
owner has decided, and the dispute is no longer reported.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """One field of one row. ``source`` is the key of the text that names who gives the other reading."""

    table: str
    model: str
    field: str
    ours: str
    other: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlineDispute:
    """The outline of a whole frame, three poles unless said: ours by the maker's catalogue, the other by an older table."""

    frame_af: int
    poles: int
    ours: str
    other: str


def _breaker(model: str, field: str, ours: str, other: str, source: str) -> Dispute:
    return Dispute(table="breakers", model=model, field=field, ours=ours, other=other, source=source)


def _contactor(model: str, ours: str, other: str, source: str) -> Dispute:
    return Dispute(table="accessories", model=model, field="width_mm", ours=ours, other=other, source=source)


DISPUTES: Final = (
    _breaker("SBS-103", "width_mm", "90", "75", "earlier_list"),
    _breaker("SES-103", "width_mm", "90", "75", "earlier_list"),
    *(
        _breaker(model, "height_mm", "155", "130", "earlier_list")
        for model in ("SBS-103", "SBS-104", "SES-103", "SES-104")
    ),
    _breaker("SBS-53", "height_mm", "130", "96", "earlier_list"),
    _breaker("EBN-803", "ratings_a", "700/800", "500/600", "earlier_list"),
    *(_breaker(model, "icu_ka", "26", "37", "earlier_list") for model in ("ABN-202", "ABN-203", "ABN-204")),
    *(_breaker(model, "icu_ka", "37", "50", "earlier_list") for model in ("ABS-202", "ABS-203", "ABS-204")),
    _contactor("MC-32..40", "69", "45", "older_sheet"),
    _contactor("MC-50..65", "79", "55", "older_sheet"),
    _contactor("MC-75..100", "94", "70", "older_sheet"),
    _contactor("MC-9..22", "45", "50", "earlier_contactors"),
    _contactor("MC-32..40", "69", "60", "earlier_contactors"),
    _contactor("MC-50..65", "79", "70", "earlier_contactors"),
)

OUTLINE_DISPUTES: Final = (
    OutlineDispute(frame_af=100, poles=3, ours="75×130×60", other="90×155"),
    OutlineDispute(frame_af=250, poles=2, ours="105×165×60", other="W 70"),
    OutlineDispute(frame_af=250, poles=3, ours="105×165×60", other="140×210×80"),
    OutlineDispute(frame_af=400, poles=3, ours="140×257×109", other="185×275×103"),
    OutlineDispute(frame_af=800, poles=3, ours="210×280×109", other="280×335×150"),
)
