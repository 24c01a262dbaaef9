"""Partition keys of Firehose: jq finds them in a record, as in AWS; ministack itself reads plain paths only."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import jq
from ministack.services import firehose


def extract_keys(query: str, document: Any) -> dict[str, str]:
    """The partition keys that a query finds in a record.

    Raises:
        ValueError: jq refuses the query, it finds no object, or a key is no scalar value.
    """
    found = jq.compile(query).input_value(document).first()
    if not isinstance(found, dict):
        raise ValueError("the query makes no object")
    for name, value in found.items():
        if value is None or isinstance(value, dict | list):
            raise ValueError(f"partition key {name} has no scalar value")
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in found.items()}


def query_of(configuration: dict[str, Any]) -> str:
    """The query of a destination's MetadataExtraction processor."""
    processors = (configuration.get("ProcessingConfiguration") or {}).get("Processors") or []
    for processor in processors:
        for parameter in processor.get("Parameters") or []:
            if parameter["ParameterName"] == "MetadataExtractionQuery":
                return str(parameter["ParameterValue"])
    return ""


def metadata_extraction_keys(original: Callable[..., Any], cfg: dict[str, Any], data: bytes) -> Any:
    """The partition keys of a record, as ministack reads them or, if it can't, as jq does."""
    try:
        return original(cfg, data)
    except firehose._DeliveryError as error:
        if "unsupported jq" not in error.message:
            raise
        try:
            return extract_keys(query_of(cfg), json.loads(data))
        except (ValueError, StopIteration) as reason:
            message = f"Metadata extraction failed: {reason}"
            raise firehose._DeliveryError("processing-failed", message) from reason
