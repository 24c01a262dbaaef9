"""No false alarms: neither on the examples that gcbridge ships, nor on what topics really hold."""

from pathlib import Path

import pytest
from lint_reading import environment
from markdown_it import MarkdownIt
from ruamel.yaml import YAML

from gcbridge.study.patterns.lints import pattern_warnings
from gcbridge.study.topics.sample import MOMENT, sample_event
from gcbridge.workspace.topic_snapshots import read_bundled

ROOT = Path(__file__).resolve().parents[4]
EPOCH_MILLISECONDS = int(MOMENT.timestamp() * 1000)
RULE_KEYS = {"topics", "where", "pattern", "enabled"}


def documents():
    """Every YAML of environments/ and of the documentation, by where it stands."""
    for file in sorted((ROOT / "environments").glob("*.yaml")):
        yield file.name, file.read_text(encoding="utf-8")
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))):
        for token in MarkdownIt("commonmark").parse(page.read_text(encoding="utf-8")):
            if token.type == "fence" and token.info == "yaml":
                yield f"{page.name}:{token.map[0] + 1}", token.content


def examples():
    """Those with rules that are written out."""
    for place, text in documents():
        document = YAML(typ="safe").load(text)
        rules = document.get("rules") if isinstance(document, dict) else None
        written = {name: rule for name, rule in (rules or {}).items() if rule and "targets" in rule}
        if written:
            yield pytest.param(document, written, id=place)


def topics_of(document, rules):
    """What the example subscribes to; where it does not say, what its rules ask for."""
    asked = [topic for rule in rules.values() for topic in rule.get("topics", ())]
    chosen = [kind for rule in rules.values() for kind in rule.get("pattern", {}).get("detail-type", ())]
    said = document.get("genesys", {}).get("topics", ())
    return [topic for topic in (*said, *asked, *chosen) if isinstance(topic, str)]


@pytest.mark.parametrize(("document", "rules"), list(examples()))
def test_an_example_has_no_warning(document, rules):
    """Who starts from it starts clean."""
    rules = {name: {key: rule[key] for key in RULE_KEYS & set(rule)} for name, rule in rules.items()}
    spec = environment(rules, topics_of(document, rules), archive=document.get("archive"))

    assert pattern_warnings(spec, read_bundled()) == []


def leaves(node, way=()):
    """Every value of an event with the keys that lead to it; lists are looked through, as patterns do."""
    children = node.items() if isinstance(node, dict) else ()
    for key, child in children:
        yield from leaves(child, (*way, key))
    for child in node if isinstance(node, list) else ():
        yield from leaves(child, way)
    if not isinstance(node, (dict, list)):
        yield way, node


def condition(way, value):
    """The pattern that asks for one value."""
    asked = [value]
    for key in reversed(way):
        asked = {key: asked}
    return asked


@pytest.mark.parametrize("topic", read_bundled().topics[::20], ids=lambda topic: topic.topic)
def test_whatever_a_topic_sends_can_be_asked_for(topic):
    """Moments in milliseconds aside, which AWS does not document in patterns."""
    event = sample_event(topic, account_id="123456789012", region="eu-central-1")
    asked = [(way, value) for way, value in leaves(event["detail"]) if value != EPOCH_MILLISECONDS]
    rules = {
        f"r{number}": {"pattern": {"detail-type": [topic.topic], "detail": condition(way, value)}}
        for number, (way, value) in enumerate(asked[:300])
    }

    assert pattern_warnings(environment(rules, [topic.topic]), read_bundled()) == []
