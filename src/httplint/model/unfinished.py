"""Files that are being written under a name of their own, to get theirs when they are whole.

A signal that ends the process takes them away. Python's own answer to SIGTERM and SIGHUP is to end at once, so they are
looked after while there are such files, and only where nobody else looks after them.
"""
from __future__ import annotations

import os
import stat
from contextlib import suppress

from httplint.model.errors import HttplintError
from httplint.model.files import cause

TYPE_CHECKING = False
if TYPE_CHECKING:                                          # what looks after signals is loaded to write a file
    from signal import Signals
    from types import FrameType
    from typing import TextIO

_paths: set[str] = set()
_watched: list[Signals] = []


def begin(path: str) -> None:
    """This file is about to be made."""
    if not _paths:
        _watch()
    _paths.add(path)


def end(path: str) -> None:
    """This file has its name, or is gone."""
    _paths.discard(path)
    if not _paths:
        _watch_no_more()


def _watch() -> None:
    import signal
    import threading
    if threading.current_thread() is threading.main_thread():
        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, _leave)
                _watched.append(number)


def _watch_no_more() -> None:
    import signal
    import threading
    if threading.current_thread() is threading.main_thread():
        while _watched:
            number = _watched.pop()
            if signal.getsignal(number) is _leave:
                signal.signal(number, signal.SIG_DFL)


def remove(path: str) -> None:
    """Takes a file away."""
    with suppress(OSError, ValueError):
        os.unlink(path)
    end(path)


def remove_all() -> None:
    """Takes away what is left."""
    for path in tuple(_paths):
        remove(path)


def _leave(number: int, frame: FrameType | None) -> None:
    for path in tuple(_paths):                             # nothing else: what runs now may be in the midst of anything
        with suppress(OSError):
            os.unlink(path)
    os._exit(128 + number)


class OutputError(HttplintError):
    """A file cannot be written; the message names it and the cause, which `cause` is alone."""

    def __init__(self, message: str, cause: str) -> None:
        super().__init__(message)
        self.cause = cause


class WholeFile:
    """A file that gets its name when it is whole: nothing that was left behind half-written is taken for a result.

    Until then it is written beside it; what is no regular file (a pipe, a device) is written as it comes. Raises
    OutputError, also later; then it is given up.
    """

    def __init__(self, path: str, name: str | None = None, live: bool = False) -> None:
        """`name`: what the user calls it, if not so. `live`: it has its name from the beginning, and each line goes out
        at once, for those who follow it."""
        self._name = name or path
        self._target = path
        self._live = live
        self._beside: str | None = None
        self._stream: TextIO | None = None
        try:
            self._stream = self._opened()
        except (OSError, ValueError) as error:             # ValueError: a name with NUL in it
            self._remove()
            raise self._failed(error) from None

    def _opened(self) -> TextIO:
        self._target = os.path.realpath(self._target)
        mode = None
        with suppress(FileNotFoundError):
            mode = os.stat(self._target).st_mode
        path = self._target
        if not self._live and (mode is None or stat.S_ISREG(mode)):
            self._beside = path = f"{self._target}.{os.urandom(4).hex()}.part"
            begin(path)
        stream = open(path, "x" if self._beside else "w", encoding="utf-8",  # noqa: SIM115 - until keep or drop
                      errors="backslashreplace", newline="", buffering=1 if self._live else -1)
        if mode is not None and self._beside is not None:
            with suppress(OSError):                        # a file system without modes
                os.chmod(self._beside, stat.S_IMODE(mode))
        return stream

    def write(self, text: str) -> None:
        """Writes; nothing once it has failed."""
        if self._stream is not None:
            try:
                self._stream.write(text)
            except OSError as error:
                self.drop()
                raise self._failed(error) from None

    def keep(self) -> None:
        """The result is whole: the file takes its name."""
        stream, self._stream = self._stream, None
        if stream is None:
            return
        try:
            stream.close()
            if self._beside is not None:
                os.replace(self._beside, self._target)
                end(self._beside)
        except OSError as error:
            self._remove()
            raise self._failed(error) from None

    def drop(self) -> None:
        """The result will never be whole."""
        stream, self._stream = self._stream, None
        if stream is not None:
            with suppress(OSError):                        # what is still in the buffer cannot be written
                stream.close()
            self._remove()

    def _remove(self) -> None:
        if self._beside is not None:
            remove(self._beside)

    def _failed(self, error: OSError | ValueError) -> OutputError:
        why = cause(error)
        return OutputError(f"{self._name} cannot be written: {why}", why)
