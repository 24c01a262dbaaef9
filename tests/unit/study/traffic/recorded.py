"""A small bridge and the events of a morning, for the tests of what traffic amounts to."""

from gcbridge.model.spec import EnvironmentSpec
from gcbridge.study.resolve import resolve
from gcbridge.study.traffic.counting import TrafficCounter
from gcbridge.study.traffic.define import define
from gcbridge.study.traffic.tally import Tally

ORG = "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11"
SOURCE = f"aws.partner/genesys.com/cloud/{ORG}/dev"
PRESENCE = "v2.users.{id}.presence"
AUDITS = "v2.audits.entitytype.{id}.entityid.{id}"
RULES = {
    "presence": {"topics": [PRESENCE], "targets": ["crm"]},
    "away": {
        "topics": [PRESENCE],
        "where": {"eventBody": {"systemPresence": ["Away"]}},
        "targets": ["crm", "log"],
    },
}
TARGETS = {"crm": {"type": "sqs"}, "log": {"type": "log_group"}}


def bridge_with(rules=RULES, targets=TARGETS, *, suffix="dev", **more):
    """A bridge with these rules and targets."""
    spec = {
        "genesys": {
            "region": "eu-central-1",
            "org_id": ORG,
            "event_source_suffix": suffix,
            "topics": [PRESENCE, AUDITS],
        },
        "aws": {"region": "eu-central-1", "account_id": "123456789012"},
        "rules": rules,
        "targets": targets,
        **more,
    }
    return resolve("dev", EnvironmentSpec.model_validate(spec))


def event(presence="Available", *, topic=PRESENCE, event_id="e1", time="2026-03-01T08:00:00Z", **more):
    """An event of this bridge."""
    return {
        "version": "0",
        "id": event_id,
        "detail-type": topic,
        "source": SOURCE,
        "account": "123456789012",
        "region": "eu-central-1",
        "time": time,
        "resources": [],
        "detail": {"eventBody": {"systemPresence": presence}},
        **more,
    }


def counted(events, bridge=None, against=None):
    """What is counted of events; the first of them stands in line 1."""
    counter = TrafficCounter(define(bridge or bridge_with()), define(against) if against else None)
    tally = Tally()
    counter.count([(event, f"events.jsonl:{line}") for line, event in enumerate(events, 1)], tally)
    return tally
