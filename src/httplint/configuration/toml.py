"""Reads the TOML of a configuration so that each key can be told where it stands."""
from __future__ import annotations

import os
from typing import Any

from httplint.configuration import SHARED, ConfigurationError
from httplint.model.files import cause, octets_of
from httplint.model.named import NamedTuple
from httplint.model.toml import LARGEST, Path, TomlError, lines
from httplint.model.toml import read as parsed


class TomlFile(NamedTuple):
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


def read(path: str, octets: bytes | None = None) -> TomlFile:
    """A file; `octets` if it was read already. Raises ConfigurationError."""
    try:
        if octets is None:
            octets = octets_of(path, LARGEST)
    except OSError as error:
        raise ConfigurationError(f"cannot be read: {cause(error)}", path) from None
    try:
        data, text = parsed(octets)
        index = lines(text)
    except TomlError as error:
        raise ConfigurationError(str(error), path, error.line) from None
    if os.path.basename(path) != SHARED:
        return TomlFile(path, data, index)
    tool = data.get("tool")
    ours = tool.get("httplint") if isinstance(tool, dict) else None
    if ours is None:
        return TomlFile(path, None, {})
    if not isinstance(ours, dict):
        raise ConfigurationError("tool.httplint: expected a table", path)
    return TomlFile(path, ours, {keys[2:]: line for keys, line in index.items()
                                 if keys[:2] == ("tool", "httplint")})
