"""The real Terraform drives triggers and flows through their lives, against the emulated Genesys Cloud."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .orchestration import EmulatedGenesys, emulating
from .workspace import Workspace

pytestmark = pytest.mark.sandbox

TEXT = (Path(__file__).parents[1] / "flows" / "presence-log.yaml").read_text(encoding="utf-8")
FLOW = """
resource "genesyscloud_flow" "log" {
  filepath      = "log.yaml"
  substitutions = { name = "Presence log" }
}
"""
TRIGGER = """
resource "genesyscloud_processautomation_trigger" "away" {
  name              = "away"
  topic_name        = "v2.users.{id}.presence"
  enabled           = true
  match_criteria    = jsonencode([{ jsonPath = "presenceDefinition.systemPresence", operator = "In", values = ["AWAY"] }])
  event_ttl_seconds = 60
  target {
    type = "Workflow"
    id   = genesyscloud_flow.log.id
    workflow_target_settings {
      data_format = "Json"
    }
  }
}
"""
SETTINGS = """    workflow_target_settings {
      data_format = "Json"
    }
"""


@pytest.fixture(scope="module")
def emulated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatedGenesys]:
    """The emulator, for all tests here."""
    with emulating(tmp_path_factory.mktemp("emulated")) as genesys:
        yield genesys


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, mirror: Path, emulated: EmulatedGenesys) -> Workspace:
    """A folder after `terraform init`."""
    workspace = Workspace.create(tmp_path_factory.mktemp("orchestration"), mirror, emulated.port)
    workspace.run("init", "-no-color", "-input=false")
    return workspace


@pytest.fixture
def genesys(emulated: EmulatedGenesys) -> EmulatedGenesys:
    """The emulator, empty."""
    emulated.clear()
    return emulated


@pytest.fixture
def workspace(folder: Workspace) -> Workspace:
    """The folder without a state, with the text of a flow."""
    folder.forget()
    (folder.folder / "log.yaml").write_text(TEXT)
    return folder


def destroy(workspace: Workspace) -> None:
    """Everything that the state knows."""
    workspace.run("destroy", "-auto-approve", "-input=false")


def test_trigger_and_flow_from_apply_to_destroy(workspace: Workspace, genesys: EmulatedGenesys) -> None:
    """A plan of nothing after each step: apply, change in place, another topic, another text, destroy."""
    workspace.write(FLOW + TRIGGER)
    assert "2 added" in workspace.apply()
    workspace.plan(code=0)
    (flow,), (made,) = genesys.flows(), genesys.triggers()
    assert (flow["name"], flow["type"], "{{" in flow["text"]) == ("Presence log", "WORKFLOW", False)
    assert made["target"] == {
        "type": "Workflow",
        "id": flow["id"],
        "workflowTargetSettings": {"dataFormat": "Json"},
    }
    assert (made["eventTTLSeconds"], made["matchCriteria"][0]["values"]) == (60, ["AWAY"])

    changed = TRIGGER.replace("enabled           = true", "enabled = false").replace(SETTINGS, "")
    changed = changed.replace("event_ttl_seconds = 60", 'delay_by_seconds = 60\n  description = "<later>"')
    workspace.write(FLOW + changed)
    assert "1 changed" in workspace.apply()
    workspace.plan(code=0)
    (kept,) = genesys.triggers()
    assert (kept["id"], kept["enabled"], kept["version"]) == (made["id"], False, 2)
    assert (kept["delayBySeconds"], kept["description"]) == (60, "<later>")
    assert {"eventTTLSeconds", "workflowTargetSettings"}.isdisjoint({*kept, *kept["target"]})

    (workspace.folder / "log.yaml").write_text(TEXT + "# changed\n")
    workspace.write(FLOW + changed.replace(".presence", ".routingStatus"))
    output = workspace.apply()
    assert "forces replacement" in output
    assert "1 added, 1 changed, 1 destroyed" in output
    workspace.plan(code=0)
    assert (genesys.flows()[0]["id"], genesys.flows()[0]["version"]) == (flow["id"], 2)
    assert genesys.flows()[0]["text"].endswith("# changed\n")
    assert genesys.triggers()[0]["id"] != made["id"]

    destroy(workspace)
    assert (genesys.triggers(), genesys.flows()) == ([], [])


def test_calls_in_the_real_providers_order(workspace: Workspace, genesys: EmulatedGenesys) -> None:
    """A job, an upload, looks at the job, the flow; then the trigger."""
    workspace.write(FLOW + TRIGGER)
    workspace.run("plan", "-out=saved.plan", "-input=false")
    sign = genesys.mark()
    workspace.run("apply", "-input=false", "saved.plan")
    calls = [one for one in genesys.requests_after(sign) if "/flows" in one or "/triggers" in one]
    job = next(one for one in calls if one.startswith("GET /api/v2/flows/jobs/")).rpartition("/")[2]
    flow, trigger = genesys.flows()[0]["id"], genesys.triggers()[0]["id"]
    assert list(dict.fromkeys(calls)) == [
        "POST /api/v2/flows/jobs",
        f"PUT /uploads/flows/{job}",
        f"GET /api/v2/flows/jobs/{job}",
        f"GET /api/v2/flows/{flow}",
        "POST /api/v2/processAutomation/triggers",
        f"GET /api/v2/processAutomation/triggers/{trigger}",
    ]


def test_import_takes_the_ids(workspace: Workspace, genesys: EmulatedGenesys) -> None:
    """A trigger is then as it was; a flow, whose file Genesys Cloud does not tell, is deployed once more."""
    workspace.write(FLOW + TRIGGER)
    workspace.apply()
    workspace.forget()
    flow, trigger = genesys.flows()[0]["id"], genesys.triggers()[0]["id"]
    workspace.run("import", "-no-color", "-input=false", "genesyscloud_flow.log", flow)
    address = "genesyscloud_processautomation_trigger.away"
    workspace.run("import", "-no-color", "-input=false", address, trigger)
    assert "0 added, 1 changed" in workspace.apply()
    workspace.plan(code=0)
    assert (genesys.flows()[0]["id"], genesys.flows()[0]["version"]) == (flow, 2)


def test_data_sources_find_flow_and_trigger(workspace: Workspace, genesys: EmulatedGenesys) -> None:
    """By name; what is not there is an error, and so is a name that is there twice."""
    workspace.write(
        FLOW
        + TRIGGER
        + """
