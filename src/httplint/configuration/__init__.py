"""What a project says about its own linting: httplint.toml, or [tool.httplint] of pyproject.toml.

`find` is all that a run without a configuration loads of this package. `settings` reads a file, `policy` applies it to
reports, with `where` (which exchanges), `waivers` and `baseline`; `schema.json` is for editors.
"""
from __future__ import annotations

import os

from httplint.model.files import octets_of

OWN, SHARED = "httplint.toml", "pyproject.toml"
"""The file that is httplint's alone, which wins, and the one that it shares with others."""

SHARED_LIMIT = 16 << 20
"""A pyproject.toml of more octets than these is none, however much of it belongs to others."""

DEFAULTS = {"profile": ("default",), "severity": "info", "fail-on": "error"}
"""Key -> the value where nothing is said, if that is not "nothing"."""


class ConfigurationError(Exception):
    """A configuration is at fault: `path` and `line` (from 1) say where, as far as that is known."""

    def __init__(self, why: str, path: str | None = None, line: int | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.path = path
        self.line = line

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}: " if self.line else f"{self.path}: " if self.path else ""
        return place + self.why


def find(start: str | os.PathLike[str] = ".") -> str | None:
    """The configuration that holds for a directory: its own, or else that of the nearest directory above.

    A pyproject.toml counts if it has a table [tool.httplint]. Raises ConfigurationError where it cannot be read.
    """
    try:
        directory = os.path.abspath(start)
    except OSError as error:                               # it was taken away
        raise ConfigurationError(f"the working directory is not known: {error.strerror or error}") from None
    while True:
        path = os.path.join(directory, OWN)
        if os.path.isfile(path):
            return path
        path = os.path.join(directory, SHARED)
        if os.path.isfile(path) and _is_shared(path):
            return path
        above = os.path.dirname(directory)
        if above == directory:
            return None
        directory = above


def _is_shared(path: str) -> bool:
    """Whether a pyproject.toml has our table. Most have not even the word in them, and are not parsed."""
    try:
        text = octets_of(path, SHARED_LIMIT)
    except OSError as error:
        raise ConfigurationError(f"cannot be read: {error.strerror or error}", path) from None
    if b"httplint" not in text:
        return False
    import re
    if not re.search(rb"""(?m)tool["']?[ \t]*[.\]=]|^[ \t]*["']?httplint""", text):
        return False                                       # such as the name of a dependency
    from httplint.configuration.toml import read
    return read(path, text).table is not None
