"""Every audit is a line in the log group and in the archive; a privileged one raises the alarm, a harmless one does not."""

import json

import pytest
from blueprint_steps import begin, delete_client, end, show_presence, verified, wait_until

pytestmark = pytest.mark.sandbox


@pytest.fixture(scope="module")
def bridge(tmp_path_factory):
    """A workspace with the blueprint's bridge, applied; nothing had to be answered."""
    workspace = begin(tmp_path_factory.mktemp("audit"), "audit-trail")
    yield workspace
    workspace.close()


def audits(workspace, target):
    """(entity type, action, entity id) of every line in a log group."""
    group = f"/aws/events/gcbridge/loop/{target}"
    lines = workspace.aws("logs").filter_log_events(logGroupName=group)["events"]
    bodies = [json.loads(line["message"])["detail"]["eventBody"] for line in lines]
    return [(body["entityType"], body["action"], body["entity"]["id"]) for body in bodies]


def alarm(workspace):
    """The one alarm."""
    (found,) = workspace.aws("cloudwatch").describe_alarms()["MetricAlarms"]
    return found


def archived(workspace):
    """How many events the archive holds."""
    return workspace.aws("events").describe_archive(ArchiveName="gcbridge-loop")["EventCount"]


def test_a_second_plan_is_clean(bridge):
    """What was applied is what is there, and the tests of the environment pass."""
    bridge.ok("plan", "loop", "--detailed-exitcode")
    bridge.ok("test", "loop")


def test_everything_is_kept_for_a_year(bridge):
    """Both log groups, and the archive, which keeps audits only."""
    groups = bridge.aws("logs").describe_log_groups(logGroupNamePrefix="/aws/events/")["logGroups"]
    assert [group["retentionInDays"] for group in groups] == [365, 365]
    archive = bridge.aws("events").describe_archive(ArchiveName="gcbridge-loop")
    assert archive["RetentionDays"] == 365
    assert json.loads(archive["EventPattern"])["detail-type"] == ["v2.audits.entitytype.{id}.entityid.{id}"]


def test_a_harmless_change_is_kept_and_rings_nobody(bridge):
    """A presence: a line in the trail, an event in the archive, and the alarm stays as it is."""
    before = archived(bridge)
    user = show_presence(bridge, "Busy")

    wait_until(lambda: ("UserPresence", "Update", user) in audits(bridge, "trail"))

    assert archived(bridge) == before + 1
    assert audits(bridge, "privileged") == []
    assert alarm(bridge)["StateValue"] != "ALARM"


def test_verify_rings_nobody(bridge):
    """A change of the notes of the bridge's own integration is no privileged one."""
    verified(bridge)
    assert "Integration" in {kind for kind, _, _ in audits(bridge, "trail")}
    assert audits(bridge, "privileged") == []
    assert alarm(bridge)["StateValue"] != "ALARM"


def test_a_privileged_change_rings(bridge):
    """An OAuth client: lines in both log groups, events in the archive, and the alarm is in ALARM."""
    before = archived(bridge)
    client = delete_client(bridge, "a dashboard")
    made_and_deleted = [("OAuthClient", "Create", client), ("OAuthClient", "Delete", client)]

    wait_until(lambda: len(audits(bridge, "privileged")) == 2)

    assert sorted(audits(bridge, "privileged")) == made_and_deleted
    assert set(made_and_deleted) <= set(audits(bridge, "trail"))
    assert archived(bridge) == before + 2
    assert wait_until(lambda: alarm(bridge)["StateValue"] == "ALARM")
    dimensions = {one["Name"]: one["Value"] for one in alarm(bridge)["Dimensions"]}
    assert dimensions["RuleName"] == "privileged-changes"


def test_destroy_leaves_nothing(bridge):
    """Neither log groups nor archive nor alarm, nor the policies that let EventBridge write."""
    logs = bridge.aws("logs")
    assert len(logs.describe_resource_policies()["resourcePolicies"]) == 2
    end(bridge)
    assert logs.describe_resource_policies()["resourcePolicies"] == []
