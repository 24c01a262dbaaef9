"""Writes the bundled topic snapshot anew: topics of Genesys's SDKs with the bodies that the installed SDK knows.

    python scripts/topic_snapshot.py notificationMappings.json --taken-at 2026-07-13

`notificationMappings.json` lies in each of Genesys's SDK repositories, such as MyPureCloud/platform-client-sdk-python.
What the present snapshot says of descriptions and of uses over EventBridge is kept.
"""

import argparse
import ast
import functools
import importlib
import inspect
import json
import re
import textwrap
from importlib.metadata import version
from pathlib import Path

from gcbridge.model.topic import EACH_KEY, Topic, TopicCatalogue, TopicField
from gcbridge.study.topics.snapshot import encode_catalogue
from gcbridge.workspace.topic_snapshots import BUNDLED, read_bundled

PACKAGE = "PureCloudPlatformClientV2"
SCALARS = {
    "str": "string",
    "int": "integer",
    "float": "number",
    "bool": "boolean",
    "datetime": "datetime",
    "date": "datetime",
    "object": "unknown",
}
SYSTEM_PRESENCES = (
    "AVAILABLE",
    "AWAY",
    "BREAK",
    "BUSY",
    "IDLE",
    "MEAL",
    "MEETING",
    "OFFLINE",
    "ON_QUEUE",
    "TRAINING",
)
"""Enum of the SDK's AnalyticsUserPresenceRecord; the capture in Genesys's developer blog of 2021-06-01 spells alike."""
ENUMS = {
    ("AgentActivityChangedTopicOrganizationPresence", "systemPresence"): SYSTEM_PRESENCES,
    ("PresenceEventOrganizationPresence", "systemPresence"): SYSTEM_PRESENCES,
}
"""Values that the SDK's models do not name."""
SEEN = {"v2.users.{id}.presence", "v2.detail.events.conversation.{id}.wrapup"}
"""Over EventBridge: the event in developer.genesys.cloud/forum/t/20980; all detail events of conversations, says
developer.genesys.cloud/analyticsdatamanagement/analytics/notifications."""
CAPTURED = {"AttributeDetailEventTopicAttributeUpdateEvent": {"organizationId": TopicField(type="string")}}
"""Fields of published events (kanutomay/genesys-eventbridge-streaming-lakehouse) that the SDK's models lack."""


def main() -> None:
    """Reads the mappings, looks every body up, and writes the snapshot."""
    options = read_options()
    mappings = json.loads(options.mappings.read_text(encoding="utf-8"))["notifications"]
    classes = {entry["topic"]: entry["class"] for entry in mappings}
    catalogue = TopicCatalogue(
        topics=tuple(read_topic(name, classes[name]) for name in sorted(classes)),
        taken_at=options.taken_at,
        origin=f"topics of Genesys's SDKs; bodies of {PACKAGE} {version(PACKAGE)}",
    )
    BUNDLED.write_text(spell(encode_catalogue(catalogue)), encoding="utf-8")


def read_options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("mappings", type=Path)
    parser.add_argument("--taken-at", required=True, help="date of the mappings")
    return parser.parse_args()


def read_topic(name: str, class_name: str) -> Topic:
    """A topic with the body of its class; body unknown where the SDK has no such class."""
    known = read_bundled().get(name)
    body = read_fields(class_name, ())
    return Topic(
        topic=name,
        description=known.description if known else "",
        fields=body,
        seen_over_eventbridge=name in SEEN or bool(known and known.seen_over_eventbridge),
    )


def read_fields(class_name: str, above: tuple[str, ...]) -> dict[str, TopicField] | None:
    """Fields of one model; None where there is none, or where it holds itself."""
    model = getattr(importlib.import_module(PACKAGE), class_name, None)
    if model is None or class_name in above:
        return None
    instance, enums = model(), read_enums(model)
    fields = {}
    for attribute, type_name in instance.swagger_types.items():
        name = instance.attribute_map[attribute]
        enum = ENUMS.get((class_name, name), enums.get(attribute, ()))
        fields[name] = read_field(type_name, (*above, class_name)).model_copy(update={"enum": enum})
    return fields | CAPTURED.get(class_name, {})


def read_field(type_name: str, above: tuple[str, ...]) -> TopicField:
    """A field by its type in the SDK's terms."""
    if element := re.fullmatch(r"list\[(.+)\]", type_name):
        return read_field(element[1], above).model_copy(update={"is_list": True})
    if value := re.fullmatch(r"dict\(str, (.+)\)", type_name):
        return TopicField(type="map", fields={EACH_KEY: read_field(value[1], above)})
    if type_name in SCALARS:
        return TopicField(type=SCALARS[type_name])
    fields = read_fields(type_name, above)
    return TopicField(type="unknown") if fields is None else TopicField(type="object", fields=fields)


@functools.cache
def read_enums(model: type) -> dict[str, tuple[str, ...]]:
    """Attribute -> the values that its setter allows; they stand in the setter's body and nowhere else."""
    found = {}
    for name, member in inspect.getmembers(model, lambda member: isinstance(member, property)):
        source = ast.parse(textwrap.dedent(inspect.getsource(member.fset)))
        for node in ast.walk(source):
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "allowed_values":
                found[name] = tuple(value for value in ast.literal_eval(node.value) if value)
    return found


def spell(document: dict) -> str:
    """JSON with one model, one enum and one topic a line, so that differences can be read."""
    parts = []
    for key, value in document.items():
        if isinstance(value, dict):
            lines = ",\n".join(f" {json.dumps(name)}:{compact(item)}" for name, item in value.items())
            parts.append(f"{json.dumps(key)}:{{\n{lines}\n}}")
        elif isinstance(value, list):
            lines = ",\n".join(f" {compact(item)}" for item in value)
            parts.append(f"{json.dumps(key)}:[\n{lines}\n]")
        else:
            parts.append(f"{json.dumps(key)}:{compact(value)}")
    return "{" + ",\n".join(parts) + "}\n"


def compact(value: object) -> str:
    """JSON without spaces."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


if __name__ == "__main__":
    main()
