"""Coverage of a whole bridge: the matrix, and each thing that is said of a topic or a rule."""

import pytest
from lint_reading import ACD_END, AUDIT, CATALOGUE, PRESENCE, UNDESCRIBED

from gcbridge.model.spec import EnvironmentSpec
from gcbridge.routing import Router
from gcbridge.study.patterns.coverage import cover
from gcbridge.study.resolve import resolve

TOPICS = (PRESENCE, AUDIT, ACD_END)
ALL_AUDITS = {"topics": [AUDIT]}
DELETIONS = {"topics": [AUDIT], "where": {"eventBody": {"action": ["Delete"]}}}
EVERYTHING = {"pattern": {"account": ["123456789012"]}}


def bridge(rules, topics=TOPICS, **more):
    """A bridge; a rule sends to the target `queue` unless it names others."""
    named = {target for rule in rules.values() for target in rule.get("targets", ["queue"])} | {"queue"}
    spec = EnvironmentSpec.model_validate(
        {
            "genesys": {
                "org_id": "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11",
                "region": "eu-central-1",
                "event_source_suffix": "dev",
                "topics": sorted(topics),
            },
            "aws": {"region": "eu-central-1", "account_id": "123456789012"},
            "rules": {name: {"targets": ["queue"], **rule} for name, rule in rules.items()},
            "targets": {name: {"type": "sqs"} for name in named},
            **more,
        }
    )
    return resolve("dev", spec)


def report_of(rules, topics=TOPICS, **more):
    return cover(bridge(rules, topics, **more), CATALOGUE)


def matrix_of(report):
    """topic -> (rules that take every event, rules that take some, disabled rules)."""
    return {
        row.topic: (
            row.rules_for_every_event,
            tuple(rule for rule in row.rules if rule not in row.rules_for_every_event),
            row.disabled_rules,
        )
        for row in report.topics
    }


def test_the_matrix():
    """A rule for every event, one for some, one that is disabled, one without a topic of its own."""
    report = report_of(
        {
            "audits": ALL_AUDITS,
            "deletions": DELETIONS,
            "everything": EVERYTHING,
            "presence": {"topics": [PRESENCE], "enabled": False},
        }
    )

    assert matrix_of(report) == {
        AUDIT: (("audits", "everything"), ("deletions",), ()),
        ACD_END: (("everything",), (), ()),
        PRESENCE: (("everything",), (), ("presence",)),
    }
    assert {rule.rule: (rule.enabled, len(rule.topics)) for rule in report.rules} == {
        "audits": (True, 1),
        "deletions": (True, 1),
        "everything": (True, 3),
        "presence": (False, 1),
    }


def test_a_healthy_bridge_has_no_findings():
    report = report_of({"audits": ALL_AUDITS, "rest": {"topics": [PRESENCE, ACD_END]}})

    assert not report.has_findings
    assert report.overlaps == ()


WRONG_FIELD = {
    "topics": [PRESENCE],
    "where": {"eventBody": {"presenceDefinition": {"systemPresense": ["Away"]}}},
}
UNMATCHED = [
    (
        {},
        {},
        "no rule matches its events: they are paid for and dropped",
        "remove it from genesys.topics, or add a rule for it",
    ),
    (
        {},
        {"archive": {}},
        "no rule matches its events: only the archive keeps them",
        "remove it from genesys.topics, or add a rule for it",
    ),
    (
        {},
        {"archive": {"pattern": {"detail-type": [AUDIT]}}},
        "no rule matches its events: they are paid for and dropped",
        "remove it from genesys.topics, or add a rule for it",
    ),
    (
        {"off": {"topics": [PRESENCE], "enabled": False}},
        {},
        "no enabled rule matches its events; rule off would, but is disabled: they are paid for and dropped",
        "enable rule off, or remove the topic from genesys.topics",
    ),
    (
        {"typo": WRONG_FIELD},
        {},
        "rule typo asks for it but can match none of its events: they are paid for and dropped",
        "correct rule typo",
    ),
]


