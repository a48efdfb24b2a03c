"""Whatever is in a HAR, each entry gives one outcome, and nothing is raised."""
from __future__ import annotations

import io
import json
import re
from typing import Any

from har_maker import entry, har_of, headers, shown
from hypothesis import example, given
from hypothesis import strategies as st

from httplint import read_har_entries
from httplint.capture import har
from httplint.capture.outcome import Problem

SCALARS = (st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=())) |
           st.sampled_from(["", "HTTP/1.1", "h2", "200", "304", "-1", "base64", "https://a/", "gzip", "HEAD", "a\nb",
                            "[REDACTED]", "2026-01-01T00:00:00Z", "net::ERR_FAILED", "1,234", "\ud800", "YWI="]))
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
    st.sampled_from(["name", "value", "text", "size", "status", "url", "headers", "log", "entries"]), inner,
    max_size=3), max_leaves=6)
WINDOWS = st.sampled_from([1, 10, 300, 1 << 20])
CREATORS = st.sampled_from(["mitmproxy", "WebInspector", "Firefox", "WebPagetest", "Charles", "x",
                            "Internet Explorer Network Inspector", "Playwright"])


def whole() -> list[dict[str, Any]]:
    """Entries in which all is present that the reader looks at."""
    full = entry(("Content-Type", "text/plain; charset=utf-8"), ("Content-Encoding", "gzip"), ("Status", "200 OK"),
                 ("Content-Length", "2"), ("X-Firefox-Spdy", "h2"), text="ab",
                 request={"method": "POST", "bodySize": 3, "postData": {"text": "a=1", "encoding": "x"},
                          "headers": headers((":method", "POST"), ("Range", "bytes=0-1"))},
                 response={"_transferSize": 5, "_error": None, "_failureText": None, "_fulfilledBy": None,
                           "_fetchedViaServiceWorker": False},
                 _fromCache=None, _was_pushed=0, _resourceType="xhr", _fetchType="Network Load", _wasFulfilled=False)
    full["response"]["content"] |= {"encoding": "base64", "compression": 0, "_file": "x"}
    return [entry(text="ab"), full, entry(("X", "1"))]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths to all values inside a JSON value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, inner in items for place in places(inner, (*path, key)))]


PLACES = places(har_of(*whole()))


def mutated(document: Any, place: tuple[Any, ...], value: Any) -> Any:
    if not place:
        return value
    document[place[0]] = mutated(document[place[0]], place[1:], value)
    return document


def read(text: str | bytes, **options: Any) -> list[Any]:
    octets = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    return [shown(item) for item in har.read(io.BytesIO(octets), path="x", **options)]


def as_rows(entries: list[Any], creator: object) -> list[Any]:
    """What entries are without their HAR, as mappings and as texts."""
    texts = [json.dumps(one) for one in entries]
    named = creator if isinstance(creator, dict) else None
    told = [[shown(item)[1:] for item in read_har_entries(rows, creator=named)]
            for rows in (entries_of_json(entries), texts, map(str.encode, texts))]
    assert told[0] == told[1] == told[2]
    return told[0]


def entries_of_json(entries: list[Any]) -> list[Any]:
    """Values that a text would be taken for are lists, of which there is as little to say."""
    return [[one] if isinstance(one, str) else one for one in entries]


@given(st.lists(st.tuples(st.sampled_from(PLACES[1:]), VALUES), max_size=4), CREATORS, WINDOWS, st.booleans())
@example([(("log", "entries", 0, "response", "status"), float("nan"))], "x", 1, True)
@example([(("log", "entries", 1, "response", "content", "size"), float("inf"))], "x", 1, True)
@example([(("log", "creator"), None)], "x", 300, False)
def test_any_value_anywhere(changes: list[tuple[Any, Any]], creator: str, window: int, pretty: bool) -> None:
    document = har_of(*whole(), *whole(), creator=creator)
    for place, value in changes:
        try:
            document = mutated(document, place, value)
        except (LookupError, TypeError):
            continue  # an earlier change took that place away
    text = json.dumps(document, indent=1 if pretty else None)
    found = read(text, window=window, typed_from=1 << 40)
    assert found == read(text, window=window, typed_from=0)
    entries = document["log"].get("entries") if isinstance(document["log"], dict) else None
    if isinstance(entries, list):
        assert [item[1:] for item in found] == as_rows(entries, document["log"].get("creator"))
        assert [item[0][1] for item in found] == list(range(len(entries)))
        assert [item[0][4] for item in found] == [f"/log/entries/{number}" for number in range(len(entries))]
    else:
        assert len(found) == 1
        assert len(found[0]) == 3


COMPLETE = json.dumps(har_of(*whole(), *whole(), *whole()), indent=1, ensure_ascii=False).encode()
ALL = read(COMPLETE)
FIRST = COMPLETE.index(b'"entries"')
ENDS = [match.end() for match in re.finditer(rb"^   \}", COMPLETE, re.MULTILINE)][-len(ALL):]
"""Where each entry ends."""


@given(st.integers(0, len(COMPLETE) - 1), WINDOWS, st.booleans())
def test_any_truncation(length: int, window: int, typed: bool) -> None:
    found = read(COMPLETE[:length], window=window, typed_from=0 if typed else 1 << 40)
    assert found[:-1] == ALL[:len(found) - 1]
    *_, last = har.read(io.BytesIO(COMPLETE[:length]), path="x")
    assert isinstance(last, Problem)
    assert last.line is not None
    lines = COMPLETE[:length].decode().split("\n")
    assert (last.line, last.column) <= (len(lines), len(lines[-1]) + 1) or last.line == 1


@given(st.integers(0, len(COMPLETE)), st.integers(0, 5), st.binary(max_size=5), WINDOWS)
def test_any_change_of_octets(at: int, removed: int, inserted: bytes, window: int) -> None:
    octets = COMPLETE[:at] + inserted + COMPLETE[at + removed:]
    found = read(octets, window=window, typed_from=1 << 40)
    assert found == read(octets, window=window, typed_from=0)
    numbers = [item[0][1] for item in found if not is_problem(item)]
    assert numbers == sorted(set(numbers))
    untouched = sum(end <= at for end in ENDS)
    assert [item for item in found[:untouched] if at > FIRST] == ALL[:untouched if at > FIRST else 0]


DAMAGE = st.sampled_from([b"", b"oops", b"}", b"]", b",", b'"', b"{", b"[", b'\xff"', b"\x00{", b'"x": {'])


@given(st.integers(1, len(ENDS) - 2), st.floats(0.01, 0.99), st.integers(0, 3), DAMAGE, WINDOWS, st.booleans())
def test_damage_in_one_entry_costs_one_entry(which: int, share: float, removed: int, inserted: bytes, window: int,
                                             typed: bool) -> None:
    start, end = ENDS[which - 1] + 1, ENDS[which]
    at = start + int((end - start) * share)
    octets = COMPLETE[:at] + inserted + COMPLETE[at + removed:]
    found = read(octets, window=window, typed_from=0 if typed else 1 << 40)
    others = [item[1:] for number, item in enumerate(ALL) if number != which]
    outcomes = [item[1:] for item in found if not is_problem(item)]
    if len(outcomes) == len(ALL):    # it can be read still, if perhaps not as it was
        outcomes.pop(which)
    else:
        assert any(map(is_problem, found))
    assert outcomes == others


def is_problem(item: Any) -> bool:
    return len(item[0]) == 2


@given(st.binary(max_size=200))
def test_any_octets(octets: bytes) -> None:
    assert len(read(octets)) >= 1
