"""Whether a sentence affirms what the passage denies, or the other way round, and what it says of all or only some."""

import re
from typing import Final

from kis.assistant.answering.quantities import Bound, Quantity, quantities
from kis.assistant.answering.verifying import polarity
from kis.assistant.answering.verifying.aligning import Statement, said, shared, statements
from kis.assistant.answering.wording import expanded, terms

LEAST_OVERLAP: Final = 0.34
"""Share of a clause's words that a statement of the passage must have to be held against it."""
_MUCH: Final = 0.36
"""Share from which on a single word that the passage has in nothing but a denial tells that it is denied."""
_NEAR: Final = 0.85
"""Statements that share so much of what the best one shares are held against a clause as well."""
_ONLY: Final = re.compile(
    r"\bonly\b(?![.]?$| (?:with|when|if|after|while|once|as long)\b)|\bexclusively\b|\bsolely\b|(?<=[가-힣A-Z0-9%])(?<!미)만(?=[ ,.]|으로|이|은)|에만|뿐|전용",
    re.IGNORECASE,
)
_LIMITING: Final = re.compile(
    r"\bonly\b|\bexclusive|\bsole|\bexcept|\bother than\b|\bjust\b|\bno other\b|\balone\b|(?<=[가-힣A-Z0-9%])(?<!미)만|뿐|전용|이외|외에|외의|제외|한정|밖에|(?<!지 )(?<!지)말고|아니면",
    re.IGNORECASE,
)
_ALSO: Final = re.compile(
    r"\balso\b|\banyone\b|\banybody\b|\beveryone\b|\bany\b|\beither\b|\bboth\b|\bevery\b|[가-힣]도 |누구나|아무|모든|양쪽|둘 다",
    re.IGNORECASE,
)
_COMPLEMENT: Final = {
    Bound.ABOVE: Bound.AT_MOST,
    Bound.BELOW: Bound.AT_LEAST,
    Bound.AT_LEAST: Bound.BELOW,
    Bound.AT_MOST: Bound.ABOVE,
}
_ANY_USE: Final = "쓰다 사용하다 놓다 가능하다 use do"
"""Verbs that deny whatever else is done with a thing: no steel wool is used, so none cleans."""
_LACKING: Final = re.compile(
    r"\b(?:empty|missing|absent|lost|gone|dead|silent|bare|blocked|blocks?|cuts?|ends?|stops?|halts?|cancel\w*|idle|disappears?|vanish\w*)\b|"
    r"빠진|빠져|비어|비우|(?<![가-힣])빈 |멈추|멈춘|멈춥|끊|막히|막힌|막는|사라|지워|꺼지|꺼진|꺼집|쉬며|쉰다|쉽니다",
    re.IGNORECASE,
)
"""Words that say without a denial that something is not, or does not happen."""
_INSTEAD: Final = re.compile(r"대신|\binstead\b|\breplaces\b|\bin place of\b", re.IGNORECASE)
"""What stands for another thing makes it needless."""
_NOT_ALL: Final = re.compile(
    r"\bnot (?:all|every|each)\b|(?:모두|전부|모든|다) .{0,20}(?:것은 아니|지는 않|수는 없)", re.IGNORECASE
)
_SOME: Final = re.compile(r"\bsome\b|\bonly\b|\bpart of\b|일부|몇몇|만(?=[ ,.])", re.IGNORECASE)
_PASSED: Final = re.compile(r"\bafter\b|지나|지난|경과", re.IGNORECASE)
"""What is done after so long is done when it was longer."""
_OTHERWISE: Final = re.compile(
    r"\botherwise\b|\bor else\b|그렇지 않으면|아니면|그보다|그 이상|(?:larger|longer|bigger|higher|heavier|smaller|shorter) ones|beyond that|above that",
    re.IGNORECASE,
)


def denied_otherwise(sentence: str, passage: str) -> str:
    """Return the clause of a sentence that says the reverse of what the passage says; nothing where none does."""
    known = statements(passage)
    for clause in polarity.clauses(sentence):
        own = said(clause)
        if _is_turned(own, known) or _is_only_denied(own, known):
            return clause
    return ""


def widened(sentence: str, passage: str) -> str:
    """Return the word by which a sentence says of all what the passage says of some only, or of some only what it says of all."""
    own = said(sentence)
    near = _nearest(own, statements(passage))
    if not near:
        return ""
    is_limited = any(_LIMITING.search(each.text) for each in near)
    if (
        (match := _ONLY.search(sentence))
        and not _LIMITING.search(passage)
        and not any(each.pointing.denials for each in near)
    ):
        return match[0]
    if not is_limited or own.pointing.is_denied or _LIMITING.search(sentence):
        return ""
    match = _ALSO.search(sentence)
    return match[0] if match else ""


