"""A child process always ends, whatever it does; small shells stand in for Terraform here."""

import os
import signal

import pytest

from gcbridge.terraform.child import Child, Grace

pytestmark = pytest.mark.sandbox


@pytest.fixture
def start(tmp_path):
    """Start a shell script as a child."""

    def begin(script, grace=Grace(0.3, 0.3)):  # noqa: B008
        return Child(["/bin/sh", "-c", script], directory=tmp_path, environ=os.environ, grace=grace)

    return begin


def test_lines_come_in_order_and_exit_code_is_kept(start):
    """The exit code belongs to the caller to judge."""
    lines = []

    ended = start("echo one; echo two; echo bad >&2; exit 2").run(lines.append, timeout=None)

    assert lines == ["one\n", "two\n"]
    assert (ended.exit_code, ended.stderr, ended.stopped) == (2, "bad\n", "")


def test_floods_on_both_pipes_do_not_block(start):
    """More than a pipe holds, on both at once."""
    lines = []
    script = "seq 200000 >&2 & seq 200000; wait"

    ended = start(script).run(lines.append, timeout=60)

    assert len(lines) == 200000
    assert ended.stderr.endswith("200000\n")


def test_deaf_child_is_killed_in_three_steps(start):
    """SIGINT and SIGTERM are each given their time, then SIGKILL ends it."""
    lines = []
    script = "trap 'echo INT' INT; trap 'echo TERM' TERM; echo ready; while :; do sleep 0.05; done"
    child = start(script)

    def cancel_when_ready(line):
        lines.append(line.strip())
        if line == "ready\n":
            child.cancel()

    ended = child.run(cancel_when_ready, timeout=30)

    assert lines == ["ready", "INT", "TERM"]
    assert (ended.exit_code, ended.stopped) == (-signal.SIGKILL, "cancelled")


@pytest.mark.parametrize("failure", [SystemExit(1), BrokenPipeError(), ValueError()], ids=repr)
def test_a_listener_that_fails_has_the_child_asked_to_stop_before_it_is_killed(start, tmp_path, failure):
    """Terraform needs its time after SIGINT to write the state; nothing that a listener raises may take it away."""
    script = "trap 'sleep 0.2; touch state-written; exit 0' INT; echo ready; while :; do sleep 0.05; done"

    def fail(_line):
        raise failure

    with pytest.raises(type(failure)):
        start(script, grace=Grace(20, 1)).run(fail, timeout=30)

    assert (tmp_path / "state-written").exists()


def test_second_ctrl_c_hurries(start):
    """A person who presses Ctrl-C twice does not wait for the grace to pass."""
    script = "trap 'echo INT' INT; trap 'exit 0' TERM; echo ready; while :; do sleep 0.05; done"
    child = start(script, grace=Grace(60, 60))

    def press_ctrl_c(line):
        if line in {"ready\n", "INT\n"}:
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        child.run(press_ctrl_c, timeout=30)


def test_terminal_signals_do_not_reach_the_child(start):
    """The child has a session of its own, so Ctrl-C of the terminal arrives only through this room."""
    sessions = []

    start("echo $$; ps -o sid= -p $$").run(lambda line: sessions.append(int(line)), timeout=30)

    assert sessions[0] == sessions[1] != os.getsid(0)
