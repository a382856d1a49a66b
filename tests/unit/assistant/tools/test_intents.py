"""Questions for a price, and those that only sound like it."""

import pytest

from kis.assistant.tools.intents import LONGEST, asks_price
from kis.assistant.tools.listing import listing_of

PRICE = (
    "가격은?",
    "가격",
    "가격이 얼마예요?",
    "가격 얼마야",
    "가격 알려 주세요",
    "가격 좀 알려줘",
    "가격이 궁금합니다",
    "가격 문의드립니다",
    "이 제품 가격은 얼마인가요?",
    "단가",
    "단가는?",
    "단가가 어떻게 되나요?",
    "단가 얼마입니까",
    "단가 확인 부탁드립니다",
    "판매가는 얼마인가요?",
    "소비자가가 얼마죠",
    "판매 가격 알려줘",
    "개당 가격이 얼마예요",
    "공급가 얼마예요",
    "금액이 얼마인가요?",
    "이거 값이 얼마예요?",
    "개당 값이 얼마인가요",
    "얼마예요?",
    "얼마인가요",
    "얼마",
    "이거 얼마예요?",
    "이건 얼마죠?",
    "이 차단기 얼마인가요?",
    "이 제품은 얼마예요",
    "이 차단기는 하나에 얼마예요?",
    "한 개에 얼마야?",
    "개당 얼마예요?",
    "얼마에 팔아요?",
    "이 모델 얼마해요?",
    "몇 원이에요?",
    "What is the price?",
    "price?",
    "Price of this breaker",
    "What's the unit price",
    "list price please",
    "Can you tell me the price of this one?",
    "How much does it cost?",
    "how much does this breaker cost",
    "How much is it?",
    "how much is this",
    "How much are they each?",
    "How much is this one?",
    "How much for one?",
    "What does it cost?",
    "What does this part cost?",
    "What is the cost of it?",
    "What is the pricing?",
)
NO_PRICE = (
    "설정값은 얼마인가요?",
    "측정값을 읽는 방법",
    "전류 값을 바꾸려면?",
    "차단 용량은 얼마인가요?",
    "정격 전류가 얼마예요?",
    "무게가 얼마인가요?",
    "크기가 얼마예요",
    "토크는 얼마로 조이나요?",
    "얼마나 자주 점검하나요?",
    "얼마나 기다려야 하나요?",
    "얼마 동안 보관할 수 있나요?",
    "설치 비용은 얼마예요?",
    "설치비는 얼마예요?",
    "수리비가 얼마인가요",
    "배송비 얼마예요?",
    "운송 비용 알려 주세요",
    "전기 요금이 얼마예요?",
    "전력 단가는 얼마인가요?",
    "단가표는 어디에 있나요?",
    "가격 경쟁력이 있나요?",
    "이 차단기는 몇 극인가요?",
    "몇 번 눌러야 하나요?",
    "값이 0이면 어떻게 하나요?",
    "값을 읽으려면?",
    "정격 전류 값은?",
    "절연저항 값은 얼마입니까?",
    "차단용량 값 알려줘",
    "이 차단기 토크 값이 얼마예요?",
    "얼마 전에 산 차단기가 떨어져요",
    "사용 온도는 얼마까지인가요?",
    "보증 기간은 얼마인가요?",
    "이 차단기는 무엇인가요?",
    "어떻게 설치하나요?",
    "",
    "How much does it weigh?",
    "How much current does it carry?",
    "How much torque is needed?",
    "How much clearance is there?",
    "How much is the clearance to the wall?",
    "How much is the rated current?",
    "How much time does it take?",
    "How much power does this breaker lose?",
    "What does the red lamp mean?",
    "What is the energy cost of the unit?",
    "What is the installation cost?",
    "shipping price to Busan",
    "cost of repair",
    "Where is the price list policy printed?",
    "How do I remove the price tag?",
    "At what cost to safety may the cover be removed?",
    "How long does it last?",
    "How do I reset it?",
    "What is the breaking capacity?",
    "Is it priceless?",
)


@pytest.mark.parametrize("text", PRICE)
def test_a_price_is_asked_for(text: str) -> None:
    assert asks_price(text)
    assert listing_of(text) is None


@pytest.mark.parametrize("text", NO_PRICE)
def test_something_else_is_asked_for(text: str) -> None:
    assert not asks_price(text)


def test_in_a_long_text_a_price_is_mentioned_by_the_way() -> None:
    assert asks_price("가격은?" + " " * LONGEST)
    assert not asks_price("a" * LONGEST + " price?")
