"""A rate is kept, whoever and how many come."""

import threading

import pytest

from gcbridge.workflows.pacing import Budget, Pacer


class FakeTime:
    """A clock that only sleeping moves."""

    def __init__(self):
        self.now = 100.0

    def clock(self):
        """Seconds."""
        return self.now

    def sleep(self, seconds):
        """No time passes but this."""
        self.now += seconds


@pytest.mark.parametrize("per_second", [0.5, 10, 300])
def test_never_more_than_the_rate(per_second):
    """The first passes at once; in any second no more than so many do."""
    time = FakeTime()
    pacer = Pacer(per_second, clock=time.clock, sleep=time.sleep)
    passed = []
    for _ in range(50):
        pacer.wait()
        passed.append(time.now)

    assert passed[0] == 100.0
    assert passed[-1] - passed[0] == pytest.approx(49 / per_second)


def test_a_pause_is_not_made_up_for():
    """After an idle hour the next ones are as far apart as ever."""
    time = FakeTime()
    pacer = Pacer(10, clock=time.clock, sleep=time.sleep)
    pacer.wait()
    time.sleep(3600)
    resumed = time.now
    for _ in range(11):
        pacer.wait()

    assert time.now - resumed == pytest.approx(1.0)


def test_threads_share_the_rate():
    """Four threads together pass no faster than one."""
    turns = []
    pacer = Pacer(10, clock=lambda: 0.0, sleep=turns.append)

    def pass_often():
        for _ in range(25):
            pacer.wait()

    threads = [threading.Thread(target=pass_often) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(turns) == pytest.approx([number / 10 for number in range(1, 100)])


def test_budget():
    """So many pass and no more; without a number all do."""
    budget = Budget(2)

    assert [budget.take() for _ in range(4)] == [True, True, False, False]
    assert all(Budget(None).take() for _ in range(10))
