"""Topics with ids and the templates that they come from."""

from __future__ import annotations

import re

HOLE = "{id}"
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_AUDIT = re.compile(r"v2\.audits\.entitytype\.[^.]+\.entityid\.[^.]+")
AUDIT_TEMPLATE = "v2.audits.entitytype.{id}.entityid.{id}"


def template_of(topic_name: str) -> str:
    """The template of a topic with ids; what is no UUID stays, but for audits, whose first id is a word.

    >>> template_of("v2.users.278522be-1683-4877-8257-4164a177be89.presence")
    'v2.users.{id}.presence'
    >>> template_of("v2.audits.entitytype.OAuthClient.entityid.46a1")
    'v2.audits.entitytype.{id}.entityid.{id}'
    """
    if _AUDIT.fullmatch(topic_name):
        return AUDIT_TEMPLATE
    return generalized(topic_name)


def generalized(words: str) -> str:
    """The text with a literal `{id}` for every UUID between its dots."""
    return ".".join(HOLE if _UUID.fullmatch(word) else word for word in words.split("."))


def ids_of(topic_name: str, template: str) -> tuple[str, ...]:
    """What stands in the holes of a template; none where the topic is not of that template.

    >>> ids_of("v2.users.u-1.presence", "v2.users.{id}.presence")
    ('u-1',)
    """
    words, places = topic_name.split("."), template.split(".")
    if len(words) != len(places):
        return ()
    return tuple(word for word, place in zip(words, places, strict=True) if place == HOLE)
