"""Which captures an archive has, and what is read of those that are elsewhere."""
from __future__ import annotations

import errno
import json
import os
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import fsspec
import pytest
from har_maker import entry, har_of

from httplint.archive.captures import Capture, listed, outcomes
from httplint.capture.files import PassedOver
from httplint.capture.outcome import Problem

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
