"""Alter sentences of manuals and see whether verification notices: ``python -m tools.altered_sentences MANUAL.pdf …``.

Of each manual sentences are drawn as they stand, which must be borne by their own passages, and sentences with one thing altered, which must not: a number, a
unit, a negation, the number of a page or chapter, or a name in the place of another of the same manual. An altered sentence that stands in its passage all the
same is not counted. Nothing else is chosen or left out, so some names are exchanged where no reader could tell. The same manuals give the same figures.
"""

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from kis.assistant.answering.verifying import verify
from kis.assistant.answering.wording import sentences
from kis.assistant.reading import passages_of, read_document
from kis.assistant.things import Passage

SEED: Final = 5
TRUE: Final = 60
"""Sentences of each manual that are left as they are."""
OF_EACH: Final = 12
"""Sentences of each manual for each thing that is altered."""
_SHORTEST, _LONGEST = 40, 250
_NUMBER: Final = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.]*\w)")
_MEASURE: Final = re.compile(r"(?<=\d)(\s?)([A-Za-z%]+|[가-힣]+)\b")
_PAGE: Final = re.compile(r"((?:page|p\.|chapter|section)\s*)(\d+)", re.IGNORECASE)
_NAME: Final = re.compile(r"(?<!^)(?<![.?!:]\s)\b[A-Z][A-Za-z]{2,}\d*\b")
_NAME_WITHIN: Final = re.compile(r"(?<=[a-z] )[A-Z][A-Za-z]{3,}\b")
_UNITS: Final = dict(
    told.split(":")
    for told in [
        "mm:cm",
        "cm:mm",
        "m:km",
        "ft:m",
        "pt:mm",
        "inch:mm",
        "pixels:mm",
        "ms:s",
        "milliseconds:seconds",
        "seconds:minutes",
        "minutes:hours",
        "hours:days",
        "days:weeks",
        "years:months",
        "초:분",
        "분:시간",
        "시간:일",
        "일:주",
        "bytes:kB",
        "kB:MB",
        "KB:MB",
        "MB:GB",
        "GB:MB",
        "V:mV",
        "A:mA",
        "Hz:kHz",
        "%:°C",
        "fps:ms",
        "행:열",
        "개:배",
        "쪽:장",
    ]
)
"""Of each unit the one that takes its place."""
_DENIALS: Final = (
    (re.compile(r"\b(can|must|should|will|does|do|is|are|may) not\b"), r"\1"),
    (re.compile(r"\bcannot\b"), "can"),
    (re.compile(r"\b(can|must|should|will|may|is|are)\b"), r"\1 not"),
    (re.compile(r"할 수 없(?=습니다|다)"), "할 수 있"),
    (re.compile(r"할 수 있(?=습니다|다)"), "할 수 없"),
    (re.compile(r"하지 않습니다"), "합니다"),
    (re.compile(r"합니다"), "하지 않습니다"),
    (re.compile(r"됩니다"), "되지 않습니다"),
    (re.compile(r"하십시오"), "하지 마십시오"),
    (re.compile(r"한다(?=[.\s]|$)"), "하지 않는다"),
    (re.compile(r"된다(?=[.\s]|$)"), "되지 않는다"),
)

Alter = Callable[[str], str | None]
"""A sentence altered; None where there is nothing of the kind to alter."""


@dataclass(frozen=True, slots=True)
class Draw:
    """A sentence with the passage that it was taken from."""

    sentence: str
    passage: Passage


def main() -> None:
    """Print what was caught and lost, and each that was missed."""
    chance = Random(SEED)  # noqa: S311 - repeatable, and nothing secret
    counted, wrong = Counter[str](), Counter[str]()
    for path in map(Path, sys.argv[1:]):
        drawn = list(_drawn(passages_of(read_document(path.read_bytes()))))
        chance.shuffle(drawn)
        for one in drawn[:TRUE]:
            counted["true"] += 1
            if not verify(one.sentence, [one.passage]).supported:
                wrong["true"] += 1
                print(f"lost: {one.sentence}")
        for kind, alter in _alterations(chance, drawn):
            for altered, one in _altered(drawn, alter):
                counted[kind] += 1
                if verify(altered, [one.passage]).supported:
                    wrong[kind] += 1
                    print(f"missed, {kind}: {altered}")
    told = sum(counted.values()) - counted["true"]
    missed = sum(wrong.values()) - wrong["true"]
    if not told or not counted["true"]:
        sys.exit("no sentence to draw: name the PDFs of manuals")
    print(f"true {counted['true']}, lost {wrong['true'] / counted['true']:.3f}")
    print(f"altered {told}, caught {1 - missed / told:.3f}")
    for kind in counted:
        print(f"  {kind}: {wrong[kind]} of {counted[kind]}")


def _drawn(passages: Sequence[Passage]) -> Iterator[Draw]:
    """Yield the whole sentences of prose."""
    for passage in passages:
        for sentence in map(str.strip, sentences(passage.text)):
            is_prose = " | " not in sentence and sentence.endswith(".")
            if is_prose and _SHORTEST < len(sentence) < _LONGEST:
                yield Draw(sentence, passage)


def _altered(drawn: Sequence[Draw], alter: Alter) -> Iterator[tuple[str, Draw]]:
    found = 0
    for one in drawn:
        altered = alter(one.sentence)
        if altered is None or _letters(altered) in _letters(one.passage.text):
            continue
        yield altered, one
        found += 1
        if found == OF_EACH:
            return


def _letters(text: str) -> str:
    return re.sub(r"\W", "", text.lower())


def _alterations(chance: Random, drawn: Sequence[Draw]) -> Iterator[tuple[str, Alter]]:
    names = sorted({name for one in drawn for name in _NAME_WITHIN.findall(one.sentence)})

    def number(sentence: str) -> str | None:
        return _exchanged(chance, sentence, _NUMBER, lambda found: _other_number(chance, found))

    def unit(sentence: str) -> str | None:
        told = re.compile("|".join(map(re.escape, sorted(_UNITS))))
        places = [found for found in _MEASURE.finditer(sentence) if told.fullmatch(found[2])]
        if not places:
            return None
        found = chance.choice(places)
        return sentence[: found.start(2)] + _UNITS[found[2]] + sentence[found.end(2) :]

    def name(sentence: str) -> str | None:
        return _exchanged(
            chance, sentence, _NAME, lambda found: chance.choice([one for one in names if one != found])
        )

    yield "number", number
    yield "unit", unit
    yield "negation", _denied
    yield (
        "page",
        lambda sentence: _first_exchanged(sentence, _PAGE, lambda one: f"{one[1]}{int(one[2]) + 3}"),
    )
    if len(names) > 1:
        yield "model", name


def _other_number(chance: Random, number: str) -> str:
    return str(int(number) + chance.choice([1, 2, 5, 10])) if number.isdigit() else f"{float(number) * 2:g}"


def _exchanged(
    chance: Random, sentence: str, pattern: re.Pattern[str], other: Callable[[str], str]
) -> str | None:
    places = list(pattern.finditer(sentence))
    if not places:
        return None
    found = chance.choice(places)
    return sentence[: found.start()] + other(found[0]) + sentence[found.end() :]


def _first_exchanged(
    sentence: str, pattern: re.Pattern[str], other: Callable[[re.Match[str]], str]
) -> str | None:
    return pattern.sub(other, sentence, count=1) if pattern.search(sentence) else None


def _denied(sentence: str) -> str | None:
    for pattern, other in _DENIALS:
        if pattern.search(sentence):
            return pattern.sub(other, sentence, count=1)
    return None


if __name__ == "__main__":
    main()
