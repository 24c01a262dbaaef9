"""Finding topics by what people remember of them."""

from __future__ import annotations

import difflib
import re

from gcbridge.model.topic import Topic, TopicCatalogue
from gcbridge.study.topics.fields import leaf_paths

SUGGESTIONS = 3
MARGIN = 0.08
"""How much less alike than the nearest topic another one may be, of a ratio between 0 and 1."""
_CONCRETE_ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def suggest_topics(name: str, catalogue: TopicCatalogue) -> list[str]:
    """At most three topics that were probably meant, the nearest first; an empty list where nothing comes near.

    Topics have long beginnings in common, so only those count that come about as near as the nearest one.

    Args:
        name: what was written, also with concrete ids or in another case.
        catalogue: the topics there are.
    """
    folded = {topic.casefold(): topic for topic in catalogue.names()}
    wanted = _CONCRETE_ID.sub("{id}", name).casefold()
    close = difflib.get_close_matches(wanted, folded, n=SUGGESTIONS, cutoff=0.6)
    nearness = {near: difflib.SequenceMatcher(None, near, wanted).ratio() for near in close}
    best = max(nearness.values(), default=0.0)
    return [folded[near] for near in close if nearness[near] > best - MARGIN]


def search_topics(text: str, catalogue: TopicCatalogue) -> list[Topic]:
    """Topics that hold every word: first those that have all of them as parts of their name, then in the name, then anywhere.

    Args:
        text: words, in any case, looked for in names, descriptions and names of body fields.
        catalogue: the topics there are.
    """
    words = text.casefold().split()
    found = [topic for topic in catalogue.topics if all(word in _words_of(topic) for word in words)]
    return sorted(found, key=lambda topic: (_distance(topic.topic.casefold(), words), topic.topic))


def _distance(name: str, words: list[str]) -> int:
    if set(words) <= set(name.split(".")):
        return 0
    return 1 if all(word in name for word in words) else 2


def _words_of(topic: Topic) -> str:
    fields = leaf_paths(topic.fields) if topic.fields else []
    return "\n".join((topic.topic, topic.description, *fields)).casefold()
