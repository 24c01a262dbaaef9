"""Conversations go through queues and agents change their status, and CloudWatch has the numbers."""

import json
import re
from datetime import datetime, timedelta, timezone

import pytest
from blueprint_steps import begin, end, letters, wait_until

from gcbridge.sandbox.runtime import emit

pytestmark = pytest.mark.sandbox

DETAIL = "v2.detail.events.conversation.{id}."
QUEUE = "4750048b-0000-4000-8000-00000000000c"
IN_QUEUE = {"QueueId": QUEUE, "MediaType": "VOICE"}


@pytest.fixture(scope="module")
def bridge(tmp_path_factory):
    """A workspace with the blueprint's bridge, applied; nothing had to be answered."""
    workspace = begin(tmp_path_factory.mktemp("metrics"), "custom-metrics")
    yield workspace
    workspace.close()


def read(workspace, name, dimensions, stat="Sum"):
    """One number: everything from an hour ago until now."""
    stat_of = {
        "Metric": {
            "Namespace": "GenesysCloud",
            "MetricName": name,
            "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()],
        },
        "Period": 3600,
        "Stat": stat,
    }
    now = datetime.now(timezone.utc)
    (result,) = workspace.aws("cloudwatch").get_metric_data(
        MetricDataQueries=[{"Id": "m", "MetricStat": stat_of}],
        StartTime=now - timedelta(hours=1),
        EndTime=now + timedelta(minutes=1),
    )["MetricDataResults"]
    values = result["Values"]
    return max(values) if stat == "Maximum" else sum(values)


def leave_queue(workspace, outcome, milliseconds, **more):
    """A conversation leaves the queue."""
    values = {"queueId": QUEUE, "acdOutcome": outcome, "connectedDurationMs": milliseconds, **more}
    set_values = {f"eventBody.{name}": value for name, value in values.items()}
    assert emit(workspace.sandbox, f"{DETAIL}acd.end", set_values=set_values).sent == 1


def test_a_second_plan_is_clean(bridge):
    """What was applied is what is there, and the blueprint's own tests pass."""
    bridge.ok("plan", "loop", "--detailed-exitcode")
    bridge.ok("test", "loop")


def test_conversations_count_by_queue_and_media_type(bridge):
    """Queued, answered, abandoned, and after how long."""
    queued = ["--set", f"eventBody.queueId={QUEUE}", "--set", "eventBody.mediaType=VOICE"]
    now = round(datetime.now(timezone.utc).timestamp() * 1000)
    queued += ["--set", f"eventBody.eventTime={now}", "--count", "3"]
    bridge.ok("sandbox", "emit", f"{DETAIL}acd.start", *queued)
    leave_queue(bridge, "ANSWERED", 12_000)
    leave_queue(bridge, "ANSWERED", 30_000)
    leave_queue(bridge, "ABANDON", 61_000)
    leave_queue(bridge, "ABANDON", 5_000, mediaType="MESSAGE")

    wait_until(lambda: read(bridge, "ConversationsQueued", IN_QUEUE) == 3)
    wait_until(lambda: read(bridge, "ConversationsAnswered", IN_QUEUE) == 2)
    wait_until(lambda: read(bridge, "ConversationsAbandoned", IN_QUEUE) == 1)
    wait_until(lambda: read(bridge, "ConversationsAbandoned", IN_QUEUE | {"MediaType": "MESSAGE"}) == 1)
    assert read(bridge, "TimeToAnswer", IN_QUEUE) == 42_000
    assert read(bridge, "TimeToAnswer", IN_QUEUE, "Maximum") == 30_000
    assert read(bridge, "TimeToAbandon", IN_QUEUE) == 61_000


def test_an_agent_who_changes_the_routing_status_counts(bridge):
    """Changed in the organization, as the agent's page does."""
    (user,) = (
        user["id"]
        for user in bridge.genesys("GET", "/api/v2/users")["entities"]
        if user["email"] == "test.user@example.com"
    )
    path = f"/api/v2/users/{user}/routingstatus"
    before = bridge.genesys("GET", path)["status"]
    for status in ("IDLE", "NOT_RESPONDING", "IDLE", before):
        bridge.genesys("PUT", path, {"userId": user, "status": status})

    wait_until(lambda: read(bridge, "RoutingStatusChanges", {"Status": "IDLE"}) == 2)
    wait_until(lambda: read(bridge, "RoutingStatusChanges", {"Status": "NOT_RESPONDING"}) == 1)


def test_a_flow_outcome_counts(bridge):
    """By outcome and value, with how long it took."""
    times = {"flowOutcomeId": "sold", "flowOutcomeStartTime": 1000, "flowOutcomeEndTime": 5395}
    emit(
        bridge.sandbox,
        f"{DETAIL}flow.outcome",
        set_values={f"eventBody.{name}": value for name, value in times.items()},
    )
    outcome = {"FlowOutcomeId": "sold", "Value": "SUCCESS"}
    wait_until(lambda: read(bridge, "FlowOutcomes", outcome) == 1)
    assert read(bridge, "TimeToFlowOutcome", outcome) == 4395


def test_no_metric_has_an_id_of_a_conversation_or_person(bridge):
    """Every dimension has few values."""
    metrics = bridge.aws("cloudwatch").list_metrics(Namespace="GenesysCloud")["Metrics"]
    names = {dimension["Name"] for metric in metrics for dimension in metric["Dimensions"]}
    assert names == {"QueueId", "MediaType", "Status", "FlowOutcomeId", "Value"}


def test_the_dashboard_shows_what_is_counted(bridge):
    """Each of its searches is for a metric and dimensions that there are, in this region."""
    cloudwatch = bridge.aws("cloudwatch")
    board = cloudwatch.get_dashboard(DashboardName="gcbridge-loop-queues")
    widgets = json.loads(board["DashboardBody"])["widgets"]
    assert {widget["properties"]["region"] for widget in widgets} == {"eu-central-1"}
    searches = [line[0]["expression"] for widget in widgets for line in widget["properties"]["metrics"]]
    found = {
        re.search(r"'\{GenesysCloud,(.*)\} MetricName=\"(.*)\"'", search).groups() for search in searches
    }
    shown = {(name, frozenset(dimensions.split(","))) for dimensions, name in found}
    counted = {
        (metric["MetricName"], frozenset(dimension["Name"] for dimension in metric["Dimensions"]))
        for metric in cloudwatch.list_metrics(Namespace="GenesysCloud")["Metrics"]
    }
    assert len(searches) == 8
    assert shown - counted == {("ConversationsFlowedOut", frozenset(IN_QUEUE))}


def test_destroy_leaves_nothing(bridge):
    """Neither function nor dashboard; nothing was left over in the dead-letter queue."""
    assert letters(bridge, "metrics") == 0
    end(bridge)
