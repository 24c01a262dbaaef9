"""A broken bridge is named after its first broken link, whatever else hangs on it."""

from datetime import datetime, timedelta, timezone

import pytest
from healthy_aws import healthy_aws, healthy_target, policy

from gcbridge.model.coverage import UnsatisfiableRule
from gcbridge.model.proof import (
    BusSighting,
    CausedChange,
    MetricsObservation,
    RuleMetrics,
    WitnessObservation,
    WitnessSighting,
)
from gcbridge.model.result import (
    DeadLetterObservation,
    DeliveryObservation,
    EventProof,
    EventSourceObservation,
    Fault,
    GenesysObservation,
    IntegrationObservation,
    MatchObservation,
    Observations,
)
from gcbridge.model.spec import EnvironmentSpec
from gcbridge.study.judge import judge
from gcbridge.study.resolve import resolve
from gcbridge.study.sending_links import choose_integration

AUDITS = "v2.audits.entitytype.{id}.entityid.{id}"
CUSTOMER_END = "v2.detail.events.conversation.{id}.customer.end"
EVENT = "6f1e0a52-0001-4000-8000-000000000001"

SPEC = EnvironmentSpec.model_validate(
    {
        "genesys": {
            "region": "eu-central-1",
            "org_id": "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11",
            "event_source_suffix": "dev",
            "topics": [AUDITS, CUSTOMER_END],
        },
        "aws": {"region": "eu-central-1", "account_id": "123456789012"},
        "rules": {
            "audits": {"topics": [AUDITS], "targets": ["queue", "log"]},
            "calls": {"topics": [CUSTOMER_END], "targets": ["queue"]},
            "paused": {"enabled": False, "targets": ["log"]},
        },
        "targets": {"queue": {"type": "sqs"}, "log": {"type": "log_group"}},
        "verify": {"cause": "integration_notes"},
    }
)
BRIDGE = resolve("dev", SPEC)
START = datetime(2026, 11, 30, 9, 0, tzinfo=timezone.utc)


def after(seconds):
    return START + timedelta(seconds=seconds)


def change(number, topics=(AUDITS,)):
    return CausedChange(
        number=number, description=f"notes marked {number}", topics=topics, accepted_at=after(number)
    )


def sighting(number, seconds=1.5, *, event=EVENT, topic=AUDITS, copies=1):
    """The event of a change, so many seconds after it."""
    moment = after(number + seconds)
    return BusSighting(
        change=number,
        event_id=event,
        detail_type=topic,
        sent_at=moment,
        received_at=moment,
        known_at=moment,
        copies=copies,
    )


def proof(changes, sightings, cause="integration_notes"):
    return EventProof(cause=cause, waited_seconds=120, changes=tuple(changes), sightings=tuple(sightings))


def heard(*numbers):
    return WitnessObservation(
        topics=(AUDITS,),
        sightings=tuple(
            WitnessSighting(change=number, topic=AUDITS, heard_at=after(number + 1)) for number in numbers
        ),
    )


INTEGRATION = IntegrationObservation(
    integration_id="11111111-2222-4333-8444-555555555555",
    name="gcbridge dev",
    intended_state="ENABLED",
    reported_state="ACTIVE",
    topics=(CUSTOMER_END, AUDITS),
    event_source_suffix="dev",
    aws_account_id="123456789012",
    aws_region="eu-central-1",
)
SOURCE = EventSourceObservation(name=BRIDGE.event_source_name, state="ACTIVE")


HEALTHY = Observations(
    genesys=GenesysObservation(organization_id=BRIDGE.organization.org_id, integration=INTEGRATION),
    aws=healthy_aws(BRIDGE),
    proof=proof([change(1)], [sighting(1)]),
    matches=(
        MatchObservation(rule="audits", event_id=EVENT, matched=True),
        MatchObservation(rule="calls", event_id=EVENT, matched=False),
    ),
    deliveries=(
        DeliveryObservation(rule="audits", target="queue", event_id=EVENT, delivered=True),
        DeliveryObservation(rule="audits", target="log", event_id=EVENT, delivered=True),
    ),
    dead_letters=tuple(
        DeadLetterObservation(target=target.name, queue_name=target.dead_letter_queue_name, exists=True)
        for target in BRIDGE.targets
    ),
)


def seen(**changes):
    return HEALTHY.model_copy(update=changes)


def genesys(**changes):
    return seen(genesys=HEALTHY.genesys.model_copy(update=changes))


def integration(**changes):
    return genesys(integration=INTEGRATION.model_copy(update=changes))


