"""Events as people and programs see them: lines, columns, JSON, and nobody who reads."""

import io
import json
import os
from datetime import datetime, timedelta, timezone

import pytest
from rich.console import Console

from gcbridge.cli.comparison_printing import ComparisonColumns, ComparisonLines, comparison_lines
from gcbridge.cli.console import PatientConsole
from gcbridge.cli.event_printing import EventLines, NotificationLines, Out
from gcbridge.model.comparison import ComparedEvent, ComparisonSummary, Sighting
from gcbridge.model.notification import Notification
from gcbridge.model.proof import Latency
from gcbridge.workflows.tail import SeenEvent

USER = "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11"
TOPIC = f"v2.users.{USER}.presence"
NOW = datetime(2026, 3, 1, 8, 0, 5, 123_000, tzinfo=timezone.utc)
BODY = {"source": "PURECLOUD", "presenceDefinition": {"systemPresence": "BUSY"}}


def out(width=None):
    """A terminal of that width; None is a pipe."""
    console = Console(
        file=io.StringIO(),
        force_terminal=width is not None,
        width=width or 200,
        color_system=None,
        highlight=False,
    )
    return Out(console)


def lines(printed):
    return printed.console.file.getvalue().splitlines()


def heard(source="live", body=None):
    return Notification(
        topic="v2.users.{id}.presence",
        topic_name=TOPIC,
        event_body=BODY if body is None else body,
        correlation_id="c1",
        heard_at=NOW,
        source=source,
    )


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (80, "08:00:05.123 v2.users.0b6a1c62….presence systemPresence=BUSY source=PURECLOUD"),
        (60, "08:00:05.123 v2.users.0b6a1c62….presence systemPresence=BUS…"),
        (140, f"08:00:05.123 {TOPIC} systemPresence=BUSY source=PURECLOUD"),
        (None, f"08:00:05.123 {TOPIC} systemPresence=BUSY source=PURECLOUD"),
    ],
)
def test_a_line_for_each_event(width, shown):
    """It never wraps in a terminal; in a pipe nothing is shortened, so that it can be searched."""
    printed = out(width)

    NotificationLines(printed, as_json=False, whole=False).show(heard())

    assert lines(printed) == [shown]


def test_what_was_filled_in_is_marked():
    printed = out(80)

    NotificationLines(printed, as_json=False, whole=False).show(heard("gap-fill"))

    assert lines(printed)[0].startswith("08:00:05.123 gap-fill v2.users.0b6a1c62….presence")


def test_a_huge_body_is_cut_in_a_pipe_too():
    printed = out()

    NotificationLines(printed, as_json=False, whole=False).show(heard(body={"text": "x" * 10_000}))

    assert len(lines(printed)[0]) < 500


def test_json_is_the_whole_model_on_a_line():
    printed = out()

    NotificationLines(printed, as_json=True, whole=False).show(
        heard(body={"name": "Zoë\n", "half": "\ud83d"})
    )

    (line,) = lines(printed)
    assert Notification.model_validate_json(line.replace("\\ud83d", "?")) == heard(
        body={"name": "Zoë\n", "half": "?"}
    )


def test_events_of_a_bus():
    """The same line as of the notification service, so that both can be compared; JSON is the event and nothing else."""
    event = {
        "id": "e1",
        "detail-type": "v2.users.{id}.presence",
        "detail": {"topicName": TOPIC, "eventBody": BODY},
    }
    people, programs = out(80), out()

    EventLines(people, as_json=False, whole=True).show(SeenEvent(event, NOW))
    EventLines(programs, as_json=True, whole=False).show(SeenEvent(event, NOW))

    first, *whole = lines(people)
    assert first == "08:00:05.123 v2.users.0b6a1c62….presence systemPresence=BUSY source=PURECLOUD"
    assert json.loads("\n".join(whole)) == event
    assert json.loads(lines(programs)[0]) == event


def test_an_event_without_a_detail_has_a_line():
    printed = out(80)

    EventLines(printed, as_json=False, whole=False).show(SeenEvent({"detail-type": "x", "detail": None}, NOW))

    assert lines(printed) == ["08:00:05.123 x "]


def compared(websocket, eventbridge, source="live"):
    moments = [
        None if seconds is None else NOW + timedelta(seconds=seconds) for seconds in (websocket, eventbridge)
    ]
    return ComparedEvent(
        topic="v2.users.{id}.presence",
        topic_name=TOPIC,
        correlation_id="c1",
        event_body=BODY,
        event_id="e1",
        source=source,
        websocket_at=moments[0],
        eventbridge_at=moments[1],
    )


def sighting(way):
    return Sighting(
        way=way,
        topic="v2.users.{id}.presence",
        topic_name=TOPIC,
        event_body=BODY,
        correlation_id="c1",
        seen_at=NOW,
    )


