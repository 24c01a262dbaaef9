"""Removes one probe, however much of it exists."""

from __future__ import annotations

from contextlib import ExitStack

from gcbridge.aws.door import aws_call
from gcbridge.aws.probe_journal import ProbeJournal
from gcbridge.aws.probe_names import TARGET_ID, ProbeNames
from gcbridge.aws.session import Aws


def remove_probe(aws: Aws, names: ProbeNames, journal: ProbeJournal) -> None:
    """What is gone already is no error; the journal forgets the probe only when everything is gone.

    Raises:
        AwsError: something could not be removed; the rest was, and the journal still knows the probe.

    IAM actions: events:DescribeRule, events:RemoveTargets, events:DeleteRule, sqs:GetQueueUrl, sqs:DeleteQueue.
    """
    # The stack removes the queue even where removing the rule fails.
    with ExitStack() as last:
        last.callback(remove_queue, aws, names.queue_name)
        remove_rule(aws, names.rule_name, names.event_bus_name)
    journal.remove(names.run_id)


def remove_rule(aws: Aws, rule_name: str, event_bus_name: str) -> None:
    """A probe's rule goes with its one target.

    Raises:
        AwsError: AWS refused or could not be reached.

    IAM actions: events:DescribeRule, events:RemoveTargets, events:DeleteRule.
    """
    with aws_call(aws.events, "removing the probe's rule", where=rule_name):
        try:
            aws.events.describe_rule(Name=rule_name, EventBusName=event_bus_name)
            aws.events.remove_targets(Rule=rule_name, EventBusName=event_bus_name, Ids=[TARGET_ID])
            aws.events.delete_rule(Name=rule_name, EventBusName=event_bus_name)
        except aws.events.exceptions.ResourceNotFoundException:
            return


def remove_queue(aws: Aws, queue_name: str) -> None:
    """A queue that does not exist is removed already.

    Raises:
        AwsError: AWS refused or could not be reached.

    IAM actions: sqs:GetQueueUrl, sqs:DeleteQueue.
    """
    with aws_call(aws.sqs, "removing the probe's queue", where=queue_name):
        try:
            aws.sqs.delete_queue(QueueUrl=aws.sqs.get_queue_url(QueueName=queue_name)["QueueUrl"])
        except aws.sqs.exceptions.QueueDoesNotExist:
            return
