"""Cassettes of vcrpy, VCR (Ruby, R), betamax and go-vcr: what tests recorded, to have it played back.

A list of interactions, in YAML or JSON, under a name at the top or by itself. They are read one at a time: `json_walk`
and `yaml_items` find them, `taped` makes exchanges of them.
"""
from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from httplint.capture import files, json_walk, taped, yaml_items
from httplint.capture.files import Progress, Stream
from httplint.capture.har_stream import Text
from httplint.capture.json_walk import Form, Met, along
from httplint.capture.outcome import UNREADABLE, Outcome, Problem, Skipped
from httplint.model.exchange import Source
from httplint.model.yaml import YamlError, needed

NAMES = frozenset({"interactions", "http_interactions"})
WHAT = "a cassette"

_JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s*[{\[]")


class _LookedAt:
    """A stream of which the first octets were read."""

    def __init__(self, stream: Stream) -> None:
        self._read = files.reading(stream)
        self.first: bytes = b""
        while len(self.first) < 64 and (octets := self._read(1 << 14)):
            self.first += octets

    def read1(self, size: int) -> bytes:
        """At most so many octets; none at the end."""
        if not self.first:
            return self._read(size)
        octets, self.first = self.first[:size], self.first[size:]
        return octets


def read(source: str | BinaryIO, *, path: str, progress: Progress | None = None) -> Iterator[Outcome]:
    """The exchanges of a cassette, in order."""
    for document in files.documents(source, path, progress):
        stream = _LookedAt(document.stream)
        if _JSON.match(stream.first):
            yield from json_walk.within(stream, path, FORM, taped.exchange)
        else:
            yield from _of_yaml(stream, path)


def _interactions(text: Text) -> Iterator[Met]:
    if text.peek() == "[":
        yield from along(text, (), "")
        return
    if text.peek() != "{":
        text.refuse(f"not {WHAT}: expected an object or a list")
    found = False
    for key in text.members():
        if key in NAMES and text.peek() == "[":
            found = True
            yield from along(text, (), f"/{key}")
        else:
            text.value()
    if not found:
        raise text.broken(text.at, f"not {WHAT}: there are no `http_interactions`, nor `interactions`", final=True)


FORM = Form(_interactions, lambda value: "request" in value and "response" in value, NAMES)


def _of_yaml(stream: Stream, path: str) -> Iterator[Outcome]:
    try:
        for number, (line, column, value, refused) in enumerate(yaml_items.items(stream, NAMES, WHAT)):
            source = Source(path, number, line, column)
            yield Skipped(source, refused, UNREADABLE) if refused else taped.exchange(value, source)
    except ImportError:
        yield Problem(path, None, None, needed("cassettes"))
    except YamlError as error:
        yield Problem(path, error.line, error.column, f"{error.why}; what follows is not read")
