"""Reports of Hurl: what `hurl --json` prints, an object for each file that it ran, and `--report-json DIR` lists.

Hurl asks through libcurl. An entry has a call for each request that it took, redirects one by one: all field lines of
both messages as they came (secrets replaced by ***), the version of the response, and in the report, in a file below
`store/`, the content as it came, with its codings. libcurl hands over in one list what comes before the content, so
that fields of interim responses, and trailers, stand among those of the response; and where it asked twice for one
call, a proxy or a server for want of credentials, those of both.
"""
from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from httplint.capture import clock, files, json_walk
from httplint.capture.files import Attachment, Progress
from httplint.capture.har_quirks import version_of
from httplint.capture.har_stream import Text
from httplint.capture.held import Held, octet_text, weigh
from httplint.capture.json_walk import Form, JsonObject, Met, along
from httplint.capture.outcome import NO_RESPONSE, UNREADABLE, Outcome, Skipped
from httplint.capture.redaction import redacted
from httplint.model.exchange import Exchange, Source
from httplint.model.message import Request

STORE = "store/"
Lines = list[tuple[str, str]]


def read(source: str | BinaryIO, *, path: str, progress: Progress | None = None) -> Iterator[Outcome]:
    """The exchanges of a report, one for each call, in their order."""
    with files.opened(source) as stream:
        directory = getattr(stream, "directory", "")
        contents = files.beside(os.path.join(directory, STORE) if directory else "")
        for document in files.documents(stream, path, progress):
            yield from json_walk.within(document.stream, path, FORM, partial(_made, contents))


def _files(text: Text) -> Iterator[Met]:
    while (sign := text.peek()) in ("{", "["):
        if sign == "{":
            yield from _calls(text, "")
            continue
        for number in text.elements():
            if text.peek() == "{":
                yield from _calls(text, f"/{number}")
            else:
                text.value()


def _calls(text: Text, above: str) -> Iterator[Met]:
    for key in text.members():
        if key == "entries":
            yield from along(text, ("calls",), f"{above}/entries")
        else:
            text.value()


def _wanted(value: JsonObject) -> bool:
    return "request" in value and "response" in value


FORM = Form(_files, _wanted, frozenset({"entries", "calls"}))


def _made(contents: Attachment, value: JsonObject, place: Source) -> Exchange | Skipped:
    asked, answered = value.get("request"), value.get("response")
    if not isinstance(answered, dict):
        return Skipped(place, "no response was captured", NO_RESPONSE)
    status = answered.get("status")
    if type(status) is not int or not 100 <= status <= 999:
        return Skipped(place, "the response has no status code", UNREADABLE)
    fields, gaps = _lines(answered.get("headers"))
    held = Held(status, fields, version_of(answered.get("http_version") or answered.get("httpVersion")),
                decodes=False, response_gaps=gaps)
    if isinstance(name := answered.get("body"), str) and name.startswith(STORE):
        held.body = contents(name[len(STORE):])
    if held.version not in ("1.0", "1.1"):
        held.unknown += ("name_case",)
    if not all(text.isascii() for _, text in fields or ()):    # ISO-8859-1 or UTF-8, one as well as the other
        held.unknown += ("exact",)
    names = [name.lower() for name, _ in fields or () if name.lower() != "set-cookie"]
    if names.count("date") > 1:                            # of an interim response as well
        held.fields = None
    elif len(set(names)) < len(names):
        held.unknown += ("repeats",)
    if isinstance(asked, dict):
        _ask(held, asked)
    times = value.get("timings")
    begun = times.get("begin_call") if isinstance(times, dict) else None
    return weigh(held, clock.seconds(begun), place)


def _ask(held: Held, asked: JsonObject) -> None:
    """Adds the request; if several were sent, it is not known which fields are whose."""
    method, url = asked.get("method"), asked.get("url")
    if not isinstance(method, str) or not isinstance(url, str):
        return
    fields, held.request_gaps = _lines(asked.get("headers"))
    if sum(name.lower() == "host" for name, _ in fields or ()) > 1:
        fields = held.fields = None
    held.request = Request(method, octet_text(url.partition("#")[0]), None, fields)


def _lines(headers: object) -> tuple[Lines | None, frozenset[str]]:
    """The field lines of a list, without those that Trailer announces, and the names of those that are not known."""
    if not isinstance(headers, list):
        return None, frozenset()
    made: Lines = []
    gaps = set()
    for one in headers:
        name, text = (one.get("name"), one.get("value")) if isinstance(one, dict) else (None, None)
        if not isinstance(name, str):
            return None, frozenset()
        if not isinstance(text, str) or redacted(text):
            gaps.add(octet_text(name).lower())
        else:
            made.append((octet_text(name), octet_text(text)))
    gaps |= {each.strip().lower() for name, text in made if name.lower() == "trailer" for each in text.split(",")}
    return [line for line in made if line[0].lower() not in gaps], frozenset(gaps)
