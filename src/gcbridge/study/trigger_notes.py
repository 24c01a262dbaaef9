"""What a plan does to triggers that a person should know before it is applied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gcbridge.model.plan import PlanSummary

TRIGGER_TYPE = "genesyscloud_processautomation_trigger"


def replaced_trigger_notes(summaries: Sequence[PlanSummary]) -> Iterator[str]:
    """One sentence for each trigger that is replaced, as happens where its topic changes.

    Args:
        summaries: what would change.
    """
    for summary in summaries:
        for change in summary.replaces:
            if change.type == TRIGGER_TYPE:
                yield f"{change.address} is replaced: events between the old one and the new one start nothing"
