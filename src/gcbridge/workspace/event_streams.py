"""Opens files of recorded events, and knows how much of them has been read."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Protocol, cast

from gcbridge.errors import UsageError


class Readable(Protocol):
    """A stream of bytes."""

    def read(self, size: int, /) -> bytes | None:
        """At most so many bytes; none at the end."""

    def close(self) -> None:
        """Give it back."""


@dataclass(slots=True)
class Meter:
    """How many bytes were read, as they are stored."""

    bytes: int = 0


class MeteredStream(io.RawIOBase):
    """A stream that tells a meter what is read of it.

    Args:
        stream: what is read.
        meter: is told.
        keep_open: whether what is read stays open when this is closed.
    """

    def __init__(self, stream: Readable, meter: Meter, *, keep_open: bool = False) -> None:
        super().__init__()
        self._stream = stream
        self._meter = meter
        self._keep_open = keep_open

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """The next bytes; none at the end."""
        data = self._stream.read(len(buffer)) or b""
        buffer[: len(data)] = data
        self._meter.bytes += len(data)
        return len(data)

    def close(self) -> None:
        """Close both, unless the other belongs to somebody else."""
        if not self.closed and not self._keep_open:
            self._stream.close()
        super().close()


def metered(stream: Readable, meter: Meter, *, keep_open: bool = False) -> BinaryIO:
    """A stream whose bytes are counted."""
    return cast("BinaryIO", MeteredStream(stream, meter, keep_open=keep_open))


def size_of(path: str) -> int | None:
    """Bytes of a file; None for a pipe, which does not tell.

    Raises:
        UsageError: there is no such file.
    """
    file = Path(path)
    if file.is_dir():
        raise UsageError(f"{path} is a folder", hint=f"name the files in it: {path.rstrip('/')}/*.jsonl")
    if not file.exists():
        raise UsageError(
            f"{path} does not exist",
            hint="name a file of events, s3://BUCKET/PREFIX, or - for what is piped in",
        )
    return file.stat().st_size if file.is_file() else None


def open_file(path: str) -> BinaryIO:
    """A file, to be read without a buffer of its own."""
    return cast("BinaryIO", Path(path).open("rb", buffering=0))
