"""Taking text apart: sentences, and the words of a sentence that carry what it says, in Korean and English.

Nothing is analysed here: no dictionary, no model. An English word stands for all that have its stem; of a Korean word particles and endings are cut off,
letter by letter, and the first two syllables of what remains stand for it.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kis.assistant.answering.korean import root, without_particle

_LINE_END: Final = re.compile(r"\s*\n\s*")
_END: Final = re.compile(
    r"(?<=[.!?。])(?:[\"'\u201d\u2019)\]]*|(?:(?<=다\.)|(?<=[a-z]{4}\.))\d{1,2})\s+(?=\S)"
)
"""The end of a sentence, the number of a note behind it counted in."""
_NO_END: Final = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|approx|No|Nos|Fig|Figs|Tab|Sec|vs|max|min|cf|p|pp|Dr|Mr|ca)\.|^\W*\d{1,2}\.|^\W*[a-z]\.)$",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"(?<![\dA-Za-z])[A-Za-z]++(?:'[a-z]+)?(?!-?\d)|[가-힣]+")
_AFTER_LATIN: Final = re.compile(
    r"(?<=[A-Za-z0-9%\u00b0)\"'\u2019\u201d])(?:으로|에서는|에서|에는|까지|부터|이고|이다|입니다|인|은|는|이|가|을|를|의|에|로|와|과|도|만)(?![가-힣])"
)
"""A particle behind a word or figure in other letters."""
_EN_WORDS: Final = (
    "a an the of to in on at by for from with and or as is are be been being was were it its this that these those there here which who whom whose "
    "what when where why how do does did done has have had will would shall should may might can could must need needs needed you your we our they their "
    "them he she his her i me my if then than so such into out up down over under about also both each any all some other only just very more most less least "
    "not no nor never cannot don't doesn't isn't aren't mustn't without against between within during per via after before until while because since "
    "off once still already completely fully entirely quite "
    "please use used using user make makes made get gets let be able always sure ensure one two allow allows allowed permit permits permitted forbidden "
    "long much many tell required require requires necessary specified according manual document page see given take takes taken least way kind happen every "
    "exceed exceeds exceeded exceeding litre litres liter liters hour hours minute minutes seconds "
    "mm cm km ka ma kv mv kw kva mw hz khz mhz ghz kg mg nm sq min sec ms db gb mb kb tb rpm lx kbit mbit"
)
IRREGULAR: Final = {
    form: verb
    for verb, *forms in map(
        str.split,
        (
            "hold held",
            "keep kept",
            "lose lost",
            "send sent",
            "break broke broken",
            "freeze froze frozen",
            "wear worn",
            "tear torn",
            "choose chose chosen",
            "blow blew blown",
            "draw drew drawn",
            "throw threw thrown",
            "fall fell fallen",
            "drive drove driven",
            "write wrote written",
            "sell sold",
            "tell told",
            "bend bent",
            "build built",
            "feed fed",
            "spin spun",
            "stick stuck",
            "run ran",
            "rise risen",
            "sit sat",
            "stand stood",
        ),
    )
    for form in forms
}
"""English forms that no rule cuts to their verb; those that are other words as well are left out."""
_LIGHT_EN: Final = frozenset(_EN_WORDS.split())
_KO_WORDS: Final = (
    "합니다 한다 하십시오 하세요 해야 해서 하고 하는 하면 하여 하기 하지 하도록 됩니다 된다 되어 되는 되면 되지 있습니다 있다 있는 있으면 없습니다 없다 없는 없으면 않습니다 않는다 않는 않으면 않도록 않아야 "
    "입니다 이다 또는 그리고 그러나 그러면 그다음 다음 경우 때문 위해 위하여 통해 통하여 대한 대해 따라 따른 의해 모두 모든 각각 이때 이것 그것 여기 거기 어떤 어떻게 무엇 무엇인가요 얼마 얼마나 얼마입니까 얼마인가요 언제 어디 어느 "
    "왜 까닭 이유 방법 알려 주세요 말해 주십시오 수 것 것은 것이 것을 등 및 더 안 못 때 뒤 후 전 중 내 외 만 한 두 세 네 반드시 절대 절대로 금지 금지한다 금지됩니다 말고 마십시오 마세요 말아야 아니 아닙니다 아니라 아니다 필요 필요하다 필요합니다 "
    "가능 가능합니다 가능하다 동안 정도 이상 이하 초과 미만 최대 최소 쪽 페이지 설명서 문서 이 그 저 나요 나서 초간 분간 시간 까요 인가요 됩니까 합니까 하나요 되나요 있나요 있습니까 몇"
)
_LIGHT_ROOTS: Final = "하다 되다 있다 없다 않다 말다 아니다 위하다 대하다 따르다 통하다 의하다 필요 가능 가능하다 주다 좋다 수 때 것 약 쯤 정도 이내 이상 이하 미만 초과 때문 경우 동안 번 개 회 시간 분간 초간 부터 까지 배 초 분 개월 미터 볼트 암페어 쪽 이 그 저"
"""Roots that say nothing by themselves, whatever their endings."""
_LIGHT_KO: Final = frozenset(_KO_WORDS.split())
_SAME: Final = (
    "끊 차단 내리 정전",
    "기다 대기",
    "남은 잔류",
    "점검 검사 확인 살피 살펴 시험",
    "조이 죄 체결 조임",
    "바꾸 교체 교환 바꿔 갈아",
    "누르 눌러 누른 누름",
    "열고 열기 개방 열어 연다",
    "닫고 닫기 폐쇄 닫아 닫는",
    "설치 장착 달아 부착 붙이 붙여",
    "떼어 분리 빼고 제거 뽑 벗기 벗겨",
    "켜고 켠다 켜기 켜진 투입 점등",
    "끄고 끈다 끄기 꺼진 꺼짐 소등",
    "청소 닦아 닦는 닦고",
    "보관 저장 두고 둔다 둡니다 둘",
    "만지 손대 접촉 닿는 조작",
    "크기 치수 외형",
    "벽 벽면",
    "무게 무겁 가볍 중량 질량",
    "길이 길 짧",
    "속도 빠르 느리",
    "높이 높 낮",
    "소음 시끄럽 조용하",
    "뜨다 보이 표시",
    "만지 손대 닿 접촉",
    "어린이 아이",
    "금 깨 균열",
    "바로 즉시 곧",
    "저절로 자동 스스로",
    "향하 보",
    "씻 세척 헹구 청소 닦",
    "지우 삭제 없애 사라지",
    "녹화 기록 저장",
    "바꾸 전환 변경 갈",
    "되다 바뀌 변하",
    "붓 넣 채우 따르 보충 급수",
    "빼 꺼내 배수 비우",
    "열 개봉 따",
    "닫 잠그",
    "몸무게 체중",
    "재다 측정 검사",
    "달리 주행 가다 운행",
    "타 탑승 운전",
    "나오 뜨 표시 보이 나타나",
    "속도 시속 빠르",
    "매주 주일 일주일 주",
    "매달 월 달 한달",
    "만들 생기 발생",
    "멈추 정지 중지 서다",
    "시작 켜 가동",
    "꽂 끼우 연결 접속",
    "뽑 빼 분리",
    "넘 초과 지나",
    "떨어지 낮아지 내려가 줄",
    "올라가 높아지 늘",
    "아이 어린이 영유아",
    "불 램프 표시등 등 조명",
    "단추 버튼 스위치 키",
    "소리 음량 소음",
    "뜨겁 고온",
    "젖 습하 물기",
    "마르 건조 말리",
    "약 대략",
    "찾 검색",
    "보내 전송 송신",
    "받 수신",
    "고르 선택 택하",
    "정하 설정 지정 맞추",
    "비우 외출",
    "처음 최초 첫",
    "나중 마지막 끝",
    "적용 쓰 사용",
    "순서 차례 것",
    "무게 중량 질량",
    "온도 열",
    "표시 나타 뜬다 뜨면",
    "고장 오류 이상",
    "거리 간격 떨어",
    "돌리 회전 돌려",
    "turn rotate switch",
    "remove detach take unplug",
    "install mount fit attach fix",
    "replace exchange swap change renew",
    "check inspect test verify examine",
    "wait pause",
    "disconnect isolate unplug",
    "connect plug wire",
    "clean wipe wash",
    "press push hold",
    "store keep",
    "touch contact",
    "show display indicate appear read",
    "fault error failure",
    "distance clearance gap space spacing apart",
    "size dimension measurement",
    "weight mass weigh heavy",
    "begin start",
    "end finish stop",
    "minute min",
    "second sec",
    "hour hourly",
    "year annual yearly",
    "month monthly",
    "week weekly",
    "day daily",
    "large big great",
    "small little tiny",
    "quick fast rapid",
    "repair service mend",
    "technician electrician person personnel staff",
    "device unit equipment appliance",
    "lead cable wire cord conductor",
    "tighten torque screw",
    "power supply mains",
    "cover lid",
    "screen display",
    "fall drop sink decline",
    "short brief",
    "automatic itself self",
    "fly flown flight flying",
    "maximum high height",
    "distance far away",
    "daily day",
    "life last duration lifetime",
    "need require",
    "twice double",
    "lamp light led indicator bulb",
    "flash blink flicker",
    "buy purchase",
    "early soon",
    "restore reset",
    "erase delete wipe lose",
    "save store keep",
    "child kid infant",
    "damage harm attack break destroy",
    "correct right proper",
    "rinse wash flush",
    "boil heat warm",
    "empty drain discharge",
    "pour fill add top refill",
    "oil grease lubricate",
    "liquid fluid",
    "move carry transport lift",
    "pull draw take tow",
    "pair couple join link",
    "pause halt interrupt",
    "skip jump",
    "label sticker plate mark",
    "below underneath bottom under",
    "above top over",
    "programme program cycle course",
    "quiet silent",
    "noise loud sound volume db",
    "weight weigh heavy light",
    "alter change adjust modify vary",
    "forbid prohibit ban",
    "immerse submerge put dip",
    "reach exceed attain",
    "simultaneous together once same",
    "choose select pick set",
    "find stand locate lie situate",
    "result lead cause make",
    "mean say tell indicate",
    "help assist",
    "open close shut",
    "differ unlike other vary",
    "protect guard shield",
    "voltage tension potential",
    "clean fresh",
    "가열 데우 덥히",
    "재사용 다시",
    "재충전 다시",
    "current ampere",
    "allow permit may can",
    "value figure number reading",
    "before prior earlier",
    "warm hot heat",
    "disappear vanish go away lose fail",
    "void invalid end expire",
    "fast speed quick velocity",
    "user customer person people patient",
    "use operate run",
    "maximum most highest up limit",
    "minimum least lowest",
)
"""Words that manuals and those who retell them use for the same."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it stands in a text."""

    surface: str
    term: str
    """What stands for it and all its forms; empty for one that says nothing by itself."""
    behind: str = ""
    """What stands between it and the next word."""


