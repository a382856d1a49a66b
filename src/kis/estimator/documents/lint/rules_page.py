"""docs/reference/document-rules.md, made from the rules themselves."""

from collections.abc import Iterator
from typing import Final, get_args

from kis.estimator.documents.brand.schema import Policy
from kis.estimator.documents.lint.registry import MOST_FINDINGS, RULES, UNREADABLE, Kinds, Rule
from kis.platform.messages import Message

_INTRODUCTION: Final = f"""# 문서 규칙 / Document rules

<!-- Made from the rules by kis.estimator.documents.lint.rules_page. -->

완성된 파일(XLSX, PDF, SVG, DXF)을 다시 열어 고객이 보는 그대로 검사한다. 파일을 만든 데이터는 보지 않는다. `error`는 관문 `lint`를 막고, `warning`은 보여 주기만 한다. 규칙마다 파일 하나에서 {MOST_FINDINGS}건까지 보고한다. 고객, 공사, 부하, 제조사, 형식의 이름과 브랜드 파일의 글은 KIS가 고른 말이 아니므로 맞춤법과 언어를 따지지 않는다.

The finished files (XLSX, PDF, SVG, DXF) are opened again and judged as a customer sees them; the data that made them is not looked at. An `error` stops the gate `lint`, a `warning` is shown. At most {MOST_FINDINGS} findings of one rule are reported for a file. Names of customers, projects, loads, makers and models, and the words of the brand file are not KIS's own: neither their spelling nor their language is judged.

기준값은 [브랜드 파일](brand.md)의 `policy`에 있다. The limits are in `policy` of the [brand file](brand.md).

| 파일 / Files | |
| --- | --- |
| XLSX | KIS의 견적 워크북 / the workbook of KIS |
| 양식 | 회사 양식을 채운 워크북 / a company's own template, filled |
| PDF | 견적서 / the quotation |
| SVG, DXF | 도면 / drawings |
"""
_COVER: Final = """## 표지 / The cover

PDF의 첫 쪽과 통합문서의 첫 시트에 `policy.required`의 요소가 모두 있고 견적의 값과 같아야 한다(관문 `cover`). 빈칸과 줄바꿈은 따지지 않고, 날짜와 금액은 뜻으로 비교한다. 공급자의 상호와 알림(예시 단가, 예시 회사, 검토 중)은 언제나 있어야 한다.

The first page of the PDF and the first sheet of a workbook hold every element of `policy.required`, as the quotation has it (gate `cover`). Blanks and line breaks do not count; dates and amounts are compared by what they mean. The supplier's name and the notices (illustrative prices, illustrative supplier, in review) are always wanted.

| 요소 / Element | | |
| --- | --- | --- |
"""
_ELEMENTS: Final = {
    "number": ("견적 번호", "quotation number"),
    "date": ("견적일. 일과 월이 헷갈리지 않는 꼴이면 된다.", "the date, in any form that cannot be misread"),
    "validity": ("유효 기간의 끝날", "the day until which it is valid"),
    "customer": ("받는 곳", "the customer"),
    "registration_number": (
        "사업자등록번호. 검증 숫자가 맞아야 한다(예시 번호 000-00-00000은 예외).",
        "the business registration number with a right check digit; the illustrative 000-00-00000 is exempt",
    ),
    "representative": ("대표자", "the representative"),
    "address": ("사업장 주소", "the address"),
    "seal": (
        "대표자 옆 40 mm 안의 직인. 직인 그림이 없는 회사와 통합문서는 (인) 자리로 된다.",
        "the seal within 40 mm of the representative; a workbook, or a company without a picture of its seal, needs the place for it",
    ),
    "delivery": ("납기", "delivery terms"),
    "payment": ("결제 조건", "payment terms"),
    "vat": ("부가가치세 별도 또는 포함. 둘 다 적으면 안 된다.", "VAT not included or included, not both"),
    "total": (
        "합계, 통화 기호가 있는 견적 금액, 글로 쓴 금액(일금 … 원정). 글과 숫자가 같아야 한다.",
        "the total, the quoted amount with its currency, and the amount in words, which must agree with the figure",
    ),
}
_FILES: Final[dict[str, str]] = {
    "quotation_xlsx": "XLSX",
    "template_xlsx": "양식",
    "quotation_pdf": "PDF",
    "drawing_svg": "SVG",
    "drawing_dxf": "DXF",
}


def rules_page() -> str:
    """Return the page: every rule with what it demands, and every element of the cover."""
    return (
        "\n".join((_INTRODUCTION, "## 규칙 / Rules\n", *_rules(), "", _COVER + "\n".join(_elements()))) + "\n"
    )


def _rules() -> Iterator[str]:
    yield "| ID | 판정 / Weight | 파일 / Files | 요구 | Demand |"
    yield "| --- | --- | --- | --- | --- |"
    whole = Message(f"lint.{UNREADABLE}.text")
    every = ", ".join(_FILES.values())
    yield f"| `{UNREADABLE}` | error | {every} | {whole.text('ko')} | {whole.text('en')} |"
    for rule in RULES:
        yield f"| `{rule.id}` | {rule.severity} | {_files(rule)} | {rule.text.text('ko')} | {rule.text.text('en')} |"


def _files(rule: Rule) -> str:
    kinds: Kinds = rule.kinds
    return ", ".join(name for kind, name in _FILES.items() if kind in kinds)


def _elements() -> Iterator[str]:
    wanted = get_args(get_args(Policy.model_fields["required"].annotation)[0])
    for element in wanted:
        korean, english = _ELEMENTS[element]
        yield f"| `{element}` | {korean} | {english} |"
