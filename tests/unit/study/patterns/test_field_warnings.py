"""Fields and values that a rule's topics do not send are named, with what was probably meant."""

import pytest
from lint_reading import ACD_END, AUDIT, PRESENCE, UNDESCRIBED, pattern, warnings_of, where


@pytest.mark.parametrize(
    ("rule", "warning"),
    [
        # A field that does not exist
        (
            where({"eventBody": {"presenceDefinition": {"systemPresense": ["Away"]}}}, PRESENCE),
            (
                "where.eventBody.presenceDefinition.systemPresense: no such field in v2.users.{id}.presence; "
                "did you mean systemPresence?"
            ),
        ),
        (
            where({"eventBody": {"presenseDefinition": {"systemPresence": ["Away"]}}}, PRESENCE),
            "did you mean eventBody.presenceDefinition.systemPresence?",
        ),
        (where({"eventBody": {"Primary": [True]}}, PRESENCE), "did you mean primary?"),
        (
            where({"eventBody": {"zzz": ["x"]}}, PRESENCE),
            "where.eventBody.zzz: no such field in v2.users.{id}.presence",
        ),
        # One level off
        (
            where({"presenceDefinition": {"systemPresence": ["Away"]}}, PRESENCE),
            "did you mean eventBody.presenceDefinition.systemPresence?",
        ),
        (
            where({"eventBody": {"systemPresence": ["Away"]}}, PRESENCE),
            "did you mean eventBody.presenceDefinition.systemPresence?",
        ),
        (where({"detail": {"eventBody": {"source": ["x"]}}}, PRESENCE), "did you mean eventBody.source?"),
        (
            pattern(detail_type=[PRESENCE], detail={"primary": [True]}),
            "pattern.detail.primary: no such field in v2.users.{id}.presence; did you mean detail.eventBody.primary?",
        ),
        # A field that is there, and has no value of its own
        (
            where({"eventBody": {"presenceDefinition": ["Away"]}}, PRESENCE),
            (
                "is an object in v2.users.{id}.presence, and an object has no value; "
                "test one of its fields: id, systemPresence"
            ),
        ),
        (
            where({"eventBody": {"message": {"text": ["x"]}}}, PRESENCE),
            "no such field in v2.users.{id}.presence",
        ),
        (
            pattern(resources=["arn:aws:x"]),
            "resources is always empty in events of Genesys Cloud; leave it out",
        ),
        # Absence
        (
            where({"eventBody": {"mesage": [{"exists": False}]}}, PRESENCE),
            "no such field in v2.users.{id}.presence, so exists: false always holds; did you mean message?",
        ),
        # Values
        (
            where({"eventBody": {"presenceDefinition": {"systemPresence": ["AVAILABLE"]}}}, PRESENCE),
            (
                'systemPresence[0]: "AVAILABLE" is no value known of systemPresence in v2.users.{id}.presence, '
                'and case counts; did you mean "Available"?'
            ),
        ),
        (where({"eventBody": {"entityType": ["oauthclient"]}}, AUDIT), 'did you mean "OAuthClient"?'),
        (
            where({"eventBody": {"action": ["Delete", "Updated"]}}, AUDIT),
            'action[1]: "Updated" is no value known',
        ),
        (
            where({"eventBody": {"action": ["Archive"]}}, AUDIT),
            (
                '"Archive" is no value known of action in v2.audits.entitytype.{id}.entityid.{id}; '
                "known: Create, Update, Delete"
            ),
        ),
        (
            where({"eventBody": {"action": [{"prefix": "del"}]}}, AUDIT),
            '{"prefix": "del"} fits none of the values known',
        ),
        # Types
        (
            where({"eventBody": {"primary": ["true"]}}, PRESENCE),
            '"true" never holds: primary is true or false in v2.users.{id}.presence; write true',
        ),
        (
            where({"version": [2]}, PRESENCE),
            '2 never holds: version is text in v2.users.{id}.presence; write "2"',
        ),
        (where({"eventBody": {"connectedDurationMs": ["5"]}}, ACD_END), "connectedDurationMs is a number"),
        (where({"eventBody": {"connectedDurationMs": ["5"]}}, ACD_END), "; write 5"),
        # eventTime is ISO 8601 text in some topics and milliseconds in others
        (
            where({"eventBody": {"eventTime": [{"numeric": [">", 5]}]}}, AUDIT),
            (
                '{"numeric": [">", 5]} never holds: eventTime is text (an ISO 8601 time) in '
                'v2.audits.entitytype.{id}.entityid.{id}; compare it as text, such as {"prefix": "2026-01-31"}'
            ),
        ),
        (
            where({"eventBody": {"eventTime": [{"prefix": "2026-01-31"}]}}, ACD_END),
            "eventTime is a number (milliseconds since 1970) in v2.detail.events.conversation.{id}.acd.end",
        ),
        (
            where({"eventBody": {"eventTime": [{"prefix": "2026-01-31"}]}}, AUDIT, ACD_END),
            "in v2.detail.events.conversation.{id}.acd.end: rule r never matches that topic; give it a rule of its own",
        ),
        # A topic that the rule names and can never match
        (
            where({"eventBody": {"action": ["Delete"]}}, AUDIT, PRESENCE),
            "where.eventBody.action: no such field in v2.users.{id}.presence: rule r never matches that topic",
        ),
        # What the bus and the topic decide
        (
            pattern(account=["999999999999"]),
            '"999999999999" never holds: account is 123456789012 on this bus',
        ),
        (pattern(region=["us-east-1"]), '"us-east-1" never holds: region is eu-central-1 on this bus'),
        (pattern(version=["1"]), '"1" never holds: version is 0 on this bus'),
        (
            pattern(account=[123456789012]),
            '123456789012 never holds: account is text in every event; write "123456789012"',
        ),
        (
            where({"topicName": ["v2.users.{id}.presence"]}, PRESENCE),
            "never holds: detail.topicName has ids in place of {id} in v2.users.{id}.presence",
        ),
        (where({"topicName": ["v2.users.{id}.presence"]}, PRESENCE), '{"wildcard": "v2.users.*.presence"}'),
        (
            where({"topicName": [{"prefix": "v2.user."}]}, PRESENCE),
            "never holds: detail.topicName is v2.users.*.presence",
        ),
    ],
)
def test_what_no_topic_of_the_rule_sends_is_named(rule, warning):
    """Each line: a rule, and what is said about it."""
    said = warnings_of(rule)

    assert any(warning in line for line in said), said


