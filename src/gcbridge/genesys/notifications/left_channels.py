"""Channels that earlier runs left behind: they count for a day, and the API does not say whose they are."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterable
from datetime import datetime, timezone
from pathlib import Path

from gcbridge.atomic import write_atomically


class LeftChannels:
    """When the channels end that this workspace has opened; their ids, which open their sockets, are written nowhere.

    No call deletes a channel, and each login sees those of other logins without their ids. So without this, whoever
    listens twenty times a day would be refused for the sake of channels that nobody uses.

    Args:
        file: where it is written down; None keeps nothing.
    """

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._lock = threading.Lock()

    def count(self) -> int:
        """How many of them still exist, unless Genesys Cloud has removed them for newer ones."""
        return len(self._read())

    def note(self, end: datetime) -> None:
        """A channel was opened, and ends then if it is not renewed."""
        self._change((), [end])

    def renewed(self, before: Iterable[datetime], end: datetime) -> None:
        """Channels that were to end at those times will end then."""
        before = list(before)
        self._change(before, [end] * len(before))

    def _change(self, gone: Iterable[datetime], new: Iterable[datetime]) -> None:
        """What cannot be written is left: then fewer channels are known to be ours."""
        with self._lock:
            ends = self._read()
            for end in gone:
                with contextlib.suppress(ValueError):
                    ends.remove(end)
            self._write([*ends, *new])

    def _read(self) -> list[datetime]:
        """Those that exist still; a file that cannot be read is as good as none."""
        try:
            text = self._file.read_text(encoding="utf-8") if self._file else "[]"
            ends = [datetime.fromisoformat(end) for end in json.loads(text)]
            return [end for end in ends if end > datetime.now(timezone.utc)]
        except (OSError, ValueError, TypeError):
            return []

    def _write(self, ends: list[datetime]) -> None:
        if self._file is not None:
            with contextlib.suppress(OSError):
                write_atomically(self._file, json.dumps([end.isoformat() for end in ends]))
