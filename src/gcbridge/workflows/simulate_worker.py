"""What a process of `simulate` does: it is told the rules once, and counts batches of events until it is stopped.

Nothing heavy may be imported here: every process would pay for it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterable, Iterator
from multiprocessing.connection import wait
from typing import Any

from gcbridge.errors import GcbridgeError
from gcbridge.study.traffic.counting import TrafficCounter
from gcbridge.study.traffic.definition import Definition
from gcbridge.study.traffic.tally import Tally
from gcbridge.workspace.event_files import EventText, parse_events

_counters: list[TrafficCounter] = []
"""The one of this process."""


def start_counting(definition: Definition, against: Definition | None) -> None:
    """Makes this process ready: Ctrl-C is the parent's business, and without a parent there is no work.

    Args:
        definition: what is simulated.
        against: what it is compared with.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _counters[:] = [TrafficCounter(definition, against)]


def count_batch(texts: list[bytes], places: list[str]) -> Tally:
    """Count a batch in a process that is ready; two plain lists are what is quickest to send to it."""
    return count_texts(_counters[0], map(EventText, texts, places))


def count_texts(counter: TrafficCounter, texts: Iterable[EventText]) -> Tally:
    """Parse and count a batch; what is no event is counted as damaged.

    Args:
        counter: what counts.
        texts: some of the traffic.
    """
    tally = Tally()
    counter.count(_events(texts, tally), tally)
    return tally


def _events(texts: Iterable[EventText], tally: Tally) -> Iterator[tuple[dict[str, Any], str]]:
    for text in texts:
        try:
            events = parse_events(text)
        except GcbridgeError as error:
            tally.note_damaged(error.where or text.where, error.detail or error.summary)
            continue
        for event in events:
            yield event, text.where


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
