"""The schema of the configuration for editors, made of the table of keys. `schema.json` is what `schema` returns."""
from __future__ import annotations

from typing import Any

from httplint.configuration.settings import ALIAS, KEYS, OVERRIDE, REQUIRED, WAIVER, Key

FORMAT_FILE = "^[a-z]+:."
DATE = r"^\d{4}-\d{2}-\d{2}$"
CODE = "^([1-9][0-9]{2}|[1-9]xx)$"


def schema() -> dict[str, Any]:
    """The JSON schema of httplint.toml, and of [tool.httplint]."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Configuration of httplint: httplint.toml, or [tool.httplint] of pyproject.toml",
        **_table(KEYS, ()),
        "$defs": {
            "levels": {
                "type": "object",
                "additionalProperties": {"anyOf": [{"enum": _levels()}, {"$ref": "#/$defs/levels"}]},
            },
            "text": {"type": "string", "pattern": r"\S"},
            "texts": _one_or_many({"$ref": "#/$defs/text"}),
        },
    }


def _levels() -> list[str]:
    return next(list(key.choices) for key in KEYS if key.kind == "level")


def _table(keys: tuple[Key, ...], required: tuple[str, ...]) -> dict[str, Any]:
    out: dict[str, Any] = {"type": "object", "additionalProperties": False}
    if required:
        out["required"] = list(required)
    return {**out, "properties": {key.name: {"description": key.about, **_property(key)} for key in keys}}


def _property(key: Key) -> dict[str, Any]:
    kind = key.kind
    if kind == "overrides":
        return {"type": "array", "items": _table(OVERRIDE, ())}
    if kind == "waivers":
        return {"type": "array", "items": _table(WAIVER, REQUIRED)}
    if kind == "aliases":
        return {"type": "object", "propertyNames": {"pattern": f"^{ALIAS.pattern}$"},
                "additionalProperties": {"$ref": "#/$defs/texts"}}
    if kind == "level":
        return {"$ref": "#/$defs/levels"}
    if kind == "choice":
        return {"enum": list(key.choices), "default": key.default}
    if kind == "choices":
        return _one_or_many({"enum": list(key.choices)})
    if kind == "outputs":
        return _one_or_many({"type": "string", "pattern": FORMAT_FILE})
    if kind == "date":
        return {"type": "string", "format": "date", "pattern": DATE}
    if key.name == "status":
        return _one_or_many({"anyOf": [{"type": "integer", "minimum": 100, "maximum": 999},
                                       {"type": "string", "pattern": CODE}]})
    if kind in ("prefix", "path", "name", "text"):
        return {"$ref": "#/$defs/text"}
    return {"$ref": "#/$defs/texts"}


def _one_or_many(one: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [one, {"type": "array", "items": one}]}
