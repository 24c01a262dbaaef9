"""Subscribing: what is rejected is named, everything else stands, and no call exceeds a channel's limit."""

import pytest
from notification_service import NotificationServiceInMemory, SessionInMemory

from gcbridge.genesys.notifications.channels import Channels
from gcbridge.genesys.notifications.subscribing import Rejection, subscribe_share

USERS = [f"278522be-1683-4877-8257-{number:012d}" for number in range(1000)]


def topics(users, *endings):
    return [f"v2.users.{user}.{ending}" for user in users for ending in endings]


def subscribe(service, wanted):
    channels = Channels(SessionInMemory(notifications=service), displace=False, on_displaced=print)
    return subscribe_share(channels, channels.take(), wanted), service.channels["c-1"]


def test_topics_of_one_user_are_one_subscription():
    """So a thousand users with two topics fit into one channel."""
    rejections, standing = subscribe(NotificationServiceInMemory(), topics(USERS, "presence", "station"))

    assert rejections == ()
    assert len(standing) == 1000
    assert standing[0] == f"v2.users.{USERS[0]}?presence&station"


@pytest.mark.parametrize("users", [1, 2, 500, 1000])
@pytest.mark.parametrize(
    "endings", [("presence", "station"), ("presence", "station", "geolocation", "activity")]
)
def test_one_rejected_part_spoils_no_other(users, endings):
    """Also where the channel is full: the service in memory fails when a call exceeds its limit."""
    service = NotificationServiceInMemory()
    service.rejected = {"geolocation": "geolocation:view", "station": "station:view"}
    wanted = topics(USERS[:users], *endings)
    rejections, standing = subscribe(service, wanted)
    lost = [topic for topic in wanted if topic.endswith(("geolocation", "station"))]

    assert sorted(rejection.topic for rejection in rejections) == sorted(lost)
    kept = "?presence&activity" if "activity" in endings else ".presence"
    assert standing == [f"v2.users.{user}{kept}" for user in USERS[:users]]


def test_a_rejection_says_why():
    """And what is missing."""
    service = NotificationServiceInMemory()
    service.rejected = {"presence": "presence:user:view"}
    (rejection,), standing = subscribe(service, topics(USERS[:1], "presence"))

    assert rejection == Rejection(
        f"v2.users.{USERS[0]}.presence", "Missing permissions.", ("presence:user:view",)
    )
    assert standing == []


def test_what_stands_is_never_unsubscribed_meanwhile():
    """While parts are tried singly, the others go on being heard."""
    service = NotificationServiceInMemory()
    service.rejected = {"station": "station:view"}
    good, bad = topics(USERS[:990], "presence"), topics(USERS[990:], "presence", "station")
    subscribe(service, good + bad)

    assert len(service.puts) > 3
    assert all(set(good) <= set(asked) for asked in service.puts)


def test_nothing_to_subscribe_to():
    """A template may have no objects yet."""
    assert subscribe(NotificationServiceInMemory(), []) == ((), [])
