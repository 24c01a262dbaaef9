"""Fault switches of the ways to EventBridge and to WebSockets, of tokens, clients and permissions."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from genesys_organization import (
    CLIENT_ID,
    PRESENCE,
    Organization,
    RecordingPartner,
    run_organization,
)
from genesys_sockets import HEARTBEAT, PONG, Subscriber, presence_topic, subscribing
from websockets.exceptions import InvalidStatus

QUICK = {"heartbeat_seconds": 0.1, "closing_notice_seconds": 0.2}


@pytest.fixture
def organization(tmp_path: Path, partner: RecordingPartner) -> Iterator[Organization]:
    """One whose clocks run fast."""
    with run_organization(tmp_path, partner, **QUICK) as running:
        yield running


@pytest.fixture
def subscriber(organization: Organization) -> Iterator[Subscriber]:
    """Somebody who hears of the first user's presence."""
    with subscribing(organization, [presence_topic(organization)]) as connected:
        yield connected


def set_faults(organization: Organization, **switches: Any) -> Any:
    return organization.must("POST", "/_sandbox/faults", switches)


def tally(organization: Organization) -> dict[str, int]:
    counts = organization.get("/_sandbox/health")["faults"]
    return {name: count for name, count in counts.items() if count}


def emit_numbered(organization: Organization, count: int) -> None:
    for number in range(count):
        body = {"topic": PRESENCE, "set": {"eventBody.message": str(number)}}
        organization.must("POST", "/_sandbox/emit", body)


def messages(details: list[dict[str, Any]]) -> list[int]:
    return [int(detail["eventBody"]["message"]) for detail in details]


def refused_handshake(subscriber: Subscriber) -> int:
    with pytest.raises(InvalidStatus) as refusal:
        subscriber.connect()
    return refusal.value.response.status_code


# ---- sockets ----


def test_sockets_are_dropped_without_notice(organization: Organization, subscriber: Subscriber) -> None:
    """No close frame; the channel stays and can be connected again, and nothing was kept for it."""
    answer = set_faults(organization, drop_sockets=True)
    assert subscriber.ending() == ([], 1006)
    assert "drop_sockets" not in answer
    organization.set_presence("Busy")
    subscriber.connect()
    organization.set_presence("Meal")
    (heard,) = subscriber.listen()
    assert heard["eventBody"]["presenceDefinition"]["systemPresence"] == "MEAL"
    assert tally(organization) == {"dropped_sockets": 1}


def test_sockets_are_dropped_again_and_again(organization: Organization, subscriber: Subscriber) -> None:
    """Until the switch is taken back."""
    set_faults(organization, drop_sockets_every_seconds=0.1)
    for _ in range(2):
        assert subscriber.ending()[1] == 1006
        subscriber.connect()
    assert subscriber.ending()[1] == 1006
    organization.must("DELETE", "/_sandbox/faults")
    subscriber.connect()
    time.sleep(0.25)
    organization.set_presence("Busy")
    assert len(subscriber.listen()) == 1


def test_a_socket_is_dropped_after_a_number_of_events(
    organization: Organization, subscriber: Subscriber
) -> None:
    """Right behind the third, once."""
    set_faults(organization, drop_socket_after_events=3)
    organization.must("POST", "/_sandbox/emit", {"topic": PRESENCE, "count": 10})
    heard, code = subscriber.ending()
    assert (len(heard), code) == (3, 1006)
    assert organization.get("/_sandbox/faults")["drop_socket_after_events"] is None


def test_dropped_sockets_stay_down_for_a_while(organization: Organization, subscriber: Subscriber) -> None:
    """503 at the handshake meanwhile."""
    set_faults(organization, sockets_down_seconds=1, drop_sockets=True)
    assert subscriber.ending()[1] == 1006
    assert refused_handshake(subscriber) == 503
    time.sleep(1)
    subscriber.connect()


def test_sockets_are_refused_while_the_switch_says_so(
    organization: Organization, subscriber: Subscriber
) -> None:
    """Those that are open stay."""
    set_faults(organization, refuse_sockets=True)
    assert refused_handshake(subscriber) == 503
    organization.set_presence("Busy")
    assert len(subscriber.listen()) == 1


def test_a_close_may_be_announced(organization: Organization, subscriber: Subscriber) -> None:
    """socket_closing, events as before, then a close frame when the notice has run out."""
    started = time.monotonic()
    set_faults(organization, announce_close=True)
    organization.set_presence("Busy")
    (notice, event), code = subscriber.ending()
    assert (notice["topicName"], notice["eventBody"]["channelId"]) == (
        "v2.system.socket_closing",
        subscriber.channel["id"],
    )
    assert event["topicName"] == presence_topic(organization)
    assert code == 1001
    assert time.monotonic() - started >= 0.2


