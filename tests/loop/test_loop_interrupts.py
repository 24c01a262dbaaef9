"""Ctrl-C and sudden death: nothing keeps running, and the next command takes up where the last one stopped."""

import json
import os
import signal
import subprocess
import sys

import pytest
from loop_workspace import (
    AUDIT,
    BUS_ONLY,
    FOREIGN_ACCOUNT,
    FOREIGN_ORG,
    ONE_LOG_GROUP,
    PRESENCE,
    TWO_LOG_GROUPS,
    LoopWorkspace,
    wait_until,
)

from gcbridge.aws.probe_names import RULE_PREFIX

pytestmark = pytest.mark.sandbox


def interrupt_group(process):
    """What a terminal does: everybody in the foreground hears of it."""
    os.killpg(process.pid, signal.SIGINT)


def interrupt_alone(process):
    """What a supervisor does."""
    process.send_signal(signal.SIGINT)


def terminate(process):
    """What CI does when it gives up."""
    process.terminate()


def hang_up(process):
    """What a closed terminal does."""
    process.send_signal(signal.SIGHUP)


@pytest.mark.parametrize("stop", [interrupt_group, interrupt_alone, hang_up])
def test_apply_is_interrupted(workspace, stop):
    """Exit 130, Terraform and its providers are gone, and the same command finishes the job."""
    workspace.write(TWO_LOG_GROUPS)
    workspace.plan()
    running = workspace.start("apply", "loop")
    running.wait_for("log_group")
    stop(running.process)
    done = running.end()
    assert done.exit_code == 130, done.stderr
    assert "Traceback" not in done.stderr
    assert "interrupted" in done.stderr
    assert workspace.processes() == []
    workspace.ok("apply", "loop")
    assert workspace.left()["buses"] == [workspace.source_name()]
    assert len(workspace.bundles()) == 1


def test_apply_outlives_its_reader(workspace):
    """`gcbridge apply loop | head -n 1`: nobody reads on, and everything is applied and in the state."""
    workspace.write(ONE_LOG_GROUP)
    workspace.plan()
    typed = f"{sys.executable} -m gcbridge apply loop 2>&1 | head -n 1"
    shell = ["bash", "-o", "pipefail", "-c", typed]
    done = subprocess.run(
        shell, cwd=workspace.root, env=workspace.environ, stdout=subprocess.PIPE, text=True, check=False
    )
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 1)
    assert "no changes" in workspace.ok("plan", "loop").said


def test_plan_is_terminated(workspace):
    """No bundle is left behind, so apply has nothing to take."""
    workspace.write(BUS_ONLY)
    running = workspace.start("plan", "loop")
    wait_until(workspace.processes)
    terminate(running.process)
    done = running.end()
    assert (done.exit_code, workspace.processes()) == (130, [])
    assert "Traceback" not in done.stderr
    workspace.run("apply", "loop").failed(4, "nothing was planned")


def test_the_emulated_aws_dies_during_apply(workspace):
    """Terraform gives up with one error; AWS comes back without its last seconds, and the same command finishes."""
    workspace.write(ONE_LOG_GROUP)
    workspace.plan()
    running = workspace.start("apply", "loop")
    running.wait_for("aws: module.event_bus")
    workspace.kill("aws")
    running.end().failed(1)
    assert workspace.processes() == []
    workspace.restart()
    workspace.ok("apply", "loop")
    assert workspace.left()["buses"] == [workspace.source_name()]
    assert "no changes" in workspace.ok("plan", "loop").said


@pytest.fixture(scope="module")
def applied(tmp_path_factory):
    """A workspace with a bus, for verifications that do not come to their end."""
    workspace = LoopWorkspace.open(tmp_path_factory.mktemp("verify") / "workspace")
    try:
        workspace.write(BUS_ONLY.replace("settle_seconds: 0", "settle_seconds: 2"))
        workspace.plan()
        workspace.ok("apply", "loop")
        yield workspace
    finally:
        workspace.close()


def probes(workspace):
    """Rules on the bus and queues: nothing of the environment itself, so all of it is the probe's."""
    rules = workspace.aws("events").list_rules(EventBusName=workspace.source_name())["Rules"]
    return [rule["Name"] for rule in rules], workspace.aws("sqs").list_queues().get("QueueUrls", [])


def verify_in_vain(workspace):
    """A verification that has changed the presence and waits for its event: somebody unhooked its probe."""
    running = workspace.start("verify", "loop", "--timeout", "60")
    before, events, bus = workspace.presence(), workspace.aws("events"), workspace.source_name()
    for rule, target in wait_until(lambda: targets_of_probe(events, bus)):
        events.remove_targets(Rule=rule, EventBusName=bus, Ids=[target])
    running.wait_for("probe rule")
    wait_until(lambda: workspace.presence() != before)
    return running


def targets_of_probe(events, bus):
    """Rule and target id of what hangs on the probe's rule."""
    rules = [rule["Name"] for rule in events.list_rules(EventBusName=bus)["Rules"]]
    return [
        (rule, target["Id"])
        for rule in rules
        for target in events.list_targets_by_rule(Rule=rule, EventBusName=bus)["Targets"]
    ]


def test_verify_is_interrupted(applied):
    """Probe and presence are put back before the command ends."""
    before = applied.presence()
    running = verify_in_vain(applied)
    interrupt_group(running.process)
    done = running.end()
    assert done.exit_code == 130, done.stderr
    assert "Traceback" not in done.stderr
    assert probes(applied) == ([], [])
    assert applied.presence() == before


def topics_of(workspace, rule):
    """What a rule's pattern asks for."""
    described = workspace.aws("events").describe_rule(Name=rule, EventBusName=workspace.source_name())
    return json.loads(described["EventPattern"])["detail-type"]


def assert_foreign_credentials_restore_nothing(workspace):
    """In another account or organization the leftovers are not there, which does not mean that they are gone."""
    changed, file = workspace.presence(), workspace.file("loop")
    text = file.read_text()
    file.write_text(text.replace(workspace.sandbox.org_id, FOREIGN_ORG))
    workspace.run("verify", "loop", AWS_ACCESS_KEY_ID=FOREIGN_ACCOUNT).broke_at("genesys organization")
    file.write_text(text)
    assert workspace.presence() == changed


def test_verify_is_killed(applied):
    """The next verification removes the probe, puts the presence back, and says so."""
    before = applied.presence()
    running = verify_in_vain(applied)
    running.process.kill()
    assert running.end().exit_code == -signal.SIGKILL
    rules, queues = probes(applied)
    assert [name.startswith(RULE_PREFIX) for name in rules] == [True]
    assert topics_of(applied, rules[0]) == [AUDIT, PRESENCE], (
        "the probe takes the cause's topics, not the whole bus"
    )
    assert len(queues) == 1
    assert applied.presence() != before
    assert_foreign_credentials_restore_nothing(applied)
    again = applied.ok("verify", "loop")
    assert "left behind by an earlier verification" in again.said
    assert probes(applied) == ([], [])
    assert applied.presence() == before
