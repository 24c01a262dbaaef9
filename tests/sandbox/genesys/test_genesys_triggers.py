"""Triggers over the API: their life, their limits, their listing, their audits, and trying them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from genesys_organization import (
    AUDITS,
    CLIENT_ID,
    PRESENCE,
    TRIGGERS,
    Organization,
    RecordingPartner,
    run_organization,
)

AWAY = {"jsonPath": "presenceDefinition.systemPresence", "operator": "Equal", "value": "AWAY"}
ROUTING_STATUS = "v2.users.{id}.routingStatus"


@pytest.fixture(scope="module")
def refusing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organization]:
    """An organization with a published workflow, for calls that change nothing."""
    with run_organization(tmp_path_factory.mktemp("refusing"), RecordingPartner()) as running:
        running.deploy_workflow()
        yield running


@pytest.fixture
def workflow(organization: Organization) -> str:
    """A published workflow."""
    return organization.deploy_workflow()


def test_a_trigger_is_made_read_changed_and_deleted(organization: Organization, workflow: str) -> None:
    """The version grows, the path's case does not matter, and of value and values only the one that is set stays."""
    made = organization.make_trigger(workflow, matchCriteria=[AWAY | {"values": None}], eventTTLSeconds="120")
    path = f"{TRIGGERS}/{made['id']}"
    assert made == {
        "id": made["id"],
        "name": "away",
        "topicName": PRESENCE,
        "target": {"type": "Workflow", "id": workflow},
        "version": 1,
        "enabled": True,
        "matchCriteria": [AWAY],
        "eventTTLSeconds": 120,
        "selfUri": path,
    }
    assert organization.get(path.replace("processautomation", "processAutomation")) == made
    settings = {"workflowTargetSettings": {"dataFormat": "Json"}}
    change = {"enabled": False, "delayBySeconds": 60, "target": made["target"] | settings, "description": "d"}
    body = {key: value for key, value in made.items() if key != "eventTTLSeconds"} | change
    changed = organization.must("PUT", path, body)
    assert changed == body | {"version": 2}
    organization.must("DELETE", path)
    assert organization.call("GET", path).status == 404
    assert organization.call("DELETE", path).status == 404


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 257}, "name"),
        ({"name": None}, "name"),
        ({"topicName": "v2.users.{id}.station"}, "not available for process automation"),
        ({"topicName": "v2.users.9.presence"}, "not available for process automation"),
        ({"enabled": "yes"}, "enabled"),
        ({"description": "x" * 513}, "description"),
        ({"eventTTLSeconds": 9}, "eventTTLSeconds"),
        ({"delayBySeconds": 59}, "delayBySeconds"),
        ({"delayBySeconds": 901}, "delayBySeconds"),
        ({"eventTTLSeconds": 10, "delayBySeconds": 60}, "only one of"),
        ({"target": {"type": "Flow", "id": "x"}}, "target.type"),
        ({"target": {"type": "Workflow", "id": "nobody"}}, "not a published workflow"),
        ({"target": {"type": "Workflow"}}, "target.id"),
        ({"matchCriteria": [AWAY | {"jsonPath": "a["}]}, "matchCriteria.0.jsonPath"),
        ({"matchCriteria": [AWAY | {"operator": "Like"}]}, "matchCriteria.0.operator"),
        ({"matchCriteria": [AWAY | {"values": ["AWAY"]}]}, "exactly one of value and values"),
        ({"matchCriteria": [AWAY | {"value": None}]}, "exactly one of value and values"),
        ({"matchCriteria": [AWAY | {"operator": "In"}]}, "In takes values"),
        ({"matchCriteria": [AWAY | {"value": None, "values": ["A"]}]}, "Equal takes value"),
        ({"matchCriteria": [AWAY | {"operator": "Exists"}]}, "Exists takes true or false"),
        ({"matchCriteria": [AWAY | {"operator": "Size", "value": True}]}, "Size takes a whole number"),
    ],
)
def test_triggers_that_are_refused(refusing: Organization, wrong: dict[str, Any], where: str) -> None:
    """With a 400 that says where."""
    workflow = refusing.get("/api/v2/flows")["entities"][0]["id"]
    body = {"name": "x", "topicName": PRESENCE, "target": {"type": "Workflow", "id": workflow}}
    refused = refusing.call("POST", TRIGGERS, body | wrong)
    assert (refused.status, where in refused.json()["message"]) == (400, True), refused.json()["message"]
    assert refusing.get(TRIGGERS)["entities"] == []


