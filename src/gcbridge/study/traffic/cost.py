"""What a month of the counted traffic costs at published prices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from gcbridge.model.bridge import Bridge
from gcbridge.model.simulation import MONTH_DAYS, CostEstimate, CostLine, Price
from gcbridge.model.target import AnyTarget
from gcbridge.study.traffic.billing import Billing, Charge, billing_of
from gcbridge.study.traffic.tally import Tally, TargetTally

GIB = 1024**3
"""AWS bills a GB as 2^30 bytes."""
NEVER_IN = (
    "free tiers and volume discounts",
    "retries and dead-letter queues",
    "data transfer between regions and to the internet",
    "customer keys (KMS)",
)


class _Amount(NamedTuple):
    """What a price is multiplied with, for the traffic as it was counted."""

    price: str
    item: str
    units: float
    target: str | None = None
    is_monthly: bool = False


def estimate_cost(bridge: Bridge, tally: Tally, days: float, prices: Mapping[str, Price]) -> CostEstimate:
    """The traffic, stretched to 30 days and multiplied with prices.

    EventBridge bills a partner event when it is received, in chunks of 64 KB, whatever its rules do with it; delivery
    to targets in the same account is free (EventBridge pricing page).

    Args:
        bridge: who receives.
        tally: the counted traffic.
        days: how long it lasted.
        prices: name -> price.
    """
    scale = MONTH_DAYS / days
    amounts = (*_bus(bridge, tally, scale), *_targets(bridge, tally))
    lines = tuple(_line(amount, 1 if amount.is_monthly else scale, prices) for amount in amounts)
    return CostEstimate(
        region=bridge.aws.region,
        lines=lines,
        total_usd=round(sum(line.usd or 0 for line in lines), 4),
        left_out=tuple(dict.fromkeys((*_left_out(bridge), *NEVER_IN))),
    )


def _bus(bridge: Bridge, tally: Tally, scale: float) -> Iterator[_Amount]:
    yield _Amount("eventbridge.partner_event", "partner events received", tally.chunks)
    if bridge.archive is None:
        return
    size = tally.archived_bytes / GIB
    yield _Amount("eventbridge.archive_processing", "events into the archive", size)
    if bridge.archive.retention_days:
        kept = size * scale * bridge.archive.retention_days / MONTH_DAYS
        item = f"archive of {bridge.archive.retention_days} days, once it is full"
        yield _Amount("eventbridge.archive_storage", item, kept, is_monthly=True)


def _targets(bridge: Bridge, tally: Tally) -> Iterator[_Amount]:
    for target in bridge.targets:
        billing = billing_of(target, bridge.aws.account_id)
        came = tally.targets.get(target.name, TargetTally())
        for charge in billing.charges:
            yield _charged(target, billing, charge, came)


def _charged(target: AnyTarget, billing: Billing, charge: Charge, came: TargetTally) -> _Amount:
    hours = float(MONTH_DAYS * 24)
    units = {
        "deliveries": float(came.deliveries),
        "chunks": float(came.chunks),
        "units": float(came.units),
        "bytes": came.bytes / GIB,
        "rounded_bytes": came.units * billing.unit_bytes / GIB,
        # What exists already costs its hours with or without these events.
        "hours": hours if target.type != "existing" else 0.0,
    }[charge.basis]
    return _Amount(
        charge.price,
        f"{charge.item} {target.name}",
        units * charge.times,
        target.name,
        charge.basis == "hours",
    )


def _line(amount: _Amount, scale: float, prices: Mapping[str, Price]) -> CostLine:
    price, units = prices[amount.price], amount.units * scale
    return CostLine(
        item=amount.item,
        target=amount.target,
        price=price,
        units=round(units, 6),
        usd=None if price.usd is None else round(units / price.per * price.usd, 6),
    )


def _left_out(bridge: Bridge) -> Iterator[str]:
    if bridge.archive is not None and not bridge.archive.retention_days:
        yield "storage of the archive, which keeps events for ever and grows each month"
    for target in bridge.targets:
        left_out = billing_of(target, bridge.aws.account_id).left_out
        if left_out:
            yield left_out
