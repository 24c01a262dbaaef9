"""Makes an event that matches a pattern, or two patterns at once, and lets the engine confirm it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, product
from typing import Any, NamedTuple

from gcbridge.routing import Branch, FieldTest, Pattern
from gcbridge.routing.array_consistency import branch_matches
from gcbridge.routing.event_fields import event_fields, prefixes_of
from gcbridge.routing.operators import Exists, Scalar
from gcbridge.study.patterns.event_shape import SOME_ID, EventShape, Place, any_event
from gcbridge.study.patterns.satisfiable import possible_branches
from gcbridge.study.patterns.text_search import Nothing, Operators
from gcbridge.study.patterns.value_search import find_likely_value

Event = dict[str, Any]
BASE: Mapping[str, Any] = {
    "version": "0",
    "id": SOME_ID,
    "detail-type": "v2.example",
    "source": f"aws.partner/genesys.com/cloud/{SOME_ID}/example",
    "account": "123456789012",
    "time": "2026-01-01T00:00:00Z",
    "region": "us-east-1",
    "resources": [],
}
"""Values of fields that no pattern asks for anything else."""
TRIED_MAX = 32
"""Attempts to make an example: pairs of branches, each with and without the values that may be absent."""


class Leaf(NamedTuple):
    """A value to put at a path.

    Args:
        path: dotted.
        value: what to put there.
        side: 0: whichever element; 1 or 2: only in the first or second element of a list that holds two.
    """

    path: str
    value: Scalar
    side: int = 0


class _ImpossibleError(Exception):
    """No value fits, as far as is known."""


def example_event(pattern: Pattern, shape: EventShape | None = None) -> Event | None:
    """An event that matches the pattern, as small as can be; None where none was found.

    Args:
        pattern: the pattern.
        shape: what is known of the events. Default: what every EventBridge event has.
    """
    shape = shape or any_event()
    event = example_of_both(possible_branches(pattern, shape), ((),), shape)
    return event if event is not None and matches_branches(event, pattern.branches) else None


def example_of_both(one: Sequence[Branch], other: Sequence[Branch], shape: EventShape) -> Event | None:
    """An event that matches a branch of each; None where none was found.

    Args:
        one: what `possible_branches` gave for one pattern.
        other: and for another.
        shape: what is known of the events.
    """
    for left, right, spare in islice(product(one, other, (False, True)), TRIED_MAX):
        try:
            event = _event(_leaves(left, right, shape, spare=spare), shape)
        except _ImpossibleError:
            continue
        if _matches_all(event, (left, right)):
            return event
    return None


def matches_branches(event: Mapping[str, Any], branches: Sequence[Branch]) -> bool:
    """Whether the engine finds that the event matches one of the branches."""
    paths = prefixes_of(test.path for branch in branches for test in branch)
    fields = event_fields(event, paths)
    return any(branch_matches(branch, fields) for branch in branches)


def _matches_all(event: Mapping[str, Any], branches: Sequence[Branch]) -> bool:
    fields = event_fields(event, prefixes_of(test.path for branch in branches for test in branch))
    return all(branch_matches(branch, fields) for branch in branches)


def _leaves(one: Branch, other: Branch, shape: EventShape, *, spare: bool) -> list[Leaf]:
    """Values for all paths; `spare` leaves out those that may be absent, where a value stands in the way of another."""
    left, right = ({test.path: test for test in branch} for branch in (one, other))
    leaves: list[Leaf] = []
    for path in sorted({*left, *right, *shape.known}):
        tests = [side[path] for side in (left, right) if path in side]
        leaves += _leaves_at(shape.place(path), tests, spare=spare)
    return leaves


def _leaves_at(place: Place, tests: Sequence[FieldTest], *, spare: bool) -> Iterator[Leaf]:
    can_be_absent = bool(tests) and all(test.accepts_absence for test in tests) and not place.is_always_there
    value = Nothing.NONE if spare and can_be_absent else _value(place, [test.operators for test in tests])
    if not isinstance(value, Nothing):
        yield Leaf(place.path, value)
    elif can_be_absent:
        return
    elif len(tests) == 2 and place.arrays:
        yield from _one_for_each(place, tests)
    else:
        raise _ImpossibleError


def _one_for_each(place: Place, tests: Sequence[FieldTest]) -> Iterator[Leaf]:
    for side, test in enumerate(tests, start=1):
        value = _value(place, [test.operators])
        if not isinstance(value, Nothing):
            yield Leaf(place.path, value, side)
        elif not test.accepts_absence:
            raise _ImpossibleError


def _value(place: Place, groups: Sequence[Operators]) -> Scalar | Nothing:
    if any(all(operator == Exists(wanted=False) for operator in group) for group in groups):
        return Nothing.NONE
    within = (place.within,) if place.within else ()
    usual = BASE.get(place.path)
    likely = (*place.likely, usual) if isinstance(usual, str) else place.likely
    return find_likely_value((*groups, *within), place.kinds, likely)


def _event(leaves: Iterable[Leaf], shape: EventShape) -> Event:
    given = list(leaves)
    base = [Leaf(path, value) for path, value in BASE.items() if isinstance(value, str)]
    taken = {leaf.path for leaf in given}
    everything = [*(leaf for leaf in base if leaf.path not in taken), *given]
    event: Event = _node(everything, 0, shape)
    event.setdefault("resources", [])
    event.setdefault("detail", {})
    return event


def _node(leaves: Sequence[Leaf], depth: int, shape: EventShape) -> Any:
    """The JSON that holds the leaves below one key, whose path has that many keys."""
    values = [leaf for leaf in leaves if leaf.path.count(".") < depth]
    below = [leaf for leaf in leaves if leaf.path.count(".") >= depth]
    place = shape.place(".".join(leaves[0].path.split(".")[:depth])) if depth else None
    elements: list[Any] = [leaf.value for leaf in values] + _objects(below, depth, place, shape)
    if place is None or (len(elements) == 1 and not place.is_list):
        return elements[0]
    if len(elements) > 1 and not place.is_list:
        raise _ImpossibleError
    return elements


def _objects(leaves: Sequence[Leaf], depth: int, place: Place | None, shape: EventShape) -> list[Any]:
    if not leaves:
        return []
    if place is None or not place.is_list or all(leaf.side == 0 for leaf in leaves):
        return [_object(leaves, depth, shape)]
    return [_object([leaf for leaf in leaves if leaf.side in {0, side}], depth, shape) for side in (1, 2)]


def _object(leaves: Sequence[Leaf], depth: int, shape: EventShape) -> Event:
    keys: dict[str, list[Leaf]] = {}
    for leaf in leaves:
        keys.setdefault(leaf.path.split(".")[depth], []).append(leaf)
    return {key: _node(found, depth + 1, shape) for key, found in keys.items()}
