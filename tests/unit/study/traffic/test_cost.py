"""A month's cost: units times published prices."""

from datetime import date

import pytest
from recorded import AUDITS, PRESENCE, bridge_with, counted, event

from gcbridge.errors import UsageError
from gcbridge.study.traffic.cost import GIB, estimate_cost
from gcbridge.study.traffic.prices import PUBLISHED, with_given_prices
from gcbridge.study.traffic.summary import summarize
from gcbridge.study.traffic.tally import Tally

ALL = {"all": {"topics": [PRESENCE], "targets": ["it"]}}
ELSEWHERE = "arn:aws:sqs:eu-central-1:999988887777:queue"
HERE = "arn:aws:sqs:eu-central-1:123456789012:queue"


def lines(target, events=10, days=30.0, **more):
    """Item of a cost line -> (units, dollars), for a bridge that sends everything to one target."""
    bridge = bridge_with(ALL, {"it": target}, **more)
    tally = counted([event("Away") for _ in range(events)], bridge)
    found = estimate_cost(bridge, tally, days, PUBLISHED)
    return {line.price.name: (line.units, line.usd) for line in found.lines}


SIZE = counted([event("Away")]).bytes


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ({"type": "sqs"}, {"sqs.request": (10, 10 * 0.40 / 1e6)}),
        ({"type": "sqs", "fifo": True}, {"sqs.fifo_request": (10, 10 * 0.50 / 1e6)}),
        ({"type": "sns"}, {"sns.request": (10, 10 * 0.50 / 1e6)}),
        ({"type": "lambda", "source": "f"}, {"lambda.request": (10, 10 * 0.20 / 1e6)}),
        ({"type": "kinesis"}, {"kinesis.on_demand_gb": (10 * 1024 / GIB, 10 * 1024 / GIB * 0.08), "kinesis.on_demand_hour": (720, 28.8)}),
        ({"type": "kinesis", "shard_count": 2}, {"kinesis.put_unit": (10, 10 * 0.014 / 1e6), "kinesis.shard_hour": (1440, 21.6)}),
        ({"type": "firehose"}, {"firehose.gb": (10 * 5120 / GIB, 10 * 5120 / GIB * 0.029)}),
        ({"type": "log_group"}, {"logs.gb": (10 * SIZE / GIB, 10 * SIZE / GIB * 0.5)}),
        ({"type": "event_bus"}, {"eventbridge.event_bus": (10, 10 / 1e6)}),
        ({"type": "dynamodb"}, {"lambda.request": (10, 10 * 0.2 / 1e6), "dynamodb.write_unit": (10, 10 * 0.625 / 1e6)}),
        ({"type": "existing", "arn": HERE}, {"sqs.request": (10, 10 * 0.40 / 1e6)}),
        ({"type": "existing", "arn": f"{HERE}.fifo"}, {"sqs.fifo_request": (10, 10 * 0.50 / 1e6)}),
        ({"type": "existing", "arn": ELSEWHERE}, {"sqs.request": (10, 10 * 0.40 / 1e6), "eventbridge.cross_account": (10, 10 * 0.05 / 1e6)}),
        ({"type": "existing", "arn": "arn:aws:events:eu-central-1:999988887777:event-bus/other"}, {"eventbridge.event_bus": (10, 10 / 1e6)}),
        ({"type": "existing", "arn": "arn:aws:batch:eu-central-1:123456789012:job-queue/q"}, {"other.delivery": (10, None)}),
    ],
    ids=lambda value: "-".join(str(part).rpartition(":")[2] for part in value.values()) if "type" in value else "",
)  # fmt: skip
def test_what_each_type_of_target_is_billed(target, expected):
    """Besides the events themselves; ten small events, in a recording of a month."""
    found = lines(target)
    assert found.pop("eventbridge.partner_event") == (10, pytest.approx(10 / 1e6))

    assert found == {
        name: (pytest.approx(units, abs=1e-6), None if usd is None else pytest.approx(usd, abs=1e-6))
        for name, (units, usd) in expected.items()
    }


