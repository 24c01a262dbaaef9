"""Judges what was observed of a bridge, in causal order, and names the first broken link."""

from __future__ import annotations

from gcbridge.model.bridge import Bridge
from gcbridge.model.result import Observations, VerificationReport
from gcbridge.study.link import judge_links
from gcbridge.study.proof_links import proof_links
from gcbridge.study.receiving_links import receiving_links
from gcbridge.study.sending_links import sending_links


def judge(bridge: Bridge, seen: Observations) -> VerificationReport:
    """The first failed check is the broken link; whatever hangs on it is skipped, and says so.

    The order is that of cause and effect: organization, integration and its settings; account, event source, event
    bus, the source becoming ACTIVE; rules, targets, permissions; an event on the bus, the rules it matches, its
    delivery, the dead-letter queues. Rules and targets do not depend on each other, so several may fail side by side.

    Args:
        bridge: what ought to be.
        seen: what was observed; nothing is read here.
    """
    links = (
        *sending_links(bridge, seen.genesys),
        *receiving_links(bridge, seen.aws),
        *proof_links(bridge, seen),
    )
    return VerificationReport(
        environment=bridge.environment,
        checks=judge_links(links),
        arrivals=seen.proof.arrivals if seen.proof else (),
    )
