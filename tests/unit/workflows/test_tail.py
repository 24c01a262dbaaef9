"""tail: what is asked of the bus, what is shown of it, and how a probe stays young."""

import itertools

import pytest
from listening_stand_ins import ORG, Prober, Rooms, Script, Shown, seen

from gcbridge.errors import UsageError
from gcbridge.workflows.environment import load_environment
from gcbridge.workflows.event_stream import read_sieve
from gcbridge.workflows.tail import RENEW_SECONDS, RecentIds, Renewal, TailRequest, tail, watch_bus
from gcbridge.workspace.layout import Workspace

ENVIRONMENT = f"""\
genesys:
  region: eu-central-1
  org_id: "{ORG}"
  event_source_suffix: dev
  topics: ["v2.users.{{id}}.presence"]
aws: {{region: eu-central-1, account_id: "123456789012"}}
rules:
  away: {{topics: ["v2.users.{{id}}.presence"], targets: [queue]}}
targets:
  queue: {{type: sqs}}
"""


@pytest.fixture
def rooms(tmp_path):
    (tmp_path / "environments").mkdir()
    (tmp_path / "environments" / "dev.yaml").write_text(ENVIRONMENT)
    return Rooms(Workspace(tmp_path))


def run(rooms, prober, **request):
    shown = Shown()
    environment = load_environment(rooms.workspace, "dev", any_topic=True)
    result = tail(rooms, environment, TailRequest(**request), shown, prober=prober)
    return [item.event["id"] for item in shown], result


def test_whole_events_are_shown_as_they_come(rooms):
    """A copy that EventBridge delivers again is counted, and not shown."""
    prober = Prober(
        Script([seen("BUSY", identity="e1")], [seen("BUSY", identity="e1"), seen("AWAY", identity="e2")])
    )

    shown, result = run(rooms, prober)

    assert shown == ["e1", "e2"]
    assert (result.copies, result.ending, prober.is_open) == (1, "interrupted", False)
    assert prober.asked == (None, ())


def test_a_filter_is_asked_about_the_whole_event(rooms):
    prober = Prober(Script([seen("BUSY", identity="e1"), seen("AWAY", identity="e2")]))
    expression = (
        "\"detail-type\" == 'v2.users.{id}.presence' && "
        "detail.eventBody.presenceDefinition.systemPresence == 'AWAY'"
    )

    shown, result = run(rooms, prober, filter=expression)

    assert (shown, result.sieve.kept_back) == (["e2"], 1)


def test_only_what_a_rule_matches(rooms):
    prober = Prober(Script())

    run(rooms, prober, rule="away")

    assert prober.asked == ("away", ())


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"rule": "busy"}, "dev has no rule busy"),
        ({"filter": "a ="}, "--filter is no JMESPath"),
        ({"duration": "soon"}, "is no duration"),
    ],
)
def test_mistakes_are_refused_before_anything_is_added(rooms, request_, message):
    prober = Prober(Script())

    with pytest.raises(UsageError, match=message):
        run(rooms, prober, **request_)

    assert prober.asked is None


def test_the_time_is_over():
    """While nothing comes, SQS is asked in long polls."""
    script = Script([seen("BUSY")], [], [])

    result = watch_bus(script.receive, read_sieve(None, print), 12, Shown(), clock=script.clock)

    assert (result.ending, result.seconds, script.deadlines) == ("time", 12, [5.0, 10.0, 12.0])


def test_a_probe_is_renewed_every_half_hour():
    """Other machines remove probes that were made two hours ago."""
    seconds = itertools.count(0.0, 600.0)
    renewed = []
    renewal = Renewal(lambda: renewed.append("."), clock=lambda: next(seconds))

    for _ in range(2):
        renewal()
    assert renewed == []
    renewal()
    assert (renewed, RENEW_SECONDS) == (["."], 1800)


def test_ids_are_forgotten_in_the_end():
    """Memory does not grow with the hours."""
    ids = RecentIds(size=2)

    assert [ids.is_new(identity) for identity in "aabcab"] == [True, False, True, True, True, True]
    assert ids.copies == 1
