"""Sessions that Charles exports as JSON (`.chlsj`): what its HARs hold, by other names.

Each is made an entry of a HAR and proves what one of Charles does, see `har_quirks`; but a content is known only if it
has no content coding, and as many octets as Charles has counted. No file was met: the names are those that programs
read which other people have published.
"""
from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from httplint.capture import har_exchange, har_quirks, har_shape, json_walk
from httplint.capture.files import Progress
from httplint.capture.har_quirks import Tool
from httplint.capture.har_stream import Text
from httplint.capture.json_walk import Form, JsonObject, Met, along, object_of
from httplint.capture.outcome import SYNTHETIC, Outcome, Skipped
from httplint.model.exchange import Exchange, Source

CREATOR = {"name": "Charles Proxy"}
DEFAULT_PORTS = {"http": 80, "https": 443}

_VERSION = re.compile(r"HTTP/[\d.]{1,3}(?= )|(?<= )HTTP/[\d.]{1,3}\Z")
"""In the first line of a message."""


def read(source: str | BinaryIO, *, path: str, progress: Progress | None = None) -> Iterator[Outcome]:
    """The exchanges of a session, in their order."""
    tool = Tool(har_quirks.producer(CREATOR, None))

    def made(value: JsonObject, place: Source) -> Exchange | Skipped:
        if value.get("tunnel") is True:
            return Skipped(place, "a tunnel: Charles answered itself", SYNTHETIC)
        return har_exchange.exchange(har_shape.entry(_entry(value)), tool, place, lambda name: None)

    return json_walk.outcomes(source, path, progress, FORM, made)


def _walk(text: Text) -> Iterator[Met]:
    yield from along(text, (), "")


FORM = Form(_walk, lambda value: "scheme" in value and "host" in value, frozenset())


def _entry(value: JsonObject) -> JsonObject:
    """The same as a HAR has it."""
    request, response = object_of(value.get("request")), object_of(value.get("response"))
    times, durations = object_of(value.get("times")), object_of(value.get("durations"))
    made: JsonObject = {
        "startedDateTime": times.get("start"), "time": durations.get("total"),
        "request": {"method": value.get("method"), "url": _url(value, request), "headers": _lines(request),
                    "httpVersion": _version(request, value)}}
    if "status" in response:
        made["response"] = {"status": response["status"], "headers": _lines(response),
                            "httpVersion": _version(response, value),
                            "content": _content(response) if value.get("status") == "COMPLETE" else None}
    return made


def _lines(message: JsonObject) -> object:
    return object_of(message.get("header")).get("headers")


def _version(message: JsonObject, value: JsonObject) -> object:
    """The version that stands in the first line; of the exchange, where there is none."""
    first = object_of(message.get("header")).get("firstLine")
    found = _VERSION.search(first) if isinstance(first, str) else None
    return found[0] if found else value.get("protocolVersion")


def _url(value: JsonObject, request: JsonObject) -> str:
    """The target URI: Charles names the host that it was connected to, the fields the one that was asked for."""
    scheme, path, query = (_text(value.get(name)) for name in ("scheme", "path", "query"))
    if not scheme:
        return ""
    lines = _lines(request)
    named = [_text(line.get("value")) for line in lines if isinstance(line, dict) and _text(line.get("name")).lower()
             in (":authority", "host")] if isinstance(lines, list) else []
    port = value.get("actualPort")
    suffix = f":{port}" if type(port) is int and DEFAULT_PORTS.get(scheme) != port else ""
    authority = next((host for host in named if host), "") or f"{_text(value.get('host'))}{suffix}"
    return f"{scheme}://{authority}{path}{'?' if query else ''}{query}"


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _content(response: JsonObject) -> JsonObject | None:
    """The body, if it is not coded, with the octets that were counted."""
    body, size = object_of(response.get("body")), object_of(response.get("sizes")).get("body")
    if response.get("contentEncoding") is not None:
        return None
    if isinstance(encoded := body.get("encoded"), str):
        return {"size": size, "text": encoded, "encoding": "base64"}
    return {"size": size, "text": body.get("text") if body else "" if size == 0 else None}
