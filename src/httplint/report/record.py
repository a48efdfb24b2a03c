"""A judged exchange as plain data: what the JSON formats write, and every other report can be made of.

Whatever stands in a record is clipped, and masked unless secrets are asked for. `result.py` reads records back.
"""
from __future__ import annotations

from typing import Any

from httplint.engine.report import Finding, Report
from httplint.engine.rule import Rule
from httplint.model.exchange import Exchange, Source
from httplint.model.fields import Fields
from httplint.model.message import Request, Response
from httplint.report.escape import masked, masked_content, masked_message, masked_uri, secrets_of, sound
from httplint.report.links import link

VALUE_SHOWN = 4096
"""How much of a URI, a field value or any other line is kept, in characters."""

CONTENT_SHOWN = 1000
"""How much of a content is kept, in octets."""

BINARY_SHOWN = 64
"""How much of a content is kept that is not text."""


class Begin(bytes):
    """The first octets of a content, where the rest was not kept."""


def record(report: Report, show_secrets: bool = False) -> dict[str, Any]:
    """The plain-data form of one judged exchange.

    source: path, entry, pointer, line, column, or None. request: method, uri, target (as sent, None where the capture
    does not know it), version, fields, content, or None. response: status, reason, version, fields, trailers, content.
    interim: a list of status, reason, version, fields. findings: a list of `finding` each. suppressed: the same, each
    with suppression: kind, reason. Fields and trailers are lists of (name, value), or None where they were not
    captured; a content is text, size (octets sent, as far as known), clipped; or None where it was not captured.
    """
    out = exchange_record(report.exchange, show_secrets)
    out["findings"], out["suppressed"] = finding_records(report, show_secrets)
    return out


