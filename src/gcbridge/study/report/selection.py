"""Which rules and targets stand in the picture by name, and which are counted together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from gcbridge.model.bridge import Rule
from gcbridge.model.proof import Latency
from gcbridge.model.target import AnyTarget
from gcbridge.model.verification_words import counted, hop_latency, seconds_text
from gcbridge.study import link_names as names
from gcbridge.study.report.lights import Light, Lights, Tally, light_of

SHOWN_MAX = 10
"""Rows of a column; with more the picture would be a list, and lists stand below it."""
URGENCY: dict[Light, int] = {"failed": 0, "passed": 1, "skipped": 2}

Item = TypeVar("Item", Rule, AnyTarget)


@dataclass(frozen=True, slots=True)
class Row:
    """One box of a column.

    Args:
        members: names of the rules or targets that it stands for.
        light: of all of them together.
        title: what it is called.
        notes: what else it says.
        tooltip: the title, uncut, and what was found.
    """

    members: frozenset[str]
    light: Light
    title: str
    notes: tuple[str, ...] = ()
    tooltip: str = ""

    @property
    def is_fold(self) -> bool:
        """It stands for several."""
        return len(self.members) > 1


def choose(
    items: Sequence[Item], urgency: Callable[[Item], tuple[int, ...]]
) -> tuple[list[Item], list[Item]]:
    """Those that get a box of their own, and those that share one; both in the order given.

    Args:
        items: rules, or targets.
        urgency: the smaller, the rather shown.
    """
    if len(items) <= SHOWN_MAX:
        return list(items), []
    first = {item.name for item in sorted(items, key=urgency)[: SHOWN_MAX - 1]}
    return [item for item in items if item.name in first], [item for item in items if item.name not in first]


def choose_rules(lights: Lights) -> tuple[list[Rule], list[Rule]]:
    """Broken rules first, then those that events went through."""

    def urgency(rule: Rule) -> tuple[int, ...]:
        ways = (lights.delivery(rule, target) for target in map(lights.bridge.target, rule.targets))
        light = light_of([lights.rule(rule), lights.matching(rule), *ways])
        return URGENCY[light], -lights.tally(names.rule_hop(rule)).expected

    return choose(lights.bridge.rules, urgency)


def choose_targets(lights: Lights, shown_rules: Sequence[Rule]) -> tuple[list[AnyTarget], list[AnyTarget]]:
    """Broken targets first, then those of the rules that are shown; beside their rules, so that few lines cross."""
    places = {name: index for index, rule in enumerate(shown_rules) for name in rule.targets}
    far = len(shown_rules)

    def urgency(target: AnyTarget) -> tuple[int, ...]:
        light = light_of([lights.target(target), lights.dead_letters(target)])
        return URGENCY[light] if light == "failed" else 1, places.get(target.name, far)

    shown, rest = choose(lights.bridge.targets, urgency)
    return sorted(shown, key=lambda target: places.get(target.name, far)), rest


@dataclass(frozen=True, slots=True)
class Columns:
    """Rules and targets as rows of the picture.

    Args:
        rules: a row for each that is shown, and one for the rest.
        targets: likewise.
        shown_targets: targets that have a row of their own, in the order of the rows.
    """

    rules: Sequence[Row]
    targets: Sequence[Row]
    shown_targets: Sequence[AnyTarget]


def choose_columns(lights: Lights) -> Columns:
    """What stands in both columns, with what is known of it.

    Args:
        lights: of the bridge and its report.
    """
    rules, more_rules = choose_rules(lights)
    targets, more_targets = choose_targets(lights, rules)
    rule_rows = [_rule_row(lights, rule) for rule in rules]
    target_rows = [_target_row(lights, target) for target in targets]
    if more_rules:
        rule_rows.append(fold("rules", [(rule.name, lights.rule(rule)) for rule in more_rules]))
    if more_targets:
        target_rows.append(fold("targets", [(target.name, lights.target(target)) for target in more_targets]))
    return Columns(rule_rows, target_rows, targets)


def _rule_row(lights: Lights, rule: Rule) -> Row:
    untried = "no event of this run" if lights.report.traces else ""
    note = events_text(lights.tally(names.rule_hop(rule))) or (
        untried if rule.enabled else "disabled, as declared"
    )
    return Row(frozenset([rule.name]), lights.rule(rule), rule.name, (note,))


def _target_row(lights: Lights, target: AnyTarget) -> Row:
    hops = (names.target_hop(rule, target) for rule in lights.rules_of(target))
    medians = [latency.p50 for hop in hops if (latency := hop_latency(lights.report, hop))]
    time = f", {seconds_text(max(medians))}" if medians else ""
    tally = lights.delivered(target)
    kind = target.type.replace("_", " ")
    said = f"{events_text(tally)}{time}" if tally.expected else kind
    return Row(
        frozenset([target.name]),
        lights.target(target),
        target.name,
        (said,),
        f"{target.name}: {kind}, {said}",
    )


def events_text(tally: Tally) -> str:
    """How many events of those that were followed; empty where none was."""
    if not tally.expected:
        return ""
    if not tally.failed:
        return counted(tally.passed, "event")
    return f"{tally.passed:,} of {tally.expected:,}"


def median_text(latency: Latency | None) -> str:
    """The median, or the only value; empty where nothing was measured."""
    if latency is None:
        return ""
    return f"{seconds_text(latency.p50)}{' median' if latency.count > 1 else ''}"


def fold(noun: str, lights: Sequence[tuple[str, Light]]) -> Row:
    """One box for several rules or targets: how many, and how they are.

    Args:
        noun: what they are, in the plural.
        lights: name and light of each.
    """
    counts = [(mark, sum(light == status for _, light in lights)) for status, mark in MARKS.items()]
    notes = "   ".join(f"{mark} {count}" for mark, count in counts if count)
    title = f"{len(lights)} more {noun}"
    members = frozenset(name for name, _ in lights)
    return Row(members, light_of(light for _, light in lights), title, (notes,), f"{title}: {notes}")


MARKS: dict[Light, str] = {"failed": "✗", "passed": "✓", "skipped": "\N{EN DASH}"}
"""What stands beside a colour, for those who do not see it."""
