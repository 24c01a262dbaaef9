"""Recorded lines of the real Terraform become typed events."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from gcbridge.terraform import ui_events
from gcbridge.terraform.ui_events import parse_event

RECORDED = Path(__file__).parents[2] / "fixtures" / "ui_events"


def read(name):
    return [parse_event(line) for line in (RECORDED / f"{name}.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("name", sorted(path.stem for path in RECORDED.glob("*.jsonl")))
def test_every_recorded_line_is_an_event(name):
    """Nothing that Terraform 1.11 prints in these runs is mistaken for text."""
    events = read(name)

    assert isinstance(events[0], ui_events.VersionEvent)
    assert not [event for event in events if isinstance(event, ui_events.OutputText)]


def test_apply_tells_each_resource_from_start_to_end():
    """A progress display needs the address, the action and the seconds."""
    events = read("apply")
    started = [event.address for event in events if isinstance(event, ui_events.ApplyStart)]
    completed = [event for event in events if isinstance(event, ui_events.ApplyComplete)]

    assert sorted(started) == sorted(event.address for event in completed)
    assert "terraform_data.dropped[0]" in started
    assert all(event.action == "create" and event.resource_id for event in completed)


def test_plan_tells_changes_and_their_sum():
    """Planned changes carry Terraform's reason for a replacement."""
    events = read("plan_changes")
    changes = {event.address: event for event in events if isinstance(event, ui_events.PlannedChange)}
    (summary,) = [event for event in events if isinstance(event, ui_events.ChangeSummary)]

    assert changes["terraform_data.shaken"].reason == "tainted"
    assert changes["terraform_data.dropped[1]"].action == "delete"
    assert (summary.operation, summary.add, summary.change, summary.remove) == ("plan", 3, 1, 4)


def test_sensitive_outputs_have_no_value():
    """Terraform itself leaves the value out, and so do events."""
    (outputs,) = [event for event in read("apply") if isinstance(event, ui_events.Outputs)]

    assert outputs.outputs["secret"] == {"sensitive": True, "type": "string"}
    assert outputs.outputs["word"]["value"] == "one"


def test_diagnostic_says_where():
    """File and line come with it; the address is read from the block where Terraform leaves it out."""
    (event,) = [
        event for event in read("failed_precondition") if isinstance(event, ui_events.DiagnosticEvent)
    ]
    diagnostic = event.diagnostic

    assert diagnostic.summary == "Resource precondition failed"
    assert (diagnostic.file, diagnostic.line) == ("main.tf", 54)
    assert diagnostic.subject == "terraform_data.checked"
    assert diagnostic.snippet.strip() == 'condition     = var.word == "never"'


def test_interrupted_run_has_errored_resources_and_unknown_types():
    """Types that gcbridge has no use for are kept whole."""
    events = read("interrupted_apply")
    others = [event for event in events if isinstance(event, ui_events.Other)]

    assert [event.address for event in events if isinstance(event, ui_events.ApplyErrored)] == [
        "terraform_data.slow"
    ]
    assert others[0].type == "provision_start"
    assert others[0].payload["hook"]["provisioner"] == "local-exec"


@pytest.mark.parametrize("line", ["Terraform crashed!\n", "[1, 2]", "", '"text"'])
def test_line_that_is_no_json_object_is_text(line):
    """A panic or a warning of the loader is not lost."""
    event = parse_event(line)

    assert isinstance(event, ui_events.OutputText)
    assert event.message == line.rstrip()


def test_known_type_with_unknown_shape_is_kept():
    """A future Terraform may change a shape; nothing breaks, nothing is lost."""
    event = parse_event('{"type": "apply_start", "@message": "hello", "hook": 3}')

    assert isinstance(event, ui_events.Other)
    assert (event.type, event.message, event.payload["hook"]) == ("apply_start", "hello", 3)


def test_events_are_frozen():
    """Callbacks of two threads cannot disturb each other through an event."""
    with pytest.raises(ValidationError, match="frozen"):
        read("init")[0].message = "other"
