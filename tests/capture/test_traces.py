"""Traces of Playwright."""
from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from har_maker import entry, har_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from httplint.capture import files, reading, traces
from httplint.capture.har_quirks import PLAYWRIGHT, PLAYWRIGHT_API, PLAYWRIGHT_OTHERS
from httplint.capture.outcome import Problem, Skipped
from httplint.cli.main import run
from httplint.model.evidence import Evidence
from httplint.model.exchange import Exchange

CAPTURES = Path(__file__).parents[2] / "fixtures" / "captures"
TODAY, OF_2024, API = (CAPTURES / f"playwright{name}.zip" for name in ("", "-test", "-api"))


def event(**more: Any) -> dict[str, Any]:
    """What Chromium answered from the network, as a line of a stream has it."""
    one = entry(("Content-Type", "text/plain"), ("Content-Length", "2"), ("Date", "Sun, 01 Mar 2026 12:00:00 GMT"))
    one["request"]["httpVersion"] = "HTTP/1.1"
    one["response"] |= {"httpVersion": "HTTP/1.1", "_transferSize": 100, "bodySize": 2}
    return {"type": "resource-snapshot", "snapshot": one | more}


def kept(content: bytes, **where: str) -> dict[str, Any]:
    """The same with its content in the zip."""
    made = event()
    made["snapshot"]["response"]["content"] = {"size": len(content), "mimeType": "text/plain", **where}
    return made


def name_of(content: bytes) -> str:
    return f"{hashlib.sha1(content).hexdigest()}.txt"


