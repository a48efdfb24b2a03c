"""A progress bar on a terminal, for work that takes long."""
from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import TextIO

from httplint.cli.paths import size
from httplint.report.masker import Masker

WIDTH = 30
DELAY = 0.7
"""Seconds before the bar appears: short work shows none."""


class Progress:
    """Draws at most ten times a second on a terminal, nothing elsewhere; leaves a clean line."""

    def __init__(self, stream: TextIO, masker: Masker, off: bool = False) -> None:
        self._stream = stream
        self._masker = masker
        self._on = not off and stream.isatty()
        self._begun = self._next = time.monotonic()
        self._drawn = False
        self._entries = 0
        self._path = ""
        self._share = 0.0
        self._total = self._before = self._length = 0

    def expect(self, total: int) -> None:
        """So many octets are to be read, of all captures."""
        self._total = total

    def of(self, path: str) -> Callable[[int, int], None] | None:
        """A callback for a reader of this capture: octets read, octets in all."""
        self._before += self._length
        self._path, self._length, self._share = self._masker.path(path), size(path), 0.0
        return self._read if self._on else None

    def at(self, done: int, total: int, what: str) -> None:
        """So many of all questions were asked, and that is the next one."""
        self._path, self._share = self._masker.path(what), done / total if total else 0.0
        self._due()

    def _read(self, done: int, total: int) -> None:
        self._share = done / total if total else 0.0

    def step(self, entries: int = 1) -> None:
        """One more entry was read, or several."""
        before = self._entries
        self._entries += entries
        if self._entries // 64 > before // 64:
            self._due()

    def _due(self) -> None:
        """Draws, if it is time for that."""
        if self._on:
            now = time.monotonic()
            if now >= self._next and now - self._begun > DELAY:
                self._next = now + 0.1
                self._draw()

    def _draw(self) -> None:
        read = self._before + self._share * self._length
        share = min(read / self._total, 1.0) if self._total else self._share
        filled = int(share * WIDTH)
        name = "".join(c if c.isprintable() else "?" for c in self._path[-30:])
        self._stream.write(f"\r\033[K{'█' * filled}{'░' * (WIDTH - filled)} {share:4.0%}  "
                           f"{self._entries:,} entries  {name}")
        self._stream.flush()
        self._drawn = True

    def __enter__(self) -> Progress:
        return self

    def clear(self) -> None:
        """Takes the bar away."""
        if self._drawn:
            self._stream.write("\r\033[K")
            self._stream.flush()
            self._drawn = False

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.clear()
