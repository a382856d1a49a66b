"""How a quotation is issued: by whom, under which number, and as which documents."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from kis.estimator.documents.brand import Brand, load_brand
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message

BRAND_FOLDER: Final = "library/brand"


class DocumentForm(StrEnum):
    """The forms of documents a user can choose."""

    XLSX = "xlsx"
    PDF = "pdf"
    SVG = "svg"
    DXF = "dxf"


ALL_FORMS: Final = tuple(DocumentForm)


@dataclass(frozen=True, slots=True)
class EarlierIssue:
    """A revision that was issued before: its mark (``R0``) and its day."""

    mark: str
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """How one quotation is issued.

    ``number`` is empty where none was given out; ``forms`` stand in the order of :class:`DocumentForm`; ``earlier`` are the revisions before this one,
    the first first, which its drawings list.
    """

    number: str = ""
    brand: Brand = field(default_factory=load_brand)
    forms: tuple[DocumentForm, ...] = ALL_FORMS
    earlier: tuple[EarlierIssue, ...] = ()


def forms_of(words: Iterable[str]) -> tuple[DocumentForm, ...]:
    """Return the forms named by ``words``, each once. Raises BadInput naming every unknown word."""
    wanted = [word.strip().lower() for word in words if word.strip()]
    known = {form.value for form in DocumentForm}
    unknown = [word for word in wanted if word not in known]
    if unknown or not wanted:
        values = {"known": ", ".join(form.value for form in DocumentForm)}
        raise BadInput(
            "--documents",
            [Problem(word, Message("issuing.unknown_form", values)) for word in unknown or [""]],
        )
    return tuple(form for form in DocumentForm if form.value in wanted)
