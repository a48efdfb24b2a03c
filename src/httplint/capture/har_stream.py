"""The entries of a HAR, one at a time, from a stream of any length.

The text passes through a window of a few megabytes. Two decoders work on it:

* the standard library's `raw_decode`, one entry after the other. It knows where an entry ends, reads what strict
  parsers refuse (lone surrogates, NaN, control characters), and says where a broken text breaks;
* msgspec, much faster, which only decodes whole documents. So the window is cut where that stands again which stood
  between the first two entries. If what is before the cut is valid JSON, every bracket and string in it closes, so the
  cut was between two entries. If not, `[window]` up to the last such place is decoded as a list of raw slices, by the
  same reasoning, and if that is no JSON either, the window is left to the first decoder. A wrong guess costs time only.

Memory is bounded by the window and the largest single entry, whatever the size and form of the input.

Where the text breaks, the next object is looked for that decodes and has the members of an entry. Attempts that fail
cost the text that they went through; once that is too much, they go on behind what was gone through.
"""
from __future__ import annotations

import codecs
import contextlib
import errno
import io
import json
import re
from collections.abc import Callable, Iterator
from typing import IO, Any, cast

from httplint.capture.outcome import Problem
from httplint.model.json_faults import alike
from httplint.model.nesting import cut_off, shallow_values
from httplint.model.pattern import lazily

WINDOW = 1 << 19
"""Octets read at once: few enough to stay in a processor's cache while they are decoded."""
FIRST = 1 << 14
"""Octets read at first where msgspec goes on with the rest."""
LIMIT = 1 << 28
"""The largest single JSON value that is read, in characters."""

COPY_LIMIT = 4 << 30
"""How much is copied of a stream that cannot be rewound, to find its creator behind the entries, in octets."""

HEAD = 256
"""So many characters are in sight at first, enough for a byte order mark or the name of a function."""
PATIENCE = 8
"""Failed attempts to decode may go through the text so many times."""
DEPTH_COST = 10_000
"""Characters that the standard library may go through before it gives a value up as too deep."""
BEHIND = 1 << 14
"""So many characters that lie behind stay in the window while the next object is looked for: the standard library
counts the lines of all that is there whenever it complains."""
NEAR = 1 << 14
"""So many octets on, the end of an entry is looked for first: a search in a whole window has to be prepared."""
GUESSES = 3
"""Cuts tried on one window before it is left to the standard library."""

_SPACE = re.compile(r"[ \t\r\n]*")
_STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_TOKEN = lazily(rf'{_STRING}|[\[\]{{}}"]', re.DOTALL)
_FIRST_KEY = re.compile(rf"\{{[ \t\r\n]*{_STRING}[ \t\r\n]*:", re.DOTALL)
_OBJECT = lazily(r"\{[ \t\r\n]*+\"")
_UNFINISHED_OBJECT = lazily(r"\{[ \t\r\n]*+\Z")
_JSONP = re.compile(r"[A-Za-z_$][\w$.]{0,200}[ \t\r\n]*\(")

Stream = Any
"""Has `read1` or `read`, and `seek`; the classes that have share no type."""
Slices = Callable[[bytes], list[Any]]
Heads = dict[str, object]
Enough = Callable[[Heads], bool]
HOLDERS = frozenset({"log", "entries"})
"""Members of objects that hold entries."""
HEADS = ("creator", "browser")
"""The members of `log` that say who wrote it."""
Typed = Callable[[Any], object | None]


class TooDeep:
    """Stands for a JSON value that is nested too deeply to be decoded."""


TOO_DEEP = TooDeep()


class Broken(Exception):
    """The text is not a HAR, or not here. `line` and `column` count from 1, in characters.

    `final`: there is nothing behind that could be read. `lost`: it is within an entry, which is lost. `resumed`: line
    and column of the next entry that could be read.
    """

    def __init__(self, line: int, column: int, cause: str, *, final: bool = False) -> None:
        super().__init__(cause)
        self.line = line
        self.column = column
        self.cause = cause
        self.final = final
        self.lost = False
        self.resumed: tuple[int, int] | None = None

    def problem(self, path: str) -> Problem:
        """What is said of it in the file of that name."""
        told = self.cause
        if self.resumed is not None:
            line, column = self.resumed
            told += f"; read again from line {line}, column {column} on, where the next entry stands"
        return Problem(path, self.line, self.column, told)


