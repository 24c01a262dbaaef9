"""What the emulated Genesys Cloud is started with."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """Delays are in seconds; the client secret comes from the environment and is never written down."""

    state_folder: Path
    client_id: str
    client_secret: str = field(repr=False)
    source_delay_seconds: float = 2.0
    activation_delay_seconds: float = 1.0
    longest_retry_pause_seconds: float = 5.0
