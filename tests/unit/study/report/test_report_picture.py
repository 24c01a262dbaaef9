"""The picture stays readable whatever the bridge: few rows, no overlap, text within its box."""

from itertools import combinations

import pytest
from sample_verifications import SAMPLES, bridge_of, report_of

from gcbridge.study.link import broken
from gcbridge.study.report.picture import WIDTH, draw_bridge
from gcbridge.study.report.selection import SHOWN_MAX
from gcbridge.study.report.shapes import MARK_ROOM, NOTE_SIZE, PADDING, TITLE_SIZE
from gcbridge.study.report.sizing import fit, width_of

BROKEN = broken("state DISABLED", "state ENABLED", "switch it on")


def picture(name):
    return draw_bridge(*SAMPLES[name]())


def titles(drawing):
    return [box.title for box in drawing.boxes]


def box_of(drawing, title):
    return next(box for box in drawing.boxes if box.title == title)


def wide(rules, broken_rule=None, targets=3):
    """A bridge of many rules, each with one target."""
    bridge = bridge_of(
        {f"rule-{n:03d}": {"targets": [f"queue-{n % targets:02d}"]} for n in range(rules)},
        {f"queue-{n:02d}": {"type": "sqs"} for n in range(targets)},
    )
    return draw_bridge(bridge, report_of(bridge, {f"rule {broken_rule}": BROKEN} if broken_rule else {}))


@pytest.mark.parametrize("name", SAMPLES)
def test_boxes_lie_apart_and_inside(name):
    """No box covers another or leaves the drawing."""
    drawing = picture(name)

    for box in drawing.boxes:
        assert box.x > 0
        assert box.y > 0
        assert box.right < WIDTH
        assert box.y + box.height < drawing.height
    for one, other in combinations(drawing.boxes, 2):
        beside = one.right <= other.x or other.right <= one.x
        below = one.y + one.height <= other.y or other.y + other.height <= one.y
        assert beside or below


@pytest.mark.parametrize("name", SAMPLES)
def test_text_stays_in_its_box(name):
    """However long the names are."""
    for box in picture(name).boxes:
        room = box.width - 2 * PADDING
        assert width_of(box.title, TITLE_SIZE) <= room - MARK_ROOM
        assert all(width_of(note, NOTE_SIZE) <= room for note in box.notes)


def test_the_whole_way_is_drawn():
    """From the integration to the dead-letter queues, the second witness beside it."""
    drawing = picture("passed")

    assert titles(drawing)[:3] == ["integration", "event source", "event bus"]
    assert {"audits", "conversation-end", "presence-to-crm", "crm-queue", "bi-queue"} <= set(titles(drawing))
    assert titles(drawing).count("empty") == 3
    assert titles(drawing).count("none") == 1
    assert box_of(drawing, "event bus").notes == ("50 events", "1.38 s median")
    assert box_of(drawing, "second witness").notes == ("heard 50 of 50 events, 0.30 s median",)
    assert box_of(drawing, "audits").notes == ("no event of this run",)
    assert "second witness" not in titles(picture("single"))


def test_all_is_green_where_all_holds():
    """And only what this run did not touch is unlit."""
    drawing = picture("passed")

    assert {box.light for box in drawing.boxes if box.title != "none"} == {"passed"}
    assert not [line for line in drawing.lines if line.light == "failed"]


def test_the_broken_way_is_red_and_marked():
    """The line has a mark in its middle, for those who do not see its colour."""
    drawing = picture("no-permission")
    crm, rule = box_of(drawing, "crm-queue"), box_of(drawing, "presence-to-crm")

    assert (crm.light, crm.notes) == ("failed", ("0 of 10",))
    (line,) = [line for line in drawing.lines if line.light == "failed" and not line.is_quiet]
    x, y = line.badge
    assert rule.right < x < crm.x
    assert min(rule.middle, crm.middle) <= y <= max(rule.middle, crm.middle)
    assert "crm-queue: sqs, 0 of 10 is broken." in drawing.description


def test_what_comes_behind_a_broken_link_is_unlit():
    """Grey is not green."""
    drawing = picture("early")

    assert [box.title for box in drawing.boxes if box.light == "failed"] == ["integration"]
    assert {box.light for box in drawing.boxes if box.title != "integration"} == {"skipped"}


def test_ten_rules_are_all_shown():
    """An eleventh would be the second of a fold."""
    assert f"rule-{SHOWN_MAX - 1:03d}" in titles(wide(SHOWN_MAX))
    assert "2 more rules" in titles(wide(SHOWN_MAX + 1))


@pytest.mark.parametrize("broken_rule", ["rule-000", "rule-150", "rule-299"])
def test_of_300_rules_the_broken_one_is_shown(broken_rule):
    """The others are counted, and their lines lead to what they send to."""
    drawing = wide(300, broken_rule)

    assert box_of(drawing, broken_rule).light == "failed"
    rest = box_of(drawing, "291 more rules")
    assert (rest.is_fold, rest.light, rest.notes) == (True, "passed", ("✓ 291",))
    assert drawing.height < 800
    assert len(drawing.lines) < 60


def test_targets_are_folded_too():
    """Sixty queues: nine by name, and their dead-letter queues beside them."""
    drawing = wide(60, targets=60)

    assert "51 more targets" in titles(drawing)
    assert titles(drawing).count("empty") == SHOWN_MAX - 1


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("short", 200, "short"),
        ("two\nlines", 200, "two lines"),
        ("presence of everybody", 60, "presen…"),
        ("漢字漢字漢字漢字", 60, "漢字漢…"),
        ("", 60, ""),
        ("W" * 500, 40, "WW…"),
        ("anything", 0, "…"),
    ],
)
def test_text_is_cut_to_its_room(text, width, shown):
    """Wide characters take more of it."""
    assert fit(text, width, 12) == shown
