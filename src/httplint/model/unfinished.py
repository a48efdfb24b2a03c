"""Files that are being written under a name of their own, to get theirs when they are whole.

A signal that ends the process takes them away. Python's own answer to SIGTERM and SIGHUP is to end at once, so they are
looked after while there are such files, and only where nobody else looks after them.
"""
from __future__ import annotations

import os
import signal
import threading
from contextlib import suppress
from types import FrameType

_paths: set[str] = set()
_watched: list[signal.Signals] = []


def begin(path: str) -> None:
    """This file is about to be made."""
    if not _paths and threading.current_thread() is threading.main_thread():
        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, _leave)
                _watched.append(number)
    _paths.add(path)


def end(path: str) -> None:
    """This file has its name, or is gone."""
    _paths.discard(path)
    if not _paths and threading.current_thread() is threading.main_thread():
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
