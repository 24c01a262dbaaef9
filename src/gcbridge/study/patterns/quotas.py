"""Quotas of a bus that its patterns use up together.

Source: "Amazon EventBridge quotas", https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gcbridge.model.naming import WILDCARD_RULES_PER_BUS_MAX
from gcbridge.routing import InvalidPatternError, parse_pattern
from gcbridge.routing.complexity import ADVISED_CEILING, uses_wildcard, wildcard_complexity
from gcbridge.study.patterns.asked import AskedPattern
from gcbridge.study.patterns.warned import Warned
from gcbridge.study.target_checks import Finding


def wildcard_findings(rules: Mapping[str, Any]) -> Iterator[Finding]:
    """A bus takes 30 rules with wildcards, `anything-but` ones included; AWS does not raise this quota.

    Args:
        rules: rule name -> rule as written; malformed ones are stepped around.

    Source: quota "Rules containing wildcards" of the quotas page: "Maximum number of rules, per event bus per account,
    that can contain event filters that include wildcards. This quota cannot be adjusted."
    """
    using = [name for name, rule in rules.items() if isinstance(rule, Mapping) and _has_wildcard(rule)]
    if len(using) > WILDCARD_RULES_PER_BUS_MAX:
        limit = f"EventBridge allows {WILDCARD_RULES_PER_BUS_MAX} a bus, and raises it for nobody"
        advice = "use prefix, suffix or exact values where they do"
        yield ("rules",), f"{len(using)} of them use wildcard; {limit}: {advice} ({', '.join(using)})"


def complexity_warnings(asked: AskedPattern) -> Iterator[Warned]:
    """A pattern whose wildcards EventBridge may refuse as too complex, at apply.

    Source: "Wildcard matching" in "Comparison operators for use in event patterns", EventBridge user guide: "If a rule is
    too complex, EventBridge returns an InvalidEventPatternException". Where the limit lies is not published; the engine's
    README advises 10 for a single rule.
    """
    score = wildcard_complexity(asked.pattern)
    if score > ADVISED_CEILING:
        said = f"its wildcards have a complexity of {score}; beyond {ADVISED_CEILING} EventBridge may call the rule too complex"
        yield Warned(
            asked.at, said, "use fewer *, or begin the wildcards differently; prefix and suffix cost nothing"
        )


def _has_wildcard(rule: Mapping[str, Any]) -> bool:
    return any(_uses_wildcard(rule.get(key)) for key in ("where", "pattern"))


def _uses_wildcard(pattern: Any) -> bool:
    try:
        return isinstance(pattern, Mapping) and uses_wildcard(parse_pattern(pattern))
    except InvalidPatternError:
        return False
