"""Reading a price book from YAML, strictly: every fault is named as ``file:line field``, and nothing is passed over.

The YAML is read as nodes, not as values: nodes know their line, a key that stands twice is seen (YAML's own reading
would silently keep the second price), and a price is taken as the digits that were written, never through a float.
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final

import yaml

from kis.catalog.prices import CURRENCY_DECIMALS, Price, PriceBook
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import LOCALES, Message

_FIELDS: Final = (
    "id",
    "version",
    "title",
    "currency",
    "valid_from",
    "valid_to",
    "illustrative",
    "prices",
)
_GROUP_FIELDS: Final = ("unit", "source", "items")
_KEY: Final = re.compile(r"(breaker|enclosure|custom|accessory|item):[^\s:/][^:]*")
_CUSTOM_KEY: Final = re.compile(r"custom:[^\s:/]+/[1-9][0-9]{1,3}")
_AMOUNT: Final = re.compile(r"[0-9]{1,12}(\.[0-9]+)?")
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_ILLUSTRATIVE_WORDS: Final = {"ko": "예시", "en": "llustrative"}
"""What the title of an illustrative book must contain, because titles are printed on documents."""
_NULL_TAG: Final = "tag:yaml.org,2002:null"
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEEPEST: Final = 20
"""A book has four levels. The loader in C recurses without a bound of its own: a file of brackets would end the process."""


def read_price_book(name: str, data: bytes) -> PriceBook:
    """Return the price book in ``data``; ``name`` stands in the paths of its problems. Raises BadInput."""
    reader = _Reader(name)
    book = reader.read(data)
    if book is None or reader.problems:
        raise BadInput(name, reader.problems)
    return book


def _check_depth(text: str) -> None:
    """Raise where the text is nested deeper than any book; its events are read one by one, whatever their depth."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST:
            place: Any = event.start_mark
            raise yaml.MarkedYAMLError(problem=f"deeper than {_DEEPEST} levels", problem_mark=place)


