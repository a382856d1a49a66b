"""The index of one document's passages: BM25 over titles, bodies and pairs of words, held in memory.

A question is asked word by word. A word counts what its terms count, or a part of what another word for it counts; so a question that says
things in other words, or in the other language, finds them, and one that says them exactly finds them first.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import fsum, log, sqrt
from typing import Final, Generic, TypeVar

from kis.assistant.reading.asked import AskedWord, Mentions
from kis.assistant.reading.everyday import everyday
from kis.assistant.reading.glossary import glossary, topics
from kis.assistant.reading.kinds import told, wanted
from kis.assistant.reading.lexicon import Mention, lexicon
from kis.assistant.reading.loanwords import Heard
from kis.assistant.reading.morphemes import Told
from kis.assistant.reading.passages import passages_of
from kis.assistant.reading.strangers import Kinds
from kis.assistant.reading.terms import (
    MATCHED,
    Word,
    folded,
    has_korean,
    pairs_of,
    pieces_of,
    terms_of,
    vocabulary_of,
    words_of,
)
from kis.assistant.things import FoundPassage, Passage, ReadDocument
from kis.search import Language, Morpheme

Key = TypeVar("Key", str, int)

LONGEST_QUESTION: Final = 500
"""Characters of a question that are looked at."""
MOST_QUESTION_WORDS: Final = 60
_SATURATION: Final = 2.0
_BY_LENGTH: Final = 0.3
"""How much a long passage must have more of a word than a short one; passages are of nearly one length."""
_TITLE: Final = 2.5
_OUTER_TITLES: Final = 0.6
_NEAR: Final = 0.2
"""What a word counts that stands in the passage before or after, under the same heading."""
_PAIR: Final = 0.2
_OTHER: Final = 0.45
"""What another word for a word counts."""
_STEM: Final = 0.85
"""What a word counts that stands there with another ending."""
_CONCEPT: Final = 0.9
"""What a concept counts that a word names, beside the word itself."""
_CONCEPT_SHARE: Final = 0.6
"""How far a passage has a word if it names what the word names ..."""
_NEAR_SHARE: Final = 0.3
"""... or comes near to it."""
_TOLD: Final = 0.9
_CODE: Final = 1.5
"""What a code counts that stands as it was asked for."""
_PAGE_SECOND: Final = 0.2
"""What the second passage of a page adds to its best one."""
_KIND: Final = 0.5
"""What a passage gets that tells things of the kind that is asked for, where few passages do."""
_NEARNESS: Final = 0.25
"""What a passage gets for each standard deviation by which it is nearer to the question than the others, beside the 1 of the passage that fits best by its
words. Chosen with all-MiniLM-L6-v2 on three English manuals of the used sets; as a share of deviations it does not depend on the model."""
_SAME: Final = 1e-6
"""A deviation that is only the rounding of the numbers."""
_NEAREST: Final = 30
"""So many passages, the nearest, are taken in that have no word of the question."""
_WHOLE: Final = 0.3
"""Share of a score that a passage gets only so far as it covers the question: many of one word are less than one of each."""


def load_words() -> None:
    """Load the words of all manuals: half a second that no question shall wait for."""
    glossary()
    topics()
    everyday()
    lexicon()


@dataclass(frozen=True, slots=True)
class RankedPassage(FoundPassage):
    """A passage with how well it fits, and how much of the question it has."""

    coverage: float = 0.0
    """Share of the question's telling words that the passage or its titles have, the rarer ones counting more; from 0 to 1."""
    asked: tuple[AskedWord, ...] = ()
    """The question's telling words, the same for all passages that were found for it."""


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A page with how well it fits a question."""

    page: int
    score: float


@dataclass(slots=True)
class _Postings(Generic[Key]):
    """Where terms, or concepts, stand: of each, how often in which passage."""

    weights: dict[Key, dict[int, float]] = field(default_factory=dict)

    def add(self, passage: int, keys: Mapping[Key, float], weight: float) -> None:
        for key, times in keys.items():
            places = self.weights.get(key)
            if places is None:
                self.weights[key] = {passage: weight * times}
            else:
                places[passage] = places.get(passage, 0.0) + weight * times

    def add_passages(
        self,
        passages: Sequence[Passage],
        bodies: Sequence[Mapping[Key, float]],
        titles: Mapping[tuple[str, ...], tuple[Mapping[Key, float], Mapping[Key, float]]],
    ) -> None:
        """Add what stands in each passage, in its last title and those around it, and in the passages beside it under the same heading."""
        for place, passage in enumerate(passages):
            path = passage.title_path
            last, outer = titles[path]
            self.add(place, bodies[place], 1.0)
            self.add(place, last, _TITLE)
            self.add(place, outer, _OUTER_TITLES)
            for beside in (place - 1, place + 1):
                if 0 <= beside < len(passages) and passages[beside].title_path == path:
                    self.add(place, dict.fromkeys(bodies[beside], 1.0), _NEAR)


@dataclass(frozen=True, slots=True)
class _Title:
    """The terms and concepts of headings: of the last one, and of those around it."""

    terms: Counter[str]
    outer_terms: Counter[str]
    concepts: Mapping[int, float]
    outer_concepts: Mapping[int, float]

    @classmethod
    def of(cls, path: Sequence[str]) -> "_Title":
        last, outer = _titles(path)
        named = lexicon().named
        return cls(Counter(terms_of(last)), Counter(terms_of(outer)), named(last), named(outer))


@dataclass(frozen=True, slots=True)
class PassageIndex:
    """Finds the passages of one document. Once built it never changes, and any number of threads may ask it."""

    passages: tuple[Passage, ...]
    language: Language
    _terms: dict[str, dict[int, float]]
    _pairs: dict[str, dict[int, float]]
    _concepts: dict[int, dict[int, float]]
    _lengths: tuple[float, ...]
    """What the length of each passage divides a count by."""
    _heard: Heard
    _codes: Kinds
    _told: dict[str, frozenset[int]]
    """By the kind of answer the passages that tell such things."""
    has_morphemes: bool = False
    """Yes: verbs are found by their stems, in questions whose morphemes are told."""

    @classmethod
    def of(cls, document: ReadDocument, *, language: Language | None = None) -> "PassageIndex":
        """Build the index of a document."""
        return cls.of_passages(passages_of(document), language=language or document.language)

    @classmethod
    def of_passages(cls, passages: tuple[Passage, ...], *, language: Language) -> "PassageIndex":
        """Build the index of passages."""
        load_words()
        named = lexicon().named
        terms, pairs, concepts = _Postings[str](), _Postings[str](), _Postings[int]()
        bodies = [folded(passage.text) for passage in passages]
        cut = [Counter(terms_of(body)) for body in bodies]
        titles = {path: _Title.of(path) for path in _paths(passages)}
        terms.add_passages(
            passages, cut, {path: (one.terms, one.outer_terms) for path, one in titles.items()}
        )
        for place, passage in enumerate(passages):
            title = titles[passage.title_path]
            concepts.add(place, named(bodies[place]), 1.0)
            concepts.add(place, title.concepts, _TITLE)
            concepts.add(place, title.outer_concepts, _OUTER_TITLES)
            pairs.add(place, Counter(pairs_of(bodies[place])), 1.0)
        sizes = [one.total() for one in cut]
        mean = sum(sizes) / len(sizes) if sizes else 1.0
        lengths = tuple(_SATURATION * (1 - _BY_LENGTH + _BY_LENGTH * size / (mean or 1.0)) for size in sizes)
        vocabulary = set().union(
            *map(vocabulary_of, bodies), *(vocabulary_of(folded(" ".join(path))) for path in titles)
        )
        return cls(
            passages,
            language,
            _terms=terms.weights,
            _pairs=pairs.weights,
            _concepts=concepts.weights,
            _lengths=lengths,
            _heard=Heard(sorted(vocabulary)),
            _codes=Kinds.of(terms.weights),
            _told=told(passage.text for passage in passages),
        )

    def with_stems(self, stems: Mapping[str, Sequence[str]]) -> "PassageIndex":
        """Return an index of the same passages that knows also the stems of their words. ``stems``: of each of their :func:`texts_to_analyze` its ``stem_terms``."""
        found = _Postings[str]()
        bodies = [Counter(stems.get(folded(passage.text), ())) for passage in self.passages]
        titles = {path: _counted(stems, *_titles(path)) for path in _paths(self.passages)}
        found.add_passages(self.passages, bodies, titles)
        return replace(self, _terms=self._terms | found.weights, has_morphemes=True)

    def search(
        self,
        question: str,
        limit: int = 8,
        *,
        near: Sequence[float] = (),
        morphemes: Sequence[Morpheme] = (),
    ) -> list[RankedPassage]:
        """Return the passages that fit a question best, the best first; none where no word of it stands anywhere.

        ``near``: of each passage the cosine with the question, where a model told it; then also passages without any word of it are found.
        ``morphemes``: those of :func:`asked_text` of the question, where an analyzer told them; an index without morphemes does not look at them.
        """
        text = asked_text(question)
        told = Told.of(morphemes if self.has_morphemes else ())
        words = words_of(text, told=told) or words_of(text, keeps_light=True)
        words = words[:MOST_QUESTION_WORDS]
        scores: dict[int, float] = {}
        covered: dict[int, float] = {}
        total = 0.0
        asked: list[AskedWord] = []
        mentions = Mentions.of(text)
        strangers = self._codes.strangers(pieces_of(text), self._terms.keys())
        for at, word in enumerate(words):
            rarity, others, found = self._word(words, at, word)
            mentioned = mentions.of_word(word)
            self._add_concepts(mentioned, found)
            weight = everyday().weight_of(word.text, is_verb=word.is_verb)
            rarity *= weight
            shares = [share for _, share in found.values()]
            whole = sum(share >= 1.0 for share in shares)
            parts = sum(share > 0.0 for share in shares) - whole
            own = word.terms[:1] if word.is_code else word.terms
            for place, (score, _) in found.items():
                scores[place] = scores.get(place, 0.0) + weight * score
            if word.is_measure:  # a table has the number in its row and the unit in its head
                continue
            total += rarity
            for place, (_, share) in found.items():
                covered[place] = covered.get(place, 0.0) + rarity * share
            is_absent = any(not self._has_any(names) for names in topics().named_at(words, at))
            asked.append(
                AskedWord(
                    word.text,
                    rarity,
                    (own, *others),
                    whole,
                    parts,
                    word.is_code,
                    is_absent,
                    any(map(self._is_absent, mentioned)),
                    word.text in strangers,
                )
            )
        for pair in set(pairs_of(text)):
            for place, score in self._scored(self._pairs, (pair,)).items():
                if place in scores:
                    scores[place] += _PAIR * score
        self._add_kinds(question[:LONGEST_QUESTION], scores)
        for place in scores:
            scores[place] *= 1 - _WHOLE + _WHOLE * covered.get(place, 0.0) / (total or 1.0)
        if near and len(near) == len(self.passages):
            _add_nearness(near, scores)
        best = sorted(scores, key=lambda place: (-scores[place], place))[: max(limit, 0)]
        return [
            RankedPassage(
                self.passages[place],
                round(scores[place], 4),
                round(covered.get(place, 0.0) / (total or 1.0), 4),
                tuple(asked),
            )
            for place in best
        ]

    def pages(
        self,
        question: str,
        limit: int = 5,
        *,
        near: Sequence[float] = (),
        morphemes: Sequence[Morpheme] = (),
    ) -> list[FoundPage]:
        """Return the pages that fit a question best, the best first; ``near`` and ``morphemes`` as for ``search``."""
        scores: dict[int, float] = {}
        seconds: set[int] = set()
        for found in self.search(question, 10 * limit, near=near, morphemes=morphemes):
            page = found.passage.page
            if page not in scores:
                scores[page] = found.score
            elif page not in seconds:
                seconds.add(page)
                scores[page] += _PAGE_SECOND * found.score
        best = sorted(scores, key=lambda page: (-scores[page], page))[: max(limit, 0)]
        return [FoundPage(page, round(scores[page], 4)) for page in best]

    def _add_kinds(self, question: str, scores: dict[int, float]) -> None:
        """Add to the scores of passages that tell what is asked for; the fewer there are, the more."""
        for kind in wanted(question):
            places = self._told[kind]
            worth = _KIND * self._rarity_of(len(places))
            for place in places & scores.keys():
                scores[place] += worth

    def _word(
        self, words: Sequence[Word], at: int, word: Word
    ) -> tuple[float, tuple[tuple[str, ...], ...], dict[int, tuple[float, float]]]:
        """Return how rare a word is, the terms of others for it, and of each passage that has it: its score, and 1 where it has the word, less where it has another for it or a part."""
        terms = word.terms[:1] if word.is_code else word.terms
        rarity = max((self._rarity(self._terms, term) for term in terms), default=0.0)
        found = self._alternative(terms)
        if word.is_code:  # what has a part of it is near, but has not what was asked for
            near = {place: (score, 0.0) for place, (score, _) in self._alternative(word.terms).items()}
            whole = {
                place: (max(_CODE * score, near[place][0]), share) for place, (score, share) in found.items()
            }
            return rarity, (), near | whole
        others = glossary().others_of(words, at) or self._heard_as(word)
        for terms in others:
            for place, (score, share) in self._alternative(terms).items():
                if share >= 1.0 and _OTHER * score > found.get(place, (0.0, 0.0))[0]:
                    found[place] = (_OTHER * score, 0.9)
        for terms in word.stems:
            for place, (score, share) in self._alternative(terms).items():
                if share >= 1.0 and _STEM * score > found.get(place, (0.0, 0.0))[0]:
                    found[place] = (_STEM * score, 1.0)
        return rarity, others, found

    def _add_concepts(self, mentions: Iterable[Mention], found: dict[int, tuple[float, float]]) -> None:
        """Add to where a word was found where the concepts are treated that it names, or helps to name."""
        for mention in mentions:
            weaken = _CONCEPT * (mention.after - mention.at) ** -0.5
            for concept, weight in mention.concepts:
                places = self._concepts.get(concept)
                if not places:
                    continue
                worth = weaken * weight * self._rarity_of(len(places)) * (_SATURATION + 1)
                for place, count in places.items():
                    score, share = found.get(place, (0.0, 0.0))
                    told = _CONCEPT_SHARE if weight * count >= _TOLD else _NEAR_SHARE
                    found[place] = (
                        max(score, worth * count / (count + self._lengths[place])),
                        max(share, told),
                    )

    def _is_absent(self, mention: Mention) -> bool:
        """Tell whether a thing is named, and nothing else by that word, that no passage names or comes near to."""
        names = mention.names
        return (
            bool(names)
            and lexicon().things.issuperset(names)
            and not any(self._concepts.get(concept) for concept in names)
        )

    def _has_any(self, names: Iterable[Sequence[str]]) -> bool:
        """Tell whether one passage has all of one of the names."""
        return any(set.intersection(*(set(self._terms.get(term, ())) for term in name)) for name in names)

    def _heard_as(self, word: Word) -> tuple[tuple[str, ...], ...]:
        found = (tuple(terms_of(other)) for other in self._heard.others_of(word.text))
        return tuple(dict.fromkeys(terms for terms in found if terms))

    def _alternative(self, terms: Sequence[str]) -> dict[int, tuple[float, float]]:
        counted: Counter[int] = Counter(place for term in terms for place in self._terms.get(term, ()))
        weaken = len(terms) ** -0.5
        return {
            place: (score * weaken, 1.0 if counted[place] >= MATCHED * len(terms) else 0.0)
            for place, score in self._scored(self._terms, terms).items()
        }

    def _scored(self, postings: dict[str, dict[int, float]], terms: Sequence[str]) -> dict[int, float]:
        scores: dict[int, float] = {}
        for term in terms:
            places = postings.get(term)
            if not places:
                continue
            rarity = self._rarity(postings, term)
            for place, weight in places.items():
                part = rarity * weight * (_SATURATION + 1) / (weight + self._lengths[place])
                scores[place] = scores.get(place, 0.0) + part
        return scores

    def _rarity(self, postings: dict[str, dict[int, float]], term: str) -> float:
        return self._rarity_of(len(postings.get(term, ())))

    def _rarity_of(self, holding: int) -> float:
        count = len(self.passages)
        return log(1 + (count - holding + 0.5) / (holding + 0.5))


def asked_text(question: str) -> str:
    """Return of a question what is looked at, as an analyzer is to be shown it."""
    return folded(question[:LONGEST_QUESTION])


def texts_to_analyze(passages: Sequence[Passage]) -> list[str]:
    """Return the Korean texts of passages and their titles, each once, as an analyzer is to be shown them."""
    bodies = (folded(passage.text) for passage in passages)
    titles = (text for path in _paths(passages) for text in _titles(path))
    return [text for text in dict.fromkeys((*bodies, *titles)) if has_korean(text)]


def _paths(passages: Iterable[Passage]) -> dict[tuple[str, ...], None]:
    """Return the paths of titles that passages stand under, each once."""
    return dict.fromkeys(passage.title_path for passage in passages)


def _counted(stems: Mapping[str, Sequence[str]], last: str, outer: str) -> tuple[Counter[str], Counter[str]]:
    return Counter(stems.get(last, ())), Counter(stems.get(outer, ()))


def _titles(path: Sequence[str]) -> tuple[str, str]:
    """Return the folded last heading, and those around it."""
    return folded(path[-1]) if path else "", folded(" ".join(path[:-1]))


def _add_nearness(near: Sequence[float], scores: dict[int, float]) -> None:
    """Add to the scores what nearness of meaning is worth, beside what the best passage has by its words."""
    mean = fsum(near) / len(near)
    deviation = sqrt(fsum((one - mean) ** 2 for one in near) / len(near))
    if deviation < _SAME:
        return
    best = max(scores.values(), default=1.0)
    nearest = sorted(range(len(near)), key=lambda place: (-near[place], place))[:_NEAREST]
    for place in scores.keys() | set(nearest):
        above = (near[place] - mean) / deviation
        if above > 0.0:
            scores[place] = scores.get(place, 0.0) + _NEARNESS * best * above
