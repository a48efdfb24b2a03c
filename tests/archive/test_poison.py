"""What must not stop an archive: each poisoned capture costs itself alone, and says why."""
from __future__ import annotations

import bz2
import gzip
import json
import os
import pickle
import random
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from archive_reading import tables_in
from har_maker import entry, har_of
from hypothesis import given, settings
from hypothesis import strategies as st
from warc_maker import record

from httplint.archive import arrow
from httplint.archive.captures import Capture, listed, outcomes
from httplint.archive.rows import Recipe
from httplint.archive.tables import TABLES, Row
from httplint.capture import files
from httplint.capture.reading import read

MAPPER = Recipe().mapper()
ONE = entry(response={"status": 405})
"""An entry of which something is found."""
OPEN = b'{"log":{"version":"1.2","creator":{"name":"a","version":"1"},"entries":['



def har(*entries: Any) -> bytes:
    return json.dumps(har_of(*entries)).encode()


GOOD = har(ONE, ONE)


def of_zip(*members: tuple[str, bytes], flags: int = 0) -> bytes:
    """A zip; `flags` are set in the heads of its members, as 1 says that they are encrypted."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, octets in members:
            archive.writestr(name, octets)
    octets = bytearray(made.getvalue())
    for head, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = octets.find(head)
        while at >= 0:
            octets[at + offset] |= flags
            at = octets.find(head, at + 1)
    return bytes(octets)


def answer(number: int, **more: str) -> bytes:
    return record("response", b"HTTP/1.1 405 No\r\nContent-Length: 2\r\n\r\nhi", number, **more)


def with_length(octets: bytes, length: bytes) -> bytes:
    return octets.replace(b"Content-Length: 40\r\n\r\nHTTP", b"Content-Length: " + length + b"\r\n\r\nHTTP")


LAUGHS = b"".join(b"x%d: &x%d [%s]\n" % (n, n, b",".join([b"*x%d" % (n - 1) if n else b"lol"] * 9)) for n in range(12))


class Poison(NamedTuple):
    """Octets of a capture, and what its row says: the outcome, entries and those that were linted. `cause`: what stands
    in the dead letter; empty if there is none.
    """

    octets: bytes
    outcome: str
    entries: int = 0
    linted: int = 0
    cause: str = ""


POISON: dict[str, Poison] = {
    "empty.har": Poison(b"", "unreadable", cause="the file is empty"),
    "blank.har": Poison(b"\xef\xbb\xbf\r\n ", "unreadable", cause="the file is empty"),
    "nul.har": Poison(bytes(5000), "unreadable", cause="binary data"),
    "garbage.har": Poison(random.Random(1).randbytes(50_000), "unreadable", cause="binary data"),
    "garbage.warc": Poison(b"WARC/1.0\r\n" + random.Random(2).randbytes(50_000), "unreadable", cause="header length"),
    "garbage.har.gz": Poison(b"\x1f\x8b\x08" + random.Random(3).randbytes(50_000), "unreadable",
                             cause="cannot be read: while decompressing data"),
    "pickle.har": Poison(pickle.dumps(GOOD), "unreadable", cause="binary data"),
    "bzip2.har": Poison(bz2.compress(GOOD), "unreadable", cause="binary data"),
    "truncated.har": Poison(GOOD[:-40], "partial", 1, 1, "breaks off"),
    "within-a-text.har": Poison(har(ONE, entry(text="x" * 5000))[:-3000], "partial", 1, 1, "breaks off"),
    "truncated.har.gz": Poison(gzip.compress(GOOD)[:-30], "unreadable", cause="ended before"),
    "truncated.zip": Poison(of_zip(("a.har", GOOD))[:-30], "unreadable", cause="the zip file is broken"),
    "encrypted.zip": Poison(of_zip(("a.har", GOOD), flags=1), "unreadable", cause="encrypted"),
    "without-a-har.har": Poison(of_zip(("a.txt", GOOD)), "unreadable", cause="a zip file that holds no capture"),
    "one-of-three-broken.zip": Poison(of_zip(("a.har", GOOD), ("b.har", GOOD[:-40]), ("c.har", GOOD)), "partial", 5, 5,
                                      "breaks off"),
    "twice.har.gz": Poison(gzip.compress(gzip.compress(GOOD)), "unreadable", cause="unpack it once"),
    "bomb.har.gz": Poison(gzip.compress(OPEN + b" " * (4 << 20)), "unreadable", cause="inflates to more than 1 MiB"),
    "bomb.zip": Poison(of_zip(("a.har", OPEN + b" " * (4 << 20))), "unreadable", cause="inflates to more than 1 MiB"),
    "deep-value.har": Poison(OPEN + b'{"a":' * 300_000 + b"1" + b"}" * 300_000 + b"]}}", "whole", 1),
    "deep-end.har": Poison(OPEN + b"[" * 300_000, "unreadable", cause="breaks off"),
    "deep.har": Poison(b"[" * 300_000, "unreadable", cause="not a HAR"),
    "octet-of-nul.har": Poison(GOOD.replace(b"405", b"4\x005"), "unreadable", cause="not JSON"),
    "utf-16.har": Poison(GOOD.decode().encode("utf-16"), "whole", 2, 2),
    "half-of-utf-16.har": Poison(GOOD.decode().encode("utf-16")[:-3], "partial", 2, 2, "not JSON"),
    "no-utf-8.har": Poison(GOOD.replace(b"https://", b"https://\xff\xfe"), "whole", 2, 2),
    "entries-as-object.har": Poison(GOOD.replace(b'"entries": [', b'"entries": {"a": [')[:-2] + b"}}}", "unreadable",
                                    cause="`entries` is not a list"),
    "many.har": Poison(OPEN + b"{}," * 9999 + b"{}]}}", "whole", 10_000),
    "a-long-line.har": Poison(har(entry(text="x" * (50 << 20))), "whole", 1, 1),
    "short-record.warc": Poison(answer(1) + with_length(answer(2), b"5") + answer(3), "partial", 2, 1, "WARC header"),
    "long-record.warc": Poison(answer(1) + with_length(answer(2), b"50000"), "partial", 1, 1, "breaks off"),
    "negative-record.warc": Poison(answer(1) + with_length(answer(2), b"-1"), "partial", 2, 1, "WARC header"),
    "endless-record.warc": Poison(answer(1) + with_length(answer(2), b"9" * 30), "partial", 2, 1, "WARC header"),
    "laughs.yaml": Poison(b"version: 1\ninteractions:\n- request: {uri: 'http://a/', method: GET}\n" + LAUGHS,
                          "whole", 1),
    "calls.yaml": Poison(b"version: 1\ninteractions:\n- request: {uri: 'http://a/', method: GET}\n"
                         b"  response: !!python/object/apply:os._exit [7]\n", "whole", 1),
    **{f"status-{name}.har": Poison(GOOD.replace(b"405", value), "whole", 2) for name, value in {
        "nan": b"NaN", "infinity": b"-Infinity", "negative": b"-405", "large": b"1" + b"0" * 30,
        "larger": b"1" + b"0" * 6000, "overflows": b"4e400", "surrogate": rb'"\ud800"'}.items()},
    **{f"{name}-{number}.har": Poison(har({**ONE, name: value}, ONE), "whole", 2, 1)
       for name in ("request", "response") for number, value in enumerate((None, [], {}, 3, "x", True))},
    **{f"entry-{number}.har": Poison(har(value, ONE), "whole", 2, 1)
       for number, value in enumerate((None, [], {}, 3, "x", True))},
}


def rows(capture: Capture) -> dict[str, list[Row]]:
    """Table -> its rows, which are of their types, and which Arrow takes."""
    found: dict[str, list[Row]] = {name: [] for name in TABLES}
    for name, row in MAPPER.rows(capture.uri, outcomes(capture), capture.octets):
        found[name].append(row)
    check(found)
    return found


def check(found: dict[str, list[Row]]) -> None:
    for name, some in found.items():
        if some:
            arrow.batch(name, some).validate(full=True)
    whole, = by_name(found, "captures")
    assert whole["entries"] == whole["linted"] + sum(value for name, value in whole.items()
                                                     if name.startswith("skipped_"))
    assert whole["linted"] == sum(one["count"] for one in by_name(found, "responses"))
    assert (whole["outcome"] == "whole") == (not found["dead_letters"])
    for letter in by_name(found, "dead_letters"):
        assert letter["kind"] in ("unreadable", "broken", "limit")
        assert len(letter["cause"].split()) > 2
        assert "Error" not in letter["cause"]
        assert "Traceback" not in letter["cause"]


def by_name(found: dict[str, list[Row]], table: str) -> list[dict[str, Any]]:
    return [dict(zip(TABLES[table].names, row, strict=True)) for row in found[table]]


def untimed(found: dict[str, list[Row]]) -> dict[str, list[dict[str, Any]]]:
    return {table: [{**row, "cpu": 0} for row in by_name(found, table)] for table in found}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A directory with all of it, and good captures at the begin, in the middle and at the end of the listing."""
    directory = tmp_path_factory.mktemp("poison")
    for name in ("0.har", "m.har", "z.har"):
        (directory / name).write_bytes(GOOD)
    for name, poison in POISON.items():
        (directory / name).write_bytes(poison.octets)
    (directory / "directory.har").mkdir()
    (directory / "directory.har" / "good.har").write_bytes(GOOD)
    with socket.socket(getattr(socket, "AF_UNIX", socket.AF_INET)) as listening:
        if os.name != "nt":
            os.mkfifo(directory / "pipe.har")
            for name, target in (("zero.har", "/dev/zero"), ("self.har", "self.har"), ("gone.har", "nothing")):
                (directory / name).symlink_to(target)
            (directory / "directory.har" / "up").symlink_to("..", target_is_directory=True)
            here = os.getcwd()
            os.chdir(directory)                            # since a name of a socket has 107 octets at most
            listening.bind("socket.har")
            os.chdir(here)
        yield directory


