"""A word put in the place of another: the sentence says of oil what the passage says of water.

A wrong sentence is mostly a sentence of the passage with one word exchanged, whatever the word. So each clause is laid beside each clause of the passage: where
nearly all else is the same and, between the same neighbours, one has a noun and the other has another that does not mean the same, the noun has been put in its
place. A true sentence that retells a clause in other words shares less of it, or has its own words elsewhere. So it is with opposites, wherever they stand, and
with a denial that is all that differs.
"""

import re
from collections.abc import Sequence
from typing import Final

from kis.assistant.answering.quantities import quantities
from kis.assistant.answering.verifying import polarity
from kis.assistant.answering.verifying.placing import Clause, Token, pairs, placed, without_digits
from kis.assistant.answering.verifying.synonyms import said_by
from kis.assistant.answering.wording import expanded, sentences, terms, terms_in_order, words

_LEAST_ALIKE: Final = 0.66
"""Share of a sentence's other words that a clause must have, for what differs to be an exchange."""
_ALL_BUT: Final = 0.75
"""Share of the words of both that both have, for a denial to be all that differs."""
_FEWEST_ALIKE: Final = 2
_LIMITS: Final = re.compile(
    r"\bonly\b|\bexcept|\bother than\b|\binstead\b|\brather\b|(?<=[가-힣])(?<!미)만(?=[ ,.]|이|은)|뿐|(?<!지 )(?<!지)말고|밖에|외에",
    re.IGNORECASE,
)
_EXCEPT: Final = re.compile(r"\bexcept(?: for)?\b|\bexcluding\b|\bother than\b|\bapart from\b", re.IGNORECASE)
_EXCEPT_KO: Final = re.compile(
    r"(?P<what>[가-힣A-Za-z0-9]+)(?:을|를)? ?(?:제외|(?<![려여해아어] )(?<![려여해아어])빼고|(?<!지 )(?<!지)말고|이외|외에|외의)"
)
_ONLY_WHO: Final = re.compile(
    r"(?:^|[.;,]\s*)only (?!(?:when|if|after|once|for|with|without|by|in|on|at|to|from|use|the following)\b)(?:the |a |an )?(?P<who>(?:[a-z]+ ){1,4}?)(?:may|can|must|should|is|are|has|have)\b",
    re.IGNORECASE,
)
_THAN: Final = re.compile(r"\b(\w+) than\b", re.IGNORECASE)
_THAN_KO: Final = re.compile(
    r"(?P<one>[가-힣 ]+?)[은는이가] (?P<two>[가-힣 ]+?)보다 (?:더 )?(?P<way>[가-힣 ]+)"
)
_INSTEAD: Final = re.compile(r"\binstead of\b|\brather than\b|대신|(?<!지 )말고", re.IGNORECASE)

_Scored = tuple[Clause, frozenset[str]]
"""A clause of the passage, and the terms of a sentence that it has."""


def substituted(sentence: str, passage: str) -> str:
    """Return the word of a sentence that stands in the place of another word of the passage; nothing where none does."""
    if swapped := _swapped(sentence, passage):
        return swapped
    every = placed(passage)
    for own in placed(sentence):
        scored = [(each, own.said_of(each)) for each in every if each.is_single or not own.is_single]
        if not scored:
            continue
        most = max(len(alike) for _, alike in scored)
        fitting = [len(alike) for theirs, alike in scored if own.figures and own.figures <= theirs.figures]
        nearest = max(fitting, default=most)
        best = [
            theirs
            for theirs, alike in scored
            if len(alike) == nearest and (not fitting or own.figures <= theirs.figures)
        ]
        if wrong := _exchanged(own, best, every):
            return wrong
        if own.is_single and (wrong := _turned(own, scored)):
            return wrong
    return ""


def denied(sentence: str, passage: str) -> str:
    """Return the clause of a sentence that is a clause of the passage but for a denial, or what is excepted from it; nothing where none is."""
    theirs = [each for each in placed(passage) if each.is_single]
    for own in placed(sentence):
        scored = [(each, own.said_of(each)) for each in theirs]
        if scored and own.is_single and (_is_denied(own, scored) or _is_excepted(own, scored)):
            return own.text
    return ""


