"""What validate says of triggers and flows: refusals with a place and what to write, warnings with what was meant."""

import pytest

from gcbridge.errors import EnvironmentInvalidError
from gcbridge.model.topic import Topic, TopicCatalogue
from gcbridge.study.patterns.lints import environment_warnings
from gcbridge.study.resolve import resolve
from gcbridge.study.validate import validate_environment
from gcbridge.workspace.topic_snapshots import read_bundled

PRESENCE = "v2.users.{id}.presence"
BASE = {
    "genesys": {
        "region": "eu-central-1",
        "org_id": "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11",
        "event_source_suffix": "dev",
        "topics": [PRESENCE],
    },
    "aws": {"region": "eu-central-1", "account_id": "123456789012"},
}
CATALOGUE = read_bundled()


def environment(trigger=None, **more):
    """An environment with one trigger."""
    written = {"topic": PRESENCE, "workflow": "Presence log", **(trigger or {})}
    return {**BASE, "triggers": {"away": written}, **more}


def matching(**criterion):
    return {"match": [{"json_path": "message", **criterion}]}


def problems(values, catalogue=CATALOGUE):
    """`key: message` of everything that is refused."""
    try:
        validate_environment("dev", values, {}, catalogue)
    except EnvironmentInvalidError as error:
        return [f"{problem.key}: {problem.message}" for problem in error.problems]
    return []


def warnings(values, catalogue=CATALOGUE):
    """`key: message | hint` of every warning about triggers."""
    spec = validate_environment("dev", values, {}, catalogue)
    found = environment_warnings("dev", spec, catalogue)
    return [
        f"{'.'.join(map(str, one.at[2:]))}: {one.message} | {one.hint}"
        for one in found
        if one.at[0] == "triggers"
    ]


@pytest.mark.parametrize(
    ("trigger", "key", "said"),
    [
        ({"ttl": "60s", "delay": "2m"}, "triggers.away.delay", "stands beside ttl"),
        ({"ttl": 9}, "triggers.away.ttl", "10"),
        ({"delay": 901}, "triggers.away.delay", "900"),
        (matching(operator="In", value="A"), "match[0].value", "write values: [A]"),
        (
            matching(operator="Equal", values=["A"]),
            "match[0].values",
            "write value: A; for several: operator: In",
        ),
        (matching(operator="In"), "match[0].operator", "In needs values"),
        (matching(operator="Equal"), "match[0].operator", "Equal needs value"),
        (matching(operator="All", values=[]), "match[0].values", "is empty"),
        (matching(operator="In", values=[{}]), "match[0].values", "compares with text"),
        (matching(operator="Equal", value="a", values=["a"]), "match[0].values", "stands beside value"),
        (matching(operator="Exists", value="true"), "match[0].value", "write true"),
        (matching(operator="Size", value=-1), "match[0].value", "0 or more"),
        (matching(operator="Size", value=1.5), "match[0].value", "whole number"),
        (matching(operator="LessThan", value="7"), "match[0].value", "write 7 without quotes"),
        (matching(operator="LessThan", value=True), "match[0].value", "true is none"),
        (matching(operator="Equal", value=float("nan")), "match[0].value", "no number in JSON"),
        (matching(operator="Equals", value=1), "match[0].operator", "Equal"),
        (
            {"match": [{"json_path": "$.detail.eventBody.message", "operator": "Exists", "value": True}]},
            "match[0].json_path",
            "write message",
        ),
        (
            {"match": [{"json_path": "eventBody", "operator": "Exists", "value": True}]},
            "match[0].json_path",
            "name a field of the body",
        ),
        (
            {"match": [{"json_path": "a[", "operator": "Exists", "value": True}]},
            "match[0].json_path",
            "no JSONPath",
        ),
        ({"topic": "v2.users.{id}.presense"}, "triggers.away.topic", "did you mean v2.users.{id}.presence?"),
        ({"topic": "v2.system.token_revoked.{id}"}, "triggers.away.topic", "own socket"),
    ],
)
def test_what_is_refused(trigger, key, said):
    """At its place, with what to write instead."""
    (problem,) = problems(environment(trigger))

    assert key in problem.partition(": ")[0]
    assert said in problem


@pytest.mark.parametrize(
    "trigger",
    [
        {},
        {"ttl": 10},
        {"delay": "15m"},
        matching(operator="Exists", value=False),
        matching(operator="Size", value=0),
        matching(operator="NotIn", values=["a", 1, True]),
        {"match": [{"json_path": "$.message", "operator": "Contains", "value": "detail"}]},
        {"match": [{"json_path": "details.x[?@.a == 'b'].c", "operator": "Equal", "value": 0}]},
    ],
)
def test_what_is_fine(trigger):
    """Nothing is said of it."""
    assert problems(environment(trigger)) == []


