"""What an environment file says for an event model, as YAML with comments."""

from __future__ import annotations

import json

from gcbridge.model.advice import EventModel, Need
from gcbridge.model.naming import RULE_NAME_MAX
from gcbridge.study.target_names import fitting

NO_TOPIC = "v2.users.{id}.presence"
"""Stands where no topic was said: the one that is the easiest to cause."""

WORKFLOW = "my workflow"
"""Stands where a person has to say which workflow is started."""

UNSAID_WORKFLOW = f"""\
    # Id or name of a published workflow, or a key of `flows`, which deploys one.
    workflow: {WORKFLOW}
"""


def fragment_of(model: EventModel, need: Need) -> str:
    """The part of an environment file that makes the model's way; ids and regions are added by init.

    Args:
        model: the event model.
        need: what the consumer needs.
    """
    topics = tuple(dict.fromkeys(need.topics)) or (NO_TOPIC,)
    return {
        "notification_service": _notification_service,
        "eventbridge": _eventbridge,
        "event_orchestration": _event_orchestration,
    }[model](need, topics)


def _topics(topics: tuple[str, ...], indent: str) -> str:
    return "".join(f"{indent}- {json.dumps(topic)}\n" for topic in topics)


def _genesys(topics: tuple[str, ...], comment: str) -> str:
    return f"genesys:\n  # {comment}\n  topics:\n{_topics(topics, '    ')}"


def _notification_service(_: Need, topics: tuple[str, ...]) -> str:
    return _genesys(
        topics,
        "What `gcbridge listen` subscribes to, for every object there is; that needs no plan and no apply.",
    )


def _eventbridge(need: Need, topics: tuple[str, ...]) -> str:
    kept = (
        "\narchive:\n  # What was on the bus can be replayed: gcbridge replay.\n  retention_days: 30\n"
        if need.durability == "keep_all"
        else ""
    )
    return (
        _genesys(topics, "What Genesys Cloud sends; {id} stands literally, for all objects.")
        + f"\nrules:\n  # Narrow it with `where`, which is an event pattern below `detail`.\n  events:\n    topics:\n{_topics(topics, '      ')}"
        + "    targets: [consumer]\n"
        + f"\ntargets:\n  consumer:\n{_target(need)}{kept}"
    )


def _target(need: Need) -> str:
    if (need.events_per_second or 0) > STREAM_FROM:
        return "    # A stream keeps seven days and has many readers; one may lag behind the others.\n    type: kinesis\n"
    return "    # A queue keeps fourteen days for one reader; what cannot be delivered is kept beside it.\n    type: sqs\n"


STREAM_FROM = 100.0
"""Events a second from which a stream is proposed instead of a queue: gcbridge's own judgement."""


def _event_orchestration(_: Need, topics: tuple[str, ...]) -> str:
    triggers = "".join(
        f"  {name}:\n    topic: {json.dumps(topic)}\n"
        f"{UNSAID_WORKFLOW}"
        "    # Criteria on the event's body; none: each event starts the workflow.\n    match: []\n"
        for name, topic in _trigger_names(topics).items()
    )
    bridge = _genesys(topics, "What the bridge to AWS carries, at least one; a trigger needs none of it.")
    return f"{bridge}\ntriggers:\n{triggers}"


def _trigger_names(topics: tuple[str, ...]) -> dict[str, str]:
    """`v2.users.{id}.presence` -> `users-presence`; a number tells apart what would be called the same."""
    names: dict[str, str] = {}
    for topic in topics:
        words = "-".join(part for part in topic.split(".")[1:] if part != "{id}").lower() or "events"
        name = fitting(words, RULE_NAME_MAX)
        number = 2
        while name in names:
            name = f"{fitting(words, RULE_NAME_MAX - 3)}-{number}"
            number += 1
        names[name] = topic
    return names
