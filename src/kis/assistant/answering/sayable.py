"""Which sentences of a document can be said by themselves, and how: a heading, half a sentence or code tells nobody anything who has not the page before him."""

import re
from typing import Final

from kis.assistant.answering.quantities import quantities
from kis.assistant.things import UnitKind

_END: Final = re.compile(r"[.!?。…:;][\"'\u201d\u2019)\]\d]*$|(?:다|요|오|음|함|됨|임|것|까)\)?$")
_LONGEST_LABEL_KO: Final = 40
_MOST_WORDS_OF_LABEL: Final = 5
_MOST_WORDS_OF_TITLE: Final = 12
_TITLE: Final = re.compile(
    r"(?:[A-Z][\w'-]*|[a-z]{1,3}|between|from|into|with|without)(?:\s+(?:[A-Z][\w'-]*|[a-z]{1,3}|between|from|into|with|without))*"
)
"""Every word that carries something begins with a capital."""
_CAPTION: Final = re.compile(r"(?:Table|Figure|Fig\.|그림|표)\s*[A-Z]?[\d.-]+[.:]?(?:\s[^.]{0,60})?$")
_LEAST_WORDS: Final = 3
_LONGEST_WITHOUT_END: Final = 250
"""What is longer and has no end is a row of titles, as in a table of contents."""
_HANGUL: Final = re.compile(r"[가-힣]")
_ITEM: Final = re.compile(r"^\s*(?:\(?\d{1,2}[.)](?!\d)|[①-⑳]|[가-하][.)]|[•·▪]|[-*](?=\s))\s*")
_TAIL: Final = re.compile(r"[a-z]{2,},? [a-z]|[)\]},.;]")
_CUT: Final = re.compile(
    r"(?:,|\b(?:a|an|the|of|to|and|or|in|on|for|with|by|from|is|are|be|that|which|as|not|quite))$"
)
_CODE: Final = re.compile(r"[\\{}<>$&_=]")
_LEAST_CODE: Final = 3
_LETTERS_A_SIGN: Final = 12
"""Where signs of code stand closer than this, a text is code."""
_NOTE: Final = re.compile(r"^\s*(?:\d{0,3}\[(?:역주|옮긴이|편집자 주)\]|@@+)\s*")
_NOTE_NUMBER: Final = re.compile(r"(?<=다\.)\d{1,2}$")
_LOOKS_BACK: Final = re.compile(
    r"(?:This|These|Those|They|Such|Then|However|Otherwise|Therefore|Thus|Hence|But|In (?:this|that|such) case|If (?:so|not)|Instead|Doing so)\b"
    r"|It (?!is (?:also )?(?:possible|recommended|necessary|important|best|advisable|not )\b)"
    r"|(?:이|그)\s|이것|그것|이[는를]\s|[이그]때|그러|그런|그렇|그래|이러|이런|이렇|이와\s|하지만|따라서|다만|단,|즉[,\s]"
)


def can_be_said(text: str, kind: UnitKind) -> bool:
    """Tell whether a text is a whole sentence, a row or an item."""
    is_tail = kind is not UnitKind.LIST and _TAIL.match(text) is not None and not _HANGUL.search(text)
    return not (is_tail or _CUT.search(text) or is_label(text, kind) or _is_endless(text) or is_code(text))


def is_label(text: str, kind: UnitKind) -> bool:
    """Tell whether a text is a heading, a caption or the name of something: short, without an end, and neither a row nor an item."""
    if _CAPTION.match(text):
        return True
    if kind is UnitKind.TABLE or _END.search(text) or ":" in text or _ITEM.match(text):
        return False
    words = len(text.split())
    if words < _LEAST_WORDS:
        return True
    if quantities(text):
        return False
    if _HANGUL.search(text):
        return len(text) <= _LONGEST_LABEL_KO
    return words <= _MOST_WORDS_OF_LABEL or (
        words <= _MOST_WORDS_OF_TITLE and _TITLE.fullmatch(text) is not None
    )


def is_code(text: str) -> bool:
    """Tell whether a text is code."""
    return len(_CODE.findall(text)) >= max(_LEAST_CODE, len(text) / _LETTERS_A_SIGN)


def looks_back(text: str) -> bool:
    """Tell whether a sentence begins with a word for something that was said before it."""
    return _LOOKS_BACK.match(bare(text)) is not None


def is_item(text: str) -> bool:
    """Tell whether a text is an item of a list."""
    return _ITEM.match(text) is not None


def bare(text: str) -> str:
    """Return a text without the mark of an item or a note, which tells nothing where it stands alone."""
    return _NOTE_NUMBER.sub("", _NOTE.sub("", _ITEM.sub("", text))) or text


def _is_endless(text: str) -> bool:
    return "|" not in text and len(text) > _LONGEST_WITHOUT_END and not _END.search(text)