def test_a_day_is_stretched_to_a_month_but_hours_are_not():
    """A stream costs its hours however much comes to it."""
    found = lines({"type": "kinesis"}, days=1.0)

    assert found["eventbridge.partner_event"][0] == 300
    assert found["kinesis.on_demand_hour"] == (720, 28.8)


def test_what_no_rule_matches_is_billed_all_the_same():
    """A partner event is billed when it is received."""
    bridge = bridge_with(ALL, {"it": {"type": "sqs"}})
    tally = counted([event(topic=AUDITS)], bridge)

    found = {line.price.name: line.units for line in estimate_cost(bridge, tally, 30, PUBLISHED).lines}

    assert found == {"eventbridge.partner_event": 1, "sqs.request": 0}


@pytest.mark.parametrize(("retention", "kept_months"), [(30, 1.0), (90, 3.0), (1, 1 / 30)])
def test_an_archive_costs_what_comes_in_and_what_it_holds(retention, kept_months):
    """Once it is full, it holds as many days as it keeps."""
    found = lines({"type": "sqs"}, events=1000, archive={"retention_days": retention})

    size = 1000 * SIZE / GIB
    assert found["eventbridge.archive_processing"][0] == pytest.approx(size, abs=1e-6)
    assert found["eventbridge.archive_storage"][0] == pytest.approx(size * kept_months, abs=1e-6)


def test_an_archive_without_end_is_told_and_not_priced():
    """It grows each month."""
    bridge = bridge_with(ALL, {"it": {"type": "sqs"}}, archive={"retention_days": 0})
    found = estimate_cost(bridge, counted([event()], bridge), 30, PUBLISHED)

    assert "eventbridge.archive_storage" not in {line.price.name for line in found.lines}
    assert "storage of the archive, which keeps events for ever and grows each month" in found.left_out


def test_the_total_is_the_sum_of_what_has_a_price():
    """Executions of state machines have none: a person may give one."""
    bridge = bridge_with(ALL, {"it": {"type": "step_functions"}})
    tally = Tally(chunks=2_000_000)
    tally.targets = counted([event() for _ in range(4)], bridge).targets

    published = estimate_cost(bridge, tally, 30, PUBLISHED)
    given = estimate_cost(
        bridge, tally, 30, with_given_prices({"step_functions.execution": 500_000}, "--price")
    )

    assert published.total_usd == 2.0
    assert published.lines[-1].usd is None
    assert given.total_usd == 4.0


def test_no_time_no_cost():
    """Nothing says what a month is, unless a person does."""
    bridge = bridge_with()

    def summary(days):
        return summarize(
            bridge,
            counted([event(), event()], bridge),
            files=("events.jsonl",),
            days=days,
            prices=PUBLISHED,
            against=None,
            workers=1,
            seconds=1.0,
        )

    assert summary(None).cost is None
    assert summary(2.0).cost.lines[0].units == 30


def test_a_given_price_says_who_gave_it():
    """So that nobody takes it for AWS's."""
    prices = with_given_prices({"sqs.request": 0.36}, "--price")

    assert prices["sqs.request"].usd == 0.36
    assert (prices["sqs.request"].source, prices["sqs.request"].published) == ("--price", "")
    assert prices["sns.request"] == PUBLISHED["sns.request"]


@pytest.mark.parametrize(
    ("given", "said", "hint"),
    [
        ({"sqs.requests": 0.4}, "there is no price sqs.requests", "did you mean sqs.request?"),
        ({"sqs.request": -1}, "sqs.request cannot cost -1", "sqs.request=0.40"),
        ({"sqs.request": float("nan")}, "sqs.request cannot cost nan", "sqs.request=0.40"),
    ],
)
def test_a_price_that_is_none(given, said, hint):
    """The message says which prices there are."""
    with pytest.raises(UsageError) as caught:
        with_given_prices(given, "--price")

    assert caught.value.summary == said
    assert hint in caught.value.hint


def test_every_price_has_a_source_and_a_date():
    """Who doubts one, looks there."""
    for price in PUBLISHED.values():
        assert price.source.startswith("https://"), price.name
        assert date(2024, 1, 1) < date.fromisoformat(price.published), price.name
