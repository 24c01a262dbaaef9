"""An Architect file that its triggers could not start is refused before anything is planned."""

import pytest

from gcbridge.errors import EnvironmentInvalidError, GcbridgeError
from gcbridge.workflows.environment import load_environment
from gcbridge.workflows.flow_files import read_flows
from gcbridge.workspace.layout import Workspace

ENVIRONMENT = """\
genesys:
  region: eu-central-1
  org_id: 0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11
  event_source_suffix: dev
  topics: ["v2.users.{{id}}.presence"]
aws: {{region: eu-central-1, account_id: "123456789012"}}
flows:
  log:
    file: {file}
    substitutions: {substitutions}
triggers:
  away:
    topic: v2.users.{{id}}.presence
    workflow: log
    data_format: {data_format}
"""
GOOD = 'workflow:\n  name: "Log of {{queue}}"\n  division: {{home}}\n'


TWICE = (
    "environments/dev.yaml:11: flows.again: is the workflow 'Log of crm', as log is, and would be published over it; "
    "let its triggers name log, or give it another name in flows/log.yaml"
)


def load(
    tmp_path,
    text=GOOD,
    file="flows/log.yaml",
    substitutions="{queue: crm, home: Home}",
    data_format="TopLevelPrimitives",
):
    """Load the environment whose flow has that text; the messages of what is refused."""
    (tmp_path / "environments").mkdir()
    (tmp_path / "flows").mkdir()
    if text is not None:
        (tmp_path / "flows" / "log.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
    written = ENVIRONMENT.format(file=file, substitutions=substitutions, data_format=data_format)
    (tmp_path / "environments" / "dev.yaml").write_text(written)
    try:
        load_environment(Workspace(tmp_path), "dev")
    except EnvironmentInvalidError as error:
        return [f"{problem.origin}: {problem.key}: {problem.message}" for problem in error.problems]
    return []


def test_a_workflow_with_all_that_it_asks_for(tmp_path):
    """Values are put in before the file is read as YAML, as the provider does."""
    assert load(tmp_path) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"text": None},
            "environments/dev.yaml:9: flows.log.file: flows/log.yaml: the Architect file cannot be read: No such file",
        ),
        ({"text": b"\xff"}, "is not UTF-8 text"),
        ({"text": "workflow: [1"}, "is not YAML"),
        ({"text": "- workflow\n", "substitutions": "{}"}, "holds no flow"),
        (
            {"text": "inboundCall:\n  name: a\n", "substitutions": "{}"},
            "describes inboundCall, and a trigger starts a workflow",
        ),
        ({"text": "workflow:\n  division: a\n", "substitutions": "{}"}, "gives the workflow no name"),
        ({"substitutions": "{queue: crm}"}, "asks for {{home}}; write substitutions: {home: ...}"),
        (
            {"substitutions": "{queue: crm, home: H, quue: c}"},
            "environments/dev.yaml:10: flows.log.substitutions.quue: flows/log.yaml does not ask for it; did you mean queue?",
        ),
        (
            {"text": "workflow:\n  name: a {{ queue }}\n", "substitutions": "{queue: crm}"},
            "has spaces inside of the braces",
        ),
        ({"data_format": "Json"}, "input variable Flow.jsonData"),
        ({"file": "/etc/flows/log.yaml"}, "must lie in the workspace"),
        ({"file": "../log.yaml"}, "must lie in the workspace"),
        ({"file": r'"log\0.yaml"'}, "must lie in the workspace"),
    ],
)
def test_what_is_refused(tmp_path, changes, said):
    """At its place in the environment file."""
    found = load(tmp_path, **changes)

    assert any(said in one for one in found), found


@pytest.mark.parametrize(
    ("queue", "said"),
    [
        ("sales", []),
        ("crm", [TWICE]),
    ],
)
def test_two_flows_that_are_one_workflow(tmp_path, queue, said):
    """Genesys Cloud tells workflows by name: the files would take turns, and whoever removes one removes both."""
    given = "{queue: crm, home: Home}"
    again = f"  again: {{file: flows/log.yaml, substitutions: {{queue: {queue}, home: Sales}}}}"
    also = "  also: {topic: 'v2.users.{id}.presence', workflow: again}"

    found = load(tmp_path, substitutions=f"{given}\n{again}", data_format=f"TopLevelPrimitives\n{also}")

    assert found == said


def test_what_looks_at_a_bridge_needs_no_flow_file(tmp_path):
    """Dead letters are read, and a past environment is compared, where the file is gone."""
    load(tmp_path, text=None)

    environment = load_environment(Workspace(tmp_path), "dev", any_topic=True)

    assert [flow.file for flow in environment.resolve().flows] == ["flows/log.yaml"]


def test_a_file_that_vanishes_later_is_an_error_of_its_own(tmp_path):
    """Rendering reads it again."""
    assert load(tmp_path) == []
    bridge = load_environment(Workspace(tmp_path), "dev").resolve()
    (tmp_path / "flows" / "log.yaml").unlink()

    with pytest.raises(GcbridgeError, match="cannot be read"):
        read_flows(Workspace(tmp_path), bridge)
