"""Each way of altering a sentence is caught by a rule of its own, in both languages, and what says the same in other words is kept."""

import pytest

from kis.assistant.answering.verifying import verify
from kis.assistant.things import Passage

CASES = {
    "a noun in the place of another": [
        (
            "Rinse the strainer with vinegar before the first use.",
            "The strainer is rinsed with vinegar before it is first used.",
            "Rinse the strainer with brine before the first use.",
        ),
        ("심판은 휘슬을 목에 건다.", "심판은 휘슬을 목에 걸어야 합니다.", "선수는 휘슬을 목에 건다."),
    ],
    "a noun that the passage has elsewhere": [
        (
            "The gauge shows the pressure and the sight glass shows the level.",
            "The level is shown by the sight glass.",
            "The gauge shows the level.",
        ),
        ("사공은 노를, 손님은 밧줄을 잡는다.", "손님은 밧줄을 잡습니다.", "사공은 밧줄을 잡는다."),
    ],
    "a modifier": [
        (
            "Hang the wet sail on the outer rail.",
            "The outer rail is where the wet sail hangs.",
            "Hang the wet sail on the upper rail.",
        ),
        ("비상 열쇠는 금고에 둔다.", "비상 열쇠를 두는 곳은 금고입니다.", "예비 열쇠는 금고에 둔다."),
    ],
    "opposites": [
        (
            "The flap swings inwards when the fan starts.",
            "When the fan starts, the flap swings to the inside.",
            "The flap swings outwards when the fan starts.",
        ),
        (
            "거름종이와 원두는 따로 버린다.",
            "거름종이는 원두와 따로 버려야 합니다.",
            "거름종이와 원두는 함께 버린다.",
        ),
    ],
    "two opposites, which say the same": [
        (
            "A lower number makes the crust softer.",
            "A higher number makes the crust harder.",
            "A higher number makes the crust softer.",
        ),
        (
            "숫자가 클수록 소리가 커진다.",
            "숫자가 작을수록 소리가 작아집니다.",
            "숫자가 작을수록 소리가 커진다.",
        ),
    ],
    "a denial that is all that differs": [
        (
            "The seal cannot be refitted without the sleeve.",
            "Without the sleeve the seal cannot be refitted.",
            "The seal can be refitted without the sleeve.",
        ),
        ("삼각대 없이 촬영하지 않는다.", "삼각대 없이 촬영하지 마십시오.", "삼각대 없이 촬영한다."),
    ],
    "what is excepted": [
        (
            "All drawers lock except the bottom one.",
            "All drawers except the bottom one lock.",
            "All drawers lock except the middle one.",
        ),
        (
            "손잡이를 제외한 모든 부품은 세척기에 넣는다.",
            "손잡이 외의 모든 부품은 세척기에 넣습니다.",
            "뚜껑을 제외한 모든 부품은 세척기에 넣는다.",
        ),
    ],
    "what only one may": [
        (
            "Only the skipper may raise the keel.",
            "The skipper may raise the keel.",
            "The guests may raise the keel.",
        ),
        ("정비사만 덮개를 연다.", "덮개는 정비사만 엽니다.", "운전자만 덮개를 연다."),
    ],
    "cause and effect": [
        (
            "If the belt slips, the drum squeals.",
            "The drum squeals when the belt slips.",
            "The squealing of the drum makes the belt slip.",
        ),
        (
            "벨트가 늘어나면 드럼이 헛돈다.",
            "드럼이 헛도는 것은 벨트가 늘어나기 때문입니다.",
            "드럼이 헛돌면 벨트가 늘어난다.",
        ),
    ],
    "before and after of the same": [
        (
            "Oil the hinge after every outing.",
            "After every outing the hinge is oiled.",
            "Before every outing the hinge is oiled.",
        ),
        (
            "도색은 밑칠이 마른 뒤에 한다.",
            "밑칠이 마른 다음에 도색을 합니다.",
            "도색은 밑칠이 마르기 전에 한다.",
        ),
    ],
    "figures in turn": [
        (
            "Fill the basin with brine: first 3 l, then 8 l.",
            "Brine is filled in: first 3 l, then 8 l.",
            "Fill in brine: first 8 l, then 3 l.",
        ),
        (
            "너트 네 개를 엇갈려 먼저 12 N·m, 다음에 30 N·m로 죈다.",
            "너트는 먼저 12 N·m로, 다음에 30 N·m로 조입니다.",
            "먼저 30 N·m, 다음에 12 N·m로 죈다.",
        ),
    ],
    "steps of a numbered list": [
        (
            "1. Unhook the safety chain.\n2. Lower the loading ramp.",
            "Unhook the safety chain before you lower the loading ramp.",
            "Lower the loading ramp before you unhook the safety chain.",
        ),
        (
            "1. 안전 사슬을 푼다.\n2. 적재 발판을 내린다.",
            "적재 발판을 내리기 전에 안전 사슬을 풉니다.",
            "안전 사슬을 풀기 전에 적재 발판을 내린다.",
        ),
    ],
    "things compared by their figures": [
        (
            "Dish | Time\nLasagne | 40 min\nQuiche | 25 min",
            "Lasagne takes longer than quiche.",
            "Quiche takes longer than lasagne.",
        ),
        (
            "음식 | 시간\n찜닭 | 40분\n잡채 | 25분",
            "찜닭은 잡채보다 오래 걸립니다.",
            "잡채는 찜닭보다 오래 걸린다.",
        ),
    ],
    "things compared without figures": [
        (
            "Cedar needs longer than willow.",
            "Cedar takes longer than willow.",
            "Willow needs longer than cedar.",
        ),
        (
            "삼나무는 버드나무보다 오래 마른다.",
            "삼나무가 버드나무보다 오래 마릅니다.",
            "버드나무는 삼나무보다 오래 마른다.",
        ),
    ],
    "one instead of the other": [
        (
            "The mower throws clods instead of clippings.",
            "Clods are thrown by the mower instead of clippings.",
            "The mower throws clippings instead of clods.",
        ),
        ("소금 대신 식초를 넣는다.", "소금 대신 식초를 넣으십시오.", "식초 대신 소금을 넣는다."),
    ],
    "the ends of a range": [
        (
            "The sling carries from 20 kg to 160 kg.",
            "The sling carries 160 kg at most.",
            "The sling carries 20 kg at most.",
        ),
        (
            "그네는 20 kg부터 160 kg까지 견딘다.",
            "그네는 최대 160 kg까지 견딥니다.",
            "그네는 최대 20 kg을 견딘다.",
        ),
    ],
    "the row of a table": [
        (
            "Lamp | Meaning\nWhite steady | Ready for use\nWhite blinking | Waiting for a partner\nBlue steady | Joined with a partner",
            "When the white lamp blinks, it is waiting for a partner.",
            "When the white lamp is steady, it is waiting for a partner.",
        ),
        (
            "불빛 | 뜻\n흰색 켜짐 | 사용 준비\n흰색 깜박임 | 짝 기다림\n파란색 켜짐 | 짝과 이어짐",
            "흰색 불이 깜박이면 짝을 기다리는 중입니다.",
            "흰색 불이 켜지면 짝을 기다리는 중입니다.",
        ),
    ],
    "from and to": [
        (
            "The pass is valid from 6 years on.",
            "The pass is valid from the age of 6 years.",
            "The pass is valid up to 6 years.",
        ),
        ("탑승은 6세부터 할 수 있다.", "6세 이상이면 탑승할 수 있습니다.", "탑승은 6세까지 할 수 있다."),
    ],
    "what is most of all": [
        (
            "Rope | Length\nHalyard | 24 m\nSheet | 15 m\nPainter | 6 m",
            "The halyard is the longest rope.",
            "The sheet is the longest rope.",
        ),
        (
            "음식 | 시간\n찜닭 | 40분\n잡채 | 25분\n국수 | 10분",
            "찜닭이 가장 오래 걸립니다.",
            "잡채가 가장 오래 걸립니다.",
        ),
    ],
    "a code in the place of another": [
        (
            "The TR-5 folds flat; the TR-9 has castors. Only the TR-9 can be locked.",
            "The TR-9 can be locked.",
            "The TR-5 can be locked.",
        ),
        (
            "TR-5는 납작하게 접힌다. TR-9만 잠글 수 있다.",
            "TR-9는 잠글 수 있습니다.",
            "TR-5만 잠글 수 있다.",
        ),
    ],
    "which has more, by the figures beside each": [
        (
            "The shed stores 90 sledges and 30 canoes.",
            "The shed stores more sledges than canoes.",
            "The shed stores more canoes than sledges.",
        ),
        (
            "물이 차면 저절로 켜진다. TR-5는 18분, TR-9는 25분 걸린다.",
            "TR-9는 TR-5보다 오래 걸립니다.",
            "TR-5는 TR-9보다 오래 걸립니다.",
        ),
    ],
    "which is longer, where only one is named": [
        (
            "The lantern burns 9 hours with the wick, or 14 hours with the mantle.",
            "With the mantle the lantern burns for a longer time.",
            "With the mantle the lantern burns for a shorter time.",
        ),
        (
            "등은 심지로는 9시간, 망사로는 14시간 탄다.",
            "망사로는 더 오래 탑니다.",
            "망사로는 더 짧게 탑니다.",
        ),
    ],
    "of times the shorter one is the faster": [
        (
            "The courier takes 2 days to the mainland and 5 days to the islands.",
            "The courier is faster to the mainland than to the islands.",
            "The courier is faster to the islands than to the mainland.",
        ),
        (
            "육지에는 2일, 섬에는 5일 걸린다.",
            "육지는 섬보다 빨리 갑니다.",
            "섬은 육지보다 빨리 갑니다.",
        ),
    ],
    "the two sides of a comparison in words": [
        (
            "Dough rises longer in the cellar than in the kitchen.",
            "Dough rises faster in the kitchen than in the cellar.",
            "Dough rises longer in the kitchen than in the cellar.",
        ),
        (
            "지하실에서는 부엌보다 반죽이 오래 부푼다.",
            "지하실에서는 부엌보다 반죽이 오래 부풉니다.",
            "부엌에서는 지하실보다 반죽이 오래 부푼다.",
        ),
    ],
    "the earliest and the latest": [
        (
            "The clay is fired after 3 weeks at the latest.",
            "The clay is fired within 3 weeks.",
            "The clay is fired after 3 weeks or more.",
        ),
        ("배달은 길어야 3주 걸린다.", "배달은 최대 3주 걸립니다.", "배달은 적어도 3주 걸린다."),
    ],
    "a bound of a number in words": [
        (
            "Knock no more than four times.",
            "Knock four times at most.",
            "Knock at least four times.",
        ),
        ("문은 네 번 이하로 두드린다.", "문을 네 번 넘게 두드리지 않습니다.", "문은 네 번 이상 두드린다."),
    ],
    "a colour and what goes with it": [
        (
            "Hang the red pennant on the red hook, and hang the blue pennant on the blue hook.",
            "The red pennant hangs on the red hook.",
            "Hang the red pennant on the blue hook.",
        ),
        (
            "빨간 깃발은 빨간 고리에, 파란 깃발은 파란 고리에 건다.",
            "빨간 깃발은 빨간 고리에 겁니다.",
            "빨간 깃발은 파란 고리에 건다.",
        ),
    ],
    "opposites that follow each other": [
        (
            "Pedal in a low gear to the bridge and then in a high gear to the ferry.",
            "Pedal to the bridge in a low gear, then to the ferry in a high gear.",
            "Pedal in a high gear to the bridge and then in a low gear to the ferry.",
        ),
        (
            "낮은 단으로 다리까지 밟은 다음 높은 단으로 나루까지 밟는다.",
            "다리까지는 낮은 단으로 밟고 나루까지는 높은 단으로 밟습니다.",
            "높은 단으로 다리까지 밟은 다음 낮은 단으로 나루까지 밟는다.",
        ),
    ],
    "one of two opposites": [
        (
            "Reduce the draught if the kiln gets louder.",
            "If the kiln gets louder, the draught is to be reduced.",
            "Increase the draught if the kiln gets louder.",
        ),
        (
            "가마 소리를 낮추려면 바람을 늘린다.",
            "가마 소리를 낮추려면 바람을 늘리십시오.",
            "가마 소리를 낮추려면 바람을 줄인다.",
        ),
    ],
    "the row of a table that has a number": [
        (
            "Pigeonhole | Content\n1 | Invoices\n2 | Blueprints\n3 | Receipts",
            "Blueprints lie in pigeonhole 2.",
            "Receipts lie in pigeonhole 2.",
        ),
        (
            "칸 | 내용\n1 | 청구서\n2 | 도면\n3 | 영수증",
            "2번 칸에는 도면을 둡니다.",
            "2번 칸에는 영수증을 둡니다.",
        ),
    ],
    "the verb of the next clause": [
        (
            "The inner hoop is glued, the outer hoop is nailed.",
            "The inner hoop is held by glue.",
            "The inner hoop is nailed.",
        ),
        (
            "물레를 시계 방향으로 돌리면 실이 감기고 반대로 돌리면 실이 풀린다.",
            "물레를 시계 방향으로 돌리면 실이 감깁니다.",
            "물레를 시계 방향으로 돌리면 실이 풀린다.",
        ),
    ],
}
"""Under what was altered: a passage, what is true of it, and the same with that one thing altered."""

