"""Results of newman, which runs Postman's collections: the file of its JSON reporter.

An execution has the fields of the response line by line, with the names as they came, and the content as numbers, an
octet each: without gzip, deflate and br, while the fields that tell of these stay. The request has all its fields but
those that Node.js adds below. What newman writes otherwise than it went:

- It follows redirects unless it is told not to: then the response is the last one, the request the first one. That it
  was told shows where an item says so, or a redirect is there as a response.
- If scripts of an item ask, too, each of their exchanges is lost: the execution of the item stands there once more.
- The reason phrase is put in where there was none; the version, and the time of an exchange, are not kept.
"""
from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from httplint.capture import clock, json_walk, postman_shape
from httplint.capture.files import Progress
from httplint.capture.har_stream import Text
from httplint.capture.held import REDIRECTED, Held, redirects, weigh
from httplint.capture.json_walk import Form, JsonObject, Met, along
from httplint.capture.outcome import NO_RESPONSE, REPEATED, Outcome, Skipped
from httplint.model.exchange import Exchange, Source
from httplint.model.fields import Fields
from httplint.model.message import Request

ADDED = frozenset({"content-length", "content-type", "expect", "referer", "transfer-encoding"})
"""Request fields that are added where newman does not see them."""


def read(source: str | BinaryIO, *, path: str, progress: Progress | None = None) -> Iterator[Outcome]:
    """The exchanges of a run, in their order."""
    return json_walk.outcomes(source, path, progress, FORM, _Run().exchange)


def _executions(text: Text) -> Iterator[Met]:
    found = False
    for key in text.members():
        if key != "run" or text.peek() != "{":
            text.value()
            continue
        for part in text.members():
            if part == "executions" and text.peek() == "[":
                found = True
                yield from along(text, (), "/run/executions")
            else:
                text.value()
    if not found:
        raise text.broken(text.at, "no result of newman: there are no `executions` of a `run`", final=True)


def _wanted(value: JsonObject) -> bool:
    return "cursor" in value and ("request" in value or "response" in value)


FORM = Form(_executions, _wanted, frozenset({"run", "executions"}))


class _Run:
    """What the executions so far tell of the run."""

    def __init__(self) -> None:
        self._follows = True
        """Whether redirects may have been followed."""
        self._last: object = None
        """What the last execution is called."""

    def exchange(self, execution: JsonObject, place: Source) -> Exchange | Skipped:
        """The exchange of the next execution."""
        cursor = execution.get("cursor")
        called = cursor.get("ref") if isinstance(cursor, dict) else None
        if called is not None and called == self._last:
            return Skipped(place, "newman wrote this exchange once more, in place of what a script asked", REPEATED)
        self._last = called
        response = execution.get("response")
        status = postman_shape.status(response.get("code")) if isinstance(response, dict) else None
        if status is None or not isinstance(response, dict):
            return Skipped(place, f"no response was captured{_error(execution.get('requestError'))}", NO_RESPONSE)
        return self._exchange(execution, response, status, place)

    def _exchange(self, execution: JsonObject, response: JsonObject, status: int, place: Source) -> Exchange:
        answered = postman_shape.lines(response.get("header"))
        held = Held(status, answered.lines, body=_content(response.get("stream")), response_gaps=answered.unknown,
                    duration=clock.lasted(response.get("responseTime")))
        if self._may_follow(execution.get("item"), status, Fields(tuple(answered.lines or ()))):
            held.unknown += REDIRECTED
        asked = postman_shape.request(execution.get("request"))
        if asked is not None:
            sent, lines, known = asked
            held.request = sent.but(content=_request_content(sent, execution.get("request")))
            held.request_gaps = ADDED | lines.unknown
            held.unknown += () if known else ("request",)
        return weigh(held, None, place)

    def _may_follow(self, item: object, status: int, fields: Fields) -> bool:
        """Whether there may be redirects between the request and this response."""
        behaviour = item.get("protocolProfileBehavior") if isinstance(item, dict) else None
        told = behaviour.get("followRedirects") if isinstance(behaviour, dict) else None
        if redirects(status, fields):
            self._follows = self._follows and told is not None
            return False
        return self._follows if told is None else told is not False


def _error(error: object) -> str:
    code = error.get("code") if isinstance(error, dict) else None
    return f" ({code[:60]})" if isinstance(code, str) and code.isascii() and code.isalnum() else ""


def _content(stream: object) -> bytes | None:
    """The octets that are listed as numbers; None if they are not."""
    data = stream.get("data") if isinstance(stream, dict) else None
    try:
        return bytes(data) if isinstance(data, list) and not any(type(one) is not int for one in data) else None
    except ValueError:                                     # a number that is no octet
        return None


def _request_content(request: Request, asked: object) -> bytes | None:
    """The content of a request where it is certain: none, or text of the length that Content-Length gives."""
    body = asked.get("body") if isinstance(asked, dict) else None
    length = request.fields.combined("content-length") if request.fields else None
    if not body:
        return b"" if length in (None, "0") else None
    if isinstance(body, dict) and body.get("mode") == "raw" and isinstance(raw := body.get("raw"), str):
        octets = raw.encode("utf-8", "surrogatepass")
        return octets if length == str(len(octets)) else None
    return None