def _exchanged(own: Clause, best: Sequence[Clause], every: Sequence[Clause]) -> str:
    """Return the exchange against a clause that shares most, unless another has what was exchanged; against all of them it is one in any case."""
    found = []
    for theirs in best:
        alike = own.said_of(theirs)
        fitting = [
            (mine, yours)
            for mine, yours in pairs(own, theirs)
            if own.figures <= theirs.figures
            and _is_enough(own, alike, _terms(mine))
            and polarity.opposed(own.text, theirs.text) <= 1
        ]
        for mine, yours in fitting:
            if not any(
                _has(each, own, mine, len(alike)) for each in every if each.is_single or not own.is_single
            ):
                return f"{_said(mine)} / {_said(yours)}"
        found += fitting[:1]
    if len(best) > 1 and len(found) == len(best):
        return " + ".join(f"{_said(mine)} / {_said(yours)}" for mine, yours in found)
    return ""


def _has(each: Clause, own: Clause, run: Sequence[Token], least: int) -> bool:
    """Tell whether a clause has words of a sentence, its figures, and as much of it as another."""
    said = said_by(own.every, each.every)
    if not _terms(run) & said or not said - _terms(run):
        return False
    return len(said) > least - (not own.figures) and own.figures <= each.figures


def _terms(run: Sequence[Token]) -> frozenset[str]:
    return frozenset(token.term for token in run)


def _turned(own: Clause, scored: Sequence[_Scored]) -> str:
    """Return what a sentence names of which the clause that is most like it names the opposite, or another of those of which only one holds."""
    for place, side in enumerate(own.pointing.sides):
        if not side:
            continue
        best = _likest(own, polarity.words_of_side(place, own.text), scored)
        naming = [theirs for theirs in best if theirs.pointing.sides[place]]
        if any(
            bool(_exception(own.text)) != bool(_exception(theirs.text))
            and _LIMITS.search(own.text)
            and _LIMITS.search(theirs.text)
            for theirs in naming
        ):
            continue  # opened only for this, closed except for this
        if naming and all(
            theirs.pointing.sides[place] == -side and polarity.opposed(own.text, theirs.text) == 1
            for theirs in naming
        ):
            return f"side {place}"
    for place, chosen in enumerate(own.pointing.choices):
        best = _likest(own, terms(" ".join(polarity.named(place, own.text))), scored) if chosen else []
        if best and all(
            theirs.pointing.choices[place] and not theirs.pointing.choices[place] & chosen for theirs in best
        ):
            return " ".join(sorted(chosen))
    return ""


def _likest(own: Clause, besides: frozenset[str], scored: Sequence[_Scored]) -> list[Clause]:
    """Return the clauses that share most with a sentence, some words aside, if that is enough and they deny what it denies."""
    if not own.terms - besides:
        return [
            theirs
            for theirs, _ in scored
            if len(theirs.terms) <= len(own.terms)
            and len(said_by(own.whole, theirs.whole))
            >= _ALL_BUT * len({word.term for word in own.whole} - {""})
        ]
    most = max(len(alike - besides) for _, alike in scored)
    best = [theirs for theirs, alike in scored if len(alike - besides) == most]
    is_fit = all(
        polarity.denies_mainly(theirs.text) == polarity.denies_mainly(own.text)
        and own.figures <= theirs.figures
        and _is_enough(own, said_by(own.every, (*theirs.whole, *theirs.around)) - besides, besides)
        and 2 * most >= len(own.terms - besides)
        for theirs in best
    )
    return best if is_fit and most else []


def _is_denied(own: Clause, scored: Sequence[_Scored]) -> bool:
    """Tell whether a clause says all that a sentence says, and nearly nothing else, but for a denial."""
    best = _nearly_the_same(own, scored)
    if not best or _LIMITS.search(own.text) or any(_LIMITS.search(each.text) for each in best):
        return False
    if polarity.is_needless(own.text) and any(_INSTEAD.search(each.text) for each in best):
        return False  # what stands for another thing makes it needless
    if any(each.bound for one in (own, *best) for each in quantities(one.text)):
        return False  # not above 5 is 5 at most
    is_opened = own.pointing.is_opened or any(theirs.pointing.is_opened for theirs in best)
    is_turned = any(polarity.opposed(own.text, theirs.text) for theirs in best)
    parities = {polarity.denies_mainly(theirs.text) for theirs in best}
    return parities == {not polarity.denies_mainly(own.text)} and not is_opened and not is_turned


