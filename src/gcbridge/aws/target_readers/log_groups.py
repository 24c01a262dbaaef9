"""Reads log groups and the resource policies of CloudWatch Logs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from gcbridge.aws.door import aws_call
from gcbridge.aws.session import Aws
from gcbridge.aws.target_readers.reading import attempt, documents, missing, only_given
from gcbridge.model.resource import Policy, ResourceObservation

if TYPE_CHECKING:
    from mypy_boto3_logs.type_defs import DescribeResourcePoliciesResponseTypeDef

ACCOUNT_POLICIES = "resource-policies"
"""Stands for all resource policies of account and region, which are read once for all log groups."""


def read_logs(aws: Aws, arn: str) -> ResourceObservation:
    """A log group with its own policies, or the policies of the account.

    IAM actions: logs:DescribeLogGroups, logs:DescribeResourcePolicies.
    """
    if arn.endswith(f":{ACCOUNT_POLICIES}"):
        return ResourceObservation(arn=arn, exists=True, policies=_account_policies(aws, arn))
    name = arn.partition(":log-group:")[2]
    with aws_call(aws.logs, "reading a log group", where=arn):
        pages = aws.logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=name)
        found = any(group.get("logGroupName") == name for page in pages for group in page["logGroups"])
    if not found:
        return missing(arn)
    policies, denied = attempt(lambda: _own_policies(aws, arn))
    account = f"{':'.join(arn.split(':')[:5])}:{ACCOUNT_POLICIES}"
    return ResourceObservation(
        arn=arn, exists=True, detail=denied, policies=policies, refers_to=only_given(account_policies=account)
    )


def _account_policies(aws: Aws, arn: str) -> tuple[Policy, ...]:
    with aws_call(aws.logs, "reading the resource policies of CloudWatch Logs", where=arn):
        pages = aws.logs.get_paginator("describe_resource_policies").paginate()
        return tuple(policy for page in pages for policy in _documents_on(page))


def _own_policies(aws: Aws, arn: str) -> tuple[Policy, ...]:
    found: list[Policy] = []
    # The API reference does not say how AWS answers for a group that has none of its own.
    none = suppress(aws.logs.exceptions.ResourceNotFoundException)
    with aws_call(aws.logs, "reading the resource policies of a log group", where=arn), none:
        paginator = aws.logs.get_paginator("describe_resource_policies")
        for page in paginator.paginate(policyScope="RESOURCE", resourceArn=arn):
            found.extend(_documents_on(page))
    return tuple(found)


def _documents_on(page: DescribeResourcePoliciesResponseTypeDef) -> Iterator[Policy]:
    for policy in page.get("resourcePolicies", []):
        yield from documents(policy.get("policyDocument"))
