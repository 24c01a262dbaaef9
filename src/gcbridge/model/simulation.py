"""What recorded traffic amounts to under an environment's rules: counts, a month's cost, and what another definition changes."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, Field

from gcbridge.model.base import Frozen

MONTH_DAYS = 30
"""What a month is here."""


class Price(Frozen):
    """What AWS asks for a number of units."""

    name: str
    """Such as `sqs.request`; what `--price` takes."""
    usd: float | None = Field(ge=0)
    """US dollars for `per` units; None where nothing was found that could be multiplied with events."""
    per: int = Field(ge=1)
    """Such as 1,000,000."""
    unit: str
    """Such as `64 KB chunks`."""
    source: str
    """Page or price list that says so; `--price` or the file's name where a person said so."""
    published: str
    """Date of that price list or, for a page, when it was read: YYYY-MM-DD; empty where a person gave the price."""


class CostLine(Frozen):
    """One thing that AWS bills, for a month."""

    item: str
    """For people, such as `partner events received` or `requests to queue crm`."""
    target: str | None = None
    """Name of the target that it is for."""
    price: Price
    units: float
    """In a month, such as chunks of 64 KB."""
    usd: float | None
    """None where it is not estimated."""


class CostEstimate(Frozen):
    """What a month of such traffic costs; an estimate of what grows with events, not a bill."""

    days: int = MONTH_DAYS
    """How long the month is."""
    price_region: str = "us-east-1"
    """Whose published prices these are, except those that a person gave."""
    region: str
    """Where the bridge is."""
    lines: tuple[CostLine, ...]
    total_usd: float
    """Of the lines that have a price."""
    left_out: tuple[str, ...]
    """What costs money and is in no line."""


class DamagedText(Frozen):
    """Text that is no event."""

    where: str
    """`file:line`."""
    problem: str


class TrafficSpan(Frozen):
    """How much time the events cover."""

    first: AwareDatetime | None
    """Smallest `time` of an event; None where none has any."""
    last: AwareDatetime | None
    without_time: int
    """Events without a readable `time`."""
    days: float | None
    """What a month is scaled from; None where nothing says it."""
    days_from: Literal["events", "option"]
    """From first to last `time`, or `--days`."""


class RuleTraffic(Frozen):
    """What one rule matches."""

    name: str
    enabled: bool
    events: int


class TargetTraffic(Frozen):
    """What one target receives."""

    name: str
    type: str
    events: int
    """Each once, however many rules send it."""
    deliveries: int
    """Once for every rule that sends it."""
    bytes: int
    """Of what is delivered, `input` applied."""


class TopicTraffic(Frozen):
    """Events of one `detail-type`."""

    detail_type: str
    events: int
    unmatched: int
    subscribed: bool = True
    """Whether it is among `genesys.topics`."""


class ChangedEvent(Frozen):
    """An event that one definition treats otherwise than the other."""

    id: str
    """Its `id`; empty where it has none."""
    where: str
    """`file:line`."""


class Change(Frozen):
    """What a rule or target gets under both definitions."""

    name: str
    before: int
    """Events under the definition that is compared with."""
    after: int
    """Events under this environment's definition as it is."""
    lost: int
    """Events that only the former has."""
    gained: int
    """Events that only the latter has."""
    altered: int = 0
    """Targets only: events that both have, but with another text or another number of times."""
    first_lost: tuple[ChangedEvent, ...] = ()
    first_gained: tuple[ChangedEvent, ...] = ()
    first_altered: tuple[ChangedEvent, ...] = ()

    @property
    def is_none(self) -> bool:
        """Whether both are the same."""
        return not (self.lost or self.gained or self.altered)


class TargetDeclaration(Frozen):
    """A target that both definitions have, and declare otherwise."""

    name: str
    key: str
    """What differs, `type` before anything else."""
    before: str
    after: str
    keys: int
    """How many values differ."""


class Difference(Frozen):
    """This environment as it is, event by event against another definition."""

    against: str
    """`environment prod`, or `dev at v1.4 (3f2a91c)`."""
    events: int
    """Events that go elsewhere, or arrive otherwise, in any target."""
    targets: tuple[Change, ...]
    """Every target that has a change."""
    rules: tuple[Change, ...]
    """Every rule that has a change."""
    declarations: tuple[TargetDeclaration, ...] = ()
    """Targets of the same name that are another thing: another type, queue, address or setting."""


class Simulation(Frozen):
    """Recorded traffic under an environment's rules."""

    environment: str
    files: tuple[str, ...]
    """What was asked to be read, as it was written."""
    events: int
    unmatched: int
    """Events that are sent and that no rule matches."""
    not_subscribed: int
    """Events of topics that the environment does not subscribe to: they would not be sent, and cost nothing."""
    bytes: int
    """Of all events, as compact JSON."""
    source: str
    """The `source` that every event was given: this bridge's own."""
    other_source_events: int
    """Events that were recorded with another `source`."""
    other_sources: tuple[str, ...]
    """The first of those sources."""
    damaged: int
    """Texts that are no events; they are counted nowhere else."""
    first_damaged: tuple[DamagedText, ...]
    span: TrafficSpan
    rules: tuple[RuleTraffic, ...]
    targets: tuple[TargetTraffic, ...]
    topics: tuple[TopicTraffic, ...]
    """The busiest first."""
    topics_not_listed: int = 0
    """Events of further values of `detail-type`, where there were too many to tell apart."""
    cost: CostEstimate | None
    """None where nothing says how much time the events cover."""
    difference: Difference | None = None
    workers: int
    seconds: float

    @property
    def unmatched_share(self) -> float:
        """Of the events that are sent; between 0 and 1."""
        sent = self.events - self.not_subscribed
        return self.unmatched / sent if sent else 0.0

    @property
    def events_per_second(self) -> float:
        """How fast it was."""
        return self.events / self.seconds if self.seconds else 0.0


class SimulationRequest(Frozen):
    """What a person asks for."""

    files: tuple[str, ...] = Field(min_length=1)
    """Files of events, `-`, or `s3://bucket/prefix`."""
    against_environment: str | None = None
    against_revision: str | None = None
    """A git revision of this environment's file."""
    prices: dict[str, float] = Field(default_factory=dict)
    """Name -> US dollars, instead of the published price."""
    price_file: str | None = None
    """A file of such prices; `prices` goes before it."""
    workers: int | None = Field(default=None, ge=1)
    """Default: as many as there are cores for this process."""
    days: float | None = Field(default=None, gt=0)
    """How many days the traffic covers. Default: as the events say."""
