"""What a rule or the archive asks for: its pattern, where each part of it was written, and the topics it is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from gcbridge.model.origin import KeyPath
from gcbridge.model.spec import EnvironmentSpec, RuleSpec
from gcbridge.model.topic import Topic, TopicCatalogue
from gcbridge.routing import Branch, FieldTest, Pattern, parse_pattern
from gcbridge.routing.operator_parsing import parse_operator
from gcbridge.routing.operators import Equals, Operator
from gcbridge.study.patterns.event_shape import Receiver, topic_shape
from gcbridge.study.patterns.sent import SentTopic

DETAIL_TYPE = "detail-type"
DETAIL = "detail"


class Entry(NamedTuple):
    """One entry of a field's array.

    Args:
        at: its place in the environment file.
        written: as a JSON parser gives it.
        operator: what it stands for.
    """

    at: KeyPath
    written: Any
    operator: Operator


class Leaf(NamedTuple):
    """One field that a pattern tests.

    Args:
        path: dotted, such as `detail.eventBody.action`.
        at: its place in the environment file.
        entries: what it is tested for; one of them must hold.
    """

    path: str
    at: KeyPath
    entries: tuple[Entry, ...]

    @property
    def test(self) -> FieldTest:
        """As the engine has it."""
        return FieldTest(self.path, tuple(entry.operator for entry in self.entries))


@dataclass(frozen=True)
class AskedPattern:
    """One event pattern of an environment, without the `source` that gcbridge adds.

    Args:
        name: for people, such as `rule presence` or `the archive`.
        at: place of the rule in the environment file.
        enabled: False for a rule that matches nothing on purpose.
        pattern: what the engine makes of it.
        written: for each branch of the pattern its fields as written; without `detail-type` where topics are
            written beside them.
        prefix: what its author left out of every path: `detail` in `where`, nothing in `pattern`.
        subscribed: topics that Genesys Cloud is told to send.
    """

    name: str
    at: KeyPath
    enabled: bool
    pattern: Pattern
    written: tuple[tuple[Leaf, ...], ...]
    prefix: str
    subscribed: tuple[SentTopic, ...]

    @property
    def alternatives(self) -> Iterator[tuple[Branch, tuple[Leaf, ...]]]:
        """Each branch with its fields as written."""
        return zip(self.pattern.branches, self.written, strict=True)

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        """Every field as written, each place once."""
        return tuple({leaf.at: leaf for leaves in self.written for leaf in leaves}.values())

    def beside(self, leaf: Leaf) -> list[Leaf]:
        """The fields that must hold together with one."""
        sets = [leaves for leaves in self.written if _holds(leaves, leaf)]
        return [one for leaves in sets for one in leaves if one.at != leaf.at]

    @cached_property
    def topics(self) -> tuple[SentTopic, ...]:
        """The subscribed topics that its `detail-type` lets through."""
        return tuple(
            topic
            for topic in self.subscribed
            if any(accepts_topic(branch, topic) for branch in self.pattern.branches)
        )

    @cached_property
    def named(self) -> frozenset[str]:
        """Names of the topics that it lists one by one."""
        tests = (test for branch in self.pattern.branches for test in branch if test.path == DETAIL_TYPE)
        operators = (operator for test in tests for operator in test.operators)
        return frozenset(str(operator.value) for operator in operators if isinstance(operator, Equals))

    def topics_of(self, leaf: Leaf) -> tuple[SentTopic, ...]:
        """The topics that one of its fields is about: within an `$or` not every field is about every topic."""
        branches = [branch for branch, leaves in self.alternatives if _holds(leaves, leaf)]
        return tuple(
            topic for topic in self.topics if any(accepts_topic(branch, topic) for branch in branches)
        )


def _holds(leaves: tuple[Leaf, ...], leaf: Leaf) -> bool:
    return any(one.at == leaf.at for one in leaves)


def accepts_topic(branch: Branch, topic: SentTopic) -> bool:
    """Whether the `detail-type` of an alternative lets a topic through."""
    tests = (test for test in branch if test.path == DETAIL_TYPE)
    return all(any(operator.matches(topic.name) for operator in test.operators) for test in tests)


def asked_patterns(spec: EnvironmentSpec, catalogue: TopicCatalogue) -> Iterator[AskedPattern]:
    """The patterns of all rules, then the archive's.

    Args:
        spec: a valid environment.
        catalogue: what is known of topics; one that it does not know has a body that nobody knows.
    """
    subscribed = sent_topics(spec, catalogue)
    for name, rule in spec.rules.items():
        yield _of_rule(name, rule, subscribed)
    if spec.archive is not None and spec.archive.pattern is not None:
        at: KeyPath = ("archive", "pattern")
        yield _whole("the archive", at, spec.archive.pattern, subscribed, enabled=True)


def sent_topics(spec: EnvironmentSpec, catalogue: TopicCatalogue) -> tuple[SentTopic, ...]:
    """The topics that an environment subscribes to, with what their events look like on its bus."""
    account, region = spec.aws.account_id, spec.aws.region
    receiver = Receiver(account_id=account, region=region)
    topics = [catalogue.get(name) or Topic(topic=name) for name in dict.fromkeys(spec.genesys.topics)]
    return tuple(SentTopic(topic, topic_shape(topic, receiver)) for topic in topics)


def _of_rule(name: str, rule: RuleSpec, subscribed: tuple[SentTopic, ...]) -> AskedPattern:
    at: KeyPath = ("rules", name)
    if rule.pattern is not None:
        return _whole(f"rule {name}", (*at, "pattern"), rule.pattern, subscribed, enabled=rule.enabled)
    where = rule.where or {}
    written = {DETAIL_TYPE: list(rule.topics), DETAIL: where}
    kept = {key: value for key, value in written.items() if value}
    return AskedPattern(
        name=f"rule {name}",
        at=at,
        enabled=rule.enabled,
        pattern=parse_pattern(kept) if kept else Pattern(((),)),
        written=tuple(_written(where, DETAIL, (*at, "where"), [()])),
        prefix=DETAIL,
        subscribed=subscribed,
    )


def _whole(
    name: str, at: KeyPath, pattern: Mapping[str, Any], subscribed: tuple[SentTopic, ...], *, enabled: bool
) -> AskedPattern:
    written = tuple(_written(pattern, "", at, [()]))
    return AskedPattern(name, at, enabled, parse_pattern(pattern), written, "", subscribed)


def _written(
    node: Mapping[str, Any], prefix: str, at: KeyPath, alternatives: list[tuple[Leaf, ...]]
) -> list[tuple[Leaf, ...]]:
    """The alternatives in the order in which `parse_pattern` has its branches."""
    for key, child in node.items():
        here, path = (*at, key), f"{prefix}.{key}" if prefix else key
        if key == "$or":
            ways = [_written(way, prefix, (*here, number), alternatives) for number, way in enumerate(child)]
            alternatives = [leaves for way in ways for leaves in way]
        elif isinstance(child, Mapping):
            alternatives = _written(child, path, here, alternatives)
        else:
            leaf = Leaf(path, here, tuple(_entries(child, here)))
            alternatives = [(*leaves, leaf) for leaves in alternatives]
    return alternatives


def _entries(values: list[Any], at: KeyPath) -> Iterator[Entry]:
    for index, value in enumerate(values):
        here = (*at, index)
        yield Entry(here, value, parse_operator(value, here))
