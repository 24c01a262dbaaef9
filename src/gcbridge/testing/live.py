"""Opens a bridge under test: both clouds, what an earlier run left behind, a probe."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gcbridge.genesys.causes.recognizing import occurred_at
from gcbridge.genesys.sdk import prefetch
from gcbridge.model.bridge import Bridge
from gcbridge.model.progress import watch_nothing
from gcbridge.model.result import Check, Fault, Observations
from gcbridge.study.event_links import EVENT_SEEN, NO_EVENT
from gcbridge.study.judge import judge
from gcbridge.testing.bridge import BridgeUnderTest
from gcbridge.testing.keeping import Keeping
from gcbridge.testing.live_proof import LiveProof, Running
from gcbridge.testing.site import Opening, Site
from gcbridge.testing.turns import Turn, waiting_lock
from gcbridge.workflows.environment import load_environment
from gcbridge.workflows.proof.looking import look_at, open_clouds, sweep
from gcbridge.workflows.proof.session import open_session
from gcbridge.workflows.rooms import Rooms
from gcbridge.workspace.layout import Workspace, find_workspace
from gcbridge.workspace.topic_snapshots import read_catalogue


@contextmanager
def open_live(environment: str, workspace: Path | str | None, opening: Opening) -> Iterator[BridgeUnderTest]:
    """See `gcbridge.testing.open_bridge`.

    Args:
        environment: its name.
        workspace: folder that holds `environments/`.
        opening: what was chosen.
    """
    site = _open_site(environment, workspace, opening)
    prefetch()
    seen = look_at(site.clouds, site.catalogue)
    with waiting_lock(site.rooms.workspace, environment):
        sweep(site.rooms, site.clouds, seen)
    with _open_proof(site, seen) as proof:
        under_test = BridgeUnderTest(proof, occurred_at)
        try:
            yield under_test
        finally:
            under_test.restore()


def _open_site(environment: str, workspace: Path | str | None, opening: Opening) -> Site:
    place = Workspace(Path(workspace).resolve()) if workspace else find_workspace(Path.cwd())
    environ = os.environ if opening.environ is None else opening.environ
    rooms = Rooms(place, environ, opening.watch or watch_nothing)
    resolved = load_environment(place, environment).resolve()
    # Each test says what it causes, so that the environment's own cause is nothing to judge.
    verify = resolved.verify.model_copy(update={"cause": "traffic"})
    bridge = resolved.model_copy(update={"verify": verify})
    catalogue = read_catalogue(place, environment)
    return Site(rooms, bridge, open_clouds(rooms, bridge), catalogue, opening)


@contextmanager
def _open_proof(site: Site, seen: Observations) -> Iterator[LiveProof]:
    aws, genesys = site.clouds.aws, site.clouds.genesys
    blocked = blocking_link(site.bridge, seen)
    if isinstance(aws, Fault) or isinstance(genesys, Fault) or blocked is not None:
        yield LiveProof(site, blocked)
        return
    with open_session(site.rooms, site.bridge, aws, genesys, seen, topics=site.opening.topics) as session:
        turn = Turn(site.rooms.workspace, site.bridge.environment)
        running = Running(aws, genesys, session, Keeping(session.incoming), turn)
        session.incoming = running.kept
        yield LiveProof(site, None, running)


def blocking_link(bridge: Bridge, seen: Observations) -> Check | None:
    """The broken link that keeps every event from the bus; a rule or target that is broken does not.

    Args:
        bridge: what was declared.
        seen: both clouds as they are.
    """
    report = judge(bridge, seen)
    on_bus = next(check for check in report.checks if check.name == EVENT_SEEN)
    return None if on_bus.observed == NO_EVENT else report.first_broken
