"""What a function may have beside its code: permissions, secrets, queues that it sends to."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StrictBool, StrictInt

from gcbridge.model.base import Frozen


class PermissionSpec(Frozen):
    """What the function's role may do: IAM actions on exactly these resources."""

    actions: tuple[Annotated[str, Field(pattern=r"^[a-z0-9-]+:[A-Za-z]+$")], ...] = Field(min_length=1)
    """IAM actions such as translate:TranslateText, each in full."""
    resources: tuple[
        Annotated[str, Field(pattern=r"^(\*|arn:aws[a-z-]*:[^\s*]*:[^\s*]+([:/]\*)?)$")], ...
    ] = Field(min_length=1)
    """ARNs, with `*` at the end only, after `/` or `:`; or `*` alone where the service knows no finer ones."""


class FunctionQueueSpec(Frozen):
    """An SQS queue that the function sends to; its URL is told in the variable `<NAME>_QUEUE_URL`."""

    fifo: StrictBool = False
    """Keep the order within a message group, and take each message once; the function gives the group and the deduplication id."""
    message_retention_seconds: Annotated[StrictInt, Field(ge=60, le=1209600)] = 345600
    """60 seconds to 14 days; default 4 days."""
