"""The octets of a description become data: JSON, or YAML as `model/yaml.py` reads it."""
from __future__ import annotations

import json
from typing import Any

from httplint.description import DescriptionError
from httplint.model import yaml
from httplint.model.files import cause, octets_of
from httplint.model.json_faults import alike
from httplint.model.nesting import shallow

LIMIT = 64 << 20
"""Octets of a file, at most."""
MOST_VALUES = 5_000_000
"""Values of a file, at most: what holds them takes a hundred octets for each."""


def read(path: str, met: bool = False) -> Any:
    """The data of a file: JSON, else YAML; `met`: nobody named it. Raises DescriptionError."""
    try:
        octets = octets_of(path, LIMIT, met)
    except OSError as error:
        raise DescriptionError(f"cannot be read: {cause(error)}", path) from None
    try:
        text = octets.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DescriptionError("not UTF-8", path, octets.count(b"\n", 0, error.start) + 1) from None
    begin = text[:1000].lstrip()[:1]
    if begin and begin in "{[" and not path.endswith((".yaml", ".yml")):
        return _json(text, path)
    return _yaml(text, path)


def _json(text: str, path: str) -> Any:
    if sum(map(text.count, ",[{")) > MOST_VALUES:
        raise DescriptionError(f"it holds more than {MOST_VALUES:,} values", path)
    try:
        return json.loads(shallow(text))
    except json.JSONDecodeError as raised:
        error = alike(raised)
        raise DescriptionError(f"not JSON: {error.msg}", path, error.lineno) from None
    except RecursionError:
        raise DescriptionError("nested too deep", path) from None
    except ValueError:                                     # of more digits than Python takes
        raise DescriptionError("not JSON: a number is too long", path) from None


def _yaml(text: str, path: str) -> Any:
    try:
        return yaml.data(text, MOST_VALUES)
    except ImportError:
        raise DescriptionError(f"{yaml.needed('api')}; or say it in JSON", path) from None
    except yaml.YamlError as error:
        line = error.line if error.offset is None else text.count("\n", 0, error.offset) + 1
        raise DescriptionError(error.why, path, line) from None
