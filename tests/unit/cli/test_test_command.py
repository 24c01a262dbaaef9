"""`gcbridge test`: the tests of an environment as a table, JSON and JUnit."""

import json
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from gcbridge.cli.app import app

ENVIRONMENT = """\
genesys:
  region: eu-central-1
  org_id: "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11"
  event_source_suffix: dev
  topics: ["v2.users.{id}.presence"]
aws: {region: eu-central-1, account_id: "123456789012"}
rules:
  away: {where: {eventBody: {status: [AWAY]}}, targets: [crm]}
targets:
  crm: {type: sqs, input: {path: $.detail.eventBody}}
tests:
  somebody is away:
    event: {detail-type: "v2.users.{id}.presence", detail: {eventBody: {status: AWAY}}}
    rules: [away]
    targets: {crm: {status: AWAY}}
"""
FAILING = """\
  somebody is busy:
    event: {detail-type: "v2.users.{id}.presence", detail: {eventBody: {status: BUSY}}}
    rules: [away]
  the wrong text:
    event: {detail-type: "v2.users.{id}.presence", detail: {eventBody: {status: AWAY}}}
    rules: [away]
    targets: {crm: {status: "[red]"}}
"""


@pytest.fixture
def typed(tmp_path):
    """``typed(text, "test", "dev")``: a command in a workspace whose environment dev is the text."""
    (tmp_path / "environments").mkdir()

    def run(text, *words):
        (tmp_path / "environments" / "dev.yaml").write_text(text)
        return CliRunner().invoke(app, ["-C", str(tmp_path), *words])

    return run


def test_all_pass(typed):
    """A line each, and the count."""
    done = typed(ENVIRONMENT, "test", "dev")

    assert (done.exit_code, done.stderr) == (0, "")
    assert "✓  somebody is away" in done.stdout
    assert done.stdout.endswith("✓ 1 test passed\n")


def test_some_fail(typed):
    """Each with its line and what differs; the exit code is 1."""
    done = typed(ENVIRONMENT + FAILING, "test", "dev")

    assert done.exit_code == 1
    assert "✗ somebody is busy (environments/dev.yaml:16)" in done.stdout
    assert "rule away does not match: detail.eventBody.status: " in done.stdout
    assert 'target crm receives something else: status is "AWAY", not "[red]"' in done.stdout
    assert '"status": "[red]"' in done.stdout
    assert done.stdout.endswith("✗ 2 of 3 tests failed\n")


def test_json_and_junit(typed, tmp_path):
    """Both say the same; JUnit is written whether tests pass or not."""
    file = tmp_path / "reports" / "junit.xml"

    done = typed(ENVIRONMENT + FAILING, "test", "dev", "--json", "--junit", str(file))

    report = json.loads(done.stdout)
    assert done.exit_code == 1
    assert [result["passed"] for result in report["results"]] == [True, False, False]
    assert report["results"][1]["differences"][0]["kind"] == "rule missing"
    assert [case.find("failure") is None for case in ElementTree.parse(file).iter("testcase")] == [
        True,
        False,
        False,
    ]


def test_no_tests(typed):
    """Said, and no failure."""
    done = typed(ENVIRONMENT.partition("tests:")[0], "test", "dev")

    assert (done.exit_code, done.stdout) == (0, "")
    assert "environment dev has no tests" in done.stderr


def test_plan_refuses_and_says_how_to_go_on(typed):
    """Exit code 4, as every guard."""
    done = typed(ENVIRONMENT + FAILING, "plan", "dev")

    assert done.exit_code == 4
    assert "2 of 3 tests of dev failed" in done.stderr
    assert "--skip-tests" in done.stderr


@pytest.mark.parametrize("command", ["validate", "test", "plan"])
def test_a_missing_event_file_is_a_problem_of_the_environment(typed, command):
    """With the line that names it."""
    text = f"{ENVIRONMENT}  lost: {{event: events/lost.json, rules: []}}\n"

    done = typed(text, command, "dev")

    assert done.exit_code == 2
    assert (
        "environments/dev.yaml:16: tests.lost.event: environments/events/lost.json does not exist"
        in done.stderr
    )


def test_events_are_not_needed_to_show_an_environment(typed):
    """Whoever destroys a bridge or looks at it needs no test data."""
    text = f"{ENVIRONMENT}  lost: {{event: events/lost.json, rules: []}}\n"

    assert typed(text, "env", "show", "dev").exit_code == 0
