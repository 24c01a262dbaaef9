"""listen, tail and tail --compare against one bridge: every command of docs/notifications.md, losses, and sudden ends."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from loop_workspace import BUS_ONLY, LoopWorkspace, wait_until

from gcbridge.aws.probe_names import RULE_PREFIX
from gcbridge.model.comparison import ComparisonSummary
from gcbridge.model.notification import Notification
from gcbridge.sandbox.loopback import call_json

pytestmark = pytest.mark.sandbox

PAGE = (Path(__file__).parents[2] / "docs" / "notifications.md").read_text()
PRESENCE = "v2.users.{id}.presence"
LISTENING = "listening to"
WAITING = "waits for events"
ENVIRONMENT = (
    BUS_ONLY
    + """\
rules:
  presence: {{topics: ["v2.users.{{id}}.presence"], targets: [log]}}
targets:
  log: {{type: log_group, dead_letter: false}}
"""
)


class Watching:
    """A command that shows events, with its output in files, so that it can be looked at while it runs."""

    def __init__(self, workspace, folder, *words):
        self.words = words
        self.out, self.err = folder / "out", folder / "err"
        with self.out.open("w") as out, self.err.open("w") as err:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gcbridge", *words],
                cwd=workspace.root,
                env={**workspace.environ, "COLUMNS": "200"},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )

    @property
    def shown(self):
        """Lines on standard output, as far as they are written."""
        return [line for line in self.out.read_text().splitlines() if line]

    @property
    def events(self):
        """What `--json` has printed."""
        return [json.loads(line) for line in self.shown]

    def wait_for(self, *fragments):
        """Until standard error says all this."""
        wait_until(
            lambda: (
                all(part in self.err.read_text() for part in fragments) or self.process.poll() is not None
            ),
            60,
        )
        assert all(part in self.err.read_text() for part in fragments), (
            f"{self.words}\n{self.err.read_text()}"
        )

    def wait_until_ready(self):
        """Whatever happens from now on is seen."""
        ways = {"listen": [LISTENING], "tail": [WAITING]}[self.words[0]]
        self.wait_for(*ways, *([LISTENING] if "--compare" in self.words else []))

    def wait_for_lines(self, wanted):
        """Until standard output has all of these, without their figures, and anything at all."""

        def is_there():
            return self.shown and wanted <= set(map(without_figures, self.shown))

        try:
            wait_until(is_there)
        except AssertionError as error:
            raise AssertionError(f"{self.words}: {wanted}\nis not in\n{self.out.read_text()}") from error

    def end(self, number=None):
        """Its exit code, and what it said."""
        if number is not None:
            os.killpg(self.process.pid, number)
        code = self.process.wait(60)
        assert "Traceback" not in self.err.read_text(), self.err.read_text()
        return code, " ".join(self.err.read_text().split())


@pytest.fixture(scope="module")
def bridge(tmp_path_factory):
    """A workspace whose environment `loop` is applied."""
    workspace = LoopWorkspace.open(tmp_path_factory.mktemp("listen") / "workspace")
    try:
        workspace.write(ENVIRONMENT)
        workspace.plan()
        workspace.ok("apply", "loop")
        yield workspace
    finally:
        workspace.close()


@pytest.fixture
def watch(bridge, tmp_path):
    """``watch("listen", "loop")`` starts a command; what still runs at the end of the test is killed."""
    started = []

    def start(*words):
        folder = tmp_path / str(len(started))
        folder.mkdir()
        started.append(Watching(bridge, folder, *words))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.process.kill()
            one.process.wait()


@pytest.fixture
def faults(bridge):
    """Switches of the emulated Genesys Cloud, back to normal after the test."""
    yield bridge.faults
    bridge.faults(
        lose_websocket_percent=0, lose_eventbridge_percent=0, deny_topics=[], sockets_down_seconds=0
    )


def set_presence(bridge, name):
    """The test user shows it."""
    (user,) = (
        user
        for user in bridge.genesys("GET", "/api/v2/users")["entities"]
        if user["email"] == "test.user@example.com"
    )
    definitions = bridge.genesys("GET", "/api/v2/presence/definitions")["entities"]
    (definition,) = (found["id"] for found in definitions if found["systemPresence"] == name)
    body = {"presenceDefinition": {"id": definition}, "message": ""}
    bridge.genesys("PATCH", f"/api/v2/users/{user['id']}/presences/purecloud", body)


def health(bridge):
    """What the emulated Genesys Cloud says of itself."""
    return call_json(f"{bridge.sandbox.genesys.url}/_sandbox/health")


def probes(bridge):
    """Rules and queues that belong to a probe."""
    rules = bridge.aws("events").list_rules(EventBusName=bridge.source_name())["Rules"]
    return [rule["Name"] for rule in rules if rule["Name"].startswith(RULE_PREFIX)] + bridge.aws(
        "sqs"
    ).list_queues().get("QueueUrls", [])


def transcripts():
    """Command -> the lines shown under it, for every console block of the page."""
    shown = {}
    for block in re.findall(r"^```console\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            shown[command] = output.splitlines()
    return shown


def typed_here(command):
    """The words of a command of the page, for the environment of this test, and long enough for all to be started."""
    return shlex.split(re.sub(r"--for \S+", "--for 10m", command.replace(" dev", " loop", 1)))[1:]


def without_figures(line):
    """A line with times, ids and lags taken out, and the name that the sandbox gives its user."""
    line = line.replace("gcbridge Test User", "Test User")
    line = re.sub(r"\d\d:\d\d:\d\d\.\d{3}( \+\d+\.\d\d s)?", "TIME", line)
    return " ".join(re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "ID", line).split())


def test_the_page_is_a_transcript(bridge, watch):
    """Every command of it is typed, all at once, and shows what the page shows; Ctrl-C leaves nothing behind."""
    page = transcripts()
    assert {command.split()[1] for command in page} == {"listen", "tail"}
    running = {command: watch(*typed_here(command)) for command in page}
    for one in running.values():
        one.wait_until_ready()
    for name in ("Away", "Available", "Busy"):
        set_presence(bridge, name)

    for command, lines in page.items():
        running[command].wait_for_lines({without_figures(line) for line in lines})
    for command, one in running.items():
        code, said = one.end(signal.SIGINT)
        assert code == 130, f"{command}: {said}"
    assert probes(bridge) == []


def test_listen_is_heard_out(bridge, watch, faults):
    """A lost socket is said and survived; what happened meanwhile is filled in, and nothing comes twice."""
    one = watch("listen", "loop", PRESENCE, "--json")
    busy = watch(
        "listen", "loop", "--json", "--filter", "eventBody.presenceDefinition.systemPresence == 'BUSY'"
    )
    for each in (one, busy):
        each.wait_until_ready()
    set_presence(bridge, "Away")
    wait_until(lambda: one.shown)
    faults(sockets_down_seconds=1, drop_sockets=True)
    one.wait_for("the socket is lost")
    set_presence(bridge, "Busy")
    one.wait_for("listening again")
    wait_until(lambda: len(one.shown) == 2 and busy.shown)
    set_presence(bridge, "Available")
    wait_until(lambda: len(one.shown) == 3)

    code, said = one.end(signal.SIGINT)

    heard = [Notification.model_validate(event) for event in one.events]
    assert [(event.event_body["presenceDefinition"]["systemPresence"], event.source) for event in heard] == [
        ("AWAY", "live"),
        ("BUSY", "gap-fill"),
        ("AVAILABLE", "live"),
    ]
    assert {event.topic for event in heard} == {PRESENCE}
    assert code == 130
    assert "heard 3 events" in said
    assert "the socket was lost 1 time; 1 of them filled in through the API" in said
    assert [event["source"] for event in busy.events] == ["gap-fill"]
    assert busy.end(signal.SIGTERM)[0] == 130


def test_every_topic_is_rejected(bridge, watch, faults):
    """Exit 1, with what the client lacks."""
    faults(deny_topics=["v2.users.*"])

    code, said = watch("listen", "loop", PRESENCE).end()

    assert code == 1
    assert "error: Genesys Cloud rejected every topic" in said


def test_nobody_reads_on(bridge):
    """`| head -1` ends both commands, quietly and with nothing left behind, though no second event comes."""
    typed = f"{sys.executable} -m gcbridge"
    shell = (
        f"{typed} listen loop --json | head -1 & first=$!; {typed} tail loop --json | head -1 && wait $first"
    )
    with subprocess.Popen(
        ["bash", "-o", "pipefail", "-c", shell],
        cwd=bridge.root,
        env=bridge.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        said = ""
        while LISTENING not in said or WAITING not in said:
            said += process.stderr.readline()
        set_presence(bridge, "Meal")
        out, rest = process.communicate(timeout=60)
        set_presence(bridge, "Available")

    assert process.returncode == 0
    assert [
        ("event_body" in event, "detail-type" in event) for event in map(json.loads, out.splitlines())
    ] in (
        [(True, False), (False, True)],
        [(False, True), (True, False)],
    )
    assert "error" not in said + rest
    assert probes(bridge) == []


def test_tail_is_killed(bridge, watch):
    """Two at once have a probe each; what the dead one left is removed by the next, what lives is left alone."""
    dead, alive = watch("tail", "loop"), watch("tail", "loop", "--rule", "presence", "--json")
    for one in (dead, alive):
        one.wait_until_ready()
    assert len(probes(bridge)) == 4
    dead.end(signal.SIGKILL)

    code, said = watch("tail", "loop", "--for", "1s").end()

    assert code == 0
    assert "left behind" in said
    assert len(probes(bridge)) == 2
    set_presence(bridge, "Away")
    (event,) = wait_until(lambda: alive.events)
    assert event["detail-type"] == PRESENCE
    assert alive.end(signal.SIGINT)[0] == 130
    assert probes(bridge) == []


def test_both_ways_are_counted(bridge, watch, faults):
    """One event comes both ways, one only over each."""
    one = watch("tail", "loop", "--compare", "--json", "--grace", "3s")
    one.wait_until_ready()
    set_presence(bridge, "Busy")
    wait_until(lambda: one.shown)
    before = health(bridge)["faults"]["lost_eventbridge"]
    faults(lose_eventbridge_percent=100)
    set_presence(bridge, "Available")
    wait_until(lambda: health(bridge)["faults"]["lost_eventbridge"] == before + 2)  # its audit, too
    faults(lose_eventbridge_percent=0, lose_websocket_percent=100)
    set_presence(bridge, "Away")
    wait_until(lambda: len(one.shown) == 3)

    code, _ = one.end(signal.SIGINT)

    *decided, last = one.events
    assert [
        (event["kind"], event["event_body"]["presenceDefinition"]["systemPresence"]) for event in decided
    ] == [
        ("both", "BUSY"),
        ("only-websocket", "AVAILABLE"),
        ("only-eventbridge", "AWAY"),
    ]
    found = ComparisonSummary.model_validate(last)
    assert (code, found.both, found.only_websocket, found.only_eventbridge) == (130, 1, 1, 1)
    assert found.topics == (PRESENCE,)
    assert probes(bridge) == []
