"""Events that start workflows inside Genesys Cloud, from the first plan to nothing left; tests run in this order."""

import json
import time

import pytest
import urllib3
from loop_workspace import BUS_ONLY, NOTHING, LoopWorkspace, changes, wait_until

from gcbridge.sandbox.loopback import call_json
from gcbridge.sandbox.runtime import sandbox_status

pytestmark = pytest.mark.sandbox

AWAY = """\
  away:
    topic: v2.users.{{id}}.presence
    workflow: presence-log
    match:
      - {{json_path: presenceDefinition.systemPresence, operator: Equal, value: AWAY}}
    ttl: 60s
"""
BUSY = AWAY.replace("operator: Equal, value: AWAY", "operator: In, values: [BUSY, MEAL]")
BY_NAME = """\
  everyone:
    topic: v2.users.{{id}}.presence
    workflow: Everyone
    data_format: Json
"""
FLOW = """\
flows:
  presence-log:
    file: flows/presence-log.yaml
    substitutions: {{queue: crm}}
"""
WORKFLOW = """\
workflow:
  name: {name}
  division: Home
  startUpRef: "/workflow/states/state[Initial State_10]"
  defaultLanguage: en-us
  variables:
    - jsonVariable: {{name: Flow.jsonData, isInput: true}}
  states:
    - state:
        name: Initial State
        refId: Initial State_10
        actions:
          - endWorkflow: {{name: "{end}"}}
"""
OWN = WORKFLOW.format(name="Presence log", end="for {{queue}}")


def with_triggers(*triggers, flow=FLOW):
    """An environment with a flow of its own and these triggers."""
    return BUS_ONLY + flow + "triggers:\n" + "".join(triggers)


def publish(workspace, text):
    """Publish a workflow as somebody does in Architect."""
    job = workspace.genesys("POST", "/api/v2/flows/jobs")
    with urllib3.PoolManager(retries=False) as http:
        sent = http.request("PUT", job["presignedUrl"], body=text, headers=job["headers"])
        assert sent.status < 300, sent.data
    path = f"/api/v2/flows/jobs/{job['id']}"
    return wait_until(lambda: workspace.genesys("GET", path).get("flow"))["id"]


@pytest.fixture(scope="module")
def bridge(tmp_path_factory):
    """A workspace whose environment `loop` was applied: one trigger with a flow of its own, one with a workflow by name."""
    workspace = LoopWorkspace.open(tmp_path_factory.mktemp("triggers") / "workspace")
    try:
        workspace.everyone = publish(workspace, WORKFLOW.format(name="Everyone", end="End"))
        (workspace.root / "flows").mkdir()
        (workspace.root / "flows" / "presence-log.yaml").write_text(OWN)
        workspace.write(with_triggers(AWAY, BY_NAME))
        apply(workspace)
        yield workspace
    finally:
        workspace.close()


def apply(workspace):
    """Plan and apply; the changes of the Genesys stack."""
    planned = changes(workspace.plan(), "genesys")
    workspace.ok("apply", "loop")
    return planned


def check_settled(workspace):
    """Nothing is left to change."""
    bundle = workspace.plan()
    assert (changes(bundle, "genesys"), changes(bundle, "aws")) == ([], [])


def show_presence(workspace, presence):
    """Change the test user's presence."""
    definitions = workspace.genesys("GET", "/api/v2/presence/definitions")["entities"]
    wanted = next(one["id"] for one in definitions if one["systemPresence"].upper() == presence)
    (user,) = (
        user["id"]
        for user in workspace.genesys("GET", "/api/v2/users")["entities"]
        if user["email"] == "test.user@example.com"
    )
    path = f"/api/v2/users/{user}/presences/purecloud"
    workspace.genesys("PATCH", path, {"presenceDefinition": {"id": wanted}, "message": ""})


def executions(workspace):
    """What ran, as `workflow trigger` with its input."""
    answer = call_json(f"{workspace.sandbox.genesys.url}/_sandbox/workflow-executions")
    return [(one["name"], one["input_data"]) for one in answer["executions"]]


