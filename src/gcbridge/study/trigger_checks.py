"""Checks of `triggers` and `flows` across values: what Genesys Cloud would refuse at apply, or take and never start."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from gcbridge.model.origin import KeyPath
from gcbridge.model.topic import Topic, TopicCatalogue
from gcbridge.study.resolve_triggers import trigger_title
from gcbridge.study.target_checks import Finding
from gcbridge.study.topics.checks import unknown_topic
from gcbridge.study.triggers.json_paths import relative_path, syntax_fault
from gcbridge.study.triggers.shapes import shape_findings


def trigger_findings(environment: str, values: Mapping[str, Any]) -> Iterator[Finding]:
    """Findings in `triggers` and `flows`, none where all is well; what is malformed in itself is stepped around.

    Args:
        environment: its name, part of default titles.
        values: the whole environment as written.
    """
    triggers = _mapping(values.get("triggers"))
    for name, trigger in triggers.items():
        if isinstance(trigger, Mapping):
            yield from _timing_findings(("triggers", name), trigger)
            yield from _match_findings(("triggers", name, "match"), trigger.get("match"))
    yield from _title_findings(environment, triggers)
    yield from _unused_flow_findings(triggers, _mapping(values.get("flows")))


def trigger_topic_findings(
    environment: str, values: Mapping[str, Any], catalogue: TopicCatalogue
) -> Iterator[Finding]:
    """Topics that start no trigger, by what is known of topics; malformed values are stepped around.

    Args:
        environment: its name, for what to type.
        values: what was written, after `extends`.
        catalogue: topics known for this environment.
    """
    for name, trigger in _mapping(values.get("triggers")).items():
        topic = _mapping(trigger).get("topic")
        if isinstance(topic, str) and (fault := _topic_fault(environment, topic, catalogue)):
            yield ("triggers", name, "topic"), fault


def _mapping(node: Any) -> Mapping[str, Any]:
    return node if isinstance(node, Mapping) else {}


def _timing_findings(path: KeyPath, trigger: Mapping[str, Any]) -> Iterator[Finding]:
    if trigger.get("ttl") is not None and trigger.get("delay") is not None:
        fault = (
            "stands beside ttl, and Genesys Cloud takes one of them: keep ttl so that an old event starts nothing, "
            "or delay to wait before the workflow starts"
        )
        yield (*path, "delay"), fault


def _match_findings(path: KeyPath, match: Any) -> Iterator[Finding]:
    for index, criterion in enumerate(match if isinstance(match, list) else ()):
        if not isinstance(criterion, Mapping):
            continue
        for key, fault in shape_findings(criterion):
            yield (*path, index, key), fault
        if isinstance(written := criterion.get("json_path"), str) and (fault := _path_fault(written)):
            yield (*path, index, "json_path"), fault


def _path_fault(written: str) -> str:
    relative = relative_path(written)
    if relative != written:
        mend = f"write {relative}" if relative else "name a field of the body"
        return f"{written} begins outside of the event's body, where a trigger cannot look; {mend}"
    fault = syntax_fault(written)
    return (
        f"{written} is no JSONPath ({fault}); write it as in presenceDefinition.systemPresence"
        if fault
        else ""
    )


def _title_findings(environment: str, triggers: Mapping[str, Any]) -> Iterator[Finding]:
    """Genesys Cloud tells triggers by id, people and `verify` by name."""
    named: dict[str, list[str]] = defaultdict(list)
    for name, trigger in triggers.items():
        written = _mapping(trigger).get("name")
        named[trigger_title(environment, str(name), written if isinstance(written, str) else None)].append(
            name
        )
    for title, names in named.items():
        for name in names[1:]:
            written = _mapping(triggers[name]).get("name") is not None
            path: KeyPath = ("triggers", name, "name") if written else ("triggers", name)
            yield path, f"is called {title!r} as {names[0]} is; give it a name of its own"


def _unused_flow_findings(triggers: Mapping[str, Any], flows: Mapping[str, Any]) -> Iterator[Finding]:
    started = {_mapping(trigger).get("workflow") for trigger in triggers.values()}
    for name in flows:
        if name not in started:
            yield ("flows", name), "no trigger starts it; name it in a trigger's workflow or remove it"


def _topic_fault(environment: str, name: str, catalogue: TopicCatalogue) -> str:
    topic = catalogue.get(name)
    if topic is None:
        return unknown_topic(name, catalogue, environment)
    return _transport_fault(topic)


def _transport_fault(topic: Topic) -> str:
    if topic.starts_triggers is not False:
        return ""
    transports = ", ".join(topic.transports or ()) or "none"
    return (
        f"{topic.topic} starts no trigger (its transports: {transports}; a trigger needs ProcessAutomation); "
        "let a rule send it to AWS instead, or choose another topic"
    )
