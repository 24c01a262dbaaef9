"""An event meets every rule: who receives what, and why the others receive nothing."""

import json

import pytest
from traffic_bridge import AUDITS, PRESENCE, SOURCE, audit, bridge

from gcbridge.routing import FieldVerdict
from gcbridge.study.traffic.own_event import take_for_own
from gcbridge.study.traffic.route import route_event, router_of, sentence


def routed(event, **options):
    return route_event(bridge(), router_of(bridge()), event, **options)


def test_targets_receive_what_their_input_makes_of_the_event():
    """The whole event where they have none."""
    route = routed(audit())

    deleted, paused = route.rules
    crm, log = deleted.deliveries
    assert (crm.target, json.loads(crm.text)) == ("crm", {"who": "My client", "rule": "deleted"})
    assert (log.target, json.loads(log.text), log.whole_event) == ("log", audit(), True)
    assert (paused.rule, paused.enabled, paused.deliveries) == ("paused", False, ())
    assert route.is_delivered


def test_rules_that_do_not_match_say_why_the_nearest_first():
    """A rule of the same topic is nearer than one of another."""
    route = routed(audit(action="Update"))

    assert [(rule.rule, rule.misses, rule.other_topic) for rule in route.unmatched] == [
        ("deleted", 1, False),
        ("presence", 1, True),
    ]
    assert "detail.eventBody.action" in route.unmatched[0].miss
    assert "Update" in route.unmatched[0].miss
    assert not route.is_delivered


def test_a_disabled_rule_delivers_nothing():
    """Whatever it matches."""
    assert not routed(audit(action="Update")).is_delivered


def test_fields_are_shown_where_asked_for():
    """Of the rules that match too."""
    plain, explained = routed(audit()), routed(audit(), explain=True)

    assert plain.rules[0].fields == plain.unmatched[0].fields == ()
    assert {field.path: field.matched for field in explained.rules[0].fields} == {
        "detail-type": True,
        "detail.eventBody.action": True,
        "detail.eventBody.entityType": True,
        "source": True,
    }
    assert [field.matched for field in explained.unmatched[0].fields if field.path == "detail-type"] == [
        False
    ]


ELSEWHERE = {
    "source": "aws.partner/genesys.com/cloud/1c7b/test",
    "account": "999999999999",
    "region": "us-east-1",
}


def test_an_event_from_elsewhere_is_taken_for_one_of_this_bridge():
    """Samples and recorded files come from other organizations; literally they would match nothing."""
    route = routed(audit(**ELSEWHERE))

    assert route.replaced == ELSEWHERE
    assert route.is_delivered
    log = next(d for rule in route.rules for d in rule.deliveries if d.target == "log")
    assert json.loads(log.text)["source"] == SOURCE


def test_an_event_from_elsewhere_taken_literally():
    """No rule of this bridge asks for another's source."""
    route = routed(audit(**ELSEWHERE), keep_source=True)

    assert (route.replaced, route.rules) == ({}, ())
    assert all(rule.miss.startswith("source") for rule in route.unmatched if not rule.other_topic)


def test_what_an_event_lacks_is_filled_in():
    """detail-type and detail suffice; the rest is always the same, so that texts are."""
    event = {"detail": {"eventBody": {}}, "detail-type": PRESENCE}

    own = take_for_own(bridge(), event)

    assert own.added == ("version", "id", "time", "resources", "source", "account", "region")
    assert own.replaced == {}
    assert list(own.event) == list(audit())
    assert own == take_for_own(bridge(), event)
    assert routed(event).rules[0].rule == "presence"


def test_an_event_of_this_bridge_stays_as_it_is():
    """Also with fields that only some have."""
    event = audit(**{"replay-name": "again", "more": 1})

    assert take_for_own(bridge(), event) == (event, {}, ())


def test_a_literal_event_may_lack_everything():
    """Then it matches nothing, and that is said."""
    route = routed({"detail-type": AUDITS}, keep_source=True)

    assert (route.event_id, route.rules, len(route.unmatched)) == ("", (), 3)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (
            FieldVerdict("a.b", ('"x"',), ("y",), False, '"y" is not "x"'),
            'a.b: "y" is not "x"',
        ),
        (
            FieldVerdict("a.b", ('"x"', '{"prefix":"y"}'), (), False),
            'a.b: is missing; wanted "x" or {"prefix":"y"}',
        ),
        (FieldVerdict("a.b", ('"x"',), ("y", None), False), 'a.b: is "y" and null; wanted "x"'),
    ],
)
def test_a_miss_in_a_sentence(field, text):
    """What the engine says of it, or what can be said without."""
    assert sentence(field) == text
