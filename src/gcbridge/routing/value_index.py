"""For one field of many rules: a value -> the rules whose test of this field it satisfies, as bits of an integer.

The cost of a look-up depends on the kinds of operators in use (and on the number of different wildcards), not on
the number of rules.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator

from gcbridge.routing import text_steps
from gcbridge.routing.numbers import Number, is_comparable, is_number
from gcbridge.routing.operators import (
    AnythingBut,
    Cidr,
    Equals,
    EqualsAddress,
    EqualsIgnoreCase,
    Exists,
    NumericRange,
    Operator,
    Prefix,
    PrefixIgnoreCase,
    Scalar,
    Suffix,
    SuffixIgnoreCase,
    Wildcard,
)
from gcbridge.routing.text_steps import Bits, TextStep

Tests = Iterable[tuple[Bits, tuple[Operator, ...]]]
"""The bit of a rule, and the operators of which one must hold."""


class ValueIndex:
    """Answers, for one field, which rules a value satisfies.

    Args:
        tests: what the rules ask of the field.
        always: rules that any value satisfies, such as those that do not look at this field.
    """

    __slots__ = ("_always", "_exclusions", "_literals", "_numbers", "_ranges", "_text_steps", "_texts")

    def __init__(self, tests: Tests, always: Bits = 0) -> None:
        tables = _Tables(tests)
        always |= tables.present
        self._always = always
        self._texts = {text: always | bits for text, bits in tables.texts.items()}
        self._text_steps = tuple(tables.text_steps())
        self._numbers = {number: always | bits for number, bits in tables.numbers.items()}
        self._ranges = _Ranges(tables.ranges) if tables.ranges else None
        self._literals = dict(tables.literals)
        self._exclusions = tables.exclusions()

    def satisfied_by(self, value: Scalar) -> Bits:
        """The rules that accept the value."""
        if isinstance(value, str):
            found = self._texts.get(value, self._always)
            for step in self._text_steps:
                found |= step(value)
            return found
        if value is None or isinstance(value, bool):
            found = self._always | self._literals.get(value, 0)
        else:
            found = self._numbers.get(value, self._always)
            if self._ranges is not None:
                found |= self._ranges.satisfied_by(value)
        for exclusions in self._exclusions:
            found |= exclusions.satisfied_by(value)
        return found


class _Ranges:
    """Numeric ranges cut the line of numbers into points and the intervals between; each has its set of rules."""

    __slots__ = ("_points", "_slots")

    def __init__(self, ranges: Iterable[tuple[NumericRange, Bits]]) -> None:
        listed = list(ranges)
        bounds = {bound for r, _ in listed for bound in (r.low, r.high) if bound is not None}
        self._points: list[Number] = sorted(bounds)
        self._slots = [0] * (2 * len(self._points) + 1)
        for numeric, bits in listed:
            for slot in self._covered(numeric):
                self._slots[slot] |= bits

    def _covered(self, numeric: NumericRange) -> range:
        """Slot 2n is the interval below point n, slot 2n + 1 is the point itself."""
        first, last = 0, len(self._slots) - 1
        if numeric.low is not None:
            first = 2 * self._points.index(numeric.low) + (1 if numeric.low_included else 2)
        if numeric.high is not None:
            last = 2 * self._points.index(numeric.high) + (1 if numeric.high_included else 0)
        return range(first, last + 1)

    def satisfied_by(self, number: Number) -> Bits:
        if not is_comparable(number):
            return 0
        at = bisect_left(self._points, number)
        on_point = at < len(self._points) and self._points[at] == number
        return self._slots[2 * at + on_point]


class _Exclusions:
    """`anything-but`: all rules that use it, without those that exclude the value."""

    __slots__ = ("_all", "_excluded")

    def __init__(self, exclusions: Iterable[tuple[Bits, AnythingBut]]) -> None:
        listed = list(exclusions)
        self._all = 0
        for bits, _ in listed:
            self._all |= bits
        self._excluded = ValueIndex((bits, operator.excluded) for bits, operator in listed)

    def satisfied_by(self, value: Scalar) -> Bits:
        return self._all & ~self._excluded.satisfied_by(value)


class _Tables:
    """The operators of one field, sorted by kind."""

    def __init__(self, tests: Tests) -> None:
        self.present: Bits = 0
        self.texts: dict[str, Bits] = defaultdict(int)
        self.numbers: dict[Number, Bits] = defaultdict(int)
        self.literals: dict[bool | None, Bits] = defaultdict(int)
        self.ranges: list[tuple[NumericRange, Bits]] = []
        self.beginnings: dict[str, Bits] = defaultdict(int)
        self.endings: dict[str, Bits] = defaultdict(int)
        self.wildcards: dict[Wildcard, Bits] = defaultdict(int)
        self.any_case: dict[type, dict[str, Bits]] = defaultdict(lambda: defaultdict(int))
        self.addresses: list[tuple[EqualsAddress | Cidr, Bits]] = []
        self.excluding: list[dict[Bits, AnythingBut]] = []
        self.one_by_one: list[tuple[Bits, tuple[Operator, ...]]] = []
        for bits, operators in tests:
            for operator in operators:
                self._add(bits, operator)

    def _add(self, bits: Bits, operator: Operator) -> None:
        match operator:
            case Equals():
                self._add_value(bits, operator.value)
            case EqualsAddress() | Cidr():
                self.addresses.append((operator, bits))
            case Prefix():
                self.beginnings[operator.text] |= bits
            case Suffix():
                self.endings[operator.text] |= bits
            case Wildcard():
                self._add_wildcard(bits, operator)
            case EqualsIgnoreCase() | PrefixIgnoreCase() | SuffixIgnoreCase():
                self._add_any_case(bits, operator)
            case NumericRange():
                self.ranges.append((operator, bits))
            case AnythingBut():
                self._add_exclusion(bits, operator)
            case Exists():
                self.present |= bits if operator.wanted else 0

    def _add_value(self, bits: Bits, value: Scalar) -> None:
        if isinstance(value, str):
            self.texts[value] |= bits
        elif is_number(value):
            self.numbers[value] |= bits
        elif value is None or isinstance(value, bool):
            self.literals[value] |= bits

    def _add_wildcard(self, bits: Bits, wildcard: Wildcard) -> None:
        first, *rest = wildcard.parts
        if not rest:
            self.texts[first] |= bits
        elif rest == [""]:
            self.beginnings[first] |= bits
        elif len(rest) == 1 and not first:
            self.endings[rest[0]] |= bits
        else:
            self.wildcards[wildcard] |= bits

    def _add_any_case(
        self, bits: Bits, operator: EqualsIgnoreCase | PrefixIgnoreCase | SuffixIgnoreCase
    ) -> None:
        if operator.text.isascii():
            self.any_case[type(operator)][operator.text] |= bits
        else:
            self.one_by_one.append((bits, (operator,)))

    def _add_exclusion(self, bits: Bits, operator: AnythingBut) -> None:
        """Two `anything-but` of one rule accept what either accepts, so they stand in two layers."""
        for layer in self.excluding:
            if bits not in layer:
                layer[bits] = operator
                return
        self.excluding.append({bits: operator})

    def exclusions(self) -> tuple[_Exclusions, ...]:
        """The indexes of `anything-but`."""
        return tuple(_Exclusions(layer.items()) for layer in self.excluding)

    def text_steps(self) -> Iterator[TextStep]:
        """The look-ups that a text goes through, beside that of equal texts."""
        makers = (
            (self.beginnings, text_steps.beginnings),
            (self.endings, text_steps.endings),
            (self.any_case[EqualsIgnoreCase], text_steps.any_case),
            (self.any_case[PrefixIgnoreCase], text_steps.beginnings_in_any_case),
            (self.any_case[SuffixIgnoreCase], text_steps.endings_in_any_case),
        )
        for rules, maker in makers:
            if rules:
                yield maker(rules)
        if self.wildcards:
            yield text_steps.wildcards(self.wildcards)
        if self.addresses:
            yield text_steps.addresses(self.addresses)
        if self.one_by_one:
            yield text_steps.one_by_one(self.one_by_one)
        for exclusions in self.exclusions():
            yield exclusions.satisfied_by
