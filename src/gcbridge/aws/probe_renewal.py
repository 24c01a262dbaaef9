"""Keeps a probe that lives for hours from being taken for one that was left behind."""

from __future__ import annotations

from datetime import datetime

from gcbridge.aws.door import aws_call
from gcbridge.aws.probe import Probe
from gcbridge.aws.probe_names import CREATED_TAG
from gcbridge.model.bridge import Bridge


def renew_probe(probe: Probe, bridge: Bridge, now: datetime) -> None:
    """Rule and queue are as young again as if they had just been made.

    `sweep_probes` on other machines cannot know whether the owner still runs, so it goes by the tag that says when a
    probe was made, and removes it after PROBE_LIFETIME.

    Args:
        probe: which probe.
        bridge: whose event bus it is on.
        now: UTC.

    Raises:
        AwsError: AWS refused or could not be reached.

    IAM actions: events:TagResource, sqs:TagQueue.
    """
    names, moment = probe.names, now.isoformat(timespec="seconds")
    rule_arn = bridge.rule_arn(names.rule_name)
    with aws_call(probe.aws.events, "tagging the probe's rule", where=rule_arn):
        probe.aws.events.tag_resource(ResourceARN=rule_arn, Tags=[{"Key": CREATED_TAG, "Value": moment}])
    with aws_call(probe.aws.sqs, "tagging the probe's queue", where=names.queue_name):
        probe.aws.sqs.tag_queue(QueueUrl=probe.queue_url, Tags={CREATED_TAG: moment})
