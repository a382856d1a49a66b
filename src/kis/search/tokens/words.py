"""Words of products and the trade that an analyzer would take apart."""

from functools import lru_cache
from importlib import resources

import yaml


@lru_cache(maxsize=1)
def shipped_words() -> tuple[tuple[str, str], ...]:
    """Return the words that come with the program, with their part of speech."""
    file = resources.files("kis.search") / "data" / "words.yaml"
    words = yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader)["words"]
    return tuple((str(word), str(tag)) for word, tag in words)