def packed(*lines: Any, browser: str | None = "chromium", name: str = "trace", **members: bytes) -> bytes:
    """A trace: lines that are no octets become JSON. Underscores of the names of members are slashes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        if browser is not None:
            archive.writestr(f"{name}.trace", json.dumps({"type": "context-options", "browserName": browser}))
        archive.writestr(f"{name}.network", b"".join(
            (line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines))
        for member, octets in members.items():
            archive.writestr(member.replace("_", "/", 1), octets)
    return out.getvalue()


def outcomes(octets: bytes) -> list[Any]:
    return list(reading.read(io.BytesIO(octets), path="trace.zip"))


def one(*lines: Any, **more: Any) -> Exchange:
    found, = outcomes(packed(*lines, **more))
    assert isinstance(found, Exchange), found
    return found


# -- what Playwright wrote


def lines_of(path: Path) -> int:
    with zipfile.ZipFile(path) as archive:
        return sum(archive.read(name).count(b"\n") for name in archive.namelist() if name.endswith(".network"))


@pytest.mark.parametrize(("path", "streams"), [
    (TODAY, {"trace"}), (API, {"trace"}), (OF_2024, {"0-trace", "1-trace"}),
])
def test_a_recorded_trace(path: Path, streams: set[str]) -> None:
    found = list(reading.read(str(path)))
    assert all(isinstance(each, Exchange) for each in found)
    assert {each.source.path for each in found} == {f"{path}/{stream}.network" for stream in streams}
    assert len(found) == lines_of(path) > 20


@pytest.mark.parametrize("path", [TODAY, API, OF_2024])
def test_contents_are_those_that_were_recorded(path: Path) -> None:
    """The page that all begin with is known, its content included."""
    found = next(iter(reading.read(str(path))))
    assert isinstance(found, Exchange)
    assert found.evidence.knows("content")
    assert (found.response.content or b"").startswith(b"<!doctype html>")


def test_places_are_lines_of_streams() -> None:
    first, second = outcomes(packed(event(), {"type": "other"}, event()))
    assert (first.source.path, first.source.entry, first.source.line) == ("trace.zip/trace.network", 0, 1)
    assert (second.source.path, second.source.entry, second.source.line) == ("trace.zip/trace.network", 1, 3)


@pytest.mark.parametrize(("browser", "row"), [
    ("chromium", PLAYWRIGHT), ("firefox", PLAYWRIGHT_OTHERS), ("webkit", PLAYWRIGHT_OTHERS), ("", PLAYWRIGHT_OTHERS),
    (None, PLAYWRIGHT_OTHERS),
])
def test_the_browser_decides(browser: str | None, row: Any) -> None:
    found = one(kept(b"ab", _file=f"resources/{name_of(b'ab')}"), browser=browser,
                **{f"resources_{name_of(b'ab')}": b"ab"})
    lacks = {"version", "request_version"}                 # HTTP/1.1 stands for unknown, too
    assert set(found.evidence.missing(-1)) == set(Evidence.of(row.facts).missing(-1)) | lacks


@pytest.mark.parametrize("mark", [{"_apiRequest": True}, {"_apiRequestRef": "request-context@1"}])
def test_requests_past_the_browser(mark: dict[str, Any]) -> None:
    """Node.js tells the version as 1.1; no cache answers, though `_transferSize` is not known."""
    asked = event(**mark)
    asked["snapshot"]["response"] |= {"httpVersion": "1.1", "_transferSize": -1, "statusText": "Fine"}
    found = one(asked, browser="")
    assert (found.response.version, found.response.reason) == ("1.1", "Fine")
    assert set(found.evidence.missing(-1)) == {
        *Evidence.of(PLAYWRIGHT_API.facts).missing(-1), "request_version", "content", "octets"}
    assert found.evidence.response_gaps == set()


def test_what_was_not_known_when_it_was_written_is_withheld() -> None:
    redirect, unfinished = event(), event()
    redirect["snapshot"]["response"] |= {"status": 302, "_transferSize": -1, "bodySize": -1}
    unfinished["snapshot"]["response"] |= {"status": -1, "headers": []}
    found, skipped = outcomes(packed(redirect, unfinished))
    assert {"response_fields", "pair", "content"} <= set(found.evidence.missing(-1))
    assert isinstance(skipped, Skipped)
    assert skipped.category == "no-response"


# -- contents


@pytest.mark.parametrize("where", [{"_file": f"resources/{name_of(b'ab')}"}, {"_sha1": name_of(b"ab")}])
def test_contents_of_traces_of_today_and_of_2024(where: dict[str, str]) -> None:
    found = one(kept(b"ab", **where), **{f"resources_{name_of(b'ab')}": b"ab"})
    assert found.response.content == b"ab"
    assert found.evidence.knows("content")


@pytest.mark.parametrize("where", [
    "trace.trace", "../resources/x", "/etc/passwd", "resources/../trace.trace", "resources/a.txt", "x\0",
    f"resources/{name_of(b'cd')}", f"other/{name_of(b'ab')}", f"resources//{name_of(b'ab')}", "a" * 100_000,
])
def test_a_content_that_leads_elsewhere_is_not_known(where: str) -> None:
    for key in ("_file", "_sha1"):
        found = one(kept(b"ab", **{key: where}), **{
            f"resources_{name_of(b'ab')}": b"ab", f"resources_{name_of(b'cd')}": b"ab", "resources_a.txt": b"ab",
            f"other_{name_of(b'ab')}": b"ab"})
        assert not found.evidence.knows("content")


def test_the_contents_of_many_entries_come_out_of_one_member_within_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    content = b"a" * 100_000
    lines = [kept(content, _sha1=name_of(content)) for _ in range(100)]
    for line in lines:
        line["snapshot"]["response"]["headers"][1]["value"] = "100000"
    octets = packed(*lines, **{f"resources_{name_of(content)}": content})
    monkeypatch.setattr(files, "INFLATED_MIN", 1_000_000)
    monkeypatch.setattr(files, "INFLATED_RATIO", 2)
    known = [each.evidence.knows("content") for each in outcomes(octets)]
    assert known == [True] * 10 + [False] * 90


# -- what is broken


@pytest.mark.parametrize(("lines", "shown"), [
    ([b"{", event()], ["1: the line is no event"]),
    ([event(), b"[", b"]", b"1", event()], ["2: lines 2 to 4 are no event"]),
    ([event(), b'{"type": "resource-snap'], ["2: the line is no event"]),
    ([b"\xff", event(), b"[" * 100_000], ["1: the line is no event", "3: the line is no event"]),
    ([b"1" * 5000], ["1: the line is no event"]),
])
def test_lines_that_are_no_events(lines: list[Any], shown: list[str]) -> None:
    found = outcomes(packed(*lines))
    told = [f"{each.line}: {each.cause}" for each in found if isinstance(each, Problem)]
    assert [each[:len(wanted)] for each, wanted in zip(told, shown, strict=True)] == shown
    assert sum(isinstance(each, Exchange) for each in found) == lines.count(event())


@pytest.mark.parametrize("snapshot", [
    None, 1, "a", [], {}, {"request": []}, {"request": {}, "response": {}},
    {"url": "http://a.example/", "method": "GET", "status": 200},                # releases of 2021
    {"request": {"url": "http://a.example/", "method": "GET"}, "response": {"status": 200, "content": 1}},
    {"request": {"url": "\ud800", "method": "GET"}, "response": {"status": 200, "content": {"_sha1": {}}}},
    {"request": {"url": "http://a.example/", "method": "GET", "headers": 1}, "response": {
        "status": 1e999, "headers": [1, None, {}], "content": {"size": float("nan"), "_sha1": name_of(b"")}}},
])
def test_an_entry_of_whatever_shape_has_an_outcome(snapshot: Any) -> None:
    for key in ({}, {"_apiRequest": True}):
        odd = {**snapshot, **key} if isinstance(snapshot, dict) else snapshot
        first, second = outcomes(packed({"type": "resource-snapshot", "snapshot": odd}, event()))
        assert isinstance(first, Skipped | Exchange)
        assert isinstance(second, Exchange)


def test_the_last_line_may_end_without_a_line_feed() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("trace.network", b"\n \n" + json.dumps(event()).encode())
    found, = outcomes(out.getvalue())
    assert found.source.line == 3


@pytest.mark.parametrize("size", [99, 100, 101, 65536, 65537, 131072])
def test_a_line_that_is_too_long_is_skipped(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(traces, "LINE_LIMIT", 100)
    long = b'{"a": "' + b"b" * (size - 9) + b'"}'
    found = outcomes(packed(b'{"a": 1}', long, b'{"a": 1}', b"[" * 101))
    assert [type(each).__name__ for each in found] == ["Skipped"] * (size > 100) + ["Skipped"]


def broken(octets: bytes, name: bytes) -> bytes:
    """With other octets in the middle of a member."""
    made = bytearray(octets)
    place = made.index(name) + len(name) + 20
    made[place:place + 8] = b"\xff" * 8
    return bytes(made)


def test_a_broken_stream_is_told_and_the_next_is_read() -> None:
    out = io.BytesIO(packed(*[event()] * 50, name="0-trace"))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("10-trace.network", json.dumps(event(startedDateTime="")).encode())
        archive.writestr("9-trace.network", json.dumps(event()).encode())
    found = outcomes(broken(out.getvalue(), b"0-trace.network"))
    problem, = (each for each in found if isinstance(each, Problem))
    assert problem.path == "trace.zip/0-trace.network"
    assert "cannot be read" in problem.cause
    assert [each.started is not None for each in found[-2:]] == [True, False]    # 9 before 10


@pytest.mark.parametrize("size", [0, 1, 700, 0x7fffffff])
@pytest.mark.parametrize("which", [20, 24])
def test_a_size_that_lies_loses_no_entry_silently(which: int, size: int) -> None:
    """The compressed size, and the one before, in the directory of the zip."""
    made = bytearray(packed(*[event()] * 5, browser=None))
    at = made.index(b"PK\x01\x02") + which
    made[at:at + 4] = size.to_bytes(4, "little")
    found = outcomes(bytes(made))
    assert any(isinstance(each, Problem) for each in found) or len(found) == 5


def test_names_of_members_are_shown_without_harm(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.zip").write_bytes(packed(event(), b"[", name="\x1b[31m\u202e\n::error::trace"))
    assert run(["check", str(tmp_path / "a.zip"), "--isolated", "--severity", "info"]) == 2
    told = capsys.readouterr()
    for text in (told.out, told.err):
        assert "trace" in text
        assert not {"\x1b", "\u202e"} & set(text)
        assert "\n::error" not in text


def test_an_encrypted_stream_is_told() -> None:
    made = bytearray(packed(event()))
    for sign in (b"PK\x03\x04", b"PK\x01\x02"):            # the bit that says so, in both heads of each member
        at = made.find(sign)
        while at >= 0:
            made[at + (6 if sign[2] == 3 else 8)] |= 1
            at = made.find(sign, at + 4)
    problem, = outcomes(bytes(made))
    assert isinstance(problem, Problem)
    assert "encrypted" in problem.cause


def test_a_bomb_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "INFLATED_MIN", 1_000_000)
    *_, problem = outcomes(packed(event(), b" " * 3_000_000))
    assert isinstance(problem, Problem)
    assert "inflates to more than" in problem.cause


RECORDED = TODAY.read_bytes()
DIRECTORY = zipfile.ZipFile(io.BytesIO(RECORDED)).start_dir
"""Where the members end, and their names are listed."""


@given(st.integers(0, DIRECTORY - 20), st.binary(min_size=1, max_size=20), st.booleans())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_a_mutilated_trace_raises_nothing(at: int, octets: bytes, cut: bool) -> None:
    made = RECORDED[:at] if cut else RECORDED[:at] + octets + RECORDED[at + len(octets):]
    found = outcomes(made)
    whole = found and not any(isinstance(each, Problem) for each in found)
    assert not cut or (found and not whole) or not made
    assert not whole or len(found) == lines_of(TODAY)                   # nothing is lost without a word


# -- in directories


def test_directories_give_traces_and_pass_over_other_zips(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As a run of Playwright Test leaves them: a trace below its results, and copies beside the report."""
    data = tmp_path / "playwright-report" / "data"
    data.mkdir(parents=True)
    (data / "0a1b.zip").write_bytes(packed(event()))
    with zipfile.ZipFile(data / "2c3d.zip", "w") as archive:
        archive.writestr("report.jsonl", "{}")
    assert run(["check", str(tmp_path), "--isolated"]) == 0
    told = capsys.readouterr()
    assert "1 of 1 entry from 1 file" in told.out
    assert told.err == ""
    assert run(["check", str(data / "2c3d.zip"), "--isolated"]) == 2
    assert "holds no capture" in capsys.readouterr().err