@pytest.fixture(autouse=True)
def small_bombs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "INFLATED_MIN", 1 << 20)


@pytest.mark.parametrize("name", POISON)
def test_each_says_what_it_is(name: str, place: Path) -> None:
    poison = POISON[name]
    found = rows(Capture(str(place / name), len(poison.octets)))
    whole, = by_name(found, "captures")
    assert (whole["outcome"], whole["entries"], whole["linted"]) == poison[1:4]
    causes = [letter["cause"] for letter in by_name(found, "dead_letters")]
    assert len(causes) == bool(poison.cause)
    assert poison.cause in "".join(causes)


def test_each_costs_itself_alone(place: Path) -> None:
    """Whatever was linted before by the same mapper, the good ones have the rows that they have alone."""
    found = {capture.uri: rows(capture) for capture in listed([str(place)], lambda _: None)}
    good = [str(place / name) for name in ("0.har", "m.har", "z.har", "directory.har/good.har")]
    assert {str(place / name) for name in POISON} < {*found}
    for uri in good:
        alone = Recipe().mapper().rows(uri, read(uri), len(GOOD))
        wanted: dict[str, list[Row]] = {name: [] for name in TABLES}
        for name, row in alone:
            wanted[name].append(row)
        assert untimed(found[uri]) == untimed(wanted)
        assert len(wanted["findings"]) >= 2
    assert len(found) == len(POISON) + len(good) + 2 * (os.name != "nt")


