"""`httplint addon-path`: where the addon for mitmproxy is, for its option -s."""
from __future__ import annotations

import argparse
import errno
from pathlib import Path

import httplint
from httplint.run import CLEAN


def run(arguments: argparse.Namespace) -> int:
    """Prints the path."""
    print(addon_path())
    return CLEAN


def addon_path() -> Path:
    """The script that mitmproxy loads. Raises OSError where httplint runs out of a zip."""
    path = Path(httplint.__file__).resolve().with_name("mitmproxy_script.py")
    if not path.is_file():
        raise OSError(errno.ENOENT, "the addon is no file by itself, as mitmproxy wants it; install httplint with pip",
                      str(path))
    return path