SAME = [
    ("The oven bakes at 180 °C.", "The oven bakes at 180 degrees."),
    ("Hold the key for a quarter of an hour.", "Hold the key for 15 minutes."),
    ("오일은 일주일 안에 간다.", "오일은 7일 안에 갈아야 합니다."),
    ("바람이 초속 8 m보다 세면 접는다.", "초속 8 m를 넘는 바람에는 접습니다."),
    (
        "The bell rings when it is pressed for one second and stops when pressed for four.",
        "To stop it, press the bell for four seconds.",
    ),
    ("벨은 1초 누르면 울리고 네 번 누르면 멎는다.", "벨은 1초 동안 누르면 울립니다."),
    ("The valve must be oiled every six months at the latest.", "Oil the valve at least every six months."),
    ("축은 늦어도 6개월마다 기름을 친다.", "축에는 적어도 반년에 한 번 기름을 칩니다."),
    ("Bring the fern in if it gets colder than −8 °C.", "Below −8 °C the fern is brought in."),
    ("Return the form within a week.", "The form has to be returned within seven days."),
]
"""A passage, and what says the same of it with its figures in other words."""


def holds(sentence: str, text: str) -> bool:
    return verify(sentence, [Passage(number=0, title_path=(), text=text, page=3)]).supported


@pytest.mark.parametrize(
    ("text", "true", "altered"),
    [
        pytest.param(*case, id=f"{name} {number}")
        for name, some in CASES.items()
        for number, case in enumerate(some)
    ],
)
def test_what_was_altered_is_caught_and_what_is_true_is_kept(text: str, true: str, altered: str) -> None:
    assert holds(true, text)
    assert not holds(altered, text)


