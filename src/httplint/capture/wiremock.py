"""WireMock: the stubs that it records or that people write (`mappings/`), and its journal (`/__admin/requests`).

The journal has what WireMock got from the server behind it, where it passed a request on: all field lines but
Transfer-Encoding and what Java's client takes for itself, and the content as it came. The request is the one that came
to WireMock, and its target that of the server behind. An answer out of a stub has not met a server.

A recorded stub has the content decoded and lacks Content-Encoding, Content-Length and Transfer-Encoding; of its request
only method and path are kept, perhaps with some fields that are to match. That a stub was recorded, its name tells,
which is made of the path, and Date, which nobody writes by hand: then a field that is not there was not sent. In any
other stub, what stands there was written by people, and what is not there was left to WireMock.

The newest comes first in the journal and in lists of stubs, so they are read from their end.
"""
from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from httplint.capture import clock, files, json_walk, reading
from httplint.capture.beginnings import json_names
from httplint.capture.files import Attachment, Progress
from httplint.capture.har_quirks import CONNECTION
from httplint.capture.har_stream import Text
from httplint.capture.held import TEXTS, Held, lines_of, octet_text, text_octets, unpacked, weigh, without_server
from httplint.capture.json_walk import Form, JsonObject, Met, along
from httplint.capture.outcome import NO_RESPONSE, SYNTHETIC, UNREADABLE, Outcome, Problem, Skipped
from httplint.capture.redaction import stand_in
from httplint.model.exchange import Exchange, Source
from httplint.model.message import Request

LIMIT = 64 << 20
"""The largest file that is read, in octets."""

LISTS = ("mappings", "requests")
FRAMING = CONNECTION | {"content-encoding", "content-length"}
"""What a recorded stub lacks."""
ALTERED = frozenset({"host", "expect"}) | CONNECTION
"""Request fields that WireMock changes when it passes a request on."""

_MATCHED = re.compile(r"matched-stub-\w+", re.IGNORECASE)
_CHARSET = re.compile(r'charset\s*=\s*"?([^\s";]{1,40})', re.IGNORECASE)
_PLAIN = re.compile(r"[a-z0-9]+")


def read(source: str | BinaryIO, *, path: str, progress: Progress | None = None) -> Iterator[Outcome]:
    """The exchanges of a file of one stub or several, or of a journal, the oldest first."""
    with files.opened(source) as stream:
        contents = files.beside(_contents(getattr(stream, "directory", "")))
        octets = files.whole(stream, path, LIMIT, progress)
    form = ONE if {"request", "response"} <= json_names(octets[:reading.LOOK]) else LISTED
    outcomes = list(json_walk.within(io.BytesIO(octets), path, form, partial(_made, contents)))
    entry = 0
    for outcome in reversed(outcomes):
        if not isinstance(outcome, Problem):
            if outcome.source is not None:
                outcome.source.entry = entry
            entry += 1
            yield outcome
    yield from (outcome for outcome in outcomes if isinstance(outcome, Problem))


def _contents(directory: str) -> str:
    """Where the contents are kept: `__files` beside the `mappings` that a stub is in or below, or beside the file."""
    above, name, _ = f"{directory}{os.sep}".rpartition(f"{os.sep}mappings{os.sep}")
    return os.path.join(above if name else directory, "__files") if directory else ""


def _alone(text: Text) -> Iterator[Met]:
    yield "", text.entry()


def _listed(text: Text) -> Iterator[Met]:
    for key in text.members():
        if key in LISTS:
            yield from along(text, (), f"/{key}")
        else:
            text.value()


def _wanted(value: JsonObject) -> bool:
    return "request" in value and "response" in value


ONE = Form(_alone, _wanted, frozenset())
LISTED = Form(_listed, _wanted, frozenset(LISTS))


def _made(contents: Attachment, value: JsonObject, place: Source) -> Exchange | Skipped:
    asked, answered = value.get("request"), value.get("response")
    if not isinstance(asked, dict) or not isinstance(answered, dict):
        return Skipped(place, "no response was captured", NO_RESPONSE)
    if answered.get("fault"):
        return Skipped(place, "WireMock was to break the connection off", NO_RESPONSE)
    status = answered.get("status", 200)
    if type(status) is not int or not 100 <= status <= 999:
        return Skipped(place, "the response has no status code", UNREADABLE)
    if "wasMatched" in value or "responseDefinition" in value:
        return _served(value, asked, answered, status, place)
    return _stub(value, asked, answered, status, place, contents)


