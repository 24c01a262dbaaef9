"""The one place where functions of ministack are replaced.

They are private functions of one pinned release, looked up by name at each call. Each seam says
which signature it expects, and ``install`` refuses an emulator in which that has changed.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from ministack.services import cloudwatch_logs, eventbridge, firehose, kinesis, lambda_svc, sqs

from gcbridge.sandbox.aws import (
    archives,
    connections,
    delivery,
    dispatch,
    event_buses,
    firehose_views,
    invocations,
    kinesis_streams,
    long_polls,
    partner_events,
    partner_sources,
    replays,
    resets,
    tags,
)
from gcbridge.sandbox.aws.deliveries import delivery_streams, partition_keys, topics
from gcbridge.sandbox.aws.telemetry import log_filters


@dataclass(frozen=True)
class Seam:
    """A function of ministack and what takes its place.

    A replacement that ``wraps`` gets the original as its first argument. ``handles`` is the request of SQS that
    the function answers: that service looks its functions up in a table of its own.
    """

    module: ModuleType
    name: str
    signature: str
    replacement: Callable[..., Any]
    wraps: bool = False
    handles: str = ""

    def __str__(self) -> str:
        return f"{self.module.__name__}.{self.name}{self.signature}"


class EmulatorChangedError(RuntimeError):
    """ministack is not the release this layer was written for."""


SEAMS = (
    Seam(eventbridge, "_describe_event_source", "(data)", partner_sources.describe_event_source),
    Seam(eventbridge, "_list_event_sources", "(data)", partner_sources.list_event_sources),
    Seam(eventbridge, "_activate_event_source", "(data)", partner_sources.activate_event_source),
    Seam(eventbridge, "_deactivate_event_source", "(data)", partner_sources.deactivate_event_source),
    Seam(eventbridge, "_create_partner_event_source", "(data)", partner_sources.create_partner_event_source),
    Seam(eventbridge, "_delete_partner_event_source", "(data)", partner_sources.delete_partner_event_source),
    Seam(
        eventbridge, "_describe_partner_event_source", "(data)", partner_sources.describe_partner_event_source
    ),
    Seam(eventbridge, "_list_partner_event_sources", "(data)", partner_sources.list_partner_event_sources),
    Seam(
        eventbridge,
        "_list_partner_event_source_accounts",
        "(data)",
        partner_sources.list_partner_event_source_accounts,
    ),
    Seam(eventbridge, "_put_partner_events", "(data)", partner_events.put_partner_events),
    Seam(eventbridge, "_create_event_bus", "(data)", event_buses.create_event_bus, wraps=True),
    Seam(eventbridge, "_delete_event_bus", "(data)", event_buses.delete_event_bus, wraps=True),
    Seam(eventbridge, "_put_events", "(data, allow_aws_source=False)", event_buses.put_events, wraps=True),
    Seam(eventbridge, "_put_permission", "(data)", event_buses.put_permission, wraps=True),
    Seam(eventbridge, "_resolve_taggable_events_arn", "(arn)", tags.resolve_taggable_arn, wraps=True),
    Seam(eventbridge, "_create_archive", "(data)", archives.create_archive, wraps=True),
    Seam(eventbridge, "_describe_archive", "(data)", archives.describe_archive),
    Seam(eventbridge, "_list_archives", "(data)", archives.list_archives),
    Seam(eventbridge, "_archive_event", "(event, view=None)", archives.archive_event),
    Seam(eventbridge, "_start_replay", "(data)", replays.start_replay),
    Seam(eventbridge, "_describe_replay", "(data)", replays.describe_replay),
    Seam(eventbridge, "_list_replays", "(data)", replays.list_replays),
    Seam(eventbridge, "_cancel_replay", "(data)", replays.cancel_replay),
    Seam(eventbridge, "_create_connection", "(data)", connections.create_connection, wraps=True),
    Seam(eventbridge, "_update_connection", "(data)", connections.update_connection, wraps=True),
    Seam(eventbridge, "_describe_connection", "(data)", connections.describe_connection),
    Seam(eventbridge, "_delete_connection", "(data)", connections.delete_connection, wraps=True),
    Seam(eventbridge, "_create_api_destination", "(data)", connections.create_api_destination, wraps=True),
    Seam(
        firehose, "_dest_description", "(dest: dict) -> dict", firehose_views.describe_destination, wraps=True
    ),
    Seam(kinesis, "_create_stream", "(data)", kinesis_streams.create_stream, wraps=True),
    Seam(eventbridge, "_dispatch_event", "(event, view=None)", dispatch.dispatch_event),
    Seam(eventbridge, "_invoke_target", "(target, event, rule, view=None)", delivery.invoke_target),
    Seam(eventbridge, "reset", "()", resets.reset, wraps=True),
    Seam(
        firehose,
        "_deliver_to_s3",
        "(stream: dict, dest: dict, record_data: bytes, lambda_keys=None)",
        delivery_streams.deliver_to_s3,
        wraps=True,
    ),
    Seam(
        firehose,
        "_metadata_extraction_keys",
        "(cfg, data)",
        partition_keys.metadata_extraction_keys,
        wraps=True,
    ),
    Seam(firehose, "_put_s3_object", "(bucket, key, body)", delivery_streams.put_s3_object, wraps=True),
    Seam(
        lambda_svc,
        "invoke_async_with_retry",
        "(func: dict, event: dict) -> None",
        invocations.invoke_asynchronously,
    ),
    Seam(
        sqs,
        "queue_policy_allows",
        "(queue_arn: str, service: str, source_arn: str, source_account: str) -> bool",
        topics.queue_policy_allows,
    ),
    Seam(
        sqs,
        "_act_receive_message",
        "(data: dict, qurl: str) -> dict",
        long_polls.receive_message,
        wraps=True,
        handles="ReceiveMessage",
    ),
    Seam(
        sqs,
        "_act_send_message",
        "(data: dict, qurl: str) -> dict",
        long_polls.send_message,
        wraps=True,
        handles="SendMessage",
    ),
    Seam(
        cloudwatch_logs,
        "_compile_filter_pattern",
        "(raw: str)",
        log_filters.compile_filter_pattern,
        wraps=True,
    ),
)


def find_changed_seams() -> list[str]:
    """The seams that this ministack does not have, or has with another signature."""
    return [
        str(seam)
        for seam in SEAMS
        if str(inspect.signature(getattr(seam.module, seam.name, lambda: None))) != seam.signature
    ]


@functools.cache
def install() -> None:
    """Replace the functions, once per process.

    Raises:
        EmulatorChangedError: a seam is missing or has changed.
    """
    changed = find_changed_seams()
    if changed:
        raise EmulatorChangedError(
            f"the installed ministack lacks {', '.join(changed)}; install the one that gcbridge[sandbox] pins"
        )
    for seam in SEAMS:
        original = getattr(seam.module, seam.name)
        replacement = functools.partial(seam.replacement, original) if seam.wraps else seam.replacement
        setattr(seam.module, seam.name, replacement)
        if seam.handles:
            seam.module._HANDLERS[seam.handles] = replacement
