"""Notes of an integration, which others may write at the same moment."""

from __future__ import annotations

import re
from collections.abc import Callable

from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_random

from gcbridge.genesys.client import GenesysCloud
from gcbridge.genesys.failures import GenesysRefusedError

_VERSION_ATTEMPTS = 5


def without_marks(notes: str, run_id: str) -> str:
    """The notes without what one run has written into them.

    >>> without_marks("ours (gcbridge probe a1-2), ask Bo", "a1")
    'ours, ask Bo'
    """
    return re.sub(rf" \(gcbridge probe {re.escape(run_id)}-\d+\)", "", notes)


def rewrite_notes(genesys: GenesysCloud, integration_id: str, rewrite: Callable[[str], str]) -> bool:
    """Reads and writes again when somebody else wrote in between (optimistic lock by `version`); whether there was anything to write.

    Raises:
        GenesysError: no such integration, or Genesys Cloud refused.
    """
    is_other = False
    for attempt in Retrying(
        retry=retry_if_exception(_is_version_conflict),
        stop=stop_after_attempt(_VERSION_ATTEMPTS),
        wait=wait_random(0, 0.5),
        reraise=True,
    ):
        with attempt:
            configuration = genesys.configuration(integration_id)
            notes = rewrite(configuration.notes)
            if is_other := notes != configuration.notes:
                genesys.write_notes(integration_id, configuration, notes)
    return is_other


def _is_version_conflict(error: BaseException) -> bool:
    """409, or 400 with the sentence that the genesyscloud provider looks for."""
    return isinstance(error, GenesysRefusedError) and (
        error.status == 409 or (error.status == 400 and "does not match the current version" in error.detail)
    )
