"""A parsed pattern: alternatives of field tests, as the engine evaluates them."""

from __future__ import annotations

from dataclasses import dataclass

from gcbridge.routing.operators import Exists, Operator


@dataclass(frozen=True, slots=True)
class FieldTest:
    """One field must satisfy one of the operators.

    Args:
        path: dotted, such as `detail.eventBody.action`. A name that holds a dot is the same as nested names.
        operators: in the order of the array.
    """

    path: str
    operators: tuple[Operator, ...]

    @property
    def accepts_absence(self) -> bool:
        """Whether one of the operators is `exists: false`."""
        return Exists(wanted=False) in self.operators


Branch = tuple[FieldTest, ...]
"""Field tests that must all hold, in alphabetical order of their paths."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern matches if one of its branches does; it has more than one where it holds `$or`."""

    branches: tuple[Branch, ...]

    @property
    def paths(self) -> frozenset[str]:
        """Every field that the pattern looks at."""
        return frozenset(test.path for branch in self.branches for test in branch)
