"""Ctrl-C while events are counted: the command and all of its processes end, and say so once."""

import json
import os
import signal
import subprocess
import sys

import pytest
from test_simulate_command import ENVIRONMENT, event


@pytest.fixture
def running(tmp_path):
    """`gcbridge simulate dev PIPE` in a process group of its own, and what is written into the pipe."""
    (tmp_path / "environments").mkdir()
    (tmp_path / "environments" / "dev.yaml").write_text(ENVIRONMENT)
    pipe = tmp_path / "pipe.jsonl"
    os.mkfifo(pipe)
    command = [
        sys.executable,
        "-m",
        "gcbridge",
        "-C",
        str(tmp_path),
        "simulate",
        "dev",
        str(pipe),
        "--workers",
        "2",
    ]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        yield process, pipe
        process.kill()


@pytest.mark.parametrize("batches", [1, 8, 30], ids="before while after".split())
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_an_interrupt(running, number, batches):
    """The pipe stays open, so that there would be more to count; the processes start with the first batch."""
    process, pipe = running
    line = json.dumps({**event(1), "padding": "x" * 8_000}) + "\n"
    with pipe.open("w") as writing:
        for _ in range(batches * 32):
            writing.write(line)
        writing.flush()
        if number == signal.SIGINT:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
        # Ends only when nobody holds the other end any more: no process of the group is left.
        out, said = process.communicate()

    assert process.returncode == 130
    assert out == ""
    assert "interrupted" in said
    assert "Traceback" not in said
