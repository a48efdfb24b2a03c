"""Alike findings are one block: by rule, host, method and path template."""
from __future__ import annotations

import re

from httplint.engine.report import Finding, Report

_VARIABLE = re.compile(
    r"[0-9]+"                                                              # numbers
    r"|[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"  # UUIDs
    r"|(?=[0-9a-fA-F]*[0-9])[0-9a-fA-F]{8,}"                               # hashes, object ids
    r"|[0-9]{4}-[0-9]{2}(-[0-9]{2})?(T[0-9:.]+Z?)?")                       # dates


_URI = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*+://[^/?#]*+)([^?#]*+)")
"""Scheme and authority, path."""


def template(path: str) -> str:
    """The path with numbers, UUIDs, hashes and dates folded into {id}."""
    return "/".join("{id}" if _VARIABLE.fullmatch(segment) else segment for segment in path.split("/"))


def place(report: Report) -> tuple[str, str, str]:
    """(host with scheme, method, path template) of an exchange; empty texts where the request was not captured."""
    request = report.exchange.request
    if request is None:
        return "", "", ""
    found = _URI.match(request.uri)
    host, path = (found[1], found[2]) if found else ("", request.uri)
    return host, request.method, template(path)


def key(finding: Finding, report: Report) -> tuple[str, str, str, str, str]:
    """What alike findings have in common."""
    return (finding.rule_id, (finding.location.name or "").lower(), *place(report))
