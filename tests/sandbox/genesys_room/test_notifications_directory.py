"""Listings of every kind of object, through the real SDK."""

import pytest
from scripted_genesys import Answer

from gcbridge.errors import GenesysError
from gcbridge.genesys import GenesysRefusedError
from gcbridge.genesys.directory import LISTINGS, list_ids
from gcbridge.study.notifications.expansion import OBJECT_KINDS

pytestmark = pytest.mark.sandbox


def test_every_kind_has_a_listing():
    """And none is left over."""
    assert set(LISTINGS) == set(OBJECT_KINDS)


@pytest.mark.parametrize("kind", OBJECT_KINDS)
def test_the_sdk_takes_the_call(room, scripted, kind):
    """The scripted server knows no listing, so the refusal shows that the SDK sent what it was asked to."""
    with pytest.raises(GenesysRefusedError) as caught:
        list_ids(room._session, kind)

    assert caught.value.status == 404
    assert scripted.requests[-1].line.startswith("GET /api/v2/")


@pytest.mark.parametrize(
    ("kind", "path"),
    [("users", "/api/v2/users"), ("queues", "/api/v2/routing/queues"), ("flows", "/api/v2/flows")],
)
def test_pages_are_read(room, scripted, kind, path):
    """A hundred each."""
    pages = [
        {"entities": [{"id": f"{number}"}], "pageNumber": number, "pageCount": 3} for number in (1, 2, 3)
    ]
    scripted.answer(f"GET {path}", *pages)

    assert list_ids(room._session, kind) == ("1", "2", "3")
    asked = [request.query for request in scripted.requests if request.line == f"GET {path}"]
    assert [(query["pageNumber"], query["pageSize"]) for query in asked] == [
        ("1", "100"),
        ("2", "100"),
        ("3", "100"),
    ]


def test_links_are_followed(room, scripted):
    """Teams say what comes after."""
    scripted.answer(
        "GET /api/v2/teams",
        {"entities": [{"id": "a"}], "nextUri": "/api/v2/teams?after=x%3D&pageSize=100"},
        {"entities": [{"id": "b"}]},
    )

    assert list_ids(room._session, "teams") == ("a", "b")
    assert scripted.requests[-1].query["after"] == "x="


@pytest.mark.parametrize(
    ("path", "kind", "permission"),
    [
        ("/api/v2/routing/queues", "queues", "routing:queue:view"),
        ("/api/v2/flows", "flows", "architect:flow:view"),
        ("/api/v2/flows/outcomes", "flow outcomes", "architect:flowOutcome:view"),
    ],
)
def test_a_missing_permission_is_named(room, scripted, path, kind, permission):
    """Also where the answer does not."""
    scripted.answer(f"GET {path}", Answer({"status": 403, "message": "No."}, status=403))

    with pytest.raises(GenesysRefusedError, match=f"lacks the permission {permission}$"):
        list_ids(room._session, kind)


@pytest.mark.parametrize("body", [None, {"entities": 3}, {"entities": [None]}])
def test_a_strange_answer_is_one_error(room, scripted, body):
    """Something else may be listening there."""
    scripted.answer("GET /api/v2/users", Answer(body))

    with pytest.raises(GenesysError, match="not one of the Genesys Cloud API"):
        list_ids(room._session, "users")
