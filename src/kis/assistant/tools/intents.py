"""What else is asked for that no manual tells: the price of the product that is spoken of."""

import re
from typing import Final

from kis.assistant.answering.wording import normal

_THIS: Final = r"(?:이거|이것|이건|저거|그거|이\s*(?:제품|차단기|모델|부품|함|외함)|제품|차단기|모델)"
_ASKS: Final = r"(?:얼마(?:나|죠|예요|에요|야|지|인가요|인지|입니까|정도|쯤|하나요|합니까|해요)?|알려|궁금|좀|주세요|부탁|문의|확인|보여|뭐|어떻게|되나|됩니까|되죠|몇)"
_KOREAN: Final = re.compile(
    rf"(?:판매\s*|소비자\s*|공급\s*|구매\s*|매입\s*|개당\s*|표준\s*)?(?:가격|단가|판매가|소비자가|공급가|구매가|금액)(?:이|가|은|는|을|를|도|만)?\s*(?:{_ASKS}|[?.!]*$)"
    # What is short for a price is also said of every figure there is: of a current, a time, a torque.
    rf"|^\W*{_THIS}?(?:의|은|는)?\s*(?:한\s*개\s*|하나\s*|개당\s*)?값(?:이|은|을|도|만)?\s*(?:{_ASKS}|[?.!]*$)"
    rf"|^\W*{_THIS}?(?:은|는|이|가)?\s*(?:한\s*개(?:에|당)?\s*|하나(?:에)?\s*|개당\s*)?얼마(?:나\s*(?:해요|하나요|합니까|하죠))?(?:예요|에요|야|죠|지요|인가요|입니까|인지|해요|하나요|정도예요|정도인가요)?(?:\s*알려\s*(?:줘|주세요|주십시오))?\W*$"
    r"|얼마에\s*(?:팔|파|살|판매|구매)|몇\s*원",
)
_ENGLISH: Final = re.compile(
    r"\b(?:unit\s+|list\s+|net\s+|selling\s+|retail\s+)?pric(?:e|es|ing)\b(?!\s+(?:tag|label)s?\b)"
    r"|\bhow\s+much\s+(?:does|do|would|will)\s+(?:it|this|these|they|one|(?:this|the|an?)\s+[\w-]+(?:\s+[\w-]+)?)\s+cost\b"
    r"|\bhow\s+much\s+(?:is|are|for)\s+(?:it|this|these|they|that|one|(?:this|the)\s+(?:one|breaker|part|product|model|enclosure|box))(?:\s+(?:each|apiece))?\s*\W*$"
    r"|\bwhat(?:'s|\s+is|\s+does)\s+(?:the\s+cost\s+of\s+)?(?:it|this|one|this\s+(?:breaker|part|product|model|enclosure|box))\s+cost\b"
    r"|\bwhat(?:'s|\s+is)\s+the\s+(?:unit\s+)?cost\s+(?:of|for)\s+(?:it|this|one)\b",
    re.IGNORECASE,
)
_NO_PRICE: Final = re.compile(
    r"설정\s*값|측정\s*값|값을\s*(?:설정|바꾸|변경|입력|읽)|(?:설치|시공|수리|배송|운송|운임|유지|보수|교체)\s*(?:비|비용|가격|단가|금액)|경쟁력|변동|인상|전력\s*(?:단가|요금)|전기\s*요금|가격표시|단가표|가격표"
    r"|\b(?:install\w*|repair\w*|shipping|delivery|freight|labou?r|energy|electricity|maintenance)\s+(?:cost|price)s?\b|\bpric\w+\s+(?:book|list|policy|display|table)s?\b"
    r"|\b(?:cost|price)s?\s+(?:of|for)\s+(?:install\w*|repair\w*|shipping|delivery|energy|electricity|maintenance)|\bpriceless\b",
    re.IGNORECASE,
)
LONGEST: Final = 120
"""Who asks for a price asks briefly; in a longer text the word stands for something else."""


def asks_price(text: str) -> bool:
    """Tell whether the price of the product is asked for."""
    text = normal(text).strip()
    if len(text) > LONGEST or _NO_PRICE.search(text):
        return False
    return _KOREAN.search(text) is not None or _ENGLISH.search(text) is not None
