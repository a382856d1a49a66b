"""What people ask of a seller and not of a manual: prices, warranty, returns, delivery, whom to call. A manual answers it only where it says so itself.

Its words stand in many manuals about something else: a phone number is a field of a form, a plan is one of a floor. So of each matter it is told not only how it is
asked for, but also what an answer must have.
"""

import re
from collections.abc import Sequence
from typing import Final

_MATTERS: Final = {
    "price": (
        (
            r"\b(?:prices?|costs?|expensive|cheap|charge (?:for|me)|fees?)\b|가격|단가|요금|유료|(?<![가-힣])비용|"
            r"(?:수리|교체|설치|유지|라이선스|부품|배송) ?(?:비용|비|값)|(?<![가-힣])값(?:은|이)? ?(?:얼마|비싸|싸)"
        ),
        (
            r"[€$£₩¥]|\b(?:EUR|USD|KRW|euros?|dollars?|won)\b|\d\s*(?:만\s*)?원(?![가-힣])|가격|요금|\bprices?\b|"
            r"\bfree (?:software|of charge)\b|\bcosts? (?:nothing|you|extra|\d)|무료|무상|유상"
        ),
    ),
    "warranty": (
        r"\b(?:warrant(?:y|ies)|guarantee)\b|보증|무상 ?수리|\ba/?s ?기간",
        r"\bwarrant(?:y|ies)\b|\bguarantee|보증|무상",
    ),
    "returns": (
        r"\brefund|\bmoney back\b|\bsend (?:it|them) back\b|\breturn (?:it|the (?:unit|product|device))\b|환불|반품|교환해|교환 ?받",
        r"\brefund|\breturn(?:s|ed)?\b.{0,40}\b(?:dealer|seller|shop|manufacturer|days)\b|환불|반품|교환",
    ),
    "delivery": (
        (
            r"\bdelivery\b|\bdelivered? (?:time|take|to)\b|\bship(?:ping|ped)?\b.{0,30}\b(?:to|cost|time|take|free)\b|"
            r"\bshipping\b|배송|택배|배달|납기|며칠 만에 (?:오|도착)"
        ),
        r"\b(?:deliver(?:y|ies)|shipping|shipment|carrier)\b|배송|택배|납기|납품|운송",
    ),
    "contact": (
        (
            r"\bhotline\b|\b(?:phone|telephone) number of\b|\bcustomer (?:service|care|support)\b|\bwho (?:can|do) i call\b|"
            r"\bsupport (?:phone|number|line|e-?mail|contract)\b|(?:고객|콜|서비스) ?센터|상담 ?(?:원|전화)|문의 ?전화"
        ),
        r"\+?\d[\d ()]*[-–. ]\d{2,4}[-–. ]\d{3,4}|@[a-z0-9-]+\.|\b(?:hotline|telephone)\b|(?:고객|콜|서비스) ?센터",
    ),
    "purchase": (
        (
            r"\bwhere (?:can|do|could|should) (?:i|we) (?:buy|order|get a replacement|purchase)\b|\bshould i buy\b|"
            r"어디서 (?:사|구매|구입|살)|구매처|구입처|사려면"
        ),
        (
            r"\b(?:dealers?|order(?:ing)? (?:number|code|no)|part (?:number|no)|purchase[ds]?|buy|stockists?|spare parts?)\b|"
            r"대리점|판매점|구매|구입|주문"
        ),
    ),
    "discount": (r"\bdiscount|할인", r"\bdiscount|\brebate|할인"),
    "stock": (r"\bin stock\b|재고", r"\bstock|재고"),
    "subscription": (
        r"\bsubscri(?:be|ption)|\bcancel my\b|\b(?:monthly|yearly|cloud) plan\b|\bsupport contract\b|구독|해지|요금제|정기 ?결제",
        r"\bsubscri(?:be|ption)|\bplans?\b.{0,20}\b(?:month|year)|\bcontract\b|구독|해지|요금제|계약",
    ),
    "training": (
        (
            r"\btraining course|\bcertificat(?:e|ion) (?:course|or training)|\bofficial certificate\b|\bseminars?\b|"
            r"자격증|강의|강좌|교육 ?과정|학원"
        ),
        r"\btraining|\bcourses?\b|\bseminars?\b|자격|교육|강의|강좌",
    ),
    "machine": (
        (
            r"\bhow much (?:ram|memory)\b|\b(?:system|hardware) requirements\b|(?:^|\s)램(?:은|이|을)?(?=\s|$)|"
            r"메모리.{0,8}(?:몇|얼마).{0,4}(?:기가|GB)|최소 ?사양|권장 ?사양"
        ),
        r"\b(?:RAM|memory|requirements?)\b|메모리|사양|\d\s?(?:GB|MB|GiB|MiB)\b|기가",
    ),
}
"""Of each: how it is asked for, and what a text must have that tells it."""
_ASKED: Final = {
    matter: (re.compile(asked, re.IGNORECASE), re.compile(told, re.IGNORECASE))
    for matter, (asked, told) in _MATTERS.items()
}


def untold(question: str, texts: Sequence[str]) -> str:
    """Return the matter that a question asks for and none of the texts tells; nothing where there is none."""
    return next(
        (
            matter
            for matter, (asked, told) in _ASKED.items()
            if asked.search(question) and not any(map(told.search, texts))
        ),
        "",
    )
