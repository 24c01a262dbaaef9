"""Everything about a bridge follows from its environment file."""

import pytest

from gcbridge.errors import EnvironmentInvalidError
from gcbridge.model.spec import EnvironmentSpec
from gcbridge.study.resolve import resolve

ORG = "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11"
SOURCE = f"aws.partner/genesys.com/cloud/{ORG}/dev"


def spec(**changes) -> EnvironmentSpec:
    values = {
        "genesys": {
            "region": "eu-central-1",
            "org_id": ORG,
            "event_source_suffix": "dev",
            "topics": [
                "v2.users.{id}.presence",
                "v2.audits.entitytype.{id}.entityid.{id}",
                "v2.users.{id}.presence",
            ],
        },
        "aws": {"region": "eu-central-1", "account_id": "123456789012", "tags": {"team": "crm"}},
        "rules": {"presence": {"topics": ["v2.users.{id}.presence"], "targets": ["queue", "log"]}},
        "targets": {"queue": {"type": "sqs"}, "log": {"type": "log_group", "dead_letter": False}},
    }
    return EnvironmentSpec.model_validate({**values, **changes})


def test_the_event_source_name_is_computed():
    """No lookup can break at the second organization."""
    bridge = resolve("dev", spec())

    assert bridge.event_source_name == SOURCE
    assert bridge.event_bus_name == SOURCE
    assert bridge.event_bus_arn == f"arn:aws:events:eu-central-1:123456789012:event-bus/{SOURCE}"


@pytest.mark.parametrize(
    ("rule", "pattern"),
    [
        ({}, {"source": [SOURCE]}),
        (
            {"topics": ["v2.users.{id}.presence"]},
            {"source": [SOURCE], "detail-type": ["v2.users.{id}.presence"]},
        ),
        (
            {"where": {"eventBody": {"action": ["Delete"]}}},
            {"source": [SOURCE], "detail": {"eventBody": {"action": ["Delete"]}}},
        ),
        (
            {"pattern": {"detail": {"topicName": [{"prefix": "v2.users."}]}}},
            {"source": [SOURCE], "detail": {"topicName": [{"prefix": "v2.users."}]}},
        ),
    ],
)
def test_every_pattern_pins_the_exact_source(rule, pattern):
    """Topics travel literally as detail-type, `{id}` included."""
    bridge = resolve("dev", spec(rules={"r": {**rule, "targets": ["queue", "log"]}}))

    assert bridge.rules[0].pattern == pattern


def test_topics_are_sorted_and_unique():
    """The provider compares the list in order, so its order must never wander."""
    assert resolve("dev", spec()).integration.topics == (
        "v2.audits.entitytype.{id}.entityid.{id}",
        "v2.users.{id}.presence",
    )


def test_targets_know_the_rules_that_may_write_to_them():
    """The permission of a target names exactly these rules."""
    queue = resolve("dev", spec()).target("queue")

    assert queue.rule_arns == (f"arn:aws:events:eu-central-1:123456789012:rule/{SOURCE}/presence",)
    assert queue.dead_letter_queue_name == "gcbridge-dev-queue-dead-letter"


def test_losing_events_is_an_explicit_choice():
    """Only `dead_letter: false` goes without a dead-letter queue."""
    assert resolve("dev", spec()).target("log").dead_letter_queue_name is None


def test_every_resource_is_tagged_with_its_environment():
    """So that an account's owner can tell what belongs to whom."""
    assert resolve("dev", spec()).aws.tags == (("gcbridge:environment", "dev"), ("team", "crm"))


def test_missing_identities_say_how_to_get_them():
    """Both are looked up once, by init, and then stand in the file."""
    incomplete = spec(
        genesys={
            "region": "eu-central-1",
            "event_source_suffix": "dev",
            "topics": ["v2.users.{id}.presence"],
        },
        aws={"region": "eu-central-1"},
    )

    with pytest.raises(EnvironmentInvalidError) as caught:
        resolve("dev", incomplete)

    assert "genesys.org_id: is missing" in caught.value.detail
    assert "aws.account_id: is missing" in caught.value.detail
    assert caught.value.hint == "gcbridge init dev looks them up and writes them"
