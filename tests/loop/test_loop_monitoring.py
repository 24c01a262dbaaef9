"""One bridge that is watched and kept: an alarm on its rule, a dashboard, a stream whose events lie in S3 under a table.

Making it takes most of a minute, so the tests share one bridge and run in this order.
"""

import gzip
import json
from datetime import date

import pytest
from every_target import messages, subscribe
from loop_workspace import BUS_ONLY, PRESENCE, LoopWorkspace, wait_until
from wildcards import wildcards

from gcbridge.sandbox.runtime import emit

pytestmark = pytest.mark.sandbox

WATCHED = (
    BUS_ONLY
    + """\
rules:
  presence:
    description: Somebody changed presence
    topics: ["v2.users.{{id}}.presence"]
    targets: [events]
    alarm: {{threshold: 2, period_seconds: 60, notify: ["TOPIC_ARN"]}}
targets:
  events:
    type: kinesis
    dead_letter: false
    to_s3: {{buffer_seconds: 1, buffer_mb: 1, destroy_objects: true, first_day: "2024-02-29"}}
dashboards:
  operations:
    widgets:
      - {{type: text, width: 24, height: 2, properties: {{markdown: "# Contact centre ${{NAME}}"}}}}
      - {{type: metric, properties: {{metrics: [[AWS/Events, TriggeredRules, RuleName, presence]]}}}}
"""
)
NAME = "gcbridge-loop-events"


@pytest.fixture(scope="module")
def bridge(tmp_path_factory):
    """A workspace whose environment `loop` is watched and kept, applied."""
    workspace = LoopWorkspace.open(tmp_path_factory.mktemp("watched") / "workspace")
    try:
        workspace.topic = workspace.aws("sns").create_topic(Name="on-call")["TopicArn"]
        subscribe(workspace.aws("sqs"), workspace.aws("sns"), workspace.topic)
        workspace.write(WATCHED.replace("TOPIC_ARN", workspace.topic))
        workspace.plan()
        workspace.ok("apply", "loop")
        yield workspace
    finally:
        workspace.close()


def bucket(workspace):
    """Name of the bucket."""
    return f"gcbridge-{workspace.sandbox.account_id}-eu-central-1-loop-events"


def test_a_second_plan_is_clean(bridge):
    """What was applied is what is there, to the last attribute."""
    bridge.ok("plan", "loop", "--detailed-exitcode")


def test_no_wildcard_stands_in_a_policy_of_the_plan(bridge):
    """Every action and every resource is exact; objects of a bucket have no names yet."""
    plans = [json.loads((folder / "aws.json").read_text()) for folder in bridge.bundles()]
    assert [found for plan in plans for found in wildcards(plan)] == []


@pytest.fixture(scope="module")
def objects(bridge):
    """Key -> events of every object, after three presence changes."""
    for _ in range(3):
        emit(bridge.sandbox, PRESENCE)
    return wait_until(lambda: read_objects(bridge, at_least=3))


def read_objects(workspace, at_least):
    """Every object, as soon as they hold so many events."""
    s3 = workspace.aws("s3")
    found = {}
    for item in s3.list_objects_v2(Bucket=bucket(workspace)).get("Contents", []):
        text = gzip.decompress(s3.get_object(Bucket=bucket(workspace), Key=item["Key"])["Body"].read())
        found[item["Key"]] = [json.loads(line) for line in text.decode().splitlines()]
    return found if sum(map(len, found.values())) >= at_least else None


def flat(objects):
    """The events of all objects."""
    return [event for lines in objects.values() for event in lines]


def test_events_lie_in_s3_a_line_each(objects):
    """Whole, in gzip."""
    events = flat(objects)
    assert [event["detail-type"] for event in events] == [PRESENCE] * 3
    assert len({event["id"] for event in events}) == 3


