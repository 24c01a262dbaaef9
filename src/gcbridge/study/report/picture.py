"""The bridge as a picture, from the organization to the dead-letter queues, lit by what a verification found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from gcbridge.model.bridge import Bridge
from gcbridge.model.result import VerificationReport
from gcbridge.model.target import AnyTarget
from gcbridge.model.verification_words import BUS_HOP, counted, hop_latency
from gcbridge.study import link_names as names
from gcbridge.study.proof.traces import WITNESS
from gcbridge.study.report.lights import Light, Lights, light_of
from gcbridge.study.report.selection import Columns, Row, choose_columns, events_text, median_text
from gcbridge.study.report.shapes import Box, Frame, Label, Line, connect, make_box

WIDTH = 1180
TOP = 88
PITCH = 58
BOX_HEIGHT = 46
HUB_HEIGHT = 84
WITNESS_LANE = 84
ROWS_MIN = 3
GENESYS = (1, 236)
AWS = (276, 903)
INTEGRATION = (18, 202)
SOURCE = (292, 130)
BUS = (450, 128)
RULES = (610, 176)
TARGETS = (826, 190)
DEAD_LETTERS = (1046, 118)
"""Left edge and width of frames and columns, in pixels."""
LIGHT_WORDS: dict[Light, str] = {"failed": "is broken", "passed": "holds", "skipped": "could not be told"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing.

    Args:
        height: in pixels; its width is WIDTH.
        frames: the clouds, drawn first.
        lines: ways, drawn second.
        boxes: parts, drawn over them.
        labels: headings of columns.
        description: the picture in words, for those who do not see it.
    """

    height: float
    frames: tuple[Frame, ...]
    lines: tuple[Line, ...]
    boxes: tuple[Box, ...]
    labels: tuple[Label, ...]
    description: str
    width: int = WIDTH


def draw_bridge(bridge: Bridge, report: VerificationReport) -> Picture:
    """Hops are lit by checks and traces; more than ten rules or targets are counted in one box.

    Args:
        bridge: what there is to draw.
        report: what is known of it.
    """
    return _Drawing(bridge, report, Lights(bridge, report)).picture()


