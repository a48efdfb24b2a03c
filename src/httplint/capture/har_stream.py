"""The entries of a HAR, one at a time, from a stream of any length.

The text passes through a window of a few megabytes. Two decoders work on it:

* the standard library's `raw_decode`, one entry after the other. It knows where an entry ends, reads what strict
  parsers refuse (lone surrogates, NaN, control characters), and says where a broken text breaks;
* msgspec, much faster, which only decodes whole documents. So the window is cut before an entry that probably starts
  there, and `[window]` decoded as a list of raw slices. If that is valid JSON, every bracket and string in it closes,
  so the cut was between two entries; if not, the window is left to the first decoder. A wrong guess costs time only.

Memory is bounded by the window and the largest single entry, whatever the size and form of the input.
"""
from __future__ import annotations

import codecs
import contextlib
import json
import re
from collections.abc import Callable, Iterator
from typing import IO, Any

WINDOW = 1 << 20
"""Octets read at once while the standard library decodes."""
BULK_WINDOW = 4 << 20
"""Octets read at once while msgspec decodes."""
LIMIT = 1 << 28
"""The largest single JSON value that is read, in characters."""

HEAD = 256
"""So many characters are in sight at first, enough for a byte order mark or the name of a function."""
CUT_TAIL = 12
"""A literal, number or escape that the end of the window cuts is complained about at most so far from the end."""
GUESSES = 3
"""Cuts tried on one window before it is left to the standard library."""

_SPACE = re.compile(r"[ \t\r\n]*")
_STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_TOKEN = re.compile(rf'{_STRING}|[\[\]{{}}"]', re.DOTALL)
_FIRST_KEY = re.compile(rf"\{{[ \t\r\n]*{_STRING}[ \t\r\n]*:", re.DOTALL)
_JSONP = re.compile(r"[A-Za-z_$][\w$.]{0,200}[ \t\r\n]*\(")
_JSONP_END = re.compile(r"\)[ \t\r\n]*;?")

Stream = Any
"""Has `read1` or `read`, and `seek`; the classes that have share no type."""
Slices = Callable[[bytes], list[Any]]
Decode = Callable[[Any], tuple[object, bool]]


class TooDeep:
    """Stands for a JSON value that is nested too deeply to be decoded."""


TOO_DEEP = TooDeep()


class Broken(Exception):
    """The text is not a HAR, or not any more. `line` and `column` count from 1, in characters."""

    def __init__(self, line: int, column: int, cause: str) -> None:
        super().__init__(cause)
        self.line = line
        self.column = column
        self.cause = cause


class CreatorUnknown(Exception):
    """The entries begin before the creator was named."""


class Found:
    """One entry: its place in the text, and its value as plain JSON or, if `typed`, as an Entry."""

    __slots__ = ("column", "line", "typed", "value")

    def __init__(self, line: int, column: int, value: object, typed: bool) -> None:
        self.line = line
        self.column = column
        self.value = value
        self.typed = typed


def _lenient_int(digits: str) -> int | float:
    return int(digits) if len(digits) < 400 else float(digits)


_decode = json.JSONDecoder(strict=False).raw_decode
_decode_huge_numbers = json.JSONDecoder(strict=False, parse_int=_lenient_int).raw_decode


def decode(text: str) -> Any:
    """The value of a whole, valid JSON text; TOO_DEEP for one that cannot be decoded for its depth."""
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
            self.copy.write(octets)
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
                raise self.broken(len(self.buffer), f"cannot be read: {error or type(error).__name__}") from None
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

    def broken(self, position: int, cause: str) -> Broken:
        """The exception for a fault at that position of the window."""
        return Broken(*self.place(max(position, self._counted)), cause)

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
        decode = _decode
        while True:
            try:
                value, end = decode(self.buffer, self.at)
            except json.JSONDecodeError as error:
                if not self._cut(error):
                    raise self.broken(error.pos, f"not JSON: {error.msg}") from None
                if not self.fill():
                    raise self._breaks_off(error) from None
            except RecursionError:
                self._step_over_deep()
                return TOO_DEEP
            except ValueError:  # an integer of more digits than Python converts
                decode = _decode_huge_numbers
            else:
                # a number at the very end of the window may go on behind it
                if end < len(self.buffer) or not self.fill():
                    self.at = end
                    return value

    def _cut(self, error: json.JSONDecodeError) -> bool:
        return error.msg.startswith("Unterminated") or error.pos >= len(self.buffer) - CUT_TAIL

    def _breaks_off(self, error: json.JSONDecodeError) -> Broken:
        if error.msg.startswith("Unterminated"):
            return self.broken(error.pos, "the text breaks off in the string that starts here")
        if error.pos >= len(self.buffer.rstrip()):
            return self.broken(len(self.buffer), "the text breaks off here")
        return self.broken(error.pos, f"not JSON: {error.msg}")

    def _step_over_deep(self) -> None:
        """Move behind an object or array by counting brackets."""
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
                raise self.broken(len(self.buffer), "the text breaks off here")

    def members(self) -> Iterator[str]:
        """The keys of the object that comes next; whoever gets one must read its value before asking for another."""
        self.expect("{")
        if self.accept("}"):
            return
        while True:
            if self.peek() != '"':
                self.refuse("not JSON: expected a key in double quotes")
            key = self.value()
            self.expect(":")
            yield key
            if self.accept("}"):
                return
            self.expect(",")


