"""What a spreadsheet's operators and everyday functions give: plain values in, a plain value out.

Where programs differ, or their settings matter, there is a doubt and no value.
"""

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Final

Scalar = float | str | bool | None
Area = list[list[Scalar]]
Operand = Scalar | Area

_COMPARISONS: Final[Mapping[str, Callable[[object, object], bool]]] = {
    "=": operator.eq,
    "<>": operator.ne,
}
_ARITHMETIC: Final[Mapping[str, Callable[[float, float], float]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
_ORDER: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


class Doubt(Exception):
    """A formula that is not computed here."""


def combined(sign: str, left: Operand, right: Operand) -> Scalar:
    """Return what an operator makes of two values."""
    if sign == "&":
        return _words(left) + _words(right)
    if sign in _ARITHMETIC:
        return _ARITHMETIC[sign](number(left), number(right))
    if sign == "^":
        return float(number(left) ** number(right))
    one, two = scalar(left), scalar(right)
    if sign in _COMPARISONS:
        return _COMPARISONS[sign](*_comparable(one, two))
    return _ORDER[sign](number(one), number(two))


def _comparable(one: Scalar, two: Scalar) -> tuple[Scalar, Scalar]:
    """Return both as they are compared: texts without regard to case, an empty cell as 0 or as an empty text."""
    if isinstance(one, str) or isinstance(two, str):
        pair = ["" if each is None else each for each in (one, two)]
        first, second = (each.lower() if isinstance(each, str) else each for each in pair)
        return first, second
    return one or 0.0, two or 0.0


def scalar(value: Operand) -> Scalar:
    """Return the one value there is."""
    if isinstance(value, list):
        raise Doubt("a range where one value is meant")
    return value


def number(value: Operand) -> float:
    """Return the value as a number; an empty cell is 0, a text none."""
    single = scalar(value)
    if single is None:
        return 0.0
    if isinstance(single, (bool, str)):
        raise Doubt("no number")
    return single


def _words(value: Operand) -> str:
    single = scalar(value)
    if single is None or isinstance(single, str):
        return single or ""
    if isinstance(single, bool) or single != int(single):
        raise Doubt("how a program writes it depends on its settings")
    return str(int(single))


def _each(arguments: Sequence[Operand]) -> Iterator[Scalar]:
    for argument in arguments:
        if isinstance(argument, list):
            yield from (value for row in argument for value in row)
        else:
            yield argument


def _numbers(arguments: Sequence[Operand]) -> list[float]:
    """Return the numbers among the arguments; texts and empty cells of ranges do not count."""
    return [value for value in _each(arguments) if isinstance(value, float) and not isinstance(value, bool)]


def _rounded(rounding: str) -> Callable[[Sequence[Operand]], float]:
    def function(arguments: Sequence[Operand]) -> float:
        value = number(arguments[0])
        digits = int(number(arguments[1])) if len(arguments) > 1 else 0
        exact = Decimal(f"{value:.15g}")
        return float(exact.quantize(Decimal(1).scaleb(-digits), rounding=rounding))

    return function


def _if(arguments: Sequence[Operand]) -> Operand:
    if len(arguments) != 3:
        raise Doubt("a choice without both sides")
    chosen = scalar(arguments[0])
    truth = chosen if isinstance(chosen, bool) else number(chosen) != 0
    return arguments[1] if truth else arguments[2]


def _matches(value: Scalar, wanted: Scalar) -> bool:
    if isinstance(wanted, str) and (wanted[:1] in "<>=" or set(wanted) & set("*?~")):
        raise Doubt("a criterion with operators or wildcards")
    one, two = _comparable(value, wanted)
    return type(one) is type(two) and one == two


def _sum_if(arguments: Sequence[Operand]) -> float:
    tested, wanted = arguments[0], scalar(arguments[1])
    summed = arguments[2] if len(arguments) > 2 else tested
    pairs = zip(_each([tested]), _each([summed]), strict=True)
    return float(sum(_numbers([value for test, value in pairs if _matches(test, wanted)])))


def _sum_product(arguments: Sequence[Operand]) -> float:
    columns = [list(_each([argument])) for argument in arguments]
    total = 0.0
    for values in zip(*columns, strict=True):
        product = 1.0
        for value in values:
            product *= value if isinstance(value, float) else 0.0
        total += product
    return total


def _product(arguments: Sequence[Operand]) -> float:
    product = 1.0
    for value in _numbers(arguments):
        product *= value
    return product


FUNCTIONS: Final[Mapping[str, Callable[[Sequence[Operand]], Operand]]] = {
    "ABS": lambda arguments: abs(number(arguments[0])),
    "COUNT": lambda arguments: float(len(_numbers(arguments))),
    "COUNTA": lambda arguments: float(sum(value is not None for value in _each(arguments))),
    "IF": _if,
    "MAX": lambda arguments: max(_numbers(arguments), default=0.0),
    "MIN": lambda arguments: min(_numbers(arguments), default=0.0),
    "N": lambda arguments: value if isinstance(value := scalar(arguments[0]), float) else 0.0,
    "PRODUCT": _product,
    "ROUND": _rounded(ROUND_HALF_UP),
    "ROUNDDOWN": _rounded(ROUND_DOWN),
    "ROUNDUP": _rounded(ROUND_UP),
    "SUM": lambda arguments: float(sum(_numbers(arguments))),
    "SUMIF": _sum_if,
    "SUMPRODUCT": _sum_product,
}
