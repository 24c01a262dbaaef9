"""An integration is waited for until it is ACTIVE, and no longer than makes sense."""

import pytest

from gcbridge.errors import GenesysError, WaitTimeoutError
from gcbridge.genesys.waits import wait_for_integration
from gcbridge.model.result import IntegrationObservation


def integration(state, *, intended="ENABLED", detail=""):
    return IntegrationObservation(
        integration_id="i-1",
        name="dev events",
        intended_state=intended,
        reported_state=state,
        reported_detail=detail,
        event_source_suffix="dev",
        aws_account_id="123456789012",
        aws_region="eu-central-1",
    )


def wait_for(*seen, timeout_seconds=4):
    """Looks every 2 s without sleeping; the last observation stays."""
    looks, ticks = iter([*seen, *[seen[-1]] * 10]), [0.0]

    def sleep(seconds):
        ticks[0] += seconds

    return wait_for_integration(
        looks.__next__, timeout_seconds=timeout_seconds, clock=lambda: ticks[0], sleep=sleep
    )


def test_active_ends_the_wait():
    """It may be missing at first, then ACTIVATING."""
    assert wait_for(None, integration("ACTIVATING"), integration("ACTIVE")) == integration("ACTIVE")


def test_an_error_is_not_waited_out():
    """Genesys's own words come with the error."""
    broken = integration("ERROR", detail="AWS refused the partner event source")

    with pytest.raises(GenesysError) as caught:
        wait_for(integration("ACTIVATING"), broken)

    error = caught.value
    assert not isinstance(error, WaitTimeoutError)
    assert error.detail == "AWS refused the partner event source"
    assert "123456789012" in error.hint


@pytest.mark.parametrize(
    ("seen", "summary", "hint"),
    [
        (None, "shows no such integration after 4 s", "genesys stack was applied"),
        (integration("ACTIVATING"), "is ACTIVATING, not ACTIVE, after 4 s", "waits.integration_seconds"),
        (integration("INACTIVE", intended="DISABLED"), "is INACTIVE, not ACTIVE", "somebody disabled it"),
    ],
)
def test_a_timeout_says_what_was_seen_and_what_to_check(seen, summary, hint):
    """What to check depends on the last state."""
    with pytest.raises(WaitTimeoutError) as caught:
        wait_for(seen)

    assert summary in caught.value.summary
    assert hint in caught.value.hint
