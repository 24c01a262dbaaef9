"""Look-ups for texts: each takes the rules of one kind of operator, and answers for any number of them at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from gcbridge.routing.addresses import parse_address
from gcbridge.routing.operators import Cidr, EqualsAddress, Operator, Wildcard

Bits = int
"""A set of rules: bit n stands for rule n."""

TextStep = Callable[[str], Bits]
"""A text -> the rules that it satisfies."""


def by_length(rules: Mapping[str, Bits]) -> list[tuple[int, dict[str, Bits]]]:
    """Texts grouped by their length, so that one slice of a value answers for all of a length."""
    tables: dict[int, dict[str, Bits]] = defaultdict(dict)
    for text, bits in rules.items():
        tables[len(text)][text] = bits
    return sorted(tables.items())


def beginnings(rules: Mapping[str, Bits]) -> TextStep:
    """Which of the texts a value begins with."""
    tables = by_length(rules)

    def step(value: str) -> Bits:
        found = 0
        for length, table in tables:
            found |= table.get(value[:length], 0)
        return found

    return step


def endings(rules: Mapping[str, Bits]) -> TextStep:
    """Which of the texts a value ends with."""
    tables = by_length(rules)

    def step(value: str) -> Bits:
        found, size = 0, len(value)
        for length, table in tables:
            if length > size:
                break
            found |= table.get(value[size - length :], 0)
        return found

    return step


def any_case(rules: Mapping[str, Bits]) -> TextStep:
    """Which of the ASCII texts a value equals in any case."""
    table = {text.lower(): 0 for text in rules}
    for text, bits in rules.items():
        table[text.lower()] |= bits

    def step(value: str) -> Bits:
        # Some letters outside ASCII have a lower case inside it, such as the Kelvin sign: they are no match.
        return table.get(value.lower(), 0) if value.isascii() else 0

    return step


def beginnings_in_any_case(rules: Mapping[str, Bits]) -> TextStep:
    """Which of the ASCII texts a value begins with in any case."""
    lengths = {len(text): any_case({t: b for t, b in rules.items() if len(t) == len(text)}) for text in rules}

    def step(value: str) -> Bits:
        found = 0
        for length, same_length in lengths.items():
            found |= same_length(value[:length])
        return found

    return step


def endings_in_any_case(rules: Mapping[str, Bits]) -> TextStep:
    """Which of the ASCII texts a value ends with in any case."""
    lengths = {len(text): any_case({t: b for t, b in rules.items() if len(t) == len(text)}) for text in rules}

    def step(value: str) -> Bits:
        found, size = 0, len(value)
        for length, same_length in lengths.items():
            if length <= size:
                found |= same_length(value[size - length :])
        return found

    return step


def wildcards(rules: Mapping[Wildcard, Bits]) -> TextStep:
    """Which of the wildcards accept a value, one after the other."""
    listed = [(wildcard.matches, wildcard.parts[0], bits) for wildcard, bits in rules.items()]

    def step(value: str) -> Bits:
        found = 0
        for accepts, beginning, bits in listed:
            if value.startswith(beginning) and accepts(value):
                found |= bits
        return found

    return step


def addresses(rules: Iterable[tuple[EqualsAddress | Cidr, Bits]]) -> TextStep:
    """Which of the addresses and blocks a text lies in; every block of one size is one look-up."""
    tables: dict[tuple[int, int], dict[int, Bits]] = defaultdict(lambda: defaultdict(int))
    for operator, bits in rules:
        first = operator.address if isinstance(operator, EqualsAddress) else operator.first
        last = operator.address if isinstance(operator, EqualsAddress) else operator.last
        low, high = int.from_bytes(first, "big"), int.from_bytes(last, "big")
        shift = (low ^ high).bit_length()
        tables[len(first), shift][low >> shift] |= bits

    def step(value: str) -> Bits:
        address = parse_address(value)
        if address is None:
            return 0
        number, found = int.from_bytes(address, "big"), 0
        for (size, shift), table in tables.items():
            if size == len(address):
                found |= table.get(number >> shift, 0)
        return found

    return step


def one_by_one(rules: Iterable[tuple[Bits, tuple[Operator, ...]]]) -> TextStep:
    """What no table can hold, such as letters outside ASCII in any case."""
    listed = tuple(rules)

    def step(value: str) -> Bits:
        found = 0
        for bits, operators in listed:
            if any(operator.matches(value) for operator in operators):
                found |= bits
        return found

    return step
