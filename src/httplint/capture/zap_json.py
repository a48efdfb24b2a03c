"""What ZAP writes as JSON: messages by its API (`core/view/messages`), reports "with requests and responses" (zap)."""
from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from httplint.capture import clock, json_walk, zap
from httplint.capture.files import Progress
from httplint.capture.har_stream import Text
from httplint.capture.held import octet_text
from httplint.capture.json_walk import Form, JsonObject, Met, along
from httplint.capture.outcome import NO_RESPONSE, Outcome, Skipped
from httplint.model.exchange import Exchange, Source

OF_API = ("requestHeader", "requestBody", "responseHeader", "responseBody")
OF_REPORT = ("request-header", "request-body", "response-header", "response-body")


def read(source: str | BinaryIO, *, path: str, progress: Progress | None = None) -> Iterator[Outcome]:
    """The exchanges, in their order; those of a report each once."""
    reported = zap.Reported()

    def made(value: JsonObject, place: Source) -> Exchange | Skipped:
        if OF_API[0] not in value:
            return reported.exchange(*_messages(value, OF_REPORT), place)
        request, response = _messages(value, OF_API)
        if not response.strip():
            return Skipped(place, "no response was captured", NO_RESPONSE)
        return zap.exchange(request, response, place, _sent(value.get("timestamp")))

    return json_walk.outcomes(source, path, progress, FORM, made)


def _walk(text: Text) -> Iterator[Met]:
    for key in text.members():
        if key == "messages":
            yield from along(text, (), "/messages")
        elif key == "site":
            yield from along(text, ("alerts", "instances"), "/site")
        else:
            text.value()


FORM = Form(_walk, lambda value: OF_API[0] in value or "uri" in value, frozenset({"messages", "site", "alerts",
                                                                                "instances"}))


def _messages(value: JsonObject, names: tuple[str, ...]) -> tuple[bytes, bytes]:
    """Request and response as octets."""
    parts = [_octets(value.get(name)) for name in names]
    return parts[0] + parts[1], parts[2] + parts[3]


def _octets(text: object) -> bytes:
    return octet_text(text).encode("latin-1") if isinstance(text, str) else b""


def _sent(timestamp: object) -> float | None:
    """The time of milliseconds since the epoch, written as text or number."""
    if isinstance(timestamp, str) and timestamp.isascii() and timestamp.isdecimal() and len(timestamp) < 16:
        timestamp = int(timestamp)
    return clock.moment(timestamp)
