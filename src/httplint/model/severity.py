"""How grave a finding is: levels, severities, and thresholds, from which up findings are shown or fail a run.

Kept light: the command line and the pytest plugin are made of it.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, TypeVar, get_args

Level = Literal["MUST", "MUST NOT", "SHOULD", "SHOULD NOT", "defect", "advice"]
"""The word of the specification, or ours.

A defect breaks no requirement, but by the specification of whoever receives it, what was sent has no effect,
contradicts itself, or contradicts the definition of its status code.
"""
Severity = Literal["error", "warning", "info"]
Confidence = Literal["high", "medium", "low"]
"""How well a capture proves a finding."""
Setting = Literal["error", "warning", "info", "off"]
"""What a configuration may make of a rule."""
Threshold = Literal[Severity, "never"]

SEVERITY: dict[Level, Severity] = {"MUST": "error", "MUST NOT": "error", "SHOULD": "warning", "SHOULD NOT": "warning",
                                   "defect": "warning", "advice": "info"}
"""Level -> default severity."""
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""The worst first."""
CONFIDENCES: tuple[Confidence, ...] = get_args(Confidence)
"""The surest first."""
SETTINGS: tuple[Setting, ...] = get_args(Setting)
THRESHOLDS: tuple[Threshold, ...] = get_args(Threshold)
"""Each severity, and what no finding reaches."""

Word = TypeVar("Word", bound=str)


def from_up(threshold: str) -> tuple[Severity, ...]:
    """The severities from a threshold upwards, the worst first; none for "never"."""
    return () if threshold == "never" else SEVERITIES[:SEVERITIES.index(threshold) + 1]


def rank(severity: str) -> int:
    """What sorts the worst first, and what is none of SEVERITIES last."""
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)


def worst(severities: Iterable[Word]) -> Word:
    """The worst of some; ValueError for none."""
    return min(severities, key=rank)


def counted(counts: Mapping[str, int]) -> list[str]:
    """Severity -> findings, in words, the worst first, such as "1 error" and "2 warnings"; what is none, unsaid."""
    return [f"{count:,} {severity}{'s' if count != 1 and severity != 'info' else ''}"
            for severity in SEVERITIES if (count := counts.get(severity, 0))]
