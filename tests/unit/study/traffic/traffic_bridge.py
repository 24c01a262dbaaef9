"""A bridge to route events over."""

from gcbridge.model.spec import EnvironmentSpec
from gcbridge.study.resolve import resolve

AUDITS = "v2.audits.entitytype.{id}.entityid.{id}"
PRESENCE = "v2.users.{id}.presence"
SOURCE = "aws.partner/genesys.com/cloud/0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11/dev"
VALUES = {
    "genesys": {
        "region": "eu-central-1",
        "org_id": "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11",
        "event_source_suffix": "dev",
        "topics": [AUDITS, PRESENCE],
    },
    "aws": {"region": "eu-central-1", "account_id": "123456789012"},
    "rules": {
        "deleted": {
            "topics": [AUDITS],
            "where": {"eventBody": {"action": ["Delete"], "entityType": ["OAuthClient"]}},
            "targets": ["log", "crm"],
        },
        "presence": {"topics": [PRESENCE], "targets": ["crm"]},
        "paused": {"topics": [AUDITS], "enabled": False, "targets": ["log"]},
    },
    "targets": {
        "log": {"type": "sqs"},
        "crm": {
            "type": "sqs",
            "input": {
                "transformer": {
                    "paths": {"who": "$.detail.eventBody.entity.name"},
                    "template": {"who": "<who>", "rule": "<aws.events.rule-name>"},
                }
            },
        },
    },
}


def bridge():
    return resolve("dev", EnvironmentSpec.model_validate(VALUES))


def audit(action="Delete", entity_type="OAuthClient", **envelope):
    """An audit event of this bridge."""
    body = {"action": action, "entityType": entity_type, "entity": {"name": "My client"}}
    return {
        "version": "0",
        "id": "e9938ff0",
        "detail-type": AUDITS,
        "source": SOURCE,
        "account": "123456789012",
        "time": "2026-03-01T08:00:00Z",
        "region": "eu-central-1",
        "resources": [],
        "detail": {"eventBody": body},
        **envelope,
    }
