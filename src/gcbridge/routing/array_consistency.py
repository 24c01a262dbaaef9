"""Exact evaluation of one branch: fields below one array of objects must come from the same element.

Source: aws/event-ruler, README, "JSON Array Matching", and StructuredFinder: fields are visited in alphabetical
order, and each value narrows the elements that the values after it may lie in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gcbridge.routing.event_fields import EventFields, Membership
from gcbridge.routing.operators import Scalar
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
        self.values = [_ByElement(fields.get(test.path, [])) for test in branch]
        self.later = self._arrays_from_each_test_on()
        self.failed: set[tuple[int, frozenset[tuple[int, int]]]] = set()
        self.deepest = 0

    def _arrays_from_each_test_on(self) -> list[set[int]]:
        later: list[set[int]] = [set()]
        for values in reversed(self.values):
            later.insert(0, later[0] | values.every_array)
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
        within = list(self.values[position].within(elements))
        if not within and test.accepts_absence:
            return self.holds(position + 1, elements)
        return any(
            self.holds(position + 1, {**elements, **membership})
            for value, membership in within
            if any(operator.matches(value) for operator in test.operators)
        )


class _ByElement:
    """The values of one field as a tree of the arrays that they lie in, so that those of one element are found at once.

    Args:
        values: each with its membership, outermost array first.
    """

    def __init__(self, values: Iterable[tuple[Scalar, Membership]]) -> None:
        self.values: list[tuple[Scalar, Membership]] = []
        self.arrays: dict[int, dict[int, _ByElement]] = {}
        self.every_array: set[int] = set()
        for value, membership in values:
            self.every_array.update(membership)
            node = self
            for array, index in membership.items():
                node = node.arrays.setdefault(array, {}).setdefault(index, _ByElement(()))
            node.values.append((value, membership))

    def within(self, elements: Membership) -> Iterator[tuple[Scalar, Membership]]:
        """The values that lie in no other element of the given arrays."""
        yield from self.values
        for array, nodes in self.arrays.items():
            index = elements.get(array)
            chosen = nodes.values() if index is None else [nodes[index]] if index in nodes else ()
            for node in chosen:
                yield from node.within(elements)
