"""Where a request goes: the parts of its target URI, and patterns of hosts and paths.

Rules, overrides and waivers know these patterns:

    host          host of the target URI, any case. `*` stands for anything, dots too: "*.example.com" is every host
                  below example.com, not example.com itself. A pattern without port fits every port.
    path          path of the target URI, as sent, without the query. `*` stands for anything within a segment, `{id}`
                  for anything that is not empty, `**` for any number of segments: "/api/**" is /api and all below it,
                  "**/*.js" every script, "/items/{id}" each item.

The time it takes grows linearly with the length of what is matched, whatever the pattern: leftmost matches suffice
between wildcards, so no choice is ever taken back.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TypeVar

from httplint.model.errors import TextError
from httplint.model.evidence import NotApplicable
from httplint.model.message import Request
from httplint.model.pattern import lazily

T = TypeVar("T")

_URI = lazily(r"[A-Za-z][A-Za-z0-9+.-]*+://([^/?#]*+)([^?#]*+)(?:\?([^#]*+))?")
"""Authority, path, query."""
_AUTHORITY = lazily(r"[^/?#@]*+(?<=[0-9])\Z")
"""What CONNECT asks for: it ends with a port (RFC 9110 §9.3.6)."""
_PORT = lazily(r":[0-9]*\Z")
_WILD = lazily(r"\*+|\{[^{}*/]+\}")


class PatternError(TextError):
    """A pattern that fits nothing, or is none; the message says what it should be."""


def host_pattern(pattern: str) -> re.Pattern[str]:
    """The hosts, in lower case with their port, that a pattern stands for. Raises PatternError."""
    text = pattern.strip().lower()
    if not text or "/" in text or "@" in text:
        raise PatternError(f"{pattern!r}: expected a host such as shop.example, *.shop.example or localhost:8080")
    port = "" if _PORT.search(text) and not text.endswith("]") else "(?::[0-9]*)?"
    return re.compile(glob(text, ".", port + r"\Z"), re.DOTALL)


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
        elif segment.count("{") != segment.count("}"):
            raise PatternError(f"{pattern!r}: a brace lacks the other; write {{id}}, within one segment")
        else:
            runs[-1].append(f"/{glob(segment, '[^/]', '(?=/|$)')}")
    first, *others = ("".join(run) for run in runs)
    if not others:
        return re.compile(first)
    *between, last = others
    steps = "".join(f"(?>(?:/[^/]*+)*?{run})" for run in between if run)
    # As many segments must follow as the last run has: `+` could not give one back.
    return re.compile(f"{first}{steps}(?:/[^/]*+)*{last}")


def glob(pattern: str, anything: str, end: str) -> str:
    """A regular expression for a text with `*` and `{name}`, which stand for such characters; `end` must follow it."""
    first, *others = map(re.escape, _WILD.split(pattern))
    if not others:
        return first + end
    parts = [f"{anything}{'*' if found[0] == '*' else '+'}" for found in _WILD.findall(pattern)]
    *between, last = others
    return (first + "".join(f"(?>{part}?{other})" for part, other in zip(parts, between, strict=False))
            + f"(?>{parts[-1]}{last}{end})")


class TargetURI(str):
    """A target URI (RFC 9110 §7.1) as text, with its parts (RFC 3986 §3): None for what it does not have.

    That of CONNECT is an authority, that of the server as a whole ends with `*`: neither has a path (RFC 9112 §3.3).
    """

    __slots__ = ()

    @property
    def host(self) -> str:
        """Name or address in lower case, without port; where it is not known, the rule does not apply."""
        if host := _PORT.sub("", _parts(self)[0]):
            return host
        raise NotApplicable("the host of the request")     # each http URI has one: it is not known

    @property
    def path(self) -> str | None:
        """The path as sent, without query, `/` where it is empty; None of CONNECT and of the server as a whole."""
        return _parts(self)[1] or None

    @property
    def query(self) -> str | None:
        """What stands behind the question mark, as sent; None without one."""
        return _parts(self)[2]


@lru_cache(32)
def _parts(uri: str) -> tuple[str, str, str | None]:
    """Host with its port, path and query of a target URI; asked for again by each override, each waiver, each rule."""
    found = _URI.match(uri)
    if found is None:
        return (_host(uri) if _AUTHORITY.match(uri) else ""), "", None
    if found[1].endswith("*") and uri.endswith("*"):       # of OPTIONS: there is no path (RFC 9112 §3.2.4)
        return _host(found[1].removesuffix("*")), "", None
    return _host(found[1]), found[2] or "/", found[3]


def _host(authority: str) -> str:
    host = authority.rpartition("@")[2].lower()
    return host.removesuffix(".").replace(".:", ":")       # the root of the domain name system changes nothing


def place(request: Request | None) -> tuple[str, str]:
    """(host in lower case, with the port if one was written; path) of a request; empty texts where not known."""
    return ("", "") if request is None else _parts(request.uri)[:2]


def host_of(uri: str) -> str:
    """The host of a URI, as `place` has it; an empty text where it has none."""
    return _parts(uri)[0]


class Targets:
    """Requests by the host and the path of their target URI: patterns, of which one must fit, if any are given.

    What is not known fits no pattern.
    """

    __slots__ = ("_hosts", "_paths")

    def __init__(self, hosts: Iterable[str], paths: Iterable[str]) -> None:
        """Raises PatternError, whose message begins with the key."""
        self._hosts = each("host", hosts, host_pattern)
        self._paths = each("path", paths, path_pattern)

    def fit(self, request: Request | None) -> bool:
        """Whether a request is meant."""
        if not self._hosts and not self._paths:
            return True
        host, path = place(request)
        return (not self._hosts or any_of(self._hosts, host)) and (not self._paths or any_of(self._paths, path))


def each(key: str, patterns: Iterable[str], make: Callable[[str], T]) -> list[T]:
    """What is made of the patterns of a key. Raises PatternError, whose message begins with the key."""
    out: list[T] = []
    for pattern in patterns:
        try:
            out.append(make(pattern))
        except PatternError as error:
            raise PatternError(f"{key}: {error}") from None
    return out


def any_of(patterns: list[re.Pattern[str]], text: str) -> bool:
    """Whether a text is there, and one of the patterns fits it."""
    if text:
        for pattern in patterns:
            if pattern.fullmatch(text):
                return True
    return False
