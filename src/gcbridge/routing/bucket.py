"""The rules that can match events of one `detail-type`, evaluated together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gcbridge.routing.array_consistency import branch_matches
from gcbridge.routing.event_fields import event_fields, prefixes_of
from gcbridge.routing.field_tree import NotDecidedError, field_tree
from gcbridge.routing.pattern import Branch
from gcbridge.routing.text_steps import Bits


class Bucket:
    """Branches of rules, in the order of the rules.

    Args:
        branches: the name of a rule and one of its branches.
    """

    __slots__ = ("_branches", "_every", "_rules", "_tree", "_wanted")

    def __init__(self, branches: Sequence[tuple[str, Branch]]) -> None:
        self._rules = tuple(rule for rule, _ in branches)
        self._branches = tuple(branch for _, branch in branches)
        self._every = (1 << len(branches)) - 1
        self._tree = field_tree(self._branches)
        self._wanted = prefixes_of(test.path for branch in self._branches for test in branch)

    def match(self, event: Mapping[str, Any]) -> tuple[str, ...]:
        """Names of the rules that match, each once."""
        try:
            found = self._tree.narrow(event, self._every)
        except NotDecidedError:
            found = self._verified(event, self._tree.narrow_loosely([event], self._every))
        return tuple(dict.fromkeys(self._rules[number] for number in _numbers(found))) if found else ()

    def _verified(self, event: Mapping[str, Any], candidates: Bits) -> Bits:
        if not candidates:
            return 0
        fields = event_fields(event, self._wanted)
        return sum(
            1 << number for number in _numbers(candidates) if branch_matches(self._branches[number], fields)
        )


def _numbers(rules: Bits) -> Iterator[int]:
    """The numbers of the bits that are set; as text, since looking for a `1` in it is fast at any length."""
    digits = bin(rules)[:1:-1]
    at = digits.find("1")
    while at >= 0:
        yield at
        at = digits.find("1", at + 1)
