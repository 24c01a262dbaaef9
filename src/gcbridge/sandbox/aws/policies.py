"""Whether a resource policy lets an AWS service act on behalf of a rule.

ministack evaluates resource policies only when its whole identity layer is on. Deliveries of a
rule have to be judged always, since a missing queue policy is how bridges fail most often.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from typing import Any, TypeAlias

from ministack.core.arn import parse_arn
from ministack.core.iam_evaluator import EvalContext, evaluate_resource_policy

EVENTS_SERVICE = "events.amazonaws.com"
LOG_DELIVERY_SERVICE = "delivery.logs.amazonaws.com"

Policy: TypeAlias = str | dict[str, Any] | None


@functools.lru_cache(maxsize=1024)
def parse_policy(text: str) -> Any:
    """A policy document as Python values; parsed once for each text, and never changed."""
    try:
        return json.loads(text)
    except ValueError:
        return None


def allows_service(
    policy: Policy,
    service: str,
    action: str,
    resource: str,
    source_arn: str,
    *,
    context: Mapping[str, str] | None = None,
) -> bool:
    """Whether ``policy`` lets ``service`` do ``action`` on ``resource`` on behalf of ``source_arn``.

    ``aws:SourceArn`` is that ARN and ``aws:SourceAccount`` its account; ``context`` holds further
    condition keys, in lower case. The principal is the service alone: a grant to an account is
    none to the service. No policy allows nothing.
    """
    source = parse_arn(source_arn)
    keys = {"aws:sourcearn": source_arn, "aws:sourceaccount": source.account_id, **(context or {})}
    request = EvalContext(
        principal_arn="*",
        principal_type="Service",
        principal_account="",
        action=action,
        resource_arn=resource,
        region=source.region,
        service_context=keys,
    )
    document = parse_policy(policy) if isinstance(policy, str) else policy
    return bool(evaluate_resource_policy(document, request, service=service).decision == "Allow")