@lru_cache(maxsize=4096)
def sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of a text. Each row of a table and each item of a list, which stand on lines of their own, is one."""
    found: list[str] = []
    for line in _LINE_END.split(text.strip()):
        begun = ""
        for piece in _END.split(line):
            begun = f"{begun} {piece}" if begun else piece
            if not _NO_END.search(begun):
                found.append(begun)
                begun = ""
        if begun:
            found.append(begun)
    return tuple(each for each in found if each)


@lru_cache(maxsize=16384)
def terms(text: str) -> frozenset[str]:
    """Return what stands for the words of a text that carry meaning."""
    return frozenset(terms_in_order(text))


@lru_cache(maxsize=16384)
def terms_in_order(text: str) -> tuple[str, ...]:
    """Return what stands for the words of a text that carry meaning, as they follow each other."""
    return tuple(word.term for word in words(text) if word.term)


@lru_cache(maxsize=16384)
def words(text: str) -> tuple[Word, ...]:
    """Return the words of a text, the light ones too."""
    text = _AFTER_LATIN.sub(" ", normal(text))
    found = list(_WORD.finditer(text))
    ends = [*(match.start() for match in found[1:]), len(text)]
    return tuple(
        Word(match[0], _term(match[0]), text[match.end() : end])
        for match, end in zip(found, ends, strict=False)
    )


def expanded(found: frozenset[str]) -> frozenset[str]:
    """Return these terms and all that are used for the same."""
    more = _alike()
    return found.union(*(more[term] for term in found if term in more))


def normal(text: str) -> str:
    """Return a text with each character in its usual form."""
    return unicodedata.normalize("NFKC", text)


@lru_cache(maxsize=32768)
def _term(word: str) -> str:
    if word[0] < "\u0100":
        return english(word.casefold())
    if word in _LIGHT_KO:
        return ""
    bare = without_particle(word)
    term = "" if bare in _LIGHT_KO else root(bare)
    return "" if term in _light_roots() else term


@lru_cache(maxsize=1)
def _light_roots() -> frozenset[str]:
    return frozenset(root(word) for word in _LIGHT_ROOTS.split())


def english(word: str) -> str:
    """Return what stands for an English word in small letters; nothing for one that says nothing."""
    word = word.removesuffix("'s")
    if word.endswith("ies") and len(word) > 3:
        word = f"{word[:-3]}y"
    if word.endswith(("ier", "iest")) and len(word) > 5:
        word = f"{word[:-3].rstrip('i')}y"
    if word in _LIGHT_EN or len(word) < 2:
        return ""
    for ending in (
        "ically",
        "able",
        "ations",
        "ation",
        "ments",
        "ment",
        "ings",
        "ing",
        "ions",
        "ion",
        "edly",
        "ies",
        "ied",
    ):
        if word.endswith(ending) and len(word) - len(ending) >= (3 if ending == "ing" else 4):
            return _rooted(word.removesuffix(ending))
    word = IRREGULAR.get(word, word)
    for ending in ("ed", "es", "ly", "er", "s"):
        if ending == "s" and word.endswith("ss"):
            break
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return _rooted(word.removesuffix(ending))
    return _rooted(word)


def _rooted(word: str) -> str:
    """Cut what endings change in a root: its last letter doubled, an e, a y."""
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeious":
        word = word[:-1]
    return word.rstrip("ey") if len(word.rstrip("ey")) >= 3 else word


def _roots(word: str) -> tuple[str, ...]:
    """Return what stands for a word of the list above: a Korean one may be a noun or the root of a verb."""
    if word.isascii():
        return (english(word),)
    return root(without_particle(word)), root(f"{word}다")


@lru_cache(maxsize=1)
def _alike() -> dict[str, frozenset[str]]:
    groups: dict[str, set[str]] = {}
    for line in _SAME:
        group = {term for word in line.split() for term in _roots(word) if term}
        for term in group:
            groups.setdefault(term, set()).update(group)
    return {term: frozenset(group) for term, group in groups.items()}
