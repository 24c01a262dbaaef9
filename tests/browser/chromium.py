"""A headless Chromium without network, in a profile of its own, that never outlives its call."""

import os
import re
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SECONDS = 120
CONSOLE = re.compile(r":CONSOLE[:(]\d+\)?\] (.*)")


def find_chromium():
    """Path of the first browser on PATH, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@dataclass(frozen=True)
class Visit:
    """What came of opening a page: standard output, and what stands in the browser's console."""

    output: str
    console: list[str]


def visit(browser, folder, address, *options):
    """Opens a page, does what the options say, and ends.

    Args:
        browser: path of the program.
        folder: an empty folder for its profile.
        address: of the page.
        options: such as --dump-dom.
    """
    command = [
        browser,
        "--headless=new",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--no-first-run",
        "--hide-scrollbars",
        "--enable-logging=stderr",
        # Every name is unknown, so that a page that asks for something from outside fails and says so in the console.
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        f"--user-data-dir={folder}",
        # Chromium refuses its sandbox to root, which is who runs in most containers.
        *(["--no-sandbox"] if os.geteuid() == 0 else []),
        *options,
        address,
    ]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    ) as process:
        try:
            output, talk = process.communicate(timeout=SECONDS)
        finally:
            _end(process.pid)
    assert process.returncode == 0, talk[-2000:]
    return Visit(output, CONSOLE.findall(talk))


def _end(group):
    """Whatever it started ends with it; none of them should be there any more."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


def processes_of(folder):
    """Command lines of processes that still use a profile."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = entry.read_bytes()
        except OSError:
            continue
        if str(folder).encode() in command:
            found.append(command)
    return found
