"""Alike findings are one block: by rule, host, method and path template.

A path template has {id} where a path has a part that the next recording of the same traffic would have differently:
numbers, dates, UUIDs, hashes, and identifiers made of random letters and digits, also within a segment
(order-4711, index-5f3a9c1e.js). Words, locales and versions such as v2 and 1.11.2 stay. Random identifiers are told
from names by how often they change between letters and digits or between small and capital letters: a name does so
only where its words begin.
"""
from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from httplint.engine.report import Finding, Report
from httplint.model.exchange import Exchange
from httplint.report import secrets
from httplint.report.escape import clipped, sound
from httplint.report.masker import Place, found, places, repeats_secret
from httplint.report.secrets import is_dense

ID = "{id}"

LONGEST = 1000
"""Characters of a template, at most; hostile paths are as long as they like."""

_DIGIT = re.compile(r"[0-9]")

_KNOWN = re.compile(
    r"(?:(?<![0-9A-Za-z%])|(?<=%[0-9A-Fa-f]{2}))(?:(?P<version>[0-9]{1,4}+(?:\.[0-9]{1,4}+(?![0-9A-Za-z]))++)"
    r"|(?:[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}"
    r"|[0-9]{4}-(?:[01][0-9](?:-[0-3][0-9])?|W[0-5][0-9](?:-[1-7])?)"
    r"(?:T[0-9]{2}(?:(?::|%3[Aa])?[0-9]{2}){0,2}(?:[.,][0-9]{1,9})?(?:Z|[+-][0-9]{2}(?:(?::|%3[Aa])?[0-9]{2})?)?)?"
    r"|[0-9]{8}T[0-9]{4,6}Z?"
    r"|v?(?:(?=[a-f]*+[0-9])[0-9a-f]{7,}+|(?=[A-F]*+[0-9])[0-9A-F]{7,}+))(?![0-9A-Za-z]))")
"""What is told by its form: versions, which stay; UUIDs; dates and times of ISO 8601; hashes and long numbers."""

_RUN = re.compile(r"(?:%[0-9A-Fa-f]{2})++|([0-9A-Za-z_-]++)(?:(?:=|%3[Dd]){1,2}+(?![^;,&]))?+")
"""Percent-encoded octets; or what may be base64url as a whole, with its padding."""

_TOKEN = re.compile(r"[0-9A-Za-z]++")

_WORD = re.compile(r"[A-Z]?[a-z]++|[A-Z]++(?![a-z])|[A-Z]|[0-9]++")
"""The words that a name in camel case is made of."""

_ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}|[0-7][0-9a-hjkmnp-tv-z]{25}")
_SERIAL = re.compile(r"([A-Za-z]++)[0-9]{5,}")

_BUNDLE = re.compile(r"(?<=[.-])([0-9A-Za-z_-]{8})(?=\.(?:[cm]?js|css)(?:\.map)?\Z)")
"""Where bundlers put the hash of a file: index-DkqXb2_v.js, chunk-HNX7ZLPA.js."""

_URI = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*+://)([^/?#]*+)([^?#]*+)")
"""Scheme, authority, path."""

_EPHEMERAL = re.compile(r"(localhost|127\.[0-9.]++|\[::1\]):(?:3276[89]|327[7-9][0-9]|32[89][0-9]{2}|3[3-9][0-9]{3}"
                        r"|[4-6][0-9]{4})")
"""A server of this machine at a port that the system chose (32768 and above), as those of test runs are."""


def template(path: str) -> str:
    """The path with what identifies one thing of many folded into {id}."""
    if _DIGIT.search(path):
        path = "/".join(_folded(segment) if _DIGIT.search(segment) else segment for segment in path.split("/"))
    return path[:LONGEST]


def _folded(segment: str) -> str:
    if segment.isdigit() and segment.isascii():            # by far the most frequent kind
        return ID
    segment = _BUNDLE.sub(_bundle, segment)
    out, end = [], 0
    for known in _KNOWN.finditer(segment):
        out += [_RUN.sub(_run, segment[end:known.start()]), known["version"] or ID]
        end = known.end()
    return "".join(out) + _RUN.sub(_run, segment[end:])


