"""Looks at what a rule's target is, and whether its own policy lets the rule write."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gcbridge.aws.door import AwsDeniedError, aws_call
from gcbridge.aws.session import Aws
from gcbridge.study.resource_policy import Document, ServiceRequest, is_permitted

if TYPE_CHECKING:
    from mypy_boto3_logs.type_defs import DescribeResourcePoliciesResponseTypeDef

EVENTS_SERVICE = "events.amazonaws.com"
AWS_MANAGED_QUEUE_KEY = "alias/aws/sqs"


@dataclass(frozen=True, slots=True)
class TargetState:
    """A target as its own service describes it.

    Args:
        arn: as the rule names it.
        exists: None where it could not be read.
        policies: every policy document that can let EventBridge in.
        actions: (action, resource ARN) pairs that EventBridge needs, all of them.
        refusal: why EventBridge cannot write whatever the policies say; empty where nothing is in the way.
        detail: what to know about it.
    """

    arn: str
    exists: bool | None
    policies: tuple[Document, ...] = ()
    actions: tuple[tuple[str, str], ...] = ()
    refusal: str = ""
    detail: str = ""

    def permits(self, rule_arn: str) -> bool | None:
        """Whether EventBridge may write on behalf of a rule; None where it cannot be told."""
        if not self.exists or not self.actions:
            return None if self.exists is not False else False
        if self.refusal:
            return False
        account = rule_arn.split(":")[4]
        answers = {
            is_permitted(self.policies, ServiceRequest(EVENTS_SERVICE, action, resource, rule_arn, account))
            for action, resource in self.actions
        }
        if False in answers:
            return False
        return None if None in answers else True


def read_target_state(aws: Aws, arn: str) -> TargetState:
    """A target that IAM does not let us read is unknown, not broken.

    Args:
        aws: where to look.
        arn: ARN of the target as the rule names it.

    Raises:
        AwsError: AWS failed or could not be reached; a plain "not allowed" is part of the answer.

    IAM actions: sqs:GetQueueUrl, sqs:GetQueueAttributes; logs:DescribeLogGroups, logs:DescribeResourcePolicies.
    """
    read = _READERS.get(arn.split(":")[2])
    if read is None:
        return TargetState(arn, exists=None, detail="gcbridge does not read this kind of target")
    try:
        return read(aws, arn)
    except AwsDeniedError as error:
        return TargetState(arn, exists=None, detail=f"{error.detail}; {error.hint}")


def _read_queue(aws: Aws, arn: str) -> TargetState:
    owner, name = arn.split(":")[4:6]
    with aws_call(aws.sqs, "reading a target queue", where=arn):
        try:
            url = aws.sqs.get_queue_url(QueueName=name, QueueOwnerAWSAccountId=owner)["QueueUrl"]
            attributes = aws.sqs.get_queue_attributes(
                QueueUrl=url, AttributeNames=["Policy", "KmsMasterKeyId"]
            ).get("Attributes", {})
        except aws.sqs.exceptions.QueueDoesNotExist:
            return TargetState(arn, exists=False, detail=f"queue {name} does not exist")
    key = attributes.get("KmsMasterKeyId", "")
    # The policy of an AWS managed key cannot be changed, and it does not let EventBridge generate data keys.
    locked = (
        f"the queue is encrypted with {key}, which EventBridge cannot use; use SSE-SQS or a key of your own"
    )
    return TargetState(
        arn,
        exists=True,
        policies=_documents(attributes.get("Policy")),
        actions=(("sqs:SendMessage", arn),),
        refusal=locked if key.endswith(AWS_MANAGED_QUEUE_KEY) else "",
        detail=f"encrypted with {key}: its key policy was not read" if key else "",
    )


def _read_log_group(aws: Aws, arn: str) -> TargetState:
    group_arn = arn.removesuffix(":*")
    name = group_arn.split(":log-group:", 1)[1]
    with aws_call(aws.logs, "reading a target log group", where=group_arn):
        pages = aws.logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=name)
        found = any(group.get("logGroupName") == name for page in pages for group in page["logGroups"])
    if not found:
        return TargetState(arn, exists=False, detail=f"log group {name} does not exist")
    stream_arn = f"{group_arn}:log-stream:any"
    return TargetState(
        arn,
        exists=True,
        policies=_log_policies(aws, group_arn),
        # Source: "CloudWatch Logs permissions", EventBridge user guide; it needs both.
        actions=(("logs:CreateLogStream", stream_arn), ("logs:PutLogEvents", stream_arn)),
    )


def _log_policies(aws: Aws, group_arn: str) -> tuple[Document, ...]:
    """A log group is covered by the policies of its account and by one of its own."""
    documents: list[Document] = []
    with aws_call(aws.logs, "reading the resource policies of CloudWatch Logs", where=group_arn):
        paginator = aws.logs.get_paginator("describe_resource_policies")
        for page in paginator.paginate():
            documents.extend(_documents_on(page))
        # The API reference does not say how AWS answers for a group that has none of its own.
        with suppress(aws.logs.exceptions.ResourceNotFoundException):
            for page in paginator.paginate(policyScope="RESOURCE", resourceArn=group_arn):
                documents.extend(_documents_on(page))
    return tuple(documents)


def _documents_on(page: DescribeResourcePoliciesResponseTypeDef) -> Iterator[Document]:
    for policy in page.get("resourcePolicies", []):
        yield from _documents(policy.get("policyDocument"))


def _documents(text: str | None) -> tuple[dict[str, Any], ...]:
    return (json.loads(text),) if text else ()


_READERS: dict[str, Callable[[Aws, str], TargetState]] = {"sqs": _read_queue, "logs": _read_log_group}
