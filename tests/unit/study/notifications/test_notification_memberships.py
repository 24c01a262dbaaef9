"""Members of a queue: what the API says now, against what was known before."""

from gcbridge.study.notifications.memberships import Memberships, read_members

TOPIC = "v2.routing.queues.q1.users"


def joined(user, *, is_joined=True):
    return {"id": user, "user": {"id": user}, "queueId": "q1", "joined": is_joined}


def read(memberships, members, live=()):
    memberships.begin_reading(TOPIC)
    for body in live:
        memberships.note(TOPIC, body)
    return memberships.end_reading(TOPIC, "q1", members)


def test_a_listing_is_read():
    """A member without a user inside is one by its own id."""
    listing = [{"id": "ada", "user": {"id": "ada"}, "joined": True}, {"id": "bob", "joined": False}, {}]

    assert read_members(listing) == {"ada": True, "bob": False}


def test_the_first_time_nobody_knows_what_was_before():
    """So nothing is made up; the second time it is known."""
    memberships = Memberships()

    assert read(memberships, {"ada": True}) is None
    assert read(memberships, {"ada": True}) == []


def test_who_came_left_and_went():
    """One event each, in the form of live ones."""
    memberships = Memberships()
    read(memberships, {"ada": True, "bob": True, "cy": True})

    assert read(memberships, {"ada": True, "bob": False, "dan": True}) == [
        joined("bob", is_joined=False),
        joined("dan"),
        joined("cy", is_joined=False),
    ]
    assert read(memberships, {"ada": True, "bob": False, "dan": True}) == []


def test_live_events_are_known():
    """They were told, so they are no change."""
    memberships = Memberships()
    read(memberships, {"ada": True})
    memberships.note(TOPIC, joined("bob"))

    assert read(memberships, {"ada": True, "bob": True}) == []


def test_what_comes_live_while_the_api_answers_is_newer():
    """Bob left after the listing was made; that he was there is not told any more."""
    memberships = Memberships()
    read(memberships, {"ada": True})

    assert read(memberships, {"ada": True, "bob": True}, live=[joined("bob", is_joined=False)]) == []
    assert read(memberships, {"ada": True}) == []


def test_what_comes_live_before_anything_was_read_counts():
    """The first listing does not undo it."""
    memberships = Memberships()
    read(memberships, {"ada": True}, live=[joined("bob")])

    assert read(memberships, {"ada": True, "bob": True}) == []


def test_a_queue_is_forgotten():
    """One that is gone, or asked for anew."""
    memberships = Memberships()
    read(memberships, {"ada": True})
    memberships.forget(TOPIC)

    assert read(memberships, {}) is None
