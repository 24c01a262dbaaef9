"""What the room reads of triggers, page by page, and what it says where a permission is missing."""

import pytest
from scripted_genesys import Answer

from gcbridge.errors import GenesysError

pytestmark = pytest.mark.sandbox

LIST = "GET /api/v2/processautomation/triggers"
TEST = "POST /api/v2/processautomation/triggers/t1/test"


def trigger(identity, **more):
    return {
        "id": identity,
        "name": f"trigger {identity}",
        "topicName": "v2.users.{id}.presence",
        "enabled": True,
        "target": {"type": "Workflow", "id": "w1", "workflowTargetSettings": {"dataFormat": "Json"}},
        "version": 1,
        **more,
    }


def test_all_pages_of_triggers_are_read(room, scripted):
    """`nextUri` says where the next one begins; criteria come without the one of value and values that is not used."""
    criteria = [
        {"jsonPath": "a", "operator": "In", "value": None, "values": ["x", 1]},
        {"jsonPath": "b", "operator": "Exists", "value": False},
    ]
    first = {
        "entities": [trigger("t1", matchCriteria=criteria, eventTTLSeconds=60)],
        "nextUri": f"{LIST[4:]}?after=a%2Fb&pageSize=200",
    }
    second = {"entities": [trigger("t2", matchCriteria=[], delayBySeconds=90, enabled=False)]}
    scripted.answer(LIST, first, second)

    one, two = room.triggers()

    assert [request.query.get("after") for request in scripted.requests if request.line == LIST] == [
        None,
        "a/b",
    ]
    assert one.match == (
        {"jsonPath": "a", "operator": "In", "values": ["x", 1]},
        {"jsonPath": "b", "operator": "Exists", "value": False},
    )
    assert (one.workflow_id, one.data_format, one.ttl_seconds, one.delay_seconds) == ("w1", "Json", 60, None)
    assert (two.enabled, two.delay_seconds, two.match) == (False, 90, ())


def test_a_test_says_what_each_part_found(room, scripted):
    """The body goes as a JSON object; the part of paths has a result for each criterion."""
    detail = {"jsonPath": "mediaType", "operator": "Equal", "value": "CHAT", "match": False}
    scripted.answer(
        TEST,
        {
            "schemaValidation": {"name": "schema", "step": 1, "matches": True},
            "targetValidation": {
                "name": "target",
                "step": 2,
                "matches": False,
                "details": ["no such workflow"],
            },
            "jsonPathValidation": {"name": "paths", "step": 3, "matches": False, "details": [detail]},
            "triggerMatches": False,
        },
    )

    result = room.run_trigger_test("t1", {"mediaType": "VOICE"})

    assert scripted.requests[-1].json == {"mediaType": "VOICE"}
    assert [(part.name, part.holds, part.details) for part in result.parts] == [
        ("schemaValidation", True, ()),
        ("targetValidation", False, ("no such workflow",)),
        ("jsonPathValidation", False, ('mediaType Equal "CHAT" does not hold',)),
    ]
    assert not result.matches


@pytest.mark.parametrize(
    ("line", "ask", "permission"),
    [
        (LIST, lambda room: room.triggers(), "processautomation:trigger:view"),
        (TEST, lambda room: room.run_trigger_test("t1", {}), "processautomation:trigger:test"),
        ("GET /api/v2/flows/w1", lambda room: room.workflow("w1"), "architect:flow:view"),
    ],
)
def test_a_missing_permission_is_named(room, scripted, line, ask, permission):
    """Also where Genesys Cloud does not name it itself."""
    scripted.answer(line, Answer({"status": 403, "code": "forbidden", "message": "no"}, status=403))

    with pytest.raises(GenesysError, match=permission) as failure:
        ask(room)

    assert f"add {permission}" in failure.value.hint


def test_a_workflow_that_is_gone_is_none(room, scripted):
    """Looked, not there."""
    scripted.answer("GET /api/v2/flows/w2", {"id": "w2", "name": "Log", "type": "WORKFLOW"})

    assert room.workflow("w1") is None
    assert (room.workflow("w2").name, room.workflow("w2").type) == ("Log", "workflow")
