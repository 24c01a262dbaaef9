"""Numbers compare by value: 5, 5.0 and 5e0 are one number, and no number is its text.

Source: aws/event-ruler, ComparableNumber: a number is comparable if Java's `double` holds exactly what was written;
any other number only equals itself, and lies in no range.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TypeGuard

Number = int | float
EXACT_INTEGERS = 2**53
"""Every integer up to here is a double."""


def is_number(value: object) -> TypeGuard[Number]:
    """Whether JSON would call it a number; Python counts True among the integers, JSON does not."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_comparable(value: Number) -> bool:
    """Whether a range can hold the number.

    >>> is_comparable(1.5), is_comparable(2**53 + 1), is_comparable(float("inf"))
    (True, False, False)
    """
    if isinstance(value, float):
        return math.isfinite(value)
    if -EXACT_INTEGERS <= value <= EXACT_INTEGERS:
        return True
    try:
        return Decimal(repr(float(value))) == value
    except OverflowError:
        return False
