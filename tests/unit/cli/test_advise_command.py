"""`gcbridge advise`: an answer for people, the same as JSON, and a blueprint to begin an environment with."""

import json
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gcbridge.cli.app import app

PAGE = Path(__file__).parents[3] / "docs" / "which-event-model.md"
BACKEND = ("advise", "--consumer", "backend", "--durability", "keep-all", "--aws", "yes")
NOTHING = ("advise", "--consumer", "backend", "--durability", "keep-all", "--aws", "no")


@pytest.fixture
def typed(tmp_path):
    """Types a command in an empty workspace."""

    def type_(*words):
        return CliRunner(env={"COLUMNS": "300"}).invoke(app, ["-C", str(tmp_path), *words])

    return type_


def test_it_says_what_fits_and_why(typed):
    done = typed(*BACKEND)
    assert done.exit_code == 0
    assert done.stdout.startswith("Amazon EventBridge\n")
    assert "✗ notification service (WebSocket): does not fit" in done.stdout
    assert "tries for four days" in done.stdout
    assert "https://developer.genesys.cloud/blog/" in done.stdout


def test_json_is_the_same_answer(typed):
    told = json.loads(typed(*BACKEND, "--json").stdout)
    assert told["chosen"] == "eventbridge"
    assert told["fits"][0]["model"] == "eventbridge"


def test_where_nothing_fits_it_fails(typed):
    done = typed(*NOTHING)
    assert (done.exit_code, done.stdout.splitlines()[0]) == (1, "no event model fits all of that")


REFUSED = {
    "nobody to ask": (("advise",), 2, "give --consumer"),
    "no topic": ((*BACKEND, "--topic", "presence"), 2, "--topic: 'presence' is no topic"),
    "no number": ((*BACKEND, "--latency", "0"), 2, "--latency: "),
    "no environment": ((*BACKEND, "-e", "dev"), 2, "environment dev does not exist"),
    "no blueprint's name": ((*BACKEND, "--blueprint", "A B"), 2, "cannot name a blueprint"),
    "nothing to keep": ((*NOTHING, "--blueprint", "b"), 4, "no event model fits"),
}


@pytest.mark.parametrize(("words", "code", "said"), REFUSED.values(), ids=REFUSED)
def test_refusals(typed, words, code, said):
    done = typed(*words)
    assert (done.exit_code, said in done.stderr) == (code, True), done.output


def test_it_keeps_a_blueprint_once(typed, tmp_path):
    assert typed(*BACKEND, "--blueprint", "lake").exit_code == 0
    kept = {path.name: path.read_text() for path in (tmp_path / "blueprints" / "lake").iterdir()}
    assert sorted(kept) == ["README.md", "blueprint.yaml", "environment.yaml"]

    again = typed(
        "advise", "--consumer", "ui", "--durability", "may-miss", "--aws", "yes", "--blueprint", "lake"
    )

    assert (again.exit_code, "there is a blueprint lake already" in again.stderr) == (4, True)
    assert {path.name: path.read_text() for path in (tmp_path / "blueprints" / "lake").iterdir()} == kept


def test_the_page_shows_what_is_printed(typed):
    """Its example is shortened at `...`, and every line before it is printed."""
    block = re.search(
        r"^```console\n\$ gcbridge (.*?)\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL
    )
    printed = typed(*shlex.split(block[1])).stdout.splitlines()
    shown = block[2].rstrip().splitlines()
    assert shown.pop().strip() == "..."
    assert printed[: len(shown)] == shown