@dataclass(frozen=True)
class _Drawing:
    bridge: Bridge
    report: VerificationReport
    lights: Lights

    def picture(self) -> Picture:
        boxes = (
            *self.hubs,
            *self.rule_boxes,
            *self.target_boxes,
            *self.dead_letter_boxes,
            *self.witness_boxes,
        )
        return Picture(
            height=self.height,
            frames=tuple(self.frames()),
            lines=tuple(self.lines()),
            boxes=boxes,
            labels=tuple(self.labels()),
            description=" ".join(_described(box) for box in boxes),
        )

    @cached_property
    def columns(self) -> Columns:
        return choose_columns(self.lights)

    # Places

    @cached_property
    def lane(self) -> int:
        return max(ROWS_MIN, len(self.columns.rules), len(self.columns.targets)) * PITCH

    @property
    def middle(self) -> float:
        return TOP + self.lane / 2

    @property
    def aws_height(self) -> int:
        return TOP + self.lane + 6

    @property
    def height(self) -> int:
        return self.aws_height + (WITNESS_LANE if self.report.witness else 0) + 2

    def column(self, place: tuple[int, int], rows: Sequence[Row]) -> tuple[Box, ...]:
        top = self.middle - len(rows) * PITCH / 2 + (PITCH - BOX_HEIGHT) / 2
        return tuple(
            make_box(
                (place[0], top + index * PITCH, place[1], BOX_HEIGHT),
                row.light, row.title, row.notes, tooltip=row.tooltip, is_fold=row.is_fold,
            )
            for index, row in enumerate(rows)
        )  # fmt: skip

    def hub(self, place: tuple[int, int], light: Light, title: str, *notes: str) -> Box:
        return make_box((place[0], self.middle - HUB_HEIGHT / 2, place[1], HUB_HEIGHT), light, title, notes)

    # Parts

    def frames(self) -> Iterator[Frame]:
        organization, aws = self.bridge.organization, self.bridge.aws
        yield Frame(
            GENESYS[0], 1, GENESYS[1], self.height - 2, self.lights.organization,
            "Genesys Cloud", f"organization in {organization.region}",
        )  # fmt: skip
        yield Frame(
            AWS[0], 1, AWS[1], self.aws_height - 2, self.lights.account,
            f"AWS account {aws.account_id}", aws.region,
        )  # fmt: skip

    @cached_property
    def hubs(self) -> tuple[Box, Box, Box]:
        bus, lights = self.lights.tally(BUS_HOP), self.lights
        latency = hop_latency(self.report)
        topics = counted(len(self.bridge.integration.topics), "topic")
        return (
            self.hub(INTEGRATION, lights.integration, "integration", self.bridge.integration.name, topics),
            self.hub(SOURCE, lights.event_source, "event source", self.bridge.integration.event_source_suffix),
            self.hub(
                BUS, lights.event_bus, "event bus", events_text(bus), median_text(latency)
            ),
        )  # fmt: skip

    @cached_property
    def rule_boxes(self) -> tuple[Box, ...]:
        return self.column(RULES, self.columns.rules)

    @cached_property
    def target_boxes(self) -> tuple[Box, ...]:
        return self.column(TARGETS, self.columns.targets)

    @cached_property
    def dead_letter_boxes(self) -> tuple[Box, ...]:
        shown = self.columns.shown_targets
        return tuple(
            self.dead_letter_box(target, box) for target, box in zip(shown, self.target_boxes, strict=False)
        )

    def dead_letter_box(self, target: AnyTarget, beside: Box) -> Box:
        place = (DEAD_LETTERS[0], beside.y + 7, DEAD_LETTERS[1], BOX_HEIGHT - 14)
        if target.dead_letter_queue_name is None:
            return make_box(place, "skipped", "none", tooltip=f"{target.name} has no dead-letter queue")
        light = self.lights.dead_letters(target)
        check = self.lights.checks.get(names.dead_letter_link(target))
        said = check.observed if check else ""
        title = {"passed": "empty", "failed": "see checks", "skipped": "not told"}[light]
        return make_box(place, light, title, tooltip=f"dead-letter queue of {target.name}: {said}")

    @cached_property
    def witness_boxes(self) -> tuple[Box, ...]:
        witness = self.report.witness
        if witness is None:
            return ()
        y = self.aws_height + (WITNESS_LANE - BOX_HEIGHT) / 2 - 4
        heard = witness.both + witness.only_websocket
        light: Light = "passed" if heard else "skipped"
        latency = hop_latency(self.report, WITNESS)
        time = f", {median_text(latency)}" if latency else ""
        expected = counted(heard + witness.only_eventbridge + witness.neither, "event")
        heard_text = f"heard {heard:,} of {expected}{time}"
        return (
            make_box(
                (INTEGRATION[0], y, INTEGRATION[1], BOX_HEIGHT), light, "notification service", ("WebSocket",)
            ),
            make_box((SOURCE[0], y, 282, BOX_HEIGHT), light, "second witness", (heard_text,)),
        )

    # Lines

    def lines(self) -> Iterator[Line]:
        integration, source, bus = self.hubs
        yield connect(integration, source, self.lights.sending)
        yield connect(source, bus, self.lights.arrival, tooltip=events_text(self.lights.tally(BUS_HOP)))
        yield from self.matches(bus)
        yield from self.deliveries()
        for target, box in zip(self.target_boxes, self.dead_letter_boxes, strict=False):
            light: Light = "failed" if box.light == "failed" else "skipped"
            yield connect(target, box, light, is_quiet=True)
        if self.witness_boxes:
            notifications, witness = self.witness_boxes
            yield connect(notifications, witness, witness.light)

    def matches(self, bus: Box) -> Iterator[Line]:
        for row, box in zip(self.columns.rules, self.rule_boxes, strict=True):
            matching = (self.lights.matching(rule) for rule in self.bridge.rules if rule.name in row.members)
            yield connect(bus, box, light_of(matching), tooltip=f"{row.title}: {_joined(row.notes)}")

    def deliveries(self) -> Iterator[Line]:
        """One line for each pair of boxes, however many ways it stands for; the broken ones on top."""
        rows = {name: index for index, row in enumerate(self.columns.rules) for name in row.members}
        places = {name: index for index, row in enumerate(self.columns.targets) for name in row.members}
        found: dict[tuple[int, int], list[Light]] = defaultdict(list)
        for rule in self.bridge.rules:
            for target in map(self.bridge.target, rule.targets):
                found[rows[rule.name], places[target.name]].append(self.lights.delivery(rule, target))
        ways = [(light_of(lights), *pair) for pair, lights in found.items()]
        for light, rule_index, target_index in sorted(ways, key=lambda way: way[0] == "failed"):
            start, end = self.rule_boxes[rule_index], self.target_boxes[target_index]
            yield connect(start, end, light, tooltip=f"{start.title} to {end.title}")

    def labels(self) -> Iterator[Label]:
        yield Label(
            RULES[0], TOP - 12, f"{len(self.bridge.rules)} rules" if len(self.bridge.rules) != 1 else "rule"
        )
        count = len(self.bridge.targets)
        yield Label(TARGETS[0], TOP - 12, f"{count} targets" if count != 1 else "target")
        yield Label(DEAD_LETTERS[0], TOP - 12, "dead letters")


def _joined(notes: Sequence[str]) -> str:
    return "; ".join(note for note in notes if note) or "no event"


def _described(box: Box) -> str:
    return f"{box.tooltip} {LIGHT_WORDS[box.light]}."
