"""Paths of event patterns are held against what stands in a topic's events."""

import pytest

from gcbridge.model.topic import Topic, TopicField
from gcbridge.study.topics.fields import field_at, leaf_paths, suggest_field
from gcbridge.workspace.topic_snapshots import read_bundled

PRESENCE = read_bundled().get("v2.users.{id}.presence")
AUDITS = read_bundled().get("v2.audits.entitytype.{id}.entityid.{id}")
ATTRIBUTES = read_bundled().get("v2.detail.events.conversation.{id}.attributes")
NOBODY_KNOWS = Topic(topic="v2.users.{id}.alerting.heartbeat.alerts")
RECURSIVE = Topic(
    topic="v2.x.{id}",
    fields={"error": TopicField(type="object", fields={"errors": TopicField(type="unknown")})},
)


@pytest.mark.parametrize(
    ("topic", "path", "kind"),
    [
        (PRESENCE, "source", "string"),
        (PRESENCE, "detail-type", "string"),
        (PRESENCE, "time", "datetime"),
        (PRESENCE, "resources", "string"),
        (PRESENCE, "detail", "object"),
        (PRESENCE, "detail.topicName", "string"),
        (PRESENCE, "detail.metadata.CorrelationId", "string"),
        (PRESENCE, "detail.eventBody.primary", "boolean"),
        (PRESENCE, "detail.eventBody.presenceDefinition", "object"),
        (PRESENCE, "detail.eventBody.presenceDefinition.systemPresence", "string"),
        (AUDITS, "detail.eventBody.propertyChanges.newValues", "string"),
        (AUDITS, "detail.eventBody.message.messageParams.anything", "string"),
        (ATTRIBUTES, "detail.eventBody.eventTime", "integer"),
        (ATTRIBUTES, "detail.eventBody.attributes.outage_flag", "string"),
        (NOBODY_KNOWS, "detail.eventBody.whatever.is.there", "unknown"),
        (NOBODY_KNOWS, "detail.topicName", "string"),
        (RECURSIVE, "detail.eventBody.error.errors.errors.code", "unknown"),
    ],
)
def test_what_stands_at_a_path(topic, path, kind):
    """Lists are looked through, a map has any key, and below what nobody knows everything may be."""
    assert field_at(topic, path).type == kind


@pytest.mark.parametrize(
    ("topic", "path", "meant"),
    [
        (
            PRESENCE,
            "detail.eventBody.presenceDefinition.systemPresense",
            "detail.eventBody.presenceDefinition.systemPresence",
        ),
        (
            PRESENCE,
            "detail.eventBody.presencedefinition.systemPresence",
            "detail.eventBody.presenceDefinition.systemPresence",
        ),
        (PRESENCE, "detail.eventBody.systemPresence", "detail.eventBody.presenceDefinition.systemPresence"),
        (PRESENCE, "detail.metadata.correlationId", "detail.metadata.CorrelationId"),
        (AUDITS, "detail.eventBody.EntityType", "detail.eventBody.entityType"),
        (AUDITS, "eventBody.action", "detail.eventBody.action"),
        (AUDITS, "detail.action", "detail.eventBody.action"),
        (AUDITS, "detail.eventBody.entity.id.value", None),
        (PRESENCE, "detail.eventBody.zzz", None),
        (NOBODY_KNOWS, "detail.zzz", None),
    ],
)
def test_a_path_that_leads_nowhere(topic, path, meant):
    """Each line: what was written, and what it was probably meant to be."""
    assert field_at(topic, path) is None
    assert suggest_field(topic, path) == meant


def test_known_values_come_in_the_case_of_the_events():
    """Patterns compare with case, so the case is half of the knowledge."""
    assert field_at(PRESENCE, "detail.eventBody.presenceDefinition.systemPresence").enum[-2:] == (
        "ON_QUEUE",
        "TRAINING",
    )
    assert {"OAuthClient", "UserPresence"} <= set(field_at(AUDITS, "detail.eventBody.entityType").enum)


def test_leaves_hold_no_further_named_fields():
    """A map counts by its any-key, since its own keys are not known."""
    leaves = leaf_paths(ATTRIBUTES.fields)

    assert {"eventTime", "communications.mediaType", "attributes.*"} <= set(leaves)
    assert "communications" not in leaves
