"""Which captures an archive has, and what is read of those that are elsewhere."""
from __future__ import annotations

import errno
import gzip
import http.server
import json
import os
import re
import socket
import sys
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import ClassVar

import fsspec
import pytest
from har_maker import entry, har_of
from serving import serving

from httplint.archive.captures import Capture, listed, outcomes
from httplint.archive.remote import BLOCK, FIRST, Ranged
from httplint.capture.files import PassedOver
from httplint.capture.outcome import Outcome, Problem
from httplint.capture.reading import read
from httplint.model.exchange import Exchange

FIXTURES = Path(__file__).parents[2] / "fixtures"
HAR = json.dumps(har_of(entry(response={"status": 200}), entry(response={"status": 404}))).encode()


@pytest.fixture(autouse=True)
def memory() -> Iterator[Callable[[str, bytes], None]]:
    """Puts a file into the file system of `memory://`, which is empty before and after."""
    system = fsspec.filesystem("memory")

    def put(path: str, octets: bytes) -> None:
        system.pipe_file(path, octets)

    for path in [*system.store]:
        system.store.pop(path)
    yield put
    system.store.clear()
    system.pseudo_dirs[:] = [""]


class Said:
    """What was found, and what was told beside it."""

    def __init__(self, *uris: str) -> None:
        self.told: list[Problem | PassedOver] = []
        self.found = list(listed(uris, self.told.append))

    @property
    def names(self) -> list[str]:
        return [capture.uri for capture in self.found]

    @property
    def words(self) -> list[str]:
        return [str(one) for one in self.told]


