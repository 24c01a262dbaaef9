"""Links on the sending side: the organization, the integration, and what it is set to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain

from gcbridge.model.bridge import Bridge
from gcbridge.model.naming import INTEGRATION_TYPE
from gcbridge.model.result import Fault, GenesysObservation, IntegrationObservation
from gcbridge.study.link import Finding, Link, broken, holds

ORGANIZATION = "genesys organization"
INTEGRATION = "integration exists"
ENABLED = "integration enabled"
REPORTED_ACTIVE = "integration reported ACTIVE"
SUFFIX = "integration event source suffix"
ACCOUNT = "integration AWS account"
REGION = "integration AWS region"
TOPICS = "integration topics"


def sending_links(bridge: Bridge, seen: GenesysObservation | Fault) -> tuple[Link, ...]:
    """Links from the credentials to the integration's settings, causes first."""

    def of_integration(judge: Callable[[Bridge, IntegrationObservation], Finding]) -> Callable[[], Finding]:
        return lambda: judge(bridge, _integration(seen))

    return (
        Link(ORGANIZATION, (), lambda: _judge_organization(bridge, seen)),
        Link(INTEGRATION, (ORGANIZATION,), lambda: _judge_existence(bridge, seen)),
        Link(ENABLED, (INTEGRATION,), of_integration(_judge_intended_state)),
        Link(REPORTED_ACTIVE, (ENABLED,), of_integration(_judge_reported_state)),
        Link(SUFFIX, (INTEGRATION,), of_integration(_judge_suffix)),
        Link(ACCOUNT, (INTEGRATION,), of_integration(_judge_account)),
        Link(REGION, (INTEGRATION,), of_integration(_judge_region)),
        Link(TOPICS, (INTEGRATION,), of_integration(_judge_topics)),
    )


def choose_integration(
    bridge: Bridge, integrations: Sequence[IntegrationObservation]
) -> IntegrationObservation | None:
    """The bridge's integration is the one that feeds its source; failing that, one that somebody turned elsewhere.

    Args:
        bridge: whose integration.
        integrations: all of the organization.

    Returns:
        The one with suffix, account and region of the bridge; else the one with its suffix, else with its name.
    """
    present = [seen for seen in integrations if seen.intended_state != "DELETED"]
    suffix, aws = bridge.integration.event_source_suffix, bridge.aws
    wanted = (suffix, aws.account_id, aws.region)
    exact = (s for s in present if (s.event_source_suffix, s.aws_account_id, s.aws_region) == wanted)
    by_suffix = (seen for seen in present if seen.event_source_suffix == suffix)
    by_name = (seen for seen in present if seen.name == bridge.integration.name)
    return next(chain(exact, by_suffix, by_name), None)


def _integration(seen: GenesysObservation | Fault) -> IntegrationObservation:
    if isinstance(seen, Fault) or seen.integration is None:
        raise LookupError("judged without an integration")
    return seen.integration


def _judge_organization(bridge: Bridge, seen: GenesysObservation | Fault) -> Finding:
    wanted = bridge.organization.org_id
    if isinstance(seen, Fault):
        observed = f"{seen.summary} ({seen.detail})" if seen.detail else seen.summary
        return broken(observed, f"an answer from organization {wanted}", seen.hint)
    if seen.organization_id != wanted:
        return broken(
            f"the Genesys Cloud credentials belong to organization {seen.organization_id}",
            f"organization {wanted}",
            f"export GENESYSCLOUD_OAUTHCLIENT_ID and GENESYSCLOUD_OAUTHCLIENT_SECRET of an OAuth client of {wanted}, "
            f"or, where the other organization is the right one, write its id to genesys.org_id of "
            f"{bridge.environment}",
        )
    return holds(f"organization {wanted}")


def _judge_existence(bridge: Bridge, seen: GenesysObservation | Fault) -> Finding:
    if isinstance(seen, Fault) or seen.integration is None:
        return broken(
            f"no integration of type {INTEGRATION_TYPE} with the suffix {bridge.integration.event_source_suffix}",
            f"an integration named {bridge.integration.name!r}",
            f"type: gcbridge plan {bridge.environment} && gcbridge apply {bridge.environment}; if it was applied before, somebody deleted the integration "
            "in Genesys Cloud under Admin > Integrations",
        )
    return holds(f"{seen.integration.name!r} ({seen.integration.integration_id})")


def _judge_intended_state(bridge: Bridge, integration: IntegrationObservation) -> Finding:
    if integration.intended_state == "ENABLED":
        return holds("intended state ENABLED")
    return broken(
        f"intended state {integration.intended_state}",
        "intended state ENABLED",
        f"somebody switched the integration off: switch it on in Genesys Cloud under Admin > Integrations, or type: "
        f"gcbridge plan {bridge.environment} && gcbridge apply {bridge.environment}",
    )


def _judge_reported_state(bridge: Bridge, integration: IntegrationObservation) -> Finding:
    state = integration.reported_state
    if state == "ACTIVE":
        return holds("reported state ACTIVE")
    observed = f"reported state {state}"
    if integration.reported_detail:
        observed += f": {integration.reported_detail}"
    if state == "ACTIVATING":
        hint = (
            f"Genesys Cloud is still at work: wait a minute, then type: gcbridge verify {bridge.environment}"
        )
    else:
        hint = (
            f"Genesys Cloud could not activate the integration {integration.integration_id}: check that AWS account "
            f"{integration.aws_account_id} and region {integration.aws_region} exist and that no other integration "
            f"uses the suffix {integration.event_source_suffix}; then switch it off and on again in Genesys Cloud"
        )
    return broken(observed, "reported state ACTIVE", hint)


def _judge_setting(bridge: Bridge, observed: str, expected: str, key: str) -> Finding:
    if observed == expected:
        return holds(observed)
    return broken(
        observed or "(empty)",
        expected,
        f"the integration sends elsewhere than {key} says. If the environment file is right, type: "
        f"gcbridge plan {bridge.environment} && gcbridge apply {bridge.environment}; if the integration is right, change {key}",
    )


def _judge_suffix(bridge: Bridge, integration: IntegrationObservation) -> Finding:
    expected = bridge.integration.event_source_suffix
    return _judge_setting(bridge, integration.event_source_suffix, expected, "genesys.event_source_suffix")


def _judge_account(bridge: Bridge, integration: IntegrationObservation) -> Finding:
    return _judge_setting(bridge, integration.aws_account_id, bridge.aws.account_id, "aws.account_id")


def _judge_region(bridge: Bridge, integration: IntegrationObservation) -> Finding:
    return _judge_setting(bridge, integration.aws_region, bridge.aws.region, "aws.region")


def _judge_topics(bridge: Bridge, integration: IntegrationObservation) -> Finding:
    declared, sent = set(bridge.integration.topics), set(integration.topics)
    if declared == sent:
        return holds(f"{len(sent)} topics, as declared")
    missing, extra = sorted(declared - sent), sorted(sent - declared)
    parts = [f"not sent: {', '.join(missing)}"] if missing else []
    parts += [f"sent, but not declared: {', '.join(extra)}"] if extra else []
    return broken(
        "; ".join(parts),
        ", ".join(sorted(declared)),
        f"somebody edited the topic filter in Genesys Cloud, or genesys.topics was not applied yet: type "
        f"gcbridge plan {bridge.environment} && gcbridge apply {bridge.environment}",
    )