class _Fault(Exception):
    """A value cannot be decoded: where in the window, why, and how far the text was gone through."""

    def __init__(self, position: int, cause: str, reached: int) -> None:
        super().__init__(cause)
        self.position = position
        self.cause = cause
        self.reached = reached


class HeadsUnknown(Exception):
    """The entries begin before all was read that has to be known of who wrote them."""


class PlacedEntry:
    """One entry: its place in the text, and its value as plain JSON or, if `typed`, as a TypedEntry."""

    __slots__ = ("column", "line", "typed", "value")

    def __init__(self, line: int, column: int, value: object, typed: bool) -> None:
        self.line = line
        self.column = column
        self.value = value
        self.typed = typed


def _lenient_int(digits: str) -> int | float:
    return int(digits) if len(digits) < 400 else float(digits)


_decode = shallow_values(json.JSONDecoder(strict=False).raw_decode)
_decode_huge_numbers = shallow_values(json.JSONDecoder(strict=False, parse_int=_lenient_int).raw_decode)


def _whole(octets: Any) -> Any:
    """The value of a whole, valid JSON text; TOO_DEEP for one that cannot be decoded for its depth."""
    text = str(memoryview(octets), "utf-8", "surrogateescape")
    try:
        return _decode(text, 0)[0]
    except RecursionError:
        return TOO_DEEP
    except ValueError:
        return _decode_huge_numbers(text, 0)[0]


