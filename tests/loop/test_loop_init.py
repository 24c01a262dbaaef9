"""init with a blueprint, from another environment, and again: what is written, what is kept, what is refused."""

from pathlib import Path

import pytest
from loop_workspace import FOREIGN_ACCOUNT, FOREIGN_ORG

from gcbridge.model.initialization import InitChoices
from gcbridge.workflows.init import init
from gcbridge.workflows.rooms import Rooms
from gcbridge.workspace.layout import Workspace

pytestmark = pytest.mark.sandbox

SANDBOX = ("--extends", ".gcbridge/_sandbox/environment.yaml", "--no-input")
BLUEPRINT = {
    "blueprint.yaml": """\
title: Presence in a queue
asks: [{path: targets.crm.queue_name, question: Name of the queue, example: crm}]
commands: ["gcbridge verify ENV"]
""",
    "environment.yaml": """\
genesys:
  topics: ["v2.users.{id}.presence"]
rules:
  presence: {topics: ["v2.users.{id}.presence"], targets: [crm]}
targets:
  # the one queue
  crm: {type: sqs}
tests:
  presence is sent on:
    event: events/presence.json
    rules: [presence]
""",
    "events/presence.json": '{"detail-type": "v2.users.{id}.presence", "detail": {"eventBody": {}}}\n',
}


@pytest.fixture
def tiny(workspace):
    """The workspace with a blueprint of its own."""
    for place, text in BLUEPRINT.items():
        path = workspace.root / "blueprints" / "tiny" / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return workspace


def test_a_blueprint_becomes_an_environment(tiny):
    """Complete and valid at once; the same command again writes nothing and keeps what was changed."""
    command = ("init", "loop", "--blueprint", "tiny", *SANDBOX, "--set", "targets.crm.queue_name=crm")
    first = tiny.ok(*command, "--json").data
    assert first["created"]
    assert first["written"] == {
        "targets.crm.queue_name": "crm",
        "genesys.org_id": tiny.sandbox.org_id,
        "aws.account_id": tiny.sandbox.account_id,
    }
    assert first["copied"] == ["environments/events/presence.json"]
    assert (first["tests"], first["commands"]) == (1, ["gcbridge verify loop"])
    before = tiny.file("loop").read_bytes()
    assert b"\n  # the one queue\n" in before
    tiny.ok("validate", "loop", "--strict")

    event = tiny.root / "environments/events/presence.json"
    event.write_text(event.read_text() + "\n")
    again = tiny.ok(*command, "--json").data
    assert (again["created"], again["written"], again["copied"]) == (False, {}, [])
    assert again["kept"] == ["environments/events/presence.json"]
    assert tiny.file("loop").read_bytes() == before
    tiny.run(*command[:-1], "targets.crm.queue_name=other").failed(
        4, "environments/loop.yaml:", "'crm', not 'other'"
    )
    assert tiny.file("loop").read_bytes() == before


def test_an_environment_becomes_another_one(tiny):
    """Its names are told, its ids and its suffix are not taken over; it plans as it is."""
    tiny.ok("init", "loop", "--blueprint", "tiny", *SANDBOX, "--set", "targets.crm.queue_name=crm")
    done = tiny.ok("init", "second", "--from", "loop", "--no-input")
    assert "look at targets.crm.queue_name: crm is the other environment's name too" in done.said
    text = tiny.file("second").read_text()
    assert "event_source_suffix: second" in text
    assert "# the one queue" in text
    assert [change["action"] for change in tiny.plan("second")["genesys"]["summary"]["changes"]] == ["create"]


@pytest.mark.parametrize(
    ("option", "fragment"),
    [
        (f"genesys.org_id={FOREIGN_ORG}", f"the environment says {FOREIGN_ORG}"),
        (f"aws.account_id='{FOREIGN_ACCOUNT}'", f"the environment says {FOREIGN_ACCOUNT}"),
    ],
    ids=["organization", "account"],
)
def test_ids_that_are_said_are_compared_before_anything_is_written(tiny, option, fragment):
    """A new file would stay, and with it the wrong id."""
    tiny.run("init", "loop", *SANDBOX, "--set", option).failed(4, fragment)
    assert not tiny.file("loop").exists()


def test_a_bucket_is_not_made_twice(tiny):
    """Its name is unique in the world; nothing is written, and the option that helps is named."""
    tiny.ok("init", "loop", "--blueprint", "tiny", *SANDBOX, "--set", "targets.crm.queue_name=crm")
    text = tiny.file("loop").read_text()
    sqs = text[text.index("  crm:\n") : text.index("# Tests by name")]
    tiny.file("loop").write_text(text.replace(sqs, "  crm: {type: firehose, bucket_name: acme-events}\n"))
    tiny.run("init", "second", "--from", "loop", "--no-input").failed(4, "--set targets.crm.bucket_name=NAME")
    assert not tiny.file("second").exists()


def test_a_failing_test_is_told(tiny):
    """The file is there to be mended; plan refuses until then."""
    options = ("--set", "targets.crm.queue_name=crm", "--set", "rules.presence.enabled=false")
    tiny.run("init", "loop", "--blueprint", "tiny", *SANDBOX, *options).failed(
        4, "1 of 1 tests of loop failed", "gcbridge test loop"
    )
    assert tiny.file("loop").exists()


class Person:
    """Somebody at a terminal who takes the workspace's own blueprint and first types a queue name that is none."""

    refused = ""

    def choose_blueprint(self, blueprints):
        """The workspace's own."""
        return next(one.name for one in blueprints if one.origin != "bundled")

    def choose_topics(self, topics):
        """Not asked: the blueprint has its topics."""
        raise AssertionError(topics)

    def ask(self, question):
        """A name, at the second try."""
        self.refused = question.check("no name")
        return "crm"


def test_a_person_is_asked_and_the_environment_is_whole(tiny):
    """What both clouds and the extended file know is not asked; a wrong answer is told at once."""
    person = Person()
    extends = InitChoices(extends=Path(tiny.root, ".gcbridge/_sandbox/environment.yaml"))
    result = init(Rooms(Workspace(tiny.root), tiny.environ), "loop", extends, person)
    assert "'no name' is not allowed" in person.refused
    assert result.written == {
        "targets.crm.queue_name": "crm",
        "genesys.org_id": tiny.sandbox.org_id,
        "aws.account_id": tiny.sandbox.account_id,
    }
    tiny.ok("validate", "loop", "--strict")
