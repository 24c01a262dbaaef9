"""Exact evaluation of one branch: fields below one array of objects must come from the same element.

Source: aws/event-ruler, README, "JSON Array Matching", and StructuredFinder: fields are visited in alphabetical
order, and each value narrows the elements that the values after it may lie in.
"""

from __future__ import annotations

from gcbridge.routing.event_fields import EventFields, Membership
from gcbridge.routing.pattern import Branch, FieldTest


def branch_matches(branch: Branch, fields: EventFields) -> bool:
    """Whether some choice of one value for each field satisfies every test within one set of array elements.

    Args:
        branch: field tests in alphabetical order of their paths.
        fields: the event's values, at least those at the branch's paths.
    """
    return deepest_match(branch, fields) == len(branch)


def deepest_match(branch: Branch, fields: EventFields) -> int:
    """How many of the branch's tests, from the first on, hold together; all of them: the branch matches."""
    search = _Search(branch, fields)
    search.holds(0, {})
    return search.deepest


class _Search:
    """Backtracking that never asks the same question twice, so that sibling arrays do not multiply."""

    def __init__(self, branch: Branch, fields: EventFields) -> None:
        self.branch = branch
        self.values = [fields.get(test.path, []) for test in branch]
        self.later = self._arrays_from_each_test_on()
        self.failed: set[tuple[int, frozenset[tuple[int, int]]]] = set()
        self.deepest = 0

    def _arrays_from_each_test_on(self) -> list[set[int]]:
        later: list[set[int]] = [set()]
        for values in reversed(self.values):
            later.insert(0, later[0].union(*(membership for _, membership in values)))
        return later

    def holds(self, position: int, elements: Membership) -> bool:
        self.deepest = max(self.deepest, position)
        if position == len(self.branch):
            return True
        relevant = {array: index for array, index in elements.items() if array in self.later[position]}
        question = (position, frozenset(relevant.items()))
        if question in self.failed:
            return False
        if self._test_holds(self.branch[position], position, relevant):
            return True
        self.failed.add(question)
        return False

    def _test_holds(self, test: FieldTest, position: int, elements: Membership) -> bool:
        within = [
            (value, membership) for value, membership in self.values[position] if _agree(elements, membership)
        ]
        if not within and test.accepts_absence:
            return self.holds(position + 1, elements)
        return any(
            self.holds(position + 1, {**elements, **membership})
            for value, membership in within
            if any(operator.matches(value) for operator in test.operators)
        )


def _agree(elements: Membership, membership: Membership) -> bool:
    return all(elements.get(array, index) == index for array, index in membership.items())