def bounds_agree(own: Quantity, clause: str, other: Quantity, their_clause: str, passage: str) -> bool:
    """Tell whether two clauses bound a number alike: not above 5 is 5 at most."""
    if own.bound == other.bound or _effective(own, clause) == _effective(other, their_clause):
        return True
    if own.bound is None:
        return True
    if other.bound is None:
        if own.bound is Bound.ABOVE and _PASSED.search(their_clause):
            return True
        return own.bound not in {Bound.ABOVE, Bound.BELOW}
    # "Within 5, otherwise it stops" says what happens above 5.
    return bool(_OTHERWISE.search(passage)) and _COMPLEMENT[own.bound] == other.bound


def _effective(quantity: Quantity, clause: str) -> Bound | None:
    if quantity.bound and polarity.pointing(clause).is_denied:
        return _COMPLEMENT[quantity.bound]
    return quantity.bound


def _nearest(own: Statement, known: tuple[Statement, ...]) -> list[Statement]:
    """Return the statements that share most with a clause; none where little is shared."""
    shares = [(shared(own, each), each) for each in known]
    most = max((share for share, _ in shares), default=0)
    facts = sum(len(fact.values) for kind, fact in own.facts.items() if kind.startswith(("code", "measure")))
    if most < max(LEAST_OVERLAP * (len(own.words) + facts), 1):
        return []
    near = [each for share, each in shares if share >= most * _NEAR]
    same = [each for share, each in shares if share and not each.row and _has_figures_of(own, each)]
    return same or near


def _has_figures_of(own: Statement, other: Statement) -> bool:
    """Tell whether a statement has all figures with units of a clause, and the clause has some."""
    kinds = [kind for kind in own.facts if kind.startswith("measure ") and kind != "measure "]
    return bool(kinds) and all(
        kind in other.facts and own.facts[kind].values <= other.facts[kind].values for kind in kinds
    )


def _is_turned(own: Statement, known: tuple[Statement, ...]) -> bool:
    near = _nearest(own, known)
    if not near or not all(_contradict(own, each, known) for each in near):
        return False
    # What the nearest say nothing of may be denied elsewhere: aligned by day, never on the sun.
    rest = own.words - expanded(frozenset().union(*(each.words for each in near)))
    return not any(
        rest & expanded(each.words)
        and each.words <= expanded(own.words)
        and each.pointing.is_denied == own.pointing.is_denied
        for each in known
        if each not in near
    )


def _contradict(own: Statement, other: Statement, known: tuple[Statement, ...]) -> bool:
    if not polarity.deny_differently(own.pointing, own.words, other.pointing, other.words):
        return False
    if polarity.are_opposite(own.pointing, other.pointing) or not _speaks_of_denied(own, other, known):
        return False
    if _says_lack(own, other) or _says_lack(other, own):
        return False
    return not _complement_each_other(own, other)


def _says_lack(denying: Statement, other: Statement) -> bool:
    """Tell whether one denies what the other has a word for: nothing is left, and it is empty."""
    if not denying.pointing.denials or other.pointing.denials:
        return False
    if polarity.is_needless(denying.text) and _INSTEAD.search(other.text):
        return True
    if _NOT_ALL.search(denying.text) and _SOME.search(other.text):
        return True
    return bool(_LACKING.search(other.text)) and not denying.pointing.denied & expanded(other.words)


def _speaks_of_denied(own: Statement, other: Statement, known: tuple[Statement, ...]) -> bool:
    """Tell whether what one denies is what the other tells: that nobody sits denies nothing of a chair that moves with an empty seat."""
    denied = (own if own.pointing.denials else other).pointing.denied
    if denied <= terms(_ANY_USE):
        return True
    if not own.pointing.denials:
        return bool(denied & expanded(own.words))
    telling = [each for each in known if denied & expanded(each.words)]
    return other in telling or (bool(telling) and not any(each.pointing.is_denied for each in telling))


def _complement_each_other(own: Statement, other: Statement) -> bool:
    """Tell whether a bound turns what the denial turns: not above 5, and 5 at most."""
    return any(
        one.bound and two.bound and one.is_same(two) and _COMPLEMENT[one.bound] == two.bound
        for one in quantities(own.text)
        for two in quantities(other.text)
    )


def _is_only_denied(own: Statement, known: tuple[Statement, ...]) -> bool:
    """Tell whether a clause affirms a word that the passage has in nothing but denials."""
    affirmed = own.words - own.pointing.denied
    if own.pointing.denials:
        return False
    facts = sum(len(fact.values) for kind, fact in own.facts.items() if kind.startswith(("code", "measure")))
    for each in known:
        theirs = each.pointing.denied & affirmed or expanded(each.pointing.denied) & affirmed
        if not theirs or each.pointing.is_opened or polarity.are_opposite(own.pointing, each.pointing):
            continue
        elsewhere = expanded(frozenset().union(*(one.words - one.pointing.denied for one in known)))
        if (
            theirs - elsewhere
            and shared(own, each) >= _MUCH * (len(own.words) + facts)
            and not _complement_each_other(own, each)
        ):
            return True
    return False
