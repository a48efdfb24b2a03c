"""The shapes of har_shape for msgspec, which decodes them many times faster than plain JSON.

Imported only for big files. An entry that does not fit these shapes is decoded as plain JSON and read by har_shape.
"""
from __future__ import annotations

from typing import Any

import msgspec

from httplint.capture import har_shape
from httplint.capture.har_shape import Scalar
from httplint.model.nesting import shallow

REFUSALS = (msgspec.MsgspecError, UnicodeError, RecursionError)
"""Malformed JSON and numbers out of range; lone surrogates; nesting too deep."""


class TypedHeader(msgspec.Struct, gc=False):
    name: Scalar = None
    value: Scalar = None


class TypedContent(msgspec.Struct, gc=False, rename=har_shape.CONTENT):
    size: Scalar = None
    text: Scalar = None
    encoding: Scalar = None
    compression: Scalar = None
    file: Scalar = None


class TypedPostData(msgspec.Struct, gc=False):
    text: Scalar = None
    encoding: Scalar = None


class TypedRequest(msgspec.Struct, gc=False, rename=har_shape.REQUEST | {"post_data": "postData"}):
    method: Scalar = None
    url: Scalar = None
    version: Scalar = None
    headers: list[TypedHeader] | None = None
    post_data: TypedPostData | None = None
    body_size: Scalar = None


class TypedResponse(msgspec.Struct, gc=False, rename=har_shape.RESPONSE):
    status: Scalar = None
    reason: Scalar = None
    version: Scalar = None
    headers: list[TypedHeader] | None = None
    content: TypedContent | None = None
    body_size: Scalar = None
    transfer_size: Scalar = None
    error: Scalar = None
    failure: Scalar = None
    from_worker: Scalar = None
    fulfilled_by: Scalar = None


class TypedEntry(msgspec.Struct, gc=False, rename=har_shape.ENTRY):
    request: TypedRequest | None = None
    response: TypedResponse | None = None
    started: Scalar = None
    elapsed: Scalar = None
    error: Scalar = None
    from_cache: Scalar = None
    from_worker: Scalar = None
    fulfilled_by: Scalar = None
    fulfilled: Scalar = None
    fetch_type: Scalar = None
    resource_type: Scalar = None
    pushed: Scalar = None
    address: Scalar = None
    connection: Scalar = None
    unknown: Scalar = None
    chain: Scalar = None
    hop: Scalar = None


_slices = msgspec.json.Decoder(list[msgspec.Raw]).decode
_typed = msgspec.json.Decoder(TypedEntry).decode


def slices(octets: bytes) -> list[Any]:
    """The elements of a JSON array, given without its brackets, as undecoded slices; [] if msgspec refuses it."""
    try:
        return _slices(shallow(b"[%b]" % octets))
    except REFUSALS:
        return []


def entry(one: Any) -> TypedEntry | None:
    """An entry from its slice; None if msgspec refuses it."""
    try:
        return _typed(shallow(one))
    except REFUSALS:
        return None
