"""Long work is seen: a line when it ends, and every ten seconds while it lasts."""

import errno
from io import StringIO

from rich.console import Console

from gcbridge.cli.console import PatientWatcher
from gcbridge.cli.progress import PlainLines, watching
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
        for progress in STORY:
            watch(progress)

    assert "probe" in written.getvalue()
    assert "\x1b[" in written.getvalue(), "nothing moved"


def test_a_terminal_that_is_gone_stops_the_talk_and_not_the_work():
    """Its file answers with an input/output error once the terminal was closed."""
    heard = []

    def tell(progress):
        heard.append(progress.subject)
        raise OSError(errno.EIO, "Input/output error")

    watch = PatientWatcher(tell)
    for progress in STORY:
        watch(progress)

    assert heard == ["aws: queue"]
