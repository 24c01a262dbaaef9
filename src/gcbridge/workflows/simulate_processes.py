"""Hands batches of events to several processes, few at a time, and takes the tallies back in order."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import forkserver

from gcbridge.errors import GcbridgeError
from gcbridge.study.traffic.counting import TrafficCounter
from gcbridge.study.traffic.definition import Definition
from gcbridge.study.traffic.tally import Tally
from gcbridge.workflows.simulate_worker import count_batch, count_texts, start_counting
from gcbridge.workspace.event_files import EventText

BATCH_BYTES = 512 * 1024
BATCH_TEXTS = 2_000
IN_FLIGHT = 3
"""Batches for each process that wait, are counted, or have been counted: what bounds the memory."""
WORKER = "gcbridge.workflows.simulate_worker"


def cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_batches(texts: Iterable[EventText]) -> Iterator[list[EventText]]:
    """Some hundred KB at a time: large enough to be worth sending, small enough to be many."""
    batch: list[EventText] = []
    size = 0
    for text in texts:
        batch.append(text)
        size += len(text.text)
        if size >= BATCH_BYTES or len(batch) >= BATCH_TEXTS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def count_all(
    batches: Iterable[list[EventText]], definition: Definition, against: Definition | None, workers: int
) -> Generator[Tally, None, None]:
    """Tallies of the batches, in their order; closing it ends the processes.

    Args:
        batches: the traffic; it is read as far ahead as the processes are busy, and no further.
        definition: what is simulated.
        against: what it is compared with.
        workers: processes; 1 counts in this one.

    Raises:
        InvalidPatternError: EventBridge would refuse a pattern.
        GcbridgeError: a process was killed.
    """
    counter = TrafficCounter(definition, against)
    if workers == 1:
        yield from (count_texts(counter, batch) for batch in batches)
        return
    with _processes(definition, against, workers) as pool:
        try:
            yield from _counted(pool, batches, workers * IN_FLIGHT)
        except BrokenProcessPool as error:
            raise GcbridgeError(
                "a process that counted events was killed",
                detail="most often the machine was out of memory",
                hint="type the same command again with --workers 1",
            ) from error


def _counted(
    pool: ProcessPoolExecutor, batches: Iterable[list[EventText]], in_flight: int
) -> Iterator[Tally]:
    waiting: deque[Future[Tally]] = deque()
    for batch in batches:
        waiting.append(
            pool.submit(count_batch, [text.text for text in batch], [text.where for text in batch])
        )
        if len(waiting) >= in_flight:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


@contextmanager
def _processes(
    definition: Definition, against: Definition | None, workers: int
) -> Iterator[ProcessPoolExecutor]:
    """Processes that are not forked from this one, whose display has threads; all have ended when the block has."""
    pool = ProcessPoolExecutor(
        workers, _context(), initializer=start_counting, initargs=(definition, against)
    )
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _context() -> multiprocessing.context.BaseContext:
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    forkserver.set_forkserver_preload([WORKER])
    with _ctrl_c_ignored():
        forkserver.ensure_running()
    return multiprocessing.get_context("forkserver")


@contextmanager
def _ctrl_c_ignored() -> Iterator[None]:
    """A process started now never hears of Ctrl-C, and neither do those that come from it: no tracebacks of theirs."""
    try:
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    except ValueError:  # only the main thread may, and only it would be interrupted
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
