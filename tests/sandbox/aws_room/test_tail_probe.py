"""The probe of tail: what it takes, that it lives as long as it is needed, and that it never stays."""

import time
from datetime import datetime, timedelta, timezone

import pytest

from gcbridge.aws.probe import open_probe
from gcbridge.aws.probe_renewal import renew_probe
from gcbridge.aws.probe_sweep import sweep_probes
from gcbridge.errors import AwsError, RefusedError
from gcbridge.workflows.sweep import probe_journal
from gcbridge.workflows.tail import find_rule, temporary_probe
from gcbridge.workspace.layout import Workspace

pytestmark = pytest.mark.sandbox

AUDITS = "v2.audits.entitytype.{id}.entityid.{id}"
PRESENCE = "v2.users.{id}.presence"


class Rooms:
    """The doors that a probe needs."""

    def __init__(self, aws, root):
        self.aws = aws
        self.workspace = Workspace(root)
        self.told = []
        self.watch = self.told.append

    def open_aws(self, _account):
        """Clients of the account that receives."""
        return self.aws


@pytest.fixture
def rooms(aws, built, tmp_path):
    return Rooms(aws, tmp_path)


@pytest.fixture
def unsettled(bridge):
    """Rules of the emulator take effect at once."""
    return bridge.model_copy(update={"verify": bridge.verify.model_copy(update={"settle_seconds": 0})})


def seen(probe, count):
    found = []
    deadline = time.monotonic() + 10
    while len(found) < count and time.monotonic() < deadline:
        found += [message.event["detail-type"] for message in probe.receive(time.monotonic() + 1)]
    return found


def test_it_takes_everything_or_what_a_rule_matches(rooms, unsettled, built):
    """Two at once, each with names of its own; what was added is said, and nothing stays."""
    rule = find_rule(unsettled, "presence")
    with (
        temporary_probe(rooms, unsettled, rule=None) as (whole, _),
        temporary_probe(rooms, unsettled, rule=rule) as (narrow, _),
    ):
        built.send(AUDITS)
        built.send(PRESENCE)

        assert sorted(seen(whole, 2)) == [AUDITS, PRESENCE]
        assert seen(narrow, 1) == [PRESENCE]
        names = (*built.probe_rules(), *built.probe_queues())
        assert len(names) == 4
    told = [told.message for told in rooms.told if told.kind == "finished"]
    assert all(any(name.rsplit("/", 1)[-1] in message for message in told) for name in names)
    assert "(with the pattern of presence)" in told[1]
    assert told[2:] == ["removed", "removed"]
    assert (built.probe_rules(), built.probe_queues()) == ([], [])


def test_what_a_disabled_rule_would_get_is_said(rooms, unsettled):
    with temporary_probe(rooms, unsettled, rule=find_rule(unsettled, "paused")):
        pass

    assert any("paused is disabled, and delivers nothing itself" in told.message for told in rooms.told)


def test_without_a_bus_nothing_is_added(rooms, unsettled, built):
    """Before the first apply; the hint says what makes one."""
    integration = unsettled.integration.model_copy(update={"event_source_suffix": "later"})
    other = unsettled.model_copy(update={"integration": integration})

    with pytest.raises(AwsError) as failed, temporary_probe(rooms, other, rule=None):
        pass

    assert failed.value.hint.startswith("gcbridge apply dev makes it")
    assert built.probe_queues() == []


@pytest.mark.parametrize("ending", [KeyboardInterrupt, RuntimeError])
def test_it_goes_whatever_ends_it(rooms, unsettled, built, ending):
    with pytest.raises(ending), temporary_probe(rooms, unsettled, rule=None):
        raise ending

    assert (built.probe_rules(), built.probe_queues()) == ([], [])
    assert list(probe_journal(rooms, unsettled).entries()) == []


def test_credentials_of_another_account_add_nothing(rooms, unsettled, built):
    other = unsettled.model_copy(
        update={"aws": unsettled.aws.model_copy(update={"account_id": "210987654321"})}
    )

    with pytest.raises(RefusedError, match="210987654321"), temporary_probe(rooms, other, rule=None):
        pass

    assert built.probe_rules() == []


def test_a_renewed_probe_is_young_again(aws, bridge, built, journal, tmp_path):
    """Another machine sweeps what is older than two hours, and knows of no process here."""
    elsewhere = type(journal)(tmp_path / "elsewhere")
    now = datetime.now(timezone.utc)
    with open_probe(aws, bridge, journal) as probe:
        renew_probe(probe, bridge, now - timedelta(hours=3))
        renew_probe(probe, bridge, now)
        assert sweep_probes(aws, bridge, elsewhere) == ()
        event_id = built.send()
        assert next(probe.receive(time.monotonic() + 10)).event["id"] == event_id

        renew_probe(probe, bridge, now - timedelta(hours=3))
        assert set(sweep_probes(aws, bridge, elsewhere)) == {probe.names.rule_name, probe.names.queue_name}