def finding_records(report: Report, show_secrets: bool = False) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(the findings, the suppressed findings) of an exchange as the JSON formats have them."""
    secrets = None if show_secrets else secrets_of(report.exchange)
    return ([_finding(finding, report, secrets) for finding in report.findings],
            [{**_finding(finding, report, secrets),
              "suppression": {"kind": suppression.kind, "reason": _clip(suppression.reason)}}
             for finding, suppression in report.suppressed])


def slim(exchange: Exchange) -> Exchange:
    """The exchange with no more content than reports show, to be kept."""
    old, asked = exchange.response, exchange.request
    response = Response(old.status, old.version, old.reason, old.fields, _begin(old.content), old.trailers, old.size)
    request = None if asked is None else Request(asked.method, asked.target, asked.version, asked.fields,
                                                 _begin(asked.content), asked.trailers, asked.size, asked.scheme)
    return Exchange(response, request, exchange.interim, exchange.started, exchange.evidence, exchange.source)


def _begin(content: bytes | None) -> bytes | None:
    return content if content is None or len(content) <= CONTENT_SHOWN else Begin(content[:CONTENT_SHOWN])


def exchange_record(exchange: Exchange, show_secrets: bool) -> dict[str, Any]:
    """The record of an exchange without its findings."""
    response, source = exchange.response, exchange.source
    return {
        "source": None if source is None else source_record(source),
        "request": _request(exchange, show_secrets),
        "response": {**_start(response, show_secrets), "trailers": _lines(response.trailers, show_secrets),
                     "content": _content(response.content, response.size, show_secrets)},
        "interim": [_start(interim, show_secrets) for interim in exchange.interim],
    }


NOWHERE = dict.fromkeys(("path", "entry", "pointer", "line", "column"))


def source_record(source: Source) -> dict[str, Any]:
    """Where an exchange stands in its capture."""
    return {"path": _clip(source.path), "entry": source.entry, "pointer": source.pointer, "line": source.line,
            "column": source.column}


def _finding(finding: Finding, report: Report, secrets: frozenset[str] | None) -> dict[str, Any]:
    """`secrets`: those of the exchange, or None to show them."""
    location, rule, exchange = finding.location, finding.rule, report.exchange
    source, request = location.source, exchange.request
    message, offset, uri = finding.message, location.offset, None
    if request is not None:
        uri = _clip(request.uri) if secrets is None else masked_uri(_clip(request.uri))
    if secrets is not None:
        message = masked_message(finding, secrets)
        offset = shown_offset(finding, exchange)
    return {
        "rule": finding.rule_id, "severity": finding.severity, "level": rule.level, "confidence": rule.confidence,
        "basis": rule.basis, "message": _clip(message), "title": rule.title, "fix": rule.fix, "spec": rule.spec,
        "link": link(rule.spec), "request": None if request is None else {"method": _clip(request.method), "uri": uri},
        "status": exchange.response.status,
        "location": {
            "message": location.message, "part": location.part,
            "field": None if location.name is None else _clip(location.name), "index": location.index,
            "offset": offset, **(source_record(source) if source else NOWHERE),
        },
    }


def rule_record(rule: Rule) -> dict[str, Any]:
    """What reports say of a rule: its page."""
    return {"title": rule.title, "level": rule.level, "severity": rule.severity, "spec": rule.spec,
            "link": link(rule.spec), "confidence": rule.confidence, "basis": rule.basis,
            "status": None if rule.statuses is None else sorted(rule.statuses), "tags": list(rule.tags),
            "why": rule.why, "fix": rule.fix, "bad": list(rule.bad), "good": list(rule.good),
            **({"once": rule.once} if rule.once else {})}


def shown_offset(finding: Finding, exchange: Exchange) -> int | None:
    """The octet at fault within its field value, unless the value is shown masked: there it would mark another."""
    location = finding.location
    offset, index = location.offset, location.index
    if offset is None or index is None:
        return None
    for message in (exchange.response, exchange.request, *exchange.interim):
        lines = message.fields.lines if message is not None and message.fields is not None else ()
        if index < len(lines) and lines[index][0] == location.name and masked(*lines[index]) != lines[index][1]:
            return None
    return offset


def content_text(content: bytes, limit: int = CONTENT_SHOWN) -> str:
    """The begin of a content as text: UTF-8, or else one character an octet and not much of it."""
    begin = content[:limit]
    try:
        return begin.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start > len(begin) - 4 and (len(content) > len(begin) or isinstance(content, Begin)):
            return begin[:error.start].decode("utf-8")     # it was cut within a character
        return begin[:BINARY_SHOWN].decode("latin-1")


def _request(exchange: Exchange, show_secrets: bool) -> dict[str, Any] | None:
    request = exchange.request
    if request is None:
        return None
    uri, target = _clip(request.uri), _clip(request.target)
    if not show_secrets:
        uri, target = masked_uri(uri), masked_uri(target)
    known = exchange.evidence.knows("target")
    return {"method": _clip(request.method), "uri": uri, "target": target if known else None,
            "version": request.version, "fields": _lines(request.fields, show_secrets),
            "content": _content(request.content, request.size, show_secrets)}


def _start(response: Response, show_secrets: bool) -> dict[str, Any]:
    return {"status": response.status, "reason": None if response.reason is None else _clip(response.reason),
            "version": response.version, "fields": _lines(response.fields, show_secrets)}


def _lines(fields: Fields | None, show_secrets: bool) -> list[tuple[str, str]] | None:
    if fields is None:
        return None
    out = []
    for line in fields.lines:
        name, value = line
        if not (name.isascii() and value.isascii()) or len(name) > VALUE_SHOWN or len(value) > VALUE_SHOWN:
            name, value = line = _clip(name), _clip(value)
        if not show_secrets and (shown := masked(name, value)) is not value:
            line = name, shown
        out.append(line)
    return out


def _content(content: bytes | None, size: int | None, show_secrets: bool) -> dict[str, Any] | None:
    if content is None:
        return None
    text = content_text(content)
    clipped = len(content) > CONTENT_SHOWN or isinstance(content, Begin) or len(text.encode("utf-8")) < len(content)
    return {"text": text if show_secrets else masked_content(text), "size": len(content) if size is None else size,
            "clipped": clipped}


def _clip(text: str) -> str:
    """No longer than is shown, and without lone surrogates, which are no text."""
    return sound(text if len(text) <= VALUE_SHOWN else text[:VALUE_SHOWN - 1] + "…")