class Log:
    """One HAR being read: hands out its entries, and holds what is known about their creator.

    From `typed_from` octets on, msgspec is used, with a window of `bulk_window` octets.
    """

    def __init__(self, text: Text, typed_from: int, bulk_window: int, creator: object = None, *,
                 creator_known: bool = False, creator_needed: bool = True) -> None:
        self.text = text
        self.creator = creator
        self._creator_known = creator_known
        self._creator_needed = creator_needed
        self._typed_from = typed_from
        self._bulk_window = bulk_window
        self._entries_seen = False
        self._decoders: tuple[Slices, Decode] | None = None

    def entries(self) -> Iterator[Found]:
        """All entries in order. Raises Broken where the text is not a HAR (any more), CreatorUnknown."""
        text = self.text
        wrapped = self._step_into_wrapper()
        if text.peek() != "{":
            text.refuse("not a HAR: expected a JSON object")
        found = False
        for key in text.members():
            if key == "log":
                found = True
                yield from self._log()
            else:
                text.value()
        if not found:
            raise Broken(1, 1, "not a HAR: the object has no `log`")
        if not self._entries_seen:
            raise Broken(1, 1, "not a HAR: `log` has no `entries`")
        if wrapped and text.accept(")"):
            text.accept(";")
        if text.peek():
            text.refuse("something follows the end of the HAR")

    def _step_into_wrapper(self) -> bool:
        """Step over `callback(` of JSONP; whether it was there."""
        text = self.text
        if not text.peek():
            raise text.broken(text.at, "the file is empty")
        match = _JSONP.match(text.buffer, text.at)
        if match is None:
            return False
        text.at = match.end()
        return True

    def _log(self) -> Iterator[Found]:
        text = self.text
        if text.peek() != "{":
            text.refuse("not a HAR: `log` is not an object")
        for key in text.members():
            if key == "entries":
                yield from self._list()
            elif key == "creator" and not self._creator_known:
                self.creator = text.value()
                self._creator_known = True
            else:
                text.value()

    def _list(self) -> Iterator[Found]:
        text = self.text
        if text.peek() != "[":
            text.refuse("not a HAR: `entries` is not a list")
        if self._creator_needed and not self._creator_known:
            raise CreatorUnknown
        text.copy = None
        self._entries_seen = True
        text.accept("[")
        if text.accept("]"):
            return
        separator = ""
        while True:
            text.peek()
            if separator and text.fresh and text.seen >= self._typed_from:
                yield from self._bulk(separator.encode())
                text.peek()
            line, column = text.place(text.at)
            yield Found(line, column, text.value(), False)
            if text.accept("]"):
                return
            if text.peek() == ",":
                separator = self._separator() or separator
            text.expect(",")

    def _separator(self) -> str:
        """The text from the comma behind one entry to the first key of the next: where one may cut."""
        text = self.text
        start = text.at
        following = _SPACE.match(text.buffer, start + 1)
        match = _FIRST_KEY.match(text.buffer, following.end()) if following else None
        return text.buffer[start:match.end()] if match else ""

    def _bulk(self, separator: bytes) -> Iterator[Found]:
        """Entries from here on, as long as msgspec can read them; leaves the text where an entry starts.

        Works on octets, a window of them at a time, which is cut at the last separator that proves to be one. Places
        are counted in octets, too; only the columns behind the last line end are characters.
        """
        text = self.text
        if self._decoders is None:
            from httplint.capture import har_typed  # its import costs more than reading a small file
            self._decoders = har_typed.slices, har_typed.entry
            text.window = self._bulk_window
        decode = self._decoders[1]
        line, column = text.place(text.at)
        octets = text.taken()
        while True:
            octets += text.more()
            found = self._slices(octets, separator)
            if not found:
                text.given(octets, line, column)
                return
            at = 0
            for one in found:
                yield Found(line, column, *decode(one))
                end = at + memoryview(one).nbytes
                match = _BETWEEN.match(octets, end)
                end = match.end() if match else end
                last = octets.rfind(b"\n", at, end)
                if last < 0:
                    column += _characters(octets[at:end])
                else:
                    line += octets.count(b"\n", at, end)
                    column = 1 + _characters(octets[last + 1:end])
                at = end
            octets = octets[at:]

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


def entries(stream: Stream, rewindable: bool, typed_from: int,
            window: int | None = None) -> Iterator[tuple[object, Found]]:
    """The entries of a HAR, each with the value of `log.creator` (None if there is none).

    `typed_from`: from how many octets on msgspec is used. `window`: octets read at once. Raises Broken, after all
    entries that stand before the fault.
    """
    small, big = window or WINDOW, window or BULK_WINDOW
    with contextlib.ExitStack() as stack:
        copy = None if rewindable else stack.enter_context(_temporary())
        log = Log(Text(stream, small, copy), typed_from, big)
        try:
            for found in log.entries():
                yield log.creator, found
        except CreatorUnknown:
            if copy is not None:
                _copy_rest(stream, copy)
                stream = copy
            stream.seek(0)
            creator = _find_creator(stream, typed_from, small, big)
            stream.seek(0)
            log = Log(Text(stream, small), typed_from, big, creator, creator_known=True)
            for found in log.entries():
                yield creator, found


def _find_creator(stream: Stream, typed_from: int, small: int, big: int) -> object:
    """What `log.creator` says wherever it stands; None if it is missing or the text breaks off before it."""
    log = Log(Text(stream, small), typed_from, big, creator_needed=False)
    try:
        for _ in log.entries():
            pass
    except Broken:
        pass
    return log.creator


def _temporary() -> IO[bytes]:
    import tempfile
    return tempfile.SpooledTemporaryFile(max_size=BULK_WINDOW)


def _copy_rest(stream: Stream, copy: IO[bytes]) -> None:
    read = stream.read1 if hasattr(stream, "read1") else stream.read
    while octets := read(WINDOW):
        copy.write(octets)
