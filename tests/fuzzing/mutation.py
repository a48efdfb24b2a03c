"""Makes another input of one, for kinds of input whose octets are seldom the thing to change."""
from __future__ import annotations

import gzip
import io
import json
import random
import re
import warnings
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

from flow_maker import tnetstring

Octets = Callable[[bytes], bytes]
"""Changes octets: what the fuzzer itself offers, or `octets` below."""
Mutate = Callable[[bytes, random.Random, Octets, Sequence[bytes]], bytes]
"""(input, source of randomness, what changes octets, other inputs of the kind) -> another input."""

TEXTS = ("", "0", "-1", "\ud800", "\0", "a" * 300, "HTTP/9.9", "h2", "//", "http://[::1", "GET /", "é", "\r\nX: y", "*",
         'text/html; charset="', "bytes=0-", "data:,x", "base64", "2024-13-45T99:99:99Z", "9" * 400, "1e999", "..",
         "../../etc/passwd", "\x1b[31m", "::error::x", "\u202e", "##[error]", "=1+1", "<script>", "%00", "None", "True",
         "https://u:p@a.example/?token=abcdefgh", "\n::warning::x", "-->", "]]>", "\u2028", "xn--", "１", "ﬁ")
SCALARS: tuple[Any, ...] = (None, True, False, 0, -1, 1e308, float("nan"), 10**400, 2**63, -2**63, 1.5, "", [], {},
                            [[]], {"a": []}, *TEXTS)
KEYS = ("_file", "encoding", "comment", "_transferSize", "_error", "fromCache", "_resourceType", "httpVersion",
        "bodySize", "compression", "_webSocketMessages", "time", "postData", "redirectURL", "_fromDiskCache", "name",
        "value", "text", "status", "headers", "log", "entries", "findings", "")
OCTETS = (b"\0", b"\xff", b"\r\n", b"\n", b",", b";", b"=", b'"', b"\\", b" ", b"\t", b":", b"%", b"(", b")", b"{",
          b"}", b"[", b"]", b"<", b">", b"*", b"0", b"9" * 20, b"-", b"\xc3\xa9", b"\xed\xa0\x80", b"\xf0\x9f\x98\x80")


def octets(data: bytes, chosen: random.Random) -> bytes:
    """Changes some octets; for where no fuzzer is at hand that does it with more thought."""
    out = bytearray(data)
    for _ in range(chosen.choice((1, 1, 2, 4, 8))):
        at = chosen.randrange(len(out) + 1)
        size = min(chosen.choice((1, 1, 1, 2, 4, 16, 64)), len(out) - at)
        match chosen.randrange(6):
            case 0:
                out[at:at + 1] = bytes((chosen.randrange(256),))
            case 1:
                del out[at:at + size]
            case 2:
                out[at:at] = chosen.choice(OCTETS)
            case 3:
                out[at:at] = out[at:at + size] * chosen.choice((1, 1, 2, 10))
            case 4:
                to = chosen.randrange(len(out) + 1)
                out[to:to] = out[at:at + size]
            case _:
                out[at:at + size] = chosen.choice(TEXTS).encode("utf-8", "surrogatepass")
    return bytes(out)


def mutated(mutate: Mutate | None, data: bytes, chosen: random.Random, change: Octets,
            others: Sequence[bytes]) -> bytes:
    """Another input; by octets where it is not of the form that `mutate` knows."""
    try:
        return change(data) if mutate is None else mutate(data, chosen, change, others)
    except Exception:  # zips, JSON and the like have many ways to be broken
        return change(data)


def lines(data: bytes, chosen: random.Random, change: Octets, others: Sequence[bytes]) -> bytes:
    """Texts of lines: drops, repeats, moves and changes them, and takes some of other inputs."""
    if chosen.random() < 0.3:
        return change(data)
    parts = data.split(b"\n")
    for _ in range(chosen.choice((1, 1, 2, 3))):
        at = chosen.randrange(len(parts))
        match chosen.randrange(7):
            case 0 if len(parts) > 1:
                del parts[at]
            case 1:
                parts.insert(at, parts[chosen.randrange(len(parts))])
            case 2 if others:
                parts.insert(at, chosen.choice(chosen.choice(others).split(b"\n")))
            case 3 if others:
                name, mark, _ = parts[at].partition(b": " if b": " in parts[at] else b"= ")
                other = chosen.choice(chosen.choice(others).split(b"\n"))
                parts[at] = name + mark + other.partition(b": " if b": " in other else b"= ")[2]
            case 4:
                name, mark, _ = parts[at].partition(b": " if b": " in parts[at] else b"= ")
                parts[at] = name + mark + chosen.choice(TEXTS).encode("utf-8", "surrogatepass")
            case _:
                parts[at] = change(parts[at])
    return b"\n".join(parts)


