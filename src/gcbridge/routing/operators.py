"""What one entry of a pattern's array asks of one value of an event.

Source of all: "Comparison operators for use in event patterns" in the EventBridge user guide, and the README of
aws/event-ruler where the guide is silent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gcbridge.routing.addresses import parse_address
from gcbridge.routing.numbers import Number, is_comparable, is_number

Scalar = str | int | float | bool | None
"""A value that an event can hold at a leaf."""


@dataclass(frozen=True, slots=True)
class Equals:
    """`"x"`, `5`, `true`, `null`: the same value of the same JSON type; numbers by value."""

    value: Scalar

    def matches(self, value: Scalar) -> bool:
        """Whether the value is this one."""
        if isinstance(self.value, bool) or self.value is None:
            return value is self.value
        return not isinstance(value, bool) and value == self.value


@dataclass(frozen=True, slots=True)
class EqualsAddress:
    """A text that is an IP address equals every way to write that address."""

    text: str
    address: bytes

    def matches(self, value: Scalar) -> bool:
        """Whether the value is a text with the same address."""
        return value == self.text or (isinstance(value, str) and parse_address(value) == self.address)


@dataclass(frozen=True, slots=True)
class Prefix:
    """`{"prefix": "x"}`: a text that begins so."""

    text: str

    def matches(self, value: Scalar) -> bool:
        """Whether the value begins with the text."""
        return isinstance(value, str) and value.startswith(self.text)


@dataclass(frozen=True, slots=True)
class Suffix:
    """`{"suffix": "x"}`: a text that ends so."""

    text: str

    def matches(self, value: Scalar) -> bool:
        """Whether the value ends with the text."""
        return isinstance(value, str) and value.endswith(self.text)


def _any_case(text: str) -> str:
    """A regular expression for a text in any case: each letter as its lower or its upper form, nothing in between."""
    return "".join(_letter(letter) for letter in text)


def _letter(letter: str) -> str:
    lower, upper = letter.lower(), letter.upper()
    same = re.escape(lower)
    return same if lower == upper else f"(?:{same}|{re.escape(upper)})"


@dataclass(frozen=True, slots=True)
class EqualsIgnoreCase:
    """`{"equals-ignore-case": "x"}`: the text in any case."""

    text: str
    _regex: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_regex", re.compile(_any_case(self.text)))

    def matches(self, value: Scalar) -> bool:
        """Whether the value is the text in any case."""
        return isinstance(value, str) and self._regex.fullmatch(value) is not None


@dataclass(frozen=True, slots=True)
class PrefixIgnoreCase:
    """`{"prefix": {"equals-ignore-case": "x"}}`: a text that begins so, in any case."""

    text: str
    _regex: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_regex", re.compile(_any_case(self.text)))

    def matches(self, value: Scalar) -> bool:
        """Whether the value begins with the text in any case."""
        return isinstance(value, str) and self._regex.match(value) is not None


@dataclass(frozen=True, slots=True)
class SuffixIgnoreCase:
    """`{"suffix": {"equals-ignore-case": "x"}}`: a text that ends so, in any case."""

    text: str
    _regex: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_regex", re.compile(rf"(?s:.*){_any_case(self.text)}"))

    def matches(self, value: Scalar) -> bool:
        """Whether the value ends with the text in any case."""
        return isinstance(value, str) and self._regex.fullmatch(value) is not None


@dataclass(frozen=True, slots=True)
class Wildcard:
    """`{"wildcard": "a*b"}`: a text where every `*` stands for any number of characters.

    Args:
        text: as written, with its escapes.
        parts: the literal texts between the wildcards, escapes resolved; one part has no wildcard.
    """

    text: str
    parts: tuple[str, ...]

    def matches(self, value: Scalar) -> bool:
        """Whether the value has the parts in this order, the first at its beginning, the last at its end."""
        if not isinstance(value, str):
            return False
        return value == self.parts[0] if len(self.parts) == 1 else _stand_in_order(self.parts, value)


def _stand_in_order(parts: tuple[str, ...], value: str) -> bool:
    """The leftmost place of each part is never taken back, so the cost does not multiply with the wildcards."""
    first, *between, last = parts
    at, end = len(first), len(value) - len(last)
    if at > end or not value.startswith(first) or not value.endswith(last):
        return False
    for part in between:
        at = value.find(part, at, end)
        if at < 0:
            return False
        at += len(part)
    return True


@dataclass(frozen=True, slots=True)
class NumericRange:
    """`{"numeric": [">", 0, "<=", 5]}`: a JSON number in the range; None is no bound."""

    low: Number | None
    low_included: bool
    high: Number | None
    high_included: bool

    def matches(self, value: Scalar) -> bool:
        """Whether the value is a comparable number in the range."""
        if not is_number(value) or not is_comparable(value):
            return False
        if self.low is not None and not (value > self.low or (self.low_included and value == self.low)):
            return False
        return self.high is None or value < self.high or (self.high_included and value == self.high)


@dataclass(frozen=True, slots=True)
class Cidr:
    """`{"cidr": "10.0.0.0/24"}`: a text that is an address of the block.

    Args:
        text: as written.
        first: lowest address of the block.
        last: highest address.
    """

    text: str
    first: bytes
    last: bytes

    def matches(self, value: Scalar) -> bool:
        """Whether the value is an address of the block, and of the same IP version."""
        address = parse_address(value) if isinstance(value, str) else None
        return address is not None and len(address) == len(self.first) and self.first <= address <= self.last


@dataclass(frozen=True, slots=True)
class Exists:
    """`{"exists": true}`: the field has a value, whatever it is; `{"exists": false}`: it has none."""

    wanted: bool

    def matches(self, value: Scalar) -> bool:
        """A value that is there satisfies `true` only."""
        del value
        return self.wanted


Excluded = Equals | Prefix | Suffix | EqualsIgnoreCase | Wildcard
"""What `anything-but` can be put around."""


@dataclass(frozen=True, slots=True)
class AnythingBut:
    """`{"anything-but": ...}`: the field has a value, and none of the excluded operators accepts it."""

    excluded: tuple[Excluded, ...]

    def matches(self, value: Scalar) -> bool:
        """Whether nothing excludes the value."""
        return not any(operator.matches(value) for operator in self.excluded)


Operator = (
    Equals
    | EqualsAddress
    | Prefix
    | PrefixIgnoreCase
    | Suffix
    | SuffixIgnoreCase
    | EqualsIgnoreCase
    | Wildcard
    | NumericRange
    | Cidr
    | Exists
    | AnythingBut
)
