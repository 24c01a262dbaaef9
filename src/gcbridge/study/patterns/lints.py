"""All warnings about a valid environment."""

from __future__ import annotations

from collections.abc import Iterator

from gcbridge.model.spec import EnvironmentSpec
from gcbridge.model.topic import TopicCatalogue
from gcbridge.study.patterns.always_true import always_true_warnings
from gcbridge.study.patterns.asked import AskedPattern, asked_patterns
from gcbridge.study.patterns.detail_types import detail_type_warnings
from gcbridge.study.patterns.disputed import disputed_warnings
from gcbridge.study.patterns.kept_out import kept_out_warnings
from gcbridge.study.patterns.quotas import complexity_warnings
from gcbridge.study.patterns.reach import match_all_warnings, unreachable_warnings
from gcbridge.study.patterns.topic_fields import field_warnings
from gcbridge.study.patterns.warned import Warned
from gcbridge.study.topics.checks import topic_findings
from gcbridge.study.triggers.warnings import trigger_warnings


def environment_warnings(name: str, spec: EnvironmentSpec, catalogue: TopicCatalogue) -> list[Warned]:
    """Whatever is worth a warning in a valid environment: its topics, its rules, its archive, its triggers.

    Args:
        name: the environment's name, for what to type.
        spec: a valid environment.
        catalogue: what is known of topics and of the fields of their events.
    """
    doubts = [
        Warned(("genesys", "topics", index), message)
        for index, severity, message in topic_findings(spec.genesys.topics, catalogue, name)
        if severity == "warning"
    ]
    return [*doubts, *pattern_warnings(spec, catalogue), *trigger_warnings(name, spec, catalogue)]


def pattern_warnings(spec: EnvironmentSpec, catalogue: TopicCatalogue) -> list[Warned]:
    """What EventBridge would take of the rules and the archive, and what will not do as it says.

    Args:
        spec: a valid environment.
        catalogue: what is known of topics and of the fields of their events.
    """
    targets = {name: len(rule.targets) for name, rule in spec.rules.items()}
    return [
        warned
        for asked in asked_patterns(spec, catalogue)
        for warned in _warnings(asked, targets.get(str(asked.at[1]), 0))
    ]


def _warnings(asked: AskedPattern, targets: int) -> Iterator[Warned]:
    never = [*detail_type_warnings(asked), *field_warnings(asked)]
    yield from never
    if not never:
        yield from unreachable_warnings(asked)
    blamed = {one.at for one in never}
    for one in (*disputed_warnings(asked), *always_true_warnings(asked), *kept_out_warnings(asked)):
        if not {one.at, one.at[:-1]} & blamed:
            yield one
    yield from complexity_warnings(asked)
    if asked.at[0] == "rules":
        yield from match_all_warnings(asked, targets)
