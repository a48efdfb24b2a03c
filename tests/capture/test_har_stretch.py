"""A big HAR that is read in stretches says what it says when it is read from begin to end, whatever it holds."""
from __future__ import annotations

import json
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from httplint import Exchange
from httplint.capture import har, har_stretch
from httplint.capture.har_quirks import Tool
from httplint.capture.har_stream import extent
from httplint.capture.har_stretch import Again, ReadStretch, Refused, Stretch, Stretches, octets_of, outcomes
from httplint.capture.outcome import Problem, Skipped
from httplint.model.exchange import Source

START = ',\n  {"startedDateTime": "'
PIECES = (START, ',{"startedDateTime":"', "]", "}", "]}}", '"', "\\", ",", "\n", "é", "𝄞", "\ud800", "0", " " * 90)
"""What contents are made of: what looks like the begin of an entry, or the end of a list."""


def entry(url: str, text: str, status: Any = 200, cookies: int = 0) -> dict[str, Any]:
    fields = [{"name": "Set-Cookie", "value": f"a{number}=b"} for number in range(cookies)]
    return {"startedDateTime": "2025-07-01T12:00:00Z",
            "request": {"method": "GET", "url": f"http://a.example/{url}", "httpVersion": "HTTP/1.1", "headers": []},
            "response": {"status": status, "statusText": "OK", "httpVersion": "HTTP/1.1", "headers": fields,
                         "content": {"size": len(text), "text": text}, "bodySize": len(text)}}


def log(entries: list[Any], creator: str = "WebInspector", **behind: Any) -> dict[str, Any]:
    return {"log": {"version": "1.2", "creator": {"name": creator, "version": "1"}, "entries": entries, **behind}}


def read_all(tasks: Iterable[Stretch]) -> Generator[ReadStretch | None, None, None]:
    for stretch in tasks:
        tool = Tool(stretch.row)
        tool.keeps_lines = stretch.keeps_lines
        try:
            octets = octets_of(stretch)
            found = list(outcomes(stretch, octets, tool))
        except Refused:
            yield None
            return
        read = ReadStretch(stretch, len(found), extent(octets), tool.keeps_lines)
        read.outcomes = found
        yield read


def told(outcome: Exchange | Skipped | Problem, source: Source | None = None) -> tuple[object, ...]:
    if isinstance(outcome, Problem):
        return outcome.line, outcome.column, outcome.cause
    source = source or outcome.source
    assert source is not None
    where = source.path, source.entry, source.line, source.column, source.pointer
    if isinstance(outcome, Skipped):
        return *where, outcome.reason
    request, response = outcome.request, outcome.response
    assert request is not None
    return (*where, request.method, request.target, request.fields, response.status, response.fields, response.content,
            outcome.evidence, outcome.started)


def in_stretches(path: str) -> tuple[list[tuple[object, ...]], int]:
    """What comes of it, and of how many stretches."""
    out: list[tuple[object, ...]] = []
    stretches = 0
    again = Again()
    for item in har.read_apart(path, Stretches(path, read_all)):
        if not isinstance(item, ReadStretch):
            assert isinstance(item, (Exchange, Skipped, Problem))
            out.append(told(item))
            continue
        stretches += 1
        assert isinstance(item.outcomes, list)
        for number, outcome in enumerate(item.outcomes):
            source = outcome.source
            out.append(told(outcome, item.place(number, source.line, source.column)))
            if isinstance(outcome, Exchange):
                once_more = again.exchange(item, number)
                assert told(once_more, source) == told(outcome, source)
    return out, stretches


def at_once(path: str) -> list[tuple[object, ...]]:
    return [told(outcome) for outcome in har.read(path)]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(har_stretch, "SIZE", 2000)
    monkeypatch.setattr(har_stretch, "LONGEST", 1 << 14)
    monkeypatch.setattr(har_stretch, "LOOKED_AT", 300)


ENTRIES = [entry(f"{number}", "x" * (number % 7) * 40, cookies=2 * (number == 30)) for number in range(60)]
FALSE = [entry(f"{number}", START * (number % 5), cookies=2 * (number == 30)) for number in range(60)]