def aws(**changes):
    return seen(aws=HEALTHY.aws.model_copy(update=changes))


def source(**changes):
    return aws(event_source=SOURCE.model_copy(update=changes))


def rule(name, **changes):
    rules = HEALTHY.aws.rules
    return aws(rules=tuple(r.model_copy(update=changes) if r.name == name else r for r in rules))


def no_rule(name):
    return aws(rules=tuple(r for r in HEALTHY.aws.rules if r.name != name))


def target(**changes):
    """The rule audits says something else of the queue."""
    log, queue = (BRIDGE.target(name) for name in ("log", "queue"))
    return rule("audits", targets=(healthy_target(BRIDGE, queue, **changes), healthy_target(BRIDGE, log)))


def resource(arn, **changes):
    resources = HEALTHY.aws.resources
    return aws(resources={**resources, arn: resources[arn].model_copy(update=changes)})


QUEUE = BRIDGE.target("queue").arn
DEAD_LETTERS = QUEUE + "-dead-letter"


def silence(cause="integration_notes"):
    return seen(proof=proof([change(1)], [], cause), matches=(), deliveries=())


def ten(*, lost=(), witness=None):
    """Ten changes, of which some are lost."""
    sightings = [sighting(n, event=f"e{n}") for n in range(1, 11) if n not in lost]
    return seen(
        proof=proof([change(n) for n in range(1, 11)], sightings), witness=witness, matches=(), deliveries=()
    )


def delivery(**changes):
    first, *others = HEALTHY.deliveries
    return seen(deliveries=(first.model_copy(update=changes), *others))


def dead_letter(**changes):
    letters = HEALTHY.dead_letters
    return seen(
        dead_letters=tuple(
            letter.model_copy(update=changes) if letter.target == "queue" else letter for letter in letters
        )
    )


NO_KEYS = Fault(summary="no credentials were found", hint="export AWS_PROFILE")

BREAKS = [
    # what was seen, the broken link, words of the hint
    (seen(genesys=NO_KEYS), "genesys organization", "export"),
    (genesys(organization_id="another"), "genesys organization", "GENESYSCLOUD_OAUTHCLIENT_ID"),
    (genesys(integration=None), "integration exists", "gcbridge apply dev"),
    (integration(intended_state="DISABLED"), "integration enabled", "switch it on"),
    (
        integration(reported_state="ERROR", reported_detail="bad account"),
        "integration reported ACTIVE",
        "suffix dev",
    ),
    (integration(reported_state="ACTIVATING"), "integration reported ACTIVE", "wait a minute"),
    (
        integration(event_source_suffix="test"),
        "integration event source suffix",
        "genesys.event_source_suffix",
    ),
    (integration(aws_account_id="210987654321"), "integration AWS account", "aws.account_id"),
    (integration(aws_region="us-east-1"), "integration AWS region", "aws.region"),
    (integration(topics=(AUDITS,)), "integration topics", "genesys.topics"),
    (seen(aws=NO_KEYS), "aws account", "export"),
    (aws(account_id="210987654321"), "aws account", "AWS_PROFILE"),
    (
        aws(event_source=None),
        "event source exists",
        "account 123456789012 in eu-central-1 has no such source",
    ),
    (source(state="DELETED"), "event source exists", "Genesys Cloud deleted the source"),
    (aws(event_bus_exists=False, rules=()), "event bus exists", "gcbridge apply dev"),
    (source(state="PENDING"), "event source ACTIVE", "activate-event-source"),
    (no_rule("calls"), "rule calls", "gcbridge apply dev"),
    (rule("calls", state="DISABLED"), "rule calls", "switched the rule by hand"),
    (rule("paused", state="ENABLED"), "rule paused", "rules.paused.enabled"),
    (rule("calls", pattern={"source": ["aws.partner/genesys.com"]}), "rule calls", "edited the pattern"),
    (rule("calls", targets=()), "target queue of rule calls", "gcbridge apply dev"),
    (target(arn=f"{QUEUE}-2"), "target queue of rule audits", "by hand"),
    (target(maximum_retry_attempts=3), "target queue of rule audits", "by hand"),
    (target(dead_letter_arn=None), "dead-letter queue of rule audits on target queue", "gcbridge apply dev"),
    (silence(), "event seen on the bus", "verify.timeout_seconds"),
    (silence("traffic"), "event seen on the bus", "make a call"),
    (
        delivery(delivered=False),
        "delivery from rule audits to target queue",
        "gcbridge-dev-queue-dead-letter",
    ),
    (
        delivery(delivered=False, error_code="NO_PERMISSIONS"),
        "delivery from rule audits to target queue",
        "permission of rule audits on target queue",
    ),
    (
        delivery(delivered=False, error_code="NO_RESOURCE"),
        "delivery from rule audits to target queue",
        "'target queue of rule audits'",
    ),
    (dead_letter(depth=2), "dead-letter queue of target queue", "gcbridge dlq dev redrive"),
    (dead_letter(exists=False), "dead-letter queue of target queue", "gcbridge apply dev"),
]