def test_names_and_flows_across_triggers():
    """Two of one name, a flow that nobody starts, a test of a trigger that is not there."""
    values = environment(
        {"name": "gcbridge dev busy"},
        flows={"log": {"file": "flows/log.yaml"}},
        tests={"t": {"event": {"detail-type": PRESENCE, "detail": {}}, "rules": [], "triggers": ["awy"]}},
    )
    values["triggers"]["busy"] = {"topic": PRESENCE, "workflow": "Presence log"}

    assert problems(values) == [
        "tests.t.triggers[0]: awy is no trigger; did you mean away? triggers: away, busy",
        "triggers.busy: is called 'gcbridge dev busy' as away is; give it a name of its own",
        "flows.log: no trigger starts it; name it in a trigger's workflow or remove it",
    ]


def catalogue_with(transports):
    topic = Topic(topic=PRESENCE, transports=transports, source="organization")
    return TopicCatalogue(topics=(topic,), taken_at="2026-12-01", origin="test", asked=True)


@pytest.mark.parametrize(
    ("transports", "refused"),
    [(("All",), False), (("EventBridge", "ProcessAutomation"), False), (("EventBridge",), True)],
)
def test_a_topic_that_the_organization_does_not_offer_to_triggers(transports, refused):
    """It says so, so the trigger would never start."""
    found = problems(environment(), catalogue_with(transports))

    assert bool(found) is refused
    assert all("a trigger needs ProcessAutomation" in problem for problem in found)


@pytest.mark.parametrize(
    ("criterion", "said"),
    [
        (
            ("presenceDefinition.systemPresense", "Equal", "AWAY"),
            "did you mean presenceDefinition.systemPresence?",
        ),
        (("systemPresence", "Equal", "AWAY"), "did you mean presenceDefinition.systemPresence?"),
        (("presenceDefinition.systemPresence", "Equal", "Away"), "did you mean AWAY? Case counts"),
        (("presenceDefinition.systemPresence", "Equal", 5), 'write "5"'),
        (("presenceDefinition.systemPresence", "GreaterThan", 5), "GreaterThan never holds"),
        (("presenceDefinition.systemPresence", "NotEqual", "Gone"), "so it always holds"),
    ],
)
def test_what_is_doubtful(criterion, said):
    """By what is known of the topic's body."""
    path, operator, value = criterion
    trigger = {"match": [{"json_path": path, "operator": operator, "value": value}]}

    _transport, warning = warnings(environment(trigger))

    assert said in warning


def test_a_list_needs_a_step_of_its_own():
    """JSONPath does not look through lists as event patterns do."""
    topic = "v2.conversations.{id}.transcription"
    paths = ["transcripts.utteranceId", "transcripts[*].utteranceId", "transcripts[0].utteranceId"]
    match = [{"json_path": path, "operator": "Equal", "value": "x"} for path in paths]

    found = warnings(environment({"topic": topic, "match": match}))

    assert [one for one in found if "topic" not in one.partition(":")[0]] == [
        "match.0.json_path: transcripts is a list, so transcripts.utteranceId finds nothing | write transcripts[*].utteranceId"
    ]


def test_a_workflow_that_was_probably_a_flow():
    """A name that comes near a flow's key would be looked up in the organization."""
    values = environment({"workflow": "presense-log"}, flows={"presence-log": {"file": "f.yaml"}})
    values["triggers"]["busy"] = {"topic": PRESENCE, "workflow": "presence-log"}

    assert any("did you mean presence-log?" in one for one in warnings(values))


def test_what_a_trigger_resolves_to():
    """Sorted, with a name, one key for each criterion's value, and the workflow that is meant."""
    values = environment(
        {"workflow": "log", "ttl": "2m", **matching(operator="In", values=["A", 1])},
        flows={"log": {"file": "flows/log.yaml", "substitutions": {"b": "2", "a": "1"}}},
    )
    identity = "6C1F0E52-0001-4000-8000-000000000001"
    values["triggers"]["aaa"] = {"topic": PRESENCE, "workflow": identity, "match": [], "name": "Mine"}

    bridge = resolve("dev", validate_environment("dev", values, {}))

    first, second = bridge.triggers
    assert (first.name, first.title, first.match_json, first.workflow.kind) == ("aaa", "Mine", "[]", "id")
    assert first.workflow.value == identity.lower()
    assert (second.title, second.ttl_seconds, second.workflow.kind) == ("gcbridge dev away", 120, "flow")
    assert second.match_json == '[{"jsonPath":"message","operator":"In","values":["A",1]}]'
    assert bridge.flows[0].substitutions == (("a", "1"), ("b", "2"))