@pytest.mark.parametrize("indent", [None, 0, 1, 2])
@pytest.mark.parametrize("creator", ["WebInspector", "Firefox", "mitmproxy"])
def test_all_of_it_is_read_in_stretches(indent: int | None, creator: str, tmp_path: Path, small: None) -> None:
    path = tmp_path / "a.har"
    path.write_text(json.dumps(log(ENTRIES, creator), indent=indent), "utf-8")
    found, stretches = in_stretches(str(path))
    assert found == at_once(str(path))
    assert stretches >= path.stat().st_size // 2000 - 2
    assert len(found) == 60


@pytest.mark.parametrize("text", [
    json.dumps(log(FALSE), indent=1),
    json.dumps(log(ENTRIES, pages=[{"startedDateTime": "2025-07-01", "id": "1"}] * 90)),
    json.dumps(log(ENTRIES), indent=1)[:-4000], json.dumps(log(ENTRIES)) + "behind it",
    json.dumps(log([*ENTRIES[:20], None, 5, [], *ENTRIES[20:]])), "\ufeff" + json.dumps(log(ENTRIES), indent=1),
    json.dumps({"log": {"entries": ENTRIES, "creator": {"name": "Firefox"}}}), f"f({json.dumps(log(ENTRIES))});",
    json.dumps(log(ENTRIES), indent=1).replace('"http://a.example/33"', '"http://a.example/33', 1),
    json.dumps(log([*ENTRIES, entry("big", "y" * 9000), *ENTRIES])), json.dumps(log([entry("huge", "y" * 40_000)] * 5)),
    json.dumps(log(ENTRIES)).replace('"status": 200', '"status": NaN', 7),
])
def test_whatever_stands_there_is_read_as_at_once(text: str, tmp_path: Path, small: None) -> None:
    path = tmp_path / "a.har"
    path.write_text(text, "utf-8")
    found, _ = in_stretches(str(path))
    assert found == at_once(str(path))


def test_a_file_that_was_changed_is_not_read_on_in_stretches(tmp_path: Path, small: None) -> None:
    path = tmp_path / "a.har"
    path.write_text(json.dumps(log(ENTRIES)), "utf-8")

    def changing(tasks: Iterable[Stretch]) -> Generator[ReadStretch | None, None, None]:
        for number, read in enumerate(read_all(tasks)):
            yield read
            if number == 1:
                path.write_text(path.read_text("utf-8") + " ", "utf-8")

    items = list(har.read_apart(str(path), Stretches(str(path), changing)))
    assert sum(isinstance(item, ReadStretch) for item in items) == 2
    assert sum(item.count if isinstance(item, ReadStretch) else 1 for item in items) == 60


TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
DRAWN = st.builds(entry, st.sampled_from("abcd"), TEXTS, st.sampled_from((200, 200, 304, 0, None)),
                  st.sampled_from((0, 0, 2)))
ODD = st.sampled_from((None, {"startedDateTime": "x"}, []))


@given(st.lists(st.one_of(DRAWN, DRAWN, ODD), min_size=2, max_size=40), st.sampled_from((None, 0, 1, 3)), st.booleans(),
       st.integers(100, 3000), st.data())
def test_layouts_texts_and_breaks_change_nothing(
        tmp_path_factory: pytest.TempPathFactory, entries: list[Any], indent: int | None, plain: bool, size: int,
        data: st.DataObject) -> None:
    text = json.dumps(log(entries, pages=[]), indent=indent, ensure_ascii=not plain)
    if data.draw(st.booleans(), "broken"):
        at = data.draw(st.integers(100, len(text)), "at")
        text = text[:at] + data.draw(st.sampled_from(("", "]", "}", '"', "\\", "\x00")), "what") + text[at + 1:]
    path = tmp_path_factory.mktemp("har") / "a.har"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(har_stretch, "SIZE", size)
        patch.setattr(har_stretch, "LONGEST", 4 * size)
        patch.setattr(har_stretch, "LOOKED_AT", size // 3)
        found, _ = in_stretches(str(path))
    assert found == at_once(str(path))
