"""Fiddler archives."""
from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from httplint.capture import reading, saz
from httplint.capture.outcome import Problem, Skipped
from httplint.model.exchange import Exchange

pytestmark = pytest.mark.usefixtures("packaged")

GET = b"GET https://a.example/a HTTP/1.1\r\nHost: a.example\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
REMARKS = (b'\xef\xbb\xbf<?xml version="1.0" encoding="utf-8"?>\r\n<Session SID="1" BitFlags="51">\r\n'
           b'  <SessionTimers ClientConnected="2025-07-01T14:00:00.0000000+02:00" '
           b'ClientBeginRequest="2025-07-01T14:00:00.1234567+02:00" />\r\n  <SessionFlags>\r\n'
           b'    <SessionFlag N="x-clientport" V="52345" />\r\n  </SessionFlags>\r\n</Session>')


def archive(tmp_path: Path, **members: bytes) -> list[Any]:
    """An archive of members such as c01 for raw/01_c.txt."""
    path = tmp_path / "a.saz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("_index.htm", "<table/>")
        for name, octets in members.items():
            packed.writestr(f"raw/{name[1:]}_{name[0]}.{'xml' if name[0] == 'm' else 'txt'}", octets)
    return list(reading.read(str(path)))


def test_sessions_in_their_order(tmp_path: Path) -> None:
    second, tenth = archive(tmp_path, c10=GET.replace(b"/a ", b"/b "), s10=OK, m10=REMARKS, c2=GET, s2=OK, m2=REMARKS)
    assert second.request.uri == "https://a.example/a"
    assert tenth.request.uri == "https://a.example/b"
    assert [one.source.entry for one in (second, tenth)] == [0, 1]
    assert tenth.source.pointer == "raw/10_s.txt"
    assert second.response.content == b"ok"
    assert second.started == pytest.approx(1751371200.123456)
    assert set(second.evidence.missing(-1)) == {"wire", "target", "trailers", "interim"}
    assert second.evidence.response_gaps == {"content-encoding", "transfer-encoding"}


def test_a_session_without_remarks_or_request(tmp_path: Path) -> None:
    exchange, = archive(tmp_path, s1=OK)
    assert isinstance(exchange, Exchange)
    assert exchange.request is None
    assert exchange.started is None


def test_what_fiddler_made_up_is_skipped(tmp_path: Path) -> None:
    found = archive(
        tmp_path, c1=b"CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n",
        s1=b"HTTP/1.1 200 Connection Established\r\nFiddlerGateway: Direct\r\n\r\n",
        c2=GET, s2=b"HTTP/1.1 502 Fiddler - DNS Lookup Failed\r\nContent-Length: 2\r\n\r\nno",
        c3=GET, s3=OK, m3=REMARKS.replace(b"x-clientport", b"x-AutoResponder"), c4=GET, s4=b"")
    assert all(isinstance(one, Skipped) for one in found)
    assert [one.category for one in found] == ["synthetic", "synthetic", "synthetic", "no-response"]


@pytest.mark.parametrize(("response", "flag", "reason"), [
    (b"HTTP/1.0 502 Fiddler - Connection Failed\r\n\r\n", b"x-clientport", "Fiddler made the response up"),
    (b"HTTP/1.1 502 DNS Lookup By Fiddler Failed\r\n\r\n", b"x-clientport", "Fiddler made the response up"),
    (OK, b"x-breakresponse", "Fiddler made the response up"),
    (OK, b"X-RepliedWithFile", "Fiddler made the response up"),
    (b" \r\n", b"x-clientport", "no response was captured"),
])
def test_signs_of_fiddlers_own_responses(tmp_path: Path, response: bytes, flag: bytes, reason: str) -> None:
    skipped, = archive(tmp_path, c1=GET, s1=response, m1=REMARKS.replace(b"x-clientport", flag))
    assert isinstance(skipped, Skipped)
    assert skipped.reason == reason


def test_a_phrase_with_fiddler_in_it_is_the_servers(tmp_path: Path) -> None:
    found, = archive(tmp_path, c1=GET, s1=b"HTTP/1.1 200 No Fiddler\r\nContent-Length: 0\r\n\r\n")
    assert isinstance(found, Exchange)
    assert found.response.reason == "No Fiddler"


