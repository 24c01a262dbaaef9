"""Channels: twenty for all who use an OAuth client, so each is taken with care and given back."""

import pytest
from notification_service import NotificationServiceInMemory, SessionInMemory, refused

from gcbridge.errors import GenesysError, RefusedError
from gcbridge.genesys.notifications.channels import Channels
from gcbridge.study.notifications.subscriptions import Subscription

PRESENCE = Subscription("v2.users.ada.presence", ("v2.users.ada.presence",))


class Opened:
    """Channels over a service in memory."""

    def __init__(self, *, foreign=0, displace=False):
        self.service = NotificationServiceInMemory(foreign)
        self.session = SessionInMemory(notifications=self.service)
        self.displaced = []
        self.channels = Channels(self.session, displace=displace, on_displaced=self.displaced.append)


def test_a_channel_is_made():
    """Its life is what the API says, by the API's own clock."""
    opened = Opened()
    channel = opened.channels.take()

    assert (channel.channel_id, channel.connect_uri) == ("c-1", "ws://x/c-1")
    assert channel.life_seconds == 24 * 3600


def test_there_is_room_for_twenty():
    """Other processes use the same OAuth client."""
    opened = Opened(foreign=17)
    opened.channels.prepare(3)

    assert [opened.channels.take().channel_id for _ in range(3)] == ["c-1", "c-2", "c-3"]
    with pytest.raises(RefusedError, match="take 1 channel away from somebody else"):
        opened.channels.take()
    assert len(opened.service.channels) == 3


def test_nothing_is_made_where_not_all_have_room():
    """The refusal comes first."""
    opened = Opened(foreign=18)

    with pytest.raises(RefusedError):
        opened.channels.prepare(3)
    assert opened.service.channels == {}


def test_a_channel_that_nobody_is_subscribed_over_is_used():
    """An earlier listening of the same token has left it."""
    opened = Opened(foreign=18)
    left, used = opened.channels.take(), opened.channels.take()
    opened.channels.subscribe(used, [PRESENCE])
    later = Channels(opened.session, displace=False, on_displaced=opened.displaced.append)

    assert later.take().channel_id == left.channel_id
    with pytest.raises(RefusedError):
        later.take()


def test_a_channel_that_was_just_taken_is_not_taken_for_unused():
    """It has no topics yet."""
    opened = Opened(foreign=19)
    opened.channels.take()

    with pytest.raises(RefusedError):
        opened.channels.take()


def test_with_displace_somebody_loses():
    """And is told of."""
    opened = Opened(foreign=19, displace=True)
    opened.channels.prepare(3)

    assert opened.displaced == [2]
    assert len({opened.channels.take().channel_id for _ in range(3)}) == 3


def test_a_channel_that_was_given_back_is_lent_again():
    """No call deletes a channel."""
    opened = Opened()
    channel = opened.channels.take()
    opened.channels.subscribe(channel, [PRESENCE])
    opened.channels.give_back(channel)

    assert opened.service.channels == {"c-1": []}
    assert opened.channels.take() == channel


@pytest.mark.parametrize("status", [404, 500])
def test_a_channel_that_cannot_be_emptied_is_dropped(status):
    """It may be gone, or the network; the next one is new."""
    opened = Opened()
    channel = opened.channels.take()
    opened.session.failing = refused(status)
    opened.channels.give_back(channel)
    opened.session.failing = None

    assert (opened.channels.take().channel_id == "c-2") == (status != 404)


def test_a_second_channel_only_where_there_is_room():
    """None says that the first one has to be reconnected."""
    assert Opened(foreign=20).channels.take_second() is None
    assert Opened(foreign=19).channels.take_second().channel_id == "c-1"


def test_subscriptions_are_replaced_and_judged():
    """One bad topic does not spoil the others."""
    opened = Opened()
    opened.service.rejected = {"presence": "presence:user:view"}
    channel = opened.channels.take()
    station = Subscription("v2.users.ada.station", ("v2.users.ada.station",))
    presence, other = opened.channels.subscribe(channel, [PRESENCE, station])

    assert (presence.is_permitted, presence.missing_permissions) == (False, ("presence:user:view",))
    assert other.is_permitted
    assert opened.service.channels == {"c-1": ["v2.users.ada.station"]}


def test_at_the_end_everything_is_emptied():
    """A channel that is gone does not hinder."""
    opened = Opened()
    gone, there = opened.channels.take(), opened.channels.take()
    opened.channels.subscribe(there, [PRESENCE])
    del opened.service.channels[gone.channel_id]
    opened.channels.clear_all([gone, there])

    assert opened.service.channels == {there.channel_id: []}


def test_at_the_end_a_network_that_is_down_is_tried_once():
    """Each try may take a minute; the subscriptions end with their channels."""
    opened = Opened()
    channels = [opened.channels.take() for _ in range(5)]
    opened.session.failing, opened.session.calls = GenesysError("no answer"), 0
    opened.channels.clear_all(channels)

    assert opened.session.calls == 1
