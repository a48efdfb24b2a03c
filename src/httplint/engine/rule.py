"""A rule: one requirement, with what to say about it and examples that prove it."""
from __future__ import annotations

import functools
import importlib
import re
from collections.abc import Callable
from types import FunctionType
from typing import Any

from httplint import vocabulary
from httplint.model.evidence import BITS, REASONS
from httplint.model.severity import SEVERITY

CONFIDENCE = ("high", "medium", "low")
BASIS = ("explicit", "implied")
STAGES = ("stable", "preview", "deprecated")
ONCE = ("host",)
"""How far one finding speaks for all alike: what a host sends with every response is said once, with the number."""
PROFILES = ("default", "strict", "api", "browser", "security")
"""What users may choose: sets of rules for a purpose. "strict" is every rule, previews too."""
PARTIES = ("origin", "proxy", "cache", "client", "server")

KEYS = {
    "malformed": str, "id": str, "title": str, "level": str, "spec": str, "requirement": (str, list),
    "status": (int, str, list), "method": (str, list), "version": (str, list), "when": str, "foreach": str,
    "require": str, "message": str, "why": str, "fix": str, "bad": list, "good": list, "confidence": str,
    "basis": str, "party": str, "since": str, "stage": str, "profiles": (str, list), "renamed": (str, list),
    "tags": list, "once": str,
}
"""Key of a rule file -> the type of its value."""

REQUIRED = ("id", "title", "level", "spec", "require", "message", "why", "fix", "bad", "good")

ID = re.compile(r"[a-z0-9][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)+\Z")

CHECKS = "httplint.rule_checks"
"""The module of compiled conditions that the wheel ships; Python keeps its bytecode."""

Outcome = list[tuple[str, Any]] | bool | None


PAGE = ("requirement", "when", "foreach", "require", "message", "why", "bad", "good", "since", "tags")
"""The keys that only the page of a rule shows. Judging does without them: `message` and conditions are in the code."""