@pytest.mark.parametrize(("observations", "link", "hint"), BREAKS, ids=[f"{b[1]}: {b[2]}" for b in BREAKS])
def test_break(observations, link, hint):
    """One break fails exactly one link, which says what was found, what was expected, and what to do."""
    report = judge(BRIDGE, observations)

    assert [check.name for check in report.checks if check.status == "failed"] == [link]
    assert report.verdict == "failed"
    assert report.first_broken.observed
    assert report.first_broken.expected
    assert hint in report.first_broken.hint


def test_healthy():
    """A healthy bridge passes; only what no event of the run could prove is left open."""
    report = judge(BRIDGE, HEALTHY)

    assert report.verdict == "passed"
    assert [(latency.hop, latency.p50) for latency in report.latencies] == [("event bus", 1.5)]
    assert [hop.name for hop in report.traces[0].hops] == [
        "accepted",
        "event bus",
        "rule audits",
        "target log of rule audits",
        "target queue of rule audits",
    ]
    assert [check.name for check in report.checks if check.status == "skipped"] == [
        "rule calls matches",
        "delivery from rule calls to target queue",
        "delivery from rule paused to target log",
    ]


def status_of(observations):
    return {check.name: (check.status, check.observed) for check in judge(BRIDGE, observations).checks}


def test_consequences_are_skipped():
    """Everything that a disabled integration makes impossible is skipped and names the cause."""
    statuses = status_of(integration(intended_state="DISABLED"))

    for name in ("integration reported ACTIVE", "event source exists", "rule calls", "event seen on the bus"):
        assert statuses[name] == ("skipped", "skipped: integration enabled is broken")
    assert statuses["aws account"][0] == "passed"


def test_what_all_rules_share():
    """A queue that is gone, or closed, breaks the link of each rule that sends there; what follows is skipped."""
    gone = judge(BRIDGE, resource(QUEUE, exists=False)).checks
    closed = judge(BRIDGE, resource(QUEUE, policies=(policy(),))).checks

    assert [check.name for check in gone if check.status == "failed"] == [
        "target queue of rule audits",
        "target queue of rule calls",
    ]
    failed = [check for check in closed if check.status == "failed"]
    assert [check.name for check in failed] == [
        "permission of rule audits on target queue",
        "permission of rule calls on target queue",
    ]
    assert "Deny" in failed[0].hint


def test_independent_links_are_still_judged():
    """A broken rule does not hide what is wrong with another one."""
    observations = aws(rules=())

    failed = [check.name for check in judge(BRIDGE, observations).checks if check.status == "failed"]

    assert failed == ["rule audits", "rule calls", "rule paused"]
    assert status_of(observations)["event seen on the bus"][0] == "passed"


def test_wrong_topics_do_not_hide_the_rules():
    """A wrong topic filter makes no event certain, but rules and targets do not hang on it."""
    statuses = status_of(integration(topics=(AUDITS,)))

    assert statuses["event seen on the bus"][0] == "skipped"
    assert statuses["permission of rule calls on target queue"][0] == "passed"


def test_unmatched_rule():
    """A rule that no event of the run matches is neither broken nor proved; the report says what it asks for."""
    status, observed = status_of(HEALTHY)["rule calls matches"]

    assert status == "skipped"
    assert f"it asks for {CUSTOMER_END}" in observed


def test_unmatched_rule_whose_topic_arrived():
    """Then the rest of the pattern is what does not fit: a misspelt field is told apart from another topic."""
    unmatched = (MatchObservation(rule="audits", event_id=EVENT, matched=False),)
    status, observed = status_of(seen(matches=unmatched, deliveries=()))["rule audits matches"]

    assert status == "skipped"
    assert f"an event of {AUDITS} arrived, but not one that" in observed


def test_disabled_as_declared():
    """A rule that is disabled on purpose passes."""
    statuses = status_of(HEALTHY)

    assert statuses["rule paused"] == ("passed", "DISABLED, pattern as declared")
    assert statuses["rule paused matches"] == ("passed", "disabled, as declared: it matches nothing")