def test_the_table_looks_where_the_objects_lie(bridge, objects):
    """With day and hour of an object in its place, the table's template is what its key begins with."""
    table = bridge.aws("glue").get_table(DatabaseName="gcbridge_loop_events", Name="events")["Table"]
    template = table["Parameters"]["storage.location.template"]
    assert table["Parameters"]["projection.day.range"] == "2024-02-29,NOW"
    for key in objects:
        parts = dict(part.split("=") for part in key.split("/") if "=" in part)
        day = date.fromisoformat(parts["day"]).isoformat()
        hour = f"{int(parts['hour']):02}"
        place = template.replace("${day}", day).replace("${hour}", hour)
        assert f"s3://{bucket(bridge)}/{key}".startswith(place)


def test_the_columns_are_those_of_the_events(bridge, objects):
    """Every field of an event has a column, under the name that the table maps to it."""
    descriptor = bridge.aws("glue").get_table(DatabaseName="gcbridge_loop_events", Name="events")["Table"][
        "StorageDescriptor"
    ]
    mapping = descriptor["SerdeInfo"]["Parameters"]
    columns = {mapping.get(f"mapping.{column['Name']}", column["Name"]) for column in descriptor["Columns"]}
    assert {field for event in flat(objects) for field in event} == columns


def test_the_first_query_finds_the_events(bridge, objects):
    """It waits in the workgroup, runs as it is, and its results lie where the workgroup says."""
    athena = bridge.aws("athena")
    (query,) = athena.list_named_queries(WorkGroup=NAME)["NamedQueryIds"]
    sql = athena.get_named_query(NamedQueryId=query)["NamedQuery"]["QueryString"]
    run = athena.start_query_execution(QueryString=sql, WorkGroup=NAME)["QueryExecutionId"]
    done = wait_until(lambda: ended(athena, run))
    assert done["Status"]["State"] == "SUCCEEDED", done["Status"]
    assert done["ResultConfiguration"]["OutputLocation"].startswith(f"s3://{bucket(bridge)}/athena-results/")
    found = athena.get_query_results(QueryExecutionId=run)["ResultSet"]["Rows"]
    header, *rows = [[cell.get("VarCharValue") for cell in row["Data"]] for row in found]
    assert header == ["time", "detail_type", "topic", "body"]
    sent = {event["detail"]["topicName"]: event["detail"]["eventBody"] for event in flat(objects)}
    assert {topic: json.loads(body) for _, _, topic, body in rows} == sent
    assert [row[1] for row in rows] == [PRESENCE] * 3


def ended(athena, run):
    """A query's execution, as soon as it has ended."""
    found = athena.get_query_execution(QueryExecutionId=run)["QueryExecution"]
    return found if found["Status"]["State"] in {"SUCCEEDED", "FAILED", "CANCELLED"} else None


def test_the_alarm_is_raised_and_the_topic_told(bridge, objects):
    """Three matches within a minute are at least two, even where a minute ended between them."""
    assert objects
    (told,) = wait_until(lambda: raised(bridge))
    assert told["AlarmName"] == "gcbridge-loop-presence"
    assert told["AlarmDescription"] == "Somebody changed presence"


def raised(workspace):
    """What the topic was told of alarms that went up; a new alarm also tells that all is well, once."""
    bodies = messages(workspace.aws("sqs"), "behind-topic")
    told = [json.loads(json.loads(body)["Message"]) for body in bodies]
    return [one for one in told if one["NewStateValue"] == "ALARM"]


def test_the_dashboard_shows_the_environments_region(bridge):
    """Where no region was written; and no text became syntax."""
    body = bridge.aws("cloudwatch").get_dashboard(DashboardName="gcbridge-loop-operations")["DashboardBody"]
    title, chart = json.loads(body)["widgets"]
    assert title["properties"] == {"markdown": "# Contact centre ${NAME}"}
    assert chart["properties"]["region"] == "eu-central-1"


def test_destroy_leaves_nothing(bridge):
    """Neither resources nor the objects, which the environment allows to go."""
    bridge.ok("destroy", "loop", "--auto-approve")
    bridge.aws("sns").delete_topic(TopicArn=bridge.topic)
    bridge.aws("sqs").delete_queue(
        QueueUrl=bridge.aws("sqs").get_queue_url(QueueName="behind-topic")["QueueUrl"]
    )
    assert {kind: count for kind, count in bridge.contents().items() if count} == {}
