"""Resources as their own services describe them: what rules send to, and the roles and keys that it takes."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from gcbridge.model.base import Frozen

Policy = dict[str, Any]
"""A policy document, parsed."""


class GrantObservation(Frozen):
    """A grant on a KMS key."""

    grantee: str
    """ARN of a role, or the name of a service."""
    operations: tuple[str, ...]
    """Such as GenerateDataKey."""


class ResourceObservation(Frozen):
    """What its own service says of a queue, topic, function, stream, role, key, ..."""

    arn: str
    """Its own ARN, also where an alias led to it."""
    exists: bool | None
    """None where it could not be read."""
    detail: str = ""
    """Why something could not be read, and which IAM action is missing."""
    state: str = ""
    """In its service's words, such as ACTIVE; empty where the service has none."""
    policies: tuple[Policy, ...] | None = ()
    """On the resource itself: queue policy, key policy, a role's trust policy; None where they could not be read."""
    identity_policies: tuple[Policy, ...] | None = ()
    """What is written into a role; None where it could not be read."""
    grants: tuple[GrantObservation, ...] | None = ()
    """On a key; None where they could not be read."""
    aws_managed: bool = False
    """A key whose policy nobody can change."""
    refers_to: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Part that it plays -> ARNs: `key`, `role`, `managed_policies`, `boundary`, `connection`, `objects`, ..."""


def unread_resource(arn: str, detail: str) -> ResourceObservation:
    """A resource of which nothing is known, and why."""
    return ResourceObservation(
        arn=arn, exists=None, detail=detail, policies=None, identity_policies=None, grants=None
    )
