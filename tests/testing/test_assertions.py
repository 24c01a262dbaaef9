"""What a test may say of a change, when it holds, and every word that it says when it does not."""

import pytest
from stand_in import AUDIT, BROKEN, PRESENCE, SPEC, T0, event, under_test

from gcbridge.errors import UsageError
from gcbridge.model.proof import WitnessSighting
from gcbridge.testing import ArrivalError

BUSY = (0.4, event(1))
AUDITED = (0.9, event(2, AUDIT))
MISS = 'detail.eventBody.presenceDefinition.systemPresence: "BUSY" is not "AWAY"'
HOLDS = "  every link that can be looked at holds"


def failure(assertion, *arguments, **options):
    """The text of a failing assertion, as pytest shows it."""
    with pytest.raises(ArrivalError) as raised:
        assertion(*arguments, **options)
    assert isinstance(raised.value, AssertionError)
    return str(raised.value).splitlines()


def test_an_event_on_the_bus():
    """The first of its events is at hand for more assertions, with the time that it took."""
    bridge, _ = under_test(BUSY, AUDITED)
    arrived = bridge.cause("presence").reaches_bus(within=30)
    assert (arrived.event["id"], arrived.seconds) == ("e1", 0.4)
    assert arrived.detail["eventBody"]["presenceDefinition"]["systemPresence"] == "BUSY"


def test_an_event_on_one_of_two_topics():
    """`topic` says which one counts."""
    bridge, _ = under_test(BUSY, AUDITED)
    assert bridge.cause("presence").reaches_bus(topic=AUDIT).event["id"] == "e2"


def test_an_event_in_a_target():
    """The rule that sent it, what the target makes of it, and when the target had it."""
    bridge, proof = under_test(BUSY, AUDITED)
    arrived = bridge.cause("presence").arrives(at="crm-queue", within=30)
    assert (arrived.rule, arrived.target, arrived.seconds) == ("presence", "crm-queue", 2.0)
    assert arrived.payload == '{"event":"e1"}'
    assert proof.followed == [("e1", "presence", "crm-queue")]
    assert [(hop.name, hop.seconds) for hop in arrived.hops] == [
        ("accepted", 0.0),
        ("event bus", 0.4),
        ("rule presence", None),
        ("target crm-queue of rule presence", 2.0),
    ]


def test_the_event_that_a_target_is_sent_need_not_be_the_first():
    """A change is told on several topics, each of which may have rules of its own."""
    bridge, _ = under_test(BUSY, AUDITED)
    assert bridge.cause("presence").arrives("trail").event["id"] == "e2"


def test_assertions_about_one_change_add_up():
    """Every event that came stays, whoever waited for it."""
    bridge, _ = under_test(BUSY, AUDITED)
    change = bridge.cause("presence")
    change.arrives(at="crm-queue").event["id"]
    change.matches("audits")
    change.does_not_match("away").does_not_match("paused").does_not_arrive(at="away-queue")
    assert [read.id for read in change.events] == ["e1", "e2"]
    assert bridge.events == change.events


def test_silence():
    """Where the event could have come, how long it was waited for, and what both clouds show to be broken."""
    bridge, _ = under_test((31, event(1)), broken=BROKEN)
    assert failure(bridge.cause("presence").arrives, at="crm-queue", within=30) == [
        "presence of Ada set to Busy: not in target crm-queue: not even on the event bus within 30 s",
        "",
        "  passed    0.00 s  accepted          presence of Ada set to Busy, 09:00:05 UTC",
        f"  FAILED            event bus         not seen in 30 s; it can come on {PRESENCE} or {AUDIT}",
        "  -                 rule presence     no event to match",
        "  -                 target crm-queue  no rule sent anything to it",
        "",
        "  first broken link: permission of rule presence on target crm-queue",
        "    found:    the queue's policy does not let the rule in",
        "    expected: permission for the rule",
        "    next:     type: gcbridge plan dev && gcbridge apply dev",
    ]


