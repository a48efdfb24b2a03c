"""Traces of Playwright (`trace.zip`): a stream of what went over the network, for each context of a browser.

A line of `NAME.network` is an event, and its `snapshot` an entry as of a HAR, whose contents are members in
`resources/` that bear their SHA-1 as name. `NAME.trace` begins with the options of the context, which name the browser.
Playwright Test puts the streams of several contexts into one zip.

An entry is written down when its content has come or failed, or the trace ends. What of it was not known by then stands
there as it was guessed: fields may be missing, and `_transferSize` is -1, for which `har_quirks.freshness` withholds
them. Contents of scripts are left out.
"""
from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from httplint.capture import files, har_exchange, har_quirks, har_shape
from httplint.capture.files import Attachment, Progress
from httplint.capture.har_quirks import PLAYWRIGHT_API, Tool
from httplint.capture.lines import lines
from httplint.capture.outcome import NO_OBJECT, UNREADABLE, Outcome, Problem, Skipped
from httplint.model.exchange import Source
from httplint.model.files import cause
from httplint.model.nesting import shallow

LINE_LIMIT = 8 << 20
"""The longest line that is read, in octets without its end: its contents stand elsewhere."""

_STREAM = re.compile(r"[^/]{0,200}trace\.network")
_RESOURCE = re.compile(r"(?:resources/)?(([0-9a-f]{40})(?:\.[\w+-]{1,40})?)", re.ASCII)
"""Where a content is (`_file`), or what it is called there (`_sha1`, until 2025). Group 2: its SHA-1."""


def read(source: str | BinaryIO, *, path: str, progress: Progress | None = None) -> Iterator[Outcome]:
    """The exchanges of all streams in the zip, each in the order in which they ended, in bounded memory."""
    with files.zipped(source) as archive:
        found = sorted(set(filter(_STREAM.fullmatch, archive.namelist())), key=lambda name: (len(name), name))
        total = sum(archive.getinfo(name).file_size for name in found)
        attachment, done = _attachment(archive), 0
        for name in found:
            for outcome, count in _stream(archive, name, f"{path}/{name}", attachment):
                if progress is not None:
                    progress(done + count, total)
                if outcome is not None:
                    yield outcome
            done += archive.getinfo(name).file_size


def _attachment(archive: zipfile.ZipFile) -> Attachment:
    contents = files.Attachments(archive)

    def attachment(name: str) -> bytes | None:
        # the name comes from the trace: it must not lead anywhere else
        if not (found := _RESOURCE.fullmatch(name)):
            return None
        octets = contents.read(f"resources/{found[1]}")
        if octets is None or hashlib.sha1(octets, usedforsecurity=False).hexdigest() != found[2]:
            return None
        return octets

    return attachment


def _stream(archive: zipfile.ZipFile, name: str, path: str,
            attachment: Attachment) -> Iterator[tuple[Outcome | None, int]]:
    """What each line of a stream is, if anything, and how many octets were read of it by then."""
    entries = _Entries(path, _browser(archive, name), attachment)
    try:
        member = archive.open(name)
    except Exception as error:  # encrypted, an unknown method, a wrong offset
        yield Problem(path, None, None, f"cannot be read: {error}"), 0
        return
    with member:
        inflated, broken = files.Inflated(member, archive.getinfo(name).compress_size), ""
        try:
            for line in lines(inflated, LINE_LIMIT):
                for outcome in entries.take(line):
                    yield outcome, inflated.count
                yield None, inflated.count
        except OSError as error:
            broken = f"cannot be read: {cause(error)}"
        for problem in entries.rest():
            yield problem, inflated.count
        if broken:
            yield Problem(path, entries.line + 1, 1, broken), inflated.count


def _browser(archive: zipfile.ZipFile, name: str) -> object:
    """The name of the browser that a stream is of, as a HAR has it; None if nothing tells."""
    try:
        with archive.open(f"{name.removesuffix('.network')}.trace") as member:
            event = json.loads(shallow(member.readline(LINE_LIMIT).decode()))
    except Exception:  # missing, broken, encrypted, no JSON: it is not known
        return None
    return {"name": event.get("browserName")} if isinstance(event, dict) else None


class _Entries:
    """The entries of one stream. `line`: how many lines were taken in."""

    def __init__(self, path: str, browser: object, attachment: Attachment) -> None:
        self.line = 0
        self._path = path
        self._entry = 0
        self._attachment = attachment
        self._tool = Tool(har_quirks.producer({"name": "Playwright"}, browser))
        self._api_tool = Tool(PLAYWRIGHT_API)
        self._broken: list[int] = []
        """The first and the last of the latest lines in a row that are no events."""

    def take(self, line: bytes | None) -> Iterator[Outcome]:
        """Takes in the next line; yields what it is, after what became of lines before it."""
        self.line += 1
        if line is None:
            yield Skipped(self._source(), f"the entry has more than {LINE_LIMIT >> 20} MiB", UNREADABLE)
            return
        if not line.strip():
            return
        try:
            event = json.loads(shallow(line.decode()))
        except (ValueError, RecursionError):
            event = None
        if not isinstance(event, dict):
            self._broken = [*self._broken[:1], self.line]
            return
        yield from self.rest()
        if event.get("type") == "resource-snapshot":
            yield self._outcome(event.get("snapshot"))

    def rest(self) -> Iterator[Problem]:
        """The latest lines that are no events, if there are any that were not told."""
        if self._broken:
            first, last, self._broken = self._broken[0], self._broken[-1], []
            lines = f"lines {first} to {last} are" if last > first else "the line is"
            yield Problem(self._path, first, 1, f"{lines} no event of a trace: an object of JSON is expected")

    def _source(self) -> Source:
        self._entry += 1
        return Source(self._path, self._entry - 1, self.line, 1, "/snapshot")

    def _outcome(self, snapshot: object) -> Outcome:
        if not isinstance(snapshot, dict):
            return Skipped(self._source(), NO_OBJECT, UNREADABLE)
        entry = har_shape.entry(snapshot)
        if entry.response is not None and entry.response.content is not None and entry.response.content.file is None:
            entry.response.content.file = _sha1(snapshot)
        by_api = bool(snapshot.get("_apiRequest") or snapshot.get("_apiRequestRef"))
        return har_exchange.exchange(entry, self._api_tool if by_api else self._tool, self._source(), self._attachment)


def _sha1(snapshot: dict[str, dict[str, dict[str, object]]]) -> str | None:
    """Where an entry of 2025 or before has its content."""
    name = snapshot["response"]["content"].get("_sha1")
    return name if isinstance(name, str) else None
