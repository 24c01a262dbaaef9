"""Prints events as they come: one line each for people, one JSON object each for programs."""

from __future__ import annotations

import io
import json
import os
import re
import select
import stat
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.highlighter import JSONHighlighter
from rich.text import Text

from gcbridge.cli.console import stdout_console
from gcbridge.cli.event_gist import gist, plain_line, shorten_ids
from gcbridge.model.notification import Notification
from gcbridge.workflows.tail import SeenEvent

SHORT_IDS_BELOW = 88
"""Columns for topic and gist below which ids are shortened, so that what an event says fits beside its topic."""
_UNPRINTABLE = re.compile(r"[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Beyond what JSON escapes anyway: control characters, line ends, turns of direction, halves of a surrogate pair."""
GIST_MAX = 300
"""Characters of what an event says where no terminal cuts the line."""


class Out:
    """Standard output for events that come one by one: nothing is kept back, and it is known whether anybody reads."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or stdout_console()

    def is_read(self) -> bool:
        """False when the other end of the pipe is closed, also before anything more is written."""
        return not self.console.quiet and not _is_closed(self.console)

    def print_json(self, value: object) -> None:
        """One line."""
        try:
            self.console.file.write(f"{_as_json(value)}\n")
            self.console.file.flush()
        except BrokenPipeError:
            self.console.on_broken_pipe()

    def print_line(self, line: Text) -> None:
        """One line, cut where the terminal ends, whole where it is none."""
        if self.console.is_terminal:
            self.console.print(line, no_wrap=True, overflow="ellipsis", crop=True)
        else:
            self.console.print(line, soft_wrap=True)

    def print_whole(self, line: Text, value: object) -> None:
        """A line with indented JSON below it, in one piece: another thread may have something to say just now."""
        text = _as_json(value, indent=2)
        with self.console:
            self.print_line(line)
            whole = JSONHighlighter()(Text("".join(f"  {each}\n" for each in text.splitlines())))
            self.console.print(whole, soft_wrap=True, end="")

    def event_line(self, moment: datetime, topic_name: str, body: Mapping[str, Any], *marks: Text) -> Text:
        """Time, marks, topic, and what the event says."""
        line = Text().append(f"{clock_time(moment)} ", style="dim")
        for mark in marks:
            line.append_text(mark).append(" ")
        return line.append_text(
            self.event_words(topic_name, body, room=self.console.width - cell_len(line.plain))
        )

    def event_words(self, topic_name: str, body: Mapping[str, Any], *, room: int) -> Text:
        """Topic, and what the event says.

        Args:
            topic_name: the topic with its ids.
            body: of the event.
            room: columns of the terminal that are left.
        """
        said = gist(body)
        if not self.console.is_terminal:
            said.truncate(GIST_MAX, overflow="ellipsis")
        is_narrow = self.console.is_terminal and room < SHORT_IDS_BELOW
        topic = plain_line(shorten_ids(topic_name) if is_narrow else topic_name)
        return Text().append(f"{topic} ", style="bold").append_text(said)


def clock_time(moment: datetime) -> str:
    """Time of day in UTC, to the millisecond."""
    return f"{moment.astimezone(timezone.utc):%H:%M:%S.%f}"[:-3]


class NotificationLines:
    """Events of the notification service.

    Args:
        out: where.
        as_json: the whole model, one object a line.
        whole: the whole event below each line.
    """

    def __init__(self, out: Out, *, as_json: bool, whole: bool) -> None:
        self._out = out
        self._as_json = as_json
        self._whole = whole
        self.is_read = out.is_read

    def show(self, item: Notification) -> None:
        """Print one."""
        if self._as_json:
            self._out.print_json(item.model_dump(mode="json"))
            return
        filled = (Text("gap-fill", style="yellow"),) if item.source == "gap-fill" else ()
        line = self._out.event_line(item.heard_at, item.topic_name, item.event_body, *filled)
        if self._whole:
            self._out.print_whole(line, item.event_body)
        else:
            self._out.print_line(line)


class EventLines:
    """Events of an event bus; the arguments are those of NotificationLines."""

    def __init__(self, out: Out, *, as_json: bool, whole: bool) -> None:
        self._out = out
        self._as_json = as_json
        self._whole = whole
        self.is_read = out.is_read

    def show(self, item: SeenEvent) -> None:
        """Print one."""
        if self._as_json:
            self._out.print_json(item.event)
            return
        detail = _mapping(item.event.get("detail"))
        topic = str(detail.get("topicName") or item.event.get("detail-type"))
        line = self._out.event_line(item.seen_at, topic, _mapping(detail.get("eventBody")))
        if self._whole:
            self._out.print_whole(line, item.event)
        else:
            self._out.print_line(line)


def _is_closed(console: Console) -> bool:
    """A pipe whose reader is gone says so without being written to; anything else is open for as long as it works."""
    try:
        number = console.file.fileno()
    except (io.UnsupportedOperation, ValueError):
        return False
    if not stat.S_ISFIFO(os.fstat(number).st_mode):
        return False
    poll = select.poll()
    poll.register(number, 0)  # POLLERR is reported unasked
    return any(events & (select.POLLERR | select.POLLHUP) for _, events in poll.poll(0))


def _as_json(value: object, indent: int | None = None) -> str:
    """What a terminal would act on, or a reader of lines end a line at, is written as an escape, which JSON allows anywhere."""
    text = json.dumps(value, indent=indent, ensure_ascii=False, default=str)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
