"""Conversations happen, and their events lie in S3 by day and hour, with a table over them."""

import gzip
import json
import re
from datetime import datetime, timezone
from pathlib import Path

import pytest
from blueprint_steps import begin, end, wait_until

import gcbridge
from gcbridge.sandbox.runtime import emit

pytestmark = pytest.mark.sandbox

README = Path(__file__).parents[2] / "blueprints" / "events-to-s3" / "README.md"
TOPICS = "v2.detail.events.conversation.{id}."
CONVERSATION = "6e9f3b1c-0d47-4a52-8b7e-f5c2a9d80e34"
STREAM = "gcbridge-loop-conversations"
DATABASE = "gcbridge_loop_conversations"
ANSWERS = {
    # The provider waits most of a minute for a lifecycle; modules/s3-delivery is tested with one.
    "targets.conversations.to_s3.keep_days": "null",
    "targets.conversations.to_s3.destroy_objects": "true",
}


@pytest.fixture(scope="module")
def bridge(tmp_path_factory):
    """A workspace with the blueprint's bridge, applied."""
    workspace = begin(tmp_path_factory.mktemp("s3"), "events-to-s3", lambda _: ANSWERS)
    yield workspace
    workspace.close()


def bucket(workspace):
    """Its name."""
    return f"gcbridge-{workspace.sandbox.account_id}-eu-central-1-loop-conversations"


def files(workspace):
    """Key -> lines of every object."""
    s3 = workspace.aws("s3")
    found = {}
    for item in s3.list_objects_v2(Bucket=bucket(workspace), Prefix="events/").get("Contents", []):
        body = s3.get_object(Bucket=bucket(workspace), Key=item["Key"])["Body"].read()
        found[item["Key"]] = gzip.decompress(body).decode().splitlines()
    return found


def kept(workspace):
    """Every event in every file."""
    return [json.loads(line) for lines in files(workspace).values() for line in lines]


