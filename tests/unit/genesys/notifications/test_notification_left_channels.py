"""Channels of earlier runs: they count for a day, so it is written down that they are ours."""

from datetime import datetime, timedelta, timezone

import pytest
from notification_service import NotificationServiceInMemory, SessionInMemory

from gcbridge.errors import RefusedError
from gcbridge.genesys.notifications.channels import Channels
from gcbridge.genesys.notifications.left_channels import LeftChannels

TOMORROW = datetime.now(timezone.utc) + timedelta(days=1)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "state" / "channels.json"


def test_channels_are_remembered_until_they_end(file):
    """By another process as well."""
    left = LeftChannels(file)
    left.note(TOMORROW)
    left.note(datetime.now(timezone.utc) - timedelta(seconds=1))

    assert LeftChannels(file).count() == 1


def test_a_renewed_channel_ends_later(file):
    """It is still one."""
    left = LeftChannels(file)
    left.note(TOMORROW)
    left.renewed([TOMORROW], TOMORROW + timedelta(days=1))

    assert left.count() == 1
    assert str((TOMORROW + timedelta(days=1)).date()) in file.read_text()


@pytest.mark.parametrize("text", ["", "{", "3", '["yesterday"]', "[3]", '["2026-01-02T12:00:00"]'])
def test_a_file_of_another_kind_is_as_good_as_none(file, text):
    """It is an aid, no state that anything hangs on."""
    file.parent.mkdir()
    file.write_text(text)

    assert LeftChannels(file).count() == 0


def test_a_file_that_cannot_be_written_is_no_error(tmp_path):
    """A folder stands in its place."""
    LeftChannels(tmp_path).note(TOMORROW)


def test_without_a_file_nothing_is_remembered():
    """A caller without a workspace."""
    left = LeftChannels(None)
    left.note(TOMORROW)

    assert left.count() == 0


def test_channels_of_earlier_runs_do_not_refuse_the_next(file):
    """Thirty runs in a day; the service itself removes the oldest channels that have no socket."""
    service = NotificationServiceInMemory()
    for _ in range(30):
        service.foreign = min(20, service.foreign + len(service.channels))
        service.channels.clear()
        session = SessionInMemory(notifications=service)
        channels = Channels(session, displace=False, on_displaced=print, left=LeftChannels(file))
        channels.clear_all([channels.take()])

    service.foreign = 20
    with pytest.raises(RefusedError):
        Channels(SessionInMemory(notifications=service), displace=False, on_displaced=print).take()


def test_channels_of_others_still_refuse(file):
    """Only as many are ours as were written down."""
    service = NotificationServiceInMemory(foreign=20)
    LeftChannels(file).note(TOMORROW)
    channels = Channels(
        SessionInMemory(notifications=service), displace=False, on_displaced=print, left=LeftChannels(file)
    )

    assert channels.take().channel_id == "c-1"
    with pytest.raises(RefusedError):
        channels.take()