def _bundle(found: re.Match[str]) -> str:
    words = len(_WORD.findall(found[1]))
    random = words > 3 if found[1].upper() != found[1] else words > 2
    return ID if random and _DIGIT.search(found[1]) else found[1]


def _run(found: re.Match[str]) -> str:
    run = found[1]
    if run is None or not _DIGIT.search(run):
        return found[0]
    if _mixed(run):
        return ID
    return _TOKEN.sub(_token, run) + found[0][len(run):]


def _token(found: re.Match[str]) -> str:
    token = found[0]
    if not _DIGIT.search(token):
        return token
    if token.isdigit() or _ULID.fullmatch(token) or _mixed(token) or _single(token):
        return ID
    return _SERIAL.sub(rf"\1{ID}", token) if _SERIAL.fullmatch(token) else token


def _mixed(run: str) -> bool:
    return is_dense(run, 10, 2.5 if len(run) >= 20 else 2.34)


def _single(token: str) -> bool:
    """Whether digits and letters of one case alternate as they do in random base36 or base32 only."""
    size, words = len(token), len(_WORD.findall(token))
    return words >= 5 and size <= words * (4.5 if size >= 16 else 2)


class Kind(NamedTuple):
    """What alike findings have in common."""

    rule: str
    host: str
    """With scheme; empty where the request was not captured, as the next two."""
    path: str
    """As a template."""
    method: str
    field: str
    """In lower case; empty for findings about no field."""

    def __str__(self) -> str:
        """In one line, for people."""
        where = " ".join(part for part in (self.method, self.host + self.path) if part)
        return clipped(" ".join(part for part in (self.rule, where, f"({self.field})" if self.field else "") if part),
                       200)


@lru_cache(maxsize=1024)
def _place_of(method: str, uri: str) -> tuple[str, str, str]:
    found = _URI.match(uri)
    scheme, authority, path = (found[1].lower(), found[2], found[3]) if found else ("", "", uri.partition("?")[0])
    authority = authority.rpartition("@")[2].lower()
    ephemeral = _EPHEMERAL.fullmatch(authority)
    return scheme + (ephemeral[1] if ephemeral else authority)[:LONGEST], method[:LONGEST], template(path)


def place_of(method: str, uri: str) -> tuple[str, str, str]:
    """(host with scheme, method, path template) of a request by its method and target URI, without secrets.

    The host is without userinfo, and without the port where that is likely to be another one next time. A secret is an
    {id} like others, whatever its pseudonym.
    """
    return _place_of(_without_secrets(method), sound(_folded_secrets(uri, places(uri, secrets.in_uri(uri)))))


def place_in(exchange: Exchange) -> tuple[str, str, str]:
    """`place_of` its request, without all secrets of the exchange; empty texts where it was not captured."""
    request = exchange.request
    if request is None:
        return "", "", ""
    method, uri = request.method, request.uri
    where = places(uri, secrets.in_uri(uri))
    if repeats_secret(exchange, uri):
        where = found(exchange).everywhere(uri, secrets.in_uri(uri))
    return _place_of(_without_secrets(method), sound(_folded_secrets(uri, where)))


def _folded_secrets(text: str, where: list[Place]) -> str:
    for begin, end, _ in reversed(where):
        text = text[:begin] + ID + text[end:]
    return text


def _without_secrets(name: str) -> str:
    """A name of a field, or a method."""
    return sound(_folded_secrets(name, places(name, secrets.in_name(name))))


def field_of(name: str | None) -> str:
    """A name of a field in lower case, without secrets; empty for None."""
    return "" if name is None else _without_secrets(name).lower()[:LONGEST]


def key(finding: Finding, report: Report) -> Kind:
    """What a finding has in common with those like it; of a rule that speaks once for a host, whatever the path."""
    host, method, path = place_in(report.exchange)
    if finding.rule.once:
        method = path = ""
    return Kind(finding.rule_id, host, path, method, field_of(finding.location.name))
