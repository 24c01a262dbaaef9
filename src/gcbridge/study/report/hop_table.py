"""Hops of all events together: how many were there, and how long it took."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gcbridge.model.bridge import Bridge
from gcbridge.model.proof import Latency
from gcbridge.model.verification_words import BUS_HOP, hop_latency
from gcbridge.study import link_names as names
from gcbridge.study.proof.summary import ACCEPTED
from gcbridge.study.proof.traces import WITNESS
from gcbridge.study.report.lights import Lights, Tally


@dataclass(frozen=True, slots=True)
class HopRow:
    """One hop.

    Args:
        name: of the hop.
        tally: how many events were there.
        latency: how long it took them; None where nobody says.
    """

    name: str
    tally: Tally
    latency: Latency | None


def hop_rows(lights: Lights) -> tuple[HopRow, ...]:
    """Hops in the order of the way, each rule followed by its targets; only those that an event came to.

    Args:
        lights: of the bridge and its report.
    """
    known = [name for name in _in_order(lights.bridge) if name in lights.hops]
    strange = [name for name in lights.hops if name not in set(known) and name != ACCEPTED]
    return tuple(
        HopRow(name, lights.tally(name), hop_latency(lights.report, name)) for name in (*known, *strange)
    )


def _in_order(bridge: Bridge) -> Iterator[str]:
    yield from (WITNESS, BUS_HOP)
    for rule in bridge.rules:
        yield names.rule_hop(rule)
        for target in map(bridge.target, rule.targets):
            yield names.target_hop(rule, target)
