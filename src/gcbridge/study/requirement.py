"""What a delivery needs, one thing at a time: it is so, it is not, or it cannot be told."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from gcbridge.study.link import Finding, broken, holds, untold


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that must be so.

    Args:
        met: None where it cannot be told.
        detail: what is so, or what is not, or why it cannot be told; a clause without a full stop.
    """

    met: bool | None
    detail: str


def require(met: bool | None, is_so: str, is_not_so: str) -> Requirement:
    """The clause that fits; where a policy's condition cannot be judged, that is said."""
    unsure = f"could not be judged whether {is_so}: a policy has a condition that gcbridge does not know"
    return Requirement(met, {True: is_so, False: is_not_so, None: unsure}[met])


def conclude(requirements: Iterable[Requirement], expected: str, hint: Callable[[], str]) -> Finding:
    """What is not so breaks the link, whatever else cannot be told; what cannot be told leaves it open.

    Args:
        requirements: all that must be so.
        expected: what was expected, for the report.
        hint: says what to type.
    """
    found = tuple(requirements)
    missing = [each.detail for each in found if each.met is False]
    if missing:
        return broken("; ".join(missing), expected, hint())
    unsure = [each.detail for each in found if each.met is None]
    if unsure:
        return untold("; ".join(dict.fromkeys(unsure)))
    return holds("; ".join(dict.fromkeys(each.detail for each in found)))
