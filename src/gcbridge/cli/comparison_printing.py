"""Prints both ways of a comparison: side by side where there is room, one under the other elsewhere, or as JSON."""

from __future__ import annotations

from datetime import datetime

from rich.cells import cell_len
from rich.text import Text

from gcbridge.cli.event_printing import Out, clock_time
from gcbridge.model.comparison import ComparedEvent, ComparisonSummary, Sighting
from gcbridge.model.proof import Latency

TWO_COLUMNS_FROM = 110
MARKS = {"websocket": "[cyan]ws[/]", "eventbridge": "[magenta]eb[/]"}
WAY_NAMES = {"websocket": "the WebSocket", "eventbridge": "EventBridge"}


class ComparisonJson:
    """What was decided, one object a line."""

    def __init__(self, out: Out) -> None:
        self._out = out
        self.is_read = out.is_read

    def show_first(self, sighting: Sighting) -> None:
        """Nothing is decided yet."""

    def show_decided(self, event: ComparedEvent) -> None:
        """Print one."""
        self._out.print_json(event.model_dump(mode="json"))

    def show_summary(self, summary: ComparisonSummary) -> None:
        """The last line."""
        self._out.print_json(summary.model_dump(mode="json"))


class ComparisonColumns:
    """Both ways side by side, a line for each event once it is decided."""

    COLUMN = 22

    def __init__(self, out: Out) -> None:
        self._out = out
        self._has_head = False
        self.is_read = out.is_read

    def show_first(self, sighting: Sighting) -> None:
        """It gets its line when it is known whether it comes the other way, too."""

    def show_decided(self, event: ComparedEvent) -> None:
        """Print one."""
        if not self._has_head:
            self._has_head = True
            head = Text(f"{'WebSocket':{self.COLUMN}}{'EventBridge':{self.COLUMN}}event", style="dim")
            self._out.print_line(head)
        later = event.seconds_later
        first, second = self._lag(later, -1), self._lag(later, 1)
        line = Text()
        line.append_text(self._cell(event.websocket_at, first, filled=event.source == "gap-fill"))
        line.append_text(self._cell(event.eventbridge_at, second))
        room = self._out.console.width - 2 * self.COLUMN
        self._out.print_line(
            line.append_text(self._out.event_words(event.topic_name, event.event_body, room=room))
        )

    def show_summary(self, summary: ComparisonSummary) -> None:
        """The counts."""
        print_summary(summary, self._out)

    def _cell(self, moment: datetime | None, lag: str, *, filled: bool = False) -> Text:
        if moment is None:
            cell = Text("✗", style="red")
        else:
            cell = Text(clock_time(moment))
            cell.append(" gap-fill" if filled else lag, style="yellow" if filled else "dim")
        return cell.append(" " * max(1, self.COLUMN - cell_len(cell.plain)))

    @staticmethod
    def _lag(later: float | None, sign: int) -> str:
        return f" +{abs(later):.2f} s" if later is not None and later * sign > 0 else ""


class ComparisonLines:
    """Both ways one under the other: a line for each sighting, as it comes."""

    def __init__(self, out: Out) -> None:
        self._out = out
        self.is_read = out.is_read

    def show_first(self, sighting: Sighting) -> None:
        """Print it; the other way may follow."""
        mark = Text.from_markup(MARKS[sighting.way])
        self._out.print_line(
            self._out.event_line(sighting.seen_at, sighting.topic_name, sighting.event_body, mark)
        )

    def show_decided(self, event: ComparedEvent) -> None:
        """The second of two with how much later it came, or that none came."""
        later = event.seconds_later
        if later is None:
            way = "ws" if event.kind == "only-websocket" else "eb"
            moment = event.websocket_at or event.eventbridge_at
            mark = Text(f"only {way}", style="red")
        else:
            second = "eventbridge" if later >= 0 else "websocket"
            moment = event.eventbridge_at if later >= 0 else event.websocket_at
            mark = Text.from_markup(MARKS[second]).append(f" +{abs(later):.2f} s", style="green")
        assert moment is not None
        self._out.print_line(self._out.event_line(moment, event.topic_name, event.event_body, mark))

    def show_summary(self, summary: ComparisonSummary) -> None:
        """The counts."""
        print_summary(summary, self._out)


def comparison_lines(out: Out, *, as_json: bool) -> ComparisonJson | ComparisonColumns | ComparisonLines:
    """As wide as the terminal allows."""
    if as_json:
        return ComparisonJson(out)
    return ComparisonColumns(out) if out.console.width >= TWO_COLUMNS_FROM else ComparisonLines(out)


def print_summary(summary: ComparisonSummary, out: Out) -> None:
    """What came both ways and what came one, with how much later."""
    console, grace = out.console, f"{summary.grace_seconds:g} s"
    console.print(f"[bold]both ways[/]         {summary.both:>6}  {_later(summary.later)}", soft_wrap=True)
    for name, count, other in (
        ("only WebSocket", summary.only_websocket, "EventBridge"),
        ("only EventBridge", summary.only_eventbridge, "the WebSocket"),
    ):
        why = f"not over {other} within {grace}" if count else ""
        style = "red" if count else "bold"
        console.print(f"[{style}]{name:17}[/] {count:>6}  {why}".rstrip(), soft_wrap=True)
    for count, words in (
        (summary.undecided, "undecided: interrupted before the other way could follow"),
        (summary.filled, "told by the API after a gap, not by the socket"),
        *((count, f"copies over {WAY_NAMES[way]}") for way, count in summary.copies.items()),
    ):
        if count:
            console.print(f"[dim]{'':17} {count:>6}  {words}[/]", soft_wrap=True)


def _later(later: Latency | None) -> str:
    if later is None:
        return ""
    words = "later" if later.p50 >= 0 else "earlier"
    return (
        f"EventBridge {abs(later.p50):.2f} s {words} at the median, {later.p95:.2f} s at the 95th percentile, "
        f"{later.maximum:.2f} s at most"
    )
