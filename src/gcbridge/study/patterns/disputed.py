"""Points where AWS's documentation and AWS's own engine differ, or the documentation is silent.

gcbridge follows the engine (aws/event-ruler). Whether the service does is not promised, so a rule should not hang on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from gcbridge.routing.addresses import parse_address
from gcbridge.routing.numbers import Number, is_number
from gcbridge.routing.operators import (
    AnythingBut,
    Cidr,
    Equals,
    EqualsAddress,
    EqualsIgnoreCase,
    Exists,
    NumericRange,
    Operator,
    PrefixIgnoreCase,
    SuffixIgnoreCase,
)
from gcbridge.study.patterns.asked import AskedPattern, Entry, Leaf
from gcbridge.study.patterns.refusals import EPOCH_FIELDS
from gcbridge.study.patterns.warned import Warned

NUMBER_MAX = 5_000_000_000
DECIMALS_MAX = 6
"""Of numbers in a pattern. Source: "Numeric matching" in "Comparison operators for use in event patterns", EventBridge
user guide: from -5.0e9 to 5.0e9, six digits to the right of the decimal point; the engine has no such limits."""
ALWAYS_BEYOND = "eventTime"
"""Milliseconds since 1970 in the topics where it is a number: 1.7e12, whatever it is compared with."""
LEADING_ZERO = re.compile(r"(^|[.:])0[0-9]", re.ASCII)
BASIC_PLANE_MAX = 0xFFFF


def disputed_warnings(asked: AskedPattern) -> Iterator[Warned]:
    """Numbers, letters, addresses and absent fields on which one should not rely."""
    for leaf in asked.leaves:
        yield from _absence(asked, leaf)
        for entry in leaf.entries:
            yield from _numbers(leaf, entry)
            yield from _letters(entry)
            yield from _addresses(entry)


def _numbers(leaf: Leaf, entry: Entry) -> Iterator[Warned]:
    for number in _numbers_of(entry.operator):
        if abs(number) > NUMBER_MAX or leaf.path.endswith(ALWAYS_BEYOND):
            what = number if abs(number) > NUMBER_MAX else f"a number in {ALWAYS_BEYOND}"
            said = f"{what} lies beyond 5,000,000,000, up to where AWS documents numbers in patterns"
            yield Warned(entry.at, said, _for_moments(leaf.path))
        elif _decimals(number) > DECIMALS_MAX:
            said = (
                f"{number} has more than {DECIMALS_MAX} decimals, which is all that AWS documents in patterns"
            )
            yield Warned(entry.at, said, "round it")
    if isinstance(entry.operator, AnythingBut) and any(
        _is_whole_float(n) for n in _numbers_of(entry.operator)
    ):
        said = "whether 1.0 and 1 are one number differs between AWS's documentation and its engine"
        yield Warned(entry.at, said, "write whole numbers without .0")


def _for_moments(path: str) -> str:
    if path.endswith(EPOCH_FIELDS):
        return (
            "milliseconds since 1970 always do: choose by another field, and let the target look at the time"
        )
    return "try the rule against real events before you rely on it"


def _numbers_of(operator: Operator) -> list[Number]:
    found: list[object] = []
    if isinstance(operator, NumericRange):
        found = [operator.low, operator.high]
    elif isinstance(operator, Equals):
        found = [operator.value]
    elif isinstance(operator, AnythingBut):
        found = [one.value for one in operator.excluded if isinstance(one, Equals)]
    return [number for number in found if is_number(number)]


def _decimals(number: Number) -> int:
    exponent = Decimal(repr(number)).normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def _is_whole_float(number: Number) -> bool:
    return isinstance(number, float) and number.is_integer()


def _letters(entry: Entry) -> Iterator[Warned]:
    """AWS's engine looks for each letter's UTF-8 bytes in its two cases: where those differ in length, it slips."""
    odd = {letter for text in _ignored_case(entry.operator) for letter in text if _is_odd(letter)}
    if odd:
        letters = " ".join(sorted(odd))
        said = f"AWS does not document how equals-ignore-case takes {letters}"
        yield Warned(entry.at, said, "list the spellings as plain values")


def _ignored_case(operator: Operator) -> list[str]:
    if isinstance(operator, (EqualsIgnoreCase, PrefixIgnoreCase, SuffixIgnoreCase)):
        return [operator.text]
    if isinstance(operator, AnythingBut):
        return [one.text for one in operator.excluded if isinstance(one, EqualsIgnoreCase)]
    return []


def _is_odd(letter: str) -> bool:
    forms = (letter, letter.lower(), letter.upper())
    if ord(letter) > BASIC_PLANE_MAX:
        return forms[1] != forms[2]
    return len({(len(form), len(form.encode(errors="surrogatepass"))) for form in forms}) > 1


def _addresses(entry: Entry) -> Iterator[Warned]:
    text = entry.operator.text if isinstance(entry.operator, (Cidr, EqualsAddress)) else ""
    if LEADING_ZERO.search(text) and "." in text:
        said = f"{text} has a leading zero, and AWS does not document how it reads one"
        yield Warned(entry.at, said, "write the address without it")
    base = text.partition("/")[0]
    if ":" in base and len(parse_address(base) or b"") == len(b"IPv4"):
        said = f"{text} is an IPv4 address written as IPv6, which AWS's engine reads as IPv4"
        yield Warned(entry.at, said, "write it as IPv4")


def _absence(asked: AskedPattern, leaf: Leaf) -> Iterator[Warned]:
    """The engine tests fields in alphabetical order, and an absent one binds no element of the list."""
    if Exists(wanted=False) not in leaf.test.operators:
        return
    for topic in asked.topics_of(leaf):
        above = {one for one in topic.at(leaf.path).arrays if one != leaf.path}
        beside = next(
            (test.path for one in above for test in asked.beside(leaf) if _lies_below(test.path, one)), ""
        )
        if beside:
            said = f"exists: false in an element of a list, together with {beside}: the fields' names decide the answer"
            yield Warned(leaf.at, said, "test one field of the list, or let the target look at the others")
            return


def _lies_below(path: str, above: str) -> bool:
    return path.startswith(f"{above}.")
