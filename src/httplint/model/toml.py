"""TOML 1.0, which rules and configurations are written in: read in linear time; and where each key stands.

tomllib goes through all parts of a key or of a table's name for each of them, so that keys of very many parts are
refused before.
"""
from __future__ import annotations

import re
import tomllib
from typing import Any

from httplint.model.errors import TextError

LARGEST = 1 << 20
"""Octets of a document, at most."""

DEEPEST = 20
"""Parts of a key, at most."""

Path = tuple[str | int, ...]
"""Keys from the outermost on; the number of the table (from 0) within an array of tables."""

PIECE = re.compile(r'''"""(?:[^"\\]|\\.|"(?!""))*+(?:"{3,5})?+|'{3}(?:[^']|'(?!''))*+(?:'{3,5})?+'''
                    r'''|"(?:[^"\\\n]|\\.)*+"?+|'[^'\n]*+'?+|#[^\n]*+|[A-Za-z0-9_-]++|[^\S\n]++|.''', re.DOTALL)
"""What a document consists of: strings, comments, bare keys and the like, whitespace, marks and line ends.

Nothing that has begun can fail, so that broken documents are not read over and over.
"""


class TomlError(TextError):
    """Octets are no TOML, or more of it than is read; `line` (from 1) says where, as far as that is known."""

    def __init__(self, why: str, line: int | None = None) -> None:
        super().__init__(why)
        self.line = line


def read(octets: bytes) -> tuple[dict[str, Any], str]:
    """The data of a document, and its text. Raises TomlError."""
    if len(octets) > LARGEST:
        raise TomlError(f"larger than {LARGEST >> 20} MB")
    try:
        text = octets.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise TomlError("not UTF-8", octets.count(b"\n", 0, error.start) + 1) from None
    if any(line.count(".") >= DEEPEST for line in text.split("\n")):
        lines(text)                                        # says whether it is a key that has so many
    try:
        return tomllib.loads(text), text
    except RecursionError:
        raise TomlError("nested too deep") from None
    except ValueError as error:                            # also a number that is too long for Python
        if isinstance(error, tomllib.TOMLDecodeError):
            found = re.search(r"at line (\d+)", str(error))   # else it is at the end
            raise TomlError(f"not TOML: {error}", int(found[1]) if found else text.count("\n") + 1) from None
        long = re.search(r"\d[\d_]{3000}", text)
        raise TomlError("not TOML: a number is too long", long and text.count("\n", 0, long.start()) + 1) from None


def value_kind(value: object) -> str:
    """What a value is, in plain words."""
    for kind, name in ((bool, "a truth value"), (str, "a text"), ((int, float), "a number"), (list, "a list"),
                       (dict, "a table")):
        if isinstance(value, kind):
            return name
    return "a date or time"


def lines(text: str) -> dict[Path, int]:
    """The lines of the keys and tables of a document; of a broken one, some. Raises TomlError for a key too deep."""
    out: dict[Path, int] = {}
    last: dict[Path, int] = {}                             # array of tables -> number of its last table
    current: Path = ()
    keys: list[str] = []
    line, depth = 1, 0
    dots = 0                                               # of a key within an inline table
    header = value = False
    for found in PIECE.finditer(text):
        piece = found[0]
        if piece == "\n":
            if not depth:
                keys, header, value = [], False, False
        elif value:
            depth += (piece in "[{") - (piece in "]}")
            dots = dots + 1 if piece == "." else 0 if piece in ",={}" else dots
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
            keys.append(unquoted(piece))
        elif piece[0].isalnum() or piece[0] in "_-":
            keys.append(piece)
        if len(keys) > DEEPEST or dots >= DEEPEST:
            raise TomlError("nested too deep")
        line += piece.count("\n")
    return out


def _note(found: dict[Path, int], path: Path, line: int) -> None:
    """Takes in where a key or table stands; those around it that are not written stand where the first of them does."""
    for length in range(1, len(path) + 1):
        found.setdefault(path[:length], line)


def unquoted(piece: str) -> str:
    """What a bare or quoted key says."""
    if "\\" in piece:
        try:
            return str(tomllib.loads(f"key = {piece}")["key"])
        except tomllib.TOMLDecodeError:                    # the document is broken there, as will be said
            pass
    return piece[1:-1] if piece[0] in "\"'" else piece


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