def parts(data: bytes, chosen: random.Random, change: Octets, others: Sequence[bytes]) -> bytes:
    """Texts of parts with NUL between them."""
    return lines(data.replace(b"\n", b"\x01").replace(b"\0", b"\n"), chosen, change,
                 [other.replace(b"\0", b"\n") for other in others[:1]]).replace(b"\n", b"\0").replace(b"\x01", b"\n")


def value(of: Any, chosen: random.Random, change: Octets) -> Any:
    """Another value of the kinds that JSON and the like have, alike in most."""
    by = chosen.random()
    if isinstance(of, dict) and of:
        key = chosen.choice(list(of))
        if by < 0.1:
            return {name: item for name, item in of.items() if name != key}
        if by < 0.2:
            return {**of, key: chosen.choice(SCALARS)}
        if by < 0.25:
            return {**of, chosen.choice(KEYS + TEXTS): chosen.choice(SCALARS)}
        return {**of, key: value(of[key], chosen, change)}
    if isinstance(of, list) and of:
        at = chosen.randrange(len(of))
        if by < 0.1:
            return of[:at] + of[at + 1:]
        if by < 0.2:
            return [*of[:at], chosen.choice(SCALARS), *of[at:]]
        if by < 0.3 and len(of) < 40:
            return [*of[:at], of[at], *of[at:]]
        return [*of[:at], value(of[at], chosen, change), *of[at + 1:]]
    if isinstance(of, bytes):
        return change(of) if by < 0.8 else chosen.choice(SCALARS)
    if isinstance(of, str) and by < 0.8:
        changed = change(of.encode("utf-8", "surrogateescape" if of.isascii() else "surrogatepass"))
        return changed.decode("utf-8", "replace" if by < 0.6 else "surrogateescape")
    return chosen.choice(SCALARS)


def json_value(data: bytes, chosen: random.Random, change: Octets, others: Sequence[bytes]) -> bytes:
    """JSON, and lines of it: mostly other values."""
    if chosen.random() < 0.25:
        return change(data)
    pieces = data.split(b"\n")
    whole = len(pieces) < 2 or not pieces[0].endswith(b"}")
    at = 0 if whole else chosen.randrange(len(pieces))
    found = json.loads(data if whole else pieces[at], strict=False)
    for _ in range(chosen.randrange(1, 5)):
        found = value(found, chosen, change)
    indent = chosen.choice((None, None, 1)) if whole else None
    text = json.dumps(found, ensure_ascii=chosen.random() < 0.5, indent=indent)
    made = text.encode("utf-8", "surrogatepass")
    return made if whole else b"\n".join([*pieces[:at], made, *pieces[at + 1:]])


def flow(data: bytes, chosen: random.Random, change: Octets, others: Sequence[bytes]) -> bytes:
    """Files of tnetstrings: mostly other values, of which one is a flow."""
    if chosen.random() < 0.25:
        return change(data)
    found = list(_tnetstrings(data))
    for _ in range(chosen.randrange(1, 5)):
        found = value(found, chosen, change)
    return b"".join(map(tnetstring, found))


def _tnetstrings(data: bytes) -> Any:
    while data:
        size, _, rest = data.partition(b":")
        end = int(size)
        payload, kind, data = rest[:end], rest[end:end + 1], rest[end + 1:]
        if kind == b"}":
            items = list(_tnetstrings(payload))
            yield dict(zip(map(_hashable, items[::2]), items[1::2], strict=True))
        elif kind == b"]":
            yield list(_tnetstrings(payload))
        elif kind in b",;":
            yield payload if kind == b"," else payload.decode("utf-8")
        elif kind in b"#^":
            yield int(payload) if kind == b"#" else float(payload)
        elif kind in b"!~":
            yield None if kind == b"~" else payload == b"true"
        else:
            raise ValueError(kind)


