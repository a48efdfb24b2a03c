"""Which exchanges something holds for: the keys of [[override]] and [[waiver]] that say where.

Every key has one pattern or several, of which one must fit; all keys that are given must fit. What the capture does not
know fits no pattern.

    host, path    of the target URI: see `model.target`
    method        a method, by its exact name
    status        the code of the final response, 404, or a class of codes, "4xx"
    content-type  media type of the final response, any case, without parameters; `*` stands for anything: "image/*"
    field         (waivers only) name of the field that a finding points at, any case; `*` stands for anything
"""
from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TypeVar

from httplint.engine.report import Finding
from httplint.model.exchange import Exchange
from httplint.model.target import PatternError, Targets, any_of, each, glob, host_pattern

T = TypeVar("T")

KEYS = ("host", "path", "method", "status", "content-type")
"""What exchanges are chosen by."""
FIELD = "field"
"""What findings are chosen by."""

_STATUS = re.compile(r"[1-9][0-9]{2}|[1-9]xx")
TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
"""A name of a field, method or scheme (RFC 9110 §5.6.2)."""


def name_pattern(pattern: str) -> re.Pattern[str]:
    """The names, in lower case, that a pattern stands for: field names, media types. Raises PatternError."""
    text = pattern.strip().lower()
    if not text:
        raise PatternError("an empty text fits nothing")
    return re.compile(glob(text, ".", r"\Z"), re.DOTALL)


def spelled_out(patterns: Iterable[str], hosts: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Patterns of hosts with those that names stand for in their place."""
    return tuple(each for pattern in patterns for each in hosts.get(pattern.strip().lower(), (pattern,)))


class Hosts:
    """A list of host patterns."""

    __slots__ = ("_fits", "_patterns", "patterns")

    def __init__(self, patterns: Iterable[str]) -> None:
        """Raises PatternError."""
        self.patterns = tuple(patterns)
        """As written."""
        self._patterns = [host_pattern(pattern) for pattern in self.patterns]
        self._fits = lru_cache(4096)(self._search)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.patterns,)

    def fits(self, host: str) -> bool:
        """Whether a host, as `place` has it, is in the list."""
        return self._fits(host)

    def _search(self, host: str) -> bool:
        return any(pattern.fullmatch(host) for pattern in self._patterns)


class Where:
    """Which exchanges, and for waivers which findings."""

    __slots__ = ("_content_types", "_fields", "_methods", "_statuses", "_targets", "keys")

    def __init__(self, keys: Mapping[str, tuple[str, ...]], hosts: Mapping[str, tuple[str, ...]] = MappingProxyType({})
                 ) -> None:
        """`keys`: key -> patterns; `hosts`: those that the names of `[hosts]` stand for, in lower case.

        Raises PatternError, whose message begins with the key.
        """
        self.keys = {key: tuple(patterns) for key, patterns in keys.items() if patterns}
        """As written."""
        self._targets = Targets(spelled_out(self.keys.get("host", ()), hosts), self.keys.get("path", ()))
        self._content_types = self._of("content-type", name_pattern)
        self._fields = self._of(FIELD, name_pattern)
        self._methods = frozenset(self._of("method", _method))
        self._statuses = frozenset(code for codes in self._of("status", _codes) for code in codes)

    def _of(self, key: str, make: Callable[[str], T]) -> list[T]:
        return each(key, self.keys.get(key, ()), make)

    def fits(self, exchange: Exchange) -> bool:
        """Whether an exchange is meant, whatever the field."""
        if self._statuses and exchange.response.status not in self._statuses:
            return False
        request = exchange.request
        if self._methods and (request is None or request.method not in self._methods):
            return False
        if not self._targets.fit(request):
            return False
        return not self._content_types or any_of(self._content_types, _media_type(exchange))

    def fits_finding(self, finding: Finding, exchange: Exchange) -> bool:
        """Whether a finding on an exchange is meant."""
        if self._fields and not any_of(self._fields, (finding.location.name or "").lower()):
            return False
        return self.fits(exchange)

    def __str__(self) -> str:
        return ", ".join(f"{key} {' or '.join(patterns)}" for key, patterns in self.keys.items()) or "everywhere"


def _method(pattern: str) -> str:
    if not TOKEN.fullmatch(pattern) or "*" in pattern:
        raise PatternError(f"{pattern!r}: expected a method such as GET")
    return pattern


def _codes(pattern: str) -> range:
    if not _STATUS.fullmatch(pattern):
        raise PatternError(f"{pattern!r}: expected a status code such as 404, or a class such as 4xx")
    first = int(pattern.replace("x", "0"))
    return range(first, first + (100 if "x" in pattern else 1))


def _media_type(exchange: Exchange) -> str:
    fields = exchange.response.fields
    value = fields.combined("content-type") if fields is not None else None
    return (value or "").partition(";")[0].strip().lower()
