"""Marks and comments of flows, and details in their metadata."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mitmproxy import ctx, http

from httplint.engine.report import Finding
from httplint.model.severity import rank
from httplint.report.escape import clipped

MARKS = {"error": ":red_circle:", "warning": ":orange_circle:", "info": ":large_blue_circle:"}
"""Severity of the worst finding -> mark of the flow."""
COMMENTED = 8
"""How many findings the comment of a flow names, a line each."""
OWN = "httplint"
"""Key of a flow's metadata: what was found, and what was written where users can write too."""

Told = tuple[Finding, str, str]
"""A finding, its message and its place without secrets."""


def annotate(flow: http.HTTPFlow, told: Sequence[Told], comment: str = "") -> None:
    """Marks a flow, or takes our mark away; what users and other addons wrote stays."""
    before = flow.metadata.get(OWN)
    if before is None and not told and not comment:
        return
    worst_first = sorted(told, key=lambda one: rank(one[0].severity))
    mark = MARKS[worst_first[0][0].severity] if told else ""
    comment = _comment(worst_first) if told else comment
    if ctx.options.httplint_mark:
        if not flow.marked or flow.marked in MARKS.values():
            flow.marked = mark
        _say(flow, before, comment)
    else:
        comment = ""
    flow.metadata[OWN] = {"comment": comment, "findings": [_details(*one) for one in worst_first]}


def _say(flow: http.HTTPFlow, before: object, comment: str) -> None:
    """Puts our comment in the place of the one that was there before, if the metadata from then tells it."""
    old = before.get("comment") if isinstance(before, dict) else None
    if isinstance(old, str) and old and old in flow.comment:
        flow.comment = flow.comment.replace(old, comment).strip("\n")
    elif comment:
        flow.comment = f"{flow.comment}\n{comment}" if flow.comment else comment


def _comment(told: Sequence[Told]) -> str:
    """A line for each finding. The rule stands first, since a narrow column shows no more than that; the semicolons are
    for mitmweb, which shows lines as one."""
    lines = [f"{finding.rule_id} ({finding.severity}): {clipped(message, 150)}"
             for finding, message, _ in told[:COMMENTED]]
    more = len(told) - len(lines)
    return ";\n".join([*lines, *([f"and {more:,} more findings of httplint"] if more else [])])


def _details(finding: Finding, message: str, place: str) -> dict[str, Any]:
    """A finding as plain data, which mitmproxy can save."""
    return {"rule": finding.rule_id, "severity": finding.severity, "level": finding.level,
            "message": clipped(message, 500), "fix": finding.fix, "spec": finding.spec,
            "location": clipped(place, 200)}
