"""Offline EventBridge event patterns: which rules match an event, and why the others do not.

The semantics are those of AWS's own engine, aws/event-ruler 2.0.1 (`Machine` with JSON events), which is what the
EventBridge user guide describes in "Comparison operators for use in event patterns".

>>> router = Router({"deleted": {"detail": {"eventBody": {"action": ["Delete"]}}}})
>>> router.match({"detail": {"eventBody": {"action": "Delete"}}})
('deleted',)
"""

from gcbridge.routing.explanation import Explanation, FieldVerdict
from gcbridge.routing.invalid import InvalidPatternError
from gcbridge.routing.parse import parse_pattern
from gcbridge.routing.pattern import Branch, FieldTest, Pattern
from gcbridge.routing.router import Router

__all__ = [
    "Branch",
    "Explanation",
    "FieldTest",
    "FieldVerdict",
    "InvalidPatternError",
    "Pattern",
    "Router",
    "parse_pattern",
]
