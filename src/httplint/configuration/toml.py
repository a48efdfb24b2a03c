"""Reads TOML so that each key can be told where it stands, which tomllib does not say."""
from __future__ import annotations

import os
import re
import tomllib
from typing import Any, NamedTuple

from httplint.configuration import SHARED, ConfigurationError

LARGEST = 1 << 20
"""A configuration of more octets than these is none."""

DEEPEST = 20
"""A key with more parts than these is none. tomllib goes through all parts of a table's name for each key in it."""

Path = tuple[str | int, ...]
"""Keys from the outermost on; the number of the table (from 0) within an array of tables."""

_PIECE = re.compile(r'''"""(?:[^"\\]|\\.|"(?!""))*+(?:"{3,5})?+|'{3}(?:[^']|'(?!''))*+(?:'{3,5})?+'''
                    r'''|"(?:[^"\\\n]|\\.)*+"?+|'[^'\n]*+'?+|#[^\n]*+|[A-Za-z0-9_-]++|[^\S\n]++|.''', re.DOTALL)
"""What a document consists of: strings, comments, bare keys and the like, whitespace, marks and line ends.

Nothing that has begun can fail, so that broken documents are not read over and over.
"""


class Document(NamedTuple):
    """Our part of a file. `table` is None where a pyproject.toml has no [tool.httplint]."""

    path: str
    table: dict[str, Any] | None
    lines: dict[Path, int]
    """Where tables and keys stand, from 1, but for those within values."""

    def line(self, path: Path) -> int | None:
        """The line of a key or table, else that of the innermost one around it."""
        while path not in self.lines:
            if not path:
                return None
            path = path[:-1]
        return self.lines[path]


def read(path: str, octets: bytes | None = None) -> Document:
    """A file; `octets` if it was read already. Raises ConfigurationError."""
    if octets is None:
        octets = _octets(path)
    if len(octets) > LARGEST:
        raise ConfigurationError(f"larger than {LARGEST >> 20} MB", path)
    try:
        text = octets.decode("utf-8").replace("\r\n", "\n")
        index = lines(text)
        data = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise ConfigurationError("not UTF-8", path, octets.count(b"\n", 0, error.start) + 1) from None
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        raise ConfigurationError(f"not TOML: {error}", path, int(found[1]) if found else None) from None
    except (RecursionError, _TooDeep):
        raise ConfigurationError("nested too deep", path) from None
    if os.path.basename(path) != SHARED:
        return Document(path, data, index)
    tool = data.get("tool")
    ours = tool.get("httplint") if isinstance(tool, dict) else None
    if ours is None:
        return Document(path, None, {})
    if not isinstance(ours, dict):
        raise ConfigurationError("tool.httplint: expected a table", path)
    return Document(path, ours, {keys[2:]: line for keys, line in index.items()
                                 if keys[:2] == ("tool", "httplint")})


def _octets(path: str) -> bytes:
    try:
        with open(path, "rb") as stream:
            return stream.read(LARGEST + 1)
    except OSError as error:
        raise ConfigurationError(f"cannot be read: {error.strerror or error}", path) from None


class _TooDeep(ValueError):
    """A key of too many parts."""


def lines(text: str) -> dict[Path, int]:
    """The lines of the keys and tables of a document; of a broken one, some."""
    out: dict[Path, int] = {}
    last: dict[Path, int] = {}                             # array of tables -> number of its last table
    current: Path = ()
    keys: list[str] = []
    line, depth = 1, 0
    header = value = False
    for found in _PIECE.finditer(text):
        piece = found[0]
        if piece == "\n":
            if not depth:
                keys, header, value = [], False, False
        elif value:
            depth += (piece in "[{") - (piece in "]}")
        elif piece == "[":
            header = True
            depth += 1
        elif piece == "]" and header:
            depth -= 1
            if not depth and keys:
                current = _opened(keys, text.startswith("]]", found.start() - 1), last)
                _note(out, current, line)
        elif piece == "=":
            _note(out, (*current, *keys), line)
            value = True
        elif piece[0] in "\"'":
            keys.append(_unquoted(piece))
        elif piece[0].isalnum() or piece[0] in "_-":
            keys.append(piece)
        if len(keys) > DEEPEST:
            raise _TooDeep
        line += piece.count("\n")
    return out


def _note(found: dict[Path, int], path: Path, line: int) -> None:
    """Takes in where a key or table stands; those around it that are not written stand where the first of them does."""
    for length in range(1, len(path) + 1):
        found.setdefault(path[:length], line)


def _unquoted(piece: str) -> str:
    if "\\" in piece:
        try:
            return str(tomllib.loads(f"key = {piece}")["key"])
        except tomllib.TOMLDecodeError:                    # the document is broken there, as will be said
            pass
    return piece[1:-1]


def _opened(keys: list[str], many: bool, last: dict[Path, int]) -> Path:
    """The path of the table that a header opens; counts those of an array."""
    path: Path = ()
    for number, key in enumerate(keys, 1):
        path = (*path, key)
        if many and number == len(keys):
            last[path] = last.get(path, -1) + 1
        if path in last:
            path = (*path, last[path])
    return path
