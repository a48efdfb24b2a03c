"""A rule: one requirement, with what to say about it and examples that prove it."""
from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from httplint.engine import functions
from httplint.model.evidence import BITS, REASONS

SEVERITY = {"MUST": "error", "MUST NOT": "error", "SHOULD": "warning", "SHOULD NOT": "warning", "advice": "info"}
"""Level (the word of the specification) -> default severity."""

CONFIDENCE = ("high", "medium", "low")
BASIS = ("explicit", "implied")
STAGES = ("stable", "preview", "deprecated")
PROFILES = ("default", "strict", "api", "browser", "security")
"""What users may choose: sets of rules for a purpose. "strict" is every rule, previews too."""
PARTIES = ("origin", "proxy", "cache", "client", "server")

KEYS = {
    "id": str, "title": str, "level": str, "spec": str, "requirement": (str, list), "status": (int, str, list),
    "method": (str, list), "version": (str, list), "when": str, "foreach": str, "require": str, "message": str,
    "why": str, "fix": str, "bad": list, "good": list, "confidence": str, "basis": str, "party": str, "since": str,
    "stage": str, "profiles": (str, list), "renamed": (str, list), "tags": list,
}
"""Key of a rule file -> the type of its value."""

REQUIRED = ("id", "title", "level", "spec", "require", "message", "why", "fix", "bad", "good")

ID = re.compile(r"[a-z0-9][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)+\Z")

Outcome = list[tuple[str, Any]] | bool | None