data "genesyscloud_flow" "log" {
  name = genesyscloud_flow.log.name
  type = "workflow"
}
data "genesyscloud_processautomation_trigger" "away" { name = genesyscloud_processautomation_trigger.away.name }
output "found" { value = [data.genesyscloud_flow.log.id, data.genesyscloud_processautomation_trigger.away.id] }
"""
    )
    output = workspace.apply()
    for one in (genesys.flows()[0]["id"], genesys.triggers()[0]["id"]):
        assert f'"{one}"' in output.partition("found = ")[2]
    workspace.write(
        """
data "genesyscloud_flow" "none" {
  name = "Nobody"
  type = "bot"
}
data "genesyscloud_processautomation_trigger" "none" { name = "Nobody" }
"""
    )
    refused = workspace.plan(code=1)
    assert "no flows found with name 'Nobody' and type 'bot'" in refused
    assert "no process automation triggers found with name: Nobody" in refused


def test_what_is_refused_before_a_plan(workspace: Workspace, genesys: EmulatedGenesys) -> None:
    """Lengths, ranges, choices and a file that is not there, all at once."""
    wrong = TRIGGER.replace('"away"\n', '""\n').replace("= 60", "= 9").replace('"Json"', '"XML"')
    wrong = wrong.replace('type = "Workflow"', 'type = "Flow"').replace("genesyscloud_flow.log.id", '"some"')
    workspace.write(FLOW.replace("log.yaml", "none.yaml") + wrong)
    output = " ".join(workspace.run("validate", "-no-color", code=1).split())
    for text in (
        "could not open none.yaml: no such file or directory",
        "expected length of name to be in the range (1 - 256), got",
        "expected event_ttl_seconds to be at least (10), got 9",
        'data_format to be one of ["Json" "TopLevelPrimitives"], got XML',
        'expected target.type to be one of ["Workflow"], got Flow',
    ):
        assert text in output, text


@pytest.mark.parametrize(
    ("old", "new", "text", "posts"),
    [
        ("match_criteria ", "# ", "away error: unexpected end of JSON input", 0),
        (
            "event_ttl_seconds = 60",
            "event_ttl_seconds = 60\n  delay_by_seconds = 60",
            "Only one of event_ttl_seconds",
            0,
        ),
        (
            'operator = "In"',
            'operator = "Like"',
            "Exhausted retries. Last error: Failed to create process",
            10,
        ),
    ],
    ids=["criteria left out", "both times", "refused by the API"],
)
def test_triggers_that_cannot_be_made(
    workspace: Workspace, genesys: EmulatedGenesys, old: str, new: str, text: str, posts: int
) -> None:
    """Only on apply, as in the real provider; any 400 is tried ten times."""
    workspace.write(FLOW + TRIGGER.replace(old, new))
    sign = genesys.mark()
    assert text in " ".join(workspace.apply(code=1).split())
    tries = [one for one in genesys.requests_after(sign) if one.startswith("POST /api/v2/processA")]
    assert (len(tries), genesys.triggers()) == (posts, [])


def test_a_broken_file_is_deployed_again(workspace: Workspace, genesys: EmulatedGenesys) -> None:
    """The job's messages are told; what was published stays, and the next plan tries again."""
    workspace.write(FLOW)
    workspace.apply()
    (workspace.folder / "log.yaml").write_text("workflow: [")
    output = workspace.apply(code=1)
    assert "flow publish failed. JobID:" in output
    assert "not valid YAML" in output
    assert genesys.flows()[0]["version"] == 1
    (workspace.folder / "log.yaml").write_text(TEXT)
    assert "1 to change" in workspace.plan(code=2)
    workspace.apply()
    workspace.plan(code=0)


