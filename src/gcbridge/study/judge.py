"""Judges what was observed of a bridge, in causal order, and names the first broken link."""

from __future__ import annotations

from gcbridge.model.bridge import Bridge
from gcbridge.model.result import Observations, VerificationReport
from gcbridge.study.link import judge_links
from gcbridge.study.proof.summary import (
    summarize_latencies,
    summarize_loss,
    summarize_overhead,
    summarize_witness,
)
from gcbridge.study.proof.traces import trace_events
from gcbridge.study.proof_links import proof_links
from gcbridge.study.receiving_links import receiving_links
from gcbridge.study.sending_links import sending_links
from gcbridge.study.trigger_links import trigger_links


def judge(bridge: Bridge, seen: Observations) -> VerificationReport:
    """The first failed check is the broken link; whatever hangs on it is skipped, and says so.

    The order is that of cause and effect: organization, integration and its settings; account, event source, event
    bus, the source becoming ACTIVE; rules, targets, permissions; events on the bus, all of them, in time; the rules
    they match, their delivery, the dead-letter queues; last the triggers, which hang on the organization alone. Rules and targets
    do not depend on each other, so several may fail side by side.

    Args:
        bridge: what ought to be.
        seen: what was observed; nothing is read here.
    """
    links = (
        *sending_links(bridge, seen.genesys),
        *receiving_links(bridge, seen.aws),
        *proof_links(bridge, seen),
        *trigger_links(bridge, seen.genesys),
    )
    traces = trace_events(bridge, seen)
    proof = seen.proof
    return VerificationReport(
        environment=bridge.environment,
        checks=judge_links(links),
        cause=bridge.verify.cause,
        read_only=seen.read_only,
        traces=traces,
        latencies=summarize_latencies(traces),
        max_latency=bridge.verify.max_latency,
        loss=summarize_loss(proof, seen.witness) if proof else None,
        witness=summarize_witness(proof, seen.witness) if proof else None,
        overhead=summarize_overhead(proof.sightings) if proof else None,
        metrics=seen.metrics,
        bus_log=seen.bus_log,
    )
