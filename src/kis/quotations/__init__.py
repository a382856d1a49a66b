"""Quotations as business objects: accepted once, made by a job, kept with everything that proves them, frozen when sent.

``Quotations`` has the use cases, ``handlings`` the work behind them; ``docs/reference/quotations.md`` tells the life of a quotation.
"""

from kis.quotations.accepting import Answer
from kis.quotations.brands import brand_of
from kis.quotations.closing import chores
from kis.quotations.days import today_of
from kis.quotations.documents import LinkedDocument, Task, TaskNotFound
from kis.quotations.errors import (
    GateNotAcceptable,
    KeyReused,
    MixedExceptionsExhausted,
    QuotationNotFound,
    StatusConflict,
    TotalsDisagree,
)
from kis.quotations.figures import measure_quotations
from kis.quotations.finding import FindableQuotation, findable
from kis.quotations.gates import GateAccepted
from kis.quotations.libraries import Libraries
from kis.quotations.library import OrganizationLibraries, library_for
from kis.quotations.life import EventKind, Origin, Status
from kis.quotations.means import Means
from kis.quotations.reading import FILTERS, SORTS, Listed, Whole
from kis.quotations.requests import read_body
from kis.quotations.revising import Otherwise
from kis.quotations.rulebooks import NoSuchRulebook, RulebookHead, Rulebooks, RulebookTaken
from kis.quotations.sending import Sent
from kis.quotations.service import Quotations, handlings
from kis.quotations.showing import Currency
from kis.quotations.sniffing import form_of
from kis.quotations.streaming import STEP
from kis.quotations.validating import Found, Ruleset, Validated

__all__ = [
    "FILTERS",
    "SORTS",
    "STEP",
    "Answer",
    "Currency",
    "EventKind",
    "FindableQuotation",
    "Found",
    "GateAccepted",
    "GateNotAcceptable",
    "KeyReused",
    "Libraries",
    "LinkedDocument",
    "Listed",
    "Means",
    "MixedExceptionsExhausted",
    "NoSuchRulebook",
    "OrganizationLibraries",
    "Origin",
    "Otherwise",
    "QuotationNotFound",
    "Quotations",
    "RulebookHead",
    "RulebookTaken",
    "Rulebooks",
    "Ruleset",
    "Sent",
    "Status",
    "StatusConflict",
    "Task",
    "TaskNotFound",
    "TotalsDisagree",
    "Validated",
    "Whole",
    "brand_of",
    "chores",
    "findable",
    "form_of",
    "handlings",
    "library_for",
    "measure_quotations",
    "read_body",
    "today_of",
]
