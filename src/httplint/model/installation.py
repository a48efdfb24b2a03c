"""How this httplint was installed, and so how it is installed again: with an extra, for another Python, in CI.

An installer writes down where something came from that came from no package index (PEP 610). So what came from an index
is named, and what came from elsewhere goes by its address, since no index need have the name. Nothing else in the
program says how to install it; what the pages say is switched by tools/release.py when an index has it. This imports
nothing of ours: the script for mitmproxy runs it, where there may be no more of httplint.
"""
from __future__ import annotations

import os
import shlex

NAME = "http-conformance-lint"
CHECKOUT = "./httplint"
"""The directory of a checkout, as pages call it."""
HOME = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
"""Where the package lies, and beside it what an installer wrote down; or src/ of a checkout."""


def requirement(extra: str = "") -> str:
    """What an installer on this machine takes for this httplint, with an extra perhaps."""
    url, wanted = _origin(), f"[{extra}]" if extra else ""
    if url is None:
        return CHECKOUT + wanted
    return f"{NAME}{wanted} @ {url}" if url else NAME + wanted


def command(extra: str = "", pip: str = "pip install") -> str:
    """The command that installs it, for a shell; `pip`: how that begins."""
    return f"{pip} {shlex.quote(requirement(extra))}"


def committed() -> str:
    """What an installer takes in CI, seen from this directory: with ./ at its beginning, it has to be put there."""
    url = _origin()
    if url and not url.startswith("file:"):
        return requirement()
    if not url:
        return NAME if url == "" else CHECKOUT
    from urllib.parse import urlsplit
    from urllib.request import url2pathname
    path = url2pathname(urlsplit(url).path)
    within = _within(path)
    if within is not None:
        return f"./{within}"
    return f"./{os.path.basename(path)}" if os.path.isfile(path) else CHECKOUT


def _within(path: str) -> str | None:
    """A path seen from this directory, if it is below."""
    try:
        relative = os.path.relpath(path)
    except (OSError, ValueError):                          # on another drive
        return None
    return None if relative.startswith(os.pardir) or relative == os.curdir else relative.replace(os.sep, "/")


def _origin() -> str | None:
    """The address that it was installed from, empty for a package index; None where it was not installed."""
    if os.path.isfile(os.path.join(os.path.dirname(HOME), "pyproject.toml")):
        from pathlib import Path
        return Path(HOME).parent.as_uri()
    import json
    from importlib.metadata import distributions
    for found in distributions(name=NAME, path=[HOME]):
        try:
            note = json.loads(found.read_text("direct_url.json") or "{}")
            url, repository = str(note.get("url", "")), note.get("vcs_info")
            return f"{repository['vcs']}+{url}@{repository['commit_id']}" if repository else url
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            return ""
    return None
