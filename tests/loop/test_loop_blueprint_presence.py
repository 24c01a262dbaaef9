"""A presence changes, and the user's item in the table is the newest, whatever order the events come in."""

import json
from datetime import datetime

import pytest
from blueprint_steps import begin, end, letters, show_presence, verified, wait_until

from gcbridge.sandbox.runtime import emit

pytestmark = pytest.mark.sandbox

TOPIC = "v2.users.{id}.presence"
TABLE = "gcbridge-loop-presences"
DAY = 86_400


@pytest.fixture(scope="module")
def bridge(tmp_path_factory):
    """A workspace with the blueprint's bridge, applied; nothing had to be answered."""
    workspace = begin(tmp_path_factory.mktemp("presence"), "presence-to-dynamodb")
    yield workspace
    workspace.close()


def item_of(workspace, user):
    """The user's item, as plain values."""
    key = {"pk": {"S": f"v2.users.{user}.presence"}}
    item = workspace.aws("dynamodb").get_item(TableName=TABLE, Key=key, ConsistentRead=True).get("Item")
    return {name: next(iter(value.values())) for name, value in (item or {}).items()}


def shown(item):
    """The presence in an item."""
    event = json.loads(item["event"]) if item else {"detail": {"eventBody": {}}}
    return event["detail"]["eventBody"].get("presenceDefinition", {}).get("systemPresence")


def runs(workspace):
    """How often the writer has run to its end."""
    group = "/aws/lambda/gcbridge-loop-presences-writer"
    events = workspace.aws("logs").filter_log_events(logGroupName=group)["events"]
    return sum(event["message"].startswith("REPORT") for event in events)


def struck(workspace, fault):
    """How many events a fault has struck."""
    return workspace.ok("sandbox", "faults", "--json").data["struck"][fault]


def test_a_second_plan_is_clean(bridge):
    """What was applied is what is there."""
    bridge.ok("plan", "loop", "--detailed-exitcode")
    bridge.ok("test", "loop")


def test_a_change_is_in_the_table(bridge):
    """One item for the user, with the time of the change and the day on which it goes."""
    user = show_presence(bridge, "Busy")
    item = wait_until(lambda: shown(item_of(bridge, user)) == "BUSY" and item_of(bridge, user))

    body = json.loads(item["event"])["detail"]["eventBody"]
    assert item["event_time"] == body["modifiedDate"]
    assert item["detail_type"] == "v2.users.{id}.presence"
    changed = datetime.fromisoformat(body["modifiedDate"].replace("Z", "+00:00")).timestamp()
    assert int(item["expires_at"]) == int(changed) + 90 * DAY


def test_the_table_forgets_and_can_be_put_back(bridge):
    """Items expire, and there is recovery to any moment."""
    dynamodb = bridge.aws("dynamodb")
    ttl = dynamodb.describe_time_to_live(TableName=TABLE)["TimeToLiveDescription"]
    assert (ttl["TimeToLiveStatus"], ttl["AttributeName"]) == ("ENABLED", "expires_at")
    backups = dynamodb.describe_continuous_backups(TableName=TABLE)["ContinuousBackupsDescription"]
    assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"


def test_two_changes_in_the_wrong_order_end_with_the_newer_one(bridge):
    """The older event comes last, and changes nothing."""
    before = runs(bridge)
    bridge.faults(reorder_eventbridge_percent=100)
    show_presence(bridge, "Meal")  # waits until the next one has overtaken it
    bridge.no_faults()
    user = show_presence(bridge, "Training")

    wait_until(lambda: runs(bridge) == before + 2)

    assert shown(item_of(bridge, user)) == "TRAINING"
    assert struck(bridge, "reordered_eventbridge") == 1


def test_an_event_of_yesterday_changes_nothing(bridge):
    """Nothing else is on its way, so that only its time can keep it out."""
    before = runs(bridge)
    user = show_presence(bridge, "Busy")
    wait_until(lambda: runs(bridge) == before + 1)
    item = item_of(bridge, user)
    late = {
        "topicName": f"v2.users.{user}.presence",
        "eventBody.modifiedDate": "2021-05-14T09:03:17.047Z",
        "eventBody.presenceDefinition.systemPresence": "AWAY",
    }
    assert emit(bridge.sandbox, TOPIC, set_values=late).sent == 1

    wait_until(lambda: runs(bridge) == before + 2)

    assert shown(item) == "BUSY"
    assert item_of(bridge, user) == item


def test_an_event_that_comes_twice_is_the_same_item(bridge):
    """And no dead letter."""
    before = runs(bridge)
    bridge.faults(duplicate_eventbridge_percent=100)
    user = show_presence(bridge, "Break")
    bridge.no_faults()

    wait_until(lambda: runs(bridge) == before + 2)

    assert shown(item_of(bridge, user)) == "BREAK"
    assert letters(bridge, "presences") == 0


def test_verify_follows_a_change_into_the_table(bridge):
    """With the user that the sandbox itself names; the presence is put back."""
    before = bridge.presence()
    report = verified(bridge)
    assert bridge.presence() == before
    hops = [hop for trace in report["traces"] for hop in trace["hops"]]
    assert any("presences" in str(hop) for hop in hops)


def test_destroy_leaves_nothing(bridge):
    """Neither table nor function."""
    end(bridge)
