"""EnvironmentSpec: what a person wrote in `environments/<name>.yaml`, checked value by value."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StrictBool, StrictInt

from gcbridge.model import naming
from gcbridge.model.base import Frozen
from gcbridge.model.monitoring_spec import AlarmSpec, DashboardSpec
from gcbridge.model.proof import CauseName
from gcbridge.model.target_spec import TargetSpec
from gcbridge.model.trigger_spec import FlowSpec, TriggerSpec
from gcbridge.model.values import (
    AccountId,
    ArchiveName,
    AwsRegion,
    ExpectedTargets,
    GenesysRegion,
    OrgId,
    RoleArn,
    RuleName,
    Suffix,
    TagKey,
    TestEvent,
    TestName,
    Text,
    Topic,
    Url,
    VersionConstraint,
)


class GenesysSpec(Frozen):
    """The Genesys Cloud side. Credentials come from GENESYSCLOUD_OAUTHCLIENT_ID and _SECRET, never from a file."""

    region: GenesysRegion
    """AWS region code that the organization lives in, such as eu-central-1."""
    org_id: OrgId | None = None
    """Organization id; `gcbridge init` looks it up and writes it here."""
    integration_name: Text | None = Field(default=None, min_length=1, max_length=256)
    """Name shown in Genesys Cloud. Default: `gcbridge <environment>`."""
    notes: Text = Field(default="Managed by gcbridge", max_length=1024)
    """Notes shown at the integration."""
    event_source_suffix: Suffix
    """Last part of the partner event source's name. Never change it in place: it names another bridge."""
    topics: tuple[Topic, ...] = Field(min_length=1)
    """Topic templates to send, with a literal {id}."""
    base_url: Url | None = None
    """API address instead of the region's own."""


class AssumeRoleSpec(Frozen):
    """A role to assume for every AWS call, Terraform's included."""

    role_arn: RoleArn
    """ARN of the role."""
    external_id: Text | None = Field(default=None, min_length=2, max_length=1224)
    """External id that the role's trust policy asks for."""
    session_name: str = Field(default="gcbridge", pattern=r"^[A-Za-z0-9+=,.@_-]{2,64}$")
    """Session name that CloudTrail shows."""


class AwsSpec(Frozen):
    """The AWS side. Credentials come from the AWS environment variables, profile or role, never from a file."""

    account_id: AccountId | None = None
    """Account that receives; `gcbridge init` looks it up and writes it here."""
    region: AwsRegion
    """Region that receives."""
    endpoint_url: Url | None = None
    """AWS endpoint instead of the region's own."""
    assume_role: AssumeRoleSpec | None = None
    """Role to assume."""
    tags: dict[TagKey, Annotated[Text, Field(max_length=256)]] = Field(default_factory=dict, max_length=45)
    """Tags for every AWS resource. `gcbridge:environment` is added."""


class LocalBackendSpec(Frozen):
    """State in `.gcbridge/<environment>/state/`: for one person at one desk."""

    type: Literal["local"] = "local"


class S3BackendSpec(Frozen):
    """State in an S3 bucket with S3's own lock file (Terraform 1.10 or newer)."""

    type: Literal["s3"]
    bucket: str = Field(pattern=r"^[a-z0-9.-]{3,63}$")
    """Bucket, which must exist."""
    region: AwsRegion
    """Region of the bucket."""
    key_prefix: str = Field(default="gcbridge", pattern=r"^[A-Za-z0-9!_.*'()/-]{1,512}$")
    """State keys are `<key_prefix>/<environment>/<stack>.tfstate`."""
    kms_key_id: str | None = None
    """Key for the state objects; otherwise the bucket's default encryption."""


BackendSpec = Annotated[LocalBackendSpec | S3BackendSpec, Field(discriminator="type")]


class ProviderVersionsSpec(Frozen):
    """Version constraints of the two providers."""

    aws: VersionConstraint = ">= 5.80.0, < 6.0.0"
    """hashicorp/aws"""
    genesyscloud: VersionConstraint = ">= 1.60.0, < 2.0.0"
    """mypurecloud/genesyscloud"""


class TerraformSpec(Frozen):
    """How Terraform is run."""

    binary: str | None = None
    """Terraform or OpenTofu binary; with a `/`, relative to this file's folder. Default: GCBRIDGE_TERRAFORM, then terraform or tofu on PATH."""
    provider_mirror: str | None = None
    """Filesystem mirror to look into first; relative to this file's folder."""
    required_version: VersionConstraint = ">= 1.10.0"
    """Terraform versions that may run the stacks."""
    backend: BackendSpec = LocalBackendSpec()
    """Where state lives."""
    providers: ProviderVersionsSpec = ProviderVersionsSpec()
    """Provider version constraints."""


