"""The lines of a stream that is not read as a whole."""
from __future__ import annotations

from collections.abc import Iterator

from httplint.capture import files

WINDOW = 1 << 16
"""Octets that are read at once."""


def lines(stream: files.Stream, limit: int) -> Iterator[bytes | None]:
    """Each line without the LF at its end; None in the place of one of more than `limit` octets. Raises OSError."""
    read = files.reading(stream)
    kept: list[bytes] = []
    size = 0
    while octets := read(WINDOW):
        for number, piece in enumerate(octets.split(b"\n")):
            if number:                                     # a line has ended
                yield b"".join(kept) if size <= limit else None
                kept, size = [], 0
            size += len(piece)
            if size <= limit:
                kept.append(piece)
            else:
                kept.clear()
    if size:
        yield b"".join(kept) if size <= limit else None
