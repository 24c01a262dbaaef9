"""Finds and removes probes that a crash left behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone

from gcbridge.aws.door import aws_call
from gcbridge.aws.observe import list_rules
from gcbridge.aws.probe_journal import ProbeJournal
from gcbridge.aws.probe_names import CREATED_TAG, PROBE_TAG, RULE_PREFIX, queue_prefix
from gcbridge.aws.probe_removal import remove_probe, remove_queue, remove_rule
from gcbridge.aws.session import Aws
from gcbridge.model.bridge import Bridge

PROBE_LIFETIME = timedelta(hours=2)
"""No verification lasts that long: `verify.timeout_seconds` ends at one hour."""


def sweep_probes(
    aws: Aws, bridge: Bridge, journal: ProbeJournal, *, lifetime: timedelta = PROBE_LIFETIME
) -> tuple[str, ...]:
    """Probes of dead processes go at once, those of other machines when they are older than any verification.

    Only what the journal knows of this bus, or what carries this environment's probe tag, is touched.

    Args:
        aws: where the bus is.
        bridge: whose event bus to sweep.
        journal: probes that this workspace made.
        lifetime: age, by the creation tag, at which a probe is removed whoever made it.

    Returns:
        Names of the rules and queues that were removed.

    Raises:
        AwsError: AWS refused or could not be reached.

    IAM actions: events:ListRules, events:ListTagsForResource, sqs:ListQueues, sqs:ListQueueTags; and those of
        `remove_probe`.
    """
    swept: list[str] = []
    for names in journal.entries():
        here = (names.account_id, names.region, names.event_bus_name)
        if here == (bridge.aws.account_id, bridge.aws.region, bridge.event_bus_name) and names.is_abandoned:
            remove_probe(aws, names, journal)
            swept += [names.rule_name, names.queue_name]
    oldest = datetime.now(timezone.utc) - lifetime
    for rule_name in _old_rules(aws, bridge, oldest):
        remove_rule(aws, rule_name, bridge.event_bus_name)
        swept.append(rule_name)
    for queue_name in _old_queues(aws, bridge.environment, oldest):
        remove_queue(aws, queue_name)
        swept.append(queue_name)
    return tuple(swept)


def _old_rules(aws: Aws, bridge: Bridge, oldest: datetime) -> Iterator[str]:
    for rule in list_rules(aws, bridge.event_bus_name):
        if not rule["Name"].startswith(RULE_PREFIX):
            continue
        with aws_call(aws.events, "reading the tags of a probe's rule", where=rule["Arn"]):
            tags = aws.events.list_tags_for_resource(ResourceARN=rule["Arn"])["Tags"]
        if _is_old({tag["Key"]: tag["Value"] for tag in tags}, bridge.environment, oldest):
            yield rule["Name"]


def _old_queues(aws: Aws, environment: str, oldest: datetime) -> Iterator[str]:
    prefix = queue_prefix(environment)
    with aws_call(aws.sqs, "looking for probes left behind", where=prefix):
        pages = aws.sqs.get_paginator("list_queues").paginate(QueueNamePrefix=prefix)
        urls = [url for page in pages for url in page.get("QueueUrls", [])]
    for url in urls:
        if _is_old(_queue_tags(aws, url), environment, oldest):
            yield url.rsplit("/", maxsplit=1)[-1]


def _queue_tags(aws: Aws, url: str) -> Mapping[str, str]:
    with aws_call(aws.sqs, "reading the tags of a probe's queue", where=url):
        try:
            return aws.sqs.list_queue_tags(QueueUrl=url).get("Tags", {})
        except aws.sqs.exceptions.QueueDoesNotExist:
            # SQS lists a queue for up to a minute after it was deleted.
            return {}


def _is_old(tags: Mapping[str, str], environment: str, oldest: datetime) -> bool:
    if tags.get(PROBE_TAG) != environment:
        return False
    try:
        return datetime.fromisoformat(tags.get(CREATED_TAG, "")) < oldest
    except (ValueError, TypeError):
        return False
