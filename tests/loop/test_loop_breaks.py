"""One bridge that is broken in one place after the other: the verdict names exactly that place, each time.

It is applied once, with the real Terraform. Each break is mended before the next one, and in the end all is green. A
team's own tests (`tests/testing/team_project`) are run against the same bridge, whole and broken.
"""

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from breaks import BREAKS, prepare, queue_closed, queue_url, source_deactivated
from loop_workspace import LoopWorkspace

import gcbridge

pytestmark = pytest.mark.sandbox

TYPED = ("client revoked", "source PENDING", "pattern edited", "key policy wrong")
"""Breaks for which the command is typed as well."""


@pytest.fixture(scope="module")
def bridge(tmp_path_factory):
    """A workspace whose environment `loop`, five targets of three kinds, is applied."""
    workspace = LoopWorkspace.open(tmp_path_factory.mktemp("breaks") / "workspace")
    try:
        prepare(workspace)
        workspace.plan()
        workspace.ok("apply", "loop")
        yield workspace
    finally:
        workspace.close()


def verified(workspace):
    """What a verification finds now, in this process."""
    with pytest.MonkeyPatch.context() as shell:
        for name, value in workspace.environ.items():
            shell.setenv(name, value)
        environment = gcbridge.load_environment("loop", workspace=workspace.root)
        return gcbridge.verify(environment, workspace=workspace.root)


def failed(report):
    """Names of the links that failed, in causal order."""
    return [check.name for check in report.checks if check.status == "failed"]


def test_the_bridge_is_whole_before_anything_breaks(bridge):
    """Otherwise the rows below would prove nothing."""
    report = verified(bridge)
    assert (report.verdict, failed(report)) == ("passed", [])


@pytest.mark.parametrize("broken", BREAKS, ids=lambda broken: broken.name)
def test_the_verdict_names_the_broken_link(bridge, broken, record_property):
    """That link and no other, but for those that the same break rightly breaks; and it says what to do."""
    with broken.broken(bridge):
        started = time.monotonic()
        report = verified(bridge)
        record_property("figures", f"judged in {time.monotonic() - started:.2f} s")
    assert failed(report) == [broken.link, *broken.also]
    first = report.first_broken
    assert first.name == broken.link
    assert broken.says in f"{first.observed} {first.hint}"
    assert first.expected


@pytest.mark.parametrize("name", TYPED)
def test_a_typed_command_names_it_too(bridge, name):
    """With exit code 3."""
    (broken,) = (each for each in BREAKS if each.name == name)
    with broken.broken(bridge):
        done = bridge.run("verify", "loop")
    done.broke_at(broken.link)
    assert broken.says in done.said


@pytest.fixture(scope="module")
def team(bridge):
    """The workspace with the team's project in it; types a command there."""
    project = Path(__file__).parents[1] / "testing" / "team_project"
    shutil.copytree(project, bridge.root, dirs_exist_ok=True)

    def run(*command):
        # A queue shows ten messages at a time, and nobody reads these.
        for queue in ("crm", "vault", "sealed"):
            bridge.aws("sqs").purge_queue(QueueUrl=queue_url(bridge, queue))
        return subprocess.run(
            [sys.executable, *command],
            cwd=bridge.root,
            env={**bridge.environ, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def pytest_of(team, *arguments):
    """What the team's tests say; that nothing went wrong beside them."""
    done = team("-m", "pytest", "-p", "no:cacheprovider", *arguments)
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_a_team_proves_its_bridge(bridge, team):
    """Arrivals, matches, what must not match, and an event that somebody else caused."""
    presence = bridge.presence()
    code, said = pytest_of(team, "tests/test_bridge.py")
    assert code == 0, said
    assert "5 passed" in said
    assert bridge.presence() == presence


def test_two_workers_take_turns(bridge, team):
    """Each has a probe of its own; a user is changed by one at a time."""
    presence = bridge.presence()
    code, said = pytest_of(team, "tests/test_bridge.py", "-n", "2", "--dist=load")
    assert code == 0, said
    assert "5 passed" in said
    assert bridge.presence() == presence


def test_a_wrong_test_is_told_what_kept_the_event_away(team):
    """The rule, and which field of the event did not fit."""
    code, said = pytest_of(team, "tests/test_wrong.py")
    assert code == 1, said
    assert "not in target trail: no rule sends it there" in said
    assert 'detail.eventBody.serviceName: "Integrations" is not "Presence"' in said
    assert "every link that can be looked at holds" in said


def test_a_team_is_told_where_its_bridge_is_broken(bridge, team):
    """The hop, the dead-letter queue, the broken link and what to type."""
    with queue_closed("crm")(bridge):
        code, said = pytest_of(team, "tests/test_bridge.py", "-k", "crm")
        bridge.aws("sqs").purge_queue(QueueUrl=queue_url(bridge, "crm-dead-letter"))
    assert code == 1, said
    told = [" ".join(line.split()) for line in said.splitlines()]
    assert "E FAILED dead-letter queue of target crm holds it: NO_PERMISSIONS" in told
    assert "E first broken link: permission of rule presence on target crm" in told
    assert any(line.startswith("E next: ") and "gcbridge apply loop" in line for line in told)


def test_nothing_is_caused_on_a_way_that_is_broken(bridge, team):
    """Every test fails at once, and says why."""
    with source_deactivated(bridge):
        code, said = pytest_of(team, "tests/test_bridge.py")
    # pytest says each error again in its summary, whole where CI is set.
    refused = re.findall(
        r"^E .*ArrivalError: bridge loop is broken; presence was not caused", said, re.MULTILINE
    )
    assert (code, len(refused)) == (1, 4)
    assert "first broken link: event source ACTIVE" in said


def test_the_same_in_plain_python(bridge, team):
    """`open_bridge` is a context manager; what it changed is put back."""
    presence = bridge.presence()
    done = team("prove.py")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "presence -> crm: v2.users.{id}.presence\n"
    assert bridge.presence() == presence


def test_mended_all_is_green_again(bridge):
    """No break left anything behind that a verification can see; neither did the verifications."""
    report = verified(bridge)
    assert (report.verdict, failed(report)) == ("passed", [])
    rules = bridge.aws("events").list_rules(EventBusName=bridge.source_name())["Rules"]
    assert sorted(rule["Name"] for rule in rules) == ["audits", "presence"]
    assert bridge.presence() == ("Available", "")
