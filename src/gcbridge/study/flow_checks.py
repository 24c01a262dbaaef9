"""An Architect file, held against what the environment says of its flow."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from gcbridge.model.trigger import Flow, Trigger
from gcbridge.study.target_checks import Finding
from gcbridge.study.triggers.inputs import JSON_VARIABLE

WORKFLOW = "workflow"
_HOLE = re.compile(r"\{\{\s*([A-Za-z0-9_-]+)\s*\}\}")
_EXACT_HOLE = re.compile(r"\{\{([A-Za-z0-9_-]+)\}\}")


def substituted(text: str, flow: Flow) -> str:
    """The text as the provider uploads it: every `{{name}}`, without spaces, becomes its value.

    Source: MyPureCloud/terraform-provider-genesyscloud, genesyscloud/util/files.

    Args:
        text: of the Architect file.
        flow: whose substitutions.
    """
    for name, value in flow.substitutions:
        text = text.replace("{{" + name + "}}", value)
    return text


def substitution_findings(text: str, flow: Flow) -> Iterator[Finding]:
    """Names that the file asks for and nobody gives, and those that are given and the file does not ask for.

    Args:
        text: of the Architect file.
        flow: whose substitutions.
    """
    asked = dict.fromkeys(_EXACT_HOLE.findall(text))
    given = dict(flow.substitutions)
    for name in asked:
        if name not in given:
            yield (
                ("flows", flow.name, "file"),
                f"{flow.file} asks for {{{{{name}}}}}; write substitutions: {{{name}: ...}}",
            )
    for name in given:
        if name not in asked:
            yield ("flows", flow.name, "substitutions", name), _unasked(name, text, list(asked), flow)


def shape_findings(parsed: Mapping[str, Any], flow: Flow, triggers: tuple[Trigger, ...]) -> Iterator[Finding]:
    """What keeps the flow from being started by its triggers.

    Args:
        parsed: what the Architect file describes.
        flow: which flow.
        triggers: those of the environment.
    """
    path = ("flows", flow.name, "file")
    kinds = list(parsed)
    if kinds != [WORKFLOW]:
        shown = ", ".join(map(str, kinds)) or "nothing"
        yield (
            path,
            f"{flow.file} describes {shown}, and a trigger starts a workflow; its first line should be workflow:",
        )
        return
    if not flow_name(parsed):
        yield path, f"{flow.file} gives the workflow no name; write name: below workflow:"
    for trigger in triggers:
        starts = trigger.workflow.kind == "flow" and trigger.workflow.value == flow.name
        if starts and trigger.data_format == "Json" and JSON_VARIABLE not in str(parsed[WORKFLOW]):
            fault = (
                f"Json hands the event to an input variable Flow.{JSON_VARIABLE} of type JSON, which {flow.file} does not have; "
                "add it there, or write data_format: TopLevelPrimitives"
            )
            yield ("triggers", trigger.name, "data_format"), fault


def same_workflow_findings(flows: Iterable[Flow], names: Mapping[str, str]) -> Iterator[Finding]:
    """Flows that are one workflow, since Genesys Cloud tells workflows by name.

    Args:
        flows: those of the environment.
        names: flow -> what its file calls the workflow.
    """
    first: dict[str, str] = {}
    for flow in flows:
        name = names.get(flow.name)
        if name and first.setdefault(name, flow.name) != flow.name:
            fault = (
                f"is the workflow {name!r}, as {first[name]} is, and would be published over it; "
                f"let its triggers name {first[name]}, or give it another name in {flow.file}"
            )
            yield ("flows", flow.name), fault


def flow_name(parsed: Mapping[str, Any]) -> str:
    """Name of the workflow that a file describes; empty where it gives none."""
    flow = parsed.get(WORKFLOW)
    name = flow.get("name") if isinstance(flow, Mapping) else None
    return str(name) if name is not None else ""


def _unasked(name: str, text: str, asked: list[str], flow: Flow) -> str:
    if name in _HOLE.findall(text):
        return f"{flow.file} has spaces inside of the braces, so nothing is put there; write {{{{{name}}}}}"
    close = difflib.get_close_matches(name, asked, n=1)
    mend = f"did you mean {close[0]}?" if close else "remove it, or write " + "{{" + name + "}} there"
    return f"{flow.file} does not ask for it; {mend}"
