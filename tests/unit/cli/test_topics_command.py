"""`gcbridge topics`: tables for people, the same as JSON for programs, and nothing sent anywhere."""

import json

import pytest
from typer.testing import CliRunner

from gcbridge.cli.app import app
from gcbridge.model.topic import Topic, TopicCatalogue
from gcbridge.workspace.layout import Workspace
from gcbridge.workspace.topic_snapshots import write_organization_topics

PRESENCE = "v2.users.{id}.presence"
STATION = "v2.users.{id}.station"
ENVIRONMENT = f"""\
genesys:
  region: eu-central-1
  event_source_suffix: dev
  base_url: http://127.0.0.1:9
  topics: ["{PRESENCE}"]
aws: {{region: eu-central-1}}
rules:
  presence: {{targets: [queue]}}
targets:
  queue: {{type: sqs}}
"""
ORGANIZATION = TopicCatalogue(
    topics=(
        Topic(topic="v2.brand.{id}.new", transports=("EventBridge",), permissions=(), source="organization"),
        Topic(topic=PRESENCE, transports=("All",), permissions=("a:b:c",), source="organization"),
        Topic(topic=STATION, transports=("Websocket",), permissions=(), source="organization"),
    ),
    taken_at="2026-05-06T07:08:09+00:00",
    origin="organization Acme (o-1)",
    asked=True,
)


@pytest.fixture
def typed(tmp_path):
    """``typed("list")``: `gcbridge topics list` in a workspace whose environment dev was refreshed."""
    (tmp_path / "environments").mkdir()
    (tmp_path / "environments" / "dev.yaml").write_text(ENVIRONMENT)
    write_organization_topics(Workspace(tmp_path), "dev", ORGANIZATION)
    return lambda *words: CliRunner().invoke(app, ["--workspace", str(tmp_path), "topics", *words])


def listed(done) -> list[str]:
    """First word of each line of a table, without its head."""
    return [line.split()[0] for line in done.stdout.splitlines()[1:]]


def test_all_topics_are_listed(typed):
    """Those that gcbridge brings; with --env those of the organization too."""
    bundled, with_organization = listed(typed("list")), listed(typed("list", "--env", "dev"))

    assert len(bundled) == 241
    assert set(with_organization) - set(bundled) == {"v2.brand.{id}.new"}
    assert with_organization == sorted(with_organization)


def test_where_the_list_comes_from_is_said_beside_it(typed):
    """On stderr, so that stdout is the list and nothing else."""
    assert "PureCloudPlatformClientV2 269.0.0, 2026-07-13" in typed("list").stderr
    assert "242 topics; organization Acme (o-1), over" in typed("list", "--env", "dev").stderr


def test_topics_that_reach_eventbridge(typed):
    """By what the organization says; where it says nothing, those that were seen there."""
    before, after = (
        listed(typed("list", "--eventbridge")),
        listed(typed("list", "--eventbridge", "--env", "dev")),
    )

    assert PRESENCE in before
    assert set(after) - set(before) == {"v2.brand.{id}.new"}
    assert STATION not in after


def test_the_list_as_json(typed):
    """The catalogue without the bodies, which `show` has."""
    said = json.loads(typed("list", "--env", "dev", "--json").stdout)
    station = next(topic for topic in said["topics"] if topic["topic"] == STATION)

    assert said["asked"] is True
    assert (station["transports"], station["source"]) == (["Websocket"], "organization")
    assert "fields" not in station


def test_search(typed):
    """The nearest topic first."""
    assert listed(typed("search", "routing status"))[0] == "v2.users.{id}.routingStatus"
    assert [
        topic["topic"]
        for topic in json.loads(typed("search", "brand new", "--env", "dev", "--json").stdout)["topics"]
    ] == ["v2.brand.{id}.new"]


def test_show(typed):
    """Paths as patterns write them, with types and known values."""
    done = typed("show", PRESENCE, "--env", "dev")

    assert "transports   All" in done.stdout
    assert "permissions  a:b:c" in done.stdout
    assert "detail.eventBody.presenceDefinition.systemPresence" in done.stdout
    assert "ON_QUEUE" in done.stdout
    assert (
        Topic.model_validate_json(typed("show", PRESENCE, "--env", "dev", "--json").stdout).eventbridge
        is True
    )


def test_show_where_little_is_known(typed):
    """Unknown is said to be unknown."""
    done = typed("show", "v2.users.{id}.alerting.heartbeat.alerts")

    assert "transports   unknown" in done.stdout
    assert "its fields are not known" in done.stdout


def test_a_sample(typed):
    """A whole event, as JSON; values can be set as with `sandbox emit`."""
    done = typed(
        "sample", PRESENCE, "--set", "eventBody.primary=false", "--set", "eventBody.message=gone fishing"
    )
    event = json.loads(done.stdout)

    assert event["detail-type"] == PRESENCE
    assert (event["detail"]["eventBody"]["primary"], event["detail"]["eventBody"]["message"]) == (
        False,
        "gone fishing",
    )


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["show", "v2.users.{id}.presense"], 2, f"did you mean {PRESENCE}?"),
        (["sample", "v2.users.{id}.presense"], 2, f"did you mean {PRESENCE}?"),
        (["show", "v2.brand.{id}.new"], 2, "next: "),
        (["show", "zzz"], 2, "gcbridge topics search zzz"),
        (["list", "--env", "dve"], 2, "did you mean dev?"),
        (["list", "--env", "No Name"], 2, "cannot name an environment"),
        (["sample", PRESENCE, "--set", "eventBody.message"], 2, "not of the form PATH=VALUE"),
        (["sample", PRESENCE, "--set", "eventBody.primary.x=1"], 2, "nothing to hold 'x'"),
        (["refresh", "dve"], 2, "did you mean dev?"),
        (["refresh", "dev"], 1, "next: "),
    ],
)
def test_what_is_refused(typed, words, code, said):
    """Each line: what was typed, the exit code, and what is said about it."""
    done = typed(*words)

    assert (done.exit_code, said in done.stderr) == (code, True), done.stderr
    assert done.stdout == ""
