"""EnvironmentSpec -> Bridge: every default filled in, every name decided, nothing looked up."""

from __future__ import annotations

from collections.abc import Mapping

from gcbridge.errors import EnvironmentInvalidError
from gcbridge.model.bridge import (
    Archive,
    AssumeRole,
    AwsAccount,
    Bridge,
    Integration,
    Organization,
    Rule,
    TerraformSettings,
)
from gcbridge.model.naming import event_source_name, rule_arn
from gcbridge.model.origin import KeyPath, Origin
from gcbridge.model.spec import ArchiveSpec, AwsSpec, EnvironmentSpec, RuleSpec
from gcbridge.study.monitoring import resolve_alarm, resolve_dashboard
from gcbridge.study.pattern import build_pattern
from gcbridge.study.resolve_targets import resolve_target
from gcbridge.study.resolve_triggers import resolve_flow, resolve_trigger
from gcbridge.study.target_names import archive_name
from gcbridge.study.validate import as_problems

ENVIRONMENT_TAG = "gcbridge:environment"


def resolve(name: str, spec: EnvironmentSpec, origins: Mapping[KeyPath, Origin] | None = None) -> Bridge:
    """A Bridge follows from the environment file alone, so it is the same on every machine and offline.

    Args:
        name: the environment's name.
        spec: what was written.
        origins: file and line of key paths, for messages.

    Raises:
        EnvironmentInvalidError: org id or account id are not written yet.
    """
    org_id, account_id = _identities(name, spec, origins or {})
    source = event_source_name(org_id, spec.genesys.event_source_suffix)
    rules = tuple(
        _rule(name, rule_name, rule, source, rule_arn(spec.aws.region, account_id, source, rule_name))
        for rule_name, rule in sorted(spec.rules.items())
    )
    account = _aws_account(name, spec.aws, account_id)
    return Bridge(
        environment=name,
        organization=Organization(org_id=org_id, region=spec.genesys.region, base_url=spec.genesys.base_url),
        integration=_integration(name, spec),
        aws=account,
        rules=rules,
        targets=tuple(
            resolve_target(name, account, target, written, _senders(target, rules))
            for target, written in sorted(spec.targets.items())
        ),
        archive=_archive(name, spec.archive, source),
        dashboards=tuple(
            resolve_dashboard(name, spec.aws.region, dashboard, written)
            for dashboard, written in sorted(spec.dashboards.items())
        ),
        triggers=tuple(
            resolve_trigger(name, trigger, written, spec.flows)
            for trigger, written in sorted(spec.triggers.items())
        ),
        flows=tuple(resolve_flow(flow, written) for flow, written in sorted(spec.flows.items())),
        terraform=_terraform(spec),
        verify=spec.verify,
        waits=spec.waits,
    )


def _identities(name: str, spec: EnvironmentSpec, origins: Mapping[KeyPath, Origin]) -> tuple[str, str]:
    missing = [
        (path, "is missing: who sends and who receives must stand in the file")
        for path, value in (
            (("genesys", "org_id"), spec.genesys.org_id),
            (("aws", "account_id"), spec.aws.account_id),
        )
        if not value
    ]
    if missing or not spec.genesys.org_id or not spec.aws.account_id:
        raise EnvironmentInvalidError(
            name, as_problems(missing, origins), hint=f"gcbridge init {name} looks them up and writes them"
        )
    return spec.genesys.org_id, spec.aws.account_id


def _integration(name: str, spec: EnvironmentSpec) -> Integration:
    genesys = spec.genesys
    return Integration(
        name=genesys.integration_name or f"gcbridge {name}",
        notes=genesys.notes,
        event_source_suffix=genesys.event_source_suffix,
        topics=tuple(sorted(set(genesys.topics))),
        module=spec.integration_module,
    )


def _aws_account(name: str, aws: AwsSpec, account_id: str) -> AwsAccount:
    role = aws.assume_role
    return AwsAccount(
        account_id=account_id,
        region=aws.region,
        endpoint_url=aws.endpoint_url,
        assume_role=AssumeRole(**role.model_dump()) if role else None,
        tags=tuple(sorted({**aws.tags, ENVIRONMENT_TAG: name}.items())),
    )


def _rule(environment: str, name: str, rule: RuleSpec, source: str, arn: str) -> Rule:
    return Rule(
        name=name,
        description=rule.description,
        enabled=rule.enabled,
        topics=tuple(sorted(set(rule.topics))),
        pattern_json=build_pattern(source, rule.topics, rule.where, rule.pattern),
        targets=tuple(sorted(rule.targets)),
        arn=arn,
        alarm=resolve_alarm(environment, name, rule.alarm) if rule.alarm else None,
    )


def _senders(target: str, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules if target in rule.targets)


def _archive(name: str, archive: ArchiveSpec | None, source: str) -> Archive | None:
    if archive is None:
        return None
    return Archive(
        name=archive.name or archive_name(name),
        retention_days=archive.retention_days,
        pattern_json=build_pattern(source, (), None, archive.pattern) if archive.pattern else None,
    )


def _terraform(spec: EnvironmentSpec) -> TerraformSettings:
    terraform = spec.terraform
    return TerraformSettings(
        binary=terraform.binary,
        provider_mirror=terraform.provider_mirror,
        backend=terraform.backend,
        required_version=terraform.required_version,
        provider_versions=(
            ("hashicorp/aws", terraform.providers.aws),
            ("mypurecloud/genesyscloud", terraform.providers.genesyscloud),
        ),
    )
