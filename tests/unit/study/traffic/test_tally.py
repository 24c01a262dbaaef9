"""What is counted, event by event, and how tallies add up."""

import pickle

import pytest
from recorded import AUDITS, PRESENCE, RULES, SOURCE, bridge_with, counted, event

from gcbridge.study.traffic.counting import seconds_of
from gcbridge.study.traffic.tally import DAMAGED_MAX, FIRST_MAX, TOPICS_MAX, ChangeTally, Tally

MORNING = [
    event("Available", event_id="e1", time="2026-03-01T08:00:00Z"),
    event("Away", event_id="e2", time="2026-03-01T09:00:00Z"),
    event("Away", event_id="e3", time="2026-03-01T07:30:00Z"),
    event("-", event_id="e4", topic=AUDITS),
]


def test_events_for_each_rule_target_and_topic():
    """Two rules send "Away" to the queue: one event, two deliveries."""
    tally = counted(MORNING)

    assert (tally.events, tally.unmatched) == (4, 1)
    assert tally.rules == {"presence": 3, "away": 2}
    assert {name: (target.events, target.deliveries) for name, target in tally.targets.items()} == {
        "crm": (3, 5),
        "log": (2, 2),
    }
    assert {name: (topic.events, topic.unmatched) for name, topic in tally.topics.items()} == {
        PRESENCE: (3, 0),
        AUDITS: (1, 1),
    }


def test_the_time_that_the_events_cover():
    """From the smallest to the largest, in whatever order they come."""
    tally = counted([*MORNING, event(time="yesterday"), event(time=None)])

    assert (tally.first, tally.last) == (
        seconds_of("2026-03-01T07:30:00Z"),
        seconds_of("2026-03-01T09:00:00Z"),
    )
    assert tally.without_time == 2


@pytest.mark.parametrize(
    ("time", "seconds"),
    [
        ("1970-01-01T00:01:00Z", 60.0),
        ("1970-01-01T01:01:00+01:00", 60.0),
        ("1970-01-01T00:01:00", 60.0),
        ("1970-01-01T00:00:00.500Z", 0.5),
        ("soon", None),
        (60, None),
    ],
)
def test_a_time_is_read_as_it_is_written(time, seconds):
    """EventBridge writes the first; the others come from tools that write events anew."""
    assert seconds_of(time) == seconds


def test_events_of_another_organization_are_taken_for_own():
    """Otherwise none of them would match; how many there were is told."""
    recorded = [event("Away"), event("Away", source="aws.partner/genesys.com/cloud/other/prod", account="9")]

    tally = counted(recorded)

    assert tally.rules["away"] == 2
    assert tally.other_source_events == 1
    assert tally.other_sources == {"aws.partner/genesys.com/cloud/other/prod": 1}


def test_a_disabled_rule_matches_nothing():
    """As on the bus."""
    rules = {**RULES, "away": {**RULES["away"], "enabled": False}}

    tally = counted(MORNING, bridge_with(rules, {"crm": {"type": "sqs"}, "log": {"type": "log_group"}}))

    assert tally.rules == {"presence": 3}
    assert "log" not in tally.targets


@pytest.mark.parametrize(
    ("characters", "chunks"),
    [(10, 1), (65_000, 1), (65_536, 2), (200_000, 4)],
    ids="tiny one two four".split(),
)
def test_every_begun_64_kb_are_a_chunk(characters, chunks):
    """What EventBridge bills; what stands around the text counts too."""
    tally = counted([event("x" * characters)])

    assert tally.chunks == chunks
    assert tally.targets["crm"].chunks == chunks


def test_sizes_are_those_of_compact_json():
    """However the recording was written; text stays text."""
    tally = counted([event("ü")])

    assert tally.bytes == len(event("ü").__repr__().replace("': ", "':").replace(", ", ",").encode())


