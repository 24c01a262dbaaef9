"""Topics that cannot reach EventBridge are refused, those of which nobody knows only warned of."""

import pytest

from gcbridge.errors import EnvironmentInvalidError
from gcbridge.model.origin import Origin
from gcbridge.model.topic import Topic, TopicCatalogue
from gcbridge.study.topics.checks import subscription_findings, topic_findings
from gcbridge.study.validate import validate_environment

CATALOGUE = TopicCatalogue(
    topics=(
        Topic(topic="v2.users.{id}.presence", transports=("All",), source="organization"),
        Topic(topic="v2.users.{id}.activity", seen_over_eventbridge=True),
        Topic(
            topic="v2.users.{id}.station",
            transports=("Websocket", "ProcessAutomation"),
            source="organization",
        ),
        Topic(topic="v2.users.{id}.greetings"),
        Topic(topic="v2.flows.{id}", transports=(), source="organization"),
        Topic(topic="v2.new.{id}", transports=("EventBridge",), source="organization"),
    ),
    taken_at="2026-03-04T05:06:07+00:00",
    origin="organization Acme",
    asked=True,
)
NEVER_ASKED = CATALOGUE.model_copy(update={"asked": False})


@pytest.mark.parametrize(
    ("topic", "catalogue", "severity", "said"),
    [
        (
            "v2.users.{id}.presense",
            CATALOGUE,
            "error",
            "no topic that is known here; did you mean v2.users.{id}.presence?",
        ),
        ("v2.nowhere", CATALOGUE, "error", "if it is new, gcbridge topics refresh dev asks the organization"),
        (
            "v2.users.{id}.station",
            CATALOGUE,
            "error",
            "(its transports: Websocket, ProcessAutomation); remove it",
        ),
        ("v2.flows.{id}", CATALOGUE, "error", "(its transports: none)"),
        ("v2.system.socket_closing", CATALOGUE, "error", "notification service's own socket"),
        (
            "v2.users.{id}.greetings",
            CATALOGUE,
            "warning",
            "none of the topics that the organization listed on 2026-03-04",
        ),
        (
            "v2.users.{id}.greetings",
            NEVER_ASKED,
            "warning",
            "gcbridge topics refresh dev asks the organization",
        ),
    ],
)
def test_topics_that_do_not_or_may_not_arrive(topic, catalogue, severity, said):
    """Each line: a subscribed topic, and what is said of it."""
    position, found, message = next(topic_findings(["v2.users.{id}.presence", topic], catalogue, "dev"))

    assert (position, found) == (1, severity)
    assert said in message


@pytest.mark.parametrize("topic", ["v2.users.{id}.presence", "v2.users.{id}.activity", "v2.new.{id}"])
def test_topics_that_arrive(topic):
    """By its transports, or because somebody has seen it arrive."""
    assert list(topic_findings([topic], CATALOGUE)) == []


VALUES = {
    "genesys": {
        "region": "eu-central-1",
        "event_source_suffix": "dev",
        "topics": ["v2.users.{id}.presence", "v2.users.{id}.station", "v2.users.{id}.greetings"],
    },
    "aws": {"region": "eu-central-1"},
    "rules": {"presence": {"topics": ["v2.users.{id}.presence"], "targets": ["queue"]}},
    "targets": {"queue": {"type": "sqs"}},
}
ORIGINS = {("genesys", "topics", 1): Origin("environments/dev.yaml", 6)}


def test_an_environment_with_such_a_topic_is_invalid():
    """With file and line; what only warrants a warning passes."""
    with pytest.raises(EnvironmentInvalidError) as caught:
        validate_environment("dev", VALUES, ORIGINS, CATALOGUE)

    assert caught.value.detail.startswith(
        "environments/dev.yaml:6: genesys.topics[1]: v2.users.{id}.station does not travel over EventBridge"
    )
    assert len(caught.value.problems) == 1


@pytest.mark.parametrize("topics", [None, "v2.x", {"a": 1}, [1, None, ["x"]], []])
def test_malformed_topics_are_stepped_around(topics):
    """They have findings of their own."""
    assert list(subscription_findings("dev", {"genesys": {"topics": topics}}, CATALOGUE)) == []
    assert list(subscription_findings("dev", {"genesys": topics}, CATALOGUE)) == []


def test_a_topic_with_a_finding_of_its_own_is_named_once():
    """A concrete id is no topic of the catalogue either; one message is enough."""
    values = {**VALUES, "genesys": {**VALUES["genesys"], "topics": ["v2.system.token_revoked.{id}"]}}

    with pytest.raises(EnvironmentInvalidError) as caught:
        validate_environment("dev", values, {}, CATALOGUE)

    assert caught.value.detail.count("v2.system.token_revoked.{id}") == 1