def test_a_whole_archive_of_it(place: Path, tmp_path: Path, packaged: None) -> None:
    """As people run it, by two processes; a second run finds all of it done."""
    out = tmp_path / "out"
    kept = tmp_path / "in"
    kept.mkdir()
    for one in place.iterdir():                            # but bombs, which take a gigabyte here
        if not one.name.startswith("bomb"):
            (kept / one.name).symlink_to(one)
    command = [sys.executable, "-m", "httplint", "archive", str(kept), "--out", str(out), "--jobs", "2", "--isolated"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=300)
    assert done.returncode == 0, done.stderr
    found = tables_in(out)
    captures = {Path(row["capture"]).name: row for row in found["captures"]}
    for name, poison in POISON.items():
        if not name.startswith("bomb"):
            assert (captures[name]["outcome"], captures[name]["entries"], captures[name]["linted"]) == poison[1:4], name
    letters = {Path(row["capture"]).name for row in found["dead_letters"]}
    assert letters == {name for name, row in captures.items() if row["outcome"] != "whole"}
    for name in ("0.har", "m.har", "z.har"):
        assert [row["rule"] for row in found["findings"] if Path(row["capture"]).name == name] == [
            row["rule"] for row in by_name(rows(Capture(str(place / name), len(GOOD))), "findings")]
    assert "Traceback" not in done.stdout + done.stderr
    if os.name != "nt":
        for name, kind in (("pipe.har", "a pipe"), ("socket.har", "a socket"), ("zero.har", "a device")):
            assert f"{name} was passed over: it is {kind}" in done.stderr
            assert name not in captures
    again = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=300)
    assert again.returncode == 0
    assert len(tables_in(out)["captures"]) == len(captures)


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are text elsewhere")
def test_names_that_are_no_text(tmp_path: Path) -> None:
    for name in (b"\xff\xfe.har", b"new\nline.har"):
        Path(os.fsdecode(bytes(tmp_path) + b"/" + name)).write_bytes(GOOD[:-40])
    named = [row["capture"] for capture in listed([str(tmp_path)], lambda _: None)
             for row in by_name(rows(capture), "findings")[:1]]
    assert named == [f"{tmp_path}/new\nline.har", f"{tmp_path}/\\udcff\\udcfe.har"]


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="all may be read by everyone there")
def test_what_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.har").write_bytes(GOOD)
    rows(Capture("a.har", None))                           # what is needed is loaded, while it may be read
    (tmp_path / "a.har").chmod(0)
    (tmp_path / "b").mkdir(0)
    tmp_path.chmod(0o755)
    told: list[Any] = []
    user = os.geteuid()
    if not user:
        os.seteuid(65534)                                  # nothing is refused to root
    try:
        found = [rows(capture) for capture in listed(["."], told.append)]
    finally:
        os.seteuid(user)
        (tmp_path / "b").chmod(0o755)
    assert [letter["cause"] for one in found for letter in by_name(one, "dead_letters")] == [
        "cannot be read: Permission denied"]
    assert [str(one) for one in told] == ["./b: the directory cannot be read: Permission denied"]


