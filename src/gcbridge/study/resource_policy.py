"""Evaluates a resource policy for one service principal, as far as a policy can be judged from outside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gcbridge.study.policy_statements import Decision, Document, covers, decide, every, listed

ANSWERS: Mapping[Decision, bool | None] = {
    "allowed": True,
    "denied": False,
    "silent": False,
    "unknown": None,
}


@dataclass(frozen=True, slots=True)
class ServiceRequest:
    """A service asks for one action on one resource, on behalf of another resource.

    Args:
        service: principal, such as `events.amazonaws.com`.
        action: such as `sqs:SendMessage`.
        resource: ARN that the action is about; empty for a role's trust policy, which names none.
        source_arn: ARN on whose behalf the service asks (`aws:SourceArn`), such as a rule's.
        source_account: 12 digits (`aws:SourceAccount`).
        via: service that asks in turn (`kms:ViaService`), such as `sqs.eu-central-1.amazonaws.com`; empty where none.
    """

    service: str
    action: str
    resource: str
    source_arn: str
    source_account: str
    via: str = ""

    @property
    def context(self) -> dict[str, str]:
        """Condition keys with a known value; AWS services always call over TLS."""
        known = {
            "aws:sourcearn": self.source_arn,
            "aws:sourceaccount": self.source_account,
            "aws:securetransport": "true",
        }
        return {**known, "kms:viaservice": self.via} if self.via else known


def is_permitted(policies: Iterable[Document], request: ServiceRequest) -> bool | None:
    """A policy permits when a statement allows and none denies; None where a condition cannot be judged.

    Args:
        policies: every document attached to the resource.
        request: who asks for what.
    """
    return ANSWERS[decide(policies, lambda statement: _applies(statement, request))]


def _applies(statement: Document, request: ServiceRequest) -> bool | None:
    return every(
        (
            _names_service(statement, request.service),
            covers(statement, request.action, request.resource, request.context),
        )
    )


def _names_service(statement: Document, service: str) -> bool | None:
    if "NotPrincipal" in statement:
        return None
    principal = statement.get("Principal", {})
    if principal == "*":
        return True
    if not isinstance(principal, Mapping):
        return False
    return service in listed(principal.get("Service")) or "*" in listed(principal.get("AWS"))