def _nearly_the_same(own: Clause, scored: Sequence[_Scored]) -> list[Clause]:
    most = max(len(alike) for _, alike in scored)
    best = [theirs for theirs, alike in scored if len(alike) == most and own.figures <= theirs.figures]
    if most < max(_FEWEST_ALIKE, _ALL_BUT * len(own.terms)):
        return []
    is_all = all(len(each.said_of(own)) >= _ALL_BUT * len(each.terms) for each in best)
    return best if is_all and not any("|" in each.text for each in best) else []


def _is_excepted(own: Clause, scored: Sequence[_Scored]) -> bool:
    """Tell whether a sentence says of what a clause excepts the same as of the rest, or of another what only one may."""
    most = max(len(alike) for _, alike in scored)
    best = [theirs for theirs, alike in scored if len(alike) == most]
    if most < max(min(_FEWEST_ALIKE, len(own.terms) - 1), _LEAST_ALIKE * (len(own.terms) - 1), 1):
        return False
    own_exception = _exception(own.text)
    for theirs in best:
        exception = _exception(theirs.text)
        if not exception or own.pointing.is_opened:
            continue
        if own_exception:
            if not own_exception & expanded(exception):
                return True
        elif exception <= expanded(own.terms) and not _LIMITS.search(own.text):
            denials = polarity.pointing(_EXCEPT.sub(" ", theirs.text)).denials
            if denials % 2 == own.pointing.is_denied:
                return True
    return any(_is_of_another(own, theirs) for theirs in best)


def _exception(text: str) -> frozenset[str]:
    if match := _EXCEPT.search(text):
        return frozenset(terms_in_order(text[match.end() :].partition(",")[0]))
    match = _EXCEPT_KO.search(text)
    return terms(match["what"]) if match else frozenset()


def _is_of_another(own: Clause, theirs: Clause) -> bool:
    """Tell whether a sentence lets another do what a clause lets only one do."""
    match = _ONLY_WHO.search(text := without_digits(theirs.text))
    if not match or own.pointing.is_denied or _LIMITS.search(own.text):
        return False
    who = words(match["who"])
    rest = own.terms - said_by(own.every, words(text[match.end() :]))
    return bool(rest) and not said_by(own.every, who)


def _swapped(sentence: str, passage: str) -> str:
    """Return the marker on whose sides a sentence has two words the other way round: chips instead of dust."""
    theirs = _sides_of_markers(passage) | _compared(passage)
    return next(
        (
            f"{one} / {two}"
            for one, two in _sides_of_markers(sentence) | _compared(sentence)
            if (two, one) in theirs
        ),
        "",
    )


def _compared(text: str) -> set[tuple[str, str]]:
    """Return what a text says to be more than what, with the word that compares them."""
    found = set()
    for sentence in sentences(text):
        if "|" in sentence:
            continue
        if match := _THAN.search(sentence):
            one, two = terms_in_order(sentence[: match.start()]), terms_in_order(sentence[match.end() :])
            found |= {(f"{match[1]} {a}", f"{match[1]} {b}") for a in one[:1] for b in two[:1]}
        elif match := _THAN_KO.search(sentence):
            one, two = terms_in_order(match["one"]), terms_in_order(match["two"])
            way = "".join(terms_in_order(match["way"])[:1])
            found |= {(f"{way} {a}", f"{way} {b}") for a in one[-1:] for b in two[-1:]}
    return found


def _sides_of_markers(text: str) -> set[tuple[str, str]]:
    found = set()
    for match in _INSTEAD.finditer(text):
        before, behind = terms_in_order(text[: match.start()])[-1:], terms_in_order(text[match.end() :])[:1]
        found |= {(one, two) for one in before for two in behind}
    return found


def _is_enough(own: Clause, alike: frozenset[str], besides: frozenset[str]) -> bool:
    rest = own.terms - besides
    return len(alike) >= max(min(_FEWEST_ALIKE, len(rest)), _LEAST_ALIKE * len(rest), 1)


def _said(tokens: Sequence[Token]) -> str:
    return " ".join(token.surface for token in tokens)
