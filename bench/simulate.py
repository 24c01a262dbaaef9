"""Events a second and peak memory of `gcbridge simulate`, for 100,000 and 1,000,000 events, 300 rules, two processes.

    .venv/bin/python bench/simulate.py [EVENTS ...]

Memory is what all processes of a run hold together: the sum of their high-water marks (which counts shared pages once
for each process), and the largest sum of their proportional set sizes (which counts every page once). Linux only.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table
from traffic import SOURCE, TOPICS, Traffic

RULES = 300
TARGETS = 100
WORKERS = 2
COUNTS = (100_000, 1_000_000)
MIB = 1024
WILDCARDS_MAX = 30


def write_workspace(folder: Path) -> None:
    """An environment with 300 rules that send to 100 queues."""
    org_id, suffix = SOURCE.split("/")[3:]
    rules = {
        name: {"pattern": pattern, "targets": [f"queue-{number % TARGETS}"]}
        for number, (name, pattern) in enumerate(allowed_rules())
    }
    environment = {
        "genesys": {
            "region": "eu-central-1",
            "org_id": org_id,
            "event_source_suffix": suffix,
            "topics": list(TOPICS),
        },
        "aws": {"region": "eu-central-1", "account_id": "123456789012"},
        "rules": rules,
        "targets": {f"queue-{number}": {"type": "sqs"} for number in range(TARGETS)},
    }
    (folder / "environments").mkdir()
    (folder / "environments" / "bench.yaml").write_text(json.dumps(environment))


def allowed_rules() -> list[tuple[str, dict[str, Any]]]:
    """300 of the made rules, of which 30 use `wildcard`: EventBridge allows no more on a bus."""
    rules, wildcards = [], 0
    for name, pattern in Traffic(1).rules(RULES * 2).items():
        is_wildcard = "wildcard" in json.dumps(pattern)
        wildcards += is_wildcard
        if not (is_wildcard and wildcards > WILDCARDS_MAX):
            rules.append((name, {key: value for key, value in pattern.items() if key != "source"}))
    return rules[:RULES]


def write_events(file: Path, count: int) -> None:
    """JSON Lines, about 1 KB each."""
    with file.open("wb") as out:
        for event in Traffic(2).events(count):
            out.write(orjson.dumps(event) + b"\n")


class MemoryWatch(threading.Thread):
    """Looks at a process and all that came from it, several times a second."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._ended = threading.Event()
        self.high_water: dict[int, int] = {}
        self.proportional = 0

    def run(self) -> None:
        """Look until told to end."""
        while not self._ended.wait(0.2):
            pids = list(descendants(self._pid))
            for pid in pids:
                self.high_water[pid] = max(self.high_water.get(pid, 0), kilobytes(pid, "status", "VmHWM:"))
            self.proportional = max(
                self.proportional, sum(kilobytes(pid, "smaps_rollup", "Pss:") for pid in pids)
            )

    def end(self) -> None:
        """Look no more."""
        self._ended.set()
        self.join()


def descendants(pid: int) -> Iterator[int]:
    """A process and all below it."""
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return
    for child in children:
        yield from descendants(int(child))


def kilobytes(pid: int, file: str, field: str) -> int:
    """A figure of /proc; 0 where the process has ended."""
    try:
        lines = Path(f"/proc/{pid}/{file}").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(field)), 0)


def measure(workspace: Path, events: Path) -> dict[str, Any]:
    """One run of the command, watched."""
    command = ["-m", "gcbridge", "-C", str(workspace), "simulate", "bench", str(events)]
    started = time.perf_counter()
    running = subprocess.Popen(
        [sys.executable, *command, "--workers", str(WORKERS), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    watch = MemoryWatch(running.pid)
    watch.start()
    out, _ = running.communicate()
    watch.end()
    found = json.loads(out)
    return {
        "events": found["events"],
        "unmatched": found["unmatched"],
        "megabytes": found["bytes"] / 1e6,
        "wall": time.perf_counter() - started,
        "rate": found["events"] / found["seconds"],
        "high_water": sum(watch.high_water.values()) / MIB,
        "processes": len(watch.high_water),
        "proportional": watch.proportional / MIB,
    }


def main(counts: tuple[int, ...]) -> None:
    """Print a table."""
    columns = (
        "events",
        "MB",
        "matched",
        "seconds",
        "events/s",
        "MiB, sum of peaks",
        "MiB, shared once",
        "processes",
    )
    table = Table(*columns, title=f"simulate: {RULES} rules, {WORKERS} workers, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_workspace(folder)
        for count in counts:
            events = folder / f"{count}.jsonl"
            write_events(events, count)
            run = measure(folder, events)
            table.add_row(
                f"{run['events']:,}",
                f"{run['megabytes']:,.0f}",
                f"{1 - run['unmatched'] / run['events']:.0%}",
                f"{run['wall']:.1f}",
                f"{run['rate']:,.0f}",
                f"{run['high_water']:.0f}",
                f"{run['proportional']:.0f}",
                str(run["processes"]),
            )
            events.unlink()
    Console(width=120).print(table)


if __name__ == "__main__":
    main(tuple(int(count) for count in sys.argv[1:]) or COUNTS)
