"""The fields that a set of rules looks at, as a tree laid over the event: each field is read once for all rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from gcbridge.routing.operators import Operator
from gcbridge.routing.pattern import Branch
from gcbridge.routing.text_steps import Bits
from gcbridge.routing.value_index import ValueIndex

ABSENT: Final = object()


class NotDecidedError(Exception):
    """Object by object cannot tell: a name holds a dot, or a field of an array's elements must be absent."""


class Node:
    """One object of the event: the fields in it and the objects in it that rules look into.

    Args:
        fields: name -> the index of its values, and the rules that accept its absence or do not look at it.
        children: name -> node.
        absent: the rules that can still match where this object is missing.
        absence: the rules that ask for the absence of a field in this object or below it.
    """

    __slots__ = ("absence", "absent", "children", "dotted", "fields")

    def __init__(
        self,
        fields: Mapping[str, tuple[ValueIndex, Bits]],
        children: Mapping[str, Node],
        absent: Bits,
        absence: Bits,
    ) -> None:
        self.fields = tuple(
            (name, index.satisfied_by, missing)
            for name, (index, missing) in sorted(fields.items(), key=lambda field: field[1][1].bit_count())
        )
        self.absent = absent
        self.absence = absence
        self.children = tuple((name, node, node.absent) for name, node in children.items())
        self.dotted = frozenset(f"{name}.{rest}" for name, node in children.items() for rest in node.names())

    def names(self) -> Iterator[str]:
        """Names below this object under which rules look, with a dot where they are nested."""
        yield from (name for name, _, _ in self.fields)
        yield from (name for name, _, _ in self.children)
        yield from self.dotted

    def narrow(self, node: Mapping[str, Any], rules: Bits) -> Bits:
        """Of the given rules, those whose tests in this object hold.

        Fields below one array of objects must come from one element, and lie in one child of this tree: so an
        element is judged as an object of its own, and a rule needs one that satisfies all it asks of them.

        Raises:
            NotDecidedError: the event needs the slower, exact evaluation.
        """
        if self.dotted and not self.dotted.isdisjoint(node):
            raise NotDecidedError
        for name, satisfied_by, absent in self.fields:
            value = node.get(name, ABSENT)
            if value is ABSENT or type(value) is dict:
                rules &= absent
            elif type(value) is list:
                rules &= _satisfied_by_any(value, satisfied_by, absent)
            else:
                rules &= satisfied_by(value)
            if not rules:
                return 0
        for name, child, absent in self.children:
            value = node.get(name)
            if type(value) is dict:
                rules = child.narrow(value, rules)
            elif type(value) is list:
                rules = child.narrow_any(value, rules)
            else:
                rules &= absent
            if not rules:
                return 0
        return rules

    def narrow_any(self, nodes: list[Any], rules: Bits) -> Bits:
        """Of the given rules, those whose tests hold in one of the objects of an array.

        Raises:
            NotDecidedError: as for `narrow`; AWS looks for an absent field in all elements, or in the one that the
                fields before it lie in, so an element alone does not tell.
        """
        if rules & self.absence:
            raise NotDecidedError
        found = rules & self.absent
        for node in _unfolded(nodes):
            if type(node) is dict:
                found |= self.narrow(node, rules & ~found)
                if found == rules:
                    break
        return found

    def narrow_loosely(self, nodes: Sequence[Mapping[str, Any]], rules: Bits) -> Bits:
        """Of the given rules, those that could match if every test chose its own array element.

        Args:
            nodes: the objects that stand in this place of the event, one for each array element.
            rules: candidates so far.
        """
        if not all(self.dotted.isdisjoint(node) for node in nodes):
            return rules
        for name, satisfied_by, absent in self.fields:
            found = absent
            for value in _plain_values(nodes, name):
                found |= satisfied_by(value)
            rules &= found
        for name, child, absent in self.children:
            below = list(_objects(nodes, name))
            rules &= child.narrow_loosely(below, rules) | absent
        return rules


def _satisfied_by_any(values: list[Any], satisfied_by: Callable[[Any], Bits], absent: Bits) -> Bits:
    """An array of plain values satisfies a test if one of them does; without any it is as good as absent."""
    plain = [value for value in values if type(value) is not dict]
    if not plain:
        return absent
    found = 0
    for value in plain:
        if type(value) is list:
            raise NotDecidedError
        found |= satisfied_by(value)
    return found


def _plain_values(nodes: Iterable[Mapping[str, Any]], name: str) -> Iterator[Any]:
    return (v for node in nodes for v in _unfolded(node.get(name, [])) if not isinstance(v, Mapping))


def _objects(nodes: Iterable[Mapping[str, Any]], name: str) -> Iterator[Mapping[str, Any]]:
    return (v for node in nodes for v in _unfolded(node.get(name, [])) if isinstance(v, Mapping))


def _unfolded(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        for child in value:
            yield from _unfolded(child)
    else:
        yield value


Path = tuple[str, ...]
Asked = list[tuple[Bits, tuple[Operator, ...]]]


def field_tree(branches: Sequence[Branch]) -> Node:
    """The tree of everything that the branches look at; branch n has bit n."""
    tests: dict[Path, Asked] = defaultdict(list)
    accepting: dict[Path, Bits] = defaultdict(int)
    for number, branch in enumerate(branches):
        for test in branch:
            steps = tuple(test.path.split("."))
            tests[steps].append((1 << number, test.operators))
            accepting[steps] |= 1 << number if test.accepts_absence else 0
    return _node(0, tests, accepting, (1 << len(branches)) - 1)


def _node(depth: int, tests: Mapping[Path, Asked], accepting: Mapping[Path, Bits], every: Bits) -> Node:
    fields: dict[str, tuple[ValueIndex, Bits]] = {}
    inner: dict[str, dict[Path, Asked]] = defaultdict(dict)
    absent, absence = every, 0
    for steps, asked in tests.items():
        elsewhere = every & ~sum(bits for bits, _ in asked)
        missing = elsewhere | accepting[steps]
        absent &= missing
        absence |= accepting[steps]
        if len(steps) == depth + 1:
            fields[steps[depth]] = (ValueIndex(asked, elsewhere), missing)
        else:
            inner[steps[depth]][steps] = asked
    children = {name: _node(depth + 1, below, accepting, every) for name, below in inner.items()}
    return Node(fields, children, absent, absence)
