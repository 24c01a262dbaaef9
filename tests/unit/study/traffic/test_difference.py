"""What another definition would have done with the same events."""

import pytest
from recorded import AUDITS, ORG, PRESENCE, RULES, TARGETS, bridge_with, counted, event

from gcbridge.study.traffic.redeclared import redeclared

MORNING = [
    event("Available", event_id="e1"),
    event("Away", event_id="e2"),
    event("Away", event_id="e3"),
    event("-", event_id="e4", topic=AUDITS),
]
NOW = bridge_with()


def away(**changed):
    return {**RULES, "away": {**RULES["away"], **changed}}


def crm(**changed):
    return {**TARGETS, "crm": {**TARGETS["crm"], **changed}}


BUSY = {"eventBody": {"systemPresence": ["Busy"]}}
TEMPLATE = {"transformer": {"template": "<aws.events.rule-name>"}}
SAME = {"transformer": {"template": '"changed"'}}


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        (NOW, NOW, {}),
        (NOW, bridge_with(suffix="prod"), {}),
        (bridge_with(away(where=BUSY)), NOW, {"log": {"gained": 2}, "crm": {"altered": 2}}),
        (NOW, bridge_with(away(where=BUSY)), {"log": {"lost": 2}, "crm": {"altered": 2}}),
        (NOW, bridge_with(away(targets=["log"])), {"crm": {"altered": 2}}),
        (NOW, bridge_with(away(enabled=False)), {"log": {"lost": 2}, "crm": {"altered": 2}}),
        (NOW, bridge_with(away(topics=[PRESENCE], where=None, targets=["log"])), {"log": {"gained": 1}, "crm": {"altered": 2}}),
        (NOW, bridge_with({**RULES, "audits": {"topics": [AUDITS], "targets": ["crm"]}}), {"crm": {"gained": 1}}),
        (NOW, bridge_with(targets=crm(input=SAME)), {"crm": {"altered": 3}}),
        (NOW, bridge_with(targets=crm(input={"path": "$"})), {}),
        (NOW, bridge_with(targets=crm(input={"path": "$.detail.nothing"})), {}),
        (NOW, bridge_with(targets=crm(retry={"attempts": 3})), {}),
    ],
    ids=[
        "the same",
        "another organization's source",
        "a value was corrected",
        "a value was mistyped",
        "delivered once instead of twice",
        "a rule was disabled",
        "a condition was dropped",
        "a rule was added",
        "another text",
        "another way to say the whole event",
        "a path that leads nowhere hands over the whole event",
        "nothing that an event would notice",
    ],
)  # fmt: skip
def test_what_targets_lose_gain_and_receive_otherwise(before, after, changes):
    """Event by event; a target that nothing changes for has no counts."""
    tally = counted(MORNING, after, against=before)

    found = {name: dict(change.counts) for name, change in tally.target_changes.items() if change.counts}
    assert found == changes


def test_a_text_that_names_its_rule_changes_with_the_rule():
    """Texts are made although both inputs are alike, since another rule delivers."""
    old = bridge_with(
        {"all": {"topics": [PRESENCE], "targets": ["crm"]}}, {"crm": crm(input=TEMPLATE)["crm"]}
    )
    new = bridge_with(
        {"every": {"topics": [PRESENCE], "targets": ["crm"]}}, {"crm": crm(input=TEMPLATE)["crm"]}
    )
    silent = bridge_with(
        {"every": {"topics": [PRESENCE], "targets": ["crm"]}}, {"crm": crm(input=SAME)["crm"]}
    )
    silent_old = bridge_with(
        {"all": {"topics": [PRESENCE], "targets": ["crm"]}}, {"crm": crm(input=SAME)["crm"]}
    )

    assert counted(MORNING, new, against=old).target_changes["crm"].counts == {"altered": 3}
    assert not counted(MORNING, silent, against=silent_old).target_changes["crm"].counts


def test_the_first_events_are_named_with_their_place():
    """So that a person can look at them."""
    change = counted(MORNING, bridge_with(away(where=BUSY)), against=NOW).target_changes["log"]

    assert change.before == 2
    assert change.first == {"lost": [("e2", "events.jsonl:2"), ("e3", "events.jsonl:3")]}


def test_rules_are_compared_by_name():
    """Whatever they send to; a rule that both have and that matches the same is in no list."""
    new = {"presence": RULES["presence"], "absent": RULES["away"]}
    tally = counted(MORNING, bridge_with(new), against=NOW)

    changes = {name: (change.before, dict(change.counts)) for name, change in tally.rule_changes.items()}
    assert changes == {"presence": (3, {}), "away": (2, {"lost": 2}), "absent": (0, {"gained": 2})}
    assert tally.changed == 0


def test_an_event_counts_once_however_many_targets_change():
    """`changed` is a number of events."""
    tally = counted(MORNING, bridge_with(away(where=BUSY)), against=NOW)

    assert tally.changed == 2


def test_the_archive_is_no_rule():
    """A changed archive pattern changes nothing that a target receives."""
    tally = counted(MORNING, bridge_with(archive={"pattern": {"detail-type": [AUDITS]}}), against=NOW)

    assert {name for name, change in tally.rule_changes.items() if change.counts} == set()


def test_an_event_of_a_topic_that_is_not_subscribed_never_comes():
    """Whatever the rules say: it matches nothing, costs nothing, and is lost against a bridge that subscribes."""
    genesys = {
        "region": "eu-central-1",
        "org_id": ORG,
        "event_source_suffix": "dev",
        "topics": [AUDITS],
    }
    rules = {"everything": {"pattern": {"detail": {"eventBody": [{"exists": False}]}}, "targets": ["crm"]}}
    before = bridge_with(rules, {"crm": {"type": "sqs"}})
    after = bridge_with(rules, {"crm": {"type": "sqs"}}, genesys=genesys)

    tally = counted([event(), event(topic=AUDITS)], after, against=before)

    assert (tally.events, tally.not_subscribed, tally.unmatched, tally.chunks) == (2, 1, 0, 1)
    assert tally.targets["crm"].events == 1
    assert tally.target_changes["crm"].counts == {"lost": 1}
    assert tally.target_changes["crm"].before == 2


def test_a_target_that_is_another_thing_is_named():
    """The same rule sends to the same name, and yet events come to something else."""
    before = bridge_with(targets={"crm": {"type": "sqs"}, "log": {"type": "log_group", "retention_days": 30}})
    after = bridge_with(targets={"crm": {"type": "sns"}, "log": {"type": "log_group", "retention_days": 90}})

    found = [(d.name, d.key, d.before, d.after) for d in redeclared(before, after)]

    assert found == [("crm", "type", "sqs", "sns"), ("log", "retention_days", "30", "90")]


def test_another_text_or_another_organization_makes_no_other_target():
    """Texts are compared event by event, and names and accounts differ between environments anyway."""
    with_input = {"crm": {"type": "sqs", "input": {"path": "$.detail"}}, "log": {"type": "log_group"}}

    assert redeclared(bridge_with(), bridge_with(targets=with_input, suffix="prod")) == ()


def test_an_existing_queue_at_another_address_is_another_target():
    here = "arn:aws:sqs:eu-central-1:123456789012:here"
    before, after = (
        bridge_with({"r": {"topics": [PRESENCE], "targets": ["crm"]}}, {"crm": {"type": "sqs", "arn": arn}})
        for arn in (here, here.replace("here", "there"))
    )

    assert [(d.key, d.before) for d in redeclared(before, after)] == [("arn", here)]
