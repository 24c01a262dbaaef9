"""Errors that Terraform prints beside the HCL line they belong to."""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from collections.abc import Iterator, Sequence

from gcbridge.sandbox.provider.messages import Message, message

AttributePath = tuple[str | int, ...]
"""Attribute names and list indexes from the top of the resource: ("config", 0, "properties")."""

# Terraform finds no line for the path of a block, but the block's first line for an attribute it lacks.
WHOLE_BLOCK = "-"


class ProviderError(Exception):
    """One diagnostic: a summary, a detail, and the attribute it is about."""

    def __init__(self, summary: str, detail: str = "", path: AttributePath = ()) -> None:
        super().__init__(summary)
        self.summary = summary
        self.detail = detail
        self.path = path


@contextlib.contextmanager
def reporting(response: Message) -> Iterator[None]:
    """Whatever is raised inside becomes an error diagnostic of `response` instead of a broken call."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - the last resort of every call
        response.diagnostics.append(diagnostic(error))


def diagnostic(error: Exception) -> Message:
    """The message Terraform prints; an unforeseen error is named by its type, traced only with TF_LOG."""
    if isinstance(error, ProviderError):
        return _build(error.summary, error.detail, error.path)
    if os.environ.get("TF_LOG"):
        traceback.print_exception(error, file=sys.stderr)
    return _build(
        f"{type(error).__name__}: {error}",
        "The stand-in did not expect this. Run it again with TF_LOG=debug to see where it was raised.",
        (),
    )


def attribute_path(path: Sequence[str | int]) -> Message:
    """The protocol's form of an attribute path."""
    return message(
        "AttributePath",
        steps=[
            message("AttributePath.Step", element_key_int=step)
            if isinstance(step, int)
            else message("AttributePath.Step", attribute_name=step)
            for step in path
        ],
    )


def _build(summary: str, detail: str, path: AttributePath) -> Message:
    built = message("Diagnostic", severity="ERROR", summary=summary, detail=detail)
    if path:
        built.attribute.CopyFrom(attribute_path(path))
    return built
