"""The parts of a HAR entry that are read, in whatever shape they were written.

`entry` takes plain JSON field by field: what has the wrong shape counts as missing. Attributes that are JSON scalars
keep their value, for the reader to judge: an integer header value, a status in quotes. What other programs hand over
may have other mappings for objects, and tuples for lists.
"""
from __future__ import annotations

import math
from collections.abc import Mapping

Scalar = str | int | float | bool | None
OBJECT = (dict, Mapping)
"""What stands for an object of JSON; most often the first, which is told at once."""
WRITABLE = 14_000
"""Bits of an integer that can be written in digits: Python refuses from 4,300 digits on. Longer ones are infinite."""


class HarHeader:
    """One element of a header list. `name` is None for anything that is no name with a value."""

    __slots__ = ("name", "value")

    def __init__(self, name: Scalar = None, value: Scalar = None) -> None:
        self.name = name
        self.value = value


class HarContent:
    """`response.content`. `file` is where the text is kept outside of the HAR (`_file`)."""

    __slots__ = ("compression", "encoding", "file", "size", "text")

    def __init__(self) -> None:
        self.size: Scalar = None
        self.text: Scalar = None
        self.encoding: Scalar = None
        self.compression: Scalar = None
        self.file: Scalar = None


class HarPostData:
    """`request.postData`."""

    __slots__ = ("encoding", "text")

    def __init__(self) -> None:
        self.text: Scalar = None
        self.encoding: Scalar = None


class HarRequest:
    """`request`."""

    __slots__ = ("body_size", "headers", "method", "post_data", "url", "version")

    def __init__(self) -> None:
        self.method: Scalar = None
        self.url: Scalar = None
        self.version: Scalar = None
        self.headers: list[HarHeader] | None = None
        self.post_data: HarPostData | None = None
        self.body_size: Scalar = None


class HarResponse:
    """`response`. The last five are extensions of browsers, see har_quirks."""

    __slots__ = ("body_size", "content", "error", "failure", "from_worker", "fulfilled_by", "headers", "reason",
                 "status", "transfer_size", "version")

    def __init__(self) -> None:
        self.status: Scalar = None
        self.reason: Scalar = None
        self.version: Scalar = None
        self.headers: list[HarHeader] | None = None
        self.content: HarContent | None = None
        self.body_size: Scalar = None
        self.transfer_size: Scalar = None
        self.error: Scalar = None
        self.failure: Scalar = None
        self.from_worker: Scalar = None
        self.fulfilled_by: Scalar = None


class HarEntry:
    """One element of `entries`. All but the first four are extensions of browsers, see har_quirks; `unknown` is
    one of httplint: the facts that it did not know of the exchange. `chain` and `hop` are of WebPageTest: what
    identifies a request together with what it is redirected to, and it alone.
    """

    __slots__ = ("address", "chain", "connection", "elapsed", "error", "fetch_type", "from_cache", "from_worker",
                 "fulfilled", "fulfilled_by", "hop", "pushed", "request", "resource_type", "response", "started",
                 "unknown")

    def __init__(self) -> None:
        self.request: HarRequest | None = None
        self.response: HarResponse | None = None
        self.started: Scalar = None
        self.elapsed: Scalar = None
        self.error: Scalar = None
        self.from_cache: Scalar = None
        self.from_worker: Scalar = None
        self.fulfilled_by: Scalar = None
        self.fulfilled: Scalar = None
        self.fetch_type: Scalar = None
        self.resource_type: Scalar = None
        self.pushed: Scalar = None
        self.address: Scalar = None
        self.connection: Scalar = None
        self.unknown: Scalar = None
        self.chain: Scalar = None
        self.hop: Scalar = None


CONTENT = {"size": "size", "text": "text", "encoding": "encoding", "compression": "compression", "file": "_file"}
POST_DATA = {"text": "text", "encoding": "encoding"}
REQUEST = {"method": "method", "url": "url", "version": "httpVersion", "body_size": "bodySize"}
RESPONSE = {"status": "status", "reason": "statusText", "version": "httpVersion", "body_size": "bodySize",
            "transfer_size": "_transferSize", "error": "_error", "failure": "_failureText",
            "from_worker": "_fetchedViaServiceWorker", "fulfilled_by": "_fulfilledBy"}
ENTRY = {"started": "startedDateTime", "elapsed": "time", "error": "_error", "from_cache": "_fromCache",
         "from_worker": "_fetchedViaServiceWorker", "fulfilled": "_wasFulfilled", "fulfilled_by": "_fulfilledBy",
         "fetch_type": "_fetchType", "resource_type": "_resourceType", "pushed": "_was_pushed",
         "address": "serverIPAddress", "connection": "connection", "unknown": "_unknown",
         "chain": "_raw_id", "hop": "_id"}
"""Attribute -> key, for the scalars."""


def entry(value: Mapping[str, object]) -> HarEntry:
    """An entry from plain JSON; never raises, unless a mapping does."""
    made = HarEntry()
    _scalars(made, value, ENTRY)
    request, response = value.get("request"), value.get("response")
    made.request = _request(request) if isinstance(request, OBJECT) else None
    made.response = _response(response) if isinstance(response, OBJECT) else None
    return made


def _request(value: Mapping[str, object]) -> HarRequest:
    made = HarRequest()
    _scalars(made, value, REQUEST)
    made.headers = _lines(value.get("headers"))
    post_data = value.get("postData")
    if isinstance(post_data, OBJECT):
        made.post_data = HarPostData()
        _scalars(made.post_data, post_data, POST_DATA)
    return made


def _response(value: Mapping[str, object]) -> HarResponse:
    made = HarResponse()
    _scalars(made, value, RESPONSE)
    made.headers = _lines(value.get("headers"))
    content = value.get("content")
    if isinstance(content, OBJECT):
        made.content = HarContent()
        _scalars(made.content, content, CONTENT)
    return made


def _lines(value: object) -> list[HarHeader] | None:
    if not isinstance(value, (list, tuple)):
        return None
    return [HarHeader(_scalar(one.get("name")), _scalar(one.get("value"))) if isinstance(one, OBJECT) else HarHeader()
            for one in value]


def _scalars(made: object, value: Mapping[str, object], keys: dict[str, str]) -> None:
    get = value.get
    for attribute, key in keys.items():
        found = get(key)
        if found is not None:
            setattr(made, attribute, _scalar(found))


def _scalar(value: object) -> Scalar:
    if isinstance(value, str):
        return value
    if isinstance(value, int) and value.bit_length() > WRITABLE:
        return math.inf if value > 0 else -math.inf
    return value if isinstance(value, (int, float)) else None
