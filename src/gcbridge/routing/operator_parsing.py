"""One entry of a pattern's array -> the operator that it stands for."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from gcbridge.model.origin import KeyPath
from gcbridge.routing.addresses import parse_address
from gcbridge.routing.invalid import InvalidPatternError
from gcbridge.routing.numbers import Number, is_comparable, is_number
from gcbridge.routing.operators import (
    AnythingBut,
    Cidr,
    Equals,
    EqualsAddress,
    EqualsIgnoreCase,
    Excluded,
    Exists,
    NumericRange,
    Operator,
    Prefix,
    PrefixIgnoreCase,
    Suffix,
    SuffixIgnoreCase,
    Wildcard,
)

COMPARATORS = ("=", ">", ">=", "<", "<=")
MASK_BITS = re.compile(r"[+]?[0-9]{1,9}|-0{1,9}", re.ASCII)
"""What Java reads as an integer that is not negative."""


def parse_operator(value: Any, path: KeyPath) -> Operator:
    """The operator of one entry: a plain value, or an object with one operator.

    Args:
        value: the entry.
        path: where it stands in the pattern.

    Raises:
        InvalidPatternError: no such operator, or not what it takes.
    """
    if isinstance(value, str):
        address = parse_address(value)
        return Equals(value) if address is None else EqualsAddress(value, address)
    if value is None or isinstance(value, (bool, int)) or (isinstance(value, float) and math.isfinite(value)):
        return Equals(value)
    if isinstance(value, Mapping):
        name, operand = _only_entry(value, path)
        if name not in PARSERS:
            raise InvalidPatternError(path, f"unknown operator {name}", _operators_hint(name))
        return PARSERS[name](operand, (*path, name))
    if isinstance(value, list):
        raise InvalidPatternError(path, "an array inside an array", "list the values in one array")
    raise InvalidPatternError(
        path, f"{value} is not JSON", "write a text in quotes, a number, true, false or null"
    )


def _operators_hint(name: str) -> str:
    close = difflib.get_close_matches(str(name), PARSERS, n=1)
    return f"did you mean {close[0]}?" if close else f"operators: {', '.join(PARSERS)}"


def _only_entry(value: Mapping[str, Any], path: KeyPath) -> tuple[str, Any]:
    if len(value) != 1:
        raise InvalidPatternError(
            path,
            f"an operator object has exactly one key, not {len(value)}",
            'write one object for each operator, such as {"prefix": "abc"}',
        )
    return next(iter(value.items()))


def _text(value: Any, path: KeyPath) -> str:
    if not isinstance(value, str):
        raise InvalidPatternError(path, f"{path[-1]} takes a text", f'write {{"{path[-1]}": "text"}}')
    return value


def _exact(value: Any, path: KeyPath) -> Operator:
    return Equals(_text(value, path))


def _ignored_case(value: Mapping[str, Any], path: KeyPath) -> str:
    name, operand = _only_entry(value, path)
    if name != "equals-ignore-case":
        raise InvalidPatternError(
            path, f"{path[-1]} cannot be put around {name}", "only equals-ignore-case can stand inside"
        )
    return _text(operand, (*path, name))


def _prefix(value: Any, path: KeyPath) -> Operator:
    if isinstance(value, Mapping):
        return PrefixIgnoreCase(_ignored_case(value, path))
    return Prefix(_text(value, path))


def _suffix(value: Any, path: KeyPath) -> Operator:
    if isinstance(value, Mapping):
        return SuffixIgnoreCase(_ignored_case(value, path))
    return Suffix(_text(value, path))


def _equals_ignore_case(value: Any, path: KeyPath) -> EqualsIgnoreCase:
    return EqualsIgnoreCase(_text(value, path))


def _wildcard(value: Any, path: KeyPath) -> Wildcard:
    text = _text(value, path)
    parts, position = [""], 0
    while position < len(text):
        letter, following = text[position], text[position + 1 : position + 2]
        if letter == "*":
            if following == "*":
                raise InvalidPatternError(
                    path, f"** at position {position}", "write one *, or \\* for an asterisk"
                )
            parts.append("")
        elif letter == "\\":
            if following not in {"*", "\\"}:
                raise InvalidPatternError(
                    path,
                    f"wrong escape at position {position}",
                    "only \\* and \\\\ are escapes; write \\\\ for a backslash",
                )
            parts[-1] += following
            position += 1
        else:
            parts[-1] += letter
        position += 1
    return Wildcard(text, tuple(parts))


def _exists(value: Any, path: KeyPath) -> Operator:
    if not isinstance(value, bool):
        raise InvalidPatternError(path, "exists takes true or false", 'write {"exists": true}')
    return Exists(value)


def _numeric(value: Any, path: KeyPath) -> Operator:
    if not isinstance(value, list) or len(value) not in {2, 4}:
        raise InvalidPatternError(
            path, "numeric takes one or two comparisons", 'write ["=", 5] or [">", 0, "<=", 5]'
        )
    comparator, bound = _comparison(value, path, 0)
    if len(value) == 2:
        return _one_sided(comparator, bound)
    upper, top = _comparison(value, path, 2)
    if comparator not in {">", ">="} or upper not in {"<", "<="}:
        raise InvalidPatternError(path, "a range goes from > or >= to < or <=", 'write [">", 0, "<=", 5]')
    if not bound < top:
        raise InvalidPatternError(
            path, f"the range from {bound} to {top} is empty", "the lower bound comes first"
        )
    return NumericRange(bound, comparator == ">=", top, upper == "<=")


def _comparison(value: list[Any], path: KeyPath, at: int) -> tuple[str, Number]:
    comparator, bound = value[at], value[at + 1]
    if comparator not in COMPARATORS:
        raise InvalidPatternError(
            (*path, at), f"{comparator!r} is no comparison", f"comparisons: {' '.join(COMPARATORS)}"
        )
    if not is_number(bound):
        raise InvalidPatternError(
            (*path, at + 1), "numeric compares with a number", "write it without quotes"
        )
    return comparator, _comparable(bound, (*path, at + 1))


def _comparable(bound: Number, path: KeyPath) -> Number:
    if not is_comparable(bound):
        raise InvalidPatternError(
            path, f"{bound} cannot be compared", "use a number that a 64-bit float holds exactly"
        )
    return bound


def _one_sided(comparator: str, bound: Number) -> Operator:
    if comparator == "=":
        return Equals(bound)
    if comparator.startswith(">"):
        return NumericRange(bound, comparator == ">=", None, high_included=False)
    return NumericRange(None, False, bound, comparator == "<=")


def _cidr(value: Any, path: KeyPath) -> Operator:
    text = _text(value, path)
    base, slash, bits = text.partition("/")
    address = parse_address(base)
    if address is None or not slash or not MASK_BITS.fullmatch(bits):
        raise InvalidPatternError(
            path, f"{text} is no address block", 'write "10.0.0.0/24" or "2001:db8::/32"'
        )
    size = 8 * len(address)
    if int(bits) >= size:
        raise InvalidPatternError(
            path, f"a block has fewer than {size} mask bits", "write a single address as a plain value"
        )
    rest = (1 << (size - int(bits))) - 1
    number = int.from_bytes(address, "big")
    first, last = number & ~rest, number | rest
    return Cidr(text, first.to_bytes(len(address), "big"), last.to_bytes(len(address), "big"))


def _anything_but(value: Any, path: KeyPath) -> Operator:
    if isinstance(value, Mapping):
        name, operand = _only_entry(value, path)
        if name not in EXCLUDABLE:
            raise InvalidPatternError(
                path,
                f"anything-but cannot be put around {name}",
                f"it takes values, or {', '.join(EXCLUDABLE)}",
            )
        return AnythingBut(_excluded_texts(name, operand, (*path, name)))
    values = value if isinstance(value, list) else [value]
    texts = [isinstance(item, str) for item in values]
    if not values or any(texts) != all(texts) or not all(isinstance(v, str) or is_number(v) for v in values):
        raise InvalidPatternError(
            path,
            "anything-but takes texts or numbers, not both and nothing else",
            'write {"anything-but": ["a", "b"]}',
        )
    for index, item in enumerate(values):
        if is_number(item):
            _comparable(item, (*path, index) if isinstance(value, list) else path)
    return AnythingBut(tuple(Equals(item) for item in values))


def _excluded_texts(name: str, operand: Any, path: KeyPath) -> tuple[Excluded, ...]:
    texts = operand if isinstance(operand, list) else [operand]
    places = [(*path, index) if isinstance(operand, list) else path for index in range(len(texts))]
    if not texts:
        raise InvalidPatternError(path, f"an empty list of {name} excludes nothing", "name at least one text")
    for text, place in zip(texts, places, strict=True):
        if not isinstance(text, str):
            raise InvalidPatternError(
                place, f"{name} inside anything-but takes texts", "put the value in quotes"
            )
        if not text and name in {"prefix", "suffix"}:
            raise InvalidPatternError(
                place, f"an empty {name} excludes everything", "name at least one letter"
            )
    return tuple(EXCLUDABLE[name](text, place) for text, place in zip(texts, places, strict=True))


EXCLUDABLE: dict[str, Callable[[Any, KeyPath], Excluded]] = {
    "prefix": lambda text, _: Prefix(text),
    "suffix": lambda text, _: Suffix(text),
    "equals-ignore-case": _equals_ignore_case,
    "wildcard": _wildcard,
}

PARSERS: dict[str, Callable[[Any, KeyPath], Operator]] = {
    "prefix": _prefix,
    "suffix": _suffix,
    "equals-ignore-case": _equals_ignore_case,
    "wildcard": _wildcard,
    "anything-but": _anything_but,
    "numeric": _numeric,
    "cidr": _cidr,
    "exists": _exists,
    "exactly": _exact,
}
