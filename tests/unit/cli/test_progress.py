"""Long work is seen: a line when it ends, and every ten seconds while it lasts."""

from io import StringIO

from rich.console import Console

from gcbridge.cli.progress import LiveLines, PlainLines, watching
from gcbridge.model.progress import Progress

STORY = (
    Progress("aws: queue", "started", "create"),
    Progress("aws: queue", "running", "create", 4.0),
    Progress("aws: queue", "running", "create", 10.0),
    Progress("aws: queue", "running", "create", 12.0),
    Progress("aws: queue", "running", "create", 20.0),
    Progress("aws: queue", "finished", "create", 25.0),
    Progress("terraform", "started", "looking"),
    Progress("terraform", "cleared", ""),
    Progress("probe", "note", "removed"),
    Progress("aws: rule[0]", "failed", "create"),
)


def test_a_log_gets_few_lines():
    """No terminal: nothing moves, nothing is silent for long."""
    written = StringIO()
    lines = PlainLines(Console(file=written))

    for progress in STORY:
        lines(progress)

    assert written.getvalue().splitlines() == [
        "… aws: queue create (10.0 s)",
        "… aws: queue create (20.0 s)",
        "✓ aws: queue create (25.0 s)",
        "· probe removed",
        "✗ aws: rule[0] create",
    ]


def test_a_terminal_gets_a_live_display():
    """What has ended stays on the screen."""
    written = StringIO()
    console = Console(file=written, force_terminal=True, width=100)

    with watching(console) as watch:
        assert isinstance(watch, LiveLines)
        for progress in STORY:
            watch(progress)

    assert "probe" in written.getvalue()