UNKNOWN = [
    (resource(QUEUE, policies=None, detail="AccessDenied"), "permission of rule audits on target queue"),
    (resource(QUEUE, exists=None, detail="AccessDenied"), "target queue of rule audits"),
    (
        resource(DEAD_LETTERS, exists=None, detail="AccessDenied"),
        "dead-letter queue of rule audits on target queue",
    ),
    (delivery(delivered=None, detail="somebody is reading"), "delivery from rule audits to target queue"),
    (dead_letter(exists=None, detail="AccessDenied"), "dead-letter queue of target queue"),
]


@pytest.mark.parametrize(("observations", "link"), UNKNOWN, ids=[link for _, link in UNKNOWN])
def test_unknown_is_not_broken(observations, link):
    """What could not be read is left open, and does not fail the verification or hide what follows."""
    report = judge(BRIDGE, observations)
    statuses = status_of(observations)

    assert report.verdict == "passed"
    assert statuses[link][0] == "skipped"
    assert "is broken" not in "".join(observed for _, observed in statuses.values())


def test_without_an_event():
    """Where no event was waited for, the structure is judged and the rest is left open."""
    report = judge(BRIDGE, seen(proof=None, matches=(), deliveries=()))

    assert report.verdict == "passed"
    assert (
        next(c for c in report.checks if c.name == "event seen on the bus").observed
        == "no event was waited for"
    )


def test_cause_without_its_topic():
    """A cause whose events the integration does not send is told before anybody waits for them."""
    genesys_side = SPEC.genesys.model_copy(update={"topics": (CUSTOMER_END,)})
    bridge = resolve("dev", SPEC.model_copy(update={"genesys": genesys_side}))
    observations = seen(proof=None, matches=(), deliveries=()).model_copy(
        update={"genesys": integration(topics=(CUSTOMER_END,)).genesys}
    )

    broken = judge(bridge, observations).first_broken

    assert broken.name == "topic of the cause is sent"
    assert f"add {AUDITS} to genesys.topics" in broken.hint


def failed(report):
    return [check.name for check in report.checks if check.status == "failed"]


def check(report, name):
    return next(check for check in report.checks if check.name == name)


def test_all_of_ten_arrived():
    """Nothing lost is told with what ten events can prove at most."""
    report = judge(BRIDGE, ten())

    assert report.verdict == "passed"
    assert check(report, "all events arrived").observed == (
        "0 of 10 events lost (0.0%, 95% interval 0.0% to 27.8%); no duplicates, all in order"
    )


def test_a_lost_event_fails():
    """One of ten is lost: the rate has its interval, and what the witness heard is told beside it."""
    report = judge(BRIDGE, ten(lost=(4,), witness=heard(*range(1, 11))))

    assert failed(report) == ["all events arrived"]
    assert report.first_broken.observed == (
        "1 of 10 events lost (10.0%, 95% interval 1.8% to 40.4%); no duplicates, all in order; "
        "1 of the lost ones came over the notification service"
    )
    assert (report.witness.both, report.witness.only_websocket) == (9, 1)
    assert [trace.broken_at.name for trace in report.traces if trace.broken_at] == ["event bus"]


def test_copies_and_disorder_do_not_fail():
    """Both clouds deliver at least once and promise no order."""
    sightings = [sighting(2, event="b"), sighting(1, 3, event="a", copies=2), sighting(3, event="c")]
    observations = seen(proof=proof(map(change, (1, 2, 3)), sightings), matches=(), deliveries=())

    report = judge(BRIDGE, observations)

    assert report.verdict == "passed"
    assert "1 duplicate, 1 out of order" in check(report, "all events arrived").observed


def test_a_topic_that_tells_of_nothing_is_no_loss():
    """Which topic a change is told on is not documented; one that is silent while another tells all is left out."""
    both = (AUDITS, CUSTOMER_END)
    observations = seen(
        proof=proof([change(1, both), change(2, both)], [sighting(1), sighting(2, event="b")])
    )

    report = judge(BRIDGE, observations)

    assert report.verdict == "passed"
    assert report.loss.expected == 2
    assert f"nothing came on {CUSTOMER_END}" in check(report, "event seen on the bus").observed


@pytest.mark.parametrize(("limit", "broken"), [(2.0, []), (1.0, ["latency of events"])])
def test_max_latency(limit, broken):
    """Every event has to be on the bus within `verify.max_latency`."""
    bridge = BRIDGE.model_copy(update={"verify": BRIDGE.verify.model_copy(update={"max_latency": limit})})

    assert failed(judge(bridge, ten())) == broken