def records(workspace):
    """Partition key and data of everything in the stream."""
    kinesis = workspace.aws("kinesis")
    found = []
    for shard in kinesis.list_shards(StreamName=STREAM)["Shards"]:
        place = kinesis.get_shard_iterator(
            StreamName=STREAM, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        found += kinesis.get_records(ShardIterator=place)["Records"]
    return [(record["PartitionKey"], record["Data"].decode()) for record in found]


def table(workspace):
    """The Glue table."""
    return workspace.aws("glue").get_table(DatabaseName=DATABASE, Name="events")["Table"]


def test_a_second_plan_is_clean(bridge):
    """What was applied is what is there, and the blueprint's own tests pass."""
    bridge.ok("plan", "loop", "--detailed-exitcode")
    bridge.ok("test", "loop")


def test_the_end_of_a_conversation_is_a_line_in_a_file(bridge):
    """Gzip, in the folder of its day and hour; the same bytes that the stream keeps, under the conversation's key."""
    emit(bridge.sandbox, f"{TOPICS}customer.end", set_values={"eventBody.conversationId": CONVERSATION})
    ((key, lines),) = wait_until(lambda: files(bridge)).items()

    folder = re.fullmatch(r"events/day=(\d{4}-\d\d-\d\d)/hour=(\d\d)/[^/]+\.gz", key)
    assert folder, key
    arrived = datetime.strptime(" ".join(folder.groups()), "%Y-%m-%d %H").replace(tzinfo=timezone.utc)
    assert 0 <= (datetime.now(timezone.utc) - arrived).total_seconds() < 3700
    assert records(bridge) == [(CONVERSATION, lines[0])]
    (event,) = map(json.loads, lines)
    assert event["detail-type"] == f"{TOPICS}customer.end"
    assert event["source"] == bridge.source_name()
    assert event["detail"]["eventBody"]["conversationId"] == CONVERSATION


def test_every_topic_of_a_conversation_arrives(bridge):
    """All that the environment subscribes to; of some, gcbridge has a recorded event."""
    topics = gcbridge.load_environment("loop", workspace=bridge.root).spec.genesys.topics
    known = {topic["topic"] for topic in bridge.ok("topics", "list", "--json").data["topics"]}
    assert set(topics) == {topic for topic in known if topic.startswith(TOPICS)}
    for topic in topics:
        detail = {
            "topicName": topic.replace("{id}", CONVERSATION),
            "eventBody": {"conversationId": CONVERSATION},
        }
        emit(bridge.sandbox, topic, detail=detail)

    wait_until(lambda: {event["detail-type"] for event in kept(bridge)} == set(topics))
    assert len({event["id"] for event in kept(bridge)}) == 1 + len(topics)


def test_the_table_fits_the_files(bridge):
    """A column for each key of an event, computed partitions for each folder, and a SerDe that finds detail-type."""
    made = table(bridge)
    columns = {column["Name"] for column in made["StorageDescriptor"]["Columns"]}
    assert columns == {key.replace("-", "_") for event in kept(bridge) for key in event}
    assert [key["Name"] for key in made["PartitionKeys"]] == ["day", "hour"]
    parameters = made["Parameters"]
    assert parameters["projection.enabled"] == "true"
    serde = made["StorageDescriptor"]["SerdeInfo"]["Parameters"]
    assert serde["mapping.detail_type"] == "detail-type"
    for key in files(bridge):
        day, hour = re.search(r"day=([^/]+)/hour=([^/]+)/", key).groups()
        place = parameters["storage.location.template"].replace("${day}", day).replace("${hour}", hour)
        assert f"s3://{bucket(bridge)}/{key}".startswith(place)
        assert parameters["projection.day.range"].split(",")[0] <= day


def ask(workspace, query):
    """Rows of an answer of Athena, each by column."""
    athena = workspace.aws("athena")
    identity = athena.start_query_execution(QueryString=query, WorkGroup=STREAM)["QueryExecutionId"]
    execution = wait_until(lambda: ended(athena, identity))
    assert execution["Status"]["State"] == "SUCCEEDED", execution["Status"]
    head, *rows = athena.get_query_results(QueryExecutionId=identity)["ResultSet"]["Rows"]
    names = [cell["VarCharValue"] for cell in head["Data"]]
    return [dict(zip(names, [cell.get("VarCharValue") for cell in row["Data"]], strict=True)) for row in rows]


def ended(athena, identity):
    """The execution, as soon as there is an answer."""
    execution = athena.get_query_execution(QueryExecutionId=identity)["QueryExecution"]
    return execution if execution["Status"]["State"] in {"SUCCEEDED", "FAILED", "CANCELLED"} else None


def test_analysts_find_a_first_query_and_it_answers(bridge):
    """Saved in a workgroup of its own, which keeps results in the bucket."""
    athena = bridge.aws("athena")
    (identity,) = athena.list_named_queries(WorkGroup=STREAM)["NamedQueryIds"]
    query = athena.get_named_query(NamedQueryId=identity)["NamedQuery"]
    assert (query["Name"], query["Database"]) == ("events-newest", DATABASE)
    configuration = athena.get_work_group(WorkGroup=STREAM)["WorkGroup"]["Configuration"]
    results = configuration["ResultConfiguration"]["OutputLocation"]
    assert results == f"s3://{bucket(bridge)}/athena-results/"

    rows = ask(bridge, query["QueryString"])
    assert {row["detail_type"] for row in rows} == {event["detail-type"] for event in kept(bridge)}
    assert {row["topic"] for row in rows} == {event["detail"]["topicName"] for event in kept(bridge)}


def test_the_examples_of_the_readme_answer(bridge):
    """For this environment and the days on which the tests ran."""
    days = sorted(re.search(r"day=([^/]+)", key)[1] for key in files(bridge))
    text = README.read_text().replace("gcbridge_dev_", "gcbridge_loop_")
    text = text.replace("2026-12-01", days[0]).replace("2026-12-07", days[-1])
    queues, conversation, lateness = re.findall(r"```sql\n(.*?)```", text, re.DOTALL)

    (answered,) = ask(bridge, queues)
    assert (answered["outcome"], answered["conversations"]) == ("ANSWERED", "1")
    assert float(answered["seconds"]) == pytest.approx(39.674)
    what = [row["what"] for row in ask(bridge, conversation)]
    assert what.count("customer.end") == 1
    assert "acd.start" in what
    assert all(0 <= float(row["seconds"]) < 60 for row in ask(bridge, lateness) if row["seconds"])


def test_destroy_leaves_nothing(bridge):
    """Neither stream nor bucket nor table nor workgroup nor query."""
    end(bridge)
