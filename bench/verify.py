"""What `gcbridge verify` adds to the latency of an event: from its arrival in a queue to the verdict.

    .venv/bin/python bench/verify.py [RUNS]

Brings up a sandbox in a temporary folder (a minute: Terraform makes a bridge with a queue, a log group and a stream), then
verifies it RUNS times (20) with one change each, and once with 200. The clocks are all of this machine.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

import gcbridge
from gcbridge.model.result import VerificationReport

ENVIRONMENT = """\
extends: ../.gcbridge/_sandbox/environment.yaml
genesys:
  region: eu-central-1
  event_source_suffix: bench
  topics:
    - v2.users.{id}.presence
    - v2.audits.entitytype.{id}.entityid.{id}
aws:
  region: eu-central-1
rules:
  presence: {topics: ["v2.users.{id}.presence"], targets: [queue, stream]}
  audits: {topics: ["v2.audits.entitytype.{id}.entityid.{id}"], targets: [log]}
targets:
  queue: {type: sqs, dead_letter: false}
  stream: {type: kinesis, dead_letter: false}
  log: {type: log_group, dead_letter: false}
verify: {cause: presence, user: test.user@example.com, settle_seconds: 0, interval_seconds: 0}
"""


def typed(folder: Path, *arguments: str) -> str:
    """Type a gcbridge command; what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "gcbridge", *arguments],
        cwd=folder,
        check=False,
        text=True,
        capture_output=True,
    )
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout


def use_credentials(folder: Path) -> None:
    """What `eval "$(gcbridge sandbox env)"` does in a shell."""
    for line in typed(folder, "sandbox", "env").splitlines():
        name, _, value = line.removeprefix("export ").partition("=")
        os.environ[name] = value.strip("'\"")


def seconds_to_verdict(report: VerificationReport) -> float:
    """From the last event's arrival in the probe's queue to the end of the verification."""
    assert report.started_at is not None
    assert report.overhead is not None
    ended = report.started_at.timestamp() + report.seconds
    read = max(
        trace.accepted_at.timestamp() + (hop.seconds or 0.0)
        for trace in report.traces
        for hop in trace.hops
        if hop.name == "event bus"
    )
    return ended - read + report.overhead.maximum


def measure(folder: Path, runs: int) -> tuple[list[VerificationReport], VerificationReport]:
    """Single verifications, and one with many changes."""
    environment = gcbridge.load_environment("bench", workspace=folder)
    singles = [gcbridge.verify(environment, workspace=folder) for _ in range(runs)]
    return singles, gcbridge.verify(environment, count=200, witness=True, workspace=folder)


def show(singles: list[VerificationReport], many: VerificationReport) -> None:
    """Print the figures."""
    failed = [report for report in (*singles, many) if report.verdict == "failed"]
    if failed:
        sys.exit(f"a verification failed at {failed[0].first_broken}")
    table = Table("figure", "median", "worst", title=f"{len(singles)} verifications of one change")
    verdicts = [seconds_to_verdict(report) for report in singles]
    known = [report.overhead.p50 for report in singles if report.overhead]
    whole = [report.seconds for report in singles]
    for name, values in (
        ("arrival in the queue -> known whose event it is", known),
        ("arrival in the queue -> verdict, targets looked at, probe removed", verdicts),
        ("whole verification", whole),
    ):
        table.add_row(name, f"{median(values):.3f} s", f"{max(values):.3f} s")
    console = Console()
    console.print(table)
    assert many.overhead is not None
    console.print(
        f"200 changes, {len(many.traces)} events, {many.seconds:.1f} s: arrival -> known p50 {many.overhead.p50:.3f} s, "
        f"p95 {many.overhead.p95:.3f} s, worst {many.overhead.maximum:.3f} s"
    )


def main() -> None:
    """Measure and print."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "environments").mkdir()
        (folder / "environments" / "bench.yaml").write_text(ENVIRONMENT)
        typed(folder, "sandbox", "up")
        try:
            use_credentials(folder)
            for command in ("init", "plan", "apply"):
                typed(folder, command, "bench")
            show(*measure(folder, runs))
        finally:
            typed(folder, "sandbox", "down")


if __name__ == "__main__":
    main()
