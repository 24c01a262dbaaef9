"""Rules and events in the shape of Genesys Cloud's, made from a seed: what the benchmarks route."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

SOURCE = "aws.partner/genesys.com/cloud/0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11/bench"
CONVERSATION_EVENTS = (
    "acd.start acd.end acw attributes contact customer.start customer.end flow.start flow.end flow.outcome outbound "
    "user.start user.end voicemail.start voicemail.end"
).split()
TOPICS = (
    *(f"v2.detail.events.conversation.{{id}}.{event}" for event in CONVERSATION_EVENTS),
    *(
        f"v2.users.{{id}}.{part}"
        for part in "activity presence routingStatus geolocation conversations".split()
    ),
    *(f"v2.routing.queues.{{id}}.{part}" for part in "users conversations conversations.calls".split()),
    *(f"v2.analytics.{part}.{{id}}.aggregates" for part in "flow wrapup users".split()),
    "v2.audits.entitytype.{id}.entityid.{id}",
    "v2.conversations.{id}.transcription",
    "v2.analytics.conversation.{id}.metrics",
    "v2.operations.events.{id}",
)
MEDIA_TYPES = "VOICE CHAT EMAIL MESSAGE CALLBACK".split()
PRESENCES = "Available Away Break Busy Meal Meeting Offline Training".split()
ENTITY_TYPES = "OAuthClient UserPresence Queue Flow User Integration Trunk Site Skill Group".split()
ACTIONS = "Create Update Delete Read Login Execute".split()
CITIES = "berlin cologne dresden essen hamburg leipzig munich stuttgart".split()
QUEUES = [f"{CITIES[n % 8]}-{('sales', 'service', 'billing')[n % 3]}-{n:03}" for n in range(240)]


class Traffic:
    """Rules and events that go together.

    Args:
        seed: the same seed makes the same rules and events.
    """

    def __init__(self, seed: int = 1) -> None:
        self.random = random.Random(seed)  # noqa: S311 - nothing here is secret

    def rules(self, count: int) -> dict[str, dict[str, Any]]:
        """Rules that share `source`, with 2 to 5 fields and, between them, every operator."""
        return {f"rule-{number:04}": self._rule(number) for number in range(count)}

    def _rule(self, number: int) -> dict[str, Any]:
        body: dict[str, Any] = {}
        for field in self.random.sample(sorted(FIELDS), self.random.randint(1, 3)):
            body[field] = [FIELDS[field](self.random, number)]
        rule: dict[str, Any] = {
            "source": [SOURCE],
            "detail-type": [TOPICS[number % len(TOPICS)]],
            "detail": {"eventBody": body},
        }
        if number % 11 == 0:
            rule["detail"]["$or"] = [
                {"metadata": {"CorrelationId": [{"prefix": f"{number % 16:x}"}]}},
                {"eventBody": {"divisionId": [{"exists": False}]}},
            ]
        return rule

    def events(self, count: int) -> Iterator[dict[str, Any]]:
        """Whole EventBridge events."""
        return (self._event(number) for number in range(count))

    def _event(self, number: int) -> dict[str, Any]:
        topic = self.random.choice(TOPICS)
        return {
            "version": "0",
            "id": self._uuid(),
            "detail-type": topic,
            "source": SOURCE,
            "account": "123456789012",
            "time": f"2026-05-{1 + number % 28:02}T{number % 24:02}:{number % 60:02}:00Z",
            "region": "eu-central-1",
            "resources": [],
            "detail": {
                "topicName": topic.replace("{id}", self._uuid()),
                "version": "2",
                "eventBody": self._body(),
                "metadata": {"CorrelationId": self._uuid()},
                "timestamp": "2026-05-01T10:00:00.000Z",
            },
        }

    def _body(self) -> dict[str, Any]:
        choose = self.random.choice
        return {
            "conversationId": self._uuid(),
            "queueName": choose(QUEUES),
            "mediaType": choose(MEDIA_TYPES),
            "systemPresence": choose(PRESENCES),
            "entityType": choose(ENTITY_TYPES),
            "action": choose(ACTIONS),
            "durationMs": self.random.randint(0, 600_000),
            "score": round(self.random.uniform(-1, 1), 3),
            "remoteIp": f"10.{self.random.randint(0, 15)}.{self.random.randint(0, 255)}.{self.random.randint(0, 255)}",
            "fileName": f"/recordings/{choose(CITIES)}/{self._uuid()}.{choose(('wav', 'ogg', 'MP3'))}",
            "divisionId": self._uuid(),
            "interrupted": choose((True, False, None)),
            "skills": self.random.sample(CITIES, 2),
        }

    def _uuid(self) -> str:
        bits = f"{self.random.getrandbits(128):032x}"
        return f"{bits[:8]}-{bits[8:12]}-{bits[12:16]}-{bits[16:20]}-{bits[20:]}"


FIELDS: dict[str, Any] = {
    "queueName": lambda rng, n: rng.choice(
        (
            rng.choice(QUEUES),
            {"prefix": rng.choice(CITIES)},
            {"wildcard": f"{rng.choice(CITIES)}-*-{n % 10}*"},
            {"anything-but": {"prefix": rng.choice(CITIES)}},
            {"equals-ignore-case": rng.choice(QUEUES).upper()},
        )
    ),
    "mediaType": lambda rng, _: rng.choice(
        (rng.choice(MEDIA_TYPES), {"anything-but": [rng.choice(MEDIA_TYPES)]})
    ),
    "systemPresence": lambda rng, _: rng.choice(
        (rng.choice(PRESENCES), {"equals-ignore-case": rng.choice(PRESENCES).lower()})
    ),
    "entityType": lambda rng, _: rng.choice(ENTITY_TYPES),
    "action": lambda rng, _: rng.choice((rng.choice(ACTIONS), {"anything-but": rng.choice(ACTIONS)})),
    "durationMs": lambda rng, _: {"numeric": [">", rng.randrange(0, 500_000, 1000), "<=", 550_000]},
    "score": lambda rng, _: {"numeric": [rng.choice((">=", "<", "=")), round(rng.uniform(-1, 1), 2)]},
    "remoteIp": lambda rng, _: {"cidr": f"10.{rng.randint(0, 15)}.0.0/{rng.choice((12, 16, 20))}"},
    "fileName": lambda rng, _: rng.choice(
        (
            {"suffix": ".wav"},
            {"suffix": {"equals-ignore-case": ".mp3"}},
            {"wildcard": f"*/{rng.choice(CITIES)}/*.ogg"},
        )
    ),
    "interrupted": lambda rng, _: rng.choice((True, False, None)),
    "skills": lambda rng, _: rng.choice((rng.choice(CITIES), {"prefix": {"equals-ignore-case": "LEIP"}})),
}
"""Field of the event body -> what a rule may ask of it."""
