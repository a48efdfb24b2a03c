"""Entries of HARs that stand alone, as archives keep them in rows: mappings, or the JSON text of each.

A row has lost who wrote the HAR, which `har_quirks` has to know: whoever has the rows says it. Otherwise an entry is
what it is in its file, but for its place, and for contents kept beside the file (`_file`), which nobody looks for.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from httplint.capture import files, har, har_exchange, har_shape, har_stream
from httplint.capture.har_quirks import Tool
from httplint.capture.outcome import NO_OBJECT, UNREADABLE, Skipped
from httplint.model.exchange import Exchange, Source

JsonEntry = Mapping[str, object] | str | bytes | None
"""An entry as `json.loads` makes it, or its text; None for the null of a table."""

_NOTHING_BESIDE = files.beside("")


def outcomes(entries: Iterable[object], tool: Tool, path: str) -> Iterator[Exchange | Skipped]:
    """What each entry is, in order. Raises TypeError as `outcome` does, and what the iterable raises."""
    for number, entry in enumerate(entries):
        yield outcome(entry, tool, Source(path, number))


def outcome(entry: object, tool: Tool, source: Source) -> Exchange | Skipped:
    """What an entry is. Raises TypeError for what is neither a value of JSON nor the text of one."""
    if isinstance(entry, (str, bytes, bytearray)):
        return _of_text(entry if isinstance(entry, str) else bytes(entry), tool, source)
    if not (entry is None or isinstance(entry, (*har_shape.OBJECT, list, int, float))):
        raise TypeError(f"expected a HAR entry, as a mapping or as JSON text, got {type(entry).__name__}")
    return _of_value(entry, tool, source)


def _of_text(text: str | bytes, tool: Tool, source: Source) -> Exchange | Skipped:
    try:
        found = har_stream.alone(text, har.begin(len(text)))
    except har_stream.Broken as broken:
        place = f"line {broken.line}, column {broken.column} of its text"
        return Skipped(source, f"the entry cannot be read: {broken.cause} ({place})", UNREADABLE)
    return har.outcome(found, tool, source, _NOTHING_BESIDE)


def _of_value(value: object, tool: Tool, source: Source) -> Exchange | Skipped:
    if not isinstance(value, har_shape.OBJECT):
        return Skipped(source, NO_OBJECT, UNREADABLE)
    try:
        shaped = har_shape.entry(value)
    except Exception:                                      # of a mapping that is somebody else's program
        return Skipped(source, "the entry cannot be read: its mapping does not hand out its members", UNREADABLE)
    return har_exchange.exchange(shaped, tool, source, _NOTHING_BESIDE)