# -- stubs


def _stub(value: JsonObject, asked: JsonObject, answered: JsonObject, status: int, place: Source,
          contents: Attachment) -> Exchange | Skipped:
    if isinstance(answered.get("proxyBaseUrl"), str):
        return Skipped(place, "the stub passes requests on, and has no response", NO_RESPONSE)
    if answered.get("transformers"):
        return Skipped(place, "WireMock makes the response of a template when it is asked", SYNTHETIC)
    fields, gaps = _lines(answered.get("headers"))
    names = {name.lower(): text for name, text in fields or ()}
    held = Held(status, fields, response_gaps=gaps | FRAMING, unknown=("name_case", "octets", "size"))
    if "content-encoding" not in names and asked.get("method") != "HEAD":
        held.body = _content(answered, names.get("content-type", ""), contents)
    method, url = asked.get("method"), asked.get("url")
    if isinstance(method, str) and method != "ANY" and isinstance(url, str) and url.startswith("/"):
        held.request = Request(method, octet_text(url), None, None)
    if held.request is None or "date" not in names or _bare(value.get("name")) != _bare(url):
        held.unknown += ("response_fields", "exact")
    return weigh(held, None, place)


def _bare(name: object) -> str:
    """The letters and digits of a path, or of a name that may be made of it."""
    path = name.partition("?")[0] if isinstance(name, str) else ""
    return "".join(_PLAIN.findall(path.lower()))[:100]


def _content(answered: JsonObject, media_type: str, contents: Attachment) -> bytes | None:
    """The octets of a content; None if they are not known, or would be made of JSON."""
    if isinstance(text := answered.get("body"), str):
        charset = _CHARSET.search(media_type)
        known = charset is None or charset[1].lower() in TEXTS
        return text_octets(text, charset[1] if charset else "utf-8") if known and not stand_in(text) else None
    if isinstance(packed := answered.get("base64Body"), str):
        return unpacked(packed)
    if isinstance(name := answered.get("bodyFileName"), str):
        return contents(name)
    return None if "jsonBody" in answered else b""


# -- the journal


def _served(value: JsonObject, asked: JsonObject, answered: JsonObject, status: int,
            place: Source) -> Exchange | Skipped:
    if value.get("wasMatched") is False:
        return Skipped(place, "no stub matched the request, and WireMock made the response up", SYNTHETIC)
    definition = value.get("responseDefinition")
    behind = definition.get("proxyBaseUrl") if isinstance(definition, dict) else None
    fields, gaps = _lines(answered.get("headers"))
    held = Held(status, fields, response_gaps=gaps | CONNECTION, unknown=("name_case",), decodes=False)
    held.body = unpacked(answered.get("bodyAsBase64"))
    _ask(held, asked, behind)
    if not isinstance(behind, str):
        held.unknown += ("response_fields", "exact")
        without_server(held)
    return weigh(held, clock.moment(asked.get("loggedDate")), place)


def _ask(held: Held, asked: JsonObject, behind: object) -> None:
    """Adds the request, with the target that it had at the server behind."""
    method, url, absolute = (asked.get(name) for name in ("method", "url", "absoluteUrl"))
    if isinstance(behind, str) and isinstance(url, str) and url.startswith("/"):
        absolute = behind.rstrip("/") + url
    if not isinstance(method, str) or not isinstance(absolute, str):
        return
    fields, gaps = _lines(asked.get("headers"))
    fields = [line for line in fields if line[0].lower() not in ALTERED] if fields is not None else None
    held.request = Request(method, octet_text(absolute), None, fields, unpacked(asked.get("bodyAsBase64")))
    held.request_gaps = gaps | ALTERED


def _lines(headers: object) -> tuple[list[tuple[str, str]] | None, frozenset[str]]:
    """The field lines without those by which WireMock names a stub, and the names of those that are not known."""
    if isinstance(headers, dict):
        headers = {name: values for name, values in headers.items() if not _MATCHED.fullmatch(name)}
    return lines_of(headers, stand_in)
