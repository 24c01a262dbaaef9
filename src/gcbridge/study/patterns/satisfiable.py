"""Whether events of a topic can match a pattern, and what keeps them from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gcbridge.model.topic import Topic
from gcbridge.routing import Branch, FieldTest, Pattern
from gcbridge.routing.operators import Exists
from gcbridge.study.patterns.event_shape import ANY_RECEIVER, EventShape, Place, Receiver, topic_shape
from gcbridge.study.patterns.text_search import Nothing, Operators
from gcbridge.study.patterns.value_search import accepts_all_of, find_value

ANY_VALUE = (Exists(wanted=True),)


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why no event satisfies a branch of a pattern.

    Args:
        path: the field that fails.
        cause: the event has no such field; it has another value always; it has values of another type; it is never
            absent.
        place: what is known of the field.
        operators: what the pattern asks of it.
    """

    path: str
    cause: Literal["no field", "other value", "other type", "never absent"]
    place: Place
    operators: Operators


def can_match(pattern: Pattern, topic: Topic, receiver: Receiver = ANY_RECEIVER) -> bool:
    """Whether an event of the topic may match: False only where it is certain that none does.

    Certain means: if the catalogue has all fields of the topic's body, and their types, right. Known values of a field
    (its enum) are taken as incomplete, and any field of a body may be null or absent.

    Args:
        pattern: the pattern.
        topic: what the catalogue says; a topic whose body is unknown is judged by the envelope only.
        receiver: whose partner event source, account and region the events carry, as far as known.
    """
    return bool(possible_branches(pattern, topic_shape(topic, receiver)))


def possible_branches(pattern: Pattern, shape: EventShape) -> tuple[Branch, ...]:
    """Branches that an event may match, without the tests that every event passes; an empty branch matches them all."""
    return tuple(
        tuple(test for test in branch if not _always_holds(test, shape.place(test.path)))
        for branch in pattern.branches
        if obstacle(branch, shape) is None
    )


def obstacles(pattern: Pattern, shape: EventShape) -> tuple[Obstacle, ...]:
    """What fails in each branch; empty where some branch may match."""
    found = tuple(obstacle(branch, shape) for branch in pattern.branches)
    failing = tuple(each for each in found if each is not None)
    return failing if len(failing) == len(found) else ()


def obstacle(branch: Branch, shape: EventShape) -> Obstacle | None:
    """The first field that no event satisfies; None where each alone can be satisfied."""
    for test in branch:
        place = shape.place(test.path)
        if not _can_hold(test, place):
            return Obstacle(test.path, _cause(test, place), place, test.operators)
    return None


def _can_hold(test: FieldTest, place: Place) -> bool:
    if test.accepts_absence and not place.is_always_there:
        return True
    groups = (test.operators, place.within) if place.within else (test.operators,)
    return bool(place.kinds) and find_value(groups, (), place.kinds) is not Nothing.NONE


def _always_holds(test: FieldTest, place: Place) -> bool:
    return place.is_always_there and accepts_all_of(test.operators, place.within or ANY_VALUE, place.kinds)


def _cause(test: FieldTest, place: Place) -> Literal["no field", "other value", "other type", "never absent"]:
    if not place.kinds:
        return "no field"
    if all(operator == Exists(wanted=False) for operator in test.operators):
        return "never absent"
    return "other value" if place.within else "other type"