def _hashable(key: Any) -> Any:
    return key if isinstance(key, (str, bytes)) else repr(key)


def records(data: bytes, chosen: random.Random, change: Octets, others: Sequence[bytes]) -> bytes:
    """WARC: other records whose length is mostly right, perhaps compressed one by one."""
    if data.startswith(b"\x1f\x8b"):
        data = gzip.decompress(data)
    found = re.split(rb"(?=WARC/1\.\d\r\n)", data)
    at = chosen.randrange(len(found))
    match chosen.randrange(5):
        case 0 if len(found) > 1:
            del found[at]
        case 1:
            found.insert(chosen.randrange(len(found) + 1), found[at])
        case 2 if others:
            found.insert(at, chosen.choice(others))
        case _:
            head, mark, block = found[at].partition(b"\r\n\r\n")
            if chosen.random() < 0.4:
                head = lines(head, chosen, change, others)
            else:
                block = lines(block.removesuffix(b"\r\n\r\n"), chosen, change, ())
                if chosen.random() < 0.8:
                    head = re.sub(rb"(?im)^Content-Length: *\d+", b"Content-Length: %d" % len(block), head)
                block += b"\r\n\r\n"
            found[at] = head + mark + block
    if chosen.random() < 0.1:
        found = [gzip.compress(one, mtime=0) for one in found]
    return b"".join(found)


def archive(data: bytes, chosen: random.Random, change: Octets, others: Sequence[bytes]) -> bytes:
    """Zips: other members, in a zip that is whole."""
    if chosen.random() < 0.25:
        return change(data)
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        members = [(name, packed.read(name)) for name in packed.namelist()]
    at = chosen.randrange(len(members))
    name, content = members[at]
    match chosen.randrange(6):
        case 0:
            del members[at]
        case 1:
            members.append((change(name.encode("utf-8", "replace")).decode("latin-1"), content))
        case 2:
            members.insert(0, (name, content[:chosen.randrange(len(content) + 1)]))
        case _:
            members[at] = name, mutated(wrapped, content, chosen, change, ())
    out = io.BytesIO()
    method = chosen.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w") as packed:
        warnings.simplefilter("ignore")                    # names that stand twice are wanted
        for name, content in members:
            packed.writestr(zipfile.ZipInfo(name), content, method)
    return out.getvalue()


def wrapped(data: bytes, chosen: random.Random, change: Octets, others: Sequence[bytes]) -> bytes:
    """Files of any kind: what is within a zip or a gzip file; now and then in one more wrapper."""
    if data.startswith(b"PK\x03\x04"):
        return archive(data, chosen, change, others)
    if data.startswith(b"\x1f\x8b") and chosen.random() < 0.7:
        return gzip.compress(mutated(wrapped, gzip.decompress(data), chosen, change, ()), mtime=0)
    kind = data[:1]
    by = records if data.startswith(b"WARC/") else flow if kind.isdigit() else json_value if kind in b"{[" else lines
    made = mutated(by, data, chosen, change, others)
    return gzip.compress(made, mtime=0) if chosen.random() < 0.05 else made


MARK = b"\0\x01\0"
"""Around the part of an input that is to be there many times."""


def grown(data: bytes, chosen: random.Random, change: Octets, others: Sequence[bytes]) -> bytes:
    """Marks one part of it. The first line, the name of a harness, stays."""
    name, _, rest = data.partition(b"\n")
    rest = rest.replace(MARK, b"")
    begin = chosen.randrange(len(rest) + 1)
    end = min(begin + chosen.choice((1, 1, 2, 3, 5, 8, 16, 40, 100, 400)), len(rest))
    if chosen.random() < 0.3:                              # a whole line
        begin = rest.rfind(b"\n", 0, begin) + 1
        end = rest.find(b"\n", begin) + 1 or len(rest)
    part = rest[begin:end]
    if not part or chosen.random() < 0.3:                  # what a grammar may stumble over, such as \"
        part = chosen.choice(OCTETS) + chosen.choice(OCTETS)
    return name + b"\n" + rest[:begin] + MARK + part + MARK + rest[chosen.choice((begin, end, len(rest))):]
