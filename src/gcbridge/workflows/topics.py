"""topics: what can be subscribed to, what stands in it, and what an organization says of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gcbridge.errors import UsageError
from gcbridge.model.bridge import Organization
from gcbridge.model.progress import Progress
from gcbridge.model.topic import Topic, TopicCatalogue, TopicRefresh
from gcbridge.study.topics.sample import sample_event, with_values
from gcbridge.study.topics.search import search_topics, suggest_topics
from gcbridge.workflows.environment import Environment
from gcbridge.workflows.identities import match_organization
from gcbridge.workflows.rooms import Rooms, utc_now
from gcbridge.workspace.layout import Workspace
from gcbridge.workspace.topic_snapshots import read_bundled, read_catalogue, write_organization_topics


def list_topics(
    workspace: Workspace, environment: str | None = None, *, eventbridge: bool = False
) -> TopicCatalogue:
    """All topics that are known here; no network.

    Args:
        workspace: where the environments are.
        environment: whose organization's topics count too, where they were refreshed.
        eventbridge: only those that are known, or were seen, to reach EventBridge.

    Raises:
        EnvironmentMissingError: no such environment.
        GcbridgeError: the environment's file of topics is damaged.
    """
    if environment:
        workspace.existing_environment_file(environment)
    catalogue = read_catalogue(workspace, environment)
    if not eventbridge:
        return catalogue
    chosen = tuple(topic for topic in catalogue.topics if _reaches_eventbridge(topic))
    return catalogue.model_copy(update={"topics": chosen})


def search(workspace: Workspace, text: str, environment: str | None = None) -> TopicCatalogue:
    """The topics whose name, description or fields hold every word, the nearest first.

    Args:
        workspace: where the environments are.
        text: one or more words.
        environment: see `list_topics`.

    Raises:
        EnvironmentMissingError: no such environment.
        GcbridgeError: the environment's file of topics is damaged.
    """
    catalogue = list_topics(workspace, environment)
    return catalogue.model_copy(update={"topics": tuple(search_topics(text, catalogue))})


def find_topic(workspace: Workspace, name: str, environment: str | None = None) -> Topic:
    """The topic of that name.

    Args:
        workspace: where the environments are.
        name: a template, such as `v2.users.{id}.presence`.
        environment: see `list_topics`.

    Raises:
        UsageError: there is none; the hint names topics that come near.
        EnvironmentMissingError: no such environment.
        GcbridgeError: the environment's file of topics is damaged.
    """
    catalogue = list_topics(workspace, environment)
    topic = catalogue.get(name)
    if topic is None:
        raise _unknown_topic(name, catalogue)
    return topic


def sample(
    workspace: Workspace,
    name: str,
    environment: str | None = None,
    values: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """A schema-true sample event of a topic, as EventBridge delivers it.

    Args:
        workspace: where the environments are.
        name: a topic.
        environment: see `list_topics`.
        values: dotted path below `detail` -> value to put there.

    Raises:
        UsageError: there is no such topic, or a path leads nowhere.
        EnvironmentMissingError: no such environment.
        GcbridgeError: the environment's file of topics is damaged.
    """
    return with_values(sample_event(find_topic(workspace, name, environment)), values or {})


def sample_detail(workspace: Workspace, name: str) -> dict[str, Any] | None:
    """The `detail` of a schema-true sample event; None where gcbridge's own snapshot does not know the topic's body.

    Args:
        workspace: where the environments are.
        name: a topic.
    """
    topic = read_catalogue(workspace).get(name)
    if topic is None or topic.fields is None:
        return None
    detail: dict[str, Any] = sample_event(topic)["detail"]
    return detail


def refresh_topics(rooms: Rooms, environment: Environment) -> TopicRefresh:
    """Asks the organization for its topics and keeps the answer beside the environment's file.

    Args:
        rooms: doors to the outside.
        environment: loaded with `any_topic`, so that new topics can already stand in it.

    Raises:
        RefusedError: the credentials belong to another organization than the environment says.
        GenesysError: no credentials, or they were refused.
        OSError: the file cannot be written.

    Genesys permissions: none.
    """
    rooms.watch(Progress("topics", "started", "asking the organization"))
    catalogue = _ask(rooms, environment)
    path = write_organization_topics(rooms.workspace, environment.name, catalogue)
    rooms.watch(Progress("topics", "finished", f"{len(catalogue.topics)} topics"))
    return _compare(environment.name, rooms.workspace.shown(path), catalogue, read_bundled())


def _ask(rooms: Rooms, environment: Environment) -> TopicCatalogue:
    spec = environment.spec.genesys
    genesys = rooms.open_genesys(Organization(org_id="", region=spec.region, base_url=spec.base_url))
    organization = genesys.organization()
    match_organization(organization, spec.org_id or organization.org_id, environment.name)
    return TopicCatalogue(
        topics=genesys.available_topics(),
        taken_at=utc_now().isoformat(timespec="seconds"),
        origin=f"organization {organization.name} ({organization.org_id})",
        asked=True,
    )


def _compare(environment: str, file: str, asked: TopicCatalogue, bundled: TopicCatalogue) -> TopicRefresh:
    listed, known = asked.names(), bundled.names()
    return TopicRefresh(
        environment=environment,
        file=file,
        taken_at=asked.taken_at,
        topics=len(listed),
        eventbridge=sum(topic.eventbridge is True for topic in asked.topics),
        new=tuple(sorted(set(listed) - set(known))),
        not_listed=tuple(sorted(set(known) - set(listed))),
    )


def _reaches_eventbridge(topic: Topic) -> bool:
    return topic.seen_over_eventbridge if topic.eventbridge is None else topic.eventbridge


def _unknown_topic(name: str, catalogue: TopicCatalogue) -> UsageError:
    near = suggest_topics(name, catalogue)
    words = name.removeprefix("v2.").replace("{id}", " ").replace(".", " ").split()
    search_for = words[-1] if words else "TEXT"
    hint = f"did you mean {' or '.join(near)}?" if near else f"gcbridge topics search {search_for}"
    return UsageError(f"{name} is no topic that is known here", where=catalogue.origin, hint=hint)
