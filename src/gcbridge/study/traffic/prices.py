"""Published prices of AWS, each with its source and date. Change them here, or with `--price` and `--prices`.

All are for us-east-1 and the first volume tier, without free tiers. `published` is the date of the price list that AWS
publishes for programs (pricing.us-east-1.amazonaws.com); where only a page for people has the price, it is a day on
which that page had it.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping

from gcbridge.errors import UsageError
from gcbridge.model.simulation import Price

PRICE_LIST = "https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/{}/current/us-east-1/index.json"
EVENTBRIDGE = "https://aws.amazon.com/eventbridge/pricing/"
KINESIS = "https://aws.amazon.com/kinesis/data-streams/pricing/"
STEP_FUNCTIONS = "https://aws.amazon.com/step-functions/pricing/"
FARGATE = "https://aws.amazon.com/fargate/pricing/"
MILLION = 1_000_000
CHUNKS = (MILLION, "64 KB chunks")


def _price(name: str, usd: float | None, units: tuple[int, str], source: str, published: str) -> Price:
    """Dollars for so many units, as a page says, or an offer of the price list, by its code."""
    source = source if source.startswith("https:") else PRICE_LIST.format(source)
    return Price(name=name, usd=usd, per=units[0], unit=units[1], source=source, published=published)


PUBLISHED = {
    price.name: price
    for price in (
        _price("eventbridge.partner_event", 1.00, CHUNKS, "AWSEvents", "2026-02-03"),
        # What a rule sends to another bus is billed as a custom event, to the sender where the account is another:
        # https://repost.aws/knowledge-center/eventbridge-reduce-charges
        _price("eventbridge.event_bus", 1.00, CHUNKS, "AWSEvents", "2026-02-03"),
        _price("eventbridge.cross_account", 0.05, CHUNKS, EVENTBRIDGE, "2025-01-01"),
        _price("eventbridge.api_destination", 0.20, CHUNKS, EVENTBRIDGE, "2026-03-13"),
        _price("eventbridge.archive_processing", 0.10, (1, "GB"), EVENTBRIDGE, "2026-03-13"),
        _price("eventbridge.archive_storage", 0.023, (1, "GB-months"), EVENTBRIDGE, "2026-03-13"),
        _price("sqs.request", 0.40, CHUNKS, "AWSQueueService", "2025-08-28"),
        _price("sqs.fifo_request", 0.50, CHUNKS, "AWSQueueService", "2025-08-28"),
        _price("sns.request", 0.50, CHUNKS, "AmazonSNS", "2026-02-11"),
        _price("lambda.request", 0.20, (MILLION, "requests"), "AWSLambda", "2026-04-28"),
        _price("kinesis.on_demand_gb", 0.08, (1, "GB"), KINESIS, "2026-05-05"),
        _price("kinesis.on_demand_hour", 0.04, (1, "stream hours"), KINESIS, "2026-05-05"),
        _price("kinesis.shard_hour", 0.015, (1, "shard hours"), KINESIS, "2026-05-05"),
        _price("kinesis.put_unit", 0.014, (MILLION, "25 KB units"), "AmazonKinesis", "2025-11-18"),
        _price("firehose.gb", 0.029, (1, "GB"), "AmazonKinesisFirehose", "2025-12-18"),
        _price("logs.gb", 0.50, (1, "GB"), "AmazonCloudWatch", "2026-03-13"),
        _price("dynamodb.write_unit", 0.625, (MILLION, "1 KB write units"), "AmazonDynamoDB", "2025-08-28"),
        # Billed by state transition ($0.025 a thousand), by vCPU and GB: events do not tell how many.
        _price("step_functions.execution", None, (MILLION, "executions"), STEP_FUNCTIONS, "2025-08-28"),
        _price("ecs.task", None, (MILLION, "tasks"), FARGATE, "2026-11-24"),
        _price(
            "other.delivery", None, (MILLION, "deliveries"), "https://aws.amazon.com/pricing/", "2026-11-24"
        ),
    )
}
"""Name -> price."""


def with_given_prices(
    given: Mapping[str, float], source: str, known: Mapping[str, Price] = PUBLISHED
) -> dict[str, Price]:
    """All prices, with those that a person gave in place of the published ones.

    Args:
        given: name -> US dollars for as many units as the published price is for.
        source: who says so: `--price`, or the name of a file.
        known: what they replace.

    Raises:
        UsageError: a name that is no price, or a price that is none.
    """
    return {**known, **{name: _given(name, usd, source, known) for name, usd in given.items()}}


def _given(name: str, usd: float, source: str, known: Mapping[str, Price]) -> Price:
    if name not in known:
        raise _unknown(name, source, known)
    if usd < 0 or not math.isfinite(usd):
        raise UsageError(
            f"{name} cannot cost {usd}", where=source, hint=f"in US dollars, such as {name}=0.40"
        )
    return known[name].model_copy(update={"usd": usd, "source": source, "published": ""})


def _unknown(name: str, source: str, known: Mapping[str, Price]) -> UsageError:
    close = difflib.get_close_matches(name, known, n=1)
    return UsageError(
        f"there is no price {name}",
        where=source,
        detail="\n".join(
            f"{price.name}: US dollars for {price.per:,} {price.unit}" for price in known.values()
        ),
        hint=f"did you mean {close[0]}?" if close else "take one of these names",
    )
