"""The one error of this room: a pattern that EventBridge would refuse."""

from __future__ import annotations

from gcbridge.errors import ExitCode, GcbridgeError
from gcbridge.model.origin import KeyPath, dotted


class InvalidPatternError(GcbridgeError, ValueError):
    """EventBridge would answer InvalidEventPatternException.

    Args:
        path: where in the pattern, such as `("detail", "eventBody", "action", 0)`; empty is the pattern itself.
        fault: what is wrong.
        hint: what to write instead.
        rule: name of the rule, where there is one.
    """

    exit_code = ExitCode.USAGE

    def __init__(self, path: KeyPath, fault: str, hint: str = "", *, rule: str = "") -> None:
        of = f"the pattern of rule {rule}" if rule else "the pattern"
        super().__init__(f"{of} is invalid: {fault}", where=dotted(path), hint=hint)
        self.path = path
        self.fault = fault
        self.rule = rule

    def of_rule(self, rule: str) -> InvalidPatternError:
        """The same fault with the name of its rule."""
        return InvalidPatternError(self.path, self.fault, self.hint, rule=rule)
