"""Reads results back that the formats json and jsonl wrote: the reports they were made of, and their summary.

What is not of the form of `form.py` is an error that names the place. Exchanges are made one at a time, so that memory
holds little more than the file maps.
"""
from __future__ import annotations

import errno
import mmap
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from heapq import merge
from operator import itemgetter
from typing import Any, BinaryIO, TypeVar

import msgspec

from httplint.engine.report import Report
from httplint.engine.rule import Provision
from httplint.model.errors import HttplintError
from httplint.model.files import cause
from httplint.model.nesting import shallow
from httplint.report.form import FORMAT, ExchangeForm, FindingForm, FormatForm, HeadForm, LineForm, ResultForm
from httplint.report.masker import MASK, PLAIN, Masker
from httplint.report.matrix import Matrix
from httplint.report.secrets import MASKED
from httplint.report.summary import Summary

T = TypeVar("T")
H = TypeVar("H", bound=HeadForm)
Whole = ResultForm[msgspec.Raw, msgspec.Raw, msgspec.Raw]

STDIN = "-"
IN_MEMORY = 16 << 20
"""Octets of a result that are kept in memory; more are copied to a temporary file."""
PIECE = 1 << 20
LIMIT = 16 << 30
"""The largest result that is read, in octets."""


class ResultError(HttplintError):
    """A file that is no result, or a broken one; the message names the file, the place and the cause."""


_PSEUDONYM = re.compile(rb"\[masked (?:[0-9A-Za-z]{1,20}:)?([0-9]{1,9})\]")
_LINES = re.compile(rb'\{\s*"type"\s*:\s*"(?:exchange|summary)"')


