"""The second witness tells what it can, and breaks nothing."""

import time
from contextlib import contextmanager
from datetime import datetime, timezone
from types import SimpleNamespace

import pytest

from gcbridge.errors import GenesysError
from gcbridge.model.notification import Notification
from gcbridge.model.topic import TopicCatalogue
from gcbridge.study.proof.ledger import Ledger
from gcbridge.study.proof.traffic import TrafficClaims
from gcbridge.workflows.proof.collecting import Incoming
from gcbridge.workflows.proof.session import ProofSession
from gcbridge.workflows.proof.witness import Witness, witnessing

NOTHING_KNOWN = TopicCatalogue(topics=(), taken_at="", origin="")
NOW = datetime(2026, 11, 30, 9, 0, tzinfo=timezone.utc)
TOPIC = "v2.users.{id}.presence"


@pytest.fixture
def told():
    return []


@pytest.fixture
def rooms(told):
    return SimpleNamespace(watch=told.append)


def notification_service(opened, error=None):
    """Stands for `open_notifications`: nothing is heard, and then it may end for good."""

    def receive(deadline):
        if error:
            raise error
        time.sleep(max(0.0, min(0.01, deadline - time.monotonic())))
        yield from ()

    @contextmanager
    def open_(_genesys, names, **how):
        opened.append((names, how["left"]))
        yield SimpleNamespace(receive=receive)

    return open_


def test_a_witness_that_is_lost_ends_no_verification(rooms, told):
    """What it did not hear from then on tells of nothing, so its topics are not compared, and the report says why."""
    witness = Witness(("v2.users.u-1.presence",), (TOPIC,), {})
    incoming, open_ = Incoming(), notification_service([], GenesysError("the client was revoked"))

    with witnessing(rooms, None, witness, incoming, NOTHING_KNOWN, open_=open_):
        while not witness.notes:
            assert incoming.take(time.monotonic() + 0.01) is None

    seen = witness.observation(())
    assert (seen.topics, seen.notes) == ((), ("the second witness was lost: the client was revoked",))
    assert seen.unheard == {TOPIC: "the second witness was lost: the client was revoked"}
    assert told[-1].kind == "failed"


def test_channels_of_earlier_runs_are_known(rooms, tmp_path):
    """A channel cannot be deleted and counts for a day: else the twentieth verification of a day would be refused."""
    opened, left = [], tmp_path / "channels.json"
    witness = Witness(("v2.users.u-1.presence",), (TOPIC,), {})
    open_ = notification_service(opened)

    with witnessing(rooms, None, witness, Incoming(), NOTHING_KNOWN, left=left, open_=open_):
        pass

    assert opened == [(("v2.users.u-1.presence",), left)]


def test_the_probe_is_kept_young_while_anything_is_waited_for():
    """A thousand changes a minute apart last longer than a probe that is taken for left behind."""
    renewed = []
    session = ProofSession(None, None, None, None, None, Incoming(), lambda: renewed.append(1))

    assert session.wait(lambda: len(renewed) > 1, time.monotonic() + 5)


def test_what_is_filled_in_after_a_gap_is_no_event_of_traffic():
    """The API tells of it in other words, so that no event on the bus would ever be the same."""
    incoming, ledger = Incoming(), Ledger(lambda _event: None, lambda: NOW)
    bridge = SimpleNamespace(verify=SimpleNamespace(count=9))
    session = ProofSession(None, bridge, None, None, None, incoming, ledger=ledger)
    session.traffic = TrafficClaims(ledger, ledger.occurred_at, count=9)
    for source in ("live", "gap-fill"):
        incoming.put(
            Notification(
                topic=TOPIC,
                topic_name="v2.users.u-1.presence",
                version="2",
                event_body={"source": source},
                correlation_id="",
                heard_at=NOW,
                source=source,
            )
        )

    session.wait(lambda: False, time.monotonic())

    assert len(ledger.changes) == 1
