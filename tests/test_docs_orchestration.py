"""docs/event-orchestration.md is a workspace and a transcript: its files are written, its commands are typed."""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gcbridge.cli.app import app

PAGE = (Path(__file__).parent.parent / "docs" / "event-orchestration.md").read_text()
EVENT = "environments/events/away.json"


def blocks(language):
    """Contents of the page's blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def files():
    """Path -> text of every file that the page shows."""
    named = {re.match(r"# (\S+)\n", block)[1]: block for block in blocks("yaml")}
    (event,) = blocks("json")
    return named | {EVENT: event}


def transcripts():
    """Command -> the lines shown under it, for every console block."""
    shown = {}
    for block in blocks("console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            shown[command] = [line.rstrip() for line in output.splitlines()]
    return shown


@pytest.mark.parametrize(("command", "shown"), transcripts().items(), ids=transcripts())
def test_commands_print_what_the_page_shows(command, shown, tmp_path, monkeypatch):
    """In the workspace that the page describes."""
    for path, text in files().items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    monkeypatch.chdir(tmp_path)

    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, shlex.split(command)[1:])

    assert result.exit_code == 0, result.output
    assert [line.rstrip() for line in result.stdout.splitlines()] == shown


def test_the_page_has_files_and_commands():
    """Otherwise the test above would prove nothing."""
    assert len(transcripts()) >= 3
    assert set(files()) == {"environments/dev.yaml", "flows/presence-log.yaml", EVENT}