def test_a_rule_that_does_not_match():
    """The nearest miss of the event on the rule's own topic; nobody waits once all has come that can."""
    bridge, _ = under_test(BUSY, AUDITED)
    assert failure(bridge.cause("presence").arrives, at="away-queue", within=30) == [
        "presence of Ada set to Busy: not in target away-queue: no rule sends it there",
        "",
        "  passed    0.00 s  accepted           presence of Ada set to Busy, 09:00:05 UTC",
        f"  passed    0.40 s  event bus          event e1 on {PRESENCE}",
        f"  passed    0.90 s  event bus          event e2 on {AUDIT}",
        f"  FAILED            rule away          does not match: {MISS}",
        "  -                 target away-queue  no rule sent anything to it",
        "",
        HOLDS,
    ]


def test_a_rule_that_ought_to_match():
    """`matches` needs no target."""
    bridge, _ = under_test(BUSY, AUDITED)
    first, *_, last = failure(bridge.cause("presence").matches, "away", within=5)
    assert first == "presence of Ada set to Busy: rule away matches no event of it within 5 s"
    assert last == HOLDS


def test_an_event_that_could_not_be_delivered():
    """The dead-letter queue is a hop of its own, with the reason."""
    found = {
        "delivered": False,
        "detail": "is in dead-letter queue gcbridge-dev-crm-queue-dead-letter: NO_PERMISSIONS",
        "error_code": "NO_PERMISSIONS",
    }
    bridge, _ = under_test(BUSY, deliveries={"crm-queue": found}, broken=BROKEN)
    told = failure(bridge.cause("presence").arrives, at="crm-queue")
    assert told[0] == "presence of Ada set to Busy: not in target crm-queue"
    assert [line[10:] for line in told[4:7]] == [
        "          rule presence                          matches event e1",
        f"          target crm-queue of rule presence      {found['detail']}",
        "          dead-letter queue of target crm-queue  holds it: NO_PERMISSIONS",
    ]
    assert [line.split()[0] for line in told[4:7]] == ["passed", "FAILED", "FAILED"]


@pytest.mark.parametrize(
    ("found", "summary"),
    [
        (
            {"delivered": None, "detail": "somebody is reading it"},
            "nobody can tell whether it is in target crm-queue",
        ),
        ({"delivered": False, "detail": "not in queue"}, "not in target crm-queue"),
    ],
)
def test_what_nobody_can_tell_is_no_arrival(found, summary):
    """Only what was seen to arrive passes."""
    bridge, _ = under_test(BUSY, deliveries={"crm-queue": found})
    told = failure(bridge.cause("presence").arrives, at="crm-queue")
    assert told[0].endswith(summary)
    assert any(found["detail"] in line for line in told)


def test_late_in_the_target():
    """Whoever says when it came is taken at his word."""
    seen_at = T0.replace(second=40)
    bridge, _ = under_test(BUSY, deliveries={"crm-queue": {"seen_at": seen_at}})
    told = failure(bridge.cause("presence").arrives, at="crm-queue", within=30)
    assert told[0].endswith("in target crm-queue after 35.00 s; 30 s are allowed")


def test_late_on_the_bus():
    """An event that was read long ago is judged by when it was read, not by when somebody asks."""
    bridge, proof = under_test()
    change = bridge.cause("presence")
    proof.arrive(31.5, event(1))
    told = failure(change.reaches_bus, within=30)
    assert told[0].endswith("on the event bus after 31.50 s; 30 s are allowed")


def test_a_rule_that_matches_against_the_test():
    """It is the hop that failed."""
    bridge, _ = under_test(BUSY, AUDITED)
    told = failure(bridge.cause("presence").does_not_match, "presence")
    assert told[0].endswith("rule presence matches it")
    assert [line for line in told if "FAILED" in line] == [
        "  FAILED            rule presence  matches event e1"
    ]


def test_an_event_that_is_sent_against_the_test():
    """A target does not receive an event only where no rule sends it."""
    bridge, _ = under_test(BUSY, AUDITED)
    told = failure(bridge.cause("presence").does_not_arrive, at="crm-queue")
    assert told[0].endswith("a rule sends it to target crm-queue")