class Text:
    """A text seen through a window: `buffer` is what is in sight, `at` where the reader stands in it.

    All octets read are also written to `copy`, for a stream that cannot be rewound, until that is made None.
    """

    def __init__(self, stream: Stream, window: int, copy: IO[bytes] | None = None) -> None:
        self.stream = stream
        self.window = window
        self.buffer = ""
        self.at = 0
        self.ended = False
        self.seen = 0
        self.wasted = 0
        """Characters that failed attempts to decode went through."""
        self.copy = copy
        self.fresh = True
        """Whether the window moved since the last bulk decoding."""
        self._line = 1
        self._column = 1
        self._counted = 0
        self._read_some = stream.read1 if hasattr(stream, "read1") else stream.read
        self._error: Exception | None = None
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        while len(self.buffer) < HEAD and self.fill():
            pass
        if self.buffer.startswith("\ufeff"):
            self.at = self._counted = 1

    def fill(self) -> bool:
        """Forget what lies behind and read on, as much again as is in sight; False at the end of the text."""
        if self.ended:
            return False
        self.place(self.at)
        rest = len(self.buffer) - self.at
        if rest > LIMIT:
            raise self.broken(self.at, f"a single value of more than {LIMIT >> 20} MiB")
        octets = self._read(max(self.window, rest))
        if self.copy is not None:
            _copy(octets, self.copy)
        self.ended = not octets
        self.seen += len(octets)
        self.buffer = self.buffer[self.at:] + self._decoder.decode(octets, self.ended)
        self.at = self._counted = 0
        self.fresh = True
        return True

    def _read(self, size: int) -> bytes:
        """So many octets, or all that can be had before the end or an error; the error is raised at the next call."""
        pieces = []
        try:
            if self._error is not None:
                raise self._error
            while size > 0:
                octets = self._read_some(size)
                if not octets:
                    break
                pieces.append(octets)
                size -= len(octets)
        except OSError as error:
            self._error = error
            if not pieces:
                raise self.broken(len(self.buffer), f"cannot be read: {error or type(error).__name__}",
                                  final=True) from None
        return b"".join(pieces)

    def place(self, position: int) -> tuple[int, int]:
        """Line and column of a position in the window. Positions must not go back, so that the text is counted once."""
        start = self._counted
        lines = self.buffer.count("\n", start, position)
        if lines:
            self._line += lines
            self._column = position - self.buffer.rfind("\n", start, position)
        else:
            self._column += position - start
        self._counted = position
        return self._line, self._column

    def taken(self) -> bytes:
        """What lies ahead in the window, as octets; the text is out of use until it is `given` the rest of them."""
        octets = self.buffer[self.at:].encode("utf-8", "surrogateescape") + self._decoder.getstate()[0]
        self._decoder.reset()
        self.buffer = ""
        self.at = self._counted = 0
        return octets

    def more(self) -> bytes:
        """The next octets of the stream, about a window of them; empty at the end."""
        octets = self._read(self.window)
        self.ended = not octets
        self.seen += len(octets)
        return octets

    def given(self, octets: bytes, line: int, column: int) -> None:
        """Have these octets ahead, of which the first has that line and column."""
        self.buffer = self._decoder.decode(octets, self.ended)
        self._line, self._column = line, column
        self.fresh = False

    def leave(self) -> int:
        """The octets of the stream before `at`; the text is out of use until it is `resumed`."""
        return self.seen - len(self.taken())

    def resume(self, offset: int, line: int, column: int) -> None:
        """Go on at that octet of the stream, which has that line and column."""
        self.stream.seek(offset)
        self.seen, self.ended = offset, False
        self.given(b"", line, column)

    def broken(self, position: int, cause: str, *, final: bool = False) -> Broken:
        """The exception for a fault at that position of the window, which is not passed yet."""
        counted = self._line, self._column, self._counted
        place = self.place(max(position, self._counted))
        self._line, self._column, self._counted = counted
        return Broken(*place, cause, final=final)

    def peek(self) -> str:
        """The next character that is not whitespace; empty at the end."""
        while True:
            match = _SPACE.match(self.buffer, self.at)
            self.at = match.end() if match else self.at
            if self.at < len(self.buffer):
                return self.buffer[self.at]
            if not self.fill():
                return ""

    def accept(self, sign: str) -> bool:
        """Step over that character if it comes next."""
        if self.peek() != sign:
            return False
        self.at += 1
        return True

    def expect(self, sign: str) -> None:
        """Step over that character, which must come next; raises Broken."""
        if not self.accept(sign):
            self.refuse(f"not JSON: expected {sign!r} here")

    def refuse(self, cause: str) -> None:
        """Raise Broken at the next character: with that cause, or because the text ended."""
        if not self.peek():
            cause = "the text breaks off here"
        raise self.broken(self.at, cause)

    def value(self) -> Any:
        """The next JSON value; TOO_DEEP for one that cannot be decoded for its depth. Raises Broken."""
        if not self.peek():
            self.refuse("")
        try:
            value, self.at = self._decoded()
        except RecursionError:
            try:
                self._step_over_deep()
            except _Fault as fault:
                self.wasted += fault.reached - self.at
                raise self.broken(fault.position, fault.cause) from None
            return TOO_DEEP
        except _Fault as fault:
            self.wasted += fault.reached - self.at
            raise self.broken(fault.position, fault.cause) from None
        return value

    def _decoded(self) -> tuple[Any, int]:
        """The value that begins at `at`, and its end. Raises _Fault, RecursionError."""
        decode = _decode
        while True:
            try:
                value, end = decode(self.buffer, self.at)
            except json.JSONDecodeError as raised:
                error = alike(raised)
                if not cut_off(error, self.buffer):
                    raise self._fault(error, f"not JSON: {error.msg}") from None
                if not self.fill():
                    raise self._breaks_off(error) from None
            except RecursionError:
                raise
            except ValueError:  # an integer of more digits than Python converts
                decode = _decode_huge_numbers
            else:
                # a number at the very end of the window may go on behind it, as 1 does in 1.5 and 1e+5
                rest = len(self.buffer) - end
                if rest > (2 if isinstance(value, (int, float)) else 0) or not self.fill():
                    return value, end

    def _breaks_off(self, error: json.JSONDecodeError) -> _Fault:
        if error.msg.startswith("Unterminated"):
            return self._fault(error, "the text breaks off in the string that starts here")
        if error.pos >= len(self.buffer.rstrip()):
            return _Fault(len(self.buffer), "the text breaks off here", len(self.buffer))
        return self._fault(error, f"not JSON: {error.msg}")

    def _fault(self, error: json.JSONDecodeError, cause: str) -> _Fault:
        return _Fault(error.pos, cause, len(self.buffer) if error.msg.startswith("Unterminated") else error.pos)

    def next_object(self, wanted: Callable[[object], bool],
                    holders: frozenset[str] = HOLDERS) -> tuple[int, int, object] | None:
        """Step over the next object that decodes and is wanted: its line, column and value. None at the end.

        `holders`: members of objects that hold such objects.
        """
        if not self._patient():
            self.at = len(self.buffer)
        while True:
            if self.at > BEHIND:
                self.place(self.at)
                self.buffer = self.buffer[self.at:]
                self.at = self._counted = 0
            match = _OBJECT.search(self.buffer, self.at)
            if match is None:
                unfinished = _UNFINISHED_OBJECT.search(self.buffer, self.at)
                self.at = unfinished.start() if unfinished else len(self.buffer)
                if not self.fill():
                    return None
                continue
            self.at = match.start()
            line, column = self.place(self.at)
            try:
                value, end = self._decoded()
            except _Fault as fault:
                self._go_on(fault.reached)
            except RecursionError:
                self._go_on(min(self.at + DEPTH_COST, len(self.buffer)))
            except Broken as broken:  # of a value beyond all limits
                if broken.final:
                    raise
                self._go_on(len(self.buffer))
            else:
                if isinstance(value, dict) and not holders.isdisjoint(value):
                    self._go_on(end)
                    continue
                self.at = end
                if wanted(value):
                    return line, column, value

    def _patient(self) -> bool:
        return self.wasted <= PATIENCE * (self.seen + self.window)

    def _go_on(self, reached: int) -> None:
        """Step over a sign, or all that decoding went through in vain."""
        self.wasted += reached - self.at
        self.at = self.at + 1 if self._patient() else max(reached, self.at + 1)

    def _step_over_deep(self) -> None:
        """Move behind an object or array by counting brackets. Raises _Fault."""
        depth = 0
        position = self.at
        while True:
            for token in _TOKEN.finditer(self.buffer, position):
                sign = token.group()
                if sign == '"':  # of a string that the window cuts
                    break
                position = token.end()
                if sign in "[{":
                    depth += 1
                elif sign in "]}":
                    depth -= 1
                    if depth == 0:
                        self.at = position
                        return
            position -= self.at
            if not self.fill():
                raise _Fault(len(self.buffer), "the text breaks off here", len(self.buffer))

    def entry(self) -> PlacedEntry:
        """The next JSON value, which is an entry. Raises Broken, with the text in the midst of the entry."""
        self.peek()
        line, column = self.place(self.at)
        try:
            return PlacedEntry(line, column, self.value(), False)
        except Broken as broken:
            broken.lost = True
            self.at += 1  # into the entry, where the next may begin
            raise

    def elements(self) -> Iterator[int]:
        """The numbers of the values of the list that comes next; whoever gets one must read its value before asking
        for another.
        """
        self.expect("[")
        number = 0
        while number or not self.accept("]"):
            yield number
            if self.accept("]"):
                return
            self.expect(",")
            number += 1

    def members(self) -> Iterator[str]:
        """The keys of the object that comes next; whoever gets one must read its value before asking for another."""
        self.expect("{")
        if not self.accept("}"):
            yield from self._keys()

    def more_members(self) -> Iterator[str]:
        """The keys of an object, from behind one of its values on."""
        if not self.accept("}"):
            self.expect(",")
            yield from self._keys()

    def _keys(self) -> Iterator[str]:
        while True:
            if self.peek() != '"':
                self.refuse("not JSON: expected a key in double quotes")
            key = self.value()
            self.expect(":")
            yield key
            if self.accept("}"):
                return
            self.expect(",")


