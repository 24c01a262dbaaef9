"""A proof without clouds: events come when a test says so, and time passes only for who waits."""

import time
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone

from gcbridge.model.proof import CausedChange
from gcbridge.model.result import Check, DeliveryObservation
from gcbridge.model.spec import EnvironmentSpec
from gcbridge.study.proof.predictions import predict_matches
from gcbridge.study.resolve import resolve
from gcbridge.testing import BridgeUnderTest, ReadEvent

PRESENCE = "v2.users.{id}.presence"
AUDIT = "v2.audits.entitytype.{id}.entityid.{id}"
T0 = datetime(2026, 11, 30, 9, 0, 5, tzinfo=timezone.utc)
USER = "3f2c0a52-0001-4000-8000-000000000001"

SPEC = {
    "genesys": {
        "region": "eu-central-1",
        "org_id": "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11",
        "event_source_suffix": "dev",
        "topics": [PRESENCE, AUDIT],
    },
    "aws": {"region": "eu-central-1", "account_id": "123456789012"},
    "rules": {
        "presence": {"topics": [PRESENCE], "targets": ["crm-queue"]},
        "away": {
            "topics": [PRESENCE],
            "where": {"eventBody": {"presenceDefinition": {"systemPresence": ["AWAY"]}}},
            "targets": ["away-queue"],
        },
        "audits": {"topics": [AUDIT], "targets": ["trail"]},
        "paused": {"topics": [PRESENCE], "enabled": False, "targets": ["paused-queue"]},
    },
    "targets": {
        "crm-queue": {
            "type": "sqs",
            "input": {"transformer": {"paths": {"id": "$.id"}, "template": {"event": "<id>"}}},
        },
        "away-queue": {"type": "sqs"},
        "paused-queue": {"type": "sqs"},
        "trail": {"type": "log_group"},
    },
    "verify": {"user": "ada@example.com", "timeout_seconds": 20},
}
BROKEN = Check(
    name="permission of rule presence on target crm-queue",
    status="failed",
    observed="the queue's policy does not let the rule in",
    expected="permission for the rule",
    hint="type: gcbridge plan dev && gcbridge apply dev",
)


def bridge_of(spec=SPEC):
    """The bridge that an environment describes."""
    return resolve("dev", EnvironmentSpec.model_validate(spec))


def event(number=1, topic=PRESENCE, state="BUSY"):
    """A whole EventBridge event of a presence change, or the audit of one."""
    source = bridge_of().event_source_name
    body = {"presenceDefinition": {"systemPresence": state}} if topic == PRESENCE else {"action": "Update"}
    return {
        "version": "0",
        "id": f"e{number}",
        "source": source,
        "account": "123456789012",
        "time": "2026-11-30T09:00:05Z",
        "region": "eu-central-1",
        "resources": [],
        "detail-type": topic,
        "detail": {"topicName": topic.replace("{id}", USER), "eventBody": body},
    }


class StandIn:
    """Implements what assertions need of a proof.

    Args:
        coming: (seconds after the change, event) of everything that will come.
        deliveries: target -> what is found of an event there; in the target after two seconds where left out.
        broken: what a look at both clouds finds.
        blocked_by: what keeps every event from the bus.
        heard: what a second witness heard; None without one.
        disagrees: (rule, event id) about which AWS says the opposite of the routing engine.
        drifted: rule -> what it is in AWS instead of what was declared.
    """

    def __init__(
        self,
        coming=(),
        deliveries=(),
        broken=None,
        blocked_by=None,
        heard=None,
        disagrees=(),
        drifted=(),
        spec=SPEC,
    ):
        self.bridge = bridge_of(spec)
        self.blocked_by = blocked_by
        self.events = []
        self.made = []
        self.undone = []
        self.followed = []
        self._coming = sorted(coming, key=lambda each: each[0])
        self._deliveries = dict(deliveries)
        self._broken = broken
        self._heard = heard
        self._disagrees = set(disagrees)
        self._drifted = dict(drifted)

    @contextmanager
    def open_cause(self, name):
        """Makes one change at each call, and notes when it is put back."""

        def make():
            change = CausedChange(
                number=len(self.made) + 1,
                description="presence of Ada set to Busy",
                topics=(PRESENCE, AUDIT),
                accepted_at=T0,
            )
            self.made.append(change)
            return (change,)

        yield make
        self.undone.append(name)

    def events_of(self, change):
        """All that came tells of the first change."""
        return self.events if change.number == 1 else []

    def heard_of(self, change):
        """What the second witness heard of it."""
        return self._heard if change in self.made else None

    def wait(self, is_enough, deadline):
        """Whoever waits long enough gets what comes."""
        patience = deadline - time.monotonic()
        patience += 0.5 if patience > 0 else 0
        while not is_enough():
            if not self._coming or self._coming[0][0] > patience:
                return False
            self.arrive(*self._coming.pop(0))
        return True

    def arrive(self, seconds, read):
        """An event is read, so many seconds after the change."""
        moment = T0 + timedelta(seconds=seconds)
        self.events.append(ReadEvent(read, sent_at=moment, received_at=moment))

    def matches(self, read):
        """What the routing engine says, and AWS with it, but for where they disagree."""
        return [
            one.model_copy(update={"matched": not one.matched})
            if (one.rule, one.event_id) in self._disagrees
            else one
            for one in predict_matches(self.bridge, [read])
        ]

    def broken_rule(self, rule):
        """What was said to be there instead of it."""
        observed = self._drifted.get(rule.name)
        return observed and Check(name=f"rule {rule.name}", status="failed", observed=observed)

    def follow(self, read, rule, target, deadline):
        """What was said to be found."""
        assert deadline > time.monotonic()
        self.followed.append((read["id"], rule.name, target.name))
        found = {
            "delivered": True,
            "detail": f"in queue gcbridge-dev-{target.name}",
            "seen_at": T0 + timedelta(seconds=2),
            **self._deliveries.get(target.name, {}),
        }
        return DeliveryObservation(rule=rule.name, target=target.name, event_id=read["id"], **found)

    def first_broken(self):
        """What a look at both clouds finds."""
        return self._broken


def under_test(*coming, **proof):
    """A bridge whose events come as a test says, and the proof behind it."""
    stand_in = StandIn(coming, **proof)
    return BridgeUnderTest(stand_in, lambda _: None), stand_in
