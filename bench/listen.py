"""Listening over a notification service that is broken again and again: is every event told, and none twice?

    .venv/bin/python bench/listen.py [--minutes 10] [--disconnects 20]

Starts an emulated organization of 2,400 users and 50 queues, subscribes to 2,500 topics over three channels, changes
presences and leads conversations at 25 events a second, cuts the sockets at even intervals, lets the token expire in the
middle, and holds what was told against what was caused. `tests/sandbox/genesys_room/listening_trial.py` says precisely
what "every event" means where several changes of one user lie within one gap; a shortened form runs in the tests.

Exits with 1 if an event is missing, was told twice, or was never caused.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests/sandbox/genesys_room"))

from emulated_genesys import run_emulated_genesys
from listening_trial import Outcome, run_trial

from gcbridge.genesys.notifications import Timing

HEARTBEAT_SECONDS = 5
TIMING = Timing(
    heartbeat_seconds=7,
    pong_seconds=2,
    first_pause_seconds=0.2,
    longest_pause_seconds=5,
    steady_seconds=5,
    look_again_seconds=5,
)
"""Quicker than in a live organization, whose heartbeats come every 30 s."""
FIGURES = {
    "events caused": "caused",
    "events told": "told",
    "heard live": "live",
    "filled from the API": "filled",
    "left out as told before": "suppressed",
    "presences overwritten within a gap": "excused",
    "sockets lost": "disconnects",
    "channels": "channels",
    "subscriptions": "subscriptions",
    "longest time from a loss to its filling, s": "longest_gap_seconds",
    "memory at the beginning, MB": "memory_begin_mb",
    "memory at the end, MB": "memory_end_mb",
}


def main() -> int:
    """Runs the trial and prints what came of it."""
    options = parse_options()
    console = Console()
    started = time.monotonic()
    with (
        tempfile.TemporaryDirectory() as folder,
        run_emulated_genesys(Path(folder), "--heartbeat", str(HEARTBEAT_SECONDS)) as emulated,
    ):
        outcome = run_trial(
            emulated,
            seconds=options.minutes * 60,
            disconnects=options.disconnects,
            timing=TIMING,
            seed=options.seed,
            say=console.print if options.verbose else lambda _line: None,
        )
    console.print(as_table(outcome, time.monotonic() - started))
    for what in ("missing", "twice", "strangers"):
        for key in getattr(outcome, what)[:10]:
            console.print(f"{what}: {key}")
    return 0 if outcome.is_complete else 1


def parse_options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--disconnects", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--verbose", action="store_true", help="say what happens to the listening")
    return parser.parse_args()


def as_table(outcome: Outcome, seconds: float) -> Table:
    """The figures."""
    table = Table("", title=f"listening for {seconds / 60:.1f} minutes")
    table.add_column("", justify="right")
    for label, name in FIGURES.items():
        value = getattr(outcome, name)
        table.add_row(label, f"{value:,.1f}" if isinstance(value, float) else f"{value:,}")
    for name in ("missing", "twice", "strangers"):
        table.add_row(
            name, f"{len(getattr(outcome, name)):,}", style="green" if outcome.is_complete else "red"
        )
    return table


if __name__ == "__main__":
    sys.exit(main())
