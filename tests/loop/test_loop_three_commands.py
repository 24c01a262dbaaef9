"""From an empty folder to a verified bridge in three commands, in a real shell; the README shows just that."""

import importlib.util
import json
import os
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(900)]

ROOT = Path(__file__).parents[2]
NOT_FROM_HERE = ("AWS_", "GENESYSCLOUD_", "GCBRIDGE_EVIDENCE")


@pytest.fixture(scope="module")
def script():
    """`scripts/three_commands.py`, which also writes the README."""
    folder = str(ROOT / "scripts")
    sys.path.insert(0, folder)
    spec = importlib.util.spec_from_file_location("three_commands", ROOT / "scripts" / "three_commands.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["three_commands"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    sys.path.remove(folder)
    return module


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Empty: not even environments/ is there."""
    return tmp_path_factory.mktemp("empty")


@pytest.fixture(scope="module")
def typed(script, folder):
    """What a shell without any credential made of the three commands, and of destroy."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(NOT_FROM_HERE)}
    return script.play(folder, environ)


def test_three_commands_end_in_a_passed_verdict(script, typed):
    """Not one more, and none of them fails."""
    assert [(done.command, done.exit_code) for done in typed[:3]] == [
        (command, 0) for command in script.COMMANDS
    ]
    assert "verdict: passed" in typed[2].stdout


def test_nothing_is_left_after_destroy(typed):
    """Neither emulator holds anything of the bridge."""
    status = json.loads(typed[-1].stdout)
    kinds = ("integrations", "partner_sources", "event_buses", "rules", "queues", "log_groups")

    assert {kind: status[kind] for kind in kinds} == dict.fromkeys(kinds, 0)


def test_what_was_made_can_be_committed(folder):
    """The environment, its sample event, the schema for editors, and the evidence; no secret is in them."""
    made = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    kept = {path for path in made if not path.startswith(".gcbridge")}

    assert kept == {
        "environments/demo.yaml",
        "environments/events/user-presence.json",
        "environments/schema.json",
        "evidence/demo.json",
    }
    client = json.loads((folder / ".gcbridge/_sandbox/genesys-client.json").read_text())
    assert not any(client["client_secret"] in (folder / path).read_text() for path in kept)


def test_the_readme_shows_what_they_print(script, typed):
    """But for ids and times. Where it does not: python scripts/three_commands.py."""
    readme = script.README.read_text()

    assert script.masked(readme) == script.masked(script.with_transcript(readme, typed))