def _is_entry(value: object) -> bool:
    return isinstance(value, dict) and (isinstance(value.get("request"), dict)
                                        or isinstance(value.get("response"), dict))


class Passed:
    """Entries that are read elsewhere, `count` of them: the octets of the stream to `end`, where the next entry starts.

    `lines` are the line ends in them, `columns` the characters behind the last one. `line` and `column` are where they
    start, `number` is that of the first one; whoever hands it out knows them.
    """

    __slots__ = ("column", "columns", "count", "end", "line", "lines", "number")

    def __init__(self, end: int, count: int, lines: int, columns: int) -> None:
        self.end = end
        self.count = count
        self.lines = lines
        self.columns = columns
        self.line = self.column = 1
        self.number = 0


class NotRead(Exception):
    """What stands here was not read, and nobody will; the text says why in plain words."""


Elsewhere = Callable[[int, bytes], Iterator[Passed]]
"""Has entries read elsewhere, from an octet of the stream on, where one starts, as far as it can; takes what stands
between two entries, to the first key of the next. Each of what it hands out begins where the one before ends. It may
raise NotRead."""


class Log:
    """One HAR being read: hands out its entries, and holds what is known about who wrote them.

    `heads`: the values of HEADS that are known; `enough` says whether that is enough to hand out entries. From
    `typed_from` octets on, msgspec is used, or they are read `elsewhere`, where that is given.
    """

    def __init__(self, text: Text, typed_from: int, heads: Heads, enough: Enough,
                 elsewhere: Elsewhere | None = None) -> None:
        self.text = text
        self.heads = heads
        self._enough = enough
        self._elsewhere = elsewhere
        self._typed_from = typed_from
        self._entries_seen = False
        self._separating = ""
        """What stood between two entries."""
        self._decoders: tuple[Slices, Typed] | None = None

    def entries(self) -> Iterator[PlacedEntry | Passed | Broken]:
        """All entries in order, and where the text breaks, in between. Raises HeadsUnknown."""
        part = self._document()
        while True:
            try:
                yield from part
            except Broken as broken:
                try:
                    following = None if broken.final else self.text.next_object(_is_entry)
                except Broken:  # the stream cannot be read any further
                    following = None
                if following is None:
                    yield broken
                    return
                line, column, value = following
                broken.resumed = line, column
                yield broken
                yield PlacedEntry(line, column, value, False)
                part = self._rest()
            else:
                return

    def _document(self) -> Iterator[PlacedEntry | Passed]:
        text = self.text
        wrapped = self._step_into_wrapper()
        if text.peek() != "{":
            text.refuse("not a HAR: expected a JSON object")
        found = False
        for key in text.members():
            if key == "log":
                found = True
                if text.peek() != "{":
                    self._refuse("not a HAR: `log` is not an object")
                yield from self._log(text.members())
            else:
                text.value()
        if not found:
            raise Broken(1, 1, "not a HAR: the object has no `log`", final=True)
        if not self._entries_seen:
            raise Broken(1, 1, "not a HAR: `log` has no `entries`", final=True)
        self._end(wrapped)

    def _rest(self) -> Iterator[PlacedEntry | Passed]:
        """What follows an entry that was found behind a break: more of them, and what stands around them."""
        self._entries_seen = True
        yield from self._following()
        yield from self._log(self.text.more_members())
        for _ in self.text.more_members():
            self.text.value()
        self._end(True)

    def _end(self, wrapped: bool) -> None:
        text = self.text
        if wrapped and text.accept(")"):
            text.accept(";")
        if text.peek():
            text.refuse("something follows the end of the HAR")

    def _refuse(self, cause: str) -> None:
        """Raise Broken at a value of the wrong kind, behind which nothing is looked for, or because the text ended."""
        text = self.text
        if not text.peek():
            text.refuse(cause)
        raise text.broken(text.at, cause, final=True)

    def _step_into_wrapper(self) -> bool:
        """Step over `callback(` of JSONP; whether it was there."""
        text = self.text
        if not text.peek():
            raise text.broken(text.at, "the file is empty", final=True)
        match = _JSONP.match(text.buffer, text.at)
        if match is None:
            return False
        text.at = match.end()
        return True

    def _log(self, keys: Iterator[str]) -> Iterator[PlacedEntry | Passed]:
        text = self.text
        for key in keys:
            if key == "entries":
                yield from self._list()
            elif key in HEADS and key not in self.heads:
                self.heads[key] = text.value()
            else:
                text.value()

    def _list(self) -> Iterator[PlacedEntry | Passed]:
        text = self.text
        if text.peek() != "[":
            self._refuse("not a HAR: `entries` is not a list")
        if not self._enough(self.heads):
            raise HeadsUnknown
        text.copy = None
        self._entries_seen = True
        text.accept("[")
        if text.accept("]"):
            return
        yield text.entry()
        yield from self._following()

    def listed(self) -> Iterator[PlacedEntry | Passed]:
        """The entries of a text that has nothing else, each with the comma behind it. Raises Broken."""
        yield self.text.entry()
        yield from self._following(alone=True)

    def _following(self, alone: bool = False) -> Iterator[PlacedEntry | Passed]:
        """The entries that follow one in the list; `alone`: to the end of the text."""
        text = self.text
        while alone or not text.accept("]"):
            if text.peek() == ",":
                self._separating = self._separator() or self._separating
            text.expect(",")
            if not text.peek() and alone:
                return
            if self._separating and text.fresh and text.seen >= self._typed_from:
                separator = self._separating.encode("utf-8", "surrogateescape")
                if self._elsewhere is not None:
                    yield from self._pass(self._elsewhere, separator)
                yield from self._bulk(separator)
            yield text.entry()

    def _separator(self) -> str:
        """The text from the comma behind one entry to the first key of the next: where one may cut."""
        text = self.text
        start = text.at
        following = _SPACE.match(text.buffer, start + 1)
        match = _FIRST_KEY.match(text.buffer, following.end()) if following else None
        return text.buffer[start:match.end()] if match else ""

    def _pass(self, elsewhere: Elsewhere, separator: bytes) -> Iterator[Passed]:
        """Entries from here on that are read elsewhere; leaves the text where an entry starts. That is asked once only:
        who leaves it at that has met what this text has to be read for.
        """
        self._elsewhere = None
        text = self.text
        line, column = text.place(text.at)
        offset = text.leave()
        try:
            for passed in elsewhere(offset, separator):
                passed.line, passed.column = line, column
                yield passed
                offset, line = passed.end, line + passed.lines
                column = passed.columns + (1 if passed.lines else column)
        except NotRead as why:
            raise Broken(line, column, str(why), final=True) from None
        text.resume(offset, line, column)

    def _bulk(self, separator: bytes) -> Iterator[PlacedEntry]:
        """Entries from here on, as long as msgspec can read them; leaves the text where an entry starts.

        Works on octets, a window of them at a time. Places are counted in octets, too; only the columns behind the
        last line end are characters.
        """
        text = self.text
        if self._decoders is None:
            from httplint.capture import har_typed  # its import costs more than reading a small file
            self._decoders = har_typed.slices, har_typed.entry
        line, column = text.place(text.at)
        octets = text.taken()
        while True:
            octets += text.more()
            at = 0
            for value, typed, end in self._in_window(octets, separator):
                yield PlacedEntry(line, column, value, typed)
                first = octets.find(b"\n", at, end)
                if first < 0:
                    column += _characters(octets[at:end])
                else:
                    last = octets.rfind(b"\n", first, end)
                    line += 1 if first == last else octets.count(b"\n", first, end)
                    column = 1 + _characters(octets[last + 1:end])
                at = end
            if not at:
                text.given(octets, line, column)
                return
            octets = octets[at:]

    def _in_window(self, octets: bytes, separator: bytes) -> Iterator[tuple[object, bool, int]]:
        """The entries of a window: the value, whether it is typed, and where the next one begins."""
        assert self._decoders is not None
        typed = self._decoders[1]
        begin = separator.index(b"{")
        window = memoryview(octets)
        at = 0
        while True:
            cut = octets.find(separator, at, at + NEAR)
            if cut < 0:
                cut = octets.find(separator, at + NEAR - len(separator))
            if cut < 0:
                return
            value = typed(window[at:cut])
            if value is None:
                break
            at = cut + begin
            yield value, True, at
        for one in self._slices(octets[at:], separator):
            value = typed(one)
            between = _BETWEEN.match(octets, at + memoryview(one).nbytes)
            at = between.end() if between else at
            yield _whole(one) if value is None else value, value is not None, at

    def _slices(self, octets: bytes, separator: bytes) -> list[Any]:
        """The entries before the last separator as slices of msgspec; [] if it refuses them, or there is none."""
        assert self._decoders is not None
        cut = len(octets)
        for _ in range(GUESSES):
            cut = octets.rfind(separator, 0, cut)
            if cut < 0:
                break
            if found := self._decoders[0](octets[:cut]):
                return found
        return []


