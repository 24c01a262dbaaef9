"""What the organization says of a topic stops what is yet to be made, and never the work on what is there already."""

import json

import pytest
from typer.testing import CliRunner

from gcbridge.cli.app import app

AUDITS = "v2.audits.entitytype.{id}.entityid.{id}"
RETIRED = "v2.users.{id}.retired"
ENVIRONMENT = f"""\
genesys:
  region: eu-central-1
  event_source_suffix: dev
  topics: ["{AUDITS}", "{RETIRED}"]
aws: {{region: eu-central-1}}
rules:
  audits: {{targets: [queue]}}
targets:
  queue: {{type: sqs}}
"""
ELSEWHERE = {
    "format": 1,
    "taken_at": "2026-05-06T07:08:09+00:00",
    "origin": "organization Acme (o-1)",
    "enums": [],
    "models": {},
    "topics": [{"topic": AUDITS, "transports": ["Websocket"]}],
}
LISTS = {"of a topic that goes elsewhere": json.dumps(ELSEWHERE), "damaged": "{"}
REFUSALS = ("does not travel over EventBridge", "is no topic that is known here", "no list of topics")
ON_WHAT_IS_THERE = [
    ["destroy", "dev", "--auto-approve"],
    ["plan", "dev", "--destroy"],
    ["apply", "dev"],
    ["verify", "dev"],
    ["replay", "dev", "--list"],
    *(["dlq", "dev", action] for action in ("list", "show", "redrive", "purge")),
    ["dlq", "dev", "redrive", "--dry-run"],
    ["env", "show", "dev"],
]
ON_WHAT_IS_TO_BE = [["validate", "dev"], ["plan", "dev"], ["render", "dev"]]


@pytest.fixture(params=LISTS.values(), ids=list(LISTS))
def typed(tmp_path, request):
    """``typed(["env", "show", "dev"])``: in a workspace with no ids written yet, so that no cloud is asked."""
    (tmp_path / "environments").mkdir()
    (tmp_path / "environments" / "dev.yaml").write_text(ENVIRONMENT)
    (tmp_path / "environments" / "dev.topics.json").write_text(request.param)
    return lambda words: CliRunner().invoke(app, ["--workspace", str(tmp_path), *words])


def complains_of_topics(done) -> bool:
    """Whether a command gave up because of a topic."""
    said = f"{done.output}{done.exception!r}{getattr(done.exception, 'problems', '')}"
    return any(refusal in said for refusal in REFUSALS)


@pytest.mark.parametrize("words", ON_WHAT_IS_THERE, ids=" ".join)
def test_what_is_there_stays_within_reach(typed, words):
    """It was valid when it was applied: it can be looked at, emptied and removed, whatever became of its topics."""
    assert not complains_of_topics(typed(words))


@pytest.mark.parametrize("words", ON_WHAT_IS_TO_BE, ids=" ".join)
def test_what_is_to_be_made_is_refused(typed, words):
    """A subscription that brings nothing is not planned."""
    assert complains_of_topics(typed(words))
