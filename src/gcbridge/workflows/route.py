"""route: recorded or made-up events against the rules of an environment, offline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from gcbridge.model.route import EventRoute
from gcbridge.study.traffic.route import route_event, router_of
from gcbridge.workflows.environment import Environment
from gcbridge.workspace.event_files import event_texts, parse_events


def route_files(
    environment: Environment,
    paths: Iterable[str],
    stdin: BinaryIO,
    *,
    keep_source: bool = False,
    explain: bool = False,
) -> Iterator[EventRoute]:
    """What the rules do with each event of the files, one by one as they are read; files of any size.

    Args:
        environment: whose rules.
        paths: files of events, or `-` for what is piped in.
        stdin: what `-` stands for.
        keep_source: route events literally; otherwise each is taken for one of this bridge.
        explain: say of every field what was wanted and what was there.

    Raises:
        EnvironmentInvalidError: org id or account id are not written yet.
        InvalidPatternError: EventBridge would refuse the pattern of a rule.
        UsageError: there is no such file.
        GcbridgeError: a file holds something else than events; says file and line.
    """
    texts = (text for path in paths for text in event_texts(path, stdin))
    events = ((event, text.where) for text in texts for event in parse_events(text))
    yield from _route(environment, events, keep_source=keep_source, explain=explain)


def route_events(
    environment: Environment,
    events: Iterable[Mapping[str, Any]],
    *,
    keep_source: bool = False,
    explain: bool = False,
) -> Iterator[EventRoute]:
    """The same for events that are at hand already.

    Args:
        environment: whose rules.
        events: EventBridge events; `detail-type` and `detail` are enough.
        keep_source: see `route_files`.
        explain: see `route_files`.

    Raises:
        EnvironmentInvalidError: org id or account id are not written yet.
        InvalidPatternError: EventBridge would refuse the pattern of a rule.
    """
    yield from _route(
        environment, ((event, "") for event in events), keep_source=keep_source, explain=explain
    )


def _route(
    environment: Environment,
    located: Iterable[tuple[Mapping[str, Any], str]],
    *,
    keep_source: bool,
    explain: bool,
) -> Iterator[EventRoute]:
    bridge = environment.resolve()
    router = router_of(bridge)
    for event, where in located:
        yield route_event(bridge, router, event, where=where, keep_source=keep_source, explain=explain)
