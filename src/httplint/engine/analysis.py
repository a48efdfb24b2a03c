"""What the conditions of a rule rely on: found when its file is read, kept in the built index."""
from __future__ import annotations

from typing import Any

from httplint.model.evidence import BITS, REASONS, Evidence
from httplint.model.named import NamedTuple

CHECKS = "httplint.rule_checks"
"""The module of compiled conditions that the wheel ships; Python keeps its bytecode."""

ANYTHING = "*"
"""What a rule reads of which nothing better is known."""


Trigger = str | frozenset[str] | None
"""Without what a rule has nothing to say: a field, as the atom of its value, or any of some response fields."""


class Role(NamedTuple):
    """How a rule is judged by a plan; what `plan.role` tells of each, and the built index has of ours."""

    under: Trigger
    """What it is looked up under where the capture has all request fields."""
    answered: Trigger
    """What it is looked up under elsewhere."""
    kind: str
    """As "own" of a column, "fieldwise", "remembered", "entered", or else "run"."""
    atoms: frozenset[str]
    """What this is known by."""


class Analysis(NamedTuple):
    """What a rule's conditions rely on, and the functions that they come to. Names of fields are in lower case."""

    needs: int
    """Facts (bits of model.evidence) that the capture must know."""
    guards: frozenset[str]
    """Response fields without which the rule cannot fire."""
    asked: frozenset[str]
    """Request fields without which the rule cannot fire."""
    among: frozenset[str]
    """Response fields of which one must be there for the rule to say anything; empty if that is not known."""
    absent_response: frozenset[str]
    """Response fields whose absence counts as proof; "*" for any."""
    absent_request: frozenset[str]
    """Request fields whose absence counts as proof."""
    places: tuple[tuple[str, str], ...]
    """(root, field name) in the order of reading: where a finding may point."""
    functions: tuple[str, ...]
    """The functions of the language that the code calls."""
    code: str | int
    """The source of `check` and `entry`, or the number of these functions in the built module CHECKS."""
    reads_request: bool = False
    """Whether it reads the value of some request field."""
    reads: frozenset[str] = frozenset((ANYTHING,))
    """All that `when`, `foreach` and `require` may look at, as `language.reads` has it; and what the message looks
    at of the time and the facts of the history, which are asked for before.
    """
    entry: frozenset[str] | None = None
    """What the begin of `when` reads that can be remembered, of a rule that cannot; the code has it as a function."""
    fieldwise: bool = False
    """Whether it judges the fields of the response one by one, each by its own lines, status code, version and method;
    and beside them the trailers, if it reads those."""

    def as_index(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {name: sorted(value) if isinstance(value, frozenset) else
                [list(item) if isinstance(item, tuple) else item for item in value] if isinstance(value, tuple) else
                value for name, value in zip(self._fields, self, strict=True)}

    def undecided(self, evidence: Evidence) -> bool:
        """Whether the rule, where it does not apply for lack of something, might if all request fields were known."""
        return self.reads_request and not evidence.knows("request_fields")

    def lacks(self, evidence: Evidence) -> str | None:
        """Why the capture does not let the rule be evaluated; None if it does."""
        if missing := self.needs & ~evidence.bits:
            return next(REASONS[fact] for fact, bit in BITS.items() if missing & bit)
        for absent, gaps, what in ((self.absent_response, evidence.response_gaps, "response"),
                                   (self.absent_request, evidence.request_gaps, "request")):
            hidden = gaps if "*" in absent else gaps & absent
            if hidden:
                return f"the capture may leave out {min(hidden)} of the {what}"
        return None
