"""The WebSocket of a channel, through the `websockets` client: events, heartbeats, pings, and how it ends."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from genesys_organization import PRESENCE, Organization, RecordingPartner, run_organization, wait_until
from genesys_sockets import CHANNELS, HEARTBEAT, PONG, Subscriber, presence_topic, subscribing
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect


@pytest.fixture
def organization(tmp_path: Path, partner: RecordingPartner) -> Iterator[Organization]:
    """One whose clocks run fast."""
    quick = {"heartbeat_seconds": 0.1, "closing_notice_seconds": 0.2}
    with run_organization(tmp_path, partner, **quick) as running:
        yield running


@pytest.fixture
def subscriber(organization: Organization) -> Iterator[Subscriber]:
    """Somebody who hears of the first user's presence."""
    with subscribing(organization, [presence_topic(organization)]) as connected:
        yield connected


def test_a_change_is_heard_as_it_goes_to_eventbridge(
    organization: Organization, subscriber: Subscriber, partner: RecordingPartner
) -> None:
    """The same topic, body and correlation id; a WebSocket message has no timestamp."""
    organization.create_sending(eventFilter=[PRESENCE])
    organization.set_presence("Busy")
    (heard,) = subscriber.listen()
    organization.wait_until_sent()
    (sent,) = partner.details(PRESENCE)
    assert heard == {key: sent[key] for key in ("topicName", "version", "eventBody", "metadata")}
    assert heard["eventBody"]["presenceDefinition"]["systemPresence"] == "BUSY"


def test_nothing_is_kept_for_a_channel_without_a_socket(organization: Organization) -> None:
    """What happens before it is connected, or while it is cut off, is never heard."""
    with subscribing(organization, [presence_topic(organization)], connected=False) as subscriber:
        organization.set_presence("Busy")
        subscriber.connect()
        organization.set_presence("Meal")
        (heard,) = subscriber.listen()
        assert heard["eventBody"]["presenceDefinition"]["systemPresence"] == "MEAL"


def test_heartbeats_come(subscriber: Subscriber) -> None:
    """Again and again, also when nothing happens."""
    assert subscriber.socket is not None
    started = time.monotonic()
    beats = [json.loads(subscriber.socket.recv(timeout=5)) for _ in range(3)]
    assert beats == [HEARTBEAT] * 3
    assert time.monotonic() - started > 0.19


def test_a_ping_is_answered_and_nonsense_is_not(subscriber: Subscriber) -> None:
    """A health check that clients may make."""
    assert subscriber.socket is not None
    for message in ("nonsense", "[]", b"\x00", '{"message": "hello"}', '{"message": "ping"}'):
        subscriber.socket.send(message)
    assert subscriber.listen() == [PONG]


def test_a_second_socket_takes_the_place_of_the_first(
    organization: Organization, subscriber: Subscriber
) -> None:
    """One socket a channel; events go to the new one only."""
    first = Subscriber(organization, subscriber.channel, subscriber.socket)
    subscriber.connect()
    assert first.ending() == ([], 1000)
    organization.set_presence("Busy")
    assert len(subscriber.listen()) == 1
    assert organization.get("/_sandbox/health")["notifications"]["sockets"] == 1


def test_an_unknown_channel_has_no_socket(organization: Organization) -> None:
    """404 at the handshake."""
    with pytest.raises(InvalidStatus) as refusal, connect(f"ws://127.0.0.1:{organization.port}/channels/no"):
        pass
    assert refusal.value.response.status_code == 404


def test_a_closed_socket_leaves_its_channel(organization: Organization, subscriber: Subscriber) -> None:
    """The channel stays, and may be connected again."""
    assert subscriber.socket is not None
    subscriber.socket.close()
    wait_until(lambda: organization.get("/_sandbox/health")["notifications"]["sockets"] == 0)
    subscriber.connect()
    organization.set_presence("Busy")
    assert len(subscriber.listen()) == 1


def test_a_channel_that_has_lived_its_life_is_closed(tmp_path: Path) -> None:
    """Subscribing again begins a new life; without it the channel ends, and its socket with it."""
    with run_organization(tmp_path, RecordingPartner(), channel_life_seconds=1.2) as organization:
        topic = presence_topic(organization)
        with subscribing(organization, [topic]) as subscriber:
            time.sleep(0.7)
            subscriber.subscribe(topic)
            time.sleep(0.7)
            assert organization.call("HEAD", f"{CHANNELS}/{subscriber.channel['id']}").status == 200
            assert subscriber.ending() == ([], 1008)
            assert organization.call("HEAD", f"{CHANNELS}/{subscriber.channel['id']}").status == 404


def test_many_events_come_in_order(organization: Organization, subscriber: Subscriber) -> None:
    """500 of them, none missing."""
    topic = {"topic": PRESENCE, "count": 100}
    for start in range(5):
        organization.must("POST", "/_sandbox/emit", topic | {"set": {"eventBody.message": str(start)}})
    heard = subscriber.listen(10, until=500)
    assert [event["eventBody"]["message"] for event in heard] == [str(n // 100) for n in range(500)]


def test_a_stop_closes_sockets(tmp_path: Path) -> None:
    """With 1001, as a service that goes away; it does not wait for clients."""
    with contextlib.ExitStack() as running:
        organization = running.enter_context(run_organization(tmp_path, RecordingPartner()))
        with subscribing(organization) as subscriber:
            stopping = threading.Thread(target=running.close)
            stopping.start()
            assert subscriber.ending() == ([], 1001)
            stopping.join(4)
            assert not stopping.is_alive()
