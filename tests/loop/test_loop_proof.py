"""Many events through one bridge: all of them, some of them, twice, in another order; and what is left of a run."""

import json
import signal
import threading

import pytest
from loop_workspace import AUDIT, BUS_ONLY, PRESENCE, LoopWorkspace, wait_until

import gcbridge
from gcbridge.aws.probe_names import RULE_PREFIX
from gcbridge.model.evidence import SignedEvidence
from gcbridge.sandbox.loopback import call_json
from gcbridge.study.evidence import check_signature

pytestmark = pytest.mark.sandbox

BRIDGE = (
    BUS_ONLY.replace("timeout_seconds: 15", "timeout_seconds: 8, interval_seconds: 0.01")
    + """\
rules:
  presence:
    topics: ["v2.users.{{id}}.presence"]
    targets: [log, stream]
  clients:
    topics: ["v2.audits.entitytype.{{id}}.entityid.{{id}}"]
    where: {{eventBody: {{entityType: [OAuthClient]}}}}
    targets: [log]
targets:
  log: {{type: log_group, dead_letter: false}}
  stream: {{type: kinesis, dead_letter: false}}
"""
)
KEY = "an-evidence-key-of-32-characters"


@pytest.fixture(scope="module")
def bridge(tmp_path_factory):
    """A workspace whose environment `loop` was applied once."""
    workspace = LoopWorkspace.open(tmp_path_factory.mktemp("proof") / "workspace")
    try:
        workspace.write(BRIDGE)
        workspace.plan()
        workspace.ok("apply", "loop")
        yield workspace
    finally:
        workspace.close()


@pytest.fixture(autouse=True)
def faults(bridge):
    """Switches of the emulated Genesys Cloud, off again after each test."""
    yield bridge.faults
    bridge.no_faults()


def verify(workspace, *options, **environ):
    """The exit code and the report."""
    done = workspace.run("verify", "loop", "--json", *options, **environ)
    assert done.exit_code in {0, 3}, done.said
    return done.exit_code, gcbridge.VerificationReport.model_validate_json(done.stdout)


def failed(report):
    return [check.name for check in report.checks if check.status == "failed"]


def left_of_probes(workspace):
    """Rules and queues that a verification made."""
    rules = workspace.aws("events").list_rules(EventBusName=workspace.source_name())["Rules"]
    queues = workspace.aws("sqs").list_queues().get("QueueUrls", [])
    return [rule["Name"] for rule in rules if rule["Name"].startswith(RULE_PREFIX)], queues


def test_fifty_changes_with_a_witness(bridge):
    """Every event comes over both ways and is found in every target; gcbridge's own part is under a second."""
    before = bridge.presence()

    exit_code, report = verify(bridge, "--count", "50", "--witness")

    assert (exit_code, failed(report)) == (0, [])
    assert (report.loss.expected, report.loss.lost) == (100, 0)
    assert {trace.topic for trace in report.traces} == {PRESENCE, AUDIT}
    counts = {latency.hop: latency.count for latency in report.latencies}
    assert counts["event bus"] == 100
    assert counts["target log of rule presence"] == counts["target stream of rule presence"] == 50
    assert (report.witness.both, report.witness.only_websocket, report.witness.only_eventbridge) == (50, 0, 0)
    assert set(report.witness.unheard) == {AUDIT}
    assert report.overhead.p50 < 1.0
    assert bridge.presence() == before
    assert left_of_probes(bridge) == ([], [])


def test_loss_is_told_with_its_interval_and_fails(bridge, faults):
    """Of 400 events, EventBridge loses about one in twenty; the WebSocket loses none, so that it can tell."""
    faults(lose_eventbridge_percent=5, seed=7)

    exit_code, report = verify(bridge, "--count", "200", "--witness", "--timeout", "6")

    health = call_json(f"{bridge.sandbox.genesys.url}/_sandbox/health")
    lost = health["faults"]["lost_eventbridge"]
    assert (exit_code, failed(report)) == (3, ["all events arrived"])
    assert report.loss.expected == 400
    # Putting the presence back sends two more events, which may be among the lost.
    assert 0 <= lost - report.loss.lost <= 2
    assert report.loss.low <= 0.05 <= report.loss.high
    lost_presences = [t for t in report.traces if t.topic == PRESENCE and t.event_id is None]
    assert report.witness.only_websocket == len(lost_presences)
    assert {trace.broken_at.name for trace in lost_presences} == {"event bus"}


def test_copies_and_disorder_do_not_fail(bridge, faults):
    """They are counted, and each event still finds its change."""
    faults(
        duplicate_eventbridge_percent=20,
        reorder_eventbridge_percent=30,
        delay_eventbridge_seconds=0.2,
        seed=3,
    )

    exit_code, report = verify(bridge, "--count", "60", "--witness")

    assert (exit_code, failed(report)) == (0, [])
    assert report.loss.lost == 0
    assert report.loss.duplicates > 0
    assert report.loss.out_of_order > 0
    assert report.witness.both == 60


