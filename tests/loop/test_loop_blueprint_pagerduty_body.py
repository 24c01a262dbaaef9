"""What PagerDuty is sent of a deleted OAuth client: valid JSON, whatever stands in the event and whatever is missing."""

import json
from copy import deepcopy
from pathlib import Path

import pytest
from pagerduty_server import ROUTING_KEY_LENGTH, event_errors
from ruamel.yaml import YAML

from gcbridge.model.target_options_spec import InputSpec
from gcbridge.study.input_transformer import transform_input

FOLDER = Path(__file__).parents[2] / "blueprints" / "pagerduty-oauth-client-delete"
ENVIRONMENT = YAML(typ="safe").load(FOLDER / "environment.yaml")
EVENT = json.loads((FOLDER / "events" / "audit-oauth-client-delete.json").read_text())


def body_of(event):
    """The body before EventBridge's connection puts the routing key into it."""
    spec = InputSpec.model_validate(ENVIRONMENT["targets"]["pagerduty"]["input"])
    return json.loads(transform_input(spec, event))


def changed(path, value=None):
    """The event with another value at a path, or without it."""
    event = deepcopy(EVENT)
    *parents, last = path.split(".")
    place = event
    for name in parents:
        place = place[name]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return event


def test_the_body_of_a_captured_event():
    """To the letter."""
    client, user = "5c0ffee0-0000-4000-8000-000000000001", "5c0ffee0-0000-4000-8000-000000000002"
    organization, record = "0f8c2a3e-1111-4222-8333-444455556666", "5c0ffee0-0000-4000-8000-000000000003"
    by = f"user: {user}, client: {client}"
    summary = f"OAuth client {client} was deleted in Genesys Cloud (by {by.replace('client:', 'by client:')})"
    assert body_of(EVENT) == {
        "event_action": "trigger",
        "dedup_key": f"{client}-{record}",
        "payload": {
            "summary": summary,
            "source": f"aws.partner/genesys.com/cloud/{organization}/example",
            "severity": "error",
            "timestamp": "2021-05-31T09:49:25.000Z",
            "component": "My OAuth Client",
            "group": "genesys-cloud",
            "class": "oauth client deleted",
            "custom_details": {
                "client_id": client,
                "client_name": "My OAuth Client",
                "deleted_by": by,
                "organization": f"{organization} (of the user)",
                "audit_record": record,
                "correlation_id": "correlation id: 5c0ffee0-0000-4000-8000-000000000005-archival",
                "event_id": "5c0ffee0-0000-4000-8000-000000000004",
            },
        },
    }


@pytest.mark.parametrize(
    "name", ['the "old" one', "back\\slash", "two\nlines", "<client_id>", "ünïcödé", "}", ""]
)
def test_a_name_does_not_break_the_body(name):
    """Whoever picks the name must not be able to keep the incident from being opened."""
    body = body_of(changed("detail.eventBody.entity.name", name))
    assert body["payload"]["component"] == body["payload"]["custom_details"]["client_name"] == name
    assert event_errors({**body, "routing_key": "x" * ROUTING_KEY_LENGTH}) == []


@pytest.mark.parametrize(
    "path",
    [
        "detail.eventBody.userId",
        "detail.eventBody.userHomeOrgId",
        "detail.eventBody.clientId.id",
        "detail.eventBody.clientId",
        "detail.eventBody.entity.name",
        "detail.metadata.CorrelationId",
    ],
)
def test_what_an_audit_leaves_out_does_not_break_it(path):
    """PagerDuty takes the body all the same."""
    body = body_of(changed(path))
    assert event_errors({**body, "routing_key": "x" * ROUTING_KEY_LENGTH}) == []
    assert body["dedup_key"] == body_of(EVENT)["dedup_key"]


def test_what_may_be_missing_stands_inside_a_text():
    """There, nothing is valid JSON too; AWS does not say what it puts where a whole value is missing."""
    template = ENVIRONMENT["targets"]["pagerduty"]["input"]["transformer"]["template"]
    texts = [value for value in leaves(template) if isinstance(value, str)]
    for name in ("user_id", "by_client", "organization", "correlation"):
        assert f"<{name}>" not in texts
        assert any(f"<{name}>" in text for text in texts)


def test_a_name_is_never_inside_a_text():
    """There, EventBridge does not escape it."""
    template = ENVIRONMENT["targets"]["pagerduty"]["input"]["transformer"]["template"]
    assert {text for text in leaves(template) if "<client_name>" in text} == {"<client_name>"}


def leaves(value):
    """Every value that holds no others."""
    if isinstance(value, dict):
        return [leaf for child in value.values() for leaf in leaves(child)]
    return [value]


def test_the_same_audit_in_another_envelope_has_the_same_key():
    """EventBridge gives the second one an id and a time of its own."""
    again = {**EVENT, "id": "another", "time": "2021-05-31T09:50:00Z"}
    assert body_of(again)["dedup_key"] == body_of(EVENT)["dedup_key"]


def test_another_deletion_has_another_key():
    """So that it is another incident."""
    other = changed("detail.eventBody.id", "another record")
    assert body_of(other)["dedup_key"] != body_of(EVENT)["dedup_key"]
