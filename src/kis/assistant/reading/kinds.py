"""Kinds of answers: what a question wants to be told, and which passages tell such things. How far is asked, and lengths stand there."""

import re
from collections.abc import Iterable
from typing import Final

_MEASURES: Final = {
    "length": (
        (
            r"\bhow (?:far|deep|high|wide|tall|thick|close|near|large|big)\b|\bdistance|\bclearance|\blength|"
            r"\bwidth|\bheight|\bdepth|몇 (?:미터|밀리|센티|cm|mm|m)|거리|간격|길이|높이|깊이|너비|폭"
        ),
        r"(?:mm|cm|m|km|metres?|meters?|inch(?:es)?|미터|밀리미터|센티미터)(?![\w/²³·])",
    ),
    "mass": (
        r"\bhow heavy\b|\bweigh|\bload\b|\bkilos?|무게|하중|몇 (?:킬로|kg|그램|g)|무거",
        r"(?:kg|g|t|tonnes?|grams?|킬로그램|그램|톤)(?![\w/])",
    ),
    "time": (
        (
            r"\bhow (?:long|often|soon|quick|quickly|fast)\b|\bwhen\b|\b(?:minutes?|seconds?|hours?|days?|"
            r"months?|years?)\b|\binterval|몇 (?:초|분|시간|일|년|달|개월|주)|언제|얼마나 오래|얼마 ?동안|얼마 만에|주기|얼마마다|기간|지나"
        ),
        (
            r"(?:s|ms|min|h|seconds?|minutes?|hours?|days?|weeks?|months?|years?|초|분|시간|일|주|달|개월|년|"
            r"해)(?![a-zA-Z/²])"
        ),
    ),
    "temperature": (
        r"\bhow (?:hot|warm|cold)\b|temperature|몇 도|온도|영하|영상|뜨거|추운|더운",
        r"(?:°C|°F|℃|K|도|degrees)(?![\w])",
    ),
    "pressure": (
        r"\bpressure|몇 (?:바|bar)|압력|수압|기압",
        r"(?:bar|kPa|MPa|Pa|hPa|psi|바)(?![\w])",
    ),
    "volume": (
        r"\bhow much (?:oil|water|fluid|air)|\bvolume\b|\bcapacity|\blitres?|\bliters?|몇 (?:리터|L)|용량",
        r"(?:l|L|ml|mL|litres?|liters?|cc|m³|리터)(?![\w])",
    ),
    "torque": (
        r"torque|\btight|토크|조이|조여|조임|몇 N",
        r"(?:N\s*·?\s*m|Nm)\b",
    ),
    "current": (
        r"\bcurrent\b|\bamp|\bfuse|전류|암페어|퓨즈",
        r"(?:m?A|암페어)(?![\w])",
    ),
    "voltage": (
        r"\bvolt|전압|몇 (?:V|볼트)",
        r"(?:k?V|볼트)(?![\w])",
    ),
    "sound": (
        r"\bhow loud\b|\bnoise\b|\bloud|소음|시끄",
        r"dB",
    ),
    "share": (
        r"\bpercent|\bhow much (?:more|less)\b|\bratio\b|퍼센트|비율|몇 %",
        r"(?:%|percent|퍼센트)",
    ),
}
"""Of each quantity: how it is asked for, and the units it is told in."""
_OTHERS: Final = {
    "colour": (
        r"\bcolou?rs?\b|무슨 색|어떤 색|색깔|빛깔|색이",
        (
            r"\b(?:red|green|blue|yellow|orange|white|amber|grey|gray|brown|violet|black)\b|빨간|빨강|붉|초록|녹색|파란|"
            r"파랑|푸른|노란|노랑|주황|흰|하얀|하양|검은|검정|회색|갈색"
        ),
    ),
    "partno": (
        r"\bpart (?:number|no)|\border(?:ing)? (?:number|code|no)|\barticle number|품번|부품 번호|주문 번호|품목 번호",
        r"\b[A-Z]{1,5}\d*-[A-Z]*\d[A-Z0-9-]*\b",
    ),
    "allowed": (
        (
            r"\b(?:may|can|should|must|is it|are)\b|allowed|permitted|permissible|되나요|"
            r"됩니까|될까|되는지|괜찮|해도|써도|아도|어도|안 되|가능|금지"
        ),
        (
            r"(?i:\b(?:must not|never|do not|may not|may|only|forbidden|not allowed|allowed)\b)|않는다|않습니다|마십시오|"
            r"말 것|안 된다|안 됩니다|금지|없다|된다|괜찮"
        ),
    ),
    "fault": (
        (
            r"\b(?:error|fault|message|alarm)\b|won't|doesn't|does not|refuses|nothing happens|not working|"
            r"broken|고장|오류|경보|안 되|안 돼|안 나|않아|에러|이상"
        ),
        r"(?i:\b(?:fault|error|trip|remedy|cause|check whether|alarm)\b)|고장|원인|오류|경보",
    ),
    "steps": (
        r"\bhow (?:do|can|to|should)\b|\bsteps?\b|\bprocedure|방법|어떻게|절차|순서|하려면|려면",
        r"(?m:^\s*\d{1,2}[.)] )",
    ),
}
"""Of what is told without a unit: how it is asked for, and by which words it is told."""
KINDS: Final = (*_MEASURES, *_OTHERS)
_ASKED: Final = tuple(
    re.compile(asked, re.IGNORECASE) for asked, _ in (*_MEASURES.values(), *_OTHERS.values())
)
_FIGURE: Final = re.compile(
    r"(?<![\w.])\d[\d.,]*\s*(?:"
    + "|".join(f"(?P<{kind}>{units})" for kind, (_, units) in _MEASURES.items())
    + ")"
)
_TOLD: Final = {kind: re.compile(told) for kind, (_, told) in _OTHERS.items()}


def wanted(question: str) -> list[str]:
    """Return the kinds of answers that a question may want."""
    return [kind for kind, asked in zip(KINDS, _ASKED, strict=True) if asked.search(question)]


def told(texts: Iterable[str]) -> dict[str, frozenset[int]]:
    """Return of each kind the places of the texts that tell such things."""
    places: dict[str, set[int]] = {kind: set() for kind in KINDS}
    for place, text in enumerate(texts):
        for figure in _FIGURE.finditer(text):
            if figure.lastgroup:
                places[figure.lastgroup].add(place)
        for kind, words in _TOLD.items():
            if words.search(text):
                places[kind].add(place)
    return {kind: frozenset(some) for kind, some in places.items()}
