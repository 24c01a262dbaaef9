"""Reads recorded events, whatever wrote them: JSON, JSON Lines, JSON without line ends, gzip of each.

Lines are handed on one by one, so that a file may have any size. What spans lines (a pretty-printed event, an array)
is read until it ends. What has no line ends, as Firehose writes without a delimiter, is cut between two events.
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

from gcbridge.errors import GcbridgeError, UsageError
from gcbridge.workspace.event_parsing import EventText, end_of_objects, parse_events

__all__ = ["EventText", "event_texts", "parse_events", "split_events"]

PIECE_BYTES = 1 << 20
"""Most that is read at once. EventBridge takes events of up to 256 KB, so that a line is nearly always one piece."""
GZIP_MAGIC = b"\x1f\x8b"
UTF8_MARK = b"\xef\xbb\xbf"
HEAD_BYTES = 8
TAIL_BYTES = 256
"""Where the last sign before a line is looked for; nothing but spaces there is taken for no cut."""
FOREIGN = {
    b"\xff\xfe": ("is UTF-16 text", "save it as UTF-8; in PowerShell: Out-File -Encoding utf8"),
    b"\xfe\xff": ("is UTF-16 text", "save it as UTF-8"),
    b"\x28\xb5\x2f\xfd": ("is packed with zstd", "unpack it, and pipe it in as -: zstd -dc {name}"),
    b"BZh": ("is packed with bzip2", "unpack it, and pipe it in as -: bzip2 -dc {name}"),
    b"\xfd7zXZ": ("is packed with xz", "unpack it, and pipe it in as -: xz -dc {name}"),
    b"PK\x03\x04": ("is a zip archive", "unpack it, and pipe it in as -: unzip -p {name}"),
    b"PAR1": ("is a Parquet file", "convert it to JSON Lines"),
}
"""First bytes of what is no JSON -> what it is, and what to do."""
BRACKET = re.compile(rb'[^"{}\[\]]*(?:"[^"\\]*(?:\\.[^"\\]*)*"[^"{}\[\]]*)*([{}\[\]])', re.DOTALL)
"""The next bracket, past all texts: brackets decide where a JSON value ends."""
WHOLE_TEXTS = re.compile(rb'[^"]*(?:"[^"\\]*(?:\\.[^"\\]*)*"[^"]*)*', re.DOTALL)
"""What has no text that is still open: JSON has no line end in a text."""
VALUE_MAY_FOLLOW = b":[,"
"""After these an object may begin, where a value is open."""


def event_texts(path: str, stdin: BinaryIO) -> Iterator[EventText]:
    """The events of one file, in its order; JSON Lines of any size take no more memory than the longest line.

    Args:
        path: a file, or `-` for what is piped in.
        stdin: what `-` stands for.

    Raises:
        UsageError: there is no such file.
        GcbridgeError: the file is of a kind that is not read, or its gzip data is broken.
    """
    if path == "-":
        yield from split_events(stdin, "stdin")
        return
    file = Path(path)
    if file.is_dir():
        raise UsageError(f"{path} is a folder", hint=f"name the files in it: {path.rstrip('/')}/*.json")
    if not file.exists():
        raise UsageError(f"{path} does not exist", hint="name a file of events, or - for what is piped in")
    with file.open("rb") as stream:
        yield from split_events(stream, path)


def split_events(stream: BinaryIO, name: str) -> Iterator[EventText]:
    """Cut a stream into JSON values without parsing them.

    Args:
        stream: anything with `read(size)`: a file, a pipe, the body of an S3 object; gzip or not.
        name: what messages call it.

    Raises:
        GcbridgeError: a kind of file that is not read, or broken gzip data.
    """
    document = _Document(name)
    is_json_lines = False
    for line, piece in _pieces(_unpacked(stream, name), name):
        if is_json_lines and piece.startswith(b"{") and piece.endswith((b"}\n", b"}\r\n")):
            yield EventText(piece, f"{name}:{line}")
        else:
            yield from document.add(piece, line)
            is_json_lines = not document.is_open
    yield from document.rest()


class _Document:
    """What has been read since the last event that is whole."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._text = bytearray()
        self._line = 1
        self._counted = 0  # bytes whose brackets are in `_open`
        self._open = bytearray()  # brackets that have not been closed

    @property
    def is_open(self) -> bool:
        """Whether the next line goes on with it."""
        return bool(self._text)

    def add(self, piece: bytes, line: int) -> Iterator[EventText]:
        """Take a piece; hand on what is whole now."""
        if self._is_cut_off_before(piece):
            yield from self.rest()
        if not self._text:
            self._line = line
        self._text += piece
        yield from self._cut(self._count(is_line_end=piece.endswith(b"\n")))

    def rest(self) -> Iterator[EventText]:
        """What is left at the end of the file; if it is not whole, parsing says so."""
        self._open.clear()
        yield from self._cut(len(self._text))

    def _is_cut_off_before(self, piece: bytes) -> bool:
        """Whether a line begins an object where none can: what is open was cut off, and must not swallow the file."""
        if not (self._open and self._text.endswith(b"\n") and piece.startswith(b"{")):
            return False
        last = self._text[-TAIL_BYTES:].rstrip()[-1:]
        return last not in VALUE_MAY_FOLLOW or (last == b"," and self._open.endswith(b"{"))

    def _count(self, *, is_line_end: bool) -> int:
        """Where the last whole value ends; the end of all where nothing is open, be it JSON or not."""
        text, end, position = self._text, 0, self._counted
        if not is_line_end and not position and (end := end_of_objects(text)):
            return end
        while found := BRACKET.match(text, position):
            position = found.end()
            if found[1] in b"{[":
                self._open += found[1]
            else:
                del self._open[-1:]
                end = end if self._open else position
        # No text goes on in the next line, but a piece may end inside one.
        self._counted = len(text) if is_line_end else position
        if is_line_end and not WHOLE_TEXTS.fullmatch(text, position):
            self._open.clear()
        is_cut = not is_line_end and text.count(b'"', position) > 0
        return end if self._open or is_cut else len(text)

    def _cut(self, end: int) -> Iterator[EventText]:
        text = bytes(self._text[:end])
        del self._text[:end]
        self._counted = max(0, self._counted - end)
        if text and not text.isspace():
            blank = text[: len(text) - len(text.lstrip())].count(b"\n")
            yield EventText(text.strip(), f"{self._name}:{self._line + blank}")
        self._line += text.count(b"\n")


