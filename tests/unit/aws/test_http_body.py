"""What a redrive puts into the body of a request is what EventBridge would put there."""

import json

import pytest

from gcbridge.aws.delivery_attempt import NotAcceptedError
from gcbridge.aws.http_redelivery import with_body_parameter

SECRET = 'key "x"'


@pytest.mark.parametrize(
    ("payload", "body"),
    [
        ('{"a": 1}', {"a": 1, "routing_key": SECRET}),
        ('{"routing_key": "of the event"}', {"routing_key": SECRET}),
        ('{"who": "Zoë"}', {"who": "Zoë", "routing_key": SECRET}),
    ],
)
def test_the_parameter_stands_in_the_object(payload, body):
    """And wins over what the event has under its name."""
    assert json.loads(with_body_parameter(payload, "routing_key", SECRET)) == body


@pytest.mark.parametrize("payload", ["[1]", '"text"', "text", ""])
def test_what_is_no_object_is_not_sent(payload):
    """The service would refuse it anyway; the secret is not told."""
    with pytest.raises(NotAcceptedError, match="no JSON object, so routing_key") as caught:
        with_body_parameter(payload, "routing_key", SECRET)
    assert SECRET not in f"{caught.value} {caught.value.detail}"