class RuleSpec(Frozen):
    """An EventBridge rule. The pattern always pins `source` to this bridge's own source."""

    topics: tuple[Topic, ...] = ()
    """Topics to match; must be among genesys.topics. Empty: all of them."""
    where: dict[str, Any] | None = None
    """Event-pattern fragment under `detail`, such as {eventBody: {entityType: [OAuthClient]}}."""
    pattern: dict[str, Any] | None = None
    """A whole event pattern instead of topics and where, without `source`."""
    enabled: StrictBool = True
    """A disabled rule is kept and matches nothing."""
    description: Text = Field(default="", max_length=naming.DESCRIPTION_MAX)
    """Shown in AWS."""
    targets: tuple[str, ...] = Field(min_length=1, max_length=naming.TARGETS_PER_RULE_MAX)
    """Names of targets; EventBridge allows 5 a rule."""
    alarm: AlarmSpec | None = None
    """Alarm when the rule matches; none where it is left out."""


class ArchiveSpec(Frozen):
    """An archive keeps what was on the bus, so that it can be replayed."""

    name: ArchiveName | None = None
    """At most 48 characters. Default: `gcbridge-<environment>`."""
    retention_days: Annotated[StrictInt, Field(ge=0, le=36500)] = 30
    """Days that events are kept; 0 keeps them for ever."""
    pattern: dict[str, Any] | None = None
    """Event pattern of what is kept, without `source`. Default: everything."""


class ExpectationSpec(Frozen):
    """A test: an event, and what rules and triggers must do with it. Nothing is sent anywhere."""

    event: TestEvent
    """File of one event, relative to this file's folder; or the event itself, of which detail-type and detail suffice."""
    rules: tuple[str, ...]
    """Rules that match, these and no others; an empty list: none."""
    targets: ExpectedTargets = None
    """Targets that receive it, these and no others; or target -> what it receives, as text or as the value of its JSON. Default: not looked at."""
    triggers: tuple[str, ...] | None = None
    """Triggers that start their workflow, these and no others. Default: not looked at."""
    description: Text = ""
    """For people."""


class VerifySpec(Frozen):
    """How `gcbridge verify` proves arrival."""

    cause: CauseName = "traffic"
    """What to change in Genesys Cloud so that an event is sent; `traffic` changes nothing and waits."""
    user: str | None = None
    """Id or e-mail address of the user whose presence is changed and restored."""
    count: Annotated[StrictInt, Field(ge=1, le=1000)] = 1
    """How many changes to make, or events to wait for."""
    interval_seconds: Annotated[float, Field(ge=0, le=60)] = 1.0
    """Pause between two changes."""
    timeout_seconds: Annotated[StrictInt, Field(ge=5, le=3600)] = 120
    """How long to wait for events after the last change."""
    settle_seconds: Annotated[StrictInt, Field(ge=0, le=60)] = 5
    """Pause between adding the probe's rule and the first change: a new rule takes a moment to take effect."""
    max_latency: Annotated[float, Field(gt=0, le=3600)] | None = None
    """Seconds from a change to its event on the bus that no event may exceed. Default: any latency passes."""
    witness: StrictBool = False
    """Listen to the notification service too, so that an event which EventBridge lost is told from one that was never sent."""
    metrics_seconds: Annotated[StrictInt, Field(ge=0, le=900)] = 120
    """How long to wait for CloudWatch's counters where a target cannot be looked into; they come minutes late."""


class WaitSpec(Frozen):
    """How long `apply` waits for the two clouds to agree."""

    integration_seconds: Annotated[StrictInt, Field(ge=5, le=3600)] = 300
    """Until Genesys Cloud reports the integration ACTIVE."""
    event_source_seconds: Annotated[StrictInt, Field(ge=5, le=3600)] = 300
    """Until AWS shows the partner event source, and again until it is ACTIVE."""


class EnvironmentSpec(Frozen):
    """One environment file, after `extends` has been merged in."""

    description: Text = ""
    """What the environment is for; for people."""
    genesys: GenesysSpec
    aws: AwsSpec
    terraform: TerraformSpec = TerraformSpec()
    integration_module: Literal["bundled", "remote"] = "bundled"
    """`remote` renders the vendor's CX-as-Code module, pinned by commit, instead of the bundled one."""
    rules: dict[RuleName, RuleSpec] = Field(default_factory=dict, max_length=naming.RULES_PER_BUS_MAX)
    """Rules by name; EventBridge allows 300 a bus."""
    targets: dict[RuleName, TargetSpec] = Field(default_factory=dict)
    """Targets by name."""
    tests: dict[TestName, ExpectationSpec] = Field(default_factory=dict)
    """Tests by name; `gcbridge test` runs them, and so does `plan` before it plans."""
    archive: ArchiveSpec | None = None
    """Archive of the bus; `gcbridge replay` needs one."""
    dashboards: dict[RuleName, DashboardSpec] = Field(default_factory=dict)
    """CloudWatch dashboards by name."""
    triggers: dict[RuleName, TriggerSpec] = Field(default_factory=dict)
    """Process automation triggers by name: events that start a workflow inside Genesys Cloud."""
    flows: dict[RuleName, FlowSpec] = Field(default_factory=dict)
    """Architect workflows by name, deployed from files, for triggers to start."""
    verify: VerifySpec = VerifySpec()
    waits: WaitSpec = WaitSpec()
