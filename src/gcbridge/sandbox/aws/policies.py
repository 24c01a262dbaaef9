"""Whether a resource policy lets EventBridge do what a target asks for.

ministack evaluates resource policies only when its whole identity layer is on. Deliveries of a
rule have to be judged always, since a missing queue policy is how bridges fail most often.
"""

from __future__ import annotations

from ministack.core.arn import parse_arn
from ministack.core.iam_evaluator import EvalContext, evaluate_resource_policy

EVENTS_SERVICE = "events.amazonaws.com"
LOG_DELIVERY_SERVICE = "delivery.logs.amazonaws.com"


def allows_service(policy: str | None, service: str, action: str, resource: str, rule_arn: str) -> bool:
    """Whether ``policy`` lets ``service`` do ``action`` on ``resource`` on behalf of the rule.

    ``aws:SourceArn`` is the rule's ARN and ``aws:SourceAccount`` the rule's account. The principal
    is the service alone: a grant to an account is none to the service. No policy allows nothing.
    """
    rule = parse_arn(rule_arn)
    context = EvalContext(
        principal_arn="*",
        principal_type="Service",
        principal_account="",
        action=action,
        resource_arn=resource,
        region=rule.region,
        service_context={"aws:sourcearn": rule_arn, "aws:sourceaccount": rule.account_id},
    )
    return bool(evaluate_resource_policy(policy, context, service=service).decision == "Allow")
