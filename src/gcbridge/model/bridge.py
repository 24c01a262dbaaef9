"""Bridge: everything decided. What is rendered, planned, applied and verified is this value and nothing else."""

from __future__ import annotations

import json
from typing import Any, Literal

from gcbridge.model.base import Frozen
from gcbridge.model.naming import aws_partition, event_source_name, rule_arn
from gcbridge.model.spec import BackendSpec, VerifySpec, WaitSpec
from gcbridge.model.target import AnyTarget
from gcbridge.model.trigger import Flow, Trigger


class Organization(Frozen):
    """The Genesys Cloud organization that sends."""

    org_id: str
    region: str
    base_url: str | None = None
    """API address instead of the region's own, such as `http://127.0.0.1:8080`."""


class Integration(Frozen):
    """The Genesys Cloud integration of type `amazon-eventbridge-source`."""

    name: str
    notes: str
    event_source_suffix: str
    topics: tuple[str, ...]
    """Topic templates with a literal `{id}`; sorted and unique, since the provider compares the list in order."""
    module: Literal["bundled", "remote"]


class AssumeRole(Frozen):
    """The IAM role that AWS calls are made with."""

    role_arn: str
    external_id: str | None = None
    session_name: str


class AwsAccount(Frozen):
    """The AWS account and region that receive."""

    account_id: str
    region: str
    endpoint_url: str | None = None
    assume_role: AssumeRole | None = None
    tags: tuple[tuple[str, str], ...] = ()

    @property
    def partition(self) -> str:
        """ARN partition, such as `aws`."""
        return aws_partition(self.region)


class Alarm(Frozen):
    """The alarm on how often a rule matched."""

    name: str
    threshold: int
    period_seconds: int
    notify: tuple[str, ...]
    """ARNs of SNS topics."""


class Dashboard(Frozen):
    """A CloudWatch dashboard."""

    name: str
    """Its key in the environment."""
    dashboard_name: str
    body_json: str
    """The dashboard's body as canonical JSON."""


class Rule(Frozen):
    """An EventBridge rule on the partner event bus."""

    name: str
    description: str
    enabled: bool
    topics: tuple[str, ...]
    """Topic templates that the rule asks for; empty means every topic."""
    pattern_json: str
    """The event pattern as canonical JSON (sorted keys, no spaces): what counts against the 2,048 characters."""
    targets: tuple[str, ...]
    arn: str
    alarm: Alarm | None = None

    @property
    def pattern(self) -> dict[str, Any]:
        """The event pattern as a fresh mapping."""
        loaded: dict[str, Any] = json.loads(self.pattern_json)
        return loaded


class Archive(Frozen):
    """The archive of the bus."""

    name: str
    retention_days: int
    pattern_json: str | None
    """Canonical JSON; None keeps everything."""


class TerraformSettings(Frozen):
    """How Terraform is run for this environment."""

    binary: str | None
    provider_mirror: str | None
    backend: BackendSpec
    required_version: str
    provider_versions: tuple[tuple[str, str], ...]
    """Provider address (`hashicorp/aws`) -> version constraint, sorted."""


class Bridge(Frozen):
    """One environment, decided: an organization, an integration, a partner event source, a bus, rules and targets."""

    environment: str
    organization: Organization
    integration: Integration
    aws: AwsAccount
    rules: tuple[Rule, ...]
    targets: tuple[AnyTarget, ...]
    archive: Archive | None
    dashboards: tuple[Dashboard, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    flows: tuple[Flow, ...] = ()
    terraform: TerraformSettings
    verify: VerifySpec
    waits: WaitSpec

    @property
    def event_source_name(self) -> str:
        """The partner event source's name, computed; the event bus carries the same name."""
        return event_source_name(self.organization.org_id, self.integration.event_source_suffix)

    @property
    def event_bus_name(self) -> str:
        """A partner event bus is named exactly as its source (CreateEventBus refuses anything else)."""
        return self.event_source_name

    @property
    def event_bus_arn(self) -> str:
        """ARN of the partner event bus."""
        aws = self.aws
        return f"arn:{aws.partition}:events:{aws.region}:{aws.account_id}:event-bus/{self.event_bus_name}"

    @property
    def archive_arn(self) -> str | None:
        """ARN of the archive; None where the bus has none."""
        aws = self.aws
        if self.archive is None:
            return None
        return f"arn:{aws.partition}:events:{aws.region}:{aws.account_id}:archive/{self.archive.name}"

    def rule_arn(self, rule_name: str) -> str:
        """ARN of a rule on this bus, declared or not."""
        return rule_arn(self.aws.region, self.aws.account_id, self.event_bus_name, rule_name)

    def target(self, name: str) -> AnyTarget:
        """The target of that name.

        Raises:
            KeyError: no such target.
        """
        for target in self.targets:
            if target.name == name:
                return target
        raise KeyError(name)
