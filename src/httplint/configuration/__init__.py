"""What a project says about its own linting: httplint.toml, or [tool.httplint] of pyproject.toml.

`finding` is all that a run without a configuration loads of this package. `settings` reads a file, `policy` applies it
to reports, with `where` (which exchanges), `waivers` and `baseline`; `schema.json` is for editors.
"""
from __future__ import annotations

from httplint.model.errors import SetupError

OWN, SHARED = "httplint.toml", "pyproject.toml"
"""The file that is httplint's alone, which wins, and the one that it shares with others."""

DEFAULTS = {"profile": ("default",), "severity": "info", "confidence": "low",
            "fail-on": "error"}
"""Key -> the value where nothing is said, if that is not "nothing"."""


class ConfigurationError(SetupError):
    """A configuration is at fault."""
