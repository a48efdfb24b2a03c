"""Build hook: puts the built rule index and the coverage table into the wheel, so that a start parses no TOML."""
from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class RuleIndexHook(BuildHookInterface):
    """Builds httplint/rules.json from rules/."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel" or version == "editable":
            return                                         # a checkout reads its own rules/
        root = Path(self.root)
        sys.path.insert(0, str(root / "src"))
        from httplint.engine.catalogue import build_index

        self._directory = tempfile.TemporaryDirectory()
        index = Path(self._directory.name) / "rules.json"
        index.write_text(json.dumps(build_index(root / "rules"), separators=(",", ":")), "utf-8")
        build_data["force_include"][str(index)] = "httplint/rules.json"
        build_data["force_include"][str(root / "rules" / "coverage")] = "httplint/coverage_data"