def test_heartbeats_can_be_stopped(organization: Organization, subscriber: Subscriber) -> None:
    """Events and pongs still come."""
    set_faults(organization, stop_heartbeats=True)
    assert subscriber.socket is not None
    while True:
        try:
            subscriber.socket.recv(timeout=0.3)
        except TimeoutError:
            break
    subscriber.socket.send('{"message": "ping"}')
    organization.set_presence("Busy")
    assert subscriber.listen(until=2)[0] == PONG


def test_a_muted_socket_is_a_dead_line(organization: Organization, subscriber: Subscriber) -> None:
    """Neither heartbeats nor pongs nor events, which are lost; and no close."""
    set_faults(organization, mute_sockets=True)
    assert subscriber.socket is not None
    subscriber.socket.send('{"message": "ping"}')
    organization.set_presence("Busy")
    assert subscriber.listen(0.3) == []
    organization.must("DELETE", "/_sandbox/faults")
    organization.set_presence("Meal")
    assert len(subscriber.listen(0.5, until=2)) == 1
    assert tally(organization) == {"lost_websocket": 1}


def test_the_pause_between_heartbeats_changes_at_once(tmp_path: Path) -> None:
    """From 30 s, also in the middle of one."""
    running = run_organization(tmp_path, RecordingPartner())
    with running as organization, subscribing(organization) as subscriber:
        set_faults(organization, heartbeat_seconds=0.05)
        assert subscriber.socket is not None
        assert json.loads(subscriber.socket.recv(timeout=5)) == HEARTBEAT


@pytest.mark.parametrize(("percent", "expected"), [(100, 0), (0, 20)])
def test_websocket_messages_are_lost(
    organization: Organization, subscriber: Subscriber, percent: int, expected: int
) -> None:
    """And counted; EventBridge has its own switch."""
    set_faults(organization, lose_websocket_percent=percent)
    organization.must("POST", "/_sandbox/emit", {"topic": PRESENCE, "count": 20})
    assert len(subscriber.listen(0.5, until=20)) == expected
    assert tally(organization).get("lost_websocket", 0) == 20 - expected


def test_websocket_messages_are_delayed_in_order(organization: Organization, subscriber: Subscriber) -> None:
    """Heartbeats wait their turn too."""
    set_faults(organization, delay_websocket_seconds=0.3)
    started = time.monotonic()
    emit_numbered(organization, 5)
    assert messages(subscriber.listen(until=5)) == [0, 1, 2, 3, 4]
    assert time.monotonic() - started >= 0.3


# ---- the way to EventBridge ----


def run_lossy(folder: Path, **switches: Any) -> tuple[list[int], dict[str, int], int]:
    """What arrives of 100 numbered events, what was counted, and how many a WebSocket heard."""
    partner = RecordingPartner()
    with run_organization(folder, partner, **QUICK) as organization:
        organization.create_sending(eventFilter=[PRESENCE])
        set_faults(organization, **switches)
        with subscribing(organization, [presence_topic(organization)]) as subscriber:
            emit_numbered(organization, 100)
            heard = len(subscriber.listen(5, until=100))
        organization.wait_until_sent()
        return messages(partner.details(PRESENCE)), tally(organization), heard


def test_events_are_lost_on_the_way_to_eventbridge(tmp_path: Path) -> None:
    """About that share, the same ones with the same seed; WebSockets hear all."""
    first, counted, heard = run_lossy(tmp_path / "a", lose_eventbridge_percent=20, seed=7)
    again, _, _ = run_lossy(tmp_path / "b", lose_eventbridge_percent=20, seed=7)
    other, _, _ = run_lossy(tmp_path / "c", lose_eventbridge_percent=20, seed=8)
    assert first == again != other
    assert 65 <= len(first) <= 92
    assert counted == {"lost_eventbridge": 100 - len(first)}
    assert heard == 100


def test_events_are_repeated_as_entries_of_their_own(tmp_path: Path) -> None:
    """So AWS gives each an id; the correlation id is the same."""
    arrived, counted, heard = run_lossy(tmp_path, duplicate_eventbridge_percent=30, seed=1)
    extra = Counter(arrived) - Counter(range(100))
    assert sorted(set(arrived)) == list(range(100))
    assert 15 <= sum(extra.values()) <= 45
    assert max(extra.values()) == 1
    assert (counted, heard) == ({"duplicated_eventbridge": sum(extra.values())}, 100)


def test_events_are_overtaken_by_the_next_one(tmp_path: Path) -> None:
    """None is lost, and WebSockets keep the order."""
    arrived, counted, heard = run_lossy(tmp_path, reorder_eventbridge_percent=30, seed=1)
    assert sorted(arrived) == list(range(100))
    assert arrived != sorted(arrived)
    assert max(abs(place - number) for place, number in enumerate(arrived)) <= 6
    assert (set(counted), heard) == ({"reordered_eventbridge"}, 100)


