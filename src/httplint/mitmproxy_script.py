"""The script of mitmproxy's option -s, which `httplint addon-path` names.

The Python of mitmproxy reads it, which may be another one than that of `httplint`. So it needs nothing of ours to say
what is missing: with an error in the log and without the addon, mitmproxy ends as it does for other scripts at fault.
"""
from __future__ import annotations

import json
import logging
import shlex
import sys
from pathlib import Path


def remedy() -> str:
    """What to do where this Python has no httplint."""
    if getattr(sys, "frozen", False):
        return ("httplint cannot be loaded: this mitmproxy brings a Python of its own, which takes no packages. "
                f"Install both together: pip install {wanted('[mitmproxy]')}")
    return ("httplint cannot be loaded: it is not installed in the Python of this mitmproxy. Install it there: "
            f"{shlex.quote(sys.executable)} -m pip install {wanted()} (with pipx: pipx inject mitmproxy {wanted()})")


def wanted(extra: str = "") -> str:
    """What to give pip: whatever it was given for the httplint that this file belongs to."""
    home = Path(__file__).resolve().parent.parent
    if (home.parent / "pyproject.toml").is_file():
        return shlex.quote(f"{home.parent}{extra}")
    for note in home.glob("http_conformance_lint-*.dist-info/direct_url.json"):
        return shlex.quote(f"http-conformance-lint{extra} @ {json.loads(note.read_text('utf-8'))['url']}")
    return shlex.quote(f"http-conformance-lint{extra}")


try:
    from httplint.addon import HttpLint
except ModuleNotFoundError as missing:
    if missing.name not in ("httplint", "httplint.addon"):
        raise
    logging.getLogger(__name__).error(remedy())
    addons: list[HttpLint] = []
else:
    addons = [HttpLint(exits=True)]
