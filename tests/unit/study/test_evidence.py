"""Evidence says what was proved, and a signature says that nobody changed it."""

from datetime import datetime, timedelta, timezone

import pytest

from gcbridge.errors import RefusedError, UsageError
from gcbridge.model.evidence import Evidence, SignedEvidence
from gcbridge.model.proof import EventTrace, Hop
from gcbridge.model.result import Check, VerificationReport
from gcbridge.model.spec import EnvironmentSpec
from gcbridge.model.stack import RenderedStack, RenderedStacks, StackName
from gcbridge.study.evidence import check_signature, gather_evidence, sign
from gcbridge.study.resolve import resolve

KEY = "0123456789abcdef"
START = datetime(2026, 11, 30, 9, 0, tzinfo=timezone.utc)
TOPIC = "v2.users.{id}.presence"
BRIDGE = resolve(
    "dev",
    EnvironmentSpec.model_validate(
        {
            "genesys": {
                "region": "eu-central-1",
                "org_id": "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11",
                "event_source_suffix": "dev",
                "topics": [TOPIC],
            },
            "aws": {"region": "eu-central-1", "account_id": "123456789012"},
        }
    ),
)
REPORT = VerificationReport(
    environment="dev",
    checks=(
        Check(name="event seen on the bus", status="passed"),
        Check(name="rule calls matches", status="skipped"),
    ),
    cause="presence",
    started_at=START,
    seconds=4.5,
    traces=(
        EventTrace(
            change=1,
            description="presence of Ada set to Busy",
            topic=TOPIC,
            event_id="e-1",
            accepted_at=START + timedelta(seconds=1),
            hops=(
                Hop(name="accepted", status="passed", seconds=0.0),
                Hop(name="event bus", status="passed", seconds=0.25),
                Hop(name="target crm of rule presence", status="passed", seconds=0.5),
                Hop(name="target log of rule presence", status="skipped"),
            ),
        ),
    ),
)


@pytest.fixture
def evidence():
    stacks = RenderedStacks(
        genesys=RenderedStack(StackName.GENESYS, {}), aws=RenderedStack(StackName.AWS, {})
    )
    return gather_evidence(
        BRIDGE, REPORT, environment_digest="d1", stacks=stacks, applied=None, tool_version="0.1.0"
    )


def test_what_was_proved(evidence):
    """Ids, times and names of links; nothing that an event held."""
    (event,) = evidence.events
    assert (event.event_id, event.seconds, event.targets) == ("e-1", 0.25, ("target crm of rule presence",))
    assert (evidence.passed, evidence.skipped) == (("event seen on the bus",), ("rule calls matches",))
    assert evidence.event_source == BRIDGE.event_source_name


def test_a_signature_holds_for_exactly_this(evidence):
    """It survives being written and read, and nothing else."""
    signed = SignedEvidence.model_validate_json(sign(evidence, KEY).model_dump_json())

    assert check_signature(signed, KEY) == evidence


CHANGED = [
    {"environment_digest": "d2"},
    {"passed": ("event seen on the bus", "rule calls matches")},
    {"started_at": START + timedelta(days=1)},
    {"tool_version": "0.2.0"},
]


@pytest.mark.parametrize("changes", CHANGED, ids=lambda changes: next(iter(changes)))
def test_what_was_changed_is_refused(evidence, changes):
    """Whatever it is."""
    forged = sign(evidence, KEY).model_copy(update={"evidence": evidence.model_copy(update=changes)})

    with pytest.raises(RefusedError, match="changed after it was signed"):
        check_signature(forged, KEY)


def test_another_key_is_refused(evidence):
    """Who does not have the key cannot sign."""
    with pytest.raises(RefusedError, match="another key"):
        check_signature(sign(evidence, KEY), "fedcba9876543210")


def test_what_nobody_signed_is_refused(evidence):
    """Without a key in the environment, evidence is a note."""
    signed = sign(evidence, None)

    assert signed.signature is None
    with pytest.raises(RefusedError, match="not signed"):
        check_signature(signed, KEY)


def test_a_signature_that_is_no_hexadecimal_is_refused(evidence):
    """The file is anybody's to write."""
    with pytest.raises(RefusedError, match="changed after it was signed"):
        check_signature(SignedEvidence(evidence=evidence, algorithm="HMAC-SHA256", signature="ü"), KEY)


def test_a_short_key_is_refused(evidence):
    """It could be guessed, and the error does not tell it."""
    with pytest.raises(UsageError, match="shorter than 16") as caught:
        sign(evidence, "hunter2")

    assert "hunter2" not in str(caught.value.__dict__)


def test_evidence_reads_back_as_it_was(evidence):
    """Whoever promotes reads the same value."""
    assert Evidence.model_validate_json(evidence.model_dump_json()) == evidence
