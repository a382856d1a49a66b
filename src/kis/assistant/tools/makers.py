"""Makers of breakers, their series and models, as a list names them: ``LS``, ``현대``, ``ABN``, ``경제형``, ``SBE-104``.

Which of them there are is for the catalogue to say, not for the list: a maker whose breakers it does not have is read all the same, so that the answer can
name it.
"""

import re
from dataclasses import dataclass
from typing import Final

LONGEST_PIECE: Final = 200
"""In which the maker of everything is looked for."""
_MAKERS: Final = {
    "LS ELECTRIC": r"LS(?![A-Za-z])(?:\s*(?:산전|일렉트릭|ELECTRIC|IS(?![A-Za-z])))?|LS(?:IS|ELECTRIC)|엘에스(?:\s*(?:산전|일렉트릭))?|메타솔|Metasol",
    "Sangdo": r"상도(?:\s*전기)?|Sangdo(?:\s*Electric)?",
    "HD Hyundai Electric": r"(?:HD\s*)?현대(?:\s*(?:일렉트릭|중공업|전기))?|(?:HD\s*)?Hyundai(?:\s*Electric)?",
    "ABB": r"ABB|에이비비",
    "Schneider Electric": r"슈나이더(?:\s*일렉트릭)?|Schneider(?:\s*Electric)?",
    "Siemens": r"지멘스|Siemens",
    "Mitsubishi Electric": r"미[쓰쯔]비시(?:\s*전기)?|Mitsubishi(?:\s*Electric)?",
    "Fuji Electric": r"후지(?:\s*전기)?|Fuji(?:\s*Electric)?",
    "Eaton": r"이튼|Eaton",
    "Legrand": r"르그랑|Legrand",
    "Hager": r"Hager",
    "CHINT": r"친트|CHINT",
    "Daeryuk": r"대륙(?:\s*전기)?|Daeryuk",
    "Jinheung Electric": r"진흥\s*전기|Jinheung(?:\s*Electric)?",
    "Cheil Electric": r"제일\s*(?:전기|일렉트릭)|Cheil(?:\s*Electric)?",
    "Dong-A Electric": r"동아\s*전기|Dong-?A\s*Electric",
    "VITZROEM": r"비츠로(?:\s*이엠)?|VITZRO(?:\s*EM)?",
}
_OF_THEM: Final = r"(?:으?로|[거꺼]로?|걸로?|것(?:으로)?|제|사|제품[가-힣]{0,3}|기준[가-힣]{0,2}|차단기[가-힣]{0,2}|products?|breakers?|brand)(?![가-힣A-Za-z])"
"""What follows a maker whose breakers are meant, and follows no customer's or street's name."""
_END: Final = rf"(?![A-Za-z])(?=$|[^가-힣]|배선|누전|차단기|{_OF_THEM})"
_MAKER: Final = re.compile(
    rf"(?<![A-Za-z가-힣])(?:{'|'.join(f'(?P<m{place}>{words})' for place, words in enumerate(_MAKERS.values()))}){_END}",
    re.IGNORECASE,
)
_NAMES: Final = tuple(_MAKERS)
_FOR_ALL: Final = re.compile(
    rf"\W*(?:{_MAKER.pattern})\W*|(?:제조사|제작사|메이커|브랜드|모두|전부|전체|\b(?:makers?|make|manufacturer|brand|by|from|with|all))\s*(?:은|는|이|가|is)?[\s:=]*(?:{_MAKER.pattern.replace('?P<m', '?P<n')}).*"
    rf"|.*(?:{_MAKER.pattern.replace('?P<m', '?P<o')})\s*{_OF_THEM}.*",
    re.IGNORECASE | re.DOTALL,
)
"""A piece of a list that names nothing but the maker of all that is listed."""
_FRAMES: Final = r"(?:3|5|6|10|12|20|40|60|80)"
_MODEL: Final = re.compile(
    rf"(?<![A-Za-z\d])(?P<known>(?P<letters>[AE]B[NSHL]|S[BE][ESC]|SI[BE])[\s-]*{_FRAMES}(?P<poles>[1-4])(?:FB|[A-Ca-c])?)(?![A-Za-z\d])(?!\s+A(?![A-Za-z]))"
    r"|(?<![A-Za-z\d-])(?P<other>(?-i:(?!(?:ELC?B|MCC?B|NFB|RC[BC][OB]|RCD|GFCI|SUS|IP|AF|AT|AC|DC|EA|SPD|[LMPSD]P|[MS]?DB|G?MC|EV|LED|ICU|ISC|MAIN)S?-?\d)[A-Z]{2,5})-?\d{2,4}[A-Za-z]{0,4}|32GRHS)(?![A-Za-z\d-])",
    re.IGNORECASE,
)
"""Names by the rules of LS and Sangdo, and whatever else looks like a model: the catalogue tells whether it is one."""
_SERIES: Final = re.compile(
    r"(?<![A-Za-z])(?:(?P<ls>[AE]B[NS](?!\s*(?:외함|함|박스|분전|수지|재질|plastic|box|enclosure)))|(?P<sd>S[BE][ESC]))(?![A-Za-z])"
)
_GRADES: Final = {
    "economy": r"경제형|economy[\s-]*(?:type|grade|series)",
    "standard": r"표준형(?!\s*(?:외|철|분전)?(?:함|박스|반|판넬|패널))|standard[\s-]*(?:type|grade|series)",
    "small": r"소형(?=\s*(?:차단기|누전|배선|ELB|MCCB|[1-4]\s*P))|small[\s-]*(?:type|grade|series)",
    "compact": r"[콤컴]팩트형?(?!\s*(?:외|철|분전)?(?:함|박스|반|판넬|패널))|compact[\s-]*(?:type|grade|series)",
}
_GRADE_FOR_ALL: Final = re.compile(rf"(?:{'|'.join(_GRADES.values())})\s*(?:{_OF_THEM}|\W*$)", re.IGNORECASE)
_GRADE: Final = re.compile("|".join(f"(?P<{name}>{words})" for name, words in _GRADES.items()), re.IGNORECASE)
_LETTERS: Final = {"N": "economy", "S": "standard", "E": "economy", "C": "compact"}
UNREADABLE: Final = re.compile(
    r"(?<![A-Za-z])(?:[AE]B[HL]|Susol|T[DS]|BKN|RKN|NSX?|ComPacT|EasyPact|Acti|Tmax|SACE|HG[MEP]|U[CA]B|NF|DPX|NM1|NXM)(?![A-Za-z])|수솔",
    re.IGNORECASE,
)
"""Series that requests cannot name."""


