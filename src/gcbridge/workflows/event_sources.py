"""Where recorded events are read from: files, what is piped in, objects in S3; one after another, as one stream."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from typing import BinaryIO

from gcbridge.aws.event_objects import list_event_objects, open_event_object
from gcbridge.aws.session import Aws
from gcbridge.errors import AwsError, GcbridgeError, UsageError
from gcbridge.model.bridge import Bridge
from gcbridge.workflows.rooms import Rooms
from gcbridge.workspace.event_files import EventText, split_events
from gcbridge.workspace.event_streams import Meter, Readable, metered, open_file, size_of

S3 = "s3://"


@dataclass(frozen=True, slots=True)
class _Source:
    """One stream of events; opened when its turn comes."""

    name: str
    open: Callable[[], Readable]
    is_somebody_elses: bool = False


@dataclass(slots=True)
class RecordedEvents:
    """All that is to be read, in the order in which it was named.

    Args:
        total_bytes: of all of it, as stored; None where a pipe does not tell.
        meter: how many of them have been read.
    """

    total_bytes: int | None
    _sources: Callable[[], Iterator[_Source]]
    meter: Meter = field(default_factory=Meter)

    def texts(self, on_broken: Callable[[str, str], None]) -> Iterator[EventText]:
        """The events, not parsed yet.

        Args:
            on_broken: is told where a file breaks off, or that it is of a kind that is not read, and why; what
                comes after is read all the same.

        Raises:
            AwsError: S3 refused or could not be reached.
        """
        for source in self._sources():
            own = metered(source.open(), self.meter, keep_open=source.is_somebody_elses)
            with closing(own) as stream:
                try:
                    yield from split_events(stream, source.name)
                except AwsError:
                    raise
                except GcbridgeError as error:
                    on_broken(error.where or source.name, error.summary)


def find_recorded_events(
    rooms: Rooms, bridge: Bridge, files: tuple[str, ...], stdin: BinaryIO
) -> RecordedEvents:
    """What is to be read is there; nothing of it has been read yet.

    Args:
        rooms: doors to the outside.
        bridge: whose AWS credentials, region and endpoint S3 is read with.
        files: paths, `-`, or `s3://bucket/prefix`.
        stdin: what `-` stands for.

    Raises:
        UsageError: no such file, or nothing below the prefix.
        AwsError: S3 refused or could not be reached.

    IAM actions: s3:ListBucket, s3:GetObject, for `s3://` only.
    """
    aws = rooms.open_aws(bridge.aws) if any(file.startswith(S3) for file in files) else None
    sizes = [_size(file, aws) for file in files]
    total = None if None in sizes else sum(size for size in sizes if size is not None)
    return RecordedEvents(total, partial(_sources, files, aws, stdin))


def _size(file: str, aws: Aws | None) -> int | None:
    if file == "-":
        return None
    if aws is None or not file.startswith(S3):
        return size_of(file)
    bucket, prefix = _bucket_and_prefix(file)
    size = sum(found.size for found in list_event_objects(aws, bucket, prefix))
    if not size:
        raise UsageError(
            f"{file} holds no events",
            detail="no object has that key, or one that begins so",
            hint=f"aws s3 ls {file} shows what there is",
        )
    return size


def _sources(files: tuple[str, ...], aws: Aws | None, stdin: BinaryIO) -> Iterator[_Source]:
    for file in files:
        if file == "-":
            yield _Source("stdin", lambda: stdin, is_somebody_elses=True)
        elif aws is not None and file.startswith(S3):
            for found in list_event_objects(aws, *_bucket_and_prefix(file)):
                yield _Source(found.address, partial(open_event_object, aws, found))
        else:
            yield _Source(file, partial(open_file, file))


def _bucket_and_prefix(address: str) -> tuple[str, str]:
    bucket, _, prefix = address.removeprefix(S3).partition("/")
    if not bucket:
        raise UsageError(f"{address} names no bucket", hint="write s3://BUCKET/PREFIX")
    return bucket, prefix
