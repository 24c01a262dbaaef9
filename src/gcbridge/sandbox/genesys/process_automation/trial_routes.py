"""Trying triggers on a body without an event; steps and names as the Genesys developer blog (2022-11-08) shows them."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gcbridge.sandbox.genesys.answers import not_found, read_object
from gcbridge.sandbox.genesys.cloud import Cloud, cloud_of
from gcbridge.sandbox.genesys.process_automation.topic_shapes import shape_problems
from gcbridge.sandbox.genesys.process_automation.trigger_routes import find_trigger, trigger_topics
from gcbridge.sandbox.genesys.process_automation.triggers import Criterion, Trigger


async def post_trigger_test(request: Request) -> Response:
    """POST .../triggers/{id}/test with an `eventBody`: each step of the way, also for a disabled trigger."""
    cloud, trigger = cloud_of(request), find_trigger(request)
    body = await read_object(request)
    steps = {
        "schemaValidation": _schema_step(trigger.topic_name, body),
        "targetValidation": _target_step(cloud, trigger),
        "jsonPathValidation": _criteria_step(trigger, body),
    }
    return JSONResponse(steps | {"triggerMatches": all(step["matches"] for step in steps.values())})


async def post_topic_test(request: Request) -> Response:
    """POST .../triggers/topics/{topicName}/test with an `eventBody`: which triggers of the topic it matches."""
    topic = request.path_params["topic_name"]
    if topic not in trigger_topics():
        raise not_found("topic", topic)
    body = await read_object(request)
    triggers = cloud_of(request).triggers.of_topic(topic)
    matched = [_reference(trigger) for trigger in triggers if trigger.matches(body)]
    unmatched = [_reference(trigger) for trigger in triggers if not trigger.matches(body)]
    return JSONResponse(
        {
            "schemaValidation": _schema_step(topic, body),
            "triggerMatchValidation": {
                "name": "Check match criteria of the topic's triggers",
                "step": 2,
                "matchedTriggers": matched,
                "unmatchedTriggers": unmatched,
            },
        }
    )


def _schema_step(topic: str, body: dict[str, Any]) -> dict[str, Any]:
    return _step(1, "Validate test event body against topic schema", shape_problems(topic, body))


def _target_step(cloud: Cloud, trigger: Trigger) -> dict[str, Any]:
    exists = cloud.flows.find_workflow(trigger.target.id) is not None
    problems = [] if exists else [f"Target {trigger.target.id} is not a published workflow."]
    return _step(2, "Verify that trigger target is configured correctly", problems)


def _criteria_step(trigger: Trigger, body: dict[str, Any]) -> dict[str, Any]:
    details = [_judged(criterion, body) for criterion in trigger.match_criteria]
    matches = all(detail["match"] for detail in details)
    return {"name": "Check jsonPath match criteria", "step": 3, "matches": matches, "details": details}


def _judged(criterion: Criterion, body: dict[str, Any]) -> dict[str, Any]:
    found, match = criterion.look(body)
    return criterion.body() | {
        "generatedJsonPathCondition": criterion.json_path,
        "match": match,
        "jsonPathExtraction": [{"value": one.value, "path": one.path} for one in found],
    }


def _step(number: int, name: str, problems: list[str]) -> dict[str, Any]:
    told = {"details": problems} if problems else {}
    return {"name": name, "step": number, "matches": not problems, **told}


def _reference(trigger: Trigger) -> dict[str, Any]:
    body = trigger.body()
    return {key: body[key] for key in ("id", "name", "enabled", "selfUri")}


ROUTES = [
    Route("/api/v2/processautomation/triggers/topics/{topic_name}/test", post_topic_test, methods=["POST"]),
    Route("/api/v2/processautomation/triggers/{trigger_id}/test", post_trigger_test, methods=["POST"]),
]
