"""What a person chose for one run, instead of what the environment says."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from pydantic import ValidationError

from gcbridge.errors import UsageError
from gcbridge.model.bridge import Bridge
from gcbridge.model.proof import CauseName
from gcbridge.model.spec import VerifySpec


@dataclass(frozen=True, slots=True)
class Choices:
    """Settings of `verify` in an environment, each None where the environment's own holds."""

    cause: CauseName | None = None
    count: int | None = None
    interval_seconds: float | None = None
    timeout_seconds: int | None = None
    max_latency: float | None = None
    witness: bool | None = None


def with_choices(bridge: Bridge, choices: Choices, *, read_only: bool = False) -> Bridge:
    """The bridge with what was chosen for this run.

    Args:
        bridge: as the environment says.
        choices: what goes before it.
        read_only: nothing may be created or changed, so that only traffic counts, and no witness is opened.

    Raises:
        UsageError: `read_only` with something that creates, or a value that is out of range.
    """
    if read_only and choices.cause not in (None, "traffic"):
        raise UsageError(
            f"the cause {choices.cause} changes something in Genesys Cloud, and --read-only changes nothing",
            hint="leave out one of --cause and --read-only",
        )
    if read_only and choices.witness:
        raise UsageError(
            "a second witness needs a channel of the notification service, and --read-only creates nothing",
            hint="leave out one of --witness and --read-only",
        )
    changes = {name: value for name, value in asdict(choices).items() if value is not None}
    if read_only:
        changes |= {"cause": "traffic", "witness": False}
    try:
        settings = VerifySpec.model_validate({**bridge.verify.model_dump(), **changes})
    except ValidationError as error:
        problems = "; ".join(f"{one['loc'][0]}: {one['msg']}" for one in error.errors())
        raise UsageError(f"not a way to verify: {problems}", hint="gcbridge verify --help") from error
    return bridge.model_copy(update={"verify": settings})
