"""The routing engine predicts all; AWS is asked about one event of each kind."""

from gcbridge.model.result import MatchObservation
from gcbridge.model.spec import EnvironmentSpec
from gcbridge.study.proof.predictions import predict_matches, with_answers, worth_asking
from gcbridge.study.resolve import resolve

AUDITS = "v2.audits.entitytype.{id}.entityid.{id}"
PRESENCE = "v2.users.{id}.presence"
BRIDGE = resolve(
    "dev",
    EnvironmentSpec.model_validate(
        {
            "genesys": {
                "region": "eu-central-1",
                "org_id": "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11",
                "event_source_suffix": "dev",
                "topics": [AUDITS, PRESENCE],
            },
            "aws": {"region": "eu-central-1", "account_id": "123456789012"},
            "rules": {
                "deleted": {
                    "topics": [AUDITS],
                    "where": {"eventBody": {"action": ["Delete"]}},
                    "targets": ["queue"],
                },
                "everything": {"targets": ["queue"]},
                "paused": {"targets": ["queue"], "enabled": False},
                "presence": {"topics": [PRESENCE], "targets": ["queue"]},
            },
            "targets": {"queue": {"type": "sqs"}},
        }
    ),
)


def event(event_id, topic, **body):
    return {
        "id": event_id,
        "source": BRIDGE.event_source_name,
        "detail-type": topic,
        "detail": {"topicName": topic, "eventBody": body},
    }


EVENTS = [
    event("update-1", AUDITS, action="Update"),
    event("update-2", AUDITS, action="Update"),
    event("delete-1", AUDITS, action="Delete"),
    event("busy-1", PRESENCE),
    event("busy-2", PRESENCE),
]


def test_every_event_is_predicted_for_every_enabled_rule():
    """With the field that kept the first event of the rule's own topic out: a miss is slow to explain, and one is shown."""
    predicted = predict_matches(BRIDGE, EVENTS)

    matched = {(one.event_id, one.rule) for one in predicted if one.matched}
    assert matched == {(e["id"], "everything") for e in EVENTS} | {
        ("delete-1", "deleted"),
        ("busy-1", "presence"),
        ("busy-2", "presence"),
    }
    misses = {one.event_id: one.miss for one in predicted if one.miss}
    assert misses == {"update-1": 'detail.eventBody.action: "Update" is not "Delete"'}


def test_aws_is_asked_for_one_of_each_kind():
    """By topic and by the rules that match; rules of other topics are not asked for."""
    asked = worth_asking(BRIDGE, EVENTS, predict_matches(BRIDGE, EVENTS))

    assert [(e["id"], [rule.name for rule in rules]) for e, rules in asked] == [
        ("update-1", ["deleted", "everything"]),
        ("delete-1", ["deleted", "everything"]),
        ("busy-1", ["everything", "presence"]),
    ]


def test_what_aws_says_goes_before_what_was_predicted():
    """Both stand side by side, so that a difference can be found."""
    predicted = predict_matches(BRIDGE, EVENTS[:1])
    answer = MatchObservation(rule="deleted", event_id="update-1", matched=True)

    merged = with_answers(predicted, [answer])

    assert {one.rule: (one.matched, one.predicted) for one in merged} == {
        "deleted": (True, False),
        "everything": (True, True),
        "presence": (False, False),
    }