class Rule:
    """One requirement. Its conditions are compiled at their first use (the slow part).

    `needs`, `guards` and the like come from `expression.analyse`, or ready-made from the built index.
    """

    __slots__ = ("absent_request", "absent_response", "alone", "asked", "bad", "basis", "check", "code", "confidence", "fix",
                 "foreach", "functions", "good", "guards", "id", "level", "line", "message", "methods",
                 "needs", "order", "party", "path", "places", "profiles", "reads_request", "renamed", "require",
                 "requirement",
                 "severity", "since", "spec", "stage", "statuses", "tags", "title", "versions", "when", "why")

    def __init__(self, data: dict[str, Any]) -> None:
        """`data`: the keys of the rule file, and of its analysis (see `as_index`)."""
        self.id: str = data["id"]
        self.title: str = data["title"]
        self.level: str = data["level"]
        self.severity: str = SEVERITY[self.level]
        self.spec: str = data["spec"]
        self.requirement: tuple[str, ...] = _many(data.get("requirement"))
        self.statuses = _statuses(data.get("status"))
        self.methods = frozenset(_many(data.get("method"))) or None
        self.versions = frozenset(_many(data.get("version"))) or None
        self.when: str | None = data.get("when")
        self.foreach: str | None = data.get("foreach")
        self.require: str = data["require"]
        self.message: str = data["message"]
        self.why: str = data["why"]
        self.fix: str = data["fix"]
        self.bad: tuple[str, ...] = tuple(data.get("bad", ()))
        self.good: tuple[str, ...] = tuple(data.get("good", ()))
        self.confidence: str = data.get("confidence", "high")
        self.basis: str = data.get("basis", "explicit")
        self.party: str | None = data.get("party")
        self.since: str = data.get("since", "0.1")
        self.stage: str = data.get("stage", "stable")
        self.profiles: tuple[str, ...] = _many(data.get("profiles"))
        """The profiles that it is on in; empty: in all."""
        self.renamed: tuple[str, ...] = _many(data.get("renamed"))
        self.tags: tuple[str, ...] = tuple(data.get("tags", ()))
        self.path: str = data["path"]
        self.line: int = data["line"]
        self.order = 0
        """Place in the catalogue, by which findings are sorted."""
        self.needs: int = data["needs"]
        if self.methods:
            self.needs |= BITS["request"]
        if self.versions:
            self.needs |= BITS["version"]
        self.absent_response = frozenset[str](data["absent_response"])
        self.absent_request = frozenset[str](data["absent_request"])
        self.guards = frozenset[str](data["guards"])
        self.asked = frozenset[str](data["asked"])
        self.alone: str | None = data.get("alone")
        """The response field on whose value alone the verdict depends; see `expression.Analysis`."""
        self.places: tuple[tuple[str, str], ...] = tuple((root, name) for root, name in data["places"])
        self.reads_request: bool = data["reads_request"]
        self.functions: tuple[str, ...] = tuple(data["functions"])
        self.code: str = data["code"]
        self.check: Callable[[object], Outcome] = self._compile
        """The conditions: from a case to None (does not apply), True (holds), or a list of violations."""

    def _compile(self, case: object) -> Outcome:
        """Compiles the conditions, puts the function in the place of this method, and calls it."""
        from httplint.engine.case import RUNTIME
        scope: dict[str, Any] = {"__builtins__": {}, **RUNTIME}
        for name in self.functions:
            scope[name] = functions.get(name).call
        exec(compile(self.code, f"<rule {self.id}>", "exec"), scope)  # noqa: S102 - written from a checked tree
        self.check = scope["check"]
        return self.check(case)

    def applies(self, status: int, method: str | None, version: str | None) -> bool:
        """Whether the rule is about such a response; an unknown method or version is judged by the evidence."""
        return ((self.statuses is None or status in self.statuses)
                and (self.methods is None or method is None or method in self.methods)
                and (self.versions is None or version is None or version in self.versions))

    def lacks(self, known: int, response_gaps: frozenset[str], request_gaps: frozenset[str]) -> str | None:
        """Why the capture does not let the rule be evaluated; None if it does."""
        if missing := self.needs & ~known:
            return next(REASONS[fact] for fact, bit in BITS.items() if missing & bit)
        for absent, gaps, what in ((self.absent_response, response_gaps, "response"),
                                   (self.absent_request, request_gaps, "request")):
            hidden = gaps if "*" in absent else gaps & absent
            if hidden:
                return f"the capture may leave out {min(hidden)} of the {what}"
        return None

    def as_index(self) -> dict[str, Any]:
        """What the built index keeps: enough for `Rule(...)` without another analysis."""
        out: dict[str, Any] = {
            "id": self.id, "title": self.title, "level": self.level, "spec": self.spec,
            "requirement": list(self.requirement), "status": sorted(self.statuses) if self.statuses else None,
            "method": sorted(self.methods or ()), "version": sorted(self.versions or ()), "require": self.require,
            "message": self.message, "why": self.why, "fix": self.fix, "bad": list(self.bad), "good": list(self.good),
            "path": self.path, "line": self.line, "needs": self.needs, "guards": sorted(self.guards),
            "asked": sorted(self.asked),
            "alone": self.alone, "absent_response": sorted(self.absent_response), "absent_request": sorted(self.absent_request),
            "places": [list(place) for place in self.places],
            "reads_request": self.reads_request, "functions": sorted(self.functions), "code": self.code,
        }
        for key, default in (("when", None), ("foreach", None), ("confidence", "high"), ("basis", "explicit"),
                             ("party", None), ("since", "0.1"), ("stage", "stable"), ("profiles", ()), ("renamed", ()),
                             ("tags", ())):
            if (value := getattr(self, key)) != default:
                out[key] = list(value) if isinstance(value, tuple) else value
        return out

    def __repr__(self) -> str:
        return f"<Rule {self.id}>"


def _many(value: str | list[str] | None) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


def _statuses(spec: int | str | list[int | str] | None) -> frozenset[int] | None:
    if spec is None:
        return None
    out: set[int] = set()
    for item in spec if isinstance(spec, list) else [spec]:
        out |= {item} if isinstance(item, int) else set(range(int(item[0]) * 100, int(item[0]) * 100 + 100))
    return frozenset(out)
