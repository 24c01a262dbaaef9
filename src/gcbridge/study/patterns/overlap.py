"""Whether one event can match two patterns."""

from __future__ import annotations

from collections.abc import Sequence

from gcbridge.routing import Branch, FieldTest, Pattern
from gcbridge.routing.operators import Exists
from gcbridge.study.patterns.event_shape import EventShape, Place, any_event
from gcbridge.study.patterns.satisfiable import possible_branches
from gcbridge.study.patterns.text_search import Nothing, Operators
from gcbridge.study.patterns.value_search import find_value


def overlap(one: Pattern, other: Pattern, shape: EventShape | None = None) -> bool:
    """Whether an event may match both: False only where it is certain that none does.

    A field that may hold a list satisfies two different exact values at once, so only a field with one value at most
    keeps two patterns apart: those of the envelope, and those that the shape knows to be no list and below none.

    Args:
        one: a pattern.
        other: another.
        shape: what is known of the events. Default: what every EventBridge event has.
    """
    shape = shape or any_event()
    return branches_overlap(possible_branches(one, shape), possible_branches(other, shape), shape)


def branches_overlap(one: Sequence[Branch], other: Sequence[Branch], shape: EventShape) -> bool:
    """The same for branches that `possible_branches` gave."""
    return any(not are_disjoint(left, right, shape) for left in one for right in other)


def are_disjoint(one: Branch, other: Branch, shape: EventShape) -> bool:
    """Whether it is certain that no event matches both branches."""
    asked = {test.path: test for test in one}
    for test in other:
        if test.path in asked:
            place = shape.place(test.path)
            pair = (asked[test.path], one), (test, other)
            if _exclude_by_value(pair[0][0], test, place) or any(
                _wants_none(mine, branch, place, shape) and not _accepts_absence(theirs, place)
                for (mine, branch), (theirs, _) in (pair, pair[::-1])
            ):
                return True
    return False


def _exclude_by_value(one: FieldTest, other: FieldTest, place: Place) -> bool:
    """Whether the field, which has one value at most, cannot have one that satisfies both, nor be absent for both."""
    if not place.is_single or (_accepts_absence(one, place) and _accepts_absence(other, place)):
        return False
    return not _has_value(place, one.operators, other.operators)


def _wants_none(test: FieldTest, branch: Branch, place: Place, shape: EventShape) -> bool:
    """Whether the branch only matches events that have no value at the path, in whichever element of a list.

    Below a list, absence from the elements picked so far would do: those of fields that come before.
    """
    if not test.accepts_absence or _has_value(place, test.operators):
        return False
    earlier = (each.path for each in branch if each.path < test.path)
    return not place.is_nested or not any(shape.place(path).arrays & place.arrays for path in earlier)


def _accepts_absence(test: FieldTest, place: Place) -> bool:
    return test.accepts_absence and not place.is_always_there


def _has_value(place: Place, *groups: Operators) -> bool:
    if any(all(operator == Exists(wanted=False) for operator in group) for group in groups):
        return False
    within = (place.within,) if place.within else ()
    return find_value((*groups, *within), (), place.kinds) is not Nothing.NONE
