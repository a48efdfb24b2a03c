"""Finds the configuration that holds for a directory: all that a run without one loads of this package."""
from __future__ import annotations

import os

from httplint.configuration import OWN, SHARED, ConfigurationError
from httplint.model.files import cause, octets_of

SHARED_LIMIT = 16 << 20
"""A pyproject.toml of more octets than these is none, however much of it belongs to others."""


def find(start: str | os.PathLike[str] = ".") -> str | None:
    """The configuration that holds for a directory: its own, or else that of the nearest directory above.

    A pyproject.toml counts if it has a table [tool.httplint]. Raises ConfigurationError where it cannot be read.
    """
    try:
        directory = os.path.abspath(start)
    except OSError as error:                               # it was taken away
        raise ConfigurationError(f"the working directory is not known: {cause(error)}") from None
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
        raise ConfigurationError(f"cannot be read: {cause(error)}", path) from None
    if b"httplint" not in text:
        return False
    import re
    if not re.search(rb"""(?m)tool["']?[ \t]*[.\]=]|^[ \t]*["']?httplint""", text):
        return False                                       # such as the name of a dependency
    from httplint.configuration.toml import read
    return read(path, text).table is not None