@pytest.mark.parametrize(
    "rule",
    [
        where({"eventBody": {"presenceDefinition": {"systemPresence": ["Away", {"prefix": "B"}]}}}, PRESENCE),
        where({"eventBody": {"primary": [True], "message": [None, ""]}}, PRESENCE),
        where({"eventBody": {"message": [{"exists": False}]}}, PRESENCE),
        where({"eventBody": {"modifiedDate": [{"prefix": "2026-01"}]}}, PRESENCE),
        where({"eventBody": {"context": {"anything": ["x"]}}}, AUDIT),
        where({"eventBody": {"propertyChanges": {"property": ["deleted_on"]}}}, AUDIT),
        where({"eventBody": {"action": [{"anything-but": "View"}]}}, AUDIT),
        where({"topicName": [{"prefix": "v2.audits.entitytype.OAuthClient."}]}, AUDIT),
        where({"topicName": ["v2.users.0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11.presence"]}, PRESENCE),
        where({"metadata": {"CorrelationId": [{"suffix": "-archival"}], "Other": ["x"]}}, PRESENCE),
        where({"eventBody": {"nobody": {"knows": [1]}}}, UNDESCRIBED),
        where({"eventBody": {"action": ["Delete"]}}),  # without topics, the field is what chooses
        pattern(detail={"eventBody": {"connectedDurationMs": [{"numeric": [">", 100]}]}}),
        pattern(detail_type=[PRESENCE], replay_name=[{"exists": False}]),
        pattern(detail_type=[{"prefix": "v2.users."}], detail={"eventBody": {"primary": [True]}}),
        {"pattern": {"detail.eventBody.primary": [True]}},
        {
            "pattern": {
                "$or": [
                    {"detail-type": [AUDIT], "detail": {"eventBody": {"action": ["Delete"]}}},
                    {"detail-type": [PRESENCE], "detail": {"eventBody": {"primary": [True]}}},
                ]
            }
        },
    ],
)
def test_what_can_match_is_not_warned_of(rule):
    """A false alarm teaches people to look away."""
    assert warnings_of(rule, (PRESENCE, AUDIT, ACD_END, UNDESCRIBED)) == []


def test_within_an_or_a_field_is_held_against_the_topics_of_its_own_alternative():
    """`action` is a field of audits, and this alternative is about presence."""
    alternatives = [
        {"detail-type": [AUDIT], "detail": {"eventBody": {"action": ["Delete"]}}},
        {"detail-type": [PRESENCE], "detail": {"eventBody": {"action": ["Delete"]}}},
    ]

    assert warnings_of({"pattern": {"$or": alternatives}}) == [
        "pattern.$or[1].detail.eventBody.action: no such field in v2.users.{id}.presence"
    ]


def test_a_disabled_rule_is_held_against_its_topics_too():
    """It will be enabled some day."""
    rule = {**where({"eventBody": {"primari": [True]}}, PRESENCE), "enabled": False}

    assert warnings_of(rule) == [
        "where.eventBody.primari: no such field in v2.users.{id}.presence; did you mean primary?"
    ]