@pytest.mark.parametrize(
    ("coming", "topic", "silent"),
    [
        ([AUDITED], None, PRESENCE),
        ([], None, f"{AUDIT} or {PRESENCE}"),
        ([AUDITED], PRESENCE, PRESENCE),
    ],
)
def test_what_did_not_come_proves_nothing(coming, topic, silent):
    """Only an event that was on the bus can be said not to match; silence is no proof of absence."""
    bridge, _ = under_test(*coming)
    told = failure(bridge.cause("presence").does_not_match, "away", topic=topic, within=5)
    assert told[0].endswith(f"it cannot be told: nothing came on {silent} within 5 s")


def test_a_topic_that_the_rule_does_not_ask_for_need_not_come():
    """The audit is not waited for: rule `away` could not match it."""
    bridge, proof = under_test(BUSY)
    bridge.cause("presence").does_not_match("away", within=3600)
    assert [read.id for read in proof.events] == ["e1"]


def test_aws_has_the_last_word():
    """Where AWS and the routing engine differ, AWS is right, and the difference is told."""
    bridge, _ = under_test(BUSY, AUDITED, disagrees={("away", "e1")})
    arrived = bridge.cause("presence").matches("away")
    assert arrived.hops[-1].detail == "matches event e1, against the routing engine's prediction"
    bridge, _ = under_test(BUSY, AUDITED, disagrees={("presence", "e1")})
    told = failure(bridge.cause("presence").matches, "presence")
    assert any(line.endswith("rule presence  AWS says that it does not match") for line in told)


def test_a_second_witness():
    """It tells whether an event that is not on the bus was sent at all."""
    heard = [WitnessSighting(change=1, topic=PRESENCE, heard_at=T0.replace(second=6))]
    bridge, _ = under_test(heard=heard)
    told = failure(bridge.cause("presence").reaches_bus, within=1)
    assert told[3] == "  passed    1.00 s  witness    heard over the WebSocket"
    bridge, _ = under_test(heard=[])
    told = failure(bridge.cause("presence").reaches_bus, within=1)
    assert told[3] == "  FAILED            witness    not heard"


def test_a_broken_way_fails_before_anything_is_caused():
    """No event could arrive, so none is caused; the link is named at once."""
    bridge, proof = under_test(blocked_by=BROKEN)
    assert failure(bridge.cause, "presence") == [
        "bridge dev is broken; presence was not caused",
        "",
        "  first broken link: permission of rule presence on target crm-queue",
        "    found:    the queue's policy does not let the rule in",
        "    expected: permission for the rule",
        "    next:     type: gcbridge plan dev && gcbridge apply dev",
    ]
    assert proof.made == []


@pytest.mark.parametrize(
    ("assertion", "rule"),
    [
        (lambda change: change.matches("presence"), "presence"),
        (lambda change: change.does_not_match("away"), "away"),
        (lambda change: change.does_not_arrive(at="away-queue"), "away"),
    ],
)
def test_a_rule_that_is_another_in_aws(assertion, rule):
    """AWS is asked about the declared pattern, so its answer says nothing of the rule that is there."""
    bridge, _ = under_test(BUSY, AUDITED, drifted={rule: "DISABLED"})
    said, *_ = failure(assertion, bridge.cause("presence"))
    assert said.endswith(f"it cannot be told: rule {rule} in AWS is not the declared one: DISABLED")


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda bridge: bridge.cause("presense"), "there is no cause presense"),
        (lambda bridge: bridge.cause("traffic"), "there is no cause traffic"),
        (lambda bridge: bridge.cause("presence").arrives(at="crm-que"), "there is no target crm-que"),
        (lambda bridge: bridge.cause("presence").matches("presenc"), "there is no rule presenc"),
        (
            lambda bridge: bridge.cause("presence").does_not_match(
                "presence", topic="v2.users.{id}.presense"
            ),
            "the change is not told on v2.users.{id}.presense",
        ),
        (
            lambda bridge: bridge.cause("presence").does_not_arrive("crm-queue", topic="presence"),
            "the change is not told on presence",
        ),
        (
            lambda bridge: bridge.cause("presence").arrives("crm-queue", topic="v2.groups.{id}"),
            "the change is not told on v2.groups.{id}",
        ),
    ],
)
def test_a_name_that_is_none_is_a_mistake_of_the_test(call, said):
    """Not of the bridge, so it is no AssertionError."""
    bridge, _ = under_test(BUSY)
    with pytest.raises(UsageError) as raised:
        call(bridge)
    assert raised.value.summary == said
    assert raised.value.hint


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        ({"genesys": {**SPEC["genesys"], "topics": [PRESENCE]}}, f"add {AUDIT} to genesys.topics"),
        ({"verify": {}}, "set verify.user"),
    ],
)
def test_a_cause_that_the_environment_cannot_tell_of(change, hint):
    """Waiting would be in vain."""
    rules = {"presence": SPEC["rules"]["presence"]}
    spec = {**SPEC, "rules": rules, "targets": {"crm-queue": {"type": "sqs"}}, **change}
    bridge, _ = under_test(spec=spec)
    with pytest.raises(UsageError) as raised:
        bridge.cause("presence" if "verify" in change else "integration_notes")
    assert hint in raised.value.hint


