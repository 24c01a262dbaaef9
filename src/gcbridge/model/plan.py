"""A plan is a value: what would change, and the bundle that apply takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from gcbridge.model.base import Frozen
from gcbridge.model.stack import StackName

Action = Literal["create", "update", "delete", "replace", "read"]
"""Terraform's actions, with delete+create read as replace and no-op left out."""


class AttributeChange(Frozen):
    """One attribute of a resource, before and after; sensitive values read `(sensitive)`, unknown ones `(known after apply)`."""

    path: str
    before: Any
    after: Any
    undoes_drift: bool = False
    """True where somebody changed it outside Terraform, and the plan changes it back to what the state says."""


class ResourceChange(Frozen):
    """One resource that Terraform would touch."""

    address: str
    action: Action
    type: str = ""
    """Terraform's resource type, such as `aws_sqs_queue`."""
    name: str = ""
    """What the cloud calls the object that would go; filled for delete and replace, where the plan says it."""
    attributes: tuple[AttributeChange, ...] = ()
    """Attributes that differ; filled for update and replace."""
    replace_reasons: tuple[str, ...] = ()
    """Attributes that force the replacement."""

    @property
    def object_address(self) -> str:
        """The address as Terraform itself takes it, without the mark of an object that a replacement left behind."""
        return self.address.partition(" (deposed object ")[0]


class PlanSummary(Frozen):
    """What one stack's plan would change."""

    stack: StackName
    changes: tuple[ResourceChange, ...]
    output_changes: tuple[str, ...] = ()
    """Names of root outputs whose value would change."""

    @property
    def has_changes(self) -> bool:
        """True when applying would do anything."""
        return bool(self.changes or self.output_changes)

    @property
    def destroys(self) -> tuple[ResourceChange, ...]:
        """Changes that delete a resource for good."""
        return tuple(change for change in self.changes if change.action == "delete")

    @property
    def replaces(self) -> tuple[ResourceChange, ...]:
        """Changes that delete a resource and create it anew."""
        return tuple(change for change in self.changes if change.action == "replace")


class GuardedChange(Frozen):
    """A change after which something is gone that no later apply brings back."""

    stack: StackName
    address: str
    """What `--allow-destroy` takes."""
    action: Action
    loses: str
    """What would be lost, in words that follow a colon."""
    makes_another_bridge: bool = False
    """True where the change turns the bridge into another one: suffix, account, region or organization."""
    must_be_named: bool
    """False for what goes with a whole environment: who destroys that has said so."""
    named: bool
    """Whether somebody named it."""


class PlannedStack(Frozen):
    """One stack inside a bundle: its plan file by digest, and what it would do."""

    stack_digest: str
    """Digest of the rendered files that were planned."""
    plan_file: str
    """Name of the binary plan, relative to the bundle's folder."""
    plan_sha256: str
    lock_sha256: str
    """SHA-256 of the dependency lock file that chose the providers."""
    has_changes: bool
    """Terraform's own word; a move of an address counts too, though no resource changes."""
    summary: PlanSummary


class PlanBundle(Frozen):
    """Both plans of one environment, with the digests that bind them to what was planned."""

    format: Literal[2] = 2
    id: str
    environment: str
    environment_digest: str
    destroy: bool = False
    created_at: str
    """UTC, ISO 8601."""
    gcbridge_version: str
    terraform_version: str
    provider_versions: dict[str, str]
    genesys: PlannedStack
    aws: PlannedStack
    guarded: tuple[GuardedChange, ...] = ()
    """What applying would lose, as far as it was known when the plan was made."""
    allow_destroy: tuple[str, ...] = ()
    """Addresses that somebody allowed to be lost; apply of this bundle needs them no second time."""

    def allowing(self, addresses: Sequence[str]) -> PlanBundle:
        """The same bundle, with more addresses that may be lost."""
        return self.model_copy(
            update={"allow_destroy": tuple(dict.fromkeys([*self.allow_destroy, *addresses]))}
        )

    def of(self, stack: StackName) -> PlannedStack:
        """One of the two planned stacks."""
        return self.genesys if stack is StackName.GENESYS else self.aws

    @property
    def summaries(self) -> tuple[PlanSummary, PlanSummary]:
        """The Genesys stack's summary, then the AWS stack's."""
        return (self.genesys.summary, self.aws.summary)

    @property
    def has_changes(self) -> bool:
        """True when either stack would change."""
        return self.genesys.has_changes or self.aws.has_changes
