"""`gcbridge route`: events in, rules and targets out."""

import json

import pytest
from typer.testing import CliRunner

from gcbridge.cli.app import app

ENVIRONMENT = """\
genesys:
  region: eu-central-1
  org_id: "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11"
  event_source_suffix: dev
  topics: ["v2.users.{id}.presence", "v2.audits.entitytype.{id}.entityid.{id}"]
aws: {region: eu-central-1, account_id: "123456789012"}
rules:
  away:
    topics: ["v2.users.{id}.presence"]
    where: {eventBody: {status: [AWAY]}}
    targets: [queue, crm]
  paused: {topics: ["v2.users.{id}.presence"], enabled: false, targets: [queue]}
  audits: {topics: ["v2.audits.entitytype.{id}.entityid.{id}"], targets: [queue]}
targets:
  queue: {type: sqs}
  crm: {type: sqs, input: {path: $.detail.eventBody}}
"""
AUDITS = '"v2.audits.entitytype.{id}.entityid.{id}"'
SOURCE = "aws.partner/genesys.com/cloud/0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11/dev"


def event(status="AWAY", **envelope):
    own = {"source": SOURCE, "account": "123456789012", "region": "eu-central-1"}
    body = {"eventBody": {"status": status}}
    rest = {"version": "0", "id": "one", "time": "2026-03-01T08:00:00Z", "resources": []}
    return {**rest, **own, "detail-type": "v2.users.{id}.presence", "detail": body, **envelope}


@pytest.fixture
def typed(tmp_path):
    """``typed("--explain", input=...)``: `gcbridge route dev --explain` with what is piped in."""
    (tmp_path / "environments").mkdir()
    (tmp_path / "environments" / "dev.yaml").write_text(ENVIRONMENT)

    def run(*words, piped=""):
        return CliRunner().invoke(app, ["-C", str(tmp_path), "route", "dev", *words], input=piped)

    return run


def test_what_a_person_sees(typed, tmp_path):
    """Rules that match, what targets receive, and why not the rest; nothing of it on stderr."""
    file = tmp_path / "away.json"
    file.write_text(json.dumps(event()))

    done = typed(str(file))

    assert done.exit_code == 0
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        f"v2.users.{{id}}.presence event one ({file}:1)",
        "  ✓ away",
        '      -> crm (sqs) receives {"status":"AWAY"}',
        "      -> queue (sqs) receives the whole event",
        "  - paused matches, but is disabled: it delivers nothing",
        '  ✗ audits: detail-type: "v2.users.{id}.presence" is not "v2.audits.entitytype.{id}.entityid.{id}"',
    ]


def test_an_event_from_elsewhere(typed):
    """It is said that it was taken for one of this bridge; literally it matches nothing."""
    piped = json.dumps(event(source="aws.partner/genesys.com/cloud/other/test", account="999999999999"))

    taken, literal = typed(piped=piped), typed("--keep-source", piped=piped)

    said = "routed as if it came from this bridge; it says source aws.partner/genesys.com/cloud/other/test, account 9"
    assert said in taken.stdout
    assert "✓ away" in taken.stdout
    assert said not in literal.stdout
    assert "no rule matches" in literal.stdout


def test_fields_are_explained(typed):
    """Wanted and found, for every field."""
    shown = typed("--explain", piped=json.dumps(event(status="BUSY"))).stdout

    assert "✗ detail.eventBody.status" in shown
    assert '"AWAY"' in shown
    assert '"BUSY"' in shown
    assert "✓ source" in shown


def test_json_is_one_line_for_each_event(typed):
    """So that any number of events can be printed as they come."""
    done = typed("--json", piped="\n".join(json.dumps(event(status)) for status in ("AWAY", "BUSY")))

    first, second = map(json.loads, done.stdout.splitlines())
    assert first["where"] == "stdin:1"
    assert [rule["rule"] for rule in first["rules"]] == ["away", "paused"]
    assert first["rules"][0]["deliveries"][0] == {
        "target": "crm",
        "type": "sqs",
        "text": '{"status":"AWAY"}',
        "whole_event": False,
    }
    assert (first["is_delivered"], second["is_delivered"]) == (True, False)
    assert [rule["rule"] for rule in second["unmatched"]] == ["away", "audits"]
    assert done.stderr == "· 2 events; 1 of them would reach no target\n"


@pytest.mark.parametrize(
    ("words", "status", "code"),
    [([], "AWAY", 0), (["--strict"], "AWAY", 0), ([], "BUSY", 0), (["--strict"], "BUSY", 1)],
)
def test_exit_codes(typed, words, status, code):
    """An event that reaches nothing is an answer, and a failure where that was asked for."""
    assert typed(*words, piped=json.dumps(event(status))).exit_code == code


def test_no_event(typed):
    """Said, and no failure."""
    done = typed(piped="")

    assert (done.exit_code, done.stdout) == (0, "")
    assert "there was no event to route" in done.stderr


def test_what_came_before_a_fault_is_shown(typed):
    """And the fault has its line."""
    done = typed(piped=json.dumps(event()) + "\nnonsense\n")

    assert done.exit_code == 1
    assert "✓ away" in done.stdout
    assert "at stdin:2" in done.stderr


def test_a_missing_file(typed):
    """A mistake of typing."""
    done = typed("gone.json")

    assert done.exit_code == 2
    assert done.stderr.startswith("error: gone.json does not exist\nnext: ")


def test_markup_in_an_event_is_text(typed):
    """What an event says is printed, not obeyed."""
    shown = typed(piped=json.dumps(event("[red]", id="[bold]"))).stdout

    assert "event [bold]" in shown
    assert "[red]" in shown


def test_many_rules_for_other_topics_are_counted(typed, tmp_path):
    """They would bury those that nearly matched; --explain lists every one."""
    rules = "".join(f"  audit-{n}: {{topics: [{AUDITS}], targets: [queue]}}\n" for n in range(25))
    file = tmp_path / "environments" / "dev.yaml"
    file.write_text(ENVIRONMENT.replace("targets:\n  queue", f"{rules}targets:\n  queue"))

    shown = typed(piped=json.dumps(event("BUSY"))).stdout
    explained = typed("--explain", piped=json.dumps(event("BUSY"))).stdout

    assert "✗ away: detail.eventBody.status" in shown
    assert "✗ 26 rules ask for other topics; --explain lists them" in shown
    assert "audit-7" not in shown
    assert "✗ audit-7: detail-type" in explained
