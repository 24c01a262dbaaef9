"""Advice -> the files of a blueprint, so that `gcbridge init` can take it."""

from __future__ import annotations

import json

from gcbridge.model.advice import Advice, Fit
from gcbridge.study.advice.fragment import UNSAID_WORKFLOW, WORKFLOW
from gcbridge.study.advice.limits import TITLES


def blueprint_files(advice: Advice) -> dict[str, str]:
    """File name -> text; nothing where no model fits.

    Args:
        advice: what was answered.
    """
    if advice.chosen is None:
        return {}
    return {
        "blueprint.yaml": _manifest(advice),
        "environment.yaml": advice.fragment.replace(UNSAID_WORKFLOW, "    # workflow is asked for by init\n"),
        "README.md": _readme(advice.fits[0]),
    }


def _manifest(advice: Advice) -> str:
    best = advice.fits[0]
    reasons = "".join(f"  {finding.says}\n" for finding in best.findings)
    questions = [
        f"  - path: triggers.{name}.workflow\n    question: Id or name of the workflow that {name} starts\n    default: null\n"
        for name in _triggers(advice.fragment)
    ]
    asks = "".join(["asks:\n", *questions]) if questions else ""
    return f"title: {json.dumps(best.title)}\ndescription: |\n  As gcbridge advise answered:\n{reasons}{asks}"


def _triggers(fragment: str) -> list[str]:
    """Names of the triggers whose workflow nobody has said yet."""
    lines = fragment.splitlines()
    return [
        next(above for above in reversed(lines[:index]) if above.startswith("  ") and above[2] != " ").strip(
            " :"
        )
        for index, line in enumerate(lines)
        if line.strip() == f"workflow: {WORKFLOW}"
    ]


def _readme(best: Fit) -> str:
    findings = "".join(f"- {finding.says}\n" for finding in best.findings)
    limits = "".join(f"- {limit.says} ({limit.source})\n" for limit in best.limits)
    return f"# {TITLES[best.model]}\n\n{findings}\n## Limits\n\n{limits}"
