"""Collections of Postman (v2.0, v2.1): the responses that are saved in them as examples.

Whoever works with Postman saves a response, edits it, writes one by hand, or has the examples made from a description
of the API. So what stands in an example was shown to people as the API's response, and what does not stand there proves
nothing. Field lines may be joined, names spelt otherwise, and the fields of the request are those that somebody set:
Postman adds others when it sends. It follows redirects, and keeps the request before them with the response behind
them. The body is text, decoded; it is taken for the content only if it has the length that Content-Length gives. Of
neither message is the version kept, nor the time.
"""
from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from httplint.capture import clock, json_walk, postman_shape
from httplint.capture.files import Progress
from httplint.capture.har_stream import Broken, Text
from httplint.capture.held import REDIRECTED, Held, redirects, weigh
from httplint.capture.json_walk import Form, JsonObject, Met, along
from httplint.capture.outcome import NO_RESPONSE, Outcome, Skipped
from httplint.model.exchange import Exchange, Source
from httplint.model.fields import Fields

DEEPEST = 50
"""Folders within one another whose examples are read."""

LACKS = ("response_fields", "lines", "name_case", "reason", "request_fields", "request_content")
FIRST_FORM = "a collection in the first form, which is not read; export it as Collection v2.1"


def read(source: str | BinaryIO, *, path: str, progress: Progress | None = None) -> Iterator[Outcome]:
    """The exchanges of the examples of a collection, in their order."""
    return json_walk.outcomes(source, path, progress, FORM, exchange)


def _collection(text: Text, pointer: str = "") -> Iterator[Met | Broken]:
    """The examples of a collection, or of one within an object, as Postman's API gives it."""
    for key in text.members():
        if key == "item":
            yield from _items(text, f"{pointer}/item", 0)
        elif key == "collection" and not pointer:
            yield from _collection(text, "/collection")
        elif key == "requests":
            raise text.broken(text.at, FIRST_FORM, final=True)
        else:
            text.value()


def _items(text: Text, pointer: str, depth: int) -> Iterator[Met | Broken]:
    if text.peek() != "[":
        text.value()
        return
    for number in text.elements():
        yield from _item(text, f"{pointer}/{number}", depth)


def _item(text: Text, pointer: str, depth: int) -> Iterator[Met | Broken]:
    if text.peek() != "{":
        text.value()
        return
    for key in text.members():
        if key == "response":
            yield from along(text, (), f"{pointer}/response")
        elif key == "item" and depth < DEEPEST:
            yield from _items(text, f"{pointer}/item", depth + 1)
        else:
            if key == "item":
                yield text.broken(text.at, f"folders within more than {DEEPEST} others are not read")
            text.value()


def _wanted(value: JsonObject) -> bool:
    return "originalRequest" in value or ("code" in value and "header" in value)


FORM = Form(_collection, _wanted, frozenset({"collection", "item", "response"}))


def exchange(example: JsonObject, place: Source) -> Exchange | Skipped:
    """The exchange of an example."""
    status = postman_shape.status(example.get("code"))
    if status is None:
        return Skipped(place, "the example has no status code", NO_RESPONSE)
    answered = postman_shape.lines(example.get("header"))
    fields = Fields(tuple(answered.lines or ()))
    asked = postman_shape.request(example.get("originalRequest"))
    held = Held(status, answered.lines, body=_content(example.get("body"), fields), unknown=LACKS,
                response_gaps=answered.unknown, duration=clock.lasted(example.get("responseTime")))
    if not redirects(status, fields):
        held.unknown += REDIRECTED
    if asked is not None:
        held.request = asked[0]
        held.unknown += () if asked[2] else ("request",)
    return weigh(held, None, place)


def _content(body: object, fields: Fields) -> bytes | None:
    """The octets of a body that nobody edited; None if that is not certain."""
    if not isinstance(body, str) or postman_shape.VARIABLE in body or "content-encoding" in fields:
        return None
    try:
        octets = body.encode("utf-8")
    except UnicodeEncodeError:
        return None
    return octets if fields.combined("content-length") == str(len(octets)) else None
