"""Quotations as business objects: accepted once, made by a job, kept with everything that proves them, frozen when sent.

``Quotations`` has the use cases, ``handlings`` the work behind them; ``docs/reference/quotations.md`` tells the life of a quotation.
"""

from kis.quotations.accepting import Answer
from kis.quotations.errors import (
    GateNotAcceptable,
    KeyReused,
    MixedExceptionsExhausted,
    QuotationNotFound,
    StatusConflict,
    TotalsDisagree,
)
from kis.quotations.libraries import Libraries, ShippedLibraries
from kis.quotations.library import OrganizationLibraries, library_for
from kis.quotations.life import EventKind, Origin, Status
from kis.quotations.means import Means
from kis.quotations.reading import FILTERS, SORTS, Listed, Whole
from kis.quotations.requests import read_body
from kis.quotations.rulebooks import NoSuchRulebook, RulebookHead, Rulebooks, RulebookTaken
from kis.quotations.service import Quotations, handlings

__all__ = [
    "FILTERS",
    "SORTS",
    "Answer",
    "EventKind",
    "GateNotAcceptable",
    "KeyReused",
    "Libraries",
    "Listed",
    "Means",
    "MixedExceptionsExhausted",
    "NoSuchRulebook",
    "OrganizationLibraries",
    "Origin",
    "QuotationNotFound",
    "Quotations",
    "RulebookHead",
    "RulebookTaken",
    "Rulebooks",
    "ShippedLibraries",
    "Status",
    "StatusConflict",
    "TotalsDisagree",
    "Whole",
    "handlings",
    "library_for",
    "read_body",
]