def told(capture: Capture) -> list[str]:
    return [repr(outcome) for outcome in outcomes(capture)]


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("a/x.har", "a/b/y.warc.gz", "a/b/z.json", "a/notes.json", "a/none.txt", "c.har"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(HAR if name != "a/notes.json" else b'{"name": "none"}')
    return tmp_path


def test_paths_are_taken_as_check_takes_them(tree: Path) -> None:
    assert Said("a", "c.har").names == ["a/x.har", "a/b/y.warc.gz", "a/b/z.json", "c.har"]
    assert Said("**/*.har").names == ["a/x.har", "c.har"]
    assert Said("a/*.txt", "nowhere", "no/*.har").names == ["a/none.txt"]
    assert Said("nowhere", "no/*.har").words == [
        "no/*.har: there is no such file, nor one that the pattern matches", "nowhere: no such file or directory"]


def test_sizes_are_told(tree: Path) -> None:
    assert Said("c.har").found == [Capture("c.har", len(HAR))]


def test_each_is_taken_once(tree: Path) -> None:
    assert Said("a", "./a/x.har", "a/x.har", f"{tree}/a/**/*.har", "file://" + f"{tree}/a/x.har").names == [
        "./a/x.har", "a/b/y.warc.gz", "a/b/z.json"]


@pytest.mark.skipif(os.name == "nt", reason="paths have drives there")
def test_a_file_uri_is_a_path(tree: Path) -> None:
    (tree / "50% a.har").write_bytes(HAR)
    assert Said(f"file://{tree}/50%25%20a.har", f"file://localhost{tree}/c.har").names == [
        f"{tree}/50% a.har", f"{tree}/c.har"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_what_may_never_end_is_passed_over_even_if_it_is_named(tree: Path) -> None:
    os.mkfifo("a/p.har")
    Path("a/zero.har").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("a/s.har")
        met, named, matched = Said("a"), Said("a/p.har", "a/zero.har", "a/s.har"), Said("a/[ps].har", "a/zero.har")
    for said in (met, named, matched):
        assert said.names == (["a/x.har", "a/b/y.warc.gz", "a/b/z.json"] if said is met else [])
        assert [words.partition(",")[0].partition(";")[0] for words in said.words] == [
            "a/p.har was passed over: it is a pipe", "a/s.har was passed over: it is a socket",
            "a/zero.har was passed over: it is a device"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes")
def test_what_has_become_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    path = str(tmp_path / "a.har")
    os.mkfifo(path)
    (problem,) = outcomes(Capture(path, len(HAR)))
    assert isinstance(problem, Problem)
    assert problem.cause == "it is a pipe, which may never end, and is not read; make a file of it"


def test_links_in_a_circle_end(tree: Path) -> None:
    Path("a/round").symlink_to(tree / "a", target_is_directory=True)
    Path("a/self.har").symlink_to("self.har")
    Path("a/gone.har").symlink_to("nothing")
    assert Said("a").names == ["a/gone.har", "a/self.har", "a/x.har", "a/b/y.warc.gz", "a/b/z.json"]
    for name, cause in (("a/self.har", os.strerror(errno.ELOOP)), ("a/gone.har", os.strerror(errno.ENOENT))):
        assert told(Capture(name, None)) == [f"<Problem {name}: cannot be read: {cause}>"]


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are text elsewhere")
def test_names_may_be_any_octets(tree: Path) -> None:
    for name in (b"a/\xff\xfe.har", b"a/new\nline.har", b"a/ .har"):
        Path(os.fsdecode(name)).write_bytes(HAR)
    assert [os.fsencode(name) for name in Said("a").names[:4]] == [
        b"a/ .har", b"a/new\nline.har", b"a/x.har", b"a/\xff\xfe.har"]


def test_standard_input_is_no_archive(tree: Path) -> None:
    said = Said("-", "c.har")
    assert said.names == ["c.har"]
    assert said.words == ["-: standard input is no archive; name files, directories or URIs"]


def test_what_is_below_a_uri(memory: Callable[[str, bytes], None]) -> None:
    for name in ("z.har", "A.HAR", "b/y.har.gz", "b/c/x.warc", "b/more.json", "b/notes.txt", "b-c/w.har", "b/q.flows"):
        memory(f"/in/{name}", b"12345")
    memory("/other/v.har", b"")
    said = Said("memory://in")
    assert said.names == ["memory://in/A.HAR", "memory://in/z.har", "memory://in/b/q.flows", "memory://in/b/y.har.gz",
                          "memory://in/b/c/x.warc", "memory://in/b-c/w.har"]
    assert {capture.octets for capture in said.found} == {5}
    tells = ("only its octets tell of such a file (1 met) whether it is a capture; name the pattern to have all of "
             "them read")
    assert said.words == [f"memory://in/**/*{suffix} was passed over: {tells}" for suffix in (".json", ".txt")]
    assert Said("memory://in/").names == said.names
    assert Said("memory://other", "memory://in", "memory://in/z.har").names == [*said.names, "memory://other/v.har"]


@pytest.mark.parametrize(("pattern", "names"), [
    ("memory://in/*.har", ["z.har"]),
    ("memory://in/**/*.har", ["b-c/w.har", "b/c/x.har", "z.har"]),
    ("memory://in/**/more.*", ["b/more.json"]),
    ("memory://in/b/[m-n]*", ["b/more.json", "b/notes.txt"]),
    ("memory://in/b?c", ["b-c/w.har"]),
    ("memory://in/b[1].h", ["b[1].h"]),
])
def test_patterns_of_uris(pattern: str, names: list[str], memory: Callable[[str, bytes], None]) -> None:
    for name in ("z.har", "b/c/x.har", "b/more.json", "b/notes.txt", "b-c/w.har", "b[1].h"):
        memory(f"/in/{name}", b"12345")
    said = Said(pattern)
    assert said.found == [Capture(f"memory://in/{name}", 5) for name in names]
    assert not said.words


def test_a_directory_that_a_pattern_matches_is_gone_through(memory: Callable[[str, bytes], None]) -> None:
    memory("/in/b/c/x.har", HAR)
    memory("/in/y.har", HAR)
    assert Said("memory://in/*").names == ["memory://in/b/c/x.har", "memory://in/y.har"]
    assert Said("memory://*/y.har").names == ["memory:///in/y.har"]


def test_what_is_not_there_is_said() -> None:
    assert Said("memory://in/none.har", "memory://in/*.har", "none://x/y", "zip://a.har::memory://b.zip").words == [
        "memory://in/*.har: cannot be read: there is no such object, nor anything below it",
        "memory://in/none.har: cannot be read: there is no such object, nor anything below it",
        "none://x/y: cannot be read: there is no file system that is called none",
        "zip://a.har::memory://b.zip: cannot be read: names within names (::) are not read; name what holds them"]


@pytest.mark.parametrize("name", ["har/chromium-nginx-conforming.har", "captures/wacz.wacz", "captures/vcr.yml",
                                  "captures/playwright-test.zip"])
def test_what_is_elsewhere_is_read_as_a_file_is(
        name: str, memory: Callable[[str, bytes], None], tmp_path: Path) -> None:
    path = FIXTURES / name
    memory(f"/in/{path.name}", path.read_bytes())
    uri = f"memory://in/{path.name}"
    (tmp_path / path.name).write_bytes(path.read_bytes())  # with nothing beside it

    def summed(found: Iterator[Outcome]) -> list[tuple[str, str | None]]:
        return [(type(one).__name__, one.source.pointer if isinstance(one, Exchange) and one.source else None)
                for one in found]

    wanted = summed(read(tmp_path / path.name))
    assert len(wanted) > 1
    assert summed(outcomes(Capture(uri, len(path.read_bytes())))) == wanted
    assert summed(outcomes(Capture(uri, None))) == wanted


class Asked:
    """Octets that are elsewhere, and the ranges of them that were asked for."""

    def __init__(self, octets: bytes) -> None:
        self.octets = octets
        self.ranges: list[tuple[int, int]] = []
        self.stream = Ranged(self._get, len(octets))

    def _get(self, begin: int, end: int) -> bytes:
        self.ranges.append((begin, end))
        return self.octets[begin:end]


def test_what_is_small_comes_in_one_request() -> None:
    for octets in (HAR, gzip.compress(HAR)):
        asked = Asked(octets)
        assert len(list(read(asked.stream, path="x"))) == 2
        assert asked.ranges == [(0, len(octets))]
    nothing = Asked(b"")
    assert [str(one) for one in read(nothing.stream, path="x")] == ["x: the file is empty"]
    assert nothing.ranges == []


def test_what_is_large_comes_in_blocks_one_after_the_other() -> None:
    octets = bytes(2 * BLOCK + 5)
    asked = Asked(octets)
    assert asked.stream.read() == octets
    assert asked.ranges == [(0, BLOCK), (BLOCK, 2 * BLOCK), (2 * BLOCK, len(octets))]
    assert asked.stream.read(7) == b""


def test_a_zip_is_looked_up_without_reading_all_of_it() -> None:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a.bin", bytes(2 * BLOCK))
        archive.writestr("b.har", HAR)
    asked = Asked(made.getvalue())
    assert len(list(read(asked.stream, path="x"))) == 2
    assert sum(end - begin for begin, end in asked.ranges) <= BLOCK + 4 * FIRST
    assert len(asked.ranges) <= 6


def test_a_stream_goes_where_it_is_sent() -> None:
    asked = Asked(bytes(range(256)) * 5000)
    stream, wanted = asked.stream, BytesIO(asked.octets)
    for offset, whence, size in ((0, 0, 10), (-5, 2, 10), (1000, 0, 3), (7, 1, 2), (2_000_000, 0, 1), (-5, 1, 4),
                                 (5, 0, 0)):
        assert stream.seek(offset, whence) == wanted.seek(offset, whence) == stream.tell()
        assert stream.read(size) == wanted.read(size)
    with pytest.raises(OSError, match="before the beginning"):
        stream.seek(-1)


class Failing(Exception):
    """Something that no reader has heard of."""


@pytest.mark.parametrize(("error", "cause"), [
    (Failing("bucket\n  on fire"), "bucket on fire"),
    (Failing(), "the file system does not say why"),
    (PermissionError("Access Denied"), "no permission: Access Denied"),
    (FileNotFoundError("b/k"), "there is no such object, nor anything below it"),
    (TimeoutError(), "there was no answer in time"),
    (OSError(errno.EIO, "Reduce your request rate"), "Reduce your request rate"),
    (ValueError("x" * 5000), "x" * 300),
])
def test_what_breaks_within_a_stream_is_told_in_words(error: Exception, cause: str) -> None:
    octets = json.dumps(har_of(*[entry(response={"status": 200, "content": {"size": 9 << 20, "text": "x" * (9 << 20)}})
                                 for _ in range(3)])).encode()

    def get(begin: int, end: int) -> bytes:
        if begin:
            raise error
        return octets[begin:end]

    *found, last = read(Ranged(get, len(octets)), path="x")
    assert [type(one) for one in found] == [Exchange]
    assert isinstance(last, Problem)
    assert str(last).endswith(cause)


def test_what_has_fewer_octets_than_were_told_is_broken_off() -> None:
    last = [*read(Ranged(lambda begin, end: HAR[begin:end - 9], len(HAR)), path="x")][-1]
    assert str(last) == f"x: cannot be read: it has not the {len(HAR):,} octets that were told of it"


def test_what_cannot_be_opened_is_a_problem() -> None:
    assert told(Capture("memory://in/none.har", None)) == [
        "<Problem memory://in/none.har: cannot be read: there is no such object, nor anything below it>"]
    assert told(Capture("none://in/x.har", 5)) == [
        "<Problem none://in/x.har: cannot be read: there is no file system that is called none>"]


@pytest.mark.parametrize(("uri", "said"), [("s3://b/x.har", "s3:// needs s3fs: "),
                                           ("gs://b/x.har", "gs:// needs gcsfs: ")])
def test_a_missing_package_is_named_with_its_extra(uri: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    extra = {"s3": "[s3]", "gs": "[gcs]"}[uri[:2]]
    for package in ("s3fs", "gcsfs"):
        monkeypatch.setitem(sys.modules, package, None)
    words = Said(uri).words
    assert len(words) == 1
    assert said in words[0]
    assert extra in words[0]
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    assert extra in Said(uri).words[0]


def test_a_name_that_was_met_leads_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / "secret.har").write_bytes(HAR)
    outcome, = outcomes(Capture(f"memory://in/x::file://{tmp_path}/secret.har", len(HAR)))
    assert str(outcome).endswith("cannot be read: there is no such object, nor anything below it")


class Web(http.server.BaseHTTPRequestHandler):
    """Has a HAR, and its own way with it for each path."""

    asked: ClassVar[list[str]] = []

    def log_message(self, *_: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self.wfile.write(self._answer()[:-9 if self.path == "/short.har" else None])

    def _answer(self) -> bytes:
        Web.asked.append(self.command)
        path, status, octets = self.path.partition("?")[0], 200, HAR
        ranged = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        if path[1:4].isdigit():
            status, octets = int(path[1:4]), b""
        elif ranged and path == "/ranges.har":
            status, octets = 206, HAR[int(ranged[1]):int(ranged[2]) + 1]
        self.send_response(status)
        if path != "/unsized.har":
            self.send_header("Content-Length", str(len(octets)))
        self.end_headers()
        return octets


@pytest.fixture(scope="module")
def web() -> Iterator[str]:
    pytest.importorskip("aiohttp")
    with serving(Web) as place:
        yield f"http://{place}"


@pytest.mark.parametrize(("path", "asked"), [("ranges", ["HEAD", "GET"]), ("whole", ["HEAD", "GET"]),
                                             ("unsized", None)])
def test_a_file_of_the_web(path: str, asked: list[str] | None, web: str) -> None:
    Web.asked.clear()
    capture, = Said(f"{web}/{path}.har?sig=[x]*").found    # no pattern
    assert [type(one) for one in outcomes(capture)] == [Exchange] * 2
    assert asked is None or Web.asked == asked


@pytest.mark.parametrize(("path", "cause"), [
    ("404.har", "there is no such object, nor anything below it"), ("403.har", "the server answers 403"),
    ("503.har", "the server answers 503")])
def test_what_the_web_does_not_give_is_said(path: str, cause: str, web: str) -> None:
    assert Said(f"{web}/{path}?a=b").words == [f"{web}/{path}?a=b: cannot be read: {cause}"]


def test_a_server_that_breaks_off_costs_its_file(web: str) -> None:
    capture, = Said(f"{web}/short.har").found
    assert told(capture) == [f"<Problem {capture.uri}: cannot be read: the answer broke off>"]


def test_nobody_answers() -> None:
    pytest.importorskip("aiohttp")
    with socket.socket() as listening:                     # which does not listen
        listening.bind(("127.0.0.1", 0))
        uri = f"http://127.0.0.1:{listening.getsockname()[1]}/a.har"
        words, = Said(uri).words
    assert words == f"{uri}: cannot be read: the server cannot be reached: {os.strerror(errno.ECONNREFUSED)}"