class Result:
    """A result. `rules` are those that it has findings of, in catalogue order."""

    def __init__(self, path: str, masker: Masker = PLAIN, number: int = 0, of: int = 1) -> None:
        """`masker`: that of the run, for what the result was given without being masked.

        `number`: among several of a run, from 1, so that its pseudonyms get others of the run; 0 keeps them. `of`: how
        many share the memory. Raises ResultError.
        """
        self.path = path
        self._masker = masker
        self._number = number
        self._octets = _held(path, IN_MEMORY // of)
        self._whole: Whole | None = None
        head = self._read()
        self._known(head)
        self.version = head.httplint
        self.rules = [page.rule(name, place) for place, (name, page) in enumerate(head.rules.items())]
        self._rules: Mapping[str, Provision] = {rule.id: rule for rule in self.rules}
        self.counted = self._apart(head.summary)
        """What the summary of the run told."""

    @property
    def pseudonyms(self) -> int:
        """The highest number of a pseudonym that stands in it."""
        return max((int(found[1]) for found in _PSEUDONYM.finditer(self._octets)), default=0)

    def summary(self) -> Summary:
        """The summary of the run."""
        summary = Summary(0, self._masker)
        summary.places = Counter() if self.counted.placed else None
        self.counted.add_to(summary)
        summary.baseline = self.counted.baseline
        summary.note(self.counted.notes)
        return summary

    @property
    def matrix(self) -> Matrix | None:
        """What became of the checks of each resource, if it is of a run that asked."""
        return None if self.counted.matrix is msgspec.UNSET else self.counted.matrix.matrix()

    def speaks_by(self, rules: Mapping[str, Provision]) -> None:
        """Its findings are by these rules from now on."""
        self._rules = rules

    def reports(self) -> Iterator[Report]:
        """The reports on exchanges, of those without findings the first, in order. Raises ResultError."""
        if self._whole is None:
            yield from self._lines()
            return
        findings = _Numbered(self, "findings", self._whole.findings)
        suppressed = _Numbered(self, "suppressed", self._whole.suppressed)
        for _, at, exchange, place in merge(
                self._listed("exchanges", self._whole.exchanges), self._listed("others", self._whole.others),
                key=itemgetter(0)):
            found = place.startswith("exchanges")
            yield self._report(LineForm.around(exchange, findings.of(at) if found else [],
                                               suppressed.of(at) if found else []), place)
        findings.ended()
        suppressed.ended()

    def _listed(self, name: str, listed: list[msgspec.Raw]) -> Iterator[tuple[int, int, ExchangeForm, str]]:
        """(number among all, number in the list, exchange, place in the result)."""
        for at, raw in enumerate(listed):
            place = f"{name}[{at}]"
            exchange = self.decoded(raw, ExchangeForm, place)
            yield at if exchange.number is msgspec.UNSET else exchange.number, at, exchange, place

    def _read(self) -> HeadForm:
        octets = self._octets
        first = octets[:octets.find(b"\n") + 1 or len(octets)]
        if _LINES.match(first):
            begin = octets.rfind(b"\n", 0, len(octets) - 1) + 1
            last = octets[begin:]
            found = _LINES.match(last)
            if found is None or b"summary" not in found[0]:
                raise ResultError(f"{self.path}: the summary is missing at the end: the result is not whole")
            self._end = begin
            return self._head(last, HeadForm, "the last line")
        self._whole = self._head(octets, Whole, "")
        return self._whole

    def _head(self, octets: bytes | mmap.mmap, form: type[H], place: str) -> H:
        try:
            return self.decoded(octets, form, place)
        except ResultError:
            with suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                self._readable(octets)
            raise

    def _readable(self, octets: bytes | mmap.mmap) -> None:
        try:
            told = msgspec.json.decode(shallow(octets), type=FormatForm)
        except msgspec.ValidationError:                    # JSON of another kind, such as a HAR
            raise ResultError(f"{self.path}: this is no result of httplint: it has no format that is a number; "
                              "httplint check --output json:FILE writes results") from None
        self._known(told)

    def _known(self, told: FormatForm) -> None:
        if told.format != FORMAT:
            which = ("a newer httplint than this, which has to be upgraded" if told.format > FORMAT
                     else "another version of httplint")
            raise ResultError(f"{self.path}: the result has format {told.format}, expected {FORMAT}: it is of {which}")

    def _lines(self) -> Iterator[Report]:
        begin, number = 0, 1
        while begin < self._end:
            end = self._octets.find(b"\n", begin) + 1
            place = f"line {number}"
            yield self._report(self.decoded(self._octets[begin:end], LineForm, place), place)
            begin, number = end, number + 1

    def decoded(self, octets: bytes | mmap.mmap | msgspec.Raw, form: type[T], place: str) -> T:
        """The octets as data of that form. Raises ResultError."""
        try:
            return self._apart(msgspec.json.decode(shallow(octets), type=form))
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            cause = str(error)
        except RecursionError:
            cause = "nested too deeply"
        raise ResultError(f"{self.path}: {place}{': ' if place else ''}{cause:.300}")

    def _apart(self, told: T) -> T:
        """The same with other pseudonyms, if it is one of several: equal ones of two results are not equal secrets."""
        if not self._number or isinstance(told, HeadForm):  # of which the summary is told alone
            return told
        return msgspec.convert(self._renamed(msgspec.to_builtins(told)), type(told))

    def _renamed(self, data: Any) -> Any:
        if isinstance(data, str):
            return MASKED.sub(self._pseudonym, data) if "[" in data else data
        if isinstance(data, list | tuple):
            return [self._renamed(item) for item in data]
        return {name: self._renamed(item) for name, item in data.items()} if isinstance(data, dict) else data

    def _pseudonym(self, found: re.Match[str]) -> str:
        return found[0] if found[0] == MASK else self._masker.pseudonym(f"{self._number} {found[0]}")

    def _report(self, told: LineForm, place: str) -> Report:
        try:
            report = told.report(self._rules)
        except ValueError as error:
            raise ResultError(f"{self.path}: {place}: {error!s:.300}") from None
        if report.exchange.source is not None:
            report.exchange.source.path = self._masker.path(report.exchange.source.path)
        return report


class _Numbered:
    """A list of findings that come in the order of their exchanges."""

    def __init__(self, result: Result, name: str, items: list[msgspec.Raw]) -> None:
        self._result = result
        self._name = name
        self._items = items
        self._next = 0
        self._held: FindingForm | None = None

    def of(self, exchange: int) -> list[FindingForm]:
        """The findings of the next exchange."""
        out: list[FindingForm] = []
        while (finding := self._peek()) is not None and finding.exchange == exchange:
            out.append(finding)
            self._held = None
        return out

    def _peek(self) -> FindingForm | None:
        if self._held is None and self._next < len(self._items):
            self._held = self._result.decoded(self._items[self._next], FindingForm, f"{self._name}[{self._next}]")
            self._next += 1
        return self._held

    def ended(self) -> None:
        """Raises ResultError if there is one that belongs to no exchange, or stands in the wrong place."""
        if self._peek() is not None:
            raise ResultError(f"{self._result.path}: {self._name}[{self._next - 1}]: its exchange is not there, or "
                              "the findings are not in the order of the exchanges")


def _held(path: str, in_memory: int) -> mmap.mmap | bytes:
    """The octets of a file, a pipe, or standard input for `-`; many are copied, for whoever writes the file may cut it
    off under our eyes. Raises ResultError.
    """
    try:
        if path != STDIN:
            with open(path, "rb") as stream:
                return _copied(stream, path, in_memory)
        if sys.stdin is None:
            raise OSError(errno.EBADF, "standard input is closed")
        return _copied(sys.stdin.buffer, path, in_memory)
    except (OSError, ValueError) as error:                 # ValueError: a name with NUL in it
        raise ResultError(f"{path}: cannot be read: {cause(error)}") from None


def _copied(stream: BinaryIO, path: str, in_memory: int) -> mmap.mmap | bytes:
    head = stream.read(in_memory)
    if len(head) < in_memory:
        return head
    if not head.lstrip(b" \t\r\n").startswith(b"{"):
        raise ResultError(f"{path}: this is no result: it does not begin with an object of JSON")
    import tempfile
    with tempfile.TemporaryFile() as copy:
        size = copy.write(head)
        while octets := stream.read(PIECE):
            size += copy.write(octets)
            if size > LIMIT:
                raise ResultError(f"{path}: the result has more than {LIMIT >> 30} GiB")
        copy.flush()
        return mmap.mmap(copy.fileno(), 0, access=mmap.ACCESS_READ)