NEGATIVE = [
    (
        "Emptying the ledger takes a day, and the box is empty after closing.",
        "After closing nothing is left in the box.",
    ),
    (
        "The horn cuts out after two minutes of hooting.",
        "After two minutes of hooting the horn stops sounding.",
    ),
    ("상자에서 빠진 조각이 있으면 사흘 안에 알린다.", "없는 조각이 있으면 사흘 안에 알려야 합니다."),
    ("이 확인서는 손으로 쓴 장부를 대신한다.", "이 확인서가 있으면 손으로 쓴 장부가 없어도 됩니다."),
    ("Some of the panes can be replaced.", "Not all of the panes are replaceable."),
    ("창유리는 일부만 갈 수 있다.", "창유리를 모두 갈 수는 없습니다."),
]
"""A passage that says with a word of its own what a sentence says with a denial."""


@pytest.mark.parametrize(("text", "sentence"), NEGATIVE)
def test_a_denial_may_stand_for_a_word_that_says_the_same(text: str, sentence: str) -> None:
    assert holds(sentence, text)


@pytest.mark.parametrize(("text", "sentence"), SAME)
def test_figures_may_be_said_in_other_words(text: str, sentence: str) -> None:
    assert holds(sentence, text)


def test_the_lexicon_joins_no_two_languages() -> None:
    assert not holds("기다려야 합니다.", "Wait until the fan stops.")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Stow the canopy before towing.", "Stow the awning before towing."),
        ("압축기를 옮기기 전에 용수철을 푼다.", "콤프레서를 옮기기 전에 스프링을 풉니다."),
    ],
)
def test_words_of_one_group_of_the_lexicon_are_the_same(text: str, sentence: str) -> None:
    assert holds(sentence, text)
