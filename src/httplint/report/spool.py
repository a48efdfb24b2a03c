"""Text that can be written only when other text has been: kept in memory while it is little, else in a file."""
from __future__ import annotations

from collections.abc import Callable
from typing import TextIO

IN_MEMORY = 1 << 20
"""Characters."""
PIECE = 1 << 16


class Spool:
    """Takes in pieces of text, gives all of them back in their order, once. Raises OSError where there is no room."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._size = 0
        self._file: TextIO | None = None

    def write(self, text: str) -> None:
        """Takes in a piece."""
        self._parts.append(text)
        self._size += len(text)
        if self._size > IN_MEMORY:
            if self._file is None:
                import tempfile
                self._file = tempfile.TemporaryFile("w+", encoding="utf-8",  # noqa: SIM115 - until it is poured
                                                    errors="surrogatepass", newline="")
            self._file.writelines(self._parts)
            self._parts.clear()
            self._size = 0

    def pour(self, write: Callable[[str], object]) -> None:
        """Writes everything, and forgets it."""
        if self._file is not None:
            with self._file as file:
                file.seek(0)
                while text := file.read(PIECE):
                    write(text)
            self._file = None
        for text in self._parts:
            write(text)
        self._parts.clear()
