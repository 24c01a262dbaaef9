"""Template topics become topics of every object: which kind of object stands in which hole.

The notification service takes topics with ids only, and has no subscription to "all queues".
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Literal, get_args

from gcbridge.errors import UsageError
from gcbridge.study.notifications.templates import HOLE, generalized

ObjectKind = Literal[
    "attempt limits",
    "business units",
    "callable time sets",
    "campaign rules",
    "campaigns",
    "contact list filters",
    "contact lists",
    "DNC lists",
    "edges",
    "flow outcomes",
    "flows",
    "groups",
    "integrations",
    "management units",
    "messaging campaigns",
    "OAuth clients",
    "operational events",
    "phones",
    "prompts",
    "queues",
    "response sets",
    "rule sets",
    "sequences",
    "teams",
    "trunks",
    "users",
    "web deployment configurations",
    "web deployments",
    "wrap-up codes",
]
"""Objects that the API lists whole."""
OBJECT_KINDS: tuple[ObjectKind, ...] = get_args(ObjectKind)

LISTED: dict[str, ObjectKind] = {
    "v2.analytics.flow": "flows",
    "v2.analytics.flowoutcome": "flow outcomes",
    "v2.analytics.queues": "queues",
    "v2.analytics.users": "users",
    "v2.analytics.wrapup": "wrap-up codes",
    "v2.architect.prompts": "prompts",
    "v2.audits.entitytype.Flow.entityid": "flows",
    "v2.audits.entitytype.Integration.entityid": "integrations",
    "v2.audits.entitytype.OAuthClient.entityid": "OAuth clients",
    "v2.audits.entitytype.Queue.entityid": "queues",
    "v2.audits.entitytype.User.entityid": "users",
    "v2.audits.entitytype.UserPresence.entityid": "users",
    "v2.businessunits": "business units",
    "v2.detail.events.agent": "users",
    "v2.flows": "flows",
    "v2.flows.instances.flow": "flows",
    "v2.flows.outcomes": "flow outcomes",
    "v2.gamification.scorecards.users": "users",
    "v2.groups": "groups",
    "v2.managementunits": "management units",
    "v2.operations.events": "operational events",
    "v2.outbound.attemptlimits": "attempt limits",
    "v2.outbound.callabletimesets": "callable time sets",
    "v2.outbound.campaignrules": "campaign rules",
    "v2.outbound.campaigns": "campaigns",
    "v2.outbound.contactlistfilters": "contact list filters",
    "v2.outbound.contactlists": "contact lists",
    "v2.outbound.dnclists": "DNC lists",
    "v2.outbound.messagingcampaigns": "messaging campaigns",
    "v2.outbound.responsesets": "response sets",
    "v2.outbound.rulesets": "rule sets",
    "v2.outbound.sequences": "sequences",
    "v2.routing.queues": "queues",
    "v2.taskmanagement.workitems.queues": "queues",
    "v2.taskmanagement.workitems.users": "users",
    "v2.telephony.providers.edges": "edges",
    "v2.telephony.providers.edges.phones": "phones",
    "v2.telephony.providers.edges.trunks": "trunks",
    "v2.users": "users",
    "v2.users.{id}.outbound.contactlists": "contact lists",
    "v2.users.{id}.outbound.dnclists": "DNC lists",
    "v2.webdeployments.configurations": "web deployment configurations",
    "v2.webdeployments.deployments": "web deployments",
    "v2.webmessaging.deployments": "web deployments",
    "v2.workforcemanagement.agents": "users",
    "v2.workforcemanagement.businessunits": "business units",
    "v2.workforcemanagement.managementunits": "management units",
    "v2.workforcemanagement.teams": "teams",
    "v2.workforcemanagement.users": "users",
}
"""What stands before an `{id}` -> what the id is of."""

_BY_CONVERSATION = (
    "conversations come and go and cannot be listed; v2.routing.queues.{id}.conversations and "
    "v2.users.{id}.conversations tell of those of every queue and user, EventBridge of all"
)
NOT_LISTED = {
    "v2.analytics.conversation": _BY_CONVERSATION,
    "v2.audits.entitytype": "an audit has two ids: the type of what was changed and its id; "
    "v2.audits.entitytype.Queue.entityid.{id} stands for all queues, EventBridge carries all audits",
    "v2.bot.conversation": _BY_CONVERSATION,
    "v2.conversations": _BY_CONVERSATION,
    "v2.detail.events.conversation": _BY_CONVERSATION,
    "v2.externalcontacts.contacts": "an organization has too many contacts to listen to each",
    "v2.speechandtextanalytics.conversation": _BY_CONVERSATION,
    "v2.speechandtextanalytics.conversations": _BY_CONVERSATION,
    "v2.users.{id}.conversations": "recordings of a conversation cannot be listed beforehand; v2.users.{id}.recordings tells of all of a user",
}
"""What stands before an `{id}` -> why it cannot be expanded, and what can be done."""


def is_template(topic: str) -> bool:
    """True where at least one id is left open."""
    return HOLE in topic.split(".")


def kinds_of(topic: str) -> tuple[ObjectKind, ...]:
    """What stands in each hole of a template, in order.

    Args:
        topic: a template, in which some ids may be given already.

    Raises:
        UsageError: a hole's objects cannot be listed; the hint is what to write instead.
    """
    words = topic.split(".")
    return tuple(_kind(topic, ".".join(words[:index])) for index, word in enumerate(words) if word == HOLE)


def _kind(topic: str, before: str) -> ObjectKind:
    kind = LISTED.get(before) or LISTED.get(generalized(before))
    if kind is not None:
        return kind
    reason = NOT_LISTED.get(generalized(before), f"gcbridge cannot list what stands behind {before}")
    raise UsageError(
        f"{topic} cannot be expanded to all its objects",
        detail=reason,
        hint=f"give the ids: {topic.replace(HOLE, '<id>')}",
    )


def expand(topic: str, ids: Callable[[ObjectKind], Sequence[str]]) -> Iterator[str]:
    """The topic with every id, of two holes with every pair of ids; a topic without a hole stands for itself.

    Args:
        topic: a template, or a topic with ids.
        ids: ids of all objects of a kind.

    Raises:
        UsageError: a hole's objects cannot be listed.
    """
    parts = topic.split(HOLE)
    for chosen in itertools.product(*(ids(kind) for kind in kinds_of(topic))):
        yield "".join(part + identity for part, identity in zip(parts, (*chosen, ""), strict=True))
