"""What a template can ask for, and how ``{{names}}`` in its texts become values.

A placeholder may be spread over several runs (a spreadsheet splits them as soon as somebody edits half of one): the value takes the format of the
run in which it begins.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Final

from kis.platform.spreadsheet import FORMULA_STARTS

Value = str | Decimal | date

VALUE_FIELDS: Final = (
    "quotation.number",
    "quotation.date",
    "quotation.valid_until",
    "quotation.validity_days",
    "quotation.headline",
    "quotation.in_words",
    "quotation.project",
    "quotation.warnings",
    "quotation.conditions",
    "quotation.notes",
    "customer.name",
    "customer.company",
    "customer.contact",
    "customer.phone",
    "customer.email",
    "supplier.name",
    "supplier.registration_number",
    "supplier.representative",
    "supplier.address",
    "supplier.phone",
    "supplier.fax",
    "supplier.email",
    "supplier.website",
    "supplier.contact",
    "supplier.business_type",
    "supplier.business_item",
    "supplier.bank_account",
    "terms.delivery",
    "terms.payment",
    "terms.vat",
    "totals.subtotal",
    "totals.margin",
    "totals.discount",
    "totals.net",
    "totals.vat",
    "totals.total",
    "currency",
    "sources.price_book",
    "sources.rulebook",
    "sources.catalog",
    "sources.engine",
    "document.id",
    "document.digest",
)
"""Fields that have one value in a quotation."""

LINE_FIELDS: Final = (
    "line.number",
    "line.item",
    "line.spec",
    "line.unit",
    "line.quantity",
    "line.unit_price",
    "line.amount",
    "line.remark",
)
PANEL_FIELDS: Final = (
    "panel.number",
    "panel.name",
    "panel.quantity",
    "panel.specification",
    "panel.unit_subtotal",
    "panel.subtotal",
    "panel.remarks",
    "panel.row",
)
"""``panel.row`` is empty: it only says that its row belongs to the panel."""

FIELDS: Final = frozenset((*VALUE_FIELDS, *LINE_FIELDS, *PANEL_FIELDS))

RANGE_NAMES: Final[Mapping[str, str]] = {
    **{field.replace(".", "_"): field for field in VALUE_FIELDS},
    "totalprice": "totals.total",
    "subtotal": "totals.subtotal",
    "netprice": "totals.net",
    "vat": "totals.vat",
    "margin": "totals.margin",
    "discount": "totals.discount",
}
"""Names of ranges, in lower case (a spreadsheet's names have no case), and the field each asks for."""

PLACEHOLDER: Final = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_ILLEGAL: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPE: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
MAX_TEXT: Final = 32_767
"""Characters a cell can hold (ECMA-376 says nothing; every program that reads XLSX stops there)."""


def placeholders(text: str) -> list[str]:
    """Return the names asked for in ``text``, from left to right."""
    return [found[1] for found in PLACEHOLDER.finditer(text)]


def only_placeholder(text: str) -> str | None:
    """Return the name where ``text`` is one placeholder and nothing else."""
    found = PLACEHOLDER.fullmatch(text.strip())
    return None if found is None else found[1]


def nearest(name: str) -> tuple[str, ...]:
    """Return the known fields that ``name`` may have been meant for, the likeliest first."""
    known = sorted(FIELDS)
    by_tail = [field for field in known if field.rpartition(".")[2] == name.lower()]
    return tuple(dict.fromkeys([*by_tail, *get_close_matches(name.lower(), known, n=3, cutoff=0.6)]))[:3]


def substituted(runs: Sequence[str], value_of: Callable[[str], str]) -> list[str]:
    """Return the texts of ``runs`` with every placeholder replaced, wherever the borders between runs lie."""
    whole = "".join(runs)
    result = list(runs)
    borders = [sum(map(len, runs[:position])) for position in range(len(runs) + 1)]
    for found in reversed(list(PLACEHOLDER.finditer(whole))):
        value = value_of(found[1])
        for position in reversed(range(len(runs))):
            start = max(found.start(), borders[position])
            end = min(found.end(), borders[position + 1])
            if start >= end:
                continue
            base = borders[position]
            begins = borders[position] <= found.start()
            text = result[position]
            result[position] = text[: start - base] + (value if begins else "") + text[end - base :]
    return result


def shown(value: Value) -> str:
    """Return a value as it reads within a text: figures with thousands separators, dates as 2026-11-20."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:,.0f}" if value == value.to_integral_value() else f"{value.normalize():,f}"
    return legal(value)


def legal(text: str) -> str:
    """Return a text as a cell can hold it: without characters that XML forbids, never longer than a cell."""
    return _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))[:MAX_TEXT]


def escaped(text: str) -> str:
    """Return a text so that a spreadsheet shows it as it is: ``_x0041_`` would otherwise be read as the letter A (ECMA-376, ST_Xstring)."""
    return _ESCAPE.sub("_x005F_", text)


def looks_like_formula(text: str) -> bool:
    """Tell whether a program could take the text for a formula once somebody edits its cell."""
    return text.lstrip().startswith(FORMULA_STARTS)
