"""Finds a value that some operators accept and others refuse, or is certain that there is none.

From it follows everything that is asked of operators: whether one list accepts whatever another accepts (no value is in
the one and not in the other), whether two lists exclude each other, and a value to make an example event of.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from ipaddress import ip_address
from itertools import pairwise
from typing import Literal

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
from gcbridge.study.patterns.text_search import Nothing, Operators, find_text, has_foreign_letter

Kind = Literal["text", "number", "bool", "null"]
"""A JSON type that a value at a leaf can have."""
ALL_KINDS: frozenset[Kind] = frozenset({"text", "number", "bool", "null"})
ANY_VALUE = Exists(wanted=True)
CACHED = 100_000
LIKELY_MAX = 12
"""Likely values that are tried; Genesys Cloud has hundreds of entity types."""
SOME_TEXT = "xyz"
TEXTUAL = (Prefix, PrefixIgnoreCase, Suffix, SuffixIgnoreCase, EqualsIgnoreCase)


def find_value(
    groups: Sequence[Operators], unwanted: Operators = (), kinds: frozenset[Kind] = ALL_KINDS
) -> Scalar | Nothing:
    """A value of these kinds that every group accepts and no unwanted operator; `Nothing` says how certain it is.

    Args:
        groups: each must be satisfied by one of its operators.
        unwanted: none of them may accept the value.
        kinds: JSON types to look among.
    """
    exact = _exact_values(groups)
    if exact is None:
        return _cached(_Question(tuple(groups), unwanted), kinds)
    for value in exact:
        if kind_of(value) in kinds and _fits(value, groups, unwanted):
            return value
    return Nothing.NONE


def find_likely_value(
    groups: Sequence[Operators], kinds: frozenset[Kind], likely: Sequence[Scalar]
) -> Scalar | Nothing:
    """The same, one of the likely values if possible."""
    found = find_value(groups, (), kinds)
    if isinstance(found, Nothing) or _exact_values(groups) is not None:
        return found
    return next((value for value in likely[:LIKELY_MAX] if _fits(value, groups, ())), found)


def accepts_all_of(wide: Operators, narrow: Operators, kinds: frozenset[Kind] = ALL_KINDS) -> bool:
    """Whether it is certain that the wide list accepts every value that the narrow one accepts."""
    return find_value((narrow,), wide, kinds) is Nothing.NONE


def kind_of(value: Scalar) -> Kind:
    """The JSON type of a value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "bool"
    return "text" if isinstance(value, str) else "number"


def _fits(value: Scalar, groups: Iterable[Operators], unwanted: Operators) -> bool:
    for group in groups:  # plain loops: a large bus asks this millions of times
        if not _is_accepted(value, group):
            return False
    return not _is_accepted(value, unwanted)


def _is_accepted(value: Scalar, operators: Operators) -> bool:
    return any(operator.matches(value) for operator in operators)


def _exact_values(groups: Sequence[Operators]) -> list[Scalar] | None:
    """The only values that can fit, where a group lists exact values and nothing else."""
    best: list[Scalar] | None = None
    for group in groups:
        if all(isinstance(operator, (Equals, Exists)) for operator in group):
            values = [operator.value for operator in group if isinstance(operator, Equals)]
            if ANY_VALUE not in group and (best is None or len(values) < len(best)):
                best = values
    return best


class _Question:
    """Operators to search for, with a key that tells 1 from true: Python says that they are equal."""

    __slots__ = ("groups", "key", "unwanted")

    def __init__(self, groups: tuple[Operators, ...], unwanted: Operators) -> None:
        self.groups = groups
        self.unwanted = unwanted
        self.key = (tuple(_key(group) for group in groups), _key(unwanted))

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Question) and self.key == other.key


def _key(operators: Operators) -> tuple[object, ...]:
    return tuple(
        (operator, type(operator.value)) if isinstance(operator, Equals) else operator
        for operator in operators
    )


@lru_cache(maxsize=CACHED)
def _cached(question: _Question, kinds: frozenset[Kind]) -> Scalar | Nothing:
    groups, unwanted = question.groups, question.unwanted
    answer: Scalar | Nothing = Nothing.NONE
    if "text" in kinds:
        answer = _find_text(groups, unwanted)
        if not isinstance(answer, Nothing):
            return answer
    for value in _samples(groups, unwanted, kinds):
        if _fits(value, groups, unwanted):
            return value
    return answer


