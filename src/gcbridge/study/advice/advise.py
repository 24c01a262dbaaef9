"""Need -> Advice: findings for each event model, the one that fits best, and what to write for it."""

from __future__ import annotations

from typing import get_args

from gcbridge.model.advice import Advice, EventModel, Finding, Fit, Need, Weight
from gcbridge.model.topic import TopicCatalogue
from gcbridge.study.advice.choices import Choice, chosen
from gcbridge.study.advice.fragment import NO_TOPIC, fragment_of
from gcbridge.study.advice.limits import LIMITS, TITLES
from gcbridge.study.advice.measures import measured

_RANK: dict[Weight, int] = {"for": 0, "care": 1, "against": 2}


def advise(need: Need, catalogue: TopicCatalogue) -> Advice:
    """A model is chosen if nothing rules it out; of several, the one made for the consumer, then the one with the least to take care of.

    Args:
        need: what the consumer needs.
        catalogue: topics known here.
    """
    need = need.model_copy(update={"topics": tuple(dict.fromkeys(need.topics))})
    findings = [*_meanings(chosen(need)), *measured(need, catalogue)]
    made_for = {finding.model: _RANK[finding.weight] for finding in consumer_findings(need)}
    fits = sorted(
        (_fit(model, findings) for model in get_args(EventModel)),
        key=lambda fit: _order(fit, made_for[fit.model]),
    )
    best = fits[0].model if fits[0].verdict != "against" else None
    return Advice(
        need=need,
        chosen=best,
        fits=tuple(fits),
        fragment=fragment_of(best, need) if best else "",
        next_steps=tuple(_next_steps(best, need)),
    )


def consumer_findings(need: Need) -> list[Finding]:
    """What each model is to the consumer: one finding for each of them."""
    return _meanings([choice for choice in chosen(need) if choice.question == "consumer"])


def _meanings(choices: list[Choice]) -> list[Finding]:
    answers = (choice.finding(model) for choice in choices for model in get_args(EventModel))
    return [finding for finding in answers if finding is not None]


def _fit(model: EventModel, findings: list[Finding]) -> Fit:
    own = sorted(
        (finding for finding in findings if finding.model == model),
        key=lambda finding: _RANK[finding.weight],
        reverse=True,
    )
    named = dict.fromkeys(name for finding in own for name in finding.limits)
    return Fit(
        model=model,
        title=TITLES[model],
        verdict=max((finding.weight for finding in own), key=_RANK.__getitem__, default="for"),
        findings=tuple(own),
        limits=tuple(LIMITS[name] for name in named),
    )


def _order(fit: Fit, made_for: int) -> tuple[bool, int, int, int]:
    cares = sum(finding.weight == "care" for finding in fit.findings)
    merits = sum(finding.weight == "for" for finding in fit.findings)
    return fit.verdict == "against", made_for, cares, -merits


def _next_steps(model: EventModel | None, need: Need) -> list[str]:
    topic = (need.topics or (NO_TOPIC,))[0]
    if model is None:
        return ["give way in one of the needs that rule a model out, or take two models for two consumers"]
    steps = {
        "notification_service": [f"gcbridge listen ENV '{topic}'"],
        "eventbridge": ["gcbridge plan ENV", "gcbridge apply ENV", "gcbridge verify ENV"],
        "event_orchestration": ["gcbridge route ENV event.json", "gcbridge plan ENV", "gcbridge apply ENV"],
    }[model]
    if not need.aws_account:
        return [NO_BRIDGE[model]]
    return steps


NO_BRIDGE: dict[EventModel, str] = {
    "notification_service": "an environment of gcbridge names an AWS account, which `gcbridge listen` never calls: "
    "write 12 digits of your own as aws.account_id and a region",
    "event_orchestration": "an environment of gcbridge plans for AWS too; without an account, call its Terraform module "
    "process-automation-trigger from a root module of your own",
    "eventbridge": "EventBridge needs an AWS account",
}
"""What to do without an AWS account."""