@pytest.mark.parametrize(
    ("written", "size"),
    [
        ({"constant": {"changed": True}}, len('{"changed":true}')),
        ({"path": "$.detail.eventBody.systemPresence"}, len('"Away"')),
        ({"transformer": {"paths": {"p": "$.id"}, "template": "<p>!"}}, len("e1!")),
    ],
    ids="constant path transformer".split(),
)
def test_a_target_with_an_input_receives_what_that_makes(written, size):
    """And that is what its service bills; two rules deliver twice."""
    targets = {"crm": {"type": "sqs", "input": written}, "log": {"type": "log_group"}}

    tally = counted([event("Away")], bridge_with(targets=targets))

    crm = tally.targets["crm"]
    assert (crm.events, crm.deliveries, crm.bytes, crm.chunks) == (1, 2, 2 * size, 2)


@pytest.mark.parametrize(
    ("archive", "kept"),
    [
        ({}, 4),
        ({"pattern": {"detail-type": [AUDITS]}}, 1),
        ({"pattern": {"detail-type": ["v2.nothing"]}}, 0),
    ],
    ids="everything audits nothing".split(),
)
def test_what_the_archive_keeps(archive, kept):
    """Its pattern makes no event a matched one."""
    tally = counted(MORNING, bridge_with(archive=archive))

    assert (tally.archived, tally.unmatched) == (kept, 1)
    assert tally.rules == {"presence": 3, "away": 2}


def test_tallies_add_up_to_what_counting_all_at_once_gives():
    """Wherever the traffic is cut; also after a way between processes."""
    old = bridge_with({"presence": {**RULES["presence"], "targets": ["crm", "log"]}})
    traffic = [event(("Away", "Busy")[number % 2], event_id=f"e{number}") for number in range(20)]
    whole = counted([dict(one) for one in traffic], against=old)

    for cut in range(21):
        parts = [[dict(one) for one in part] for part in (traffic[:cut], traffic[cut:])]
        first, second = (pickle.loads(pickle.dumps(counted(part, against=old))) for part in parts)
        first.add(second)
        for change in (*first.rule_changes.values(), *first.target_changes.values()):
            change.first = {kind: [id_ for id_, _ in places] for kind, places in change.first.items()}
        for change in (*whole.rule_changes.values(), *whole.target_changes.values()):
            change.first = {
                kind: [place if isinstance(place, str) else place[0] for place in places]
                for kind, places in change.first.items()
            }
        assert first == whole


def test_memory_does_not_grow_with_names():
    """Topics that carry ids, and damaged texts, are counted, and only the first are told apart."""
    tally, later = Tally(), Tally()
    for number in range(TOPICS_MAX + 5):
        later.note_topic(f"v2.users.{number}.presence", 1, 0)
        later.note_source(f"source-{number}")
        later.note_damaged(f"events.jsonl:{number}", "no event")
    for _ in range(2):
        tally.add(later)

    assert len(tally.topics) == len(tally.other_sources) == TOPICS_MAX
    assert tally.topics_not_listed == 10
    assert tally.other_source_events == 2 * (TOPICS_MAX + 5)
    assert tally.damaged == 2 * (TOPICS_MAX + 5)
    assert len(tally.first_damaged) == DAMAGED_MAX


def test_the_first_examples_stay_the_first():
    """Those of later tallies only fill up."""
    early, late = ChangeTally(), ChangeTally()
    early.note("lost", ("e1", "a:1"))
    for number in range(5):
        late.note("lost", (f"l{number}", f"a:{number + 2}"))
    early.add(late)

    assert early.counts["lost"] == 6
    assert early.first["lost"] == [("e1", "a:1"), ("l0", "a:2"), ("l1", "a:3")]
    assert len(early.first["lost"]) == FIRST_MAX


def test_the_source_of_the_bridge_is_given_to_every_event():
    """Also to one that has none."""
    recorded = event("Away")
    del recorded["source"]

    assert counted([recorded]).rules["away"] == 1
    assert recorded["source"] == SOURCE
