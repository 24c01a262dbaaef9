"""Looks for events in the dead-letter queue of a target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gcbridge.aws.dead_letters import find_letter_queue, look_into
from gcbridge.aws.door import AwsDeniedError
from gcbridge.aws.following.sighting import ids_in
from gcbridge.aws.session import Aws
from gcbridge.model.dead_letter import UNKNOWN, DeadLetter
from gcbridge.model.target import AnyTarget
from gcbridge.study.dead_letters import read_letter

OTHERS_LOOKED_AT = 100
"""Beside those that are looked for; a queue of old letters is not read to its end."""
MOST_LOOKED_AT = 1000

Way = tuple[str, str]
"""Name of a rule, id of an event that it matches."""


@dataclass
class LetterSearch:
    """One pass over the queue looks for all events; every letter is given back.

    Args:
        aws: where the queue is.
        target: whose dead-letter queue.
    """

    aws: Aws
    target: AnyTarget
    found: dict[Way, DeadLetter] = field(default_factory=dict, init=False)

    def look(self, wanted: set[Way]) -> bool:
        """Whether looking again cannot tell more: all were found, or there is nothing to look into.

        Raises:
            AwsError: SQS failed or could not be reached; "not allowed" ends the search.

        IAM actions: sqs:GetQueueUrl, sqs:GetQueueAttributes, sqs:ReceiveMessage, sqs:ChangeMessageVisibility.
        """
        missing = wanted - self.found.keys()
        if not missing or self.target.dead_letter_queue_name is None:
            return True
        try:
            queue = find_letter_queue(self.aws, self.target.dead_letter_queue_name)
            # Every look brings a letter nearer to the next queue, where there is one.
            if queue is None or queue.forwards:
                return True
            most = min(MOST_LOOKED_AT, OTHERS_LOOKED_AT + 2 * len(missing))
            seen = look_into(
                self.aws,
                queue,
                lambda message: self._way_of(missing, message) is not None,
                limit=len(missing),
                at_most=most,
            )
        except AwsDeniedError:
            return True
        for message in seen.messages:
            way = self._way_of(missing, message)
            if way is not None:
                self.found[way] = read_letter(self.target, message)
        return wanted <= self.found.keys()

    def _way_of(self, wanted: set[Way], message: Mapping[str, Any]) -> Way | None:
        ids = ids_in(message["Body"], {event_id for _, event_id in wanted})
        if not ids:
            return None
        rule = read_letter(self.target, message).rule
        return next((way for way in sorted(wanted) if way[1] in ids and rule in {way[0], UNKNOWN}), None)

    def describe(self, letter: DeadLetter) -> str:
        """A phrase about where a letter is, and why."""
        code = error_code(letter)
        reason = f": {code} {letter.error_message}".rstrip() if code else ""
        return f"is in dead-letter queue {self.target.dead_letter_queue_name}{reason}"


def error_code(letter: DeadLetter) -> str:
    """The code; empty where the letter has none."""
    return "" if letter.error_code == UNKNOWN else letter.error_code
