"""`httplint addon-path`: where the addon for mitmproxy is, for its option -s."""
from __future__ import annotations

import argparse
from pathlib import Path

import httplint
from httplint.cli.main import CLEAN


def run(arguments: argparse.Namespace) -> int:
    """Prints the path."""
    print(addon_path())
    return CLEAN


def addon_path() -> Path:
    """The script that mitmproxy loads."""
    return Path(httplint.__file__).resolve().with_name("addon.py")