def test_a_zip_of_zips_is_told_to_be_unpacked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As CI hands out what a job has kept."""
    with zipfile.ZipFile(tmp_path / "artifact.zip", "w") as archive:
        archive.writestr("a-test/trace.zip", packed(event()))
    assert run(["check", str(tmp_path / "artifact.zip"), "--isolated"]) == 2
    assert "unpack it" in capsys.readouterr().err


def test_a_har_beside_a_trace_in_a_directory_of_the_zip_is_read() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("traces/trace.network", json.dumps(event()))
        archive.writestr("a.har", json.dumps(har_of(entry())))
    found, = outcomes(out.getvalue())
    assert found.source.path == "trace.zip/a.har"


def test_a_broken_zip_in_a_directory_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "trace.zip").write_bytes(packed(event())[:-30])
    assert run(["check", str(tmp_path), "--isolated"]) == 2
    assert "the zip file is broken" in capsys.readouterr().err


def test_a_trace_without_requests_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "trace.zip").write_bytes(packed())
    assert run(["check", str(tmp_path), "--isolated"]) == 3


def test_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    octets = packed(event(), event())
    assert len(list(traces.read(io.BytesIO(octets), path="a", progress=lambda *far: told.append(far)))) == 2
    assert told[-1][0] == told[-1][1] == zipfile.ZipFile(io.BytesIO(octets)).getinfo("trace.network").file_size
