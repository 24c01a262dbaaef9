"""Reading an Architect file: which flow it describes. What the flow does is not looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

# Types of the SDK's model Flow (PureCloudPlatformClientV2 269.0.0), compared without case: a file says `inboundCall`.
FLOW_TYPES = frozenset(
    (
        "BOT BUSINESSPROCESS COMMONMODULE DIGITALBOT EMAILSEND INBOUNDCALL INBOUNDCHAT INBOUNDEMAIL "
        "INBOUNDSHORTMESSAGE INQUEUECALL INQUEUEEMAIL INQUEUESHORTMESSAGE OUTBOUNDCALL SECURECALL SPEECH "
        "SURVEYINVITE VOICE VOICEMAIL VOICESURVEY WORKFLOW WORKITEM"
    ).split()
)
HOME_DIVISION = "Home"


class FlowFileError(ValueError):
    """The text is no Architect file."""


@dataclass(frozen=True)
class FlowFile:
    """What an Architect file says of its flow; name, type and division together tell which flow it is."""

    type: str
    name: str
    division: str
    description: str


def read_flow_file(text: str) -> FlowFile:
    """The flow that the text describes.

    Raises:
        FlowFileError: it is no YAML, or not one flow of a known type with a name.
    """
    try:
        document = YAML(typ="safe", pure=True).load(text)
    except (YAMLError, ValueError) as error:
        raise FlowFileError(f"The file is not valid YAML: {error}") from error
    if not isinstance(document, dict) or len(document) != 1:
        raise FlowFileError("The file must have one key at its top: the type of the flow, such as workflow.")
    ((kind, content),) = document.items()
    if str(kind).upper() not in FLOW_TYPES:
        raise FlowFileError(f"{kind} is not a type of flow.")
    if not isinstance(content, dict):
        raise FlowFileError(f"{kind}: what the flow is made of is missing.")
    return FlowFile(
        type=str(kind).upper(),
        name=_text(content, "name", ""),
        division=_text(content, "division", HOME_DIVISION),
        description=_text(content, "description", " ").strip(),
    )


def _text(content: dict[str, Any], key: str, default: str) -> str:
    value = content.get(key) or default
    if not isinstance(value, str) or not value:
        raise FlowFileError(f"{key} must be a text, not {value!r}.")
    return value