def test_surrogates_everywhere() -> None:
    lone = "\ud800\udfff\udc80"
    one = entry((f"X-{lone}", lone), ("Content-Type", f"text/{lone}; charset={lone}"), ("Server", lone),
                ("Set-Cookie", f"a={lone}; Max-Age={lone}"), ("Location", f"/{lone} b"), text=lone,
                request={"method": f"G{lone}T", "url": f"https://{lone}.example/{lone}?{lone}={lone}"},
                response={"status": 405, "statusText": lone, "httpVersion": lone})
    found: dict[str, list[Row]] = {name: [] for name in TABLES}
    octets = json.dumps(har_of(one, {**ONE, "_resourceType": lone, "pageref": lone})).encode()
    made = BytesIO(of_zip(("a.har", octets)))
    for name, row in MAPPER.rows(f"{lone}.zip", read(made, path=f"{lone}.zip")):
        found[name].append(row)
    check(found)
    assert by_name(found, "captures")[0]["linted"] == 2
    assert found["findings"]


@pytest.mark.parametrize("started", [
    "9999-12-31T23:59:59.999Z", "10000-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "-0001-01-01T00:00:00Z",
    "1969-12-31T23:59:59Z", "2024-02-30T00:00:00Z", "2024-01-01T25:61:61Z", "", "\ud800", 10**30, -1, None])
def test_dates_that_no_calendar_has(started: Any) -> None:
    found: dict[str, list[Row]] = {name: [] for name in TABLES}
    octets = json.dumps(har_of({**ONE, "startedDateTime": started})).encode()
    for name, row in MAPPER.rows("x", read(BytesIO(octets), path="x")):
        found[name].append(row)
    check(found)
    assert by_name(found, "captures")[0]["linted"] == 1


KINDS = {
    "har": har(ONE, entry(("Server", "nginx/1"), ("Set-Cookie", "a=b; Max-Age=x"), text="hi"), ONE),
    "har.gz": gzip.compress(har(ONE, ONE)),
    "zip": of_zip(("a.har", GOOD), ("b.har", GOOD)),
    "warc": answer(1) + record("request", b"GET /a HTTP/1.1\r\nHost: a.example\r\n\r\n", 2, 1) + answer(3),
    "cassette": b"version: 1\ninteractions:\n" + b"- request: {uri: 'http://a/', method: GET, headers: {A: [b]}}\n"
                b"  response: {status: {code: 405, message: No}, headers: {Server: [x/1]}, body: {string: hi}}\n" * 2,
}
STRANGE = [b"", b"\x00", b"\xff\xfe", b"-1", b"1e999", b"NaN", b"null", b"[]", b"{}", b'"', b"\\", rb"\ud800",
           b"\r\n\r\n", b"9" * 40, b"\xed\xa0\x80", b"\x1f\x8b\x08", b"PK\x03\x04", b"WARC/1.0\r\n"]
CHANGES = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 60), st.sampled_from(STRANGE) | st.binary(max_size=8)),
                   min_size=1, max_size=4)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60)
@given(changes=CHANGES)
def test_whatever_octets_become_has_rows(kind: str, changes: list[tuple[float, int, bytes]]) -> None:
    octets = KINDS[kind]
    for place, gone, put in changes:
        at = int(place * len(octets))
        octets = octets[:at] + put + octets[at + gone:]
    found: dict[str, list[Row]] = {name: [] for name in TABLES}
    for name, row in MAPPER.rows("x", read(BytesIO(octets), path="x"), len(octets)):
        found[name].append(row)
    check(found)