@pytest.mark.parametrize(("rules", "more", "message", "advice"), UNMATCHED)
def test_a_topic_that_no_rule_matches(rules, more, message, advice):
    """What becomes of its events, and what to do."""
    report = report_of({"rest": {"topics": [AUDIT, ACD_END]}, **rules}, **more)

    assert [each.topic for each in report.unmatched_topics] == [PRESENCE]
    assert report.unmatched_topics[0].message == message
    assert report.unmatched_topics[0].advice == advice
    assert report.has_findings


UNSATISFIABLE = [
    (
        WRONG_FIELD,
        "there is no field detail.eventBody.presenceDefinition.systemPresense in events of v2.users.{id}.presence; did you mean systemPresence?",
        "correct rule bad, or remove it",
    ),
    (
        {"topics": [ACD_END], "where": {"eventBody": {"mediaType": [5]}}},
        f"detail.eventBody.mediaType is text in events of {ACD_END}; the rule accepts 5",
        "correct rule bad, or remove it",
    ),
    (
        {"topics": [ACD_END], "where": {"eventBody": {"eventTime": [{"prefix": "2026"}]}}},
        f'detail.eventBody.eventTime is a number in events of {ACD_END}; the rule accepts {{"prefix":"2026"}}',
        "correct rule bad, or remove it",
    ),
    (
        {"topics": [PRESENCE], "where": {"eventBody": {"presenceDefinition": ["Away"]}}},
        f"detail.eventBody.presenceDefinition is an object in events of {PRESENCE}, and no value: name one of its fields",
        "correct rule bad, or remove it",
    ),
    (
        {"pattern": {"account": ["210987654321"]}},
        'account is always "123456789012" on this bus; the rule accepts "210987654321"',
        "correct rule bad, or remove it",
    ),
    (
        {"pattern": {"account": [{"exists": False}]}},
        "account is in every event, so that exists: false never holds",
        "correct rule bad, or remove it",
    ),
    (
        {"pattern": {"detail-type": [UNDESCRIBED]}},
        f"it asks for {UNDESCRIBED}, which genesys.topics does not list",
        f"add {UNDESCRIBED} to genesys.topics, or remove the rule",
    ),
    (
        {"pattern": {"detail-type": ["v2.users.{id}.presense"]}},
        "it asks for v2.users.{id}.presense, which genesys.topics does not list",
        f"did you mean {PRESENCE}? correct the detail-type, or remove the rule",
    ),
    (
        {"pattern": {"detail-type": [{"prefix": "v3."}]}},
        "its detail-type matches none of genesys.topics",
        "correct the detail-type of rule bad, or remove the rule",
    ),
]


@pytest.mark.parametrize(("rule", "reason", "advice"), UNSATISFIABLE)
def test_a_rule_that_no_topic_can_satisfy(rule, reason, advice):
    """What keeps events from it, and what to do."""
    report = report_of({"rest": {"topics": list(TOPICS)}, "bad": rule})

    assert [each.rule for each in report.unsatisfiable_rules] == ["bad"]
    assert report.unsatisfiable_rules[0].reasons == (reason,)
    assert report.unsatisfiable_rules[0].advice == advice
    assert report.has_findings


def test_a_topic_whose_body_is_unknown_is_judged_by_the_envelope():
    """Any field may be there."""
    report = report_of(
        {"new": {"topics": [UNDESCRIBED], "where": {"eventBody": {"any": [1]}}}}, [UNDESCRIBED]
    )

    assert not report.has_findings
    assert not report.topics[0].is_body_known


def test_a_rule_that_another_makes_redundant():
    """All that it delivers is delivered twice."""
    report = report_of({"audits": {**ALL_AUDITS, "targets": ["lake", "queue"]}, "deletions": DELETIONS})

    (redundant,) = report.redundant_rules
    assert (redundant.rule, redundant.covered_by, redundant.is_same) == ("deletions", "audits", False)
    assert redundant.targets == ("queue",)
    assert redundant.message == (
        "matches only events that audits matches too, and both send to queue, which gets each of these events twice"
    )
    assert redundant.advice == "remove rule deletions; or, if audits sends too much, narrow that rule"
    assert report.has_findings


