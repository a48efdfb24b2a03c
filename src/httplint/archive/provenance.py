"""What the rows of an archive come from, as plain data: runs that add to one another must have the same."""
from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any

from httplint import __version__
from httplint.archive.rows import Recipe
from httplint.archive.tables import FORMAT
from httplint.configuration.settings import KEYS, Override, Settings, Waiver
from httplint.description.document import LIMIT
from httplint.engine.rule import Rule
from httplint.model.files import octets_of

ASIDE = frozenset(("extends", "profile", "select", "ignore", "rules", "severity", "confidence", "fail-on", "show",
                   "outputs", "baseline"))
"""Keys of a configuration that change no row, or that the rules say already."""


def provenance(recipe: Recipe, rules: Iterable[Rule]) -> dict[str, Any]:
    """What the rows of a recipe come from. `rules`: those that are on."""
    return {"format": FORMAT, "httplint": __version__, "secrets": "shown" if recipe.shows else "masked",
            "rules": _digest([rule.id if rule.built_in else [rule.id, dict(rule.said)] for rule in rules]),
            **_settings(recipe.config or Settings())}


def _settings(settings: Settings) -> dict[str, Any]:
    """The settings that change rows; of a description, what is in it."""
    held = {key.name: _plain(getattr(settings, key.attribute)) for key in KEYS if key.name not in ASIDE}
    held["api"] = [_digest(octets_of(path, LIMIT).hex()) for path in settings.api]  # which were read before
    return {name: value for name, value in held.items() if value}


def _plain(value: Any) -> Any:
    """A value without the places that it comes from."""
    if isinstance(value, (Override, Waiver)):
        return {name: _plain(one) for name, one in value._asdict().items() if name != "origin"}
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value if value is None or isinstance(value, (str, int)) else str(getattr(value, "keys", value))


def _digest(value: object) -> str:
    return blake2b(json.dumps(value, sort_keys=True, default=str).encode(), digest_size=16).hexdigest()
