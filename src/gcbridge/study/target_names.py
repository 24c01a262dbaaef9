"""Default names of what targets create; the environment's name keeps environments of one account apart."""

from __future__ import annotations

import hashlib

from gcbridge.model.naming import ROLE_NAME_MAX

BUCKET_NAME_MAX = 63
FUNCTION_NAME_MAX = 64
TASK_NAME_MAX = 54
"""The module target-ecs-task makes roles with up to ten more characters."""
API_DESTINATION_NAME_MAX = 64


def resource_name(environment: str, target: str) -> str:
    """Name of what a target creates: queue, topic, stream, function, table, ..."""
    return f"gcbridge-{environment}-{target}"


def dead_letter_queue_name(environment: str, target: str) -> str:
    """Name of the queue that keeps what a target could not receive."""
    return f"gcbridge-{environment}-{target}-dead-letter"


def function_queue_name(environment: str, target: str, queue: str, *, fifo: bool) -> str:
    """Name of a queue that a target's function sends to."""
    return f"{resource_name(environment, target)}-{queue}{'.fifo' if fifo else ''}"


def queue_variable(queue: str) -> str:
    """The variable that tells a function the URL of one of its queues."""
    return f"{queue.upper()}_QUEUE_URL"


def log_group_name(environment: str, target: str) -> str:
    """Name of the log group that a target of type `log_group` creates; below /aws/events/ as AWS itself does."""
    return f"/aws/events/gcbridge/{environment}/{target}"


def role_name(region: str, environment: str, target: str, purpose: str) -> str:
    """Name of an IAM role; roles are global in an account, so the region is part of it.

    >>> role_name("eu-central-1", "dev", "crm", "deliver")
    'gcbridge-eu-central-1-dev-crm-deliver'
    """
    return fitting(f"gcbridge-{region}-{environment}-{target}-{purpose}", ROLE_NAME_MAX)


def bucket_name(account_id: str, region: str, environment: str, target: str) -> str:
    """Name of an S3 bucket: unique in the world, lower case."""
    name = f"gcbridge-{account_id}-{region}-{environment}-{target}".lower().replace("_", "-")
    return fitting(name, BUCKET_NAME_MAX).rstrip("-")


def archive_name(environment: str) -> str:
    """Name of the archive of an environment's bus; never longer than the 48 characters that AWS allows."""
    return f"gcbridge-{environment}"


def fitting(name: str, longest: int) -> str:
    """A name that is too long keeps its beginning, and a digest of the whole keeps it unique."""
    if len(name) <= longest:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{name[: longest - 9]}-{digest}"
