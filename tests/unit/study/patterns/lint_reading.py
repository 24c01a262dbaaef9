"""Four topics that are like Genesys Cloud's, an environment that subscribes to them, and its warnings as text."""

from gcbridge.model.spec import EnvironmentSpec
from gcbridge.model.topic import Topic, TopicCatalogue, TopicField
from gcbridge.study.patterns.lints import pattern_warnings
from gcbridge.study.patterns.warned import as_lints

PRESENCE = "v2.users.{id}.presence"
AUDIT = "v2.audits.entitytype.{id}.entityid.{id}"
ACD_END = "v2.detail.events.conversation.{id}.acd.end"
UNDESCRIBED = "v2.something.{id}.new"


def text(*enum):
    return TopicField(type="string", enum=enum)


TIME, COUNT, FLAG = TopicField(type="datetime"), TopicField(type="integer"), TopicField(type="boolean")


def group(is_list=False, **fields):
    return TopicField(type="object", fields=fields, is_list=is_list)


PRESENCE_BODY = {
    "source": text(),
    "presenceDefinition": group(id=text(), systemPresence=text("Available", "Away", "Busy")),
    "futurePresenceDefinition": group(id=text(), systemPresence=text("Available", "Away", "Busy")),
    "primary": FLAG,
    "message": text(),
    "modifiedDate": TIME,
}
AUDIT_BODY = {
    "id": text(),
    "action": text("Create", "Update", "Delete"),
    "entityType": text("OAuthClient", "UserPresence"),
    "eventTime": TIME,
    "propertyChanges": group(is_list=True, property=text(), oldValues=text(), newValues=text()),
    "context": TopicField(type="map", fields={"*": text()}),
}
ACD_END_BODY = {
    "eventTime": COUNT,
    "mediaType": text("VOICE", "CHAT"),
    "connectedDurationMs": COUNT,
    "addressFrom": text(),
}

CATALOGUE = TopicCatalogue(
    topics=(
        Topic(topic=PRESENCE, fields=PRESENCE_BODY),
        Topic(topic=AUDIT, fields=AUDIT_BODY),
        Topic(topic=ACD_END, fields=ACD_END_BODY),
        Topic(topic=UNDESCRIBED),
    ),
    taken_at="2026-07-13",
    origin="a test",
)


def environment(rules, topics=(PRESENCE, AUDIT, ACD_END), archive=None):
    """An environment that subscribes to the topics; every rule sends to one queue."""
    return EnvironmentSpec.model_validate(
        {
            "genesys": {"region": "eu-central-1", "event_source_suffix": "dev", "topics": list(topics)},
            "aws": {"region": "eu-central-1", "account_id": "123456789012"},
            "rules": {name: {"targets": ["queue"], **rule} for name, rule in rules.items()},
            "targets": {"queue": {"type": "sqs"}},
            "archive": archive,
        }
    )


def warnings_of(rule, topics=(PRESENCE, AUDIT, ACD_END)):
    """What is said about one rule, each as `key: message; hint` without the rule's own place."""
    lints = as_lints(pattern_warnings(environment({"r": rule}, topics), CATALOGUE), {})
    return [str(lint).removeprefix("rules.r.").removeprefix("rules.r: ") for lint in lints]


def where(fragment, *topics):
    """A rule on topics, with a condition below `detail`."""
    return {"topics": list(topics), "where": fragment}


def pattern(**fields):
    """A rule with a pattern of its own; `detail_type` stands for `detail-type`."""
    return {"pattern": {name.replace("_", "-"): value for name, value in fields.items()}}
