"""Advice: which of Genesys Cloud's three event models fits what a consumer needs, and which limits decide."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gcbridge.model.base import Frozen
from gcbridge.model.values import Topic

EventModel = Literal["notification_service", "eventbridge", "event_orchestration"]
"""The WebSocket of the notification service, the partner event source, the triggers of process automation."""

Consumer = Literal["ui", "backend", "genesys"]
"""Who uses the events: a person's screen, a service of yours, or Genesys Cloud itself, which is to react."""

Durability = Literal["may_miss", "fill_gaps", "keep_all"]
"""Events may go missing while nobody listens; may be filled in afterwards; none may be lost."""

Weight = Literal["for", "care", "against"]
"""Speaks for a model; can be lived with, at a price; rules it out."""


class Need(Frozen):
    """What a consumer needs; what is None was not said, and decides nothing."""

    consumer: Consumer
    """Who uses the events."""
    durability: Durability = "fill_gaps"
    """What may happen to events while the consumer is away."""
    topics: tuple[Topic, ...] = ()
    """Topic templates with a literal {id}."""
    events_per_second: Annotated[float, Field(gt=0)] | None = None
    """Events a second at the busiest time."""
    objects: Annotated[int, Field(ge=1)] | None = None
    """How many queues, users, ... the topics are about."""
    latency_seconds: Annotated[float, Field(gt=0)] | None = None
    """Seconds from the change to the consumer that are still soon enough."""
    aws_account: bool = True
    """Whether there is an AWS account to receive events in."""


class Limit(Frozen):
    """A fact about an event model that somebody published."""

    name: str
    """Key by which findings refer to it."""
    model: EventModel
    says: str
    """The fact, in one sentence."""
    source: str
    """URL, or name of the document."""


class Finding(Frozen):
    """What one part of a need means for one model."""

    model: EventModel
    weight: Weight
    says: str
    """One sentence."""
    limits: tuple[str, ...] = ()
    """Names of the limits it stands on; none where it is gcbridge's own judgement."""


class Fit(Frozen):
    """How well one model fits."""

    model: EventModel
    title: str
    verdict: Weight
    """The weightiest of the findings: `for` where it fits, `care` where it fits at a price, `against` where it does not."""
    findings: tuple[Finding, ...]
    limits: tuple[Limit, ...]
    """Those that the findings stand on."""


class Advice(Frozen):
    """The answer to a need."""

    need: Need
    chosen: EventModel | None
    """None where no model fits."""
    fits: tuple[Fit, ...]
    """All three, the best first."""
    fragment: str
    """What an environment file says for the chosen model, as YAML; empty where no model fits."""
    next_steps: tuple[str, ...]
    """What to type."""