def test_members_named_as_windows_names_them(tmp_path: Path) -> None:
    path = tmp_path / "a.saz"
    with zipfile.ZipFile(path, "w") as packed:
        for name, octets in ((r"raw\1_c.txt", GET), ("Raw/1_S.TXT", OK), (r"RAW\1_M.XML", REMARKS),
                             ("raw/1_s.txt.bak", b""), ("raw/x_s.txt", OK)):
            packed.writestr(name, octets)
    found, = reading.read(str(path))
    assert isinstance(found, Exchange)
    assert found.request is not None
    assert found.started == pytest.approx(1751371200.123456)


@pytest.mark.parametrize("more", [0, 1])
def test_what_reaches_the_limit_may_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: int) -> None:
    monkeypatch.setattr(saz, "PART_LIMIT", len(GET) + more)
    found, = archive(tmp_path, c1=GET, s1=OK)
    cut = {"content", "octets", "size", "request_content"}
    lacks = {"wire", "target", "trailers", "interim", "time"}
    assert set(found.evidence.missing(-1)) == lacks | (set() if more else cut)


def test_progress_counts_sessions(tmp_path: Path) -> None:
    archive(tmp_path, c1=GET, s1=OK, c7=GET, s7=OK)
    told: list[tuple[int, int]] = []
    assert len(list(reading.read(str(tmp_path / "a.saz"), lambda done, total: told.append((done, total))))) == 2
    assert told == [(1, 2), (2, 2)]


def test_a_broken_member_is_skipped(tmp_path: Path) -> None:
    archive(tmp_path, c1=GET, s1=OK * 20, c2=GET, s2=OK)
    path = tmp_path / "a.saz"
    octets = bytearray(path.read_bytes())
    place = octets.index(b"raw/1_s.txt") + 14
    octets[place:place + 6] = b"\xff" * 6
    path.write_bytes(octets)
    broken, second = reading.read(str(path))
    assert isinstance(broken, Skipped)
    assert broken.category == "unreadable"
    assert isinstance(second, Exchange)


@pytest.mark.parametrize(("text", "started"), [
    ("2025-07-01T12:00:00Z", 1751371200.0), ("1970-01-01T00:00:00Z", None),
    ("0001-01-01T00:00:00", None), ("0001-01-01T00:00:00+14:00", None), ("2025-07-01T12:00:00", None),
    ("yesterday", None), ("\u00e9", None), ("", None),
])
def test_when_a_session_began(tmp_path: Path, text: str, started: float | None) -> None:
    remarks = f'<SessionTimers ClientBeginRequest="{text}" />'.encode()
    exchange, = archive(tmp_path, c1=GET, s1=OK, m1=remarks)
    assert exchange.started == started
    assert exchange.evidence.knows("time") == (started is not None)


@pytest.mark.parametrize("beyond", [0, 1])
def test_remarks_are_read_up_to_64_kib(tmp_path: Path, beyond: int) -> None:
    timer = b'ClientBeginRequest="2025-07-01T12:00:00Z"'
    exchange, = archive(tmp_path, c1=GET, s1=OK, m1=timer.rjust(65536 + beyond) + b"/>")
    assert exchange.started == (None if beyond else 1751371200.0)


def test_a_broken_archive_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "a.saz"
    path.write_bytes(b"PK\x03\x04 and nothing else")
    problem, = reading.read(str(path))
    assert isinstance(problem, Problem)


@given(st.lists(st.sampled_from(["whole", "headless", "empty", "tunnel"]), min_size=1, max_size=8))
@settings(suppress_health_check=[*settings.default.suppress_health_check, HealthCheck.function_scoped_fixture])
def test_each_session_gives_an_entry(tmp_path: Path, kinds: list[str]) -> None:
    """In the order of the sessions: an exchange, or why it is none."""
    written = {"whole": {"c": GET, "s": OK}, "headless": {"s": OK}, "empty": {"c": GET, "s": b""},
               "tunnel": {"c": b"CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n",
                          "s": b"HTTP/1.1 200 OK\r\n\r\n"}}
    members = {f"{part}{number}": octets for number, kind in enumerate(kinds, 1)
               for part, octets in written[kind].items()}
    found = archive(tmp_path, **members)
    assert [isinstance(one, Exchange) for one in found] == [kind in ("whole", "headless") for kind in kinds]
    assert [one.source.entry for one in found] == list(range(len(kinds)))


def test_an_archive_from_standard_input(tmp_path: Path) -> None:
    archive(tmp_path, c1=GET, s1=OK, c2=GET, s2=OK)
    done = subprocess.run([sys.executable, "-m", "httplint", "check", "-"], capture_output=True, check=False,
                          input=(tmp_path / "a.saz").read_bytes())
    assert b"2 of 2 entries" in done.stdout
    assert not done.stderr