def _samples(groups: Sequence[Operators], unwanted: Operators, kinds: frozenset[Kind]) -> Iterator[Scalar]:
    if "number" in kinds:
        yield from _numbers({bound for operators in (*groups, unwanted) for bound in _bounds(operators)})
    if "bool" in kinds:
        yield from (True, False)
    if "null" in kinds:
        yield None


def _bounds(operators: Operators) -> Iterator[Number]:
    for operator in operators:
        if isinstance(operator, NumericRange):
            yield from (bound for bound in (operator.low, operator.high) if bound is not None)
        elif isinstance(operator, Equals) and is_number(operator.value):
            yield operator.value
        elif isinstance(operator, AnythingBut):
            yield from _bounds(operator.excluded)


def _numbers(bounds: set[Number]) -> Iterator[Number]:
    """Numbers of which one lies at every bound, between any two, beyond the last, and beyond what can be compared."""
    ordered = sorted(bounds)
    for low, high in pairwise(ordered):
        yield from _between(low, high)
    if ordered:
        yield from _above(ordered[-1])
        yield from (-number for number in _above(-ordered[0]))
    yield from (*ordered, 1)
    yield next(number for number in _incomparable() if number not in bounds)


def _between(low: Number, high: Number) -> Iterator[Number]:
    middle: Number
    for middle in (math.floor(low) + 1, _half(low, high), _next_float(low)):
        if low < middle < high and is_comparable(middle):
            yield middle
            return


def _half(low: Number, high: Number) -> float:
    try:
        return low / 2 + high / 2
    except OverflowError:
        return math.inf


def _next_float(number: Number) -> float:
    try:
        return math.nextafter(float(number), math.inf)
    except OverflowError:
        return math.inf


def _above(number: Number) -> Iterator[Number]:
    for more in (math.floor(number) + 1, _next_float(number)):
        if more > number and is_comparable(more):
            yield more
            return


def _incomparable() -> Iterator[int]:
    number = 2**53
    while True:
        number += 1
        if not is_comparable(number):
            yield number


def _find_text(groups: Sequence[Operators], unwanted: Operators) -> str | Nothing:
    """A text; addresses are looked at apart, since one address has many texts."""
    for guess in _guesses(groups):
        if _fits(guess, groups, unwanted):
            return guess
    answer = find_text(groups, unwanted)
    if isinstance(answer, str) and _fits(answer, groups, unwanted):
        return answer
    everything = [operator for operators in (*groups, unwanted) for operator in operators]
    if not any(isinstance(operator, (Cidr, EqualsAddress)) for operator in everything):
        return Nothing.UNSURE if isinstance(answer, str) else answer
    for address in _addresses(everything):
        if _fits(address, groups, unwanted):
            return address
    told_apart = all(_is_same_for_all_addresses(operator) for operator in everything)
    return Nothing.NONE if answer is Nothing.NONE and told_apart else Nothing.UNSURE


def _guesses(groups: Sequence[Operators]) -> Iterator[str]:
    """Texts that often fit, so that most questions need no search."""
    for operators in groups:
        for operator in operators:
            if isinstance(operator, Wildcard):
                yield "".join(operator.parts)
            elif isinstance(operator, TEXTUAL):
                yield operator.text
    yield SOME_TEXT


def _addresses(operators: Iterable[Operator]) -> Iterator[str]:
    """An address of every block, and of what lies between blocks."""
    for operator in operators:
        if isinstance(operator, (Cidr, EqualsAddress)):
            ends = (operator.first, operator.last) if isinstance(operator, Cidr) else (operator.address,) * 2
            first, last = (int.from_bytes(end, "big") for end in ends)
            size = len(ends[0])
            for number in (first, last, first - 1, last + 1):
                if 0 <= number < 1 << 8 * size:
                    yield str(ip_address(number.to_bytes(size, "big")))


def _is_same_for_all_addresses(operator: Operator) -> bool:
    """Whether an operator accepts an address whichever way it is written, or refuses it so."""
    if isinstance(operator, AnythingBut):
        return all(_is_same_for_all_addresses(excluded) for excluded in operator.excluded)
    return isinstance(operator, (Cidr, EqualsAddress, Exists, NumericRange)) or has_foreign_letter(operator)