def test_causes_are_put_back_once_at_the_end_of_a_test():
    """Several changes of one test share a cause; the next test has its own."""
    bridge, proof = under_test()
    with bridge.fresh() as test:
        test.cause("presence")
        test.cause("presence")
        assert proof.undone == []
    assert proof.undone == ["presence"]
    with bridge.fresh() as test:
        test.cause("presence")
    assert proof.undone == ["presence", "presence"]


def test_an_event_that_the_test_caused_itself():
    """By event pattern or by a function of the event; it can be asserted like any other."""
    bridge, _ = under_test(BUSY, AUDITED)
    wanted = {"detail": {"eventBody": {"presenceDefinition": {"systemPresence": ["BUSY"]}}}}
    assert bridge.sees(wanted, within=5).arrives(at="crm-queue").event["id"] == "e1"
    assert bridge.sees(lambda each: each["detail-type"] == AUDIT).arrives(at="trail").event["id"] == "e2"


def test_what_came_between_two_tests_is_none_of_the_second_ones():
    """Such as the change back at the end of the first, which nobody has read when the second begins."""
    bridge, _ = under_test((-1, event(1)))
    with bridge.fresh() as test:
        assert failure(test.sees, {"detail-type": [PRESENCE]}, within=1)[0].endswith("0 others came")
    assert [read.id for read in bridge.events] == ["e1"]


def test_a_test_sees_only_what_came_since_it_began():
    """What an earlier test left on the bus is still in `events`, but is not taken for this test's."""
    bridge, _ = under_test(BUSY)
    bridge.sees({"detail-type": [PRESENCE]})
    with bridge.fresh() as test:
        assert [read.id for read in test.events] == ["e1"]
        with pytest.raises(ArrivalError):
            test.sees({"detail-type": [PRESENCE]}, within=1)


def test_an_event_that_does_not_come_is_explained_by_the_nearest():
    """Field by field, by the routing engine."""
    bridge, _ = under_test(BUSY, AUDITED)
    wanted = {
        "detail-type": [PRESENCE],
        "detail": {"eventBody": {"presenceDefinition": {"systemPresence": ["AWAY"]}}},
    }
    told = failure(bridge.sees, wanted, within=5)
    assert told[0].endswith("within 5 s; 2 others came")
    assert told[2] == f"  -                 event e1  on {PRESENCE}: {MISS}"
    assert told[3].startswith("  -                 event e2")


def test_the_story_of_a_test():
    """What a report shows of a test that failed for a reason of its own."""
    bridge, _ = under_test(BUSY, AUDITED)
    bridge.cause("presence").arrives(at="crm-queue")
    assert bridge.story().splitlines() == [
        "presence of Ada set to Busy",
        "  passed    0.00 s  accepted                           presence of Ada set to Busy, 09:00:05 UTC",
        f"  passed    0.40 s  event bus                          event e1 on {PRESENCE}",
        "  passed            rule presence                      matches event e1",
        "  passed    2.00 s  target crm-queue of rule presence  in queue gcbridge-dev-crm-queue",
        "",
        "events read from the event bus during the test: 1",
    ]