def started(workspace, presence, count):
    """Change the presence, and wait for that many new executions; their names and inputs, by name."""
    before = len(executions(workspace))
    show_presence(workspace, presence)
    wait_until(lambda: len(executions(workspace)) >= before + count)
    return dict(executions(workspace)[before:])


def checks(workspace, *arguments):
    """Exit code and checks of a verification that changes nothing."""
    done = workspace.run("verify", "loop", "--read-only", "--json", *arguments)
    return done.exit_code, {check["name"]: check for check in done.data["checks"]}


def trigger_of(workspace, title):
    """A trigger as Genesys Cloud has it."""
    listed = workspace.genesys("GET", "/api/v2/processautomation/triggers?pageSize=200")["entities"]
    return next(one for one in listed if one["name"] == title)


def test_an_applied_bridge_has_nothing_to_change(bridge):
    """Criteria, hash of the file and inputs come back from Genesys Cloud as they were written."""
    check_settled(bridge)


def test_a_presence_starts_both_workflows_with_their_inputs(bridge):
    """One gets the top of the body, the other the whole of it."""
    inputs = started(bridge, "AWAY", 2)

    assert set(inputs) == {"Presence log", "Everyone"}
    assert inputs["Everyone"]["jsonData"]["presenceDefinition"]["systemPresence"] == "AWAY"
    assert "presenceDefinition" not in inputs["Presence log"]
    assert set(inputs["Presence log"]) <= set(inputs["Everyone"]["jsonData"])


def test_what_route_foretells_is_what_happens(bridge):
    """The recorded body, routed offline, starts the same workflows with the same inputs."""
    inputs = started(bridge, "BUSY", 1) | started(bridge, "AWAY", 2)
    event = bridge.root / "event.json"
    body = inputs["Everyone"]["jsonData"]
    event.write_text(json.dumps({"detail-type": "v2.users.{id}.presence", "detail": {"eventBody": body}}))

    route = bridge.ok("route", "loop", str(event), "--json").data

    foretold = {one["trigger"]: one["input"] for one in route["triggers"]}
    assert foretold == {"away": inputs["Presence log"], "everyone": inputs["Everyone"]}


def test_verify_proves_the_triggers(bridge):
    """They are as declared, and Genesys Cloud's own test of them finds nothing wrong; page and JUnit list them."""
    page, junit = bridge.root / "report.html", bridge.root / "report.xml"

    done = bridge.ok("verify", "loop", "--json", "--html", str(page), "--junit", str(junit))

    found = {check["name"]: check for check in done.data["checks"]}
    assert found["trigger away"]["observed"] == "enabled; v2.users.{id}.presence starts 'Presence log'"
    assert found["trigger everyone"]["status"] == "passed"
    assert "would start the workflow" in found["test of trigger away"]["observed"]
    assert found["event seen on the bus"]["status"] == "passed"
    assert "test of trigger away" in page.read_text()
    assert 'name="trigger everyone"' in junit.read_text()


def test_criteria_and_file_change_in_place(bridge):
    """Both are changes of the plan; afterwards the new text runs, for the new presences only."""
    bridge.write(with_triggers(BUSY, BY_NAME))
    (bridge.root / "flows" / "presence-log.yaml").write_text(
        OWN.replace("for {{queue}}", "for all of {{queue}}")
    )

    assert apply(bridge) == [
        "update module.flow_presence-log.genesyscloud_flow.this",
        "update module.trigger_away.genesyscloud_processautomation_trigger.this",
    ]
    check_settled(bridge)
    assert set(started(bridge, "BUSY", 2)) == {"Presence log", "Everyone"}
    assert set(started(bridge, "AWAY", 1)) == {"Everyone"}
    flows = call_json(f"{bridge.sandbox.genesys.url}/_sandbox/flows")
    assert "for all of crm" in str(flows)


def test_a_file_that_changed_after_the_plan_is_not_applied(bridge):
    """A plan bundle applies the text that it was planned with, or nothing."""
    file = bridge.root / "flows" / "presence-log.yaml"
    planned = file.read_text()
    file.write_text(planned.replace("for all", "for none"))

    refused = bridge.run("apply", "loop")

    file.write_text(planned)
    assert refused.exit_code == 4
    assert "the genesys stack renders to something else" in refused.stderr


