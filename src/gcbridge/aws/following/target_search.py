"""Looks for events in one target, and behind it in the dead-letter queue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from gcbridge.aws.door import AwsDeniedError
from gcbridge.aws.following.letter_search import LetterSearch, Way, error_code
from gcbridge.aws.following.looks import choose_look
from gcbridge.aws.following.sighting import Look, Sighting, alike
from gcbridge.aws.session import Aws
from gcbridge.model.bridge import Rule
from gcbridge.model.result import DeliveryObservation
from gcbridge.model.target import AnyTarget
from gcbridge.study.input_transformer import transform_input


@dataclass
class TargetSearch:
    """All events on their way from the rules that match them to one target; what is settled is not looked at again.

    Args:
        aws: where the target is.
        target: that is to receive them.
        matches: rules, and the whole event that each matches.
    """

    aws: Aws
    target: AnyTarget
    matches: tuple[tuple[Rule, Mapping[str, Any]], ...]
    _look: Look = field(init=False)
    _letters: LetterSearch = field(init=False)
    _ways: dict[str, set[Way]] = field(init=False)
    """Id of an event -> its ways, one for each rule that matches it."""
    _seen: dict[str, Sighting] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self._look = choose_look(self.aws, self.target, {event["id"]: event for _, event in self.matches})
        self._letters = LetterSearch(self.aws, self.target)
        self._ways = defaultdict(set)
        for rule, event in self.matches:
            self._ways[event["id"]].add((rule.name, event["id"]))
        self._seen |= self._without_id()

    @property
    def is_settled(self) -> bool:
        """Looking into the target again cannot tell more."""
        return all(map(self._is_settled, self._ways))

    def look(self) -> None:
        """Look into the target for what is not settled.

        Raises:
            AwsError: AWS failed or could not be reached; "not allowed" is part of the answer.
        """
        wanted = [event_id for event_id in self._ways if not self._is_settled(event_id)]
        if wanted:
            try:
                self._seen |= self._look(wanted)
            except AwsDeniedError as error:
                self._seen |= alike(wanted, Sighting(None, f"{error.detail}; {error.hint}", final=True))

    def look_behind(self) -> bool:
        """Look into the dead-letter queue for what may be in it; True where looking again cannot tell more.

        Raises:
            AwsError: AWS failed or could not be reached; "not allowed" is part of the answer.
        """
        return self._letters.look(
            {way for event_id, ways in self._ways.items() if not self._is_delivered(event_id) for way in ways}
        )

    def _is_settled(self, event_id: str) -> bool:
        seen = self._seen.get(event_id)
        return (seen is not None and seen.final) or self._ways[event_id] <= self._letters.found.keys()

    def _is_delivered(self, event_id: str) -> bool:
        """As often as rules send it there, as far as that can be told."""
        seen = self._seen.get(event_id)
        if seen is None or not seen.delivered:
            return False
        return not 0 < seen.copies < len(self._ways[event_id])

    def _without_id(self) -> dict[str, Sighting]:
        written = self.target.input
        untold = Sighting(None, "the target's input leaves the event's id out", final=True)
        return {
            event["id"]: untold
            for rule, event in self.matches
            if written is not None and event["id"] not in transform_input(written, event, rule.arn)
        }

    def observations(self) -> Iterator[DeliveryObservation]:
        """What both looks told, of each rule and event."""
        for rule, event in self.matches:
            seen = self._seen.get(event["id"], Sighting(None, "not looked into"))
            letter = self._letters.found.get((rule.name, event["id"]))
            yield DeliveryObservation(
                rule=rule.name,
                target=self.target.name,
                event_id=event["id"],
                delivered=False if letter else seen.delivered,
                detail=self._letters.describe(letter) if letter else self._describe(event["id"], seen),
                error_code=error_code(letter) if letter else "",
                seen_at=None if letter else seen.seen_at,
            )

    def _describe(self, event_id: str, seen: Sighting) -> str:
        rules = len(self._ways[event_id])
        is_short = bool(seen.delivered) and 0 < seen.copies < rules
        return f"{seen.detail}, {seen.copies} of {rules} copies" if is_short else seen.detail