class _Prefixed(io.RawIOBase):
    """A stream whose first bytes were looked at already."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        super().__init__()
        self._head = head
        self._stream = stream

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """The first bytes again, then the rest."""
        data = self._head or self._stream.read(len(buffer))
        data, self._head = data[: len(buffer)], data[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)


def _unpacked(stream: BinaryIO, name: str) -> BinaryIO:
    """The text itself. What CloudWatch Logs sends through Firehose is packed twice."""
    for _ in range(3):
        head = b""
        while len(head) < HEAD_BYTES and (more := _read(stream.read, HEAD_BYTES - len(head), name, 1)):
            head += more
        _check_kind(head, name)
        whole = io.BufferedReader(_Prefixed(head.removeprefix(UTF8_MARK), stream), PIECE_BYTES)
        if not head.startswith(GZIP_MAGIC):
            return whole
        stream = cast("BinaryIO", gzip.GzipFile(fileobj=whole))
    raise GcbridgeError(f"{name} is packed more than twice", where=name, hint=f"unpack it: gzip -dc {name}")


def _check_kind(head: bytes, name: str) -> None:
    for magic, (what, hint) in FOREIGN.items():
        if head.startswith(magic):
            raise GcbridgeError(f"{name} {what}", where=name, hint=hint.format(name=name))


def _pieces(stream: BinaryIO, name: str) -> Iterator[tuple[int, bytes]]:
    """Lines with their numbers; what is longer than a piece comes in several."""
    line = 1
    while piece := _read(stream.readline, PIECE_BYTES, name, line):
        yield line, piece
        line += piece.endswith(b"\n")


def _read(read: Callable[[int], bytes], size: int, name: str, line: int) -> bytes:
    try:
        return read(size)
    except EOFError as error:
        fault = "its gzip data ends early"
        raise GcbridgeError(
            f"{name} is cut off: {fault}",
            where=f"{name}:{line}",
            hint="copy it again; events before were read",
        ) from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise GcbridgeError(
            f"{name} is damaged: {error}",
            where=f"{name}:{line}",
            hint=f"copy it again; gzip -t {name} checks it",
        ) from error
