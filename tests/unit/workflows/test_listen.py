"""listen: what is checked before anything is opened, what is shown, and how it ends."""

import pytest
from listening_stand_ins import ORG, PRESENCE, Opener, Rooms, Script, Shown, heard, rejection, summary

from gcbridge.errors import GenesysError, RefusedError, UsageError
from gcbridge.model.topic import Topic, TopicCatalogue
from gcbridge.workflows.environment import load_environment
from gcbridge.workflows.listen import ListenRequest, listen
from gcbridge.workspace.layout import Workspace
from gcbridge.workspace.topic_snapshots import write_organization_topics

ENDED = "v2.detail.events.conversation.{id}.acw"
ENVIRONMENT = f"""\
genesys:
  region: eu-central-1
  org_id: "{ORG}"
  event_source_suffix: dev
  topics: ["{PRESENCE}", "{ENDED}"]
aws: {{region: eu-central-1}}
"""


@pytest.fixture
def rooms(tmp_path):
    """A workspace whose organization does not send one of the topics over the WebSocket."""
    (tmp_path / "environments").mkdir()
    (tmp_path / "environments" / "dev.yaml").write_text(ENVIRONMENT)
    workspace = Workspace(tmp_path)
    topics = (
        Topic(topic=ENDED, transports=("EventBridge",), source="organization"),
        Topic(topic=PRESENCE, transports=("All",), source="organization"),
    )
    catalogue = TopicCatalogue(topics=topics, taken_at="2026-03-01", origin="organization Test", asked=True)
    write_organization_topics(workspace, "dev", catalogue)
    return Rooms(workspace)


def run(rooms, opener, **request):
    environment = load_environment(rooms.workspace, "dev", any_topic=True)
    shown = Shown()
    result = listen(rooms, environment, ListenRequest(**request), shown, opener=opener)
    return shown, result


def test_topics_of_the_environment_are_heard_as_far_as_the_service_carries_them(rooms):
    """What is left out is said; an account need not be known yet."""
    opener = Opener(Script([heard("BUSY")], [heard("AWAY")]))

    shown, result = run(rooms, opener)

    assert opener.asked == ((PRESENCE,), False)
    assert opener.left == rooms.workspace.work_folder("dev") / "channels.json"
    assert shown == [heard("BUSY"), heard("AWAY")]
    assert (result.ending, result.heard, opener.is_open) == ("interrupted", summary(), False)
    assert rooms.told_of("note") == [
        (ENDED, "is left out: the notification service does not carry it (its transports: EventBridge)")
    ]


def test_topics_by_name(rooms):
    opener = Opener(Script())

    run(rooms, opener, topics=("v2.users.ada?presence", "v2.users.ada.presence"), displace=True)

    assert opener.asked == (("v2.users.ada.presence",), True)


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("eventBody.presenceDefinition.systemPresence == 'BUSY'", ["ada", "bob"]),
        ("topicName == 'v2.users.ada.presence'", ["ada", "ada"]),
        ("source == 'gap-fill'", ["bob"]),
        ("metadata.CorrelationId == 'c1' && version == '2'", ["ada", "ada", "bob"]),
    ],
)
def test_a_filter_is_asked_about_the_event_as_genesys_sends_it(rooms, expression, wanted):
    opener = Opener(Script([heard("BUSY"), heard("AWAY"), heard("BUSY", "bob", "gap-fill")]))

    shown, result = run(rooms, opener, filter=expression)

    assert [event.topic_name.split(".")[2] for event in shown] == wanted
    assert result.sieve.kept_back == 3 - len(wanted)


@pytest.mark.parametrize(
    "request_",
    [{"filter": "a ="}, {"duration": "soon"}, {"topics": ("v2.users.{id}.presense",)}, {"topics": (ENDED,)}],
    ids=lambda request: next(iter(request)),
)
def test_mistakes_are_refused_before_anything_is_asked(rooms, request_):
    opener = Opener(Script())

    with pytest.raises(UsageError):
        run(rooms, opener, **request_)

    assert (opener.asked, rooms.is_logged_in) == (None, False)


def test_an_environment_of_which_nothing_can_be_heard(rooms):
    file = rooms.workspace.environment_file("dev")
    file.write_text(file.read_text().replace(f'"{PRESENCE}", ', ""))

    with pytest.raises(UsageError, match="carries none of the topics of dev"):
        run(rooms, Opener(Script()))


def test_credentials_of_another_organization_hear_nothing(rooms):
    rooms.org_id = "11111111-2222-3333-4444-555555555555"
    opener = Opener(Script())

    with pytest.raises(RefusedError, match="11111111"):
        run(rooms, opener)

    assert opener.asked is None


def test_all_topics_rejected(rooms):
    """The error names what the client lacks, and nothing stays open."""
    opener = Opener(
        Script(told=summary(topics=0)), rejection(PRESENCE, "users:presence:view", "users:user:view")
    )

    with pytest.raises(GenesysError) as failed:
        run(rooms, opener)

    assert (failed.value.summary, failed.value.detail) == (
        "Genesys Cloud rejected every topic",
        f"{PRESENCE} was rejected",
    )
    assert "users:presence:view, users:user:view" in failed.value.hint
    assert not opener.is_open


def test_some_topics_rejected(rooms):
    """The others are heard, and it is said what is missing."""
    opener = Opener(Script(), rejection("v2.users.bob.presence", "users:presence:view"))

    run(rooms, opener)

    assert rooms.told_of("failed") == [
        ("notification service", "v2.users.bob.presence was rejected; missing: users:presence:view")
    ]


def test_nobody_reads_on(rooms):
    """It ends at once, with everything closed."""
    opener = Opener(Script([heard("BUSY"), heard("AWAY")]))
    shown = Shown(until=1)
    environment = load_environment(rooms.workspace, "dev", any_topic=True)

    result = listen(rooms, environment, ListenRequest(), shown, opener=opener)

    assert (shown, result.ending, opener.is_open) == ([heard("BUSY")], "unread", False)


def test_an_organization_without_any_object_is_listened_to(rooms):
    """The first one may be made meanwhile."""
    _, result = run(rooms, Opener(Script(told=summary(topics=0))))

    assert result.ending == "interrupted"
