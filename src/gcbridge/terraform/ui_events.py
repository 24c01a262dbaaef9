"""Terraform's `-json` lines as frozen types.

Source: https://developer.hashicorp.com/terraform/internals/machine-readable-ui
"""

from __future__ import annotations

import json
import re
from typing import Annotated, Any, Literal

from pydantic import AliasPath, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from gcbridge.terraform.masking import SecretMask

_BLOCK = re.compile(r'(?:resource|(?P<data>data)) "(?P<type>[^"]+)" "(?P<name>[^"]+)"')


class _FromTerraform(BaseModel):
    """Newer Terraforms add keys, so unknown ones are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore", validate_by_name=True, validate_by_alias=True)


class Diagnostic(_FromTerraform):
    """An error or warning in Terraform's own words."""

    severity: Literal["error", "warning"]
    summary: str
    detail: str = ""
    address: str = ""
    """Resource address, where it belongs to one."""
    file: str = Field(default="", validation_alias=AliasPath("range", "filename"))
    """Relative to the stack's folder."""
    line: int = Field(default=0, validation_alias=AliasPath("range", "start", "line"))
    """Counted from 1; 0 where unknown."""
    snippet: str = Field(default="", validation_alias=AliasPath("snippet", "code"))
    """The lines of configuration it is about."""
    context: str = Field(default="", validation_alias=AliasPath("snippet", "context"))
    """The block they stand in, such as `resource "aws_sqs_queue" "this"`."""

    @property
    def subject(self) -> str:
        """The resource's address; where Terraform names only the block, the address inside its module."""
        block = _BLOCK.fullmatch(self.context)
        if self.address or block is None:
            return self.address
        return ".".join(part for part in (block["data"], block["type"], block["name"]) if part)


class UiEvent(_FromTerraform):
    """One moment of a run."""

    level: str = Field(default="info", validation_alias="@level")
    message: str = Field(default="", validation_alias="@message")
    """The sentence that Terraform would print."""


class VersionEvent(UiEvent):
    """Terraform says who it is; the first line of most commands."""

    type: Literal["version"]
    terraform: str = ""
    ui: str = ""


class PlannedChange(UiEvent):
    """Terraform would touch a resource."""

    type: Literal["planned_change"]
    address: str = Field(validation_alias=AliasPath("change", "resource", "addr"))
    action: str = Field(validation_alias=AliasPath("change", "action"))
    reason: str = Field(default="", validation_alias=AliasPath("change", "reason"))


class ResourceDrift(UiEvent):
    """Someone else changed a resource since the last apply."""

    type: Literal["resource_drift"]
    address: str = Field(validation_alias=AliasPath("change", "resource", "addr"))
    action: str = Field(validation_alias=AliasPath("change", "action"))


class ChangeSummary(UiEvent):
    """How many resources would be touched, or were."""

    type: Literal["change_summary"]
    operation: str = Field(validation_alias=AliasPath("changes", "operation"))
    """plan, apply or destroy."""
    add: int = Field(validation_alias=AliasPath("changes", "add"))
    change: int = Field(validation_alias=AliasPath("changes", "change"))
    remove: int = Field(validation_alias=AliasPath("changes", "remove"))


class _HookEvent(UiEvent):
    """A moment in the life of one resource."""

    address: str = Field(validation_alias=AliasPath("hook", "resource", "addr"))


class ApplyStart(_HookEvent):
    """Terraform begins with a resource."""

    type: Literal["apply_start"]
    action: str = Field(validation_alias=AliasPath("hook", "action"))


class ApplyProgress(_HookEvent):
    """A resource takes its time; Terraform says so every 10 seconds."""

    type: Literal["apply_progress"]
    action: str = Field(validation_alias=AliasPath("hook", "action"))
    elapsed_seconds: float = Field(default=0, validation_alias=AliasPath("hook", "elapsed_seconds"))


class ApplyComplete(_HookEvent):
    """A resource is done."""

    type: Literal["apply_complete"]
    action: str = Field(validation_alias=AliasPath("hook", "action"))
    elapsed_seconds: float = Field(default=0, validation_alias=AliasPath("hook", "elapsed_seconds"))
    resource_id: str = Field(default="", validation_alias=AliasPath("hook", "id_value"))


class ApplyErrored(_HookEvent):
    """A resource failed; a diagnostic follows."""

    type: Literal["apply_errored"]
    action: str = Field(validation_alias=AliasPath("hook", "action"))
    elapsed_seconds: float = Field(default=0, validation_alias=AliasPath("hook", "elapsed_seconds"))


class RefreshStart(_HookEvent):
    """Terraform reads a resource."""

    type: Literal["refresh_start"]


class RefreshComplete(_HookEvent):
    """A resource was read."""

    type: Literal["refresh_complete"]


class DiagnosticEvent(UiEvent):
    """An error or a warning."""

    type: Literal["diagnostic"]
    diagnostic: Diagnostic


class Outputs(UiEvent):
    """Root outputs: planned actions, or values; a sensitive one has no value here."""

    type: Literal["outputs"]
    outputs: dict[str, dict[str, Any]]


class InitOutput(UiEvent):
    """A step of `init`."""

    type: Literal["init_output"]
    message_code: str = ""


class Log(UiEvent):
    """A line for people, such as the one after an interrupt."""

    type: Literal["log"]


class Other(UiEvent):
    """A line of a type that gcbridge has no use for, kept whole."""

    type: str
    payload: dict[str, Any]


class OutputText(UiEvent):
    """A line that is not JSON; `message` holds it."""

    type: Literal["text"] = "text"


_Known = (
    VersionEvent
    | PlannedChange
    | ResourceDrift
    | ChangeSummary
    | ApplyStart
    | ApplyProgress
    | ApplyComplete
    | ApplyErrored
    | RefreshStart
    | RefreshComplete
    | DiagnosticEvent
    | Outputs
    | InitOutput
    | Log
)
_KNOWN: TypeAdapter[_Known] = TypeAdapter(Annotated[_Known, Field(discriminator="type")])


def parse_event(line: str, mask: SecretMask = SecretMask()) -> UiEvent:  # noqa: B008 - frozen and empty
    """Every line becomes an event; secrets are hidden before anyone sees it.

    Args:
        line: one line of standard output.
        mask: what to hide.
    """
    try:
        payload = json.loads(line)
    except ValueError:
        payload = None
    if not isinstance(payload, dict):
        return OutputText(message=mask.mask_text(line.rstrip("\r\n")))
    masked = mask.mask_json(payload)
    try:
        return _KNOWN.validate_python(masked)
    except ValidationError:
        return Other(
            level=str(masked.get("@level", "info")),
            message=str(masked.get("@message", "")),
            type=str(masked.get("type", "")),
            payload=masked,
        )
