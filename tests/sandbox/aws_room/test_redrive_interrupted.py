"""A redrive that is killed loses nothing, and repeats at most the letter in hand."""

import json
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest
from buried_letters import CREDENTIALS, Letters

pytestmark = pytest.mark.sandbox

REDRIVE = """
import sys
from pathlib import Path
from gcbridge.workflows.environment import load_environment
from gcbridge.workflows.redrive import redrive_dead_letters
from gcbridge.workflows.rooms import Rooms
from gcbridge.workspace.layout import Workspace

credentials = {credentials!r}
rooms = Rooms(Workspace(Path({folder!r})), credentials, lambda progress: None)
print("started", flush=True)
result = redrive_dead_letters(rooms, load_environment(rooms.workspace, "dev"), per_second={rate})
print(result.model_dump_json(), flush=True)
"""

KILLED_IN_BETWEEN = """
import os, signal, threading
from pathlib import Path
from gcbridge.aws.dead_letters import find_letter_queue
from gcbridge.aws.redelivery import open_delivery
from gcbridge.aws.session import open_aws
from gcbridge.model.dead_letter import Selection
from gcbridge.workflows.environment import load_environment
from gcbridge.workflows.letter_sender import LetterSender, Run
from gcbridge.workflows.pacing import Budget, Pacer
from gcbridge.workspace.layout import Workspace

bridge = load_environment(Workspace(Path({folder!r})), "dev").resolve()
aws = open_aws(bridge.aws, environ={credentials!r})
target = bridge.target("crm")
deliver, sent = open_delivery(aws, target, {{}}), []

def deliver_and_die(delivery):
    deliver(delivery)
    sent.append(delivery)
    if len(sent) == 7:
        os.kill(os.getpid(), signal.SIGKILL)

run = Run(bridge, aws, Selection(), Pacer(500), Budget(None), threading.Event(), lambda progress: None)
LetterSender(run, target, find_letter_queue(aws, target.dead_letter_queue_name), deliver_and_die).send_all()
"""


@pytest.fixture
def letters(emulated_aws, tmp_path):
    emulated_aws.reset()
    return Letters(tmp_path, emulated_aws.endpoint)


@pytest.fixture
def start(letters):
    """``start(script)``: a process that ends with the test."""
    running = []

    def begin(script, **values):
        folder = str(letters.rooms.workspace.root)
        text = script.format(folder=folder, credentials=CREDENTIALS, **values)
        running.append(
            subprocess.Popen(
                [sys.executable, "-c", text], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
        )
        return running[-1]

    yield begin
    for process in running:
        process.kill()
        process.communicate()


def wait_for_arrivals(letters, count):
    """Until the target's queue holds so many."""
    url = letters.url(letters.bridge.target("crm").queue_name)
    name = "ApproximateNumberOfMessages"
    for _ in range(600):
        found = letters.aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])["Attributes"]
        if int(found[name]) >= count:
            return
        time.sleep(0.02)
    pytest.fail("the target received nothing")


def arrived(letters):
    return Counter(json.loads(body)["id"] for body in letters.received("crm"))


@pytest.mark.parametrize("after", [1, 13, 40])
def test_killed_in_the_middle(letters, start, after):
    """Count in the target + count left in the queue = all, at most one twice."""
    letters.bury(60)
    process = start(REDRIVE, rate=100)
    wait_for_arrivals(letters, after)
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=10)

    received, (_, left) = arrived(letters), letters.depth("crm")
    print(f"killed after {after}: {received.total()} in the target, {left} left, of 60")

    assert process.returncode == -signal.SIGKILL
    assert after <= received.total() < 60
    assert set(received.values()) == {1}, "sent twice by one process"
    assert received.total() + left in {60, 61}


def test_killed_between_acceptance_and_deletion(letters, start):
    """The worst moment: the letter in hand was accepted and is still in the queue, so it will come once more."""
    letters.bury(20)
    process = start(KILLED_IN_BETWEEN)
    process.wait(timeout=30)

    received, (_, left) = arrived(letters), letters.depth("crm")

    assert process.returncode == -signal.SIGKILL
    assert (received.total(), left) == (7, 14)


def test_ctrl_c(letters, start):
    """The letter in hand is finished, the others are given back, and the result is told."""
    letters.bury(60)
    process = start(REDRIVE, rate=20)
    wait_for_arrivals(letters, 5)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=10)

    result = json.loads(out.splitlines()[-1])
    received, (visible, left) = arrived(letters), letters.depth("crm")

    assert err == ""
    assert result["interrupted"]
    assert result["targets"][0]["sent"] == received.total()
    assert received.total() + left == 60
    assert visible == left, "letters in hand were not given back"


def test_ctrl_c_while_it_waits(letters, start):
    """However slow the rate is."""
    letters.bury(3)
    process = start(REDRIVE, rate=0.1)
    wait_for_arrivals(letters, 1)
    pressed = time.monotonic()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=10)

    assert time.monotonic() - pressed < 5
    assert (arrived(letters).total(), letters.depth("crm")) == (1, (2, 2))


def type_command(letters, *words):
    """``gcbridge dlq dev ...`` where nobody is there to answer."""
    command = [
        sys.executable,
        "-m",
        "gcbridge",
        "--workspace",
        str(letters.rooms.workspace.root),
        "dlq",
        "dev",
    ]
    return subprocess.run(
        [*command, *words],
        env=CREDENTIALS,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command(letters):
    """From the shell: look, send again, exit code 0, and JSON of the same result as Python gets."""
    letters.bury(3)
    listed = type_command(letters, "list")
    shown = type_command(letters, "show", "--limit", "1", "--json")
    done = type_command(letters, "redrive", "--rate", "100", "--yes", "--json")

    assert (listed.returncode, shown.returncode, done.returncode) == (0, 0, 0), done.stderr
    assert "NO_PERMISSIONS" in listed.stdout
    assert json.loads(json.loads(shown.stdout)["letters"][0]["body"])["id"] == "NO_PERMISSIONS-0"
    assert json.loads(done.stdout)["targets"][0] == {
        "target": "crm",
        "sent": 3,
        "refused": 0,
        "left": 0,
        "stopped": "",
    }


def test_the_command_refuses(letters):
    """Exit code 1 where something was refused, 4 where nobody is there to confirm."""
    letters.bury(1, target="bus")

    refused = type_command(letters, "redrive", "--yes")
    alone = type_command(letters, "redrive")
    purge = type_command(letters, "purge")
    purged = type_command(letters, "purge", "--yes")

    assert (refused.returncode, alone.returncode, purge.returncode) == (1, 4, 4)
    assert "gcbridge replay dev" in refused.stdout
    assert "next: gcbridge dlq dev purge --yes" in purge.stderr
    assert (purged.returncode, purged.stdout) == (0, "✓ 1 letter deleted\n"), purged.stderr
