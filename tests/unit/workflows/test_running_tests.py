"""The tests of an environment: read, run, and required by plan."""

import json
from pathlib import Path

import pytest

from gcbridge.errors import EnvironmentInvalidError, RefusedError
from gcbridge.model.progress import watch_nothing
from gcbridge.workflows.environment import load_environment
from gcbridge.workflows.expectations import read_test_events, require_passing_tests, run_tests, write_junit
from gcbridge.workflows.plan import plan
from gcbridge.workflows.rooms import Rooms
from gcbridge.workspace.layout import Workspace

BASE = """\
genesys:
  region: eu-central-1
  org_id: "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11"
  event_source_suffix: dev
  topics: ["v2.users.{id}.presence"]
aws: {region: eu-central-1, account_id: "123456789012"}
rules:
  away: {where: {eventBody: {status: [AWAY]}}, targets: [queue]}
targets:
  queue: {type: sqs}
tests:
  somebody-is-away:
    event: events/away.json
    rules: [away]
    targets: [queue]
"""
EVENT = {"detail-type": "v2.users.{id}.presence", "detail": {"eventBody": {"status": "AWAY"}}}


@pytest.fixture
def workspace(tmp_path):
    """``workspace(more)``: an environment dev with an event file and whatever more is written behind it."""
    events = tmp_path / "environments" / "events"
    events.mkdir(parents=True)
    (events / "away.json").write_text(json.dumps(EVENT))

    def write(more="", name="dev", base=BASE):
        (tmp_path / "environments" / f"{name}.yaml").write_text(base + more)
        return Workspace(tmp_path)

    return write


def results_of(workspace, name="dev"):
    return {result.name: result for result in run_tests(workspace, load_environment(workspace, name)).results}


def problems_of(workspace, name="dev"):
    with pytest.raises(EnvironmentInvalidError) as caught:
        run_tests(workspace, load_environment(workspace, name))
    return caught.value.detail


def test_a_test_passes(workspace):
    """It says where it stands, which event it takes, and what matched."""
    result = results_of(workspace())["somebody-is-away"]

    assert result.passed
    assert (result.where, result.event) == ("environments/dev.yaml:12", "environments/events/away.json")
    assert (result.detail_type, result.rules) == ("v2.users.{id}.presence", ("away",))


INLINE = """\
  at-work:
    event:
      detail-type: v2.users.{id}.presence
      detail: {eventBody: {status: AVAILABLE, note: null, at: 2026-03-01T08:00:00.000Z}}
    rules: []
"""


def test_an_event_in_the_file_itself(workspace):
    """detail-type and detail suffice; null stays null, and a time stays as it is written."""
    space = workspace(INLINE)
    environment = load_environment(space, "dev")

    assert results_of(space)["at-work"].passed
    assert read_test_events(space, environment)["at-work"]["detail"]["eventBody"] == {
        "status": "AVAILABLE",
        "note": None,
        "at": "2026-03-01T08:00:00.000Z",
    }


CHILD = """\
extends: shared/base.yaml
tests:
  at-work:
    event: {detail-type: other, detail: {only: this}}
  own:
    event: own.json
    rules: [away]
"""


def test_paths_and_events_through_extends(workspace, tmp_path):
    """The file that wrote a path says where it begins; an event is never mixed with the one it replaces."""
    shared = tmp_path / "environments" / "shared"
    (shared / "events").mkdir(parents=True)
    (shared / "events" / "away.json").write_text(json.dumps(EVENT))
    (shared / "base.yaml").write_text(BASE + INLINE)
    (tmp_path / "environments" / "own.json").write_text(json.dumps(EVENT))
    space = workspace(base=CHILD)

    results = results_of(space)

    assert {name: result.passed for name, result in results.items()} == {
        "somebody-is-away": True,
        "at-work": True,
        "own": True,
    }
    assert results["somebody-is-away"].event == "environments/shared/events/away.json"
    assert results["somebody-is-away"].where == "environments/shared/base.yaml:12"
    assert read_test_events(space, load_environment(space, "dev"))["at-work"] == {
        "detail-type": "other",
        "detail": {"only": "this"},
    }


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "environments/events/away.json does not exist"),
        ("", "holds no event; a test takes one"),
        (json.dumps([EVENT, EVENT]), "holds more than one event; a test takes one"),
        ("{\n", "this is not JSON: it ends early (at environments/events/away.json:1)"),
        ('{"eventBody": {}}', "this is what Genesys Cloud sends"),
    ],
)
def test_an_event_file_that_is_none(workspace, tmp_path, content, problem):
    """Refused with the line that names it."""
    space = workspace()
    file = tmp_path / "environments" / "events" / "away.json"
    file.unlink()
    if content is not None:
        file.write_text(content)

    found = problems_of(space)

    assert found.startswith("environments/dev.yaml:13: tests.somebody-is-away.event: ")
    assert problem in found


def test_an_event_file_may_hold_a_wrapping(workspace, tmp_path):
    """What `aws sqs receive-message` printed will do."""
    wrapped = {"Messages": [{"MessageId": "1", "Body": json.dumps(EVENT)}]}
    space = workspace()
    (tmp_path / "environments" / "events" / "away.json").write_text(json.dumps(wrapped))

    assert results_of(space)["somebody-is-away"].passed


WRONG = """\
  wrong:
    event: events/away.json
    rules: []
"""


def test_plan_is_refused_where_a_test_fails(workspace, tmp_path):
    """Before anything is planned, and without a credential."""
    space = workspace(WRONG)
    environment = load_environment(space, "dev")

    with pytest.raises(RefusedError) as caught:
        plan(Rooms(space, {}), environment)

    assert caught.value.summary == "1 of 2 tests of dev failed, so nothing was planned"
    assert caught.value.detail.startswith("✗ wrong (environments/dev.yaml:16): away matches")
    assert "gcbridge plan dev --skip-tests" in caught.value.hint
    assert not (tmp_path / ".gcbridge").exists()


def test_passing_tests_are_told(workspace):
    """So that a log says that they ran."""
    told = []
    space = workspace()

    require_passing_tests(space, load_environment(space, "dev"), told.append)

    assert [(progress.subject, progress.kind, progress.message) for progress in told] == [
        ("test", "finished", "1 test passed")
    ]


def test_an_environment_without_tests_asks_nothing(workspace):
    """Tests are offered, not demanded."""
    space = workspace(base=BASE.partition("tests:")[0])
    environment = load_environment(space, "dev")

    require_passing_tests(space, environment, watch_nothing)

    assert run_tests(space, environment).results == ()


def test_a_changed_test_leaves_a_plan_as_good_as_it_was(workspace):
    """The bundle describes resources, and tests make none."""
    before = load_environment(workspace(), "dev").digest

    assert load_environment(workspace(WRONG), "dev").digest == before


def test_junit_is_written_into_new_folders(workspace, tmp_path):
    """CI systems look into a folder of reports."""
    space = workspace()
    file = tmp_path / "reports" / "junit.xml"

    write_junit(file, run_tests(space, load_environment(space, "dev")))

    assert '<testsuite name="dev" tests="1" failures="0"' in file.read_text()


ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_the_tests_of_the_shipped_environments_pass(name):
    """They are examples to copy."""
    space = Workspace(ROOT)

    report = run_tests(space, load_environment(space, name))

    assert len(report.results) >= 3
    assert report.failures == ()
