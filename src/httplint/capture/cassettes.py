"""Cassettes of vcrpy, VCR (Ruby, R), betamax and go-vcr: what tests recorded, to have it played back.

A list of interactions, in YAML or JSON, under a name at the top or by itself. They are read one at a time: `json_items`
and `yaml_items` find them, `taped` makes exchanges of them.
"""
from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from httplint.capture import files, json_items, taped, yaml_items
from httplint.capture.files import Progress, Stream
from httplint.capture.har_stream import TOO_DEEP, Broken
from httplint.capture.outcome import UNREADABLE, Problem, Skipped
from httplint.model import installation
from httplint.model.exchange import Exchange, Source
from httplint.model.yaml import YamlError

NAMES = frozenset({"interactions", "http_interactions"})
WHAT = "a cassette"

_JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s*[{\[]")

Outcome = Exchange | Skipped | Problem


class _Begun:
    """A stream of which the first octets were read."""

    def __init__(self, stream: Stream) -> None:
        self._read = getattr(stream, "read1", None) or stream.read
        self.first: bytes = b""
        while len(self.first) < 64 and (octets := self._read(1 << 14)):
            self.first += octets

    def read1(self, size: int) -> bytes:
        """At most so many octets; none at the end."""
        if not self.first:
            octets: bytes = self._read(size)
            return octets
        octets, self.first = self.first[:size], self.first[size:]
        return octets


def read(source: str | BinaryIO, *, path: str, progress: Progress | None = None) -> Iterator[Outcome]:
    """The exchanges of a cassette, in order."""
    for document in files.documents(source, path, progress):
        stream = _Begun(document.stream)
        yield from _of_json(stream, path) if _JSON.match(stream.first) else _of_yaml(stream, path)


def _of_json(stream: Stream, path: str) -> Iterator[Outcome]:
    number = 0
    for found in json_items.items(stream, NAMES, WHAT):
        if isinstance(found, Broken):
            yield _gap(found, path)
            number += found.lost
            continue
        source = Source(path, number, found.line, found.column)
        number += 1
        if found.value is TOO_DEEP:
            yield Skipped(source, "the interaction is nested too deeply", UNREADABLE)
        else:
            yield taped.exchange(found.value, source)


def _gap(broken: Broken, path: str) -> Problem:
    told = broken.cause
    if broken.resumed is not None:
        line, column = broken.resumed
        told += f"; read again from line {line}, column {column} on, where the next interaction stands"
    return Problem(path, broken.line, broken.column, told)


def _of_yaml(stream: Stream, path: str) -> Iterator[Outcome]:
    try:
        for number, (line, column, value, refused) in enumerate(yaml_items.items(stream, NAMES, WHAT)):
            source = Source(path, number, line, column)
            yield Skipped(source, refused, UNREADABLE) if refused else taped.exchange(value, source)
    except ImportError:
        yield Problem(path, None, None, f"YAML needs PyYAML: {installation.command('cassettes')}")
    except YamlError as error:
        yield Problem(path, error.line, error.column, f"{error.why}; what follows is not read")
