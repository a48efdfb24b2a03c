"""The paths of captures, as reports show them."""
from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Sequence

from httplint.report.escape import clipped, printable

_TEST = re.compile(r"\.py(?:::[A-Za-z_]\w*+)++(?:\[.*\])?+(?: \(\w++\))?+\Z", re.DOTALL)
"""How the name of a test ends, behind that of its file; a file's own name may have colons, too."""
LONGEST = 4096
NAME = 100
"""Characters of a name for one, at most."""
_OF = " (of "
"""What stands between a path that several results have and the name of a result."""


def file_of(path: str) -> str:
    """The path of a capture, to be shown: relative to the working directory if it lies below it, with slashes.

    Of the name of a test, the path of its file.
    """
    return printable(relative(path))


def relative(path: str) -> str:
    """The path of `file_of`, as it is."""
    if path.endswith(")"):
        path = path.rpartition(_OF)[0] or path
    if len(path) < LONGEST and (found := _TEST.search(path)):
        path = path[:found.start() + len(".py")]
    if path.startswith(("http://", "https://")) or path == "-":
        return path
    if os.path.isabs(path):
        here = os.path.join(os.getcwd(), "")
        if path.startswith(here):
            path = path[len(here):]
    else:
        path = os.path.normpath(path)
    return path.replace(os.sep, "/")


def shared(path: str, name: str) -> str:
    """The path of a capture that is not the only one of that path: this is the one of the result of that name."""
    return f"{path}{_OF}{name})"


def shortest(paths: Sequence[str]) -> list[str]:
    """A name for each path, no two alike: as many of its last parts as tell it from the others; else a number, too."""
    different = list(dict.fromkeys(paths))
    parts = {path: [part for part in path.replace(os.sep, "/").split("/") if part] or [path] for path in different}
    names: dict[str, str] = {}
    left, size = different, 0
    while left:
        size += 1
        names |= {path: "/".join(parts[path][-size:]) for path in left}
        times = Counter(names.values())
        left = [path for path in left if times[names[path]] > 1 and size < len(parts[path])]
    out: dict[str, None] = {}
    for name in (clipped(names[path], NAME) for path in paths):
        number = 1
        while (one := name if number == 1 else f"{name} ({number})") in out:
            number += 1
        out[one] = None
    return list(out)
