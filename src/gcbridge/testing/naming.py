"""Names that a test writes, looked up in the environment."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import get_args

from gcbridge.errors import UsageError
from gcbridge.model.bridge import Bridge, Rule
from gcbridge.model.naming import CAUSE_TOPICS
from gcbridge.model.proof import CauseName
from gcbridge.model.target import AnyTarget


def find_rule(bridge: Bridge, name: str) -> Rule:
    """The rule of that name.

    Raises:
        UsageError: the environment has none.
    """
    __tracebackhide__ = True
    for rule in bridge.rules:
        if rule.name == name:
            return rule
    raise _unknown(bridge, "rule", name, [rule.name for rule in bridge.rules])


def find_target(bridge: Bridge, name: str) -> AnyTarget:
    """The target of that name.

    Raises:
        UsageError: the environment has none.
    """
    __tracebackhide__ = True
    for target in bridge.targets:
        if target.name == name:
            return target
    raise _unknown(bridge, "target", name, [target.name for target in bridge.targets])


def find_topic(topics: Sequence[str], topic: str) -> str:
    """The topic, if a change can be told on it.

    Raises:
        UsageError: no event of the change can come on it.
    """
    __tracebackhide__ = True
    if topic in topics:
        return topic
    close = difflib.get_close_matches(topic, topics, n=1)
    raise UsageError(
        f"the change is not told on {topic}",
        detail=f"it can be told on {', '.join(topics)}",
        hint=f"did you mean {close[0]}?" if close else "write one of these, with {id} as it stands",
    )


def find_cause(bridge: Bridge, name: str) -> CauseName:
    """The cause of that name, of which the bridge's topics can tell.

    Raises:
        UsageError: no such cause, none of genesys.topics tells of it, or it needs a user and the environment names none.
    """
    __tracebackhide__ = True
    for cause in get_args(CauseName):
        if cause == name != "traffic":
            known: CauseName = cause
            _check_topics(bridge, known)
            _check_user(bridge, known)
            return known
    raise _unknown(bridge, "cause", name, [cause for cause in get_args(CauseName) if cause != "traffic"])


def _check_topics(bridge: Bridge, cause: CauseName) -> None:
    if not set(CAUSE_TOPICS[cause]) & set(bridge.integration.topics):
        raise UsageError(
            f"none of genesys.topics tells of {cause}",
            where=f"environment {bridge.environment}",
            hint=f"add {' or '.join(CAUSE_TOPICS[cause])} to genesys.topics and type gcbridge plan {bridge.environment} "
            f"&& gcbridge apply {bridge.environment}, or choose another cause",
        )


def _check_user(bridge: Bridge, cause: CauseName) -> None:
    if cause == "presence" and not bridge.verify.user:
        raise UsageError(
            "the cause presence needs a user",
            where=f"environment {bridge.environment}",
            hint="set verify.user to the id or e-mail address of a test user",
        )


def _unknown(bridge: Bridge, kind: str, name: str, known: Sequence[str]) -> UsageError:
    close = difflib.get_close_matches(name, known, n=1)
    return UsageError(
        f"there is no {kind} {name}",
        where=f"environment {bridge.environment}",
        detail=f"there is {', '.join(known)}" if known else "",
        hint=f"did you mean {close[0]}?"
        if close
        else f"write the name of a {kind} as the environment has it",
    )