def test_a_lock_of_somebody_else(workspace: Workspace, genesys: EmulatedGenesys) -> None:
    """It keeps a flow from being deployed, unless force_unlock is set."""
    workspace.write(FLOW)
    workspace.apply()
    asked = {"name": "somebody else", "authorizedGrantType": "CLIENT-CREDENTIALS"}
    other = genesys.call("POST", "/api/v2/oauth/clients", asked)
    theirs = EmulatedGenesys(genesys.port, genesys.log_in(other["id"], other["secret"]))
    theirs.call("POST", f"/api/v2/flows/actions/checkout?flow={genesys.flows()[0]['id']}")
    (workspace.folder / "log.yaml").write_text(TEXT + "# changed\n")
    assert "is locked by client" in workspace.apply(code=1)
    workspace.write(FLOW.replace("substitutions", "force_unlock = true\n  substitutions"))
    workspace.apply()
    assert (genesys.flows()[0]["version"], genesys.flows()[0]["locked_by"]) == (2, None)


def test_a_flow_with_another_name_is_another_flow(workspace: Workspace, genesys: EmulatedGenesys) -> None:
    """The old one stays in the organization, as the real provider's documentation says."""
    workspace.write(FLOW)
    workspace.apply()
    old = genesys.flows()[0]["id"]
    workspace.write(FLOW.replace("Presence log", "Renamed"))
    workspace.apply()
    workspace.plan(code=0)
    assert [flow["name"] for flow in genesys.flows()] == ["Presence log", "Renamed"]
    destroy(workspace)
    assert [flow["id"] for flow in genesys.flows()] == [old]


def test_what_was_deleted_by_hand_is_made_again(workspace: Workspace, genesys: EmulatedGenesys) -> None:
    """A trigger that is gone; destroy does not mind one that is gone either."""
    workspace.write(FLOW + TRIGGER)
    workspace.apply()
    genesys.call("DELETE", genesys.triggers()[0]["selfUri"])
    assert "1 to add" in workspace.plan(code=2)
    workspace.run("destroy", "-auto-approve", "-input=false", "-refresh=false")
    assert genesys.flows() == []
