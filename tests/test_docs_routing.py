"""docs/routing.md is a transcript: its commands are typed, and what they print is what the page shows."""

import re
import shlex
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gcbridge.cli.app import app

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "routing.md").read_text()


def transcripts():
    """Command -> the lines shown under it, for every console block."""
    shown = {}
    for block in re.findall(r"^```console\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            shown[command] = [line.rstrip() for line in output.splitlines()]
    return shown


@pytest.mark.parametrize(("command", "shown"), transcripts().items(), ids=transcripts())
def test_commands_print_what_the_page_shows(command, shown, tmp_path, monkeypatch):
    """A command without output on the page only has to work."""
    shutil.copytree(ROOT / "environments", tmp_path / "environments")
    monkeypatch.chdir(tmp_path)

    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, shlex.split(command)[1:])

    assert result.exit_code == 0, result.output
    if shown:
        assert [line.rstrip() for line in result.stdout.splitlines()] == shown


def test_the_python_example_does_what_it_says(capsys):
    (example,) = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    said = re.search(r"# (.*)$", example).group(1)

    exec(compile(example, "routing.md", "exec"), {})

    assert capsys.readouterr().out.strip() == said


def test_the_page_has_commands():
    """Otherwise the first test would prove nothing."""
    assert len(transcripts()) >= 5
