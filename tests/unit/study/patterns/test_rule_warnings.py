"""Rules that match everything or nothing, and points that should not carry a rule."""

import pytest
from lint_reading import (
    ACD_END,
    AUDIT,
    CATALOGUE,
    PRESENCE,
    environment,
    pattern,
    warnings_of,
    where,
)

from gcbridge.study.patterns.lints import pattern_warnings

EVERYTHING = "matches everything on the bus"


@pytest.mark.parametrize(
    ("rule", "warning"),
    [
        # Everything
        ({}, EVERYTHING),
        (pattern(account=["123456789012"]), EVERYTHING),
        (pattern(account=["123456789012"], region=["eu-central-1"], version=["0"]), EVERYTHING),
        (pattern(detail_type=[{"prefix": "v2."}]), EVERYTHING),
        (pattern(detail_type=[{"exists": True}]), EVERYTHING),
        (
            {"pattern": {"$or": [{"account": ["123456789012"]}, {"detail": {"eventBody": {"id": ["x"]}}}]}},
            EVERYTHING,
        ),
        ({"targets": ["queue", "log"]}, "goes to all its 2 targets"),
        # Nothing
        (
            pattern(detail_type=["v2.users.{id}.presense"]),
            (
                "pattern.detail-type[0]: v2.users.{id}.presense is not among genesys.topics, so no event has it; "
                "did you mean v2.users.{id}.presence?"
            ),
        ),
        (
            pattern(detail_type=["v2.audits.entitytype.OAuthClient.entityid.{id}"]),
            (
                "write v2.audits.entitytype.{id}.entityid.{id} here, "
                "and v2.audits.entitytype.OAuthClient.entityid.{id} as detail.topicName"
            ),
        ),
        (
            pattern(detail_type=["v2.users.*.presence"]),
            "v2.users.*.presence is not among genesys.topics, so no event has it; write v2.users.{id}.presence",
        ),
        (pattern(detail_type=["v2.routing"]), "add it there, or remove it here"),
        (
            pattern(detail_type=[{"prefix": "v2.routing."}]),
            '{"prefix": "v2.routing."} fits none of genesys.topics, so it never holds',
        ),
        (pattern(detail_type=[PRESENCE, {"exists": False}]), "every event has a detail-type"),
        (pattern(time=[{"exists": False}]), "no topic of genesys.topics can ever match this pattern"),
        # Tests that choose nothing
        (
            where({"eventBody": {"action": [{"anything-but": ["delete", "Update"]}]}}, AUDIT),
            'action[0]: "delete" keeps nothing out, since case counts; did you mean "Delete"?',
        ),
        (where({"eventBody": {"message": [{"prefix": ""}]}}, PRESENCE), 'write [{"exists": true}]'),
        (where({"eventBody": {"message": [{"wildcard": "*"}]}}, PRESENCE), "message: holds for every value"),
        (
            where({"eventBody": {"source": [{"anything-but": "a"}, {"anything-but": "b"}]}}, PRESENCE),
            'source: holds for every value; one entry is enough: keep several values out with one {"anything-but"',
        ),
        (
            where({"eventBody": {"source": [{"exists": True}, {"exists": False}]}}, PRESENCE),
            "source: holds for every event, with the field and without it; leave it out",
        ),
        # Wildcards
        (
            where({"eventBody": {"message": [{"wildcard": "*a" * 12}]}}, PRESENCE),
            "beyond 10 EventBridge may call the rule too complex",
        ),
        # Disputed between AWS's documentation and AWS's engine
        (
            where({"eventBody": {"eventTime": [{"numeric": [">", 5]}]}}, ACD_END),
            "a number in eventTime lies beyond",
        ),
        (
            where({"eventBody": {"eventTime": [{"numeric": [">", 1_700_000_000_000]}]}}, ACD_END),
            (
                "1700000000000 lies beyond 5,000,000,000, up to where AWS documents numbers in patterns; "
                "milliseconds since 1970 always do"
            ),
        ),
        (
            where({"eventBody": {"connectedDurationMs": [6_000_000_000]}}, ACD_END),
            "lies beyond 5,000,000,000",
        ),
        (
            where({"eventBody": {"connectedDurationMs": [0.1234567]}}, ACD_END),
            "0.1234567 has more than 6 decimals",
        ),
        (
            where({"eventBody": {"connectedDurationMs": [{"anything-but": [2.0]}]}}, ACD_END),
            "write whole numbers",
        ),
        (
            where(
                {"eventBody": {"propertyChanges": {"oldValues": [{"exists": False}], "property": ["x"]}}},
                AUDIT,
            ),
            "exists: false in an element of a list, together with detail.eventBody.propertyChanges.property",
        ),
        (where({"eventBody": {"message": [{"equals-ignore-case": "Straße"}]}}, PRESENCE), "takes ß"),
        (where({"eventBody": {"message": [{"prefix": {"equals-ignore-case": "𐐀"}}]}}, PRESENCE), "takes 𐐀"),
        (where({"eventBody": {"addressFrom": [{"cidr": "010.0.0.0/8"}]}}, ACD_END), "has a leading zero"),
        (where({"eventBody": {"addressFrom": ["10.0.0.01"]}}, ACD_END), "has a leading zero"),
        (where({"eventBody": {"addressFrom": [{"cidr": "::ffff:a00:0/8"}]}}, ACD_END), "write it as IPv4"),
    ],
)
def test_a_rule_that_does_not_do_what_it_says_is_named(rule, warning):
    """Each line: a rule, and what is said about it."""
    said = warnings_of(rule)

    assert any(warning in line for line in said), said


