"""Examples of Postman's collections v3: a file in YAML for each (`NAME.example.yaml`), below a directory of requests.

They say the same as the examples of v2.1 by other names, and prove as little; see `postman`.
"""
from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from httplint.capture import files, postman
from httplint.capture.files import Progress
from httplint.capture.json_walk import JsonObject, object_of
from httplint.capture.outcome import UNREADABLE, Outcome, Problem, Skipped
from httplint.model.exchange import Source
from httplint.model.yaml import YamlError, data, needed

LIMIT = 64 << 20
"""The largest file that is read, in octets."""
MOST_VALUES = 100_000
"""Values of a file, at most."""

_PATH_VARIABLE = re.compile(r"/:(\w[\w-]{0,100})")


def read(source: str | BinaryIO, *, path: str, progress: Progress | None = None) -> Iterator[Outcome]:
    """The exchange of an example."""
    octets = files.whole(source, path, LIMIT, progress)
    try:
        value = data(octets, MOST_VALUES)
    except ImportError:
        yield Problem(path, None, None, needed("cassettes"))
        return
    except YamlError as error:
        yield Problem(path, error.line, error.column, error.why)
        return
    place = Source(path, 0, 1, 1)
    yield postman.exchange(_example(value), place) if isinstance(value, dict) else Skipped(
        place, "the entry is not an object", UNREADABLE)


def _example(value: JsonObject) -> JsonObject:
    """The same as v2.1 has it."""
    request, response = object_of(value.get("request")), object_of(value.get("response"))
    made: JsonObject = {"code": response.get("statusCode"), "header": _pairs(response.get("headers")),
                               "body": object_of(response.get("body")).get("content")}
    url = request.get("url")
    if isinstance(url, str):
        made["originalRequest"] = {"url": _PATH_VARIABLE.sub(r"/{{\1}}", url), "method": request.get("method", "GET"),
                                   "header": _pairs(request.get("headers"))}
    return made


def _pairs(value: object) -> list[object] | None:
    """Field lines as a list of objects: of such a list, or of an object with the names as keys."""
    if isinstance(value, dict):
        return [{"key": name, "value": text} for name, text in value.items()]
    if not isinstance(value, list):
        return None
    return [one for one in value if not (isinstance(one, dict) and one.get("disabled") == "true")]
