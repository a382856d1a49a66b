"""The brand file: who issues a quotation, and how it looks and speaks (docs/reference/brand.md).

Colours, logo, seal, texts, terms and conditions of a company; and the policy its documents are judged by. What a file leaves out comes from the
defaults here, but never the supplier: nobody else's name may stand on a quotation.
"""

import re
from typing import Annotated, Final, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from kis.platform.messages import Locale

SCHEMA: Final = "kis.brand/1"
COLOUR_FORM: Final = r"^#[0-9a-fA-F]{6}$"
FILE_NAME_FORM: Final = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$"
REGISTRATION_FORM: Final = r"^\d{3}-\d{2}-\d{5}$"
ORGANISATION_FORM: Final = r"^[A-Z0-9]{1,8}$"

Colour = Annotated[str, Field(pattern=COLOUR_FORM)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Paragraph = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
FileName = Annotated[str, Field(pattern=FILE_NAME_FORM)]


class BrandModel(BaseModel):
    """A block of a brand file: frozen, and closed to names it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(BrandModel):
    """A line in both languages."""

    ko: Line
    en: Line

    def text(self, locale: Locale) -> str:
        """Return the line in ``locale``."""
        return self.ko if locale == "ko" else self.en


class LongWords(BrandModel):
    """A paragraph in both languages."""

    ko: Paragraph
    en: Paragraph

    def text(self, locale: Locale) -> str:
        """Return the paragraph in ``locale``."""
        return self.ko if locale == "ko" else self.en


class Supplier(BrandModel):
    """The company that quotes. Only the name is needed to load a file; the cover gate names what a Korean quotation still lacks."""

    name: Words
    registration_number: Annotated[str, Field(pattern=REGISTRATION_FORM)] | None = None
    representative: Words | None = None
    address: Words | None = None
    phone: Line | None = None
    fax: Line | None = None
    email: Line | None = None
    website: Line | None = None
    contact: Words | None = None
    business_type: Words | None = None
    """업태."""
    business_item: Words | None = None
    """종목."""
    bank_account: Words | None = None


class Colours(BrandModel):
    """Inks of workbook and PDF, as #rrggbb; drawings keep the colours of the conductors."""

    primary: Colour = "#1f3a5f"
    accent: Colour = "#c8962e"
    ink: Colour = "#15181b"
    muted: Colour = "#5b6570"
    rule: Colour = "#b4bac1"
    fill: Colour = "#eef1f4"


class Fonts(BrandModel):
    """Letters of PDF and workbook. ``family`` must be that of ``files`` where a company brings its own; the workbook only names a font."""

    family: Line = "NanumBarunGothic"
    files: tuple[FileName, ...] = ()
    workbook: Line = "맑은 고딕"


class Texts(BrandModel):
    """Sentences a company words itself."""

    greeting: LongWords = LongWords(
        ko="아래와 같이 견적합니다.", en="We are pleased to submit the following quotation."
    )
    confidentiality: Words = Words(
        ko="이 문서는 수신처의 검토용이며, 당사의 서면 동의 없이 제3자에게 제공할 수 없습니다.",
        en="This document is for its addressee alone; it may not be passed on without our written consent.",
    )


class Terms(BrandModel):
    """Terms where the request says none."""

    delivery: Words | None = None
    payment: Words | None = None
    vat: Literal["separate", "included"] = "separate"


class Numbering(BrandModel):
    """How quotations are numbered: ``organisation`` begins every number (HB-2026-0042-R0)."""

    organisation: Annotated[str, Field(pattern=ORGANISATION_FORM)] = "KIS"


class Signatures(BrandModel):
    """Names in the title block of drawings."""

    drawn: Words | None = None
    checked: Words | None = None
    approved: Words | None = None


class ClaimWords(BrandModel):
    """Words that promise what nobody can keep."""

    ko: tuple[str, ...] = (
        "100% 보장",
        "100 % 보장",
        "완벽한",
        "완벽하게",
        "최고의",
        "절대 안전",
        "무조건",
        "영구 보증",
    )
    en: tuple[str, ...] = (
        "100% guaranteed",
        "100 % guaranteed",
        "perfect",
        "the best",
        "absolutely safe",
        "lifetime warranty",
        "never fails",
    )


CoverElement = Literal[
    "number",
    "date",
    "validity",
    "customer",
    "registration_number",
    "representative",
    "address",
    "seal",
    "delivery",
    "payment",
    "vat",
    "total",
]
"""What a cover can be required to show."""


class Policy(BrandModel):
    """What the finished documents are judged by (the gates ``cover`` and ``lint``)."""

    absolute_claims: ClaimWords = ClaimWords()
    smallest_text_pt: Annotated[float, Field(ge=4, le=12)] = 6.0
    least_margin_mm: Annotated[float, Field(ge=0, le=30)] = 10.0
    required: tuple[CoverElement, ...] = get_args(CoverElement)


class BrandFile(BrandModel):
    """A whole brand file. ``illustrative`` marks an example company: every document made with it says so."""

    schema_: Annotated[Literal["kis.brand/1"], Field(alias="schema")]
    illustrative: bool = False
    supplier: Supplier
    numbering: Numbering = Numbering()
    colours: Colours = Colours()
    fonts: Fonts = Fonts()
    logo: FileName | None = None
    seal: FileName | None = None
    template: FileName | None = None
    texts: Texts = Texts()
    terms: Terms = Terms()
    conditions: Annotated[tuple[LongWords, ...], Field(max_length=20)] = ()
    signatures: Signatures = Signatures()
    policy: Policy = Policy()

    @field_validator("supplier")
    @classmethod
    def _check_digit_holds(cls, supplier: Supplier) -> Supplier:
        number = supplier.registration_number
        if number is not None and number != ILLUSTRATIVE_NUMBER and not is_registration_number(number):
            raise ValueError("registration_number: the check digit is wrong")
        return supplier


ILLUSTRATIVE_NUMBER: Final = "000-00-00000"
"""Stands where an example company would have its number; no company can have it."""


def is_registration_number(number: str) -> bool:
    """Tell whether a 사업자등록번호 has the right check digit (weights 1 3 7 1 3 7 1 3 5, the ninth digit also × 5 ÷ 10; National Tax Service)."""
    digits = [int(digit) for digit in re.sub(r"\D", "", number)]
    if len(digits) != 10:
        return False
    total = sum(digit * weight for digit, weight in zip(digits, (1, 3, 7, 1, 3, 7, 1, 3, 5), strict=False))
    total += digits[8] * 5 // 10
    return (10 - total % 10) % 10 == digits[9]
