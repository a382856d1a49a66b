"""What a seller tells and a manual mostly does not: asked for, and told only where an answer can stand."""

import pytest

from kis.assistant.answering.services import untold


@pytest.mark.parametrize(
    ("question", "text", "matter"),
    [
        ("What does the QX-100 cost?", "The QX-100 weighs 1.4 kg.", "price"),
        ("라이선스 비용은 얼마인가요", "라이선스 사본을 함께 배포합니다.", "price"),
        ("Is the warranty void if I open it?", "Open the cover with a coin.", "warranty"),
        ("환불받고 싶어요", "취소 단추를 누르면 되돌아갑니다.", "returns"),
        ("how long is delivery to Canada", "The delivered address is 12.", "delivery"),
        ("phone number of the support hotline", "Phone: Display the address phone number.", "contact"),
        ("고객센터 전화번호 알려주세요", "전화번호는 텍스트로 입력합니다.", "contact"),
        ("where can I buy a spare lamp?", "Change the lamp when it flickers.", "purchase"),
        ("how do I cancel my cloud plan", "Draw the plan of the floor.", "subscription"),
        ("how much RAM does my laptop need?", "Press the button on the front.", "machine"),
    ],
)
def test_what_no_text_tells_is_named(question: str, text: str, matter: str) -> None:
    assert untold(question, [text]) == matter


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What does the QX-100 cost?", "Price list: QX-100, 120 EUR."),
        ("does it cost anything to use?", "It is free software under the GPL."),
        ("Is the warranty void if I open it?", "Opening the housing ends the warranty."),
        ("보증 기간은 얼마인가요?", "보증은 인수한 날부터 3년입니다."),
        ("phone number of the support hotline", "Call +49 30 1234-5678 on weekdays."),
        ("where can I buy a spare lamp?", "Spare parts have the part numbers below."),
        ("how much RAM does my laptop need?", "At least 2 GB are needed."),
        ("특별 할인 한도는 몇 퍼센트인가요?", "할인 한도는 17퍼센트이며 영업부장이 승인합니다."),
        ("조건에 맞는 값은 어떻게 찾나요", "조건을 입력합니다."),
        ("기본값이 얼마인가요", "너비를 입력합니다."),
    ],
)
def test_what_a_text_tells_or_nobody_asks_is_not(question: str, text: str) -> None:
    assert untold(question, [text]) == ""
