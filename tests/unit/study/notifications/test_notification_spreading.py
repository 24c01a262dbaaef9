"""Subscriptions over channels: 1,000 each, 20 channels, nothing moves without need."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gcbridge.errors import RefusedError
from gcbridge.study.notifications.spreading import TOPICS_A_CHANNEL, check_room, spread
from gcbridge.study.notifications.subscriptions import Subscription


def some(*numbers):
    return [
        Subscription(f"v2.users.{number}.presence", (f"v2.users.{number}.presence",)) for number in numbers
    ]


@pytest.mark.parametrize(
    ("count", "sizes"),
    [
        (0, []),
        (1, [1]),
        (1_000, [1_000]),
        (1_001, [501, 500]),
        (2_500, [834, 833, 833]),
        (20_000, [1_000] * 20),
    ],
)
def test_as_few_channels_as_possible_evenly_filled(count, sizes):
    """Room is left in each for what comes later."""
    assert [len(share) for share in spread(some(*range(count)))] == sizes


def test_more_than_twenty_channels_are_refused():
    """With what to do instead."""
    with pytest.raises(RefusedError, match="20,001 topics are more than the 20,000") as caught:
        spread(some(*range(20_001)))
    assert "gcbridge tail" in caught.value.hint


def test_what_is_held_stays():
    """Only what is new is subscribed to, only what is gone is dropped."""
    held = [some(1, 2, 3), some(4, 5)]

    assert spread(some(1, 3, 4, 5, 6), held) == (tuple(some(1, 3, 6)), tuple(some(4, 5)))


def test_an_emptied_channel_keeps_its_place():
    """It takes the next new ones."""
    assert spread(some(1), [some(1), some(2)]) == (tuple(some(1)), ())
    assert spread(some(1, 7), [some(1), ()]) == (tuple(some(1)), tuple(some(7)))


@given(
    st.lists(st.integers(0, 3_000), unique=True),
    st.lists(st.lists(st.integers(0, 3_000), unique=True), max_size=4),
)
def test_every_wanted_topic_is_held_once(wanted, shares):
    """Whatever was held before; no channel is overfull."""
    seen = set()
    held = [some(*[n for n in share if n not in seen and not seen.add(n)]) for share in shares]
    result = spread(some(*wanted), held)

    assert sorted(one.subscription_id for share in result for one in share) == sorted(
        one.subscription_id for one in some(*wanted)
    )
    assert all(len(share) <= TOPICS_A_CHANNEL for share in result)
    for before, after in zip(held, result, strict=False):
        assert [one for one in before if one in after] == [one for one in after if one in before]


@pytest.mark.parametrize(
    ("existing", "needed", "reusable", "is_refused"),
    [
        (0, 20, 0, False),
        (17, 3, 0, False),
        (18, 3, 0, True),
        (18, 3, 1, False),
        (20, 1, 0, True),
        (20, 1, 1, False),
    ],
)
def test_room_for_channels(existing, needed, reusable, is_refused):
    """A 21st channel would take one away from somebody, unless one of them is unused."""
    if not is_refused:
        check_room(existing, needed, reusable=reusable)
        return
    with pytest.raises(RefusedError, match="take 1 channel away") as caught:
        check_room(existing, needed, reusable=reusable)
    assert "--displace" in caught.value.hint
    assert str(existing) in caught.value.detail
