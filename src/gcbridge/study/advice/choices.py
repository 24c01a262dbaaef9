"""What each answer to a question means for each event model: the table that advice and documentation are made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gcbridge.model.advice import EventModel, Finding, Need, Weight

Question = Literal["consumer", "durability", "aws_account"]
Meaning = tuple[Weight, str, tuple[str, ...]]
"""Weight, one sentence, names of the limits it stands on."""

QUESTIONS: dict[Question, str] = {
    "consumer": "Who uses the events?",
    "durability": "What may happen to events while the consumer is away?",
    "aws_account": "Is there an AWS account to receive events in?",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to one question.

    Args:
        question: what was asked.
        value: the answer, as `Need` holds it.
        says: the answer as people read it.
        notification_service, eventbridge, event_orchestration: what it means there; None: nothing.
    """

    question: Question
    value: str | bool
    says: str
    notification_service: Meaning | None = None
    eventbridge: Meaning | None = None
    event_orchestration: Meaning | None = None

    def finding(self, model: EventModel) -> Finding | None:
        """What the answer means for one model."""
        meaning: Meaning | None = getattr(self, model)
        if meaning is None:
            return None
        weight, says, limits = meaning
        return Finding(model=model, weight=weight, says=says, limits=limits)


CHOICES: tuple[Choice, ...] = (
    Choice(
        "consumer",
        "ui",
        "a user interface: dashboard, agent desktop",
        ("for", "It was made for screens: the client itself is told.", ("made-for-screens",)),
        (
            "care",
            "Events arrive in AWS; something of yours has to push them on to the screen.",
            ("made-for-backends",),
        ),
        ("against", "It starts workflows; a screen is not told of anything.", ("workflow-only",)),
    ),
    Choice(
        "consumer",
        "backend",
        "a backend: a service, a database, a data lake",
        (
            "care",
            "A process of yours has to hold sockets open, connect again and fill the gaps; `gcbridge listen` does.",
            ("no-durability", "one-socket"),
        ),
        (
            "for",
            "It was made for backends: rules send events to queues, streams, functions, logs.",
            ("made-for-backends",),
        ),
        (
            "care",
            "Only a workflow is started, which would have to call the backend by a data action.",
            ("workflow-only",),
        ),
    ),
    Choice(
        "consumer",
        "genesys",
        "Genesys Cloud itself, which is to react",
        (
            "care",
            "A process of yours would have to listen and call the platform API, within its rate limits.",
            ("no-durability",),
        ),
        (
            "care",
            "A function of yours would have to call the platform API, within its rate limits.",
            ("aws-account",),
        ),
        (
            "for",
            "The workflow reacts where the event happens; nothing of yours runs.",
            ("workflow-only", "no-aws-needed"),
        ),
    ),
    Choice(
        "durability",
        "may_miss",
        "they may be missed",
    ),
    Choice(
        "durability",
        "fill_gaps",
        "they are filled in afterwards where that is possible",
        (
            "care",
            "What happens while no socket is open is not sent again; the API tells of presence, members, conversations, audits only.",
            ("no-durability", "channel-life"),
        ),
        (
            "for",
            "Events wait: four days at Genesys Cloud, a day at EventBridge, then in the dead-letter queue.",
            ("four-days", "retries"),
        ),
        ("care", "What became of an event whose workflow could not be started is not published.", ()),
    ),
    Choice(
        "durability",
        "keep_all",
        "none may be lost",
        ("against", "What happens while no socket is open is lost.", ("no-durability",)),
        (
            "for",
            "Events wait at Genesys Cloud, at EventBridge and in the dead-letter queue; an archive replays them.",
            ("four-days", "retries", "archive"),
        ),
        (
            "against",
            "Nothing is kept that could be started again, and what happens in an outage is not published.",
            (),
        ),
    ),
    Choice(
        "aws_account",
        True,
        "yes",
    ),
    Choice(
        "aws_account",
        False,
        "no",
        ("for", "It needs no AWS account.", ("no-aws-here",)),
        ("against", "Without an AWS account there is nowhere to send to.", ("aws-account",)),
        ("for", "It needs no AWS account.", ("no-aws-needed",)),
    ),
)


def chosen(need: Need) -> list[Choice]:
    """The answers that a need gives, in the order of the questions."""
    return [choice for choice in CHOICES if getattr(need, choice.question) == choice.value]
