"""Writes HAR 1.2: exchanges as they were sent and received, for httplint and all that reads HARs.

An entry a line, each written at once, so that memory stays bounded. What the row of har_quirks for httplint's own HARs
grants holds: nothing is decoded, joined, dropped or renamed. A fact that the exchange does not know, and a HAR would
seem to show, stands in `_unknown`, which the reader withholds; what a HAR has no place for (interim responses,
trailers, flaws of the octets) stands in members that begin with an underscore, for people, and a comment tells of it.
"""
from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable
from datetime import datetime, timezone
from typing import Any
from urllib.parse import parse_qsl

from httplint.capture.har_quirks import HTTPLINT
from httplint.capture.redaction import PLACEHOLDER_LENGTH, redacted
from httplint.model.evidence import Evidence
from httplint.model.exchange import Exchange
from httplint.model.fields import Fields
from httplint.model.message import VERSIONS, Message, Request, Response


class HarWriter:
    """A HAR that grows. Its text is complete once it is closed, which the end of a `with` does, whatever ended it."""

    def __init__(self, write: Callable[[str], object], version: str) -> None:
        """`write` takes some more text; `version`: that of httplint. Raises what `write` raises, as do the others."""
        self._write = write
        self._separator = "\n"
        creator = json.dumps({"name": HTTPLINT.name, "version": version})
        write(f'{{"log": {{"version": "1.2", "creator": {creator}, "entries": [')

    def add(self, exchange: Exchange, url: str | None = None) -> None:
        """Takes in an exchange that has a request. `url`: its target URI, where a Host was left out or made wrong."""
        text = json.dumps(entry(exchange, url))            # ASCII, whatever the octets
        self._write(self._separator + text)
        self._separator = ",\n"

    def close(self) -> None:
        """Completes the text."""
        self._write("\n]}}\n")

    def __enter__(self) -> HarWriter:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def entry(exchange: Exchange, url: str | None = None) -> dict[str, Any]:
    """The entry of an exchange. Raises ValueError for one without request."""
    request, response = exchange.request, exchange.response
    if request is None:
        raise ValueError("the exchange has no request")
    took = round(1000 * (exchange.duration or 0), 3)
    out = {"startedDateTime": _time(exchange.started), "time": took,
           "request": _request(request, url or request.uri, exchange.evidence.knows("request_content")),
           "response": _response(response, exchange.evidence.knows("content")),
           "cache": {}, "timings": {"send": 0, "wait": took, "receive": 0}, **_beyond(exchange)}
    if unknown := _unknown(exchange.evidence):
        out["_unknown"] = " ".join(unknown)
    return out


def _time(started: float | None) -> str:
    """An ISO 8601 time; empty where it is not known, as no format has it."""
    if started is None:
        return ""
    return datetime.fromtimestamp(started, timezone.utc).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _unknown(evidence: Evidence) -> Iterable[str]:
    """The facts that are not known, but for those that no HAR shows; with a gap, the fields as a whole are not."""
    if evidence.request_gaps:
        evidence = evidence.without("request_fields")
    if evidence.response_gaps:
        evidence = evidence.without("response_fields", "lines")
    return evidence.missing(HTTPLINT.facts)


def _message(message: Message) -> dict[str, Any]:
    size, version = message.size, message.version
    return {"httpVersion": f"HTTP/{version}" if version in VERSIONS else "unknown", "headers": _lines(message.fields),
            "headersSize": -1, "bodySize": -1 if size is None else size}


def _lines(fields: Fields | None) -> list[dict[str, str]]:
    """The field lines; a character stands for an octet."""
    return [{"name": name, "value": value} for name, value in fields or ()]


def _request(request: Request, url: str, held: bool) -> dict[str, Any]:
    url = url.partition("#")[0]
    out = {"method": request.method, "url": url, **_message(request),
           "queryString": [{"name": name, "value": value} for name, value in parse_qsl(
               url.partition("?")[2], keep_blank_values=True, errors="replace")],
           "cookies": [{"name": name, "value": value} for name, value in _pairs(request.fields, "cookie")]}
    if request.content:
        text, encoding = _text(request.content, request.fields, held)
        out["postData"] = {"mimeType": _type(request.fields), "params": [], "text": text, **encoding}
    return out


def _response(response: Response, held: bool) -> dict[str, Any]:
    fields, content = response.fields, response.content
    made: dict[str, Any] = {"size": 0 if content is None else len(content), "mimeType": _type(fields)}
    if content is not None:
        made["text"], encoding = _text(content, fields, held)
        made |= encoding
    location = fields.values("location") if fields is not None else []
    return {"status": response.status, "statusText": response.reason or "", **_message(response),
            "cookies": [{"name": name, "value": value} for name, value in _pairs(fields, "set-cookie")],
            "content": made, "redirectURL": location[0] if location else ""}


def _pairs(fields: Fields | None, name: str) -> list[tuple[str, str]]:
    """The names and values of cookies; attributes are told by the field lines."""
    lines = fields.values(name) if fields is not None else []
    pairs = [one for line in lines for one in (line.split(";") if name == "cookie" else [line.partition(";")[0]])]
    return [(key.strip(), value.strip()) for key, equals, value in (one.partition("=") for one in pairs) if equals]


def _type(fields: Fields | None) -> str:
    return (fields.combined("content-type") if fields is not None else None) or "application/octet-stream"


def _text(content: bytes, fields: Fields | None, held: bool) -> tuple[str, dict[str, str]]:
    """A content, and how that text stands for its octets: base64 for what is no UTF-8, and for what whoever reads it
    would not believe, being coded still, or looking like a placeholder for what was left out.

    `held`: whether that is what was sent, so that there is something to believe.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    coded = fields is not None and (fields.combined("content-encoding") or "identity").lower() != "identity"
    doubted = coded or (len(text) < PLACEHOLDER_LENGTH and redacted(text))
    if not content or (text and not (held and doubted)):
        return text, {}
    return base64.b64encode(content).decode("ascii"), {"encoding": "base64"}


# -- what a HAR has no place for

def _beyond(exchange: Exchange) -> dict[str, Any]:
    """Members for it, and a comment that tells of them."""
    response = exchange.response
    out: dict[str, Any] = {}
    if exchange.interim:
        out["_interim"] = [{"status": one.status, "statusText": one.reason or "", "headers": _lines(one.fields)}
                           for one in exchange.interim]
    if response.trailers:
        out["_trailers"] = _lines(response.trailers)
    if response.irregularities:
        out["_irregularities"] = list(dict.fromkeys(flaw.kind for flaw in response.irregularities))
    if out:
        told = {"_interim": "interim responses", "_trailers": "trailers",
                "_irregularities": "octets that the syntax does not have"}
        out["comment"] = f"a HAR has no place for {', '.join(told[name] for name in out)}: see what begins with _"
    return out
