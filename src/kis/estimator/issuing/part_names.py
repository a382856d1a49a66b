"""Names for parts in sentences: a reader knows MC1 and circuit 7, not the ids the engine gives them."""

import re
from collections.abc import Mapping
from typing import Final

from kis.estimator.design import PanelDesign
from kis.estimator.documents.drawings.panel_facts import PanelFacts, facts_of, part_tag, tag_of
from kis.estimator.layout.drawing import Part
from kis.platform.messages import Locale, Message

_SEPARATOR: Final = ", "
_TRADE_NAMES: Final = {"Sangdo": "documents.maker.sangdo", "KRW": "issuing.won"}
"""Words of the catalogue that the trade writes otherwise in Korean."""


def trade_names(locale: Locale) -> dict[str, str]:
    """Return the names of makers and currencies as a document in ``locale`` writes them."""
    return {word: Message(key).text(locale) for word, key in _TRADE_NAMES.items()}


def part_names(design: PanelDesign, locale: Locale) -> dict[str, str]:
    """Return the name of every part and device of a panel by its id, as the drawings tag it."""
    facts = facts_of(design, locale)
    names = trade_names(locale) | {device: _circuit(tag_of(device), locale) for device in facts.devices}
    names |= {main.id: main.name for main in facts.mains.values()}
    names |= {item.id: facts.accessory_tag(item) for item in facts.accessories.values()}
    for part in design.drawing.parts:
        names[part.id] = names.get(part.device) or _own_name(part, facts)
    return names


def named(message: Message, names: Mapping[str, str]) -> Message:
    """Return ``message`` with the ids among its values replaced by names, each name once."""
    return Message(message.key, {key: _named(value, names) for key, value in message.values.items()})


def _named(value: object, names: Mapping[str, str]) -> object:
    if isinstance(value, Message):
        return named(value, names)
    if isinstance(value, tuple):
        return tuple(_named(item, names) for item in value)
    if not isinstance(value, str):
        return value
    words = value.split(_SEPARATOR)
    if not any(word in names for word in words):
        return value
    return _SEPARATOR.join(dict.fromkeys(names.get(word, word) for word in words))


def _circuit(number: str, locale: Locale) -> str:
    return Message("issuing.circuit", {"number": number}).text(locale)


def _own_name(part: Part, facts: PanelFacts) -> str:
    number = re.search(r"\d+$", part.id)
    tag = part_tag(part.kind)
    return f"{tag}{number[0] if number else ''}" if tag else facts.say(f"part.{part.kind.value}")
