"""JSON that is written as it goes, so that memory stays bounded."""
from __future__ import annotations

from httplint.report.lines import encoded
from httplint.report.reporter import Write


class JsonWriter:
    """A list or an object: opened, an item or a member at a time, closed. Who calls says where lines break."""

    def __init__(self, write: Write, brackets: str = "[]") -> None:
        self._write = write
        self._end = brackets[1]
        self.count = 0
        """Of items, or members, so far."""
        write(brackets[0])

    def add(self, text: str, before: str = "\n  ") -> None:
        """Writes an item: JSON, behind this whitespace."""
        self._write(f"{',' if self.count else ''}{before}{text}")
        self.count += 1

    def member(self, name: str, before: str, value: str = "") -> None:
        """Writes a member; without `value`, the one that opens next is its value."""
        self.add(f'"{name}": {value}', before)

    def close(self, before: str = "\n") -> None:
        """Writes the end."""
        self._write(before + self._end)


def indented(data: object, depth: int) -> str:
    """JSON in ASCII in lines that are indented, all but the first by `depth` at least."""
    return encoded(data, indent=1).replace("\n", "\n" + " " * depth)