class _Reader:
    """Walks the nodes of one file and gathers what is wrong with them."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._found: list[tuple[int, Problem]] = []

    @property
    def problems(self) -> list[Problem]:
        """What is wrong, in the order of the file."""
        return [problem for _, problem in sorted(self._found, key=lambda found: found[0])]

    def read(self, data: bytes) -> PriceBook | None:
        fields = self._fields(self._compose(data), "", _FIELDS)
        if len(fields) < len(_FIELDS):
            return None
        currency = self._currency(fields["currency"])
        first, last = self._date(fields["valid_from"], "valid_from"), self._end(fields["valid_to"])
        if first and last and last < first:
            self._add(
                fields["valid_to"],
                "valid_to",
                "catalog.book.ends_before_start",
                {"first": first, "last": last},
            )
        illustrative = self._flag(fields["illustrative"], "illustrative")
        return PriceBook(
            id=self._named(fields["id"], "id"),
            version=self._named(fields["version"], "version"),
            title=self._title(fields["title"], illustrative=illustrative),
            currency=currency,
            valid_from=first or date.min,
            valid_to=last,
            illustrative=illustrative,
            digest=sha256(data).hexdigest(),
            prices=self._prices(fields["prices"], CURRENCY_DECIMALS.get(currency, 0)),
        )

    def _compose(self, data: bytes) -> yaml.Node | None:
        try:
            text = data.decode("utf-8-sig")
            _check_depth(text)
            root = yaml.compose(text, Loader=_LOADER)
        except UnicodeDecodeError:
            self._found.append((0, Problem(self.name, Message("catalog.book.not_utf8"))))
            return None
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            place = f"{self.name}:{mark.line + 1}" if mark else self.name
            detail = str(getattr(error, "problem", None) or error)
            self._found.append((0, Problem(place, Message("catalog.book.not_yaml", {"detail": detail}))))
            return None
        if root is None:
            self._found.append((0, Problem(self.name, Message("catalog.book.not_mapping"))))
        return root

    def _prices(self, node: yaml.Node, decimals: int) -> dict[str, Price]:
        prices: dict[str, Price] = {}
        if not isinstance(node, yaml.SequenceNode):
            self._add(node, "prices", "catalog.book.not_list", {})
            return prices
        for index, group in enumerate(node.value):
            path = f"prices[{index}]"
            fields = self._fields(group, path, _GROUP_FIELDS)
            if len(fields) < len(_GROUP_FIELDS):
                continue
            unit = self._words(fields["unit"], f"{path}.unit")
            source = self._words(fields["source"], f"{path}.source")
            for key, value in self._pairs(fields["items"], f"{path}.items"):
                if key.value in prices:
                    self._add(key, f"{path}.items.{key.value}", "catalog.book.double", {"key": key.value})
                    continue
                amount = self._amount(value, f"{path}.items.{key.value}", decimals)
                self._check_key(key, path)
                prices[key.value] = Price(key=key.value, unit_price=amount, unit=unit, source=source)
        return prices

    def _check_key(self, node: yaml.ScalarNode, path: str) -> None:
        pattern = _CUSTOM_KEY if node.value.startswith("custom:") else _KEY
        if pattern.fullmatch(node.value) is None or not node.value.isprintable():
            self._add(node, f"{path}.items.{node.value}", "catalog.book.bad_key", {"key": node.value})

    def _amount(self, node: yaml.Node, path: str, decimals: int) -> Decimal:
        step = Decimal(1).scaleb(-decimals)
        if isinstance(node, yaml.ScalarNode) and _AMOUNT.fullmatch(node.value):
            amount = Decimal(node.value)
            if amount > 0 and amount == amount.quantize(step):
                return amount.quantize(step)
        self._add(node, path, "catalog.book.bad_amount", {"value": _shown(node), "decimals": decimals})
        return step

    def _title(self, node: yaml.Node, *, illustrative: bool) -> dict[str, str]:
        fields = self._fields(node, "title", LOCALES)
        title = {locale: self._words(value, f"title.{locale}") for locale, value in fields.items()}
        for locale, words in title.items():
            if illustrative and words and _ILLUSTRATIVE_WORDS[locale] not in words:
                wanted = {"ko": "예시", "en": "illustrative"}[locale]
                self._add(
                    fields[locale], f"title.{locale}", "catalog.book.title_not_illustrative", {"word": wanted}
                )
        return title

    def _currency(self, node: yaml.Node) -> str:
        value = self._words(node, "currency")
        if value and value not in CURRENCY_DECIMALS:
            choices = ", ".join(CURRENCY_DECIMALS)
            self._add(node, "currency", "catalog.book.not_choice", {"value": value, "choices": choices})
        return value

    def _named(self, node: yaml.Node, path: str) -> str:
        value = self._words(node, path)
        if value and _NAME.fullmatch(value) is None:
            self._add(node, path, "catalog.book.bad_name", {"value": value})
        return value

    def _flag(self, node: yaml.Node, path: str) -> bool:
        value = _shown(node)
        if value not in ("true", "false"):
            self._add(node, path, "catalog.book.not_choice", {"value": value, "choices": "true, false"})
        return value != "false"

    def _end(self, node: yaml.Node) -> date | None:
        return None if node.tag == _NULL_TAG else self._date(node, "valid_to")

    def _date(self, node: yaml.Node, path: str) -> date | None:
        value = _shown(node)
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            try:
                return date.fromisoformat(value)
            except ValueError:  # such as 2026-02-30
                pass
        self._add(node, path, "catalog.book.bad_date", {"value": value})
        return None

    def _words(self, node: yaml.Node, path: str) -> str:
        value = node.value.strip() if isinstance(node, yaml.ScalarNode) and node.tag != _NULL_TAG else ""
        if not value or not value.isprintable():
            self._add(node, path, "catalog.book.not_text", {})
            return ""
        return value

    def _fields(self, node: yaml.Node | None, path: str, names: tuple[str, ...]) -> dict[str, yaml.Node]:
        """Return the fields of a mapping by name, after reporting those missing, unknown or double."""
        if node is None:
            return {}
        found: dict[str, yaml.Node] = {}
        for key, value in self._pairs(node, path):
            where = f"{path}.{key.value}" if path else key.value
            if key.value not in names:
                self._add(key, where, "catalog.book.unknown_field", {"choices": ", ".join(names)})
            elif key.value in found:
                self._add(key, where, "catalog.book.double", {"key": key.value})
            else:
                found[key.value] = value
        if isinstance(node, yaml.MappingNode):
            for name in names:
                if name not in found:
                    self._add(node, f"{path}.{name}" if path else name, "catalog.book.missing_field", {})
        return found

    def _pairs(self, node: yaml.Node, path: str) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
        if not isinstance(node, yaml.MappingNode):
            self._add(node, path, "catalog.book.not_mapping", {})
            return
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                yield key, value
            else:
                self._add(key, path, "catalog.book.not_text", {})

    def _add(self, node: yaml.Node, path: str, key: str, values: dict[str, object]) -> None:
        line = node.start_mark.line + 1
        problem = Problem(f"{self.name}:{line} {path}".rstrip(), Message(key, values))
        self._found.append((line, problem))


def _shown(node: yaml.Node) -> str:
    return str(node.value) if isinstance(node, yaml.ScalarNode) else ""
