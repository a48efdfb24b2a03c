"""The script of mitmproxy's option -s, which `httplint addon-path` names.

The Python of mitmproxy reads it, which may be another one than that of `httplint`. So it needs nothing of ours to say
what is missing: with an error in the log and without the addon, mitmproxy ends as it does for other scripts at fault.
"""
from __future__ import annotations

import logging
import runpy
import shlex
import sys
from pathlib import Path


def remedy() -> str:
    """What to do where this Python has no httplint."""
    command = runpy.run_path(str(Path(__file__).resolve().parent / "model" / "installation.py"))["command"]
    if getattr(sys, "frozen", False):
        return ("httplint cannot be loaded: this mitmproxy brings a Python of its own, which takes no packages. "
                f"Install both together: {command('mitmproxy')}")
    return ("httplint cannot be loaded: it is not installed in the Python of this mitmproxy. Install it there: "
            f"{command(pip=f'{shlex.quote(sys.executable)} -m pip install')} (with pipx: "
            f"{command(pip='pipx inject mitmproxy')})")


try:
    from httplint.addon import HttpLint
except ModuleNotFoundError as missing:
    if missing.name not in ("httplint", "httplint.addon"):
        raise
    logging.getLogger(__name__).error(remedy())
    addons: list[HttpLint] = []
else:
    addons = [HttpLint(exits=True)]
