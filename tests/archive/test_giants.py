"""Memory is bounded by the largest entry of a capture, not by the capture."""
from __future__ import annotations

import gzip
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from har_maker import entry, har_of
from warc_maker import record

PROGRAM = r"""
import re, sys
from httplint.archive import remote
from httplint.archive.captures import Capture, outcomes
from httplint.archive.remote import Ranged
from httplint.archive.rows import Recipe
from httplint.capture.reading import read

remote.BLOCK = 1 << 20                                     # which small captures are as large as, too
mapper = Recipe().mapper()

def peak():
    # not getrusage, which remembers the process that started this one
    return int(re.search(r"VmHWM:\s*(\d+)", open("/proc/self/status").read())[1])

def elsewhere(path):
    file = open(path, "rb")
    def ask(begin, end):
        file.seek(begin)
        return file.read(end - begin)
    return read(Ranged(ask, file.seek(0, 2)), path=path)

def forget():
    with open("/proc/self/clear_refs", "w") as refs:       # proc(5): 5 makes the peak what is taken now
        refs.write("5")

for path in sys.argv[1:]:
    for found in (outcomes(Capture(path, None)), elsewhere(path)):
        findings = last = 0
        forget()
        for name, row in mapper.rows(path, found):
            findings += name == "findings"
            last = row
        print(path, row[4], findings, peak())
"""
LARGE = json.dumps(entry(("Content-Type", "text/plain"), ("Date", "Sun, 01 Mar 2026 12:00:00 GMT"), text="x" * 10_000))
SLACK = 8 << 10
"""Kilobytes, for what caches and the allocator take as time goes by."""
BAD = json.dumps(entry(*(("Set-Cookie", f"a{n}=b; Max-Age=soon; SameSite=Some") for n in range(20)), text="x"))


def har(path: Path, one: str, count: int) -> None:
    with path.open("w") as stream:
        write(stream.write, one, count)


def write(put: Callable[[str], object], one: str, count: int) -> None:
    head, tail = json.dumps(har_of("entries")).split('"entries"]')
    put(head + one)
    for _ in range(count - 1):
        put("," + one)
    put("]" + tail)


def warc(path: Path, count: int) -> None:
    octets = b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n" + b"x" * 10_000
    with path.open("wb") as stream:
        for number in range(count):
            stream.write(record("response", octets, number))


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is read from /proc")
def test_peak_memory(tmp_path: Path, packaged: None) -> None:
    """What is ten times as large takes no more."""
    paths: list[Path] = []
    for times in (1, 10):
        for name, one, count in (("large", LARGE, 250), ("bad", BAD, 40)):
            paths.append(tmp_path / f"{name}-{times}.har")
            har(paths[-1], one, count * times)
        paths.append(tmp_path / f"{times}.har.gz")
        with gzip.open(paths[-1], "wt", compresslevel=1) as packed:
            write(packed.write, LARGE, 250 * times)
        paths.append(tmp_path / f"{times}.zip")
        with zipfile.ZipFile(paths[-1], "w") as archive:
            archive.write(tmp_path / f"large-{times}.har", "a.har")
        paths.append(tmp_path / f"{times}.warc")
        warc(paths[-1], 250 * times)
    done = subprocess.run([sys.executable, "-c", PROGRAM, *map(str, paths)], capture_output=True, encoding="utf-8",
                          check=True)
    lines = [line.split() for line in done.stdout.splitlines()]
    assert [int(line[1]) for line in lines] == [
        count * times for times in (1, 10) for count in (250, 250, 40, 40, 250, 250, 250, 250, 250, 250)]
    assert max(int(line[2]) for line in lines) > 15_000, "as many rows as would be seen, if they were kept"
    assert min(path.stat().st_size for path in paths if path.name in ("large-10.har", "10.warc")) > 3 * SLACK << 10
    print(done.stdout)
    small, large = (max(int(line[3]) for line in some) for some in (lines[:10], lines[10:]))
    assert large < small + SLACK