def test_a_wide_terminal_has_a_column_for_each_way():
    printed = out(115)
    columns = comparison_lines(printed, as_json=False)
    assert isinstance(columns, ComparisonColumns)

    columns.show_first(sighting("websocket"))
    for event in (
        compared(0, 0.5),
        compared(1.25, 1),
        compared(0, None),
        compared(None, 0),
        compared(2, 0, "gap-fill"),
    ):
        columns.show_decided(event)

    said = "v2.users.0b6a1c62….presence systemPresence=BUSY source=PURECLOUD"
    assert lines(printed) == [
        "WebSocket             EventBridge           event",
        f"08:00:05.123          08:00:05.623 +0.50 s  {said}",
        f"08:00:06.373 +0.25 s  08:00:06.123          {said}",
        f"08:00:05.123          ✗                     {said}",
        f"✗                     08:00:05.123          {said}",
        f"08:00:07.123 gap-fill 08:00:05.123          {said}",
    ]


def test_a_narrow_terminal_has_a_line_for_each_sighting():
    """With a mark, and how much later the second came."""
    printed = out(80)
    found = comparison_lines(printed, as_json=False)
    assert isinstance(found, ComparisonLines)

    found.show_first(sighting("websocket"))
    found.show_decided(compared(0, 0.5))
    found.show_first(sighting("eventbridge"))
    found.show_decided(compared(0.25, 0))
    found.show_decided(compared(0, None))
    found.show_decided(compared(None, 0))

    said = "v2.users.0b6a1c62….presence systemPresence=BUSY"
    starts = [
        f"08:00:05.123 ws {said}",
        f"08:00:05.623 eb +0.50 s {said}",
        f"08:00:05.123 eb {said}",
        f"08:00:05.373 ws +0.25 s {said}",
        f"08:00:05.123 only ws {said}",
        f"08:00:05.123 only eb {said}",
    ]
    shown = lines(printed)
    assert [line[: len(start)] for line, start in zip(shown, starts, strict=True)] == starts
    assert max(map(len, shown)) <= 80


def counts(**changed):
    given = {
        "both": 12,
        "only_websocket": 0,
        "only_eventbridge": 0,
        "grace_seconds": 30,
        "seconds": 60,
        "topics": (),
    }
    return ComparisonSummary.model_validate(given | changed)


def test_the_summary_of_a_comparison():
    printed = out(80)
    later = Latency(hop="x", count=12, p50=0.421, p95=0.6, maximum=0.8)

    ComparisonLines(printed).show_summary(
        counts(later=later, only_websocket=1, undecided=2, filled=3, copies={"eventbridge": 4})
    )

    assert "\n".join(lines(printed)) == (
        "both ways             12  EventBridge 0.42 s later at the median, 0.60 s at the 95th percentile, 0.80 s at most\n"
        "only WebSocket         1  not over EventBridge within 30 s\n"
        "only EventBridge       0\n"
        "                       2  undecided: interrupted before the other way could follow\n"
        "                       3  told by the API after a gap, not by the socket\n"
        "                       4  copies over EventBridge"
    )


def test_a_comparison_as_json():
    """Decided events as they are decided, and the summary last; what is open is not printed."""
    printed = out()
    found = comparison_lines(printed, as_json=True)

    found.show_first(sighting("websocket"))
    found.show_decided(compared(0, 0.5))
    found.show_decided(compared(0, None))
    found.show_summary(counts())

    first, second, last = map(json.loads, lines(printed))
    assert (first["kind"], first["seconds_later"], second["kind"]) == ("both", 0.5, "only-websocket")
    assert (last["kind"], last["both"]) == ("summary", 12)


def pipe_out():
    reading, writing = os.pipe()
    file = os.fdopen(writing, "w")
    return reading, file, Out(PatientConsole(file=file, width=200))


@pytest.mark.parametrize("as_json", [True, False], ids=["json", "lines"])
def test_a_closed_pipe_is_noticed(as_json):
    """Before anything more is written to it; and writing to it is no failure."""
    reading, file, printed = pipe_out()
    assert printed.is_read()

    os.close(reading)

    assert not printed.is_read()
    NotificationLines(printed, as_json=as_json, whole=False).show(heard())
    assert not printed.is_read()
    file.close()


def test_a_file_is_read_forever(tmp_path):
    with (tmp_path / "events").open("w") as file:
        assert Out(PatientConsole(file=file)).is_read()


@pytest.mark.parametrize(("as_json", "whole"), [(True, False), (False, True), (False, False)])
def test_nothing_of_an_event_reaches_the_terminal_as_a_command(as_json, whole):
    """Neither of its topic nor of a key; C1 controls and turns of direction are no matter of JSON's own escapes."""
    odd = "\x1b[2J\x9b2J\u202e\u2028"
    event = heard(body={odd: [odd], "inner": {odd: odd}}).model_copy(update={"topic_name": f"v2.{odd}"})
    printed = out(200)

    NotificationLines(printed, as_json=as_json, whole=whole).show(event)

    text = printed.console.file.getvalue()
    assert set(text.replace("\n", "")) & set(odd) <= set("[2J")
    if as_json:
        assert json.loads(text)["event_body"] == event.event_body
