"""Small HARs, made for a test."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from httplint.capture import har
from httplint.capture.outcome import Problem, Skipped
from httplint.model.exchange import Exchange

STARTED = "2026-03-01T12:00:00.000Z"


def headers(*lines: tuple[object, object]) -> list[dict[str, object]]:
    return [{"name": name, "value": value} for name, value in lines]


def entry(*lines: tuple[object, object], text: str | None = None, request: dict[str, Any] | None = None,
          response: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """A GET answered 200 over HTTP/1.1 with these field lines; `text` also sets all sizes."""
    content: dict[str, Any] = {"mimeType": "text/plain"}
    if text is not None:
        content |= {"text": text, "size": len(text.encode("utf-8", "surrogatepass"))}
    size = len(text.encode("utf-8", "surrogatepass")) if text is not None else -1
    return {
        "startedDateTime": STARTED, "time": 1, "serverIPAddress": "192.0.2.1",
        "request": {"method": "GET", "url": "https://example.org/a", "httpVersion": "http/1.1", "cookies": [],
                    "headers": headers(("Host", "example.org")), "queryString": [], "headersSize": -1,
                    "bodySize": 0} | (request or {}),
        "response": {"status": 200, "statusText": "OK", "httpVersion": "http/1.1", "cookies": [],
                     "headers": headers(*(lines or (("Content-Type", "text/plain"),))), "content": content,
                     "redirectURL": "", "headersSize": -1, "bodySize": size} | (response or {}),
        "cache": {}, "timings": {"send": 0, "wait": 1, "receive": 0},
    } | more


def har_of(*entries: Any, creator: Any = "mitmproxy") -> dict[str, Any]:
    named = {"name": creator, "version": "1"} if isinstance(creator, str) else creator
    return {"log": {"version": "1.2", "creator": named, "pages": [], "entries": list(entries)}}


def write(path: Path, content: Any) -> Path:
    """Write text, octets, or anything else as JSON."""
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def outcomes(tmp_path: Path, content: Any, **options: Any) -> list[Exchange | Skipped | Problem]:
    return list(har.read(write(tmp_path / "a.har", content), **options))


def exchange(tmp_path: Path, one: Any, creator: Any = "mitmproxy") -> Exchange:
    """The exchange of a HAR with that one entry, which both decoders must read alike."""
    found = outcomes(tmp_path, har_of(one, creator=creator))
    twice = outcomes(tmp_path, har_of(one, one, one, creator=creator), typed_from=0)
    assert len(found) == 1
    assert len(twice) == 3
    assert [shown(item)[1:] for item in twice] == [shown(found[0])[1:]] * 3
    assert isinstance(found[0], Exchange)
    return found[0]


def skipped(tmp_path: Path, one: Any, creator: Any = "mitmproxy") -> tuple[str, str]:
    """Category and reason of the only entry."""
    found, = outcomes(tmp_path, har_of(one, creator=creator))
    assert isinstance(found, Skipped)
    return found.category, found.reason


def problem(tmp_path: Path, content: Any, **options: Any) -> Problem:
    """The only outcome, which must be a problem."""
    found, = outcomes(tmp_path, content, **options)
    assert isinstance(found, Problem)
    return found


def shown(item: Exchange | Skipped | Problem) -> tuple[Any, ...]:
    """Everything of an outcome, in a form that compares; the place first."""
    if isinstance(item, Problem):
        return ((item.line, item.column), item.path, item.cause)
    source = item.source
    assert source is not None
    place = (source.path, source.entry, source.line, source.column, source.pointer)
    if isinstance(item, Skipped):
        return (place, item.category, item.reason)
    request, response = item.request, item.response
    assert request is not None
    return (place, item.started, item.evidence, request.method, request.target, request.version, request.fields,
            request.content, response.status, response.version, response.reason, response.fields, response.content,
            response.size)