_BETWEEN = re.compile(rb"[ \t\r\n]*+,?+[ \t\r\n]*+")


def _characters(octets: bytes) -> int:
    """How many characters these octets are, as `Text` decodes them."""
    return len(octets) if octets.isascii() else len(octets.decode("utf-8", "surrogateescape"))


def listed(octets: bytes) -> Iterator[PlacedEntry]:
    """The entries in octets that are nothing but whole ones, each with the comma behind it; lines and columns count
    from the first octet. Raises Broken where they are not: a text that begins so does not go on with an entry there.
    """
    text = Text(io.BytesIO(octets), FIRST)
    text.window = WINDOW
    yield from cast("Iterator[PlacedEntry]", Log(text, 0, {}, _always).listed())


def slices(octets: bytes) -> list[Any]:
    """The entries in such octets, undecoded; [] if msgspec refuses them."""
    from httplint.capture import har_typed
    return har_typed.slices(octets[:octets.rindex(b",")])


def sliced(one: Any) -> PlacedEntry:
    """One of them, as if it stood alone."""
    return _typed_alone(one) or PlacedEntry(1, 1, _whole(one), False)


def alone(text: str | bytes, typed: bool) -> PlacedEntry:
    """The entry that is the whole of a text; `typed`: msgspec is used. Raises Broken."""
    if typed and (found := _typed_alone(text)):
        return found
    rest = Text(io.BytesIO(), FIRST)
    rest.buffer = text if isinstance(text, str) else text.decode("utf-8", "surrogateescape")
    rest.accept("\ufeff")
    found = rest.entry()
    if rest.peek():
        rest.refuse("something follows the end of the entry")
    return found


