"""Every kind of target receives, and what it may not receive is kept. The kinds are in ``kinds_of_target.py``."""

from __future__ import annotations

import time

import pytest
from customer_world import RULE, World, wait_for
from kinds_of_target import DETAIL, KINDS, Kind

# How long something that should not arrive is waited for, where delivery goes on in the background.
SILENCE_SECONDS = 0.2

every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


@every_kind
def test_it_arrives_transformed(world: World, kind: Kind) -> None:
    """With the permission, the target gets what its input transformer makes of the event."""
    dead = world.add_dead_letter_queue()
    world.bridge.add_rule(RULE, {"Id": "t", **kind.make(world), **kind.fields, **dead})
    world.bridge.send(DETAIL)
    (arrived,) = wait_for(lambda: kind.arrived(world))
    assert arrived["detail"] == DETAIL if kind.expected is None else arrived == kind.expected
    assert world.dead_letters() == []


@every_kind
def test_without_permission_it_is_a_dead_letter_at_once(world: World, kind: Kind) -> None:
    """Nothing arrives; the event, as it was matched, is in the dead-letter queue with the reason."""
    target = kind.make(world)
    kind.forbid(world)
    dead = world.add_dead_letter_queue()
    world.bridge.add_rule(RULE, {"Id": "t", **target, **kind.fields, **dead})
    world.bridge.send(DETAIL)
    (letter,) = world.dead_letters()
    assert letter.pop("body")["detail"] == DETAIL
    assert letter.pop("ERROR_MESSAGE")
    assert letter == {
        "RULE_ARN": world.bridge.rule_arn(RULE),
        "TARGET_ARN": target["Arn"],
        "ERROR_CODE": "NO_PERMISSIONS",
        "RETRY_ATTEMPTS": "0",
    }
    time.sleep(SILENCE_SECONDS)
    assert kind.arrived(world) == []


@every_kind
def test_without_permission_and_dead_letter_queue_it_is_dropped(world: World, kind: Kind) -> None:
    """The event is lost; the other target of the rule still gets its own."""
    target = kind.make(world)
    kind.forbid(world)
    other = world.bridge.add_queue("other", RULE)
    world.bridge.add_rule(RULE, {"Id": "t", **target, **kind.fields}, {"Id": "o", "Arn": other})
    assert "EventId" in world.bridge.send(DETAIL)
    assert len(world.bridge.receive("other")) == 1
    time.sleep(SILENCE_SECONDS)
    assert kind.arrived(world) == []


@every_kind
def test_a_missing_target_is_no_resource(world: World, kind: Kind) -> None:
    """The same for a target that is not there."""
    target = {**kind.make(world), "Arn": kind.missing}
    world.bridge.add_rule(RULE, {"Id": "t", **target, **kind.fields, **world.add_dead_letter_queue()})
    world.bridge.send(DETAIL)
    assert [letter["ERROR_CODE"] for letter in world.dead_letters()] == ["NO_RESOURCE"]