def test_a_held_event_waits_for_the_next_of_its_source(
    organization: Organization, partner: RecordingPartner
) -> None:
    """However late that comes."""
    organization.create_sending(eventFilter=[PRESENCE])
    set_faults(organization, reorder_eventbridge_percent=100)
    emit_numbered(organization, 1)
    time.sleep(0.2)
    assert partner.events == []
    organization.must("DELETE", "/_sandbox/faults")
    organization.must("POST", "/_sandbox/emit", {"topic": PRESENCE, "set": {"eventBody.message": "1"}})
    organization.wait_until_sent()
    assert messages(partner.details(PRESENCE)) == [1, 0]


def test_events_are_delayed_on_the_way_to_eventbridge(
    organization: Organization, subscriber: Subscriber, partner: RecordingPartner
) -> None:
    """Their own time stays that of the change; WebSockets are not late."""
    organization.create_sending(eventFilter=[PRESENCE])
    set_faults(organization, delay_eventbridge_seconds=1)
    started = time.monotonic()
    emit_numbered(organization, 3)
    assert len(subscriber.listen(until=3)) == 3
    assert partner.events == []
    organization.wait_until_sent()
    assert time.monotonic() - started >= 1
    assert messages(partner.details(PRESENCE)) == [0, 1, 2]
    assert tally(organization) == {"delayed_eventbridge": 3}


def test_delayed_events_outlast_a_restart_and_faults_do_not(
    tmp_path: Path, partner: RecordingPartner
) -> None:
    """The queue is on disk, the switches are not."""
    with run_organization(tmp_path, partner) as first:
        first.create_sending(eventFilter=[PRESENCE])
        set_faults(first, delay_eventbridge_seconds=0.8)
        emit_numbered(first, 3)
    with run_organization(tmp_path, partner) as second:
        assert second.get("/_sandbox/faults")["delay_eventbridge_seconds"] == 0
        second.wait_until_sent()
    assert messages(partner.details(PRESENCE)) == [0, 1, 2]


# ---- tokens, clients, names of switches ----


def test_expired_tokens_end_with_their_channels(organization: Organization, subscriber: Subscriber) -> None:
    """A new login works at once, and needs a new channel."""
    set_faults(organization, expire_tokens=True)
    (notice,), code = subscriber.ending()
    body = notice["eventBody"]
    assert notice["topicName"] == f"v2.system.token_revoked.{subscriber.channel['id']}"
    assert (body["systemTopicType"], body["reason"], body["oauthClientId"]) == (
        "token_revoked",
        "user_tokens_revoked",
        CLIENT_ID,
    )
    assert code == 1008
    assert organization.call("GET", "/api/v2/users").status == 401
    organization.token = organization.log_in().json()["access_token"]
    assert organization.call("GET", "/api/v2/users").status == 200
    assert organization.call("GET", subscriber.path).status == 404
    assert refused_handshake(subscriber) == 404


def test_a_revoked_client_can_do_nothing(organization: Organization, subscriber: Subscriber) -> None:
    """Neither log in nor use a token, until it is taken back."""
    set_faults(organization, revoke_client=True)
    assert subscriber.ending()[1] == 1008
    login = organization.log_in()
    assert (login.status, login.json()["description"]) == (401, "authentication failed")
    assert organization.call("GET", "/api/v2/users").status == 401
    organization.must("DELETE", "/_sandbox/faults")
    assert organization.log_in().status == organization.call("GET", "/api/v2/users").status == 200


def test_channels_can_be_displaced(organization: Organization, subscriber: Subscriber) -> None:
    """As if another channel had taken the place."""
    set_faults(organization, displace_channels=True)
    (notice,), _code = subscriber.ending()
    assert notice["topicName"] == f"v2.system.no_longer_subscribed.{subscriber.channel['id']}"
    assert notice["eventBody"]["reason"] == "another_channel_subscribed"
    assert organization.call("GET", subscriber.path).status == 404


@pytest.mark.parametrize(
    "switches",
    [
        {"lose_eventbridge_percent": 101},
        {"heartbeat_seconds": 0},
        {"drop_sockets": "now"},
        {"drop_socket": True},
    ],
)
def test_switches_that_make_no_sense_are_refused(
    organization: Organization, switches: dict[str, Any]
) -> None:
    """And none of those beside them is set."""
    answer = organization.call("POST", "/_sandbox/faults", {"stop_heartbeats": True} | switches)
    assert (answer.status, next(iter(switches)) in answer.json()["message"]) == (400, True)
    assert organization.get("/_sandbox/faults")["stop_heartbeats"] is False