def test_limits_are_allowed(organization: Organization, workflow: str) -> None:
    """Up to and with each limit; a name may be given twice."""
    for asked in ({"eventTTLSeconds": 10}, {"delayBySeconds": 60}, {"delayBySeconds": 900}):
        organization.make_trigger(workflow, name="x" * 256, description="x" * 512, **asked)
    assert len(organization.get(TRIGGERS)["entities"]) == 3


def test_a_call_is_not_a_workflow(organization: Organization) -> None:
    """Only flows of that type are targets."""
    call = organization.deploy("inboundCall:\n  name: Hello\n")["flow"]["id"]
    body = {"name": "x", "topicName": PRESENCE, "target": {"type": "Workflow", "id": call}}
    assert organization.call("POST", TRIGGERS, body).status == 400


@pytest.mark.parametrize(
    ("change", "status", "message"),
    [
        ({"version": 7}, 409, "does not match the current version"),
        ({"version": None}, 400, "version"),
        ({"topicName": ROUTING_STATUS}, 400, "topicName cannot be changed"),
        ({"name": ""}, 400, "name"),
        ({"target": {"type": "Workflow", "id": "nobody"}}, 400, "not a published workflow"),
    ],
)
def test_changes_that_are_refused(
    organization: Organization, workflow: str, change: dict[str, Any], status: int, message: str
) -> None:
    """And change nothing."""
    made = organization.make_trigger(workflow)
    refused = organization.call("PUT", made["selfUri"], made | change)
    assert (refused.status, message in refused.json()["message"]) == (status, True)
    assert organization.get(made["selfUri"]) == made


def test_triggers_are_listed_in_pages(organization: Organization, workflow: str) -> None:
    """With relative addresses of the next page and of the one before, which keep the filters."""
    names = [f"trigger {number}" for number in range(5)]
    for name in names:
        organization.make_trigger(workflow, name=name)
    organization.make_trigger(workflow, name="other", topicName=ROUTING_STATUS, enabled=False)
    seen, pages, uri = [], 0, f"{TRIGGERS}?pageSize=2&topicName={PRESENCE}"
    while uri:
        page = organization.get(uri)
        seen += [trigger["name"] for trigger in page["entities"]]
        pages, last, uri = pages + 1, page, page.get("nextUri")
        assert uri is None or uri.startswith(f"{TRIGGERS}?")
    assert (seen, pages) == (names, 3)
    before = organization.get(last["previousUri"])
    assert [trigger["name"] for trigger in before["entities"]] == names[2:4]


def test_filters_of_the_listing(organization: Organization, workflow: str) -> None:
    """By topics, by whether they are enabled, by whether they wait."""
    organization.make_trigger(workflow, name="now")
    organization.make_trigger(workflow, name="later", delayBySeconds=60)
    organization.make_trigger(workflow, name="off", topicName=ROUTING_STATUS, enabled=False)
    for query, names in {
        f"topicName={PRESENCE},{ROUTING_STATUS}": ["now", "later", "off"],
        f"topicName={ROUTING_STATUS}": ["off"],
        "enabled=true": ["now", "later"],
        "enabled=false": ["off"],
        "hasDelayBy=true": ["later"],
        "hasDelayBy=false&enabled=true": ["now"],
    }.items():
        found = organization.get(f"{TRIGGERS}?{query}")["entities"]
        assert [trigger["name"] for trigger in found] == names, query
    for wrong in ("pageSize=201", "pageSize=0", "after=nobody"):
        assert organization.call("GET", f"{TRIGGERS}?{wrong}").status == 400


def test_topics_are_those_of_process_automation(organization: Organization) -> None:
    """In pages; a topic for WebSockets only is not among them."""
    page = organization.get(f"{TRIGGERS}/topics?pageSize=5")
    rest = organization.get(page["nextUri"].replace("pageSize=5", "pageSize=200"))
    topics = page["entities"] + rest["entities"]
    assert len(page["entities"]) == 5
    assert "nextUri" not in rest
    assert topics == sorted(set(topics))
    assert PRESENCE in topics
    assert "v2.users.{id}.station" not in topics


def test_triggers_are_audited(organization: Organization, workflow: str, partner: RecordingPartner) -> None:
    """Made, changed, deleted, by the client that did it, with what changed."""
    organization.create_sending(eventFilter=[AUDITS])
    partner.events.clear()
    made = organization.make_trigger(workflow)
    organization.must("PUT", made["selfUri"], made | {"enabled": False})
    organization.must("DELETE", made["selfUri"])
    organization.wait_until_sent()
    bodies = [detail["eventBody"] for detail in partner.details(AUDITS)]
    assert [body["action"] for body in bodies] == ["Create", "Update", "Delete"]
    for body in bodies:
        assert (body["serviceName"], body["entityType"]) == ("ProcessAutomation", "Trigger")
        assert (body["entity"], body["clientId"]) == ({"id": made["id"], "name": "away"}, {"id": CLIENT_ID})
    changed = {"property": "enabled", "oldValues": ["true"], "newValues": ["false"]}
    assert bodies[1]["propertyChanges"] == [changed]


