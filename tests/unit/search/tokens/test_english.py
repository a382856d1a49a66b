"""One form for all forms of an English word."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from kis.search.tokens.english import light_words, stem

BEGINNINGS = ("connect", "respons", "use", "hope", "relat", "form", "oper", "adjust", "organ", "protect")


@pytest.mark.parametrize(
    "forms",
    [
        ("break", "breaks", "breaking", "broke", "broken"),
        ("foot", "feet"),
        ("build", "builds", "built"),
        ("lose", "losing", "lost", "loss", "losses"),
        ("colour", "color", "colours", "coloured", "colored"),
        ("metre", "meter", "metres", "meters"),
        ("fibre", "fiber"),
        ("organise", "organize", "organised", "organization", "organisation"),
        ("label", "labels", "labelled", "labeled", "labelling"),
        ("catalogue", "catalog", "catalogues"),
    ],
)
def test_forms_of_a_word_have_one_stem(forms: tuple[str, ...]) -> None:
    assert len({stem(form) for form in forms}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("hour", "hor"), ("four", "for"), ("rise", "rize"), ("size", "sis"), ("bill", "bil"), ("tre", "ter")],
)
def test_short_words_are_not_spelled_anew(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_words_that_ask_are_light_and_those_that_name_are_not() -> None:
    assert {"what", "how", "the", "does", "t"} <= light_words()
    assert not {"breaker", "box", "main", "two", "neutral", "price"} & light_words()


def test_threads_that_stem_at_once_do_not_mix_their_words_up() -> None:
    """Manuals are indexed in threads, and a stem is remembered: a wrong one would stay."""
    stemmed = stem.__wrapped__
    words = [
        f"{begin}{end}" for begin in BEGINNINGS for end in ("ations", "iveness", "fulness", "izer", "ingly")
    ]
    expected = [stemmed(word) for word in words]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as threads:
            found = list(threads.map(lambda _: [stemmed(word) for word in words], range(16)))
    finally:
        sys.setswitchinterval(before)
    assert all(each == expected for each in found)
