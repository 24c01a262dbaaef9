"""`gcbridge simulate` as it is typed: exit codes, what people read, what programs read."""

import json

import pytest
from typer.testing import CliRunner

from gcbridge.cli.app import app
from gcbridge.model.simulation import Simulation

SOURCE = "aws.partner/genesys.com/cloud/0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11/dev"
ENVIRONMENT = """\
genesys:
  region: eu-central-1
  org_id: "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11"
  event_source_suffix: dev
  topics: ["v2.users.{id}.presence"]
aws: {region: eu-central-1, account_id: "123456789012"}
rules:
  away:
    topics: ["v2.users.{id}.presence"]
    where: {eventBody: {presenceDefinition: {systemPresence: [AWAY]}}}
    targets: [presence-to-crm]
  paused: {enabled: false, targets: [presence-to-crm]}
targets:
  presence-to-crm: {type: sqs}
"""


def event(number, presence="AWAY", source=SOURCE):
    return {
        "id": f"e{number}",
        "detail-type": "v2.users.{id}.presence",
        "source": source,
        "time": f"2026-03-01T{number:02}:00:00Z",
        "detail": {"eventBody": {"presenceDefinition": {"systemPresence": presence}}},
    }


@pytest.fixture
def typed(tmp_path):
    """``typed("a.jsonl", "--json")``: `gcbridge simulate dev a.jsonl --json`, in a workspace with ten events."""
    (tmp_path / "environments").mkdir()
    (tmp_path / "environments" / "dev.yaml").write_text(ENVIRONMENT)
    (tmp_path / "environments" / "old.yaml").write_text(ENVIRONMENT.replace("AWAY", "BUSY"))
    events = [event(number, "BUSY" if number % 5 else "AWAY") for number in range(10)]
    lines = [json.dumps(one) for one in events]
    (tmp_path / "day.jsonl").write_text("\n".join(lines))
    (tmp_path / "bad.jsonl").write_text("\n".join([*lines, "hello", json.dumps(event(1, source="other"))]))

    def type_(*words, stdin=None):
        words = [str(tmp_path / word) if word.endswith(".jsonl") else word for word in words]
        command = ["--workspace", str(tmp_path), "simulate", "dev", "--workers", "1", *words]
        return CliRunner().invoke(app, command, input=stdin)

    return type_


def test_what_people_read(typed):
    """Everything in one page."""
    done = typed("day.jsonl")

    assert done.exit_code == 0, done.output
    for said in (
        "10 events, ",
        "8 events (80.0%) match no rule of dev",
        "paused (disabled)",
        "cost of 30 days: about $0.00, from 9.0 hours of events (2026-03-01T00:00:00Z to 2026-03-01T09:00:00Z)",
        "messages to queue presence-to-crm",
        "sqs.request $0.4 a million",
        "prices of us-east-1, as published between",
        "the bridge is in eu-central-1",
        "not in it: receiving and deleting messages of queues; free tiers",
    ):
        assert said in done.stdout, said


def test_what_programs_read(typed):
    """The same model that Python gets, and nothing else on stdout."""
    done = typed("day.jsonl", "--json", "--price", "sqs.request=5", "--days", "1")

    found = Simulation.model_validate_json(done.stdout)
    assert (found.events, found.unmatched) == (10, 8)
    assert found.cost.lines[-1].price.usd == 5
    assert found.cost.lines[-1].units == 60


def test_what_a_change_would_change(typed):
    """The sentence that decides whether it may be applied."""
    done = typed("day.jsonl", "--against", "old")

    assert "against environment old: with dev as it is, 10 of 10 events would arrive elsewhere" in done.stdout
    assert "- presence-to-crm would lose 8 of 8 events; first 3 shown:" in done.stdout
    assert "    e1 " in done.stdout
    assert "day.jsonl:2" in done.stdout
    assert "+ presence-to-crm would gain 2 to 8 events; first 2 shown:" in done.stdout


def test_nothing_would_change(typed):
    """Said, rather than left out."""
    assert (
        "against environment dev: every event goes where it went"
        in typed("day.jsonl", "--against", "dev").stdout
    )


def test_damaged_text_fails_the_command(typed):
    """After everything was printed; who knows of it can say so."""
    done, ignored = typed("bad.jsonl"), typed("bad.jsonl", "--ignore-damaged")

    assert (done.exit_code, ignored.exit_code) == (1, 0)
    for output in (done.stdout, ignored.stdout):
        assert "11 events, " in output
        assert "1 event had another source, and were taken for this bridge's own: other" in output
        assert "1 text is damaged, and counted nowhere" in output
        assert "bad.jsonl:11: " in output


def test_events_that_are_piped_in(typed):
    """As from `zcat` or `aws s3 cp`."""
    done = typed("-", "--json", "--days", "1", stdin=json.dumps(event(1)) + "\n")

    assert json.loads(done.stdout)["events"] == 1


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ([], 2, "Missing argument 'EVENTS...'"),
        (["none.jsonl"], 2, "does not exist"),
        (["day.jsonl", "--days", "0"], 2, "--days 0 is no time"),
        (["day.jsonl", "--days", "nan"], 2, "--days nan is no time"),
        (["day.jsonl", "--days", "inf"], 2, "--days inf is no time"),
        (["day.jsonl", "--days", "1e-320"], 2, "is no time"),
        (["day.jsonl", "--price", "sqs.request"], 2, "--price sqs.request says no price"),
        (["day.jsonl", "--price", "sqs=1"], 2, "there is no price sqs"),
        (["day.jsonl", "--against", "new"], 2, "environment new does not exist"),
        (["day.jsonl", "--against-git", "HEAD"], 2, "the workspace is in no git repository"),
        (["day.jsonl", "--against", "old", "--against-git", "HEAD"], 2, "do not go together"),
        (["day.jsonl", "--workers", "0"], 2, "--workers"),
    ],
)
def test_a_mistake_in_the_command_line(typed, words, code, said):
    """What would have been right, before anything is read."""
    done = typed(*words)

    assert done.exit_code == code
    assert said in done.stderr