class Rule:
    """One requirement. Its conditions are compiled at their first use (the slow part).

    `needs`, `guards` and the like come from `expression.analyse`, or ready-made from the built index, which keeps the
    keys of PAGE in a file of their own.
    """

    __slots__ = ("_page", "absent_request", "absent_response", "alone", "among", "asked", "basis", "check", "code",
                 "confidence", "fix", "functions", "gate", "gated", "guards", "id", "level", "line", "malformed",
                 "methods", "needs", "once", "order", "party", "path", "places", "profiles", "reads_request",
                 "renamed", "severity", "spec", "stage", "statuses", "title", "versions")

    def __init__(self, data: dict[str, Any]) -> None:
        """`data`: the keys of the rule file, and of its analysis (see `as_index`).

        Instead of the keys of PAGE, `page` may be a function from the id to these.
        """
        page: Callable[[str], dict[str, Any]] | None = data.get("page")
        self._page: dict[str, Any] | Callable[[str], dict[str, Any]] = page or {
            key: data[key] for key in PAGE if key in data}
        self.malformed: str | None = data.get("malformed")
        """The field, in lower case, whose malformed values are its matter alone; what else that says, the keys say."""
        self.id: str = data["id"]
        self.title: str = data["title"]
        self.level: str = data["level"]
        self.severity: str = SEVERITY[self.level]
        self.spec: str = data["spec"]
        self.statuses = _statuses(_many(data.get("status")))
        self.methods = frozenset(_many(data.get("method"))) or None
        self.versions = frozenset(_many(data.get("version"))) or None
        self.fix: str = data["fix"]
        self.confidence: str = data.get("confidence", "high")
        self.basis: str = data.get("basis", "explicit")
        self.party: str | None = data.get("party")
        self.stage: str = data.get("stage", "stable")
        self.profiles: tuple[str, ...] = _many(data.get("profiles"))
        """The profiles that it is on in; empty: in all."""
        self.once: str | None = data.get("once")
        """One of ONCE; None if every finding stands for itself."""
        self.renamed: tuple[str, ...] = _many(data.get("renamed"))
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
        self.gated: str | None = data.get("gate")
        """The response field on whose value alone `when` depends."""
        self.among = frozenset[str](data.get("among", ()))
        """Response fields of which one must be there for the rule to say anything; empty if that is not known."""
        self.places: tuple[tuple[str, str], ...] = tuple((root, name) for root, name in data["places"])
        self.reads_request: bool = data["reads_request"]
        self.functions: tuple[str, ...] = tuple(data["functions"])
        self.code: str | int = data["code"]
        """The source of `check`, or the number of the function in the built module of checks."""
        self.check: Callable[[object], Outcome] = self._compile
        """The conditions: from a case to None (does not apply), True (holds), or a list of violations."""

        self.gate: Callable[[object], bool] = self._compile_gate
        """`when` by itself, of a rule that is `gated`."""

    def _compile(self, case: object) -> Outcome:
        """Compiles the conditions, puts the functions in the place of these methods, and calls the first one."""
        self.check, self.gate = self._compiled()
        return self.check(case)

    def _compile_gate(self, case: object) -> bool:
        self.check, self.gate = self._compiled()
        return self.gate(case)

    def _compiled(self) -> tuple[Callable[[object], Outcome], Callable[[object], bool]]:
        from httplint.engine.case import RUNTIME
        scope: dict[str, Any] = {"__builtins__": {}, **RUNTIME}
        for name in self.functions:
            scope[name] = vocabulary.get(name).given(self.among)
        if isinstance(self.code, int):
            built = importlib.import_module(CHECKS)
            for name in ("check", "gate") if self.gated else ("check",):
                scope[name] = FunctionType(getattr(built, f"{name}_{self.code}").__code__, scope)
        else:
            exec(compile(self.code, f"<rule {self.id}>", "exec"), scope)  # noqa: S102 - written from a checked tree
        return scope["check"], scope.get("gate", bool)

    def _paged(self, key: str) -> Any:
        """A key of PAGE; reads the page of a built index at the first one."""
        page = self._page
        if not isinstance(page, dict):
            page = self._page = page(self.id)
        return page.get(key)

    @property
    def requirement(self) -> tuple[str, ...]:
        """The statements of the coverage table that it checks."""
        return _many(self._paged("requirement"))

    @property
    def when(self) -> str | None:
        return self._paged("when")  # type: ignore[no-any-return]

    @property
    def foreach(self) -> str | None:
        return self._paged("foreach")  # type: ignore[no-any-return]

    @property
    def require(self) -> str:
        return self._paged("require")  # type: ignore[no-any-return]

    @property
    def message(self) -> str:
        return self._paged("message")  # type: ignore[no-any-return]

    @property
    def why(self) -> str:
        return self._paged("why")  # type: ignore[no-any-return]

    @property
    def bad(self) -> tuple[str, ...]:
        return tuple(self._paged("bad") or ())

    @property
    def good(self) -> tuple[str, ...]:
        return tuple(self._paged("good") or ())

    @property
    def since(self) -> str:
        return self._paged("since") or "0.1"

    @property
    def tags(self) -> tuple[str, ...]:
        return tuple(self._paged("tags") or ())

    def about(self, status: int) -> bool:
        """Whether the rule is about responses with that status code."""
        return self.statuses is None or status in self.statuses

    def applies(self, method: str | None, version: str | None) -> bool:
        """Whether the rule is about such exchanges; an unknown method or version is judged by the evidence."""
        return ((self.methods is None or method is None or method in self.methods)
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
        """All that there is to know of the rule: enough for `Rule(...)` without another analysis."""
        out: dict[str, Any] = {
            "id": self.id, "title": self.title, "level": self.level, "spec": self.spec, "fix": self.fix,
            "status": _classes(self.statuses), "method": sorted(self.methods or ()),
            "version": sorted(self.versions or ()), "path": self.path, "line": self.line, "needs": self.needs,
            "guards": sorted(self.guards), "asked": sorted(self.asked), "alone": self.alone, "gate": self.gated,
            "among": sorted(self.among),
            "absent_response": sorted(self.absent_response), "absent_request": sorted(self.absent_request),
            "places": [list(place) for place in self.places], "reads_request": self.reads_request,
            "functions": sorted(self.functions), "code": self.code, "require": self.require, "message": self.message,
            "why": self.why, "bad": list(self.bad), "good": list(self.good), "requirement": list(self.requirement),
        }
        for key, default in (("when", None), ("foreach", None), ("confidence", "high"), ("basis", "explicit"),
                             ("party", None), ("once", None),
                             ("since", "0.1"), ("stage", "stable"), ("profiles", ()), ("renamed", ()),
                             ("tags", ())):
            if (value := getattr(self, key)) != default:
                out[key] = list(value) if isinstance(value, tuple) else value
        return out

    def __repr__(self) -> str:
        return f"<Rule {self.id}>"


def _many(value: Any) -> tuple[Any, ...]:
    if value is None:
        return ()
    return tuple(value) if isinstance(value, (list, tuple)) else (value,)


@functools.lru_cache(256)
def _statuses(spec: tuple[int | str, ...]) -> frozenset[int] | None:
    """404, "4xx" -> the codes; None for all."""
    out: set[int] = set()
    for item in spec:
        out |= {item} if isinstance(item, int) else set(range(int(item[0]) * 100, int(item[0]) * 100 + 100))
    return frozenset(out) or None


def _classes(statuses: frozenset[int] | None) -> list[int | str]:
    """The codes as a rule file has them, whole classes as such."""
    codes = statuses or frozenset()
    whole = [hundred for hundred in range(1, 10) if codes >= set(range(hundred * 100, hundred * 100 + 100))]
    return [f"{hundred}xx" for hundred in whole] + sorted(code for code in codes if code // 100 not in whole)
