"""Users, presences, routing statuses, queues, members and other listings, at the scale of an organization."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from genesys_organization import PRESENCE, Organization, RecordingPartner, run_organization
from genesys_sockets import subscribing

QUEUES = "/api/v2/routing/queues"


def seed(organization: Organization, **wanted: int) -> Any:
    return organization.must("POST", "/_sandbox/seed", wanted)


def all_ids(organization: Organization, path: str) -> list[str]:
    """Over all pages, as `nextUri` leads."""
    page = organization.get(path)
    ids = [entity["id"] for entity in page["entities"]]
    while "nextUri" in page:
        page = organization.get(page["nextUri"])
        ids += [entity["id"] for entity in page["entities"]]
    return ids


def test_thousands_of_users_are_seeded_and_listed(organization: Organization) -> None:
    """In well under a second; the numbers are totals, so the same seed twice changes nothing."""
    started = time.perf_counter()
    ids = seed(organization, users=2500, queues=50, members_per_queue=20)["users"]
    assert time.perf_counter() - started < 1
    assert len(set(ids)) == 2500
    assert all_ids(organization, "/api/v2/users?pageSize=500") == ids
    assert organization.get("/api/v2/users?pageSize=100")["pageCount"] == 25
    assert seed(organization, users=2500)["users"] == ids
    assert seed(organization, users=2501)["users"][:2500] == ids


def test_the_directory_outlasts_a_kill(tmp_path: Path) -> None:
    """Nothing is written at the stop: what was answered is on disk."""
    with run_organization(tmp_path / "one", RecordingPartner()) as first:
        seed(first, users=10, queues=2, members_per_queue=3, groups=1)
        first.set_presence("Busy")
        before = everything(first)
        copy_as_after_a_kill(tmp_path / "one", tmp_path / "two")
    with run_organization(tmp_path / "two", RecordingPartner()) as second:
        assert everything(second) == before


def test_events_of_what_was_answered_outlast_a_kill(tmp_path: Path, partner: RecordingPartner) -> None:
    """AWS is down, the process is killed: the next run sends them."""
    with run_organization(tmp_path / "one", partner) as first:
        first.create_sending(eventFilter=[PRESENCE])
        partner.is_down = True
        first.set_presence("Busy")
        copy_as_after_a_kill(tmp_path / "one", tmp_path / "two")
    partner.is_down = False
    with run_organization(tmp_path / "two", partner) as second:
        second.wait_until_sent()
    (detail,) = partner.details(PRESENCE)
    assert detail["eventBody"]["presenceDefinition"]["systemPresence"] == "BUSY"


def copy_as_after_a_kill(source: Path, target: Path) -> None:
    target.mkdir()
    for file in source.iterdir():
        (target / file.name).write_bytes(file.read_bytes())


def everything(organization: Organization) -> Any:
    paths = ["/api/v2/users?expand=presence,routingStatus", QUEUES, "/api/v2/groups"]
    return [organization.get(path)["entities"] for path in paths]


def test_users_of_an_earlier_state_file_are_kept(tmp_path: Path) -> None:
    """They were in the file that holds the integrations."""
    with run_organization(tmp_path, RecordingPartner()) as first:
        users = first.get("/api/v2/users")["entities"]
    file = tmp_path / "genesys.json"
    old = [{"id": u["id"], "name": u["name"], "email": u["email"]} for u in users]
    file.write_text(json.dumps(json.loads(file.read_text()) | {"users": old, "delivered": 1, "rejected": 0}))
    for leftover in tmp_path.glob("records.sqlite3*"):
        leftover.unlink()
    with run_organization(tmp_path, RecordingPartner()) as second:
        assert second.get("/api/v2/users")["entities"] == users


def test_users_are_chosen_and_expanded(organization: Organization) -> None:
    """Presence and routing status of up to 500 in one call."""
    first, second, _ = all_ids(organization, "/api/v2/users")
    organization.set_presence("On Queue")
    path = f"/api/v2/users?id={first}&id={second}&expand=presence,routingStatus"
    entities = organization.get(path)["entities"]
    assert [
        (user["presence"]["presenceDefinition"]["systemPresence"], user["routingStatus"]["status"])
        for user in entities
    ] == [("On Queue", "IDLE"), ("Available", "OFF_QUEUE")]
    assert "presence" not in organization.get("/api/v2/users")["entities"][0]


def test_presences_are_read_in_bulk(organization: Organization) -> None:
    """50 at most; unknown ids are left out."""
    ids = seed(organization, users=60)["users"]
    path = "/api/v2/users/presences/purecloud/bulk?id="
    found = organization.get(path + ",".join([*ids[:49], "nobody"]))
    assert [presence["userId"] for presence in found] == ids[:49]
    assert organization.call("GET", path + ",".join(ids[:51])).status == 400
    assert organization.call("GET", path).status == 400


def test_a_presence_event_says_what_the_answer_said(
    organization: Organization, partner: RecordingPartner
) -> None:
    """`message` and `modifiedDate` are in both, so a gap can be filled without telling anything twice."""
    organization.create_sending(eventFilter=[PRESENCE])
    (user, *_) = all_ids(organization, "/api/v2/users")
    path = f"/api/v2/users/{user}/presences/purecloud"
    change = {"presenceDefinition": {"systemPresence": "Meal"}, "message": "back at one"}
    answer = organization.must("PATCH", path, change)
    organization.wait_until_sent()
    (detail,) = partner.details(PRESENCE)
    body = detail["eventBody"]
    assert (body["message"], body["modifiedDate"]) == ("back at one", answer["modifiedDate"])
    assert organization.get(path) == answer


def test_a_routing_status_is_changed_and_told(organization: Organization) -> None:
    """Once; the same again tells nothing; anything else is a 400."""
    (user, *_) = all_ids(organization, "/api/v2/users")
    path = f"/api/v2/users/{user}/routingstatus"
    with subscribing(organization, [f"v2.users.{user}.routingStatus"]) as subscriber:
        answer = organization.must("PUT", path, {"status": "IDLE"})
        organization.must("PUT", path, {"status": "IDLE"})
        organization.must("PUT", path, {"status": "OFF_QUEUE"})
        first, second = subscriber.listen(until=2)
    assert first["eventBody"] == {
        "id": user,
        "routingStatus": {"status": "IDLE", "startTime": answer["startTime"]},
    }
    assert second["eventBody"]["routingStatus"]["status"] == "OFF_QUEUE"
    assert organization.get(path)["status"] == "OFF_QUEUE"
    assert organization.call("PUT", path, {"status": "SLEEPING"}).status == 400


def test_going_on_queue_changes_the_routing_status(organization: Organization) -> None:
    """IDLE, and OFF_QUEUE on leaving; other presences do not touch it."""
    (user, *_) = all_ids(organization, "/api/v2/users")
    with subscribing(organization, [f"v2.users.{user}.routingStatus"]) as subscriber:
        for presence in ("Busy", "On Queue", "Meal", "Away"):
            organization.set_presence(presence)
        heard = [event["eventBody"]["routingStatus"]["status"] for event in subscriber.listen(0.5, until=3)]
    assert heard == ["IDLE", "OFF_QUEUE"]


def test_queues_are_listed_by_name_and_found(organization: Organization) -> None:
    """In pages; the links keep the filter."""
    ids = seed(organization, queues=30, members_per_queue=2)["queues"]
    assert sorted(all_ids(organization, f"{QUEUES}?pageSize=7&name=queue*")) == sorted(ids)
    names = [queue["name"] for queue in organization.get(f"{QUEUES}?name=Queue 1*")["entities"]]
    assert names == sorted(names) == ["Queue 1", *(f"Queue {n}" for n in range(10, 20))]
    queue = organization.get(f"{QUEUES}/{ids[0]}")
    assert (queue["memberCount"], queue["joinedMemberCount"]) == (2, 2)
    assert organization.call("GET", f"{QUEUES}/nobody").status == 404


def test_queues_are_made_and_deleted(organization: Organization) -> None:
    """A queue that is gone cannot be subscribed to."""
    queue = organization.must("POST", QUEUES, {"name": "Sales"})["id"]
    topic = f"v2.routing.queues.{queue}.users"
    with subscribing(organization, [topic], connected=False) as subscriber:
        organization.must("DELETE", f"{QUEUES}/{queue}")
        assert organization.call("POST", subscriber.path, [{"id": topic}]).status == 400
    assert organization.get(QUEUES)["entities"] == []


def test_members_come_a_hundred_a_page(organization: Organization) -> None:
    """As the SDK's documentation says, however many are asked for."""
    (queue,) = seed(organization, users=150, queues=1, members_per_queue=150)["queues"]
    path = f"{QUEUES}/{queue}/members"
    first = organization.get(f"{path}?pageSize=500")
    assert (len(first["entities"]), first["pageCount"]) == (100, 2)
    assert len(set(all_ids(organization, path))) == 150


