"""Big files are read in bounded memory, and in time that grows with their size only."""
from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from har_maker import entry, har_of

PROGRAM = r"""
import re, sys
from httplint.capture import har
count = sum(type(item).__name__ == "Exchange" for item in har.read(sys.argv[1], typed_from=int(sys.argv[2])))
status = open("/proc/self/status").read()    # not getrusage, which remembers the process that started this one
print(count, int(re.search(r"VmHWM:\s*(\d+)", status)[1]) // 1024)
"""
COUNT = 6000


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """About 60 MB, with the creator behind the entries: the file has to be read twice."""
    one = json.dumps(entry(*((f"X-Header-{n}", f"value {n} \u20ac") for n in range(12)), text="x\u20ac" * 2250),
                     ensure_ascii=False)
    frame = json.dumps(har_of("entries"))
    path = tmp_path_factory.mktemp("big") / "big.har"
    start, end = frame.split('"entries"]')[0].replace('"creator": {"name": "mitmproxy", "version": "1"}, ', ""), "]"
    with path.open("w", encoding="utf-8") as stream:
        stream.write(start)
        stream.write(",\n".join([one] * 10))
        for _ in range(COUNT // 10 - 1):
            stream.write(",\n" + ",\n".join([one] * 10))
        stream.write(end + ', "creator": {"name": "mitmproxy"}}}')
    return path


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is read from /proc")
@pytest.mark.parametrize(("typed_from", "bound"), [(0, 120), (1 << 40, 120)])
@pytest.mark.parametrize("pipe", [False, True])
def test_peak_memory(big: Path, typed_from: int, bound: int, pipe: bool) -> None:
    assert big.stat().st_size > 55_000_000
    arguments = [sys.executable, "-c", PROGRAM, "-" if pipe else str(big), str(typed_from)]
    with big.open("rb") as stream:
        if pipe:
            with subprocess.Popen(["cat"], stdin=stream, stdout=subprocess.PIPE) as cat:
                done = subprocess.run(arguments, stdin=cat.stdout, capture_output=True, encoding="utf-8", check=True)
        else:
            done = subprocess.run(arguments, capture_output=True, encoding="utf-8", check=True)
    count, peak = map(int, done.stdout.split())
    assert count == COUNT
    assert peak < bound
