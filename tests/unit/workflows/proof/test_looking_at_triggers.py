"""What is not told of a trigger does not hide what is."""

import pytest

from gcbridge.errors import GenesysError
from gcbridge.model.spec import EnvironmentSpec
from gcbridge.model.topic import Topic, TopicCatalogue, TopicField
from gcbridge.model.trigger_observation import TriggerObservation, UntestedTrigger, WorkflowObservation
from gcbridge.study.resolve import resolve
from gcbridge.workflows.proof.looking_at_triggers import look_at_triggers

TOPIC = "v2.users.{id}.presence"
FIELDS = {"message": TopicField(type="string")}


class Organization:
    """Has one trigger, and falls silent at the named call."""

    def __init__(self, silent_at=""):
        self._silent_at = silent_at

    def _answer(self, call, answer):
        if call == self._silent_at:
            raise GenesysError("Genesys Cloud does not answer", hint="try again")
        return answer

    def triggers(self):
        """The list."""
        found = TriggerObservation(
            trigger_id="t1",
            title="gcbridge dev away",
            topic=TOPIC,
            enabled=True,
            workflow_id="w1",
            data_format="Json",
        )
        return self._answer("list", (found,))

    def workflow(self, workflow_id):
        """What the trigger starts."""
        return self._answer(
            "workflow", WorkflowObservation(workflow_id=workflow_id, name="W", type="workflow")
        )

    def run_trigger_test(self, trigger_id, body):
        """Tells with what it was asked."""
        return self._answer("test", UntestedTrigger(reason=f"{trigger_id} {sorted(body)}"))


def looked(silent_at="", fields=FIELDS):
    """What is seen of the one trigger of `dev`."""
    genesys = {
        "region": "eu-central-1",
        "org_id": "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11",
        "event_source_suffix": "dev",
        "topics": [TOPIC],
    }
    spec = EnvironmentSpec.model_validate(
        {
            "genesys": genesys,
            "aws": {"region": "eu-central-1", "account_id": "123456789012"},
            "triggers": {"away": {"topic": TOPIC, "workflow": "W"}},
        }
    )
    catalogue = TopicCatalogue(
        topics=(Topic(topic=TOPIC, fields=fields),), taken_at="2026-07-13", origin="a test"
    )
    (seen,) = look_at_triggers(Organization(silent_at), resolve("dev", spec), catalogue, {})
    return seen


def test_a_trigger_is_looked_at_and_tested_with_a_sample():
    """The sample is made from the topic's fields."""
    seen = looked()

    assert [one.trigger_id for one in seen.found] == ["t1"]
    assert seen.test == UntestedTrigger(reason="t1 ['message']")


@pytest.mark.parametrize(
    ("silent_at", "reason", "unread"),
    [
        ("test", "not tested: Genesys Cloud does not answer", ""),
        ("workflow", "t1 ['message']", "Genesys Cloud does not answer"),
    ],
)
def test_one_call_without_an_answer_leaves_the_others(silent_at, reason, unread):
    """A test that got no answer is no list that cannot be read."""
    seen = looked(silent_at)

    assert [one.trigger_id for one in seen.found] == ["t1"]
    assert (seen.test.reason, seen.workflow_unread) == (reason, unread)


def test_a_topic_without_known_fields_is_not_tested():
    """Nothing is made up."""
    assert "nobody knows the fields" in looked(fields=None).test.reason


def test_no_list_is_no_answer_at_all():
    """Whoever asked says so."""
    with pytest.raises(GenesysError):
        looked("list")