@dataclass(frozen=True, slots=True)
class Model:
    """A model as it is typed, with what its name says where a maker's rule reads it."""

    typed: str
    kind: str | None
    poles: int | None


def makers_in(text: str) -> tuple[str, ...]:
    """Return the makers that a text names, each once."""
    found = [_NAMES[int((match.lastgroup or "m0")[1:])] for match in _MAKER.finditer(text)]
    found += [_maker_of_letters(match) for match in _SERIES.finditer(text)]
    return tuple(dict.fromkeys(found))


def maker_of_all(text: str) -> str | None:
    """Return the maker that a piece of a list names for everything in it."""
    found = makers_in(text)
    is_short = len(text) <= LONGEST_PIECE
    return found[0] if len(found) == 1 and is_short and _FOR_ALL.fullmatch(text.strip()) else None


def grade_of_all(text: str) -> str | None:
    """Return the grade that a piece of a list names for everything in it."""
    found = grades_in(text)
    is_said = maker_of_all(text) is not None or _GRADE_FOR_ALL.search(text) is not None
    return found[0] if len(found) == 1 and is_said else None


def is_maker(name: str, catalogued: str) -> bool:
    """Tell whether a maker of the catalogue is the one that a list names."""
    return name.casefold() == catalogued.casefold() or name in makers_in(catalogued)


def grades_in(text: str) -> tuple[str, ...]:
    """Return the grades that a text names, by their words or by the letters of a series, each once."""
    found = [match.lastgroup or "" for match in _GRADE.finditer(text)]
    found += [_LETTERS[match[0][-1].upper()] for match in _SERIES.finditer(text)]
    return tuple(dict.fromkeys(found))


def kind_of_series(text: str) -> str | None:
    """Return the kind of breaker that the letters of a series stand for."""
    found = _SERIES.search(text)
    return None if found is None else _kind_of_letters(found[0])


def model_in(text: str) -> tuple[Model | None, str]:
    """Return the model that a text names, and the text without it."""
    match = _MODEL.search(text)
    if match is None:
        return None, text
    typed, rest = match[0].strip(), f"{text[: match.start()]} {text[match.end() :]}"
    if match["known"] is None:
        return Model(typed, None, None), rest
    return Model(typed, _kind_of_letters(match["letters"]), int(match["poles"])), rest


def without_series(text: str) -> str:
    """Return a text without the letters of series."""
    return _SERIES.sub(" ", text)


def _maker_of_letters(match: re.Match[str]) -> str:
    return "LS ELECTRIC" if match["ls"] else "Sangdo"


def _kind_of_letters(letters: str) -> str:
    """Return what the first two letters mean: LS writes A and E, Sangdo SB and SE (and, of small ones, SIB and SIE)."""
    letters = letters.upper()
    mark = letters[2] if letters.startswith("SI") else letters[1] if letters[0] == "S" else letters[0]
    return "ELB" if mark == "E" else "MCCB"