def test_trying_a_trigger_shows_each_step(organization: Organization, workflow: str) -> None:
    """As the Genesys developer blog shows the answer; a disabled trigger can be tried."""
    made = organization.make_trigger(workflow, enabled=False, matchCriteria=[AWAY])
    body = {"presenceDefinition": {"systemPresence": "AWAY"}}
    tried = organization.must("POST", made["selfUri"] + "/test", body)
    assert tried == {
        "schemaValidation": {
            "name": "Validate test event body against topic schema",
            "step": 1,
            "matches": True,
        },
        "targetValidation": {
            "name": "Verify that trigger target is configured correctly",
            "step": 2,
            "matches": True,
        },
        "jsonPathValidation": {
            "name": "Check jsonPath match criteria",
            "step": 3,
            "matches": True,
            "details": [
                AWAY
                | {
                    "generatedJsonPathCondition": AWAY["jsonPath"],
                    "match": True,
                    "jsonPathExtraction": [
                        {"value": "AWAY", "path": "$['presenceDefinition']['systemPresence']"}
                    ],
                }
            ],
        },
        "triggerMatches": True,
    }
    assert organization.executions() == []


def test_trying_a_trigger_shows_what_is_wrong(organization: Organization, workflow: str) -> None:
    """Each step by itself: a type that the samples do not have, a workflow that is gone, a criterion that fails."""
    made = organization.make_trigger(workflow, matchCriteria=[AWAY])
    path = made["selfUri"] + "/test"
    fits = {"presenceDefinition": {"systemPresence": "AWAY"}}

    def verdicts(body: dict[str, Any]) -> list[bool]:
        tried = organization.must("POST", path, body)
        steps = [tried[f"{step}Validation"]["matches"] for step in ("schema", "target", "jsonPath")]
        return [*steps, tried["triggerMatches"]]

    assert verdicts(fits) == [True, True, True, True]
    assert verdicts(fits | {"primary": "yes"}) == [False, True, True, False]
    assert verdicts({"presenceDefinition": {"systemPresence": "BUSY"}}) == [True, True, False, False]
    organization.must("DELETE", f"/api/v2/flows/{workflow}")
    assert verdicts(fits) == [True, False, True, False]
    assert organization.call("POST", path, "text").status == 400


def test_trying_a_topic_names_the_triggers(organization: Organization, workflow: str) -> None:
    """Those that match and those that do not, of this topic only."""
    matching = organization.make_trigger(workflow, name="away", matchCriteria=[AWAY])
    busy = AWAY | {"value": "BUSY"}
    other = organization.make_trigger(workflow, name="busy", enabled=False, matchCriteria=[busy])
    organization.make_trigger(workflow, name="elsewhere", topicName=ROUTING_STATUS)
    body = {"presenceDefinition": {"systemPresence": "AWAY"}}
    tried = organization.must("POST", f"{TRIGGERS}/topics/{PRESENCE}/test", body)["triggerMatchValidation"]
    kept = ("id", "name", "enabled", "selfUri")
    assert tried["matchedTriggers"] == [{key: matching[key] for key in kept}]
    assert tried["unmatchedTriggers"] == [{key: other[key] for key in kept}]
    assert organization.call("POST", f"{TRIGGERS}/topics/v2.none/test", body).status == 404


def test_the_sdk_reads_triggers(client: Any, sdk: Any, organization: Organization, workflow: str) -> None:
    """The Python SDK's own models take the answers, and the test takes a body as a dict."""
    made = organization.make_trigger(workflow, matchCriteria=[AWAY], eventTTLSeconds=60)
    api = sdk.ProcessAutomationApi(client)
    listed = api.get_processautomation_triggers(page_size="200").entities
    assert [(one.id, one.event_ttl_seconds, one.match_criteria[0].value) for one in listed] == [
        (made["id"], 60, "AWAY")
    ]
    body = {"presenceDefinition": {"systemPresence": "BUSY"}}
    tried = api.post_processautomation_trigger_test(made["id"], body=body)
    assert (tried.trigger_matches, tried.json_path_validation.details[0].match) == (False, False)
    topics = api.get_processautomation_triggers_topics(page_size="200").entities
    assert PRESENCE in topics
    api.delete_processautomation_trigger(made["id"])
    assert organization.get(TRIGGERS)["entities"] == []