def test_silence_that_the_witness_breaks():
    """An event that came over the WebSocket alone was sent: the fault lies between the two clouds."""
    report = judge(BRIDGE, silence().model_copy(update={"witness": heard(1)}))

    assert failed(report) == ["event seen on the bus"]
    assert "1 came over the notification service" in report.first_broken.observed
    assert "give Genesys Cloud support the event source" in report.first_broken.hint
    assert [hop.status for hop in report.traces[0].hops] == ["passed", "passed", "failed"]


def test_silence_on_both_ways():
    """Then nobody heard anything, and the first hop that failed is the witness's."""
    report = judge(BRIDGE, silence().model_copy(update={"witness": heard()}))

    assert "nothing came over the notification service either" in report.first_broken.observed
    assert report.traces[0].broken_at.name == "witness"


@pytest.mark.parametrize(("rests_on_fields", "status"), [(False, "failed"), (True, "skipped")])
def test_a_pattern_that_cannot_match(rests_on_fields, status):
    """Certain where it rests on the topic; a field that only gcbridge's snapshot lacks is a doubt."""
    doubt = UnsatisfiableRule(
        rule="calls", reasons=("no",), advice="correct rule calls", rests_on_fields=rests_on_fields
    )

    found = check(judge(BRIDGE, seen(unsatisfiable=(doubt,))), "pattern of rule calls")

    assert found.status == status
    assert "correct rule calls" in found.hint


def test_an_event_refutes_a_doubt():
    """What matches can match."""
    doubt = UnsatisfiableRule(rule="audits", reasons=("no",), advice="")

    assert check(judge(BRIDGE, seen(unsatisfiable=(doubt,))), "pattern of rule audits").status == "passed"


@pytest.mark.parametrize(("aws_says", "predicted"), [(True, False), (False, True)])
def test_a_prediction_that_aws_contradicts_is_a_finding(aws_says, predicted):
    """Either the routing engine or the rule in AWS is not what it is taken for."""
    matches = (MatchObservation(rule="audits", event_id=EVENT, matched=aws_says, predicted=predicted),)

    assert failed(judge(BRIDGE, seen(matches=matches))) == ["rule audits matches"]


READ_ONLY = [
    # counters, what "event seen" reads, what the delivery reads
    ({}, "skipped", "skipped"),
    ({"events": 3, "invocations": 6}, "passed", "passed"),
    ({"events": 3, "invocations": 6, "failed_invocations": 1}, "passed", "failed"),
    ({"events": 3, "invocations": 6, "sent_to_dlq": 2}, "passed", "failed"),
]


@pytest.mark.parametrize(("counted", "bus", "delivery_status"), READ_ONLY)
def test_read_only_is_told_by_counters(counted, bus, delivery_status):
    """Nothing was created, so CloudWatch's counters are all there is; missing counts as zero."""
    figures = {"matched_events": counted.get("events", 0), **counted}
    events = figures.pop("events", 0)
    metrics = MetricsObservation(
        since=START, until=after(900), events=events, rules=(RuleMetrics(rule="audits", **figures),)
    )
    observations = seen(proof=None, matches=(), deliveries=(), metrics=metrics, read_only=True)

    report = judge(BRIDGE, observations)

    assert check(report, "event seen on the bus").status == bus
    assert check(report, "delivery from rule audits to target queue").status == delivery_status


def test_names_are_unique():
    """Every link has a name of its own, so that a report can be compared with an earlier one."""
    names = [check.name for check in judge(BRIDGE, HEALTHY).checks]

    assert len(names) == len(set(names))


def turned(**changes):
    return INTEGRATION.model_copy(update={"integration_id": "turned", **changes})


@pytest.mark.parametrize(
    ("integrations", "chosen"),
    [
        ((), None),
        ((INTEGRATION,), INTEGRATION),
        ((turned(aws_region="us-east-1"), INTEGRATION), INTEGRATION),
        ((turned(aws_account_id="210987654321"),), turned(aws_account_id="210987654321")),
        ((turned(event_source_suffix="x"),), turned(event_source_suffix="x")),
        ((turned(event_source_suffix="x", name="another"),), None),
        ((turned(intended_state="DELETED"),), None),
    ],
)
def test_an_integration_that_was_turned_elsewhere_is_still_found(integrations, chosen):
    """Its suffix or its name gives it away, so that the report can say what was changed."""
    assert choose_integration(BRIDGE, integrations) == chosen
