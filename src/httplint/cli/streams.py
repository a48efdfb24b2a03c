"""The standard streams of the command, which may be closed, be full, or have lost their reader."""
from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable
from contextlib import suppress

from httplint.model.files import cause

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any, TextIO


class Stream:
    """A standard stream that tells how it failed, and that Python can close without failing again.

    `quiet`: what cannot be written is lost without an exception; else that is an OSError, at once and ever after.
    """

    def __init__(self, stream: TextIO, name: str, quiet: bool = False) -> None:
        self._stream = stream
        self._name = name
        self._quiet = quiet
        self.error: OSError | None = None

    def write(self, text: str) -> int:
        """As of any stream."""
        self._tried(self._stream.write, text)
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """As of any stream."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """As of any stream."""
        self._tried(self._stream.flush)

    def _tried(self, what: Any, *given: str) -> None:
        if self.error is None:
            try:
                what(*given)
            except BrokenPipeError as error:
                self._fail(error)
            except OSError as error:
                self._fail(OSError(error.errno, f"{self._name} cannot be written: {cause(error)}"))
        if self.error is not None and not self._quiet:
            raise self.error

    def _fail(self, error: OSError) -> None:
        self.error = error
        with suppress(OSError, ValueError):                # what waits in its buffer goes nowhere, without a word
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class Streams:
    """As a context: standard output and standard error as the command needs them."""

    def __init__(self) -> None:
        self._before = sys.stdout, sys.stderr
        for number, closed, mode in ((0, sys.stdin is None, os.O_WRONLY), (1, sys.stdout is None, os.O_RDONLY),
                                     (2, sys.stderr is None, os.O_WRONLY)):
            if closed:
                _occupy(number, mode)
        self._out = Stream(sys.stdout or _text(1), "standard output")
        self._err = Stream(sys.stderr or _text(2), "standard error", quiet=True)

    def __enter__(self) -> Streams:
        sys.stdout, sys.stderr = self._out, self._err
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):             # a terminal that cannot show a character gets an escape
                stream.reconfigure(errors="backslashreplace")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        sys.stdout, sys.stderr = self._before

    def lost(self) -> tuple[str | None, bool]:
        """Why not all that was written has arrived, and whether that came out just now.

        None if all has arrived; empty if nobody reads it any more.
        """
        early = self._out.error
        for stream in (self._out, self._err):
            with suppress(OSError):
                stream.flush()
        error = self._out.error or self._err.error
        if error is None:
            return None, False
        return "" if isinstance(error, BrokenPipeError) else cause(error), early is None


def _occupy(number: int, mode: int) -> None:
    """Takes the place of a closed stream, that no file of ours gets it. Reading or writing there fails, as it should;
    what would go to standard error is lost, as whoever closed it wants.
    """
    opened = os.open(os.devnull, mode)
    if opened != number:
        os.dup2(opened, number)
        os.close(opened)
    os.set_inheritable(number, True)


def _text(number: int) -> TextIO:
    return io.TextIOWrapper(io.BufferedWriter(io.FileIO(number, "w", closefd=False)), "utf-8", "backslashreplace",
                            line_buffering=number == 2)
