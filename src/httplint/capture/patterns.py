"""Patterns of paths, where no shell has expanded them: on Windows, in the YAML of CI, in quotes.

As shells have them: `*`, `?` and `[…]` stand for what is within one name, and for no dot at its beginning; `**` for any
directories, none too. Links to directories are not followed by `**`, so that no loop is walked round.
"""
from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from fnmatch import translate

_MAGIC = re.compile(r"[*?[]")
_SEPARATOR = re.compile("[/" + re.escape(os.sep) + "]+")


def matching(pattern: str) -> list[str]:
    """The paths that a pattern matches, in order; with `**` only files, as the directories are gone through."""
    drive, rest = os.path.splitdrive(pattern)
    root = drive + os.sep if _SEPARATOR.match(rest) else drive
    parts = [part for part in _SEPARATOR.split(rest) if part]
    found = {root}
    for number, part in enumerate(parts, 1):
        found = set(_step(found, part, last=number == len(parts)))
    deep = "**" in parts
    return sorted(path for path in found if not (deep and os.path.isdir(path)))


def _step(directories: Iterable[str], part: str, last: bool) -> Iterator[str]:
    """What a part of a pattern matches in, or below, directories."""
    if part == "**":
        seen: set[str] = set()
        for directory in directories:
            yield from _below(directory, seen, files=last)
    elif _MAGIC.search(part):
        matches = re.compile(translate(part) if os.name != "nt" else f"(?i:{translate(part)})").match
        for directory in directories:
            for name in _names(directory):
                if (name[:1] != "." or part[:1] == ".") and matches(name):
                    yield os.path.join(directory, name)
    else:
        for directory in directories:
            if os.path.lexists(path := os.path.join(directory, part)):
                yield path


def _names(directory: str) -> list[str]:
    try:
        return os.listdir(directory or ".")
    except OSError:                                        # no directory, or one that nobody may look into
        return []


def _below(directory: str, seen: set[str], files: bool) -> Iterator[str]:
    """A directory and all below it, but for those `seen`, which it adds to; or with `files` what they hold."""
    waiting = [directory]
    while waiting:
        where = waiting.pop()
        if where in seen:                                  # with all below it
            continue
        seen.add(where)
        if not files:
            yield where
        with suppress(OSError), os.scandir(where or ".") as entries:
            for entry in entries:
                path = os.path.join(where, entry.name)
                if not entry.name.startswith("."):
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(path)
                    elif files:
                        yield path