def test_a_rule_with_a_target_of_its_own_is_not_redundant():
    """It overlaps; the target that both have gets these events twice."""
    deletions = {**DELETIONS, "targets": ["queue", "security"]}
    report = report_of({"audits": ALL_AUDITS, "deletions": deletions}, [AUDIT])

    assert report.redundant_rules == ()
    assert not report.has_findings
    assert report.overlaps[0].shared_targets == ("queue",)
    assert report.overlaps[0].relation == "second in first"


def test_a_disabled_rule_makes_no_other_redundant():
    report = report_of({"audits": {**ALL_AUDITS, "enabled": False}, "deletions": DELETIONS})

    assert report.redundant_rules == ()
    assert report.overlaps == ()


def test_of_rules_that_are_the_same_one_stays():
    """Whatever is said to be redundant can be removed all at once."""
    report = report_of(dict.fromkeys(("one", "other", "third"), ALL_AUDITS))

    assert [(each.rule, each.covered_by, each.is_same) for each in report.redundant_rules] == [
        ("other", "one", True),
        ("third", "one", True),
    ]


def test_a_rule_for_all_topics_by_name_and_one_without_topics_are_the_same():
    """On this bus nothing else arrives."""
    report = report_of({"named": {"topics": list(TOPICS)}, "unnamed": EVERYTHING})

    assert report.redundant_rules[0].message.startswith("matches the same events as named")


def test_an_overlap_has_an_example_that_the_engine_confirms():
    rules = {
        "a": {"topics": [AUDIT], "where": {"eventBody": {"propertyChanges": {"property": ["PRESENCE"]}}}},
        "b": {"topics": [AUDIT], "where": {"eventBody": {"propertyChanges": {"property": ["deleted_on"]}}}},
    }
    both = bridge({name: {**rule, "targets": [name]} for name, rule in rules.items()})
    (overlap,) = cover(both, CATALOGUE).overlaps

    assert overlap.certain
    assert (overlap.topics, overlap.shared_targets, overlap.relation) == ((AUDIT,), (), "partly")
    assert Router({rule.name: rule.pattern for rule in both.rules}).match(overlap.example) == ("a", "b")
    assert overlap.example["detail"]["eventBody"] == {
        "propertyChanges": [{"property": "PRESENCE"}, {"property": "deleted_on"}]
    }


def test_exact_values_of_a_field_that_is_no_list_do_not_overlap():
    """VOICE and CHAT at once: no event is both."""
    media = {
        name: {"topics": [ACD_END], "where": {"eventBody": {"mediaType": [name]}}}
        for name in ("VOICE", "CHAT")
    }

    assert report_of(media, [ACD_END]).overlaps == ()


def test_nothing_is_certain_of_a_field_that_nobody_knows():
    """It may be a list."""
    rules = {name: {"topics": [UNDESCRIBED], "where": {"eventBody": {"kind": [name]}}} for name in ("a", "b")}
    (overlap,) = report_of(rules, [UNDESCRIBED]).overlaps

    assert (overlap.certain, overlap.example) == (False, None)


def test_pairs_that_share_a_target_come_first():
    rules = {
        "a": {"topics": [AUDIT], "targets": ["one"]},
        "b": {**DELETIONS, "targets": ["two"]},
        "c": {**DELETIONS, "targets": ["three", "one"]},
    }

    assert [each.rules for each in report_of(rules).overlaps] == [("a", "c"), ("a", "b"), ("b", "c")]


def test_whoever_waits_is_told_how_far_it_is():
    heard = []
    cover(
        bridge({"a": ALL_AUDITS, "b": DELETIONS, "c": EVERYTHING}),
        CATALOGUE,
        lambda *told: heard.append(told),
    )

    assert heard == [(1, 3), (2, 3), (3, 3)]
