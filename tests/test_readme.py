"""What the README shows is what happens."""

import importlib.util
import re
import shlex
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gcbridge.cli.app import app

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def load_demo():
    spec = importlib.util.spec_from_file_location("demo", ROOT / "scripts" / "demo.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["demo"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def commands_of_the_demo():
    demo = load_demo()

    class Recording(demo.Demo):
        """Writes down what would be typed."""

        def __init__(self):
            super().__init__()
            self.typed = []

        def run(self, *arguments, **_):
            self.typed.append(f"gcbridge {shlex.join(arguments)}")

        def use_sandbox_credentials(self):
            self.typed.append('eval "$(gcbridge sandbox env)"')

        def change_rule(self):
            """Nothing is there to change."""

        def check_changes(self, expected):
            """Nothing was planned."""

        def check_something_there(self):
            """Nothing was made."""

        def check_nothing_left(self):
            """Nothing was removed."""

    recording = Recording()
    demo.play(recording)
    return recording.typed


def fenced(language, containing):
    (block,) = [
        text for text in re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL) if containing in text
    ]
    return block


def test_the_transcript_is_what_the_demo_types():
    """Shortened, and in this order."""
    shown = re.findall(r"^\$ (.+)$", fenced("console", "$ gcbridge sandbox up"), re.MULTILINE)
    typed = iter(commands_of_the_demo())

    assert [command for command in shown if command not in typed] == []


@pytest.fixture
def example(tmp_path):
    (tmp_path / "environments").mkdir()
    file = tmp_path / "environments" / "dev.yaml"
    file.write_text(fenced("yaml", "oauth-client-deleted"))
    return file


def validate(file):
    return CliRunner().invoke(app, ["--workspace", str(file.parent.parent), "validate", "dev"])


def test_the_example_environment_is_valid(example):
    """It can be copied as it stands, and nothing in it is deprecated."""
    done = validate(example)

    assert done.exit_code == 0, done.stderr


def test_the_shown_mistakes_are_answered_as_shown(example):
    """Two typing mistakes, both reported at once, each with its line."""
    text = example.read_text()
    example.write_text(
        text.replace("event_source_suffix:", "event_source_sufix:").replace(
            "[security-log]", "[security-lgo]"
        )
    )
    shown = fenced("console", "has 4 problems").split("\n", 1)[1]

    done = validate(example)

    assert done.exit_code == 2
    for line in shown.strip().splitlines():
        assert line.removesuffix("...") in done.stderr
