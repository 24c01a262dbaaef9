"""What a person typed goes before what the environment says."""

import pytest

from gcbridge.errors import UsageError
from gcbridge.model.spec import EnvironmentSpec
from gcbridge.study.resolve import resolve
from gcbridge.workflows.proof.choices import Choices, with_choices

BRIDGE = resolve(
    "dev",
    EnvironmentSpec.model_validate(
        {
            "genesys": {
                "region": "eu-central-1",
                "org_id": "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11",
                "event_source_suffix": "dev",
                "topics": ["v2.users.{id}.presence"],
            },
            "aws": {"region": "eu-central-1", "account_id": "123456789012"},
            "verify": {"cause": "presence", "user": "ada@example.com", "count": 5, "witness": True},
        }
    ),
)


def test_nothing_chosen_nothing_changed():
    """The environment's own settings hold."""
    assert with_choices(BRIDGE, Choices()) == BRIDGE


@pytest.mark.parametrize(
    ("choices", "changed"),
    [
        (Choices(count=50), {"count": 50}),
        (Choices(cause="traffic", timeout_seconds=9), {"cause": "traffic", "timeout_seconds": 9}),
        (Choices(witness=False), {"witness": False}),
        (Choices(interval_seconds=0), {"interval_seconds": 0}),
        (Choices(max_latency=2.5), {"max_latency": 2.5}),
    ],
)
def test_only_what_was_chosen_changes(choices, changed):
    """False and zero are choices, too."""
    expected = BRIDGE.verify.model_copy(update=changed)

    assert with_choices(BRIDGE, choices).verify == expected


def test_read_only_waits_for_traffic():
    """Whatever the environment's cause is."""
    verify = with_choices(BRIDGE, Choices(), read_only=True).verify

    assert (verify.cause, verify.witness) == ("traffic", False)


@pytest.mark.parametrize("choices", [Choices(cause="presence"), Choices(witness=True)])
def test_read_only_creates_nothing(choices):
    """What would create something is refused."""
    with pytest.raises(UsageError, match="--read-only"):
        with_choices(BRIDGE, choices, read_only=True)
