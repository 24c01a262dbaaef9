"""Whether every event that one pattern matches is matched by another too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod

from gcbridge.routing import Branch, FieldTest, Pattern
from gcbridge.study.patterns.event_shape import EventShape, Place, any_event
from gcbridge.study.patterns.satisfiable import ANY_VALUE, possible_branches
from gcbridge.study.patterns.text_search import Nothing
from gcbridge.study.patterns.value_search import accepts_all_of, find_value

ALTERNATIVES_MAX = 64
"""Combinations of single operators that a branch is taken apart into, where no branch contains it whole."""


def implies(narrow: Pattern, wide: Pattern, shape: EventShape | None = None) -> bool:
    """Whether every event that matches `narrow` matches `wide`: True only where it is certain.

    Why it is certain below arrays of objects: the engine visits the fields of a branch in alphabetical order and picks
    one value for each, so that no two values lie in different elements of one array. If `wide` looks only at paths that
    `narrow` looks at, and accepts there whatever `narrow` accepts, then it can pick the same values: what does not
    disagree among all of them does not disagree among fewer. The reverse fails, for `narrow` says nothing of the element
    in which a further field lies.

    `exists: false` is no choice of a value: a field is absent if it lies in none of the elements picked so far. With
    fewer fields before it fewer elements are picked, and the field may be there. So absence carries over only where no
    list can stand above the field, or where both look at the same fields before it below the same lists.

    Args:
        narrow: the pattern that should match less.
        wide: the pattern that should match more.
        shape: what is known of the events. Default: what every EventBridge event has.
    """
    shape = shape or any_event()
    return branches_imply(possible_branches(narrow, shape), possible_branches(wide, shape), shape)


def branches_imply(narrow: Sequence[Branch], wide: Sequence[Branch], shape: EventShape) -> bool:
    """The same for branches that `possible_branches` gave."""
    return all(_is_contained(branch, wide, shape) for branch in narrow)


def _is_contained(branch: Branch, wide: Sequence[Branch], shape: EventShape) -> bool:
    if any(_branch_implies(branch, each, shape) for each in wide):
        return True
    if len(wide) < 2 or not 1 < prod(len(test.operators) for test in branch) <= ALTERNATIVES_MAX:
        return False
    return all(any(_branch_implies(part, each, shape) for each in wide) for part in _parts(branch))


def _parts(branch: Branch) -> Iterator[Branch]:
    """The branch with one operator a field, in every combination."""
    for operators in product(*(test.operators for test in branch)):
        yield tuple(FieldTest(test.path, (each,)) for test, each in zip(branch, operators, strict=True))


def _branch_implies(narrow: Branch, wide: Branch, shape: EventShape) -> bool:
    asked = {test.path: test for test in narrow}
    return all(_test_follows(test, asked, wide, shape) for test in wide)


def _test_follows(test: FieldTest, asked: Mapping[str, FieldTest], wide: Branch, shape: EventShape) -> bool:
    place, given = shape.place(test.path), asked.get(test.path)
    if given is None:
        return _is_no_demand(test, place, wide)
    groups = (given.operators, place.within) if place.within else (given.operators,)
    if find_value(groups, test.operators, place.kinds) is not Nothing.NONE:
        return False
    if place.is_always_there or not given.accepts_absence:
        return True
    return test.accepts_absence and (not place.is_nested or _same_before(place, asked, wide, shape))


def _is_no_demand(test: FieldTest, place: Place, wide: Branch) -> bool:
    """Whether an event passes the test with any value and without one, and the value picked binds no other field."""
    return (
        test.accepts_absence
        and not place.is_nested
        and accepts_all_of(test.operators, ANY_VALUE, place.kinds)
        and not any(other.path.startswith(f"{test.path}.") for other in wide)
    )


def _same_before(place: Place, asked: Mapping[str, FieldTest], wide: Branch, shape: EventShape) -> bool:
    """Whether both sides look at the same fields, below the same lists, before they look for an absent one."""

    def before(paths: Iterator[str]) -> set[str]:
        return {path for path in paths if path < place.path and shape.place(path).arrays & place.arrays}

    return before(iter(asked)) == before(test.path for test in wide)
