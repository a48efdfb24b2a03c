"""Build hook: puts the built rule index and the coverage table into the wheel, so that a start parses no TOML."""
from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class RuleIndexHook(BuildHookInterface):
    """Builds the index of the rules from rules/: what catalogue.build makes."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self.target_name != "wheel" or version == "editable":
            return                                         # a checkout reads its own rules/
        root = Path(self.root)
        sys.path.insert(0, str(root / "src"))
        from httplint.engine.catalogue import build

        self._directory = tempfile.TemporaryDirectory()
        for name, text in build(root / "rules").items():
            target = Path(self._directory.name) / name
            target.write_bytes(text.encode())
            build_data["force_include"][str(target)] = f"httplint/{name}"
        build_data["force_include"][str(root / "rules" / "coverage")] = "httplint/coverage_data"
