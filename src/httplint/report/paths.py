"""The paths of captures, as reports show them."""
from __future__ import annotations

import os
import re

from httplint.report.escape import printable

_TEST = re.compile(r"\.py(?:::[A-Za-z_]\w*+)++(?:\[.*\])?+(?: \(\w++\))?+\Z", re.DOTALL)
"""How the name of a test ends, behind that of its file; a file's own name may have colons, too."""
LONGEST = 4096


def file_of(path: str) -> str:
    """The path of a capture, to be shown: relative to the working directory if it lies below it, with slashes.

    Of the name of a test, the path of its file.
    """
    return printable(relative(path))


def relative(path: str) -> str:
    """The path of `file_of`, as it is."""
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
