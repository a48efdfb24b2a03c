"""A judged exchange as plain data: what the JSON formats write, and every other report can be made of.

Whatever stands in a record is masked unless secrets are asked for, and clipped. `result.py` reads records back.
"""
from __future__ import annotations

from typing import Any, TypeVar

from httplint.engine.report import Finding, Report
from httplint.engine.rule import Provision
from httplint.model.exchange import Exchange, Source
from httplint.model.fields import Fields
from httplint.model.message import Message, Response
from httplint.report.escape import CONTENT_SHOWN, Begin, content_text, sound
from httplint.report.links import link
from httplint.report.masker import CONTENT_LOOKED_AT, Masker, Shown

VALUE_SHOWN = 4096
"""How much of a URI, a field value or any other line is kept, in characters."""

M = TypeVar("M", bound=Message)


def record(report: Report, masker: Masker) -> dict[str, Any]:
    """The plain-data form of one judged exchange.

    source: path, entry, pointer, line, column, or None. request: method, uri, target (as sent, None where the capture
    does not know it), version, fields, content, or None. response: status, reason, version, fields, trailers, content.
    interim: a list of status, reason, version, fields. findings: a list of `finding` each. suppressed: the same, each
    with suppression: kind, reason. Fields and trailers are lists of (name, value), or None where they were not
    captured; a content is text, size (octets sent, as far as known), clipped; or None where it was not captured.
    """
    out = exchange_record(report.exchange, masker)
    out["findings"], out["suppressed"] = finding_records(report, masker)
    return out


def finding_records(report: Report, masker: Masker) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(the findings, the suppressed findings) of an exchange as the JSON formats have them."""
    shown = masker.of(report.exchange)
    return ([_finding(finding, shown) for finding in report.findings],
            [{**_finding(finding, shown),
              "suppression": {"kind": suppression.kind, "reason": _clip(masker.text(suppression.reason))}}
             for finding, suppression in report.suppressed])


def slim(exchange: Exchange) -> Exchange:
    """The exchange with no more content than reports show, to be kept."""
    asked = exchange.request
    return exchange.but(request=asked and _slim(asked), response=_slim(exchange.response))


def _slim(message: M) -> M:
    return message.but(content=_begin(message.content), transfer_coded=None)


def _begin(content: bytes | None) -> bytes | None:
    return content if content is None or len(content) <= CONTENT_LOOKED_AT else Begin(content[:CONTENT_LOOKED_AT])


def exchange_record(exchange: Exchange, masker: Masker) -> dict[str, Any]:
    """The record of an exchange without its findings."""
    response, source, shown = exchange.response, exchange.source, masker.of(exchange)
    return {
        "source": None if source is None else source_record(source),
        "request": _request(exchange, shown),
        "response": {**_start(response, shown), "trailers": _lines(response.trailers, shown),
                     "content": _content(response.content, response.size, shown)},
        "interim": [_start(interim, shown) for interim in exchange.interim],
    }


NOWHERE = dict.fromkeys(("path", "entry", "pointer", "line", "column"))


def source_record(source: Source) -> dict[str, Any]:
    """Where an exchange stands in its capture."""
    return {"path": _clip(source.path), "entry": source.entry, "pointer": source.pointer, "line": source.line,
            "column": source.column}


def _finding(finding: Finding, shown: Shown) -> dict[str, Any]:
    location, rule, exchange = finding.location, finding.rule, shown.exchange
    source, request = location.source, exchange.request
    return {
        "rule": finding.rule_id, "severity": finding.severity, "level": rule.level, "confidence": rule.confidence,
        "basis": rule.basis,
        "message": _clip(shown.message(finding)), "title": rule.title, "fix": rule.fix, "spec": rule.spec,
        "link": link(rule.spec),
        "request": None if request is None else {
            "method": _clip(shown.method()), "uri": _clip(shown.text(request.uri))},
        "status": exchange.response.status,
        "location": {
            "message": location.message, "part": location.part,
            "field": None if location.name is None else _clip(shown.name(location.name)), "index": location.index,
            "offset": shown.offset(finding), **(source_record(source) if source else NOWHERE),
        },
    }


def rule_record(rule: Provision) -> dict[str, Any]:
    """What reports say of a rule: its page."""
    return {"title": rule.title, "level": rule.level, "severity": rule.severity, "spec": rule.spec,
            "link": link(rule.spec), "confidence": rule.confidence, "basis": rule.basis,
            "status": None if rule.statuses is None else sorted(rule.statuses), "tags": list(rule.tags),
            "why": rule.why, "fix": rule.fix, "bad": list(rule.bad), "good": list(rule.good),
            **({"once": rule.once} if rule.once else {})}


def _request(exchange: Exchange, shown: Shown) -> dict[str, Any] | None:
    request = exchange.request
    if request is None:
        return None
    known = exchange.evidence.knows("target")
    return {"method": _clip(shown.method()), "uri": _clip(shown.text(request.uri)),
            "target": _clip(shown.text(request.target)) if known else None,
            "version": request.version, "fields": _lines(request.fields, shown),
            "content": _content(request.content, request.size, shown)}


def _start(response: Response, shown: Shown) -> dict[str, Any]:
    reason = shown.reason(response)
    return {"status": response.status, "reason": None if reason is None else _clip(reason),
            "version": response.version, "fields": _lines(response.fields, shown)}


def _lines(fields: Fields | None, shown: Shown) -> list[tuple[str, str]] | None:
    if fields is None:
        return None
    out = []
    for line in shown.lines(fields):
        name, value = line
        if not (name.isascii() and value.isascii()) or len(name) > VALUE_SHOWN or len(value) > VALUE_SHOWN:
            line = _clip(name), _clip(value)
        out.append(line)
    return out


def _content(content: bytes | None, size: int | None, shown: Shown) -> dict[str, Any] | None:
    if content is None:
        return None
    begin = len(content_text(content).encode("utf-8"))
    clipped = len(content) > CONTENT_SHOWN or isinstance(content, Begin) or begin < len(content)
    return {"text": shown.content(content), "size": len(content) if size is None else size, "clipped": clipped}


def _clip(text: str) -> str:
    """No longer than is shown, and without lone surrogates, which are no text."""
    return sound(text if len(text) <= VALUE_SHOWN else text[:VALUE_SHOWN - 1] + "…")
