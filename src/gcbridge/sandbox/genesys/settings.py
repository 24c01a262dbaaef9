"""What the emulated Genesys Cloud is started with."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """Delays, lives and pauses are in seconds; the client secret comes from the environment and is never written down.

    Limits of the notification service and its pause between heartbeats are those of the real one (Genesys developer
    blog, 2022-07-29); tests shorten them. Tokens live for a day because the Go SDK authorizes again 60 s before the
    end and panics when that fails.
    """

    state_folder: Path
    client_id: str
    client_secret: str = field(repr=False)
    source_delay_seconds: float = 2.0
    activation_delay_seconds: float = 1.0
    longest_retry_pause_seconds: float = 5.0
    token_life_seconds: int = 86_400
    heartbeat_seconds: float = 30.0
    channel_life_seconds: float = 86_400.0
    closing_notice_seconds: float = 60.0
    channels_per_client: int = 20
    topics_per_channel: int = 1_000
    audit_query_seconds: float = 0.2
    flow_job_seconds: float = 0.2
    trigger_delay_factor: float = 1.0
    """What `delayBySeconds` of a trigger is multiplied with."""