@pytest.mark.parametrize(
    "rule",
    [
        {"topics": [PRESENCE, AUDIT, ACD_END]},  # every topic by name: it is meant
        pattern(detail_type=[PRESENCE, AUDIT, ACD_END]),
        pattern(detail_type=[{"prefix": "v2.detail.events."}]),
        pattern(account=["123456789012"], detail_type=[AUDIT]),
        {"enabled": False},
        where({"eventBody": {"message": [{"exists": True}]}}, PRESENCE),
        where({"eventBody": {"message": [{"anything-but": ["a", "b"]}]}}, PRESENCE),
        where({"eventBody": {"action": [{"anything-but": ["Delete", "Paint"]}]}}, AUDIT),
        where({"eventBody": {"action": [{"anything-but": ["delete", "Delete"]}]}}, AUDIT),
        where({"eventBody": {"action": [{"anything-but": {"equals-ignore-case": "delete"}}]}}, AUDIT),
        where({"eventBody": {"message": [{"wildcard": "*a*b*"}]}}, PRESENCE),
        where({"eventBody": {"propertyChanges": {"oldValues": [{"exists": False}]}}}, AUDIT),
        where({"eventBody": {"message": [{"equals-ignore-case": "Grüße an Kiel"[:3]}]}}, PRESENCE),
        where({"eventBody": {"addressFrom": [{"cidr": "10.0.0.0/8"}, "10.0.0.1", "0.0.0.0"]}}, ACD_END),
        where(
            {"eventBody": {"connectedDurationMs": [{"numeric": [">=", 0.5, "<", 5_000_000_000]}]}}, ACD_END
        ),
    ],
)
def test_what_does_as_it_says_is_not_warned_of(rule):
    """A false alarm teaches people to look away."""
    assert warnings_of(rule) == []


def test_the_archive_is_held_against_the_topics_too():
    """What it does not keep cannot be replayed."""
    archive = {"pattern": {"detail-type": [PRESENCE], "detail": {"eventBody": {"primari": [True]}}}}

    warned = pattern_warnings(environment({}, archive=archive), CATALOGUE)

    assert [(one.at, one.hint) for one in warned] == [
        (("archive", "pattern", "detail", "eventBody", "primari"), "did you mean primary?")
    ]


def test_an_archive_of_everything_is_no_reason_to_warn():
    """It is what an archive is for."""
    archive = {"pattern": {"account": ["123456789012"]}}

    assert pattern_warnings(environment({}, archive=archive), CATALOGUE) == []


def test_one_cause_is_told_once():
    """A field that does not exist is why nothing matches; that nothing matches is not told beside it."""
    assert warnings_of(where({"eventBody": {"zzz": [7_000_000_000]}}, PRESENCE)) == [
        "where.eventBody.zzz: no such field in v2.users.{id}.presence"
    ]


def test_a_star_is_no_id():
    """detail.topicName never holds one, so that nobody is told to look for it there."""
    assert "topicName" not in " ".join(warnings_of(pattern(detail_type=["v2.users.*.presence"])))
