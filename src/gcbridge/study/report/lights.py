"""Which parts of a bridge are lit green, red, or not at all: checks say what is set up, traces say what went through."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from gcbridge.model.bridge import Bridge, Rule
from gcbridge.model.proof import EventTrace
from gcbridge.model.result import Check, CheckStatus, VerificationReport
from gcbridge.model.target import AnyTarget
from gcbridge.model.verification_words import BUS_HOP
from gcbridge.study import link_names as names
from gcbridge.study.event_links import CAUSE_SENT, EVENT_SEEN, NONE_LOST
from gcbridge.study.receiving_links import AWS_ACCOUNT, EVENT_BUS, EVENT_SOURCE, SOURCE_ACTIVE
from gcbridge.study.sending_links import ORGANIZATION

Light = CheckStatus
INTEGRATION_PREFIX = "integration "


def light_of(statuses: Iterable[Light]) -> Light:
    """Red as soon as one thing failed, green where something holds and nothing failed, else unlit.

    >>> light_of(["passed", "skipped"]), light_of(["passed", "failed"]), light_of([])
    ('passed', 'failed', 'skipped')
    """
    seen = set(statuses)
    if "failed" in seen:
        return "failed"
    return "passed" if "passed" in seen else "skipped"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many events one hop saw.

    Args:
        passed: were there.
        failed: were not.
        skipped: nobody can tell.
    """

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    @property
    def expected(self) -> int:
        """Events of which something can be told."""
        return self.passed + self.failed

    @property
    def light(self) -> Light:
        """Lit by what is told, unlit where nothing is."""
        if self.failed:
            return "failed"
        return "passed" if self.passed else "skipped"

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)


NOBODY = Tally()


def tally_hops(traces: Iterable[EventTrace]) -> Mapping[str, Tally]:
    """How many events each hop saw; hops in the order that they first appear."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for trace in traces:
        for hop in trace.hops:
            counts[hop.name][hop.status] += 1
    return {name: Tally(**count) for name, count in counts.items()}


@dataclass(frozen=True)
class Lights:
    """The lights of one bridge.

    Args:
        bridge: what there is to light.
        report: what is known of it.
    """

    bridge: Bridge
    report: VerificationReport

    @cached_property
    def checks(self) -> Mapping[str, Check]:
        """Checks by name."""
        return {check.name: check for check in self.report.checks}

    @cached_property
    def hops(self) -> Mapping[str, Tally]:
        """How many events each hop saw."""
        return tally_hops(self.report.traces)

    def tally(self, hop: str) -> Tally:
        """How many events one hop saw; zeros where it was never reached."""
        return self.hops.get(hop, NOBODY)

    def of_checks(self, *wanted: str) -> Light:
        """The light of some checks; those that the report lacks say nothing."""
        return light_of(self.checks[name].status for name in wanted if name in self.checks)

    @property
    def organization(self) -> Light:
        """Genesys Cloud answers."""
        return self.of_checks(ORGANIZATION)

    @property
    def integration(self) -> Light:
        """The integration is there and set as declared."""
        settings = [check.status for check in self.report.checks if check.name.startswith(INTEGRATION_PREFIX)]
        return light_of([*settings, self.of_checks(CAUSE_SENT)])

    @property
    def account(self) -> Light:
        """AWS answers."""
        return self.of_checks(AWS_ACCOUNT)

    @property
    def event_source(self) -> Light:
        """The partner event source is there, and ACTIVE."""
        return self.of_checks(EVENT_SOURCE, SOURCE_ACTIVE)

    @property
    def event_bus(self) -> Light:
        """The bus is there, and has what was sent."""
        return light_of([self.of_checks(EVENT_BUS), self.tally(BUS_HOP).light])

    @property
    def arrival(self) -> Light:
        """Events come from the source to the bus."""
        return light_of([self.of_checks(EVENT_SEEN, NONE_LOST), self.tally(BUS_HOP).light])

    @property
    def sending(self) -> Light:
        """Events leave the integration: one that arrived is enough to know."""
        tally = self.tally(BUS_HOP)
        return "passed" if tally.passed else self.arrival

    def rule(self, rule: Rule) -> Light:
        """The rule is there, as declared, can match, and matched what it was predicted to match."""
        settings = self.of_checks(names.rule_link(rule), names.pattern_link(rule))
        return light_of([settings, self.tally(names.rule_hop(rule)).light])

    def matching(self, rule: Rule) -> Light:
        """Events match the rule; of one that is switched off on purpose nothing is expected."""
        if not rule.enabled:
            return "skipped"
        return light_of([self.of_checks(names.match_link(rule)), self.tally(names.rule_hop(rule)).light])

    def target(self, target: AnyTarget) -> Light:
        """The target is there, lets every one of its rules in, and has what they sent."""
        settings = (
            self.of_checks(names.target_link(rule, target), names.permission_link(rule, target))
            for rule in self.rules_of(target)
        )
        return light_of([*settings, self.delivered(target).light])

    def delivery(self, rule: Rule, target: AnyTarget) -> Light:
        """Events of the rule get to the target."""
        light = self.of_checks(names.delivery_link(rule, target))
        return light_of([light, self.tally(names.target_hop(rule, target)).light])

    def dead_letters(self, target: AnyTarget) -> Light:
        """The target's dead-letter queue can take what its rules could not deliver, and is empty."""
        ways = (names.dead_letter_way_link(rule, target) for rule in self.rules_of(target))
        return self.of_checks(names.dead_letter_link(target), *ways)

    def delivered(self, target: AnyTarget) -> Tally:
        """Events of all rules, at the target."""
        return sum(
            (self.tally(names.target_hop(rule, target)) for rule in self.rules_of(target)), start=NOBODY
        )

    def rules_of(self, target: AnyTarget) -> list[Rule]:
        """Rules that send to the target."""
        return [rule for rule in self.bridge.rules if target.name in rule.targets]
