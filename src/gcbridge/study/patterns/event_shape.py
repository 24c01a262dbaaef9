"""What is known of the events that a pattern looks at: which values can stand at a path, and how many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from gcbridge.model.topic import EACH_KEY, FieldType, Topic, TopicField
from gcbridge.routing.operators import Equals, Wildcard
from gcbridge.study.patterns.text_search import Operators
from gcbridge.study.patterns.value_search import ALL_KINDS, Kind
from gcbridge.study.topics.fields import UNKNOWN, envelope

KINDS: Mapping[FieldType, frozenset[Kind]] = {
    "string": frozenset({"text", "null"}),
    "integer": frozenset({"number", "null"}),
    "number": frozenset({"number", "null"}),
    "boolean": frozenset({"bool", "null"}),
    "datetime": frozenset({"text", "number", "null"}),
    "object": frozenset({"null"}),
    "map": frozenset({"null"}),
    "unknown": ALL_KINDS,
}
"""JSON types of the leaves of a field; any field of a body may be null. An object is no leaf."""
NO_KINDS: frozenset[Kind] = frozenset()
TEXT: frozenset[Kind] = frozenset({"text"})
ALWAYS = frozenset("version id detail-type source account time region".split())
"""What every event has once, as text. Source: "Events in Amazon EventBridge", EventBridge user guide."""
ENVELOPE_VERSION = "0"
"""Source: "Events in Amazon EventBridge", EventBridge user guide: "By default, this is set to 0 (zero) in all events."."""
ALWAYS_OBJECTS = frozenset({"detail", "detail.eventBody"})
OPEN = "additionalProperties"
"""Genesys's SDKs name a field so where further keys may stand beside the known ones."""
TOPIC_NAME = "detail.topicName"
SOME_ID = "00000000-0000-4000-8000-000000000000"


class Receiver(NamedTuple):
    """Who receives; None is not known.

    Args:
        source: the partner event source's full name.
        account_id: AWS account.
        region: AWS region.
    """

    source: str | None = None
    account_id: str | None = None
    region: str | None = None


ANY_RECEIVER = Receiver()


@dataclass(frozen=True, slots=True)
class Place:
    """What is known of one path of an event.

    Args:
        path: dotted.
        kinds: JSON types that a value there can have; none: no value can stand there.
        within: what every value there satisfies, besides; empty where nothing more is known.
        likely: values that are known to occur.
        is_many: more than one value may stand there, in a list.
        is_list: it is certain that the field is a list.
        arrays: the path and the paths above it that may hold lists.
        is_always_there: no event is without it.
    """

    path: str
    kinds: frozenset[Kind]
    within: Operators = ()
    likely: tuple[str, ...] = ()
    is_many: bool = False
    is_list: bool = False
    arrays: frozenset[str] = frozenset()
    is_always_there: bool = False

    @property
    def is_nested(self) -> bool:
        """Whether a list may stand above, so that one event may hold the path several times over."""
        return bool(self.arrays - {self.path})

    @property
    def is_single(self) -> bool:
        """Whether at most one value stands there."""
        return not self.arrays


@dataclass(frozen=True)
class EventShape:
    """What is known of some events.

    Args:
        fields: top-level fields.
        known: path -> what every value there satisfies.
        likely: path -> values that are as good as real ones.
        is_closed: whether an event has no top-level fields besides.
    """

    fields: Mapping[str, TopicField]
    known: Mapping[str, Operators] = field(default_factory=dict)
    likely: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    is_closed: bool = True
    _places: dict[str, Place] = field(default_factory=dict, init=False, repr=False)

    def place(self, path: str) -> Place:
        """What is known of a dotted path."""
        if path not in self._places:
            self._places[path] = self._place(path)
        return self._places[path]

    def _place(self, path: str) -> Place:
        way = list(self._way(path.split(".")))
        found = way[-1]
        arrays = frozenset(
            prefix for prefix, each in zip(prefixes(path), way, strict=True) if _may_be_list(each, prefix)
        )
        is_always = path in ALWAYS or (path == TOPIC_NAME and path in self.known)
        kinds = NO_KINDS if found is None else KINDS[found.type]
        return Place(
            path=path,
            kinds=TEXT if is_always else kinds,
            within=self.known.get(path, ()),
            likely=self.likely.get(path, found.enum if found else ()),
            is_many=path in arrays,
            is_list=found is not None and found.is_list,
            arrays=arrays,
            is_always_there=is_always,
        )

    def _way(self, keys: list[str]) -> Iterator[TopicField | None]:
        """The field at each prefix of the path; None from where on nothing can stand."""
        here: TopicField | None = self.fields.get(keys[0], None if self.is_closed else UNKNOWN)
        yield here
        is_of_map = False
        for key in keys[1:]:
            if here is not None and not is_of_map:
                is_of_map, here = here.type == "map", _below(here, key)
            yield here


def prefixes(path: str) -> list[str]:
    """The paths above a path, and itself.

    >>> prefixes("detail.eventBody.id")
    ['detail', 'detail.eventBody', 'detail.eventBody.id']
    """
    keys = path.split(".")
    return [".".join(keys[: length + 1]) for length in range(len(keys))]


def _may_be_list(found: TopicField | None, path: str) -> bool:
    return found is not None and path not in ALWAYS_OBJECTS and (found.is_list or found.type == "unknown")


def _below(above: TopicField, key: str) -> TopicField | None:
    """What a key leads to. Below a map its values stand, however long the path: a key may hold dots."""
    if above.type == "unknown" or (above.type == "object" and not above.fields):
        return UNKNOWN
    if above.type == "map":
        each = above.fields.get(EACH_KEY, UNKNOWN)
        return UNKNOWN if each.type in {"object", "map"} else each
    found = above.fields.get(key)
    return UNKNOWN if found is None and OPEN in above.fields else found


def topic_shape(topic: Topic, receiver: Receiver = ANY_RECEIVER) -> EventShape:
    """Events of one topic, as one bus receives them.

    `detail-type` is the topic; `detail.topicName` is the topic with something in place of each `{id}`. Source: every
    captured event, such as GenesysCloudBlueprints/aws-eventbridge-oauth-client-delete-blueprint,
    events/OAuthClientDelete.json.

    Args:
        topic: what the catalogue says of the topic.
        receiver: who receives.
    """
    parts = tuple(topic.topic.split("{id}"))
    known: dict[str, Operators] = {
        "version": (Equals(ENVELOPE_VERSION),),
        "detail-type": (Equals(topic.topic),),
        TOPIC_NAME: (Wildcard("*".join(parts), parts),),
    }
    names = {"source": receiver.source, "account": receiver.account_id, "region": receiver.region}
    known |= {path: (Equals(value),) for path, value in names.items() if value is not None}
    likely = {TOPIC_NAME: (topic.topic.replace("{id}", SOME_ID),)}
    return EventShape(_top_level(topic), known, likely)


def _top_level(topic: Topic | None) -> dict[str, TopicField]:
    """What `detail.metadata` holds besides the correlation id is not documented."""
    top = envelope(topic.fields if topic else None)
    detail = top["detail"].fields
    metadata = {**detail["metadata"].fields, OPEN: UNKNOWN}
    detail = {**detail, "metadata": TopicField(type="object", fields=metadata)}
    return {
        **top,
        "detail": TopicField(type="object", fields=detail),
        "replay-name": TopicField(type="string"),
    }


def any_event() -> EventShape:
    """What every EventBridge event has; nothing is known of what stands below `detail`."""
    return EventShape({**_top_level(None), "detail": TopicField(type="object")}, is_closed=False)
