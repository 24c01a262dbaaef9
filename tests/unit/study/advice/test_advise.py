"""Which event model fits: a table of needs that a newcomer can extend."""

from typing import get_args

import pytest

from gcbridge.model.advice import EventModel, Need
from gcbridge.model.topic import Topic, TopicCatalogue
from gcbridge.study.advice.advise import advise
from gcbridge.study.advice.choices import CHOICES, QUESTIONS
from gcbridge.study.advice.limits import DOES, LIMITS, TITLES

PRESENCE = "v2.users.{id}.presence"
SCREEN_ONLY = "v2.users.{id}.station"
BUS_ONLY = "v2.audits.entitytype.{id}.entityid.{id}"
EVERYWHERE = "v2.users.{id}.activity"
CATALOGUE = TopicCatalogue(
    topics=(
        Topic(topic=BUS_ONLY, transports=("EventBridge",)),
        Topic(topic=EVERYWHERE, transports=("All",)),
        Topic(topic=PRESENCE, transports=None),
        Topic(topic=SCREEN_ONLY, transports=("Websocket",)),
    ),
    taken_at="2026-05-06",
    origin="a table",
)

SOCKET, BUS, TRIGGER = "notification_service", "eventbridge", "event_orchestration"

NEEDS = {
    "a dashboard": ({"consumer": "ui"}, SOCKET),
    "a dashboard that may miss events": ({"consumer": "ui", "durability": "may_miss"}, SOCKET),
    "a screen that must show every event": ({"consumer": "ui", "durability": "keep_all"}, BUS),
    "a data lake": ({"consumer": "backend", "durability": "keep_all"}, BUS),
    "a backend that may miss events": ({"consumer": "backend", "durability": "may_miss"}, BUS),
    "a backend without AWS": ({"consumer": "backend", "aws_account": False}, SOCKET),
    "a reaction inside Genesys Cloud": ({"consumer": "genesys"}, TRIGGER),
    "a reaction, without AWS": ({"consumer": "genesys", "aws_account": False}, TRIGGER),
    "a reaction to audits, which start no workflow": ({"consumer": "genesys", "topics": (BUS_ONLY,)}, BUS),
    "a backend for a topic of the socket alone": ({"consumer": "backend", "topics": (SCREEN_ONLY,)}, SOCKET),
    "nothing lost, and no AWS": (
        {"consumer": "backend", "durability": "keep_all", "aws_account": False},
        None,
    ),
    "no topic goes one way together": ({"consumer": "ui", "topics": (BUS_ONLY, SCREEN_ONLY)}, None),
    "20,000 users on a screen": ({"consumer": "ui", "objects": 20_000, "topics": (EVERYWHERE,)}, SOCKET),
    "20,001 users on a screen": ({"consumer": "ui", "objects": 20_001, "topics": (EVERYWHERE,)}, BUS),
}


@pytest.mark.parametrize(("said", "model"), NEEDS.values(), ids=NEEDS)
def test_the_model_that_fits(said, model):
    advice = advise(Need(**said), CATALOGUE)
    assert advice.chosen == model
    assert (advice.fragment != "") is (model is not None)
    assert {fit.model for fit in advice.fits} == set(get_args(EventModel))


REASONS = {
    "sockets lose": ({"consumer": "ui", "durability": "keep_all"}, SOCKET, "against", "is lost"),
    "an unknown topic": (
        {"consumer": "ui", "topics": ("v2.users.{id}.presense",)},
        BUS,
        "care",
        "no topic that is known",
    ),
    "a topic goes another way": (
        {"consumer": "ui", "topics": (BUS_ONLY,)},
        SOCKET,
        "against",
        "its transports: EventBridge",
    ),
    "unknown transports rule nothing out": (
        {"consumer": "ui", "topics": (PRESENCE,)},
        BUS,
        "care",
        "push them on",
    ),
    "three channels": ({"consumer": "ui", "objects": 2_500}, SOCKET, "care", "take 3 channels"),
    "one channel": (
        {"consumer": "ui", "objects": 1_000, "durability": "may_miss"},
        SOCKET,
        "for",
        "made for screens",
    ),
    "too many for any region": ({"consumer": "backend", "events_per_second": 900}, BUS, "care", "delayed"),
    "many": ({"consumer": "backend", "events_per_second": 50}, BUS, "for", "within every region's default"),
    "a workflow for each of many": (
        {"consumer": "genesys", "events_per_second": 50},
        TRIGGER,
        "care",
        "50 workflows a second",
    ),
    "at once": ({"consumer": "genesys", "latency_seconds": 0.5}, TRIGGER, "care", "within seconds"),
    "soon is soon enough": (
        {"consumer": "genesys", "latency_seconds": 30, "durability": "may_miss"},
        TRIGGER,
        "for",
        "reacts where",
    ),
}


@pytest.mark.parametrize(("said", "model", "verdict", "reason"), REASONS.values(), ids=REASONS)
def test_what_decides_is_said(said, model, verdict, reason):
    (fit,) = [fit for fit in advise(Need(**said), CATALOGUE).fits if fit.model == model]
    assert fit.verdict == verdict
    assert any(reason in finding.says for finding in fit.findings)


def test_every_limit_that_decides_comes_with_its_source():
    advice = advise(
        Need(consumer="backend", durability="keep_all", objects=30_000, latency_seconds=1), CATALOGUE
    )
    for fit in advice.fits:
        assert {limit.name for limit in fit.limits} == {
            name for found in fit.findings for name in found.limits
        }
        assert all(limit.source and limit.model == fit.model for limit in fit.limits)


def test_the_table_is_whole():
    """Each model has a title and a line; each answer names limits of its own model only; each question has all its answers."""
    assert set(TITLES) == set(DOES) == set(get_args(EventModel))
    for choice in CHOICES:
        for model in get_args(EventModel):
            finding = choice.finding(model)
            assert finding is None or all(LIMITS[name].model == model for name in finding.limits)
    answers = {question: {c.value for c in CHOICES if c.question == question} for question in QUESTIONS}
    assert answers["consumer"] == {"ui", "backend", "genesys"}
    assert answers["durability"] == {"may_miss", "fill_gaps", "keep_all"}
    assert answers["aws_account"] == {True, False}