def test_an_oauth_client_is_followed_to_its_rule(bridge):
    """Made and deleted: two events, which the rule for clients matches."""
    before = bridge.genesys("GET", "/api/v2/oauth/clients")

    exit_code, report = verify(bridge, "--cause", "oauth_client", "--count", "3")

    assert (exit_code, failed(report)) == (0, [])
    assert len(report.traces) == 6
    assert {trace.hops[-1].name for trace in report.traces} == {"target log of rule clients"}
    assert bridge.genesys("GET", "/api/v2/oauth/clients") == before


def test_a_killed_run_leaves_nothing_for_long(bridge, faults):
    """Probe, presence and clients of a killed run are put back by the next."""
    before = bridge.presence()
    faults(lose_eventbridge_percent=100)
    running = bridge.start("verify", "loop", "--timeout", "60")
    wait_until(lambda: bridge.presence() != before)
    running.process.send_signal(signal.SIGKILL)
    running.end()
    bridge.no_faults()
    assert left_of_probes(bridge) != ([], [])

    exit_code, _ = verify(bridge, "--cause", "integration_notes")

    assert exit_code == 0
    assert bridge.presence() == before
    assert left_of_probes(bridge) == ([], [])


def test_a_limit_that_nothing_keeps(bridge, faults):
    """An event on the bus later than `--max-latency` fails, and nothing else does."""
    faults(delay_eventbridge_seconds=1.0)

    exit_code, report = verify(bridge, "--max-latency", "0.5")

    assert (exit_code, failed(report)) == (3, ["latency of events"])


def test_silence_that_the_witness_explains(bridge, faults):
    """EventBridge gets nothing, and the WebSocket says that there was something to get."""
    faults(lose_eventbridge_percent=100)

    exit_code, report = verify(bridge, "--witness", "--timeout", "5")

    assert (exit_code, failed(report)) == (3, ["event seen on the bus"])
    assert "1 came over the notification service" in report.first_broken.observed


def test_read_only_creates_nothing(bridge):
    """Counters of the last minutes tell; no presence is changed, no rule, no queue, no channel made."""
    requests = f"{bridge.sandbox.genesys.url}/_sandbox/requests"
    exit_code, report = verify(bridge, "--read-only")

    assert (exit_code, failed(report)) == (0, [])
    seen = next(check for check in report.checks if check.name == "event seen on the bus")
    assert seen.status == "passed"
    assert "metric Events of the source" in seen.observed
    asked = call_json(requests)["requests"]
    last_login = max(index for index, call in enumerate(asked) if call["path"] == "/oauth/token")
    assert {call["method"] for call in asked[last_login + 1 :]} <= {"GET"}


def test_evidence_and_reports(bridge, tmp_path):
    """Signed evidence, a page and JUnit XML; a failed run leaves the evidence as it was."""
    page, junit = tmp_path / "report.html", tmp_path / "report.xml"
    bridge.ok("verify", "loop", "--html", str(page), "--junit", str(junit), GCBRIDGE_EVIDENCE_KEY=KEY)

    file = bridge.root / "evidence" / "loop.json"
    evidence = check_signature(SignedEvidence.model_validate_json(file.read_text()), KEY)
    assert evidence.plan.stack_digests == evidence.stack_digests
    assert {event.topic for event in evidence.events} == {PRESENCE, AUDIT}
    assert KEY not in file.read_text() + page.read_text() + junit.read_text()
    assert "<script" not in page.read_text()
    assert json.loads(file.read_text())["algorithm"] == "HMAC-SHA256"

    written = file.read_text()
    bridge.run("verify", "loop", AWS_ACCESS_KEY_ID="210987654321").broke_at("aws account")
    assert file.read_text() == written


def test_a_file_that_cannot_be_written_hides_no_verdict(bridge):
    """The report is on standard output before anything is written; the exit code says that something is missing."""
    blocked = bridge.root / "blocked"
    blocked.touch()

    done = bridge.run("verify", "loop", "--json", "--html", str(blocked / "report.html"))

    assert done.exit_code == 1, done.said
    assert gcbridge.VerificationReport.model_validate_json(done.stdout).verdict == "passed"
    assert "the report cannot be written" in done.said


def test_a_key_that_cannot_sign_is_told_before_anything_is_caused(bridge):
    """Not after the verification."""
    done = bridge.run("verify", "loop", "--json", GCBRIDGE_EVIDENCE_KEY="short")

    assert (done.exit_code, done.stdout) == (2, ""), done.said
    assert "shorter than 16 characters" in done.said


def test_traffic_with_a_witness_ends_though_others_never_do(bridge, faults):
    """So many events count as were asked for; the lost ones among them fail, and what comes after them keeps nobody waiting."""
    faults(lose_eventbridge_percent=50, seed=1)
    ended = threading.Event()

    def go_on():
        while not ended.wait(0.2):
            call_json(f"{bridge.sandbox.genesys.url}/_sandbox/emit", {"topic": PRESENCE})

    others = threading.Thread(target=go_on)
    others.start()
    try:
        exit_code, report = verify(
            bridge, "--cause", "traffic", "--witness", "--count", "8", "--timeout", "5"
        )
    finally:
        ended.set()
        others.join()

    assert (exit_code, failed(report)) == (3, ["all events arrived"])
    assert report.loss.expected == 8
