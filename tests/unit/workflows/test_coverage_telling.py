"""Who waits for coverage is told how far it is, and nobody else."""

from gcbridge.workflows.coverage import Telling


def test_nothing_is_said_before_two_seconds_and_not_all_the_time():
    """At an eighth of a second a pair."""
    now, heard = [0.0], []
    telling = Telling(heard.append, clock=lambda: now[0])
    for done in range(1, 22):
        now[0] = done / 8
        telling(done, 25_000)

    assert [progress.message.partition(" ")[0] for progress in heard] == ["16", "18", "20"]
    assert heard[0].message == "16 of 25,000 pairs of rules"
    assert heard[0].seconds == 2.0