def test_a_workflow_of_another_name_takes_the_place_of_the_old_one(bridge):
    """The trigger turns to the new one before the old one goes."""
    file = bridge.root / "flows" / "presence-log.yaml"
    file.write_text(file.read_text().replace("name: Presence log", "name: Presence journal"))

    assert apply(bridge) == [
        "replace module.flow_presence-log.genesyscloud_flow.this",
        "update module.flow_presence-log.terraform_data.name",
        "update module.trigger_away.genesyscloud_processautomation_trigger.this",
    ]
    check_settled(bridge)
    flows = {
        flow["name"]: flow["id"] for flow in bridge.genesys("GET", "/api/v2/flows?pageSize=100")["entities"]
    }
    assert "Presence log" not in flows
    assert trigger_of(bridge, "gcbridge loop away")["target"]["id"] == flows["Presence journal"]
    assert set(started(bridge, "BUSY", 2)) == {"Presence journal", "Everyone"}


def test_what_was_changed_by_hand_is_named(bridge):
    """A trigger that somebody switched off, and a workflow that somebody deleted."""
    trigger = trigger_of(bridge, "gcbridge loop away")
    bridge.genesys("PUT", f"/api/v2/processautomation/triggers/{trigger['id']}", trigger | {"enabled": False})
    bridge.genesys("DELETE", f"/api/v2/flows/{bridge.everyone}")

    exit_code, found = checks(bridge)

    assert exit_code == 3
    assert (found["trigger away"]["status"], found["trigger away"]["observed"]) == ("failed", "disabled")
    assert "somebody switched it off" in found["trigger away"]["hint"]
    assert found["test of trigger everyone"]["status"] == "failed"
    assert "targetValidation" in found["test of trigger everyone"]["observed"]


def test_a_plan_repairs_it_and_disables_what_is_declared_so(bridge):
    """A disabled trigger starts nothing, and is no fault."""
    # Where there is no such workflow any more, nothing can be planned: the provider says so.
    bridge.everyone = publish(bridge, WORKFLOW.format(name="Everyone", end="End"))
    bridge.write(with_triggers(BUSY, BY_NAME + "    enabled: false\n"))

    assert apply(bridge) == [
        "update module.trigger_away.genesyscloud_processautomation_trigger.this",
        "update module.trigger_everyone.genesyscloud_processautomation_trigger.this",
    ]
    assert set(started(bridge, "MEAL", 1)) == {"Presence journal"}
    time.sleep(0.5)
    assert executions(bridge)[-1][0] == "Presence journal"
    exit_code, found = checks(bridge)
    assert (exit_code, found["trigger everyone"]["status"]) == (0, "passed")
    assert found["trigger everyone"]["observed"].startswith("disabled, as declared")


def test_another_topic_is_another_trigger(bridge):
    """The plan says that it would be replaced, and what that means."""
    bridge.write(with_triggers(BUSY.replace("presence\n", "activity\n", 1), BY_NAME))

    done = bridge.ok("plan", "loop", "--json")

    assert "replace module.trigger_away.genesyscloud_processautomation_trigger.this" in changes(
        done.data, "genesys"
    )
    assert "start nothing" in done.stderr


def test_destroy_leaves_nothing(bridge):
    """Trigger and flow go; the workflow that was there before stays."""
    bridge.ok("destroy", "loop", "--auto-approve")

    assert bridge.left() == NOTHING
    assert bridge.genesys("GET", "/api/v2/processautomation/triggers?pageSize=200")["entities"] == []
    flows = bridge.genesys("GET", "/api/v2/flows?pageSize=100")["entities"]
    assert [flow["name"] for flow in flows if flow["id"] == bridge.everyone] == ["Everyone"]
    assert not {"Presence log", "Presence journal"} & {flow["name"] for flow in flows}
    assert sandbox_status(bridge.sandbox.folder).integrations == 0