def test_a_change_of_membership_is_told_once(organization: Organization) -> None:
    """Joining, pausing, leaving; in the shape of QueueUserEventTopicQueueMember."""
    ada, sam, _ = all_ids(organization, "/api/v2/users")
    (queue,) = seed(organization, queues=1)["queues"]
    path = f"{QUEUES}/{queue}/members"
    with subscribing(organization, [f"v2.routing.queues.{queue}.users"]) as subscriber:
        organization.must("POST", path, [{"id": ada}, {"id": sam}])
        organization.must("POST", path, [{"id": ada}])
        organization.must("PATCH", path, [{"id": ada, "joined": False}, {"id": sam, "joined": True}])
        organization.must("PATCH", f"{path}/{ada}", {"joined": True})
        organization.must("POST", f"{path}?delete=true", [{"id": sam}])
        organization.must("DELETE", f"{path}/{ada}")
        heard = [event["eventBody"] for event in subscriber.listen(1, until=7)]
    assert [(body["id"], body["joined"]) for body in heard] == [
        (ada, True),
        (sam, True),
        (ada, False),
        (ada, True),
        (sam, False),
        (ada, False),
    ]
    assert heard[0] == {
        "id": ada,
        "user": {"id": ada},
        "queueId": queue,
        "joined": True,
        "additionalProperties": {},
    }


