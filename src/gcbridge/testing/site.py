"""One environment under test, and both clouds as far as they are open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gcbridge.model.bridge import Bridge
from gcbridge.model.progress import Watcher
from gcbridge.model.result import Observations
from gcbridge.model.topic import TopicCatalogue
from gcbridge.workflows.proof.looking import Clouds, look_at, look_for_dead_letters
from gcbridge.workflows.rooms import Rooms


@dataclass(frozen=True)
class Opening:
    """How a bridge under test is opened.

    Args:
        topics: topic templates to read; empty means every event of the source.
        witness: listen to the notification service too.
        environ: environment variables; the process's own where None.
        watch: is told what goes on; nobody where None.
    """

    topics: tuple[str, ...] = ()
    witness: bool = False
    environ: Mapping[str, str] | None = field(default=None, repr=False)
    watch: Watcher | None = None


@dataclass(frozen=True)
class Site:
    """One environment, and both clouds as far as they are open.

    Args:
        rooms: doors to the outside.
        bridge: what was declared.
        clouds: where to look.
        catalogue: what is known of topics.
        opening: what was chosen.
    """

    rooms: Rooms
    bridge: Bridge
    clouds: Clouds
    catalogue: TopicCatalogue
    opening: Opening

    def look(self) -> Observations:
        """Both clouds as they are now, dead-letter queues included."""
        seen = look_at(self.clouds, self.catalogue)
        return seen.model_copy(update={"dead_letters": look_for_dead_letters(self.clouds, seen)})
