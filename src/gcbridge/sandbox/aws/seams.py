"""Which functions of ministack are replaced, and by what.

They are private functions of one pinned release, looked up by name at each call. Each seam says which
signature it expects.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from ministack.services import (
    cloudwatch,
    cloudwatch_logs,
    eventbridge,
    firehose,
    kinesis,
    lambda_svc,
    sqs,
    translate,
)

from gcbridge.sandbox.aws import (
    archives,
    cloudwatch_calls,
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
    translations,
)
from gcbridge.sandbox.aws.deliveries import delivery_streams, partition_keys, topics
from gcbridge.sandbox.aws.telemetry import alarms, embedded_metrics, log_filters


@dataclass(frozen=True)
class Seam:
    """A function of ministack and what takes its place.

    A replacement that ``wraps`` gets the original as its first argument. ``handles`` is the request that
    the function answers, in services that look their functions up in a table of their own.
    """

    module: ModuleType
    name: str
    signature: str
    replacement: Callable[..., Any]
    wraps: bool = False
    handles: str = ""

    def __str__(self) -> str:
        return f"{self.module.__name__}.{self.name}{self.signature}"


@dataclass(frozen=True)
class Addition:
    """A call that ministack does not answer, and the table of the service that it belongs into."""

    module: ModuleType
    table: str
    call: str
    answer: Callable[..., Any]

    def __str__(self) -> str:
        return f"{self.module.__name__}.{self.table} without {self.call}"


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
    Seam(
        firehose,
        "_put_record",
        "(data: dict)",
        delivery_streams.put_records,
        wraps=True,
        handles="PutRecord",
    ),
    Seam(
        firehose,
        "_put_record_batch",
        "(data: dict)",
        delivery_streams.put_records,
        wraps=True,
        handles="PutRecordBatch",
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
    Seam(
        cloudwatch_logs,
        "_append_log_events",
        "(stream, events)",
        embedded_metrics.append_log_events,
        wraps=True,
    ),
    Seam(cloudwatch, "_evaluate_alarm", "(alarm)", alarms.evaluate_alarm),
    Seam(
        cloudwatch,
        "_dims_from_list",
        "(dimensions: list[dict]) -> dict",
        cloudwatch_calls.dimensions_from_list,
        wraps=True,
    ),
    *(
        Seam(cloudwatch, name, "(params, cbor_data, is_cbor, is_json=False)", replacement, wraps=True)
        for name, replacement in cloudwatch_calls.CALLS.items()
    ),
)
# Services that are loaded when they are first asked for, because their libraries are slow to load, and the
# module of this package that tells what is replaced in them.
LATE_SERVICES = {"athena": "athena_queries"}
ADDITIONS = (Addition(translate, "_DISPATCH", "TranslateText", translations.translate_text),)
