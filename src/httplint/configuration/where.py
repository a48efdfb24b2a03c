"""Which exchanges something holds for: the keys of [[override]] and [[waiver]] that say where.

Every key has one pattern or several, of which one must fit; all keys that are given must fit. What the capture does not
know fits no pattern.

    host          host of the target URI, any case. `*` stands for anything, dots too: "*.example.com" is every host
                  below example.com, not example.com itself. A pattern without port fits every port.
    path          path of the target URI, as sent, without the query. `*` stands for anything within a segment, `**` for
                  any number of segments: "/api/**" is /api and all below it, "**/*.js" every script.
    method        a method, by its exact name
    status        the code of the final response, 404, or a class of codes, "4xx"
    content-type  media type of the final response, any case, without parameters; `*` stands for anything: "image/*"
    field         (waivers only) name of the field that a finding points at, any case; `*` stands for anything

The time it takes grows linearly with the length of what is matched, whatever the pattern: leftmost matches suffice
between wildcards, so no choice is ever taken back.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import TypeVar

from httplint.engine.report import Finding
from httplint.model.errors import TextError
from httplint.model.exchange import Exchange

T = TypeVar("T")

KEYS = ("host", "path", "method", "status", "content-type")
"""What exchanges are chosen by."""
FIELD = "field"
"""What findings are chosen by."""

_STATUS = re.compile(r"[1-9][0-9]{2}|[1-9]xx")
TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
"""A name of a field, method or scheme (RFC 9110 §5.6.2)."""
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*+://([^/?#]*+)([^?#]*+)")
_PORT = re.compile(r":[0-9]*\Z")


class PatternError(TextError):
    """A pattern that fits nothing, or is none; the message says what it should be."""


def host_pattern(pattern: str) -> re.Pattern[str]:
    """The hosts, in lower case with their port, that a pattern stands for. Raises PatternError."""
    text = pattern.strip().lower()
    if not text or "/" in text or "@" in text:
        raise PatternError(f"{pattern!r}: expected a host such as shop.example, *.shop.example or localhost:8080")
    port = "" if _PORT.search(text) and not text.endswith("]") else "(?::[0-9]*)?"
    return re.compile(_glob(text, ".", port + r"\Z"), re.DOTALL)


def path_pattern(pattern: str) -> re.Pattern[str]:
    """The paths that a pattern stands for. Raises PatternError."""
    if not pattern.startswith(("/", "**")) or "?" in pattern or "#" in pattern:
        raise PatternError(f"{pattern!r}: expected a path that begins with / or **, without query")
    runs: list[list[str]] = [[]]                           # segments between those that are **
    for segment in pattern.removeprefix("/").split("/"):
        if segment == "**":
            runs.append([])
        elif "**" in segment:
            raise PatternError(f"{pattern!r}: ** stands for whole segments, as in /static/**/*.js; within one, write *")
        else:
            runs[-1].append(f"/{_glob(segment, '[^/]', '(?=/|$)')}")
    first, *others = ("".join(run) for run in runs)
    if not others:
        return re.compile(first)
    *between, last = others
    steps = "".join(f"(?>(?:/[^/]*+)*?{run})" for run in between if run)
    # As many segments must follow as the last run has: `+` could not give one back.
    return re.compile(f"{first}{steps}(?:/[^/]*+)*{last}")


def name_pattern(pattern: str) -> re.Pattern[str]:
    """The names, in lower case, that a pattern stands for: field names, media types. Raises PatternError."""
    text = pattern.strip().lower()
    if not text:
        raise PatternError("an empty text fits nothing")
    return re.compile(_glob(text, ".", r"\Z"), re.DOTALL)


def _glob(pattern: str, anything: str, end: str) -> str:
    """A regular expression for a text with `*`; `end` is what must follow it."""
    first, *others = (re.escape(part) for part in re.split(r"\*+", pattern))
    if not others:
        return first + end
    *between, last = others
    return first + "".join(f"(?>{anything}*?{part})" for part in between) + f"(?>{anything}*{last}{end})"


def place(exchange: Exchange) -> tuple[str, str]:
    """(host in lower case, with the port if one was written; path) of an exchange; empty texts where not known."""
    request = exchange.request
    if request is None:
        return "", ""
    if request.method == "CONNECT":                        # whose target is an authority (RFC 9110 §9.3.6)
        return _host(request.target), ""
    host, path = _split(request.uri)
    if request.target == "*":                              # of OPTIONS: there is no path (RFC 9112 §3.2.4)
        return host.removesuffix("*"), ""
    return host, path


@lru_cache(32)
def _split(uri: str) -> tuple[str, str]:
    """Host and path of a target URI; asked for again by each override and each waiver."""
    found = _URI.match(uri)
    return (_host(found[1]), found[2] or "/") if found else ("", "")


def _host(authority: str) -> str:
    host = authority.rpartition("@")[2].lower()
    return host.removesuffix(".").replace(".:", ":")       # the root of the domain name system changes nothing


class Hosts:
    """A list of host patterns."""

    __slots__ = ("_fits", "_patterns", "_told")

    def __init__(self, patterns: Iterable[str]) -> None:
        """Raises PatternError."""
        self._told = tuple(patterns)
        self._patterns = [host_pattern(pattern) for pattern in self._told]
        self._fits = lru_cache(4096)(self._search)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self._told,)

    def fits(self, host: str) -> bool:
        """Whether a host, as `place` has it, is in the list."""
        return self._fits(host)

    def _search(self, host: str) -> bool:
        return any(pattern.fullmatch(host) for pattern in self._patterns)


class Where:
    """Which exchanges, and for waivers which findings."""

    __slots__ = ("_content_types", "_fields", "_hosts", "_methods", "_paths", "_statuses", "keys")

    def __init__(self, keys: Mapping[str, tuple[str, ...]]) -> None:
        """`keys`: key -> patterns. Raises PatternError, whose message begins with the key."""
        self.keys = {key: tuple(patterns) for key, patterns in keys.items() if patterns}
        """As written."""
        self._hosts = _each("host", self.keys, host_pattern)
        self._paths = _each("path", self.keys, path_pattern)
        self._content_types = _each("content-type", self.keys, name_pattern)
        self._fields = _each(FIELD, self.keys, name_pattern)
        self._methods = frozenset(_each("method", self.keys, _method))
        self._statuses = frozenset(code for codes in _each("status", self.keys, _codes) for code in codes)

    def fits(self, exchange: Exchange) -> bool:
        """Whether an exchange is meant, whatever the field."""
        if self._statuses and exchange.response.status not in self._statuses:
            return False
        request = exchange.request
        if self._methods and (request is None or request.method not in self._methods):
            return False
        if self._hosts or self._paths:
            host, path = place(exchange)
            if self._hosts and not _any(self._hosts, host):
                return False
            if self._paths and not _any(self._paths, path):
                return False
        return not self._content_types or _any(self._content_types, _media_type(exchange))

    def fits_finding(self, finding: Finding, exchange: Exchange) -> bool:
        """Whether a finding on an exchange is meant."""
        if self._fields and not _any(self._fields, (finding.location.name or "").lower()):
            return False
        return self.fits(exchange)

    def __str__(self) -> str:
        return ", ".join(f"{key} {' or '.join(patterns)}" for key, patterns in self.keys.items()) or "everywhere"


def _any(patterns: list[re.Pattern[str]], text: str) -> bool:
    if text:
        for pattern in patterns:
            if pattern.fullmatch(text):
                return True
    return False


def _each(key: str, keys: Mapping[str, tuple[str, ...]], make: Callable[[str], T]) -> list[T]:
    out: list[T] = []
    for pattern in keys.get(key, ()):
        try:
            out.append(make(pattern))
        except PatternError as error:
            raise PatternError(f"{key}: {error}") from None
    return out


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