def _typed_alone(text: Any) -> PlacedEntry | None:
    """The same by msgspec; None if that refuses it."""
    from httplint.capture import har_typed
    value = har_typed.entry(text)
    return None if value is None else PlacedEntry(1, 1, value, True)


def extent(octets: bytes) -> tuple[int, int]:
    """The line ends, and the characters behind the last one."""
    return octets.count(b"\n"), _characters(octets[octets.rfind(b"\n") + 1:])


def entries(stream: Stream, rewindable: bool, typed_from: int, window: int | None = None,
            enough: Enough = lambda heads: "creator" in heads,
            elsewhere: Elsewhere | None = None) -> Iterator[tuple[Heads, PlacedEntry | Passed | Broken]]:
    """The entries of a HAR and the breaks of its text, each with what is known about who wrote it.

    `typed_from`: from how many octets on msgspec is used. `window`: octets read at once. `enough` says whether these
    heads are enough to hand out entries, or others have to be looked for behind them. `elsewhere`: where entries are
    read from then on, of a stream that can seek.
    """
    window = window or WINDOW
    with contextlib.ExitStack() as stack:
        copy = None if rewindable else stack.enter_context(_temporary())
        heads: Heads = {}
        try:
            for found in _entries(stream, copy, typed_from, window, heads, enough, elsewhere):
                yield heads, found
        except HeadsUnknown:
            if copy is not None:
                _copy_rest(stream, copy)
                stream = copy
            stream.seek(0)
            for _ in _entries(stream, None, typed_from, window, heads, _always):
                pass
            stream.seek(0)
            for found in _entries(stream, None, typed_from, window, heads, _always, elsewhere):
                yield heads, found


def _entries(stream: Stream, copy: IO[bytes] | None, typed_from: int, window: int, heads: Heads,
             enough: Enough, elsewhere: Elsewhere | None = None) -> Iterator[PlacedEntry | Passed | Broken]:
    try:
        text = Text(stream, min(window, FIRST), copy)
    except Broken as broken:
        yield broken
    else:
        text.window = window
        yield from Log(text, typed_from, heads, enough, elsewhere).entries()


def _always(heads: Heads) -> bool:
    return True


def _temporary() -> IO[bytes]:
    import tempfile
    return tempfile.SpooledTemporaryFile(max_size=WINDOW)


def _copy_rest(stream: Stream, copy: IO[bytes]) -> None:
    read = stream.read1 if hasattr(stream, "read1") else stream.read
    while octets := read(WINDOW):
        _copy(octets, copy)


def _copy(octets: bytes, copy: IO[bytes]) -> None:
    copy.write(octets)
    if copy.tell() > COPY_LIMIT:
        raise OSError(errno.EFBIG, f"more than {COPY_LIMIT >> 30} GiB out of a pipe without a creator before the "
                                   "entries; make a file of it first")
