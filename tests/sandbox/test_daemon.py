"""Processes as the sandbox sees them: when one counts as running, and when its port is to be had again."""

from __future__ import annotations

import os
import subprocess
import sys

from gcbridge.sandbox.daemon import choose_port, command_line

THREADED_SERVER = """
import socket, threading, time
ballast = bytearray(60_000_000)
with socket.create_server(("127.0.0.1", 0)) as server:
    for _ in range(12):
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
    print(server.getsockname()[1], flush=True)
    time.sleep(60)
"""


def test_a_process_that_was_just_started_is_known_at_once() -> None:
    """Linux shows an empty command line while a program is being loaded; that is no reason to think it ended."""
    strangers = 0
    for _ in range(100):
        with subprocess.Popen(["/bin/sleep", "60"]) as process:
            strangers += "sleep" not in command_line(process.pid)
            process.kill()

    assert strangers == 0


def test_an_ended_process_has_no_command_line() -> None:
    """Not even before somebody has waited for it."""
    process = subprocess.Popen(["/bin/true"])
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)

    assert command_line(process.pid) == ""

    process.wait()


def test_a_killed_server_counts_as_ended_when_its_port_is_free_and_not_before() -> None:
    """Its first thread ends up to 30 ms before the last one, and the last one holds the socket."""
    ports = []
    for _ in range(10):
        server = subprocess.Popen([sys.executable, "-c", THREADED_SERVER], stdout=subprocess.PIPE, text=True)
        with server:
            assert server.stdout is not None
            port = int(server.stdout.readline())
            server.kill()
            while command_line(server.pid):
                pass
            ports.append((port, choose_port(port)))

    assert [chosen for _, chosen in ports] == [port for port, _ in ports]
