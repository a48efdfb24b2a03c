"""`httplint config`: shows the settings that hold, with the origin of each; prints the schema for editors."""
from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from typing import Any

from httplint.cli import configured
from httplint.cli.main import fail, printer, tell
from httplint.configuration.policy import Policy
from httplint.configuration.settings import KEYS, Override, Settings, Waiver
from httplint.library import rules_from
from httplint.model.errors import SetupError
from httplint.report.lines import encoded
from httplint.run import CLEAN


def run(arguments: argparse.Namespace) -> int:
    """Runs one action; returns the exit code."""
    if arguments.action == "schema":
        from httplint.configuration.schema import schema
        print(json.dumps(schema(), indent=2))
        return CLEAN
    try:
        options = configured.given(arguments)
        settings = configured.settings_of(arguments) or Settings().with_options(options)
        policy = Policy(settings, rules_from(settings.rules))  # says what is wrong with it
    except SetupError as error:
        return fail(str(error))
    for note in policy.obsolete:
        tell(note)
    if arguments.json:
        _json(settings)
    else:
        _text(settings)
    return CLEAN


def _json(settings: Settings) -> None:
    """{"file": …, "settings": {key: {"value": …, "origin": …}}}; overrides and waivers have an origin each."""
    values = {key.name: {"value": _plain(getattr(settings, key.attribute), origins=True),
                         "origin": str(settings.origins[key.name]), "about": key.about} for key in KEYS}
    print(encoded({"file": settings.path, "settings": values}, indent=1))


def _text(settings: Settings) -> None:
    """TOML, with the origins as comments."""
    say = printer()
    lines = [*_lines(settings)]
    width = min(max(len(line) for line, _ in lines), 60)
    for line, origin in lines:
        say(*((line.ljust(width), "  ", ("dim", f"# {origin}")) if origin else (line,)))


def _lines(settings: Settings) -> Iterator[tuple[str, str]]:
    """(a line of TOML, the origin of what it says)."""
    for key in KEYS:
        value, origin = getattr(settings, key.attribute), str(settings.origins[key.name])
        if key.kind not in ("overrides", "waivers", "level"):
            yield f"# {key.name}: not set" if value is None else f"{key.name} = {_toml(value)}", origin
    for key in KEYS:
        value, origin = getattr(settings, key.attribute), str(settings.origins[key.name])
        if key.kind == "level" and value:
            yield from _table(f"[{key.name}]", _plain(value), origin)
        elif key.kind in ("overrides", "waivers"):
            for one in value:
                yield from _table(f"[[{key.name}]]", _plain(one), str(one.origin))


def _table(header: str, table: Mapping[str, Any], origin: str) -> Iterator[tuple[str, str]]:
    yield "", ""
    yield header, origin
    for name, value in table.items():
        yield f"{_name(name)} = {_toml(value)}", ""


def _plain(value: Any, origins: bool = False) -> Any:
    """A value as a file has it; `origins`: with the origin of tables."""
    if isinstance(value, (Override, Waiver)):
        table: dict[str, Any] = {}
        if isinstance(value, Waiver):
            table = {"rule": value.rule or "all", "reason": value.reason}
            table |= {"expires": value.expires.isoformat()} if value.expires else {}
        table |= {name: list(patterns) for name, patterns in value.where.keys.items()}
        if isinstance(value, Override):
            table |= {name: [prefix or "all" for prefix in prefixes]
                      for name, prefixes in (("select", value.select), ("ignore", value.ignore)) if prefixes}
            table |= {"level": _plain(value.level)} if value.level else {}
        return table | ({"origin": str(value.origin)} if origins else {})
    if isinstance(value, Mapping):
        return {prefix or "all": level for prefix, level in value.items()}
    return [_plain(one, origins) for one in value] if isinstance(value, tuple) else value


def _toml(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_name(name)} = {_toml(one)}" for name, one in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False)


def _name(name: str) -> str:
    return name if name.replace("-", "").isalnum() and name.isascii() else _toml(name)
