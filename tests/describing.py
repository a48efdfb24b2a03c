"""Descriptions of APIs, made for a test."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def written(directory: Path, said: str | dict[str, Any], name: str = "") -> str:
    path = directory / (name or ("api.yaml" if isinstance(said, str) else "api.json"))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(said if isinstance(said, str) else json.dumps(said), "utf-8")
    return str(path)


def api(paths: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths, **more}
