"""The control endpoint of the emulated AWS: what goes wrong on purpose."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any


def control(aws: Any, method: str, body: Any = None) -> tuple[int, Any]:
    """A call of the control endpoint: the status, and what was answered."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{aws.endpoint}/_sandbox/faults", data, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            text = answer.read()
            return answer.status, json.loads(text) if text else None
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())
