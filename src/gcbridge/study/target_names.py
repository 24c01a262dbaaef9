"""Default names of what targets create; the environment's name keeps environments of one account apart."""

from __future__ import annotations


def queue_name(environment: str, target: str) -> str:
    """Name of the queue that a target of type `sqs` creates."""
    return f"gcbridge-{environment}-{target}"


def dead_letter_queue_name(environment: str, target: str) -> str:
    """Name of the queue that keeps what a target could not receive."""
    return f"gcbridge-{environment}-{target}-dead-letter"


def log_group_name(environment: str, target: str) -> str:
    """Name of the log group that a target of type `log_group` creates; below /aws/events/ as AWS itself does."""
    return f"/aws/events/gcbridge/{environment}/{target}"
