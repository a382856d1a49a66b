"""English words as they are compared: one form for all forms of a word, and one spelling for both sides of the ocean."""

import re
import threading
from functools import lru_cache
from importlib import resources
from typing import Any, Final

import yaml

_SPELLINGS: Final = (
    (re.compile(r"(?<=[a-z]{3})is(?=(?:e|ed|es|er|ers|ing|ation|ations|able)$)"), "iz"),
    (re.compile(r"(?<=[a-z]{2})our(?=(?:s|ed|ing|less|ful|able)?$)"), "or"),
    (re.compile(r"(?<=[a-z][bt])re(?=s?$)"), "er"),
    (re.compile(r"(?<=[a-z]{2})ll(?=(?:ed|ing|er|ers)$)"), "l"),
    (re.compile(r"(?<=[a-z]{2})ogue(?=s?$)"), "og"),
)
"""Organise, colour, metre, labelled, catalogue: as they are written in America."""

_OF_THREAD: Final = threading.local()


@lru_cache(maxsize=1)
def _lists() -> tuple[frozenset[str], frozenset[str], dict[str, str]]:
    file = resources.files("kis.search") / "data" / "english.yaml"
    read: dict[str, Any] = yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader)
    forms = {form: base for base, listed in read["irregular"].items() for form in str(listed).split()}
    return frozenset(read["light"].split()), frozenset(read["shortened"].split()), forms


@lru_cache(maxsize=1)
def light_words() -> frozenset[str]:
    """Return the words that ask, link or fill."""
    return _lists()[0] | _lists()[1]


def linking_words() -> frozenset[str]:
    """Return those of the light words that stand by themselves; ve and ll do not."""
    return _lists()[0]


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return the stem of a folded word: feet and foot, built and building, colours and colored have one each."""
    word = _lists()[2].get(word, word)
    for pattern, replacement in _SPELLINGS:
        word = pattern.sub(replacement, word)
    return str(_stemmer().stemWord(word))


def _stemmer() -> Any:
    """Return the stemmer of this thread: it writes down what it is at, and two that share it would mix their words up."""
    if not hasattr(_OF_THREAD, "stemmer"):
        import snowballstemmer  # type: ignore[import-untyped]  # comes without types

        _OF_THREAD.stemmer = snowballstemmer.stemmer("english")
    return _OF_THREAD.stemmer