def test_members_are_chosen_by_joined(organization: Organization) -> None:
    """`joined=false` are those who pause."""
    ada, sam, _ = all_ids(organization, "/api/v2/users")
    (queue,) = seed(organization, queues=1)["queues"]
    path = f"{QUEUES}/{queue}/members"
    organization.must("POST", path, [{"id": ada}, {"id": sam}])
    organization.must("PATCH", path, [{"id": ada, "joined": False}])
    assert all_ids(organization, f"{path}?joined=false") == [ada]
    assert all_ids(organization, f"{path}?joined=true") == [sam]


@pytest.mark.parametrize(
    ("method", "body", "status"),
    [
        ("POST", [{"id": "nobody"}], 404),
        ("PATCH", [{"id": "nobody", "joined": True}], 404),
        ("POST", {"id": "x"}, 400),
    ],
)
def test_members_that_do_not_exist(organization: Organization, method: str, body: Any, status: int) -> None:
    """A user that is none, a member that is none, a body that is no list."""
    (queue,) = seed(organization, queues=1)["queues"]
    assert organization.call(method, f"{QUEUES}/{queue}/members", body).status == status


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("groups", "/api/v2/groups"),
        ("flows", "/api/v2/flows"),
        ("flow_outcomes", "/api/v2/flows/outcomes"),
        ("campaigns", "/api/v2/outbound/campaigns"),
        ("stations", "/api/v2/stations"),
        ("operational_events", "/api/v2/usage/events/definitions"),
    ],
)
def test_other_things_are_listed(organization: Organization, kind: str, path: str) -> None:
    """What topics may have ids of."""
    ids = seed(organization, **{kind: 30})[kind]
    assert all_ids(organization, path) == ids
    assert organization.get(f"{path}/{ids[0]}")["id"] == ids[0]
    assert organization.call("GET", f"{path}/nobody").status == 404


def test_the_sdk_reads_users_queues_and_members(sdk: Any, client: Any, organization: Organization) -> None:
    """And changes them."""
    (queue,) = seed(organization, users=120, queues=1, members_per_queue=2)["queues"]
    users, routing = sdk.UsersApi(client), sdk.RoutingApi(client)
    page = users.get_users(page_size=100, page_number=2, expand=["presence", "routingStatus"])
    assert (len(page.entities), page.page_count) == (20, 2)
    assert page.entities[0].routing_status.status == "OFF_QUEUE"
    assert [found.id for found in routing.get_routing_queues(name="Queue*").entities] == [queue]
    newcomer = page.entities[0].id
    routing.post_routing_queue_members(queue, [{"id": newcomer}])
    routing.patch_routing_queue_member(queue, newcomer, {"id": newcomer, "joined": False})
    members = routing.get_routing_queue_members(queue).entities
    assert [(member.id == newcomer, member.joined) for member in members] == [
        (False, True),
        (False, True),
        (True, False),
    ]
    assert users.put_user_routingstatus(newcomer, {"status": "IDLE"}).status == "IDLE"
    bulk = sdk.PresenceApi(client).get_users_presences_purecloud_bulk(id=[newcomer])
    assert [presence.user_id for presence in bulk] == [newcomer]
