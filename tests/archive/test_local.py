"""An archive is linted on this machine: by one process or several, interrupted and gone on with, killed and mended."""
from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from archive_reading import tables_in
from har_maker import entry, har_of

from httplint.archive import local
from httplint.archive.captures import Capture
from httplint.archive.local import Chunk, planned
from httplint.archive.tables import TABLES
from httplint.cli.main import run
from httplint.jobs import workers

CAPTURES = str(Path(__file__).parents[2] / "fixtures" / "captures" / "*.[jwyz]*")
MB = 1 << 20

pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are copies of this one")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A directory of small captures, whole and broken; each has a finding of its own."""
    directory = tmp_path / "archive"
    directory.mkdir()
    for number in range(12):
        har = har_of(*(entry(response={"status": 405 + number % 2}) for _ in range(number % 3 + 1)))
        (directory / f"{number:02}.har").write_text(json.dumps(har), "utf-8")
    (directory / "broken.har").write_text(json.dumps(har_of(entry(), entry()))[:-60], "utf-8")
    (directory / "nothing.har").write_bytes(b"")
    return directory


@pytest.fixture
def copies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes are copies of this one, with what a test has changed in it."""
    monkeypatch.setattr(workers, "_may_fork", lambda: True)


def tables(out: Path) -> dict[str, Counter[tuple[Any, ...]]]:
    """Table -> its rows, however often; but for the time that they took."""
    return {name: Counter(tuple(value for column, value in row.items() if column != "cpu") for row in rows)
            for name, rows in tables_in(out).items()}


def archived(archive: Path | str, out: Path, *more: str) -> int:
    return run(["archive", str(archive), "--out", str(out), "--isolated", *more])


@linux
@pytest.mark.usefixtures("copies")
def test_findings_are_those_of_a_check_however_many_judge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                             capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(local, "LEAST_OCTETS", 20_000)
    run(["check", CAPTURES, "--isolated", "--quiet", "--output-format=jsonl"])
    expected: Counter[tuple[Any, ...]] = Counter()
    for line in capsys.readouterr().out.splitlines():
        read = json.loads(line)
        for finding in read.get("findings", ()) if read["type"] == "exchange" else ():
            at = finding["location"]
            expected[finding["rule"], finding["severity"], finding["message"], at["entry"], at["line"], at["column"],
                     at["message"], at["part"], at["field"], at["index"], at["offset"]] += 1
    found = []
    for jobs in ("1", "2"):
        assert archived(CAPTURES, tmp_path / jobs, f"--jobs={jobs}") == 0
        found.append(tables(tmp_path / jobs))
    names = TABLES["findings"].names
    wanted = [names.index(name) for name in ("rule", "severity", "message", "entry", "line", "column", "at_message",
                                             "at_part", "at_field", "at_index", "at_offset")]
    assert Counter(tuple(row[number] for number in wanted) for row in found[0]["findings"].elements()) == expected
    assert expected.total() > 300
    assert found[0] == found[1]
    parts = [len(os.listdir(tmp_path / jobs / "parts")) for jobs in ("1", "2")]
    assert parts[0] == 1
    assert parts[1] > 2


def program(tmp_path: Path, what: str) -> list[str]:
    """A program that is httplint, but does something as soon as the capture 07.har is about to be read."""
    path = tmp_path / "program.py"
    path.write_text(
        "import os, signal, sys, time\nfrom httplint.archive import local\nfrom httplint.cli.main import run\n\n"
        "def outcomes(capture, read=local.outcomes):\n"
        f"    if capture.uri.endswith('07.har'):\n        {what}\n"
        "    return read(capture)\n\nlocal.outcomes, local.CHUNK_CAPTURES = outcomes, 3\n"
        "if __name__ == '__main__':\n    sys.exit(run(sys.argv[1:]))\n", "utf-8")
    return [sys.executable, str(path)]


def interruptible() -> None:
    """Whoever runs these tests in the background of a shell may have it ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@linux
@pytest.mark.usefixtures("packaged")
@pytest.mark.parametrize(("jobs", "what", "code", "said"), [
    (1, "os.kill(os.getpid(), signal.SIGKILL)", -9, b""),
    (2, "os.kill(os.getppid(), signal.SIGKILL); time.sleep(1)", -9, b""),
    (1, "os.kill(os.getpid(), signal.SIGINT)", 130,
     b"httplint: interrupted; the parts that are whole are kept, and the same command goes on\n"),
    (2, "os.kill(os.getppid(), signal.SIGINT); signal.pause()", 130,
     b"httplint: interrupted; the parts that are whole are kept, and the same command goes on\n")])
def test_an_interrupted_run_is_gone_on_with(archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                            jobs: int, what: str, code: int, said: bytes) -> None:
    out = tmp_path / "out"
    ended = subprocess.run([*program(tmp_path, what), "archive", str(archive), "--out", str(out), "--isolated",
                            f"--jobs={jobs}"], capture_output=True, check=False, preexec_fn=interruptible, timeout=120)
    assert (ended.returncode, ended.stdout, ended.stderr) == (code, b"", said)
    captures = tables(out)["captures"]
    assert all(number == 1 for number in captures.values())
    done = {os.path.basename(row[0]) for row in captures}
    names = sorted(path.name for path in archive.iterdir())
    whole = [chunk for chunk in (names[begin:begin + 3] for begin in range(0, len(names), 3)) if done.issuperset(chunk)]
    assert done == {name for chunk in whole for name in chunk}
    assert whole == [names[:3], names[3:6]] if jobs == 1 else whole
    assert archived(archive, out) == 0
    assert f"passed over, for their rows are there: {len(done)} captures" in capsys.readouterr().out
    assert archived(archive, tmp_path / "fresh") == 0
    assert tables(out) == tables(tmp_path / "fresh")
    assert os.listdir(out / "unfinished") == []


@linux
@pytest.mark.usefixtures("copies")
def test_only_the_capture_that_a_process_dies_of_is_lost(
        archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    read = local.outcomes
    assert archived(archive, tmp_path / "fresh") == 0

    def killed(capture: Capture) -> Any:
        if capture.uri.endswith(("03.har", "11.har")):
            os.kill(os.getpid(), signal.SIGKILL)
        return read(capture)

    monkeypatch.setattr(local, "outcomes", killed)
    monkeypatch.setattr(local, "TOLD", 40_000)
    capsys.readouterr()
    assert archived(archive, tmp_path / "out", "--jobs=2") == 0
    assert "2 unreadable, 1 broken" not in capsys.readouterr().out
    found, fresh = tables(tmp_path / "out"), tables(tmp_path / "fresh")
    lost = {row[0]: row for row in found["dead_letters"] if row[1] == "lost"}
    assert sorted(map(os.path.basename, lost)) == ["03.har", "11.har"]
    assert all("ended by SIGKILL" in row[5] for row in lost.values())
    for name in TABLES:
        assert {row: number for row, number in found[name].items() if row[0] not in lost} == {
            row: number for row, number in fresh[name].items() if row[0] not in lost}
    assert {row[0]: row[1] for row in found["captures"] if row[0] in lost} == dict.fromkeys(lost, "unreadable")
    monkeypatch.setattr(local, "outcomes", read)           # and they are not tried again
    assert archived(archive, tmp_path / "out") == 0
    assert tables(tmp_path / "out") == found


@linux
@pytest.mark.usefixtures("copies")
def test_what_a_process_has_committed_when_it_dies_is_not_done_again(archive: Path, tmp_path: Path,
                                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    commit = local.UnfinishedPart.commit

    def last(part: local.UnfinishedPart) -> None:
        commit(part)
        os.kill(os.getpid(), signal.SIGKILL)

    assert archived(archive, tmp_path / "fresh") == 0
    monkeypatch.setattr(local.UnfinishedPart, "commit", last)
    monkeypatch.setattr(local, "LEAST_OCTETS", 1)
    assert archived(archive, tmp_path / "out", "--jobs=2") == 0
    assert tables(tmp_path / "out") == tables(tmp_path / "fresh")


@linux
@pytest.mark.usefixtures("packaged")
def test_the_run_after_one_that_died_of_a_capture_does_not(archive: Path, tmp_path: Path) -> None:
    command = [*program(tmp_path, "os.kill(os.getpid(), signal.SIGKILL)"), "archive", str(archive),
               "--out", str(tmp_path / "out"), "--isolated", "--jobs=1"]
    assert [subprocess.run(command, check=False, timeout=120).returncode for _ in range(3)] == [-9, 0, 0]
    found = tables(tmp_path / "out")
    assert set(found["captures"].values()) == {1}
    assert found["captures"].total() == 14
    assert [os.path.basename(row[0]) for row in found["dead_letters"] if row[1] == "lost"] == ["07.har"]


@linux
@pytest.mark.usefixtures("copies")
def test_a_run_without_processes_ends(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                      capsys: pytest.CaptureFixture[str]) -> None:
    started, read, parent = workers.Workers._started, local.outcomes, os.getpid()
    number = iter(range(10))

    def few(some: workers.Workers[Any, Any]) -> Any:
        if next(number) >= 2:
            raise OSError(11, "Resource temporarily unavailable")
        return started(some)

    def killed(_: Capture) -> Any:
        assert os.getpid() != parent
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(workers.Workers, "_started", few)
    monkeypatch.setattr(local, "outcomes", killed)
    assert archived(archive, tmp_path / "out", "--jobs=2") == 2
    assert capsys.readouterr().err == ("httplint: no process is left, and none can be started; what was done is kept, "
                                       "and the same command goes on\n")
    monkeypatch.setattr(local, "outcomes", read)
    assert archived(archive, tmp_path / "out") == 0
    assert tables(tmp_path / "out")["captures"].total() == 14


@linux
def test_a_process_that_cannot_be_had_is_done_without(archive: Path, tmp_path: Path,
                                                      monkeypatch: pytest.MonkeyPatch) -> None:
    def none(_: object) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(workers.Workers, "_started", none)
    assert archived(archive, tmp_path / "out", "--jobs=2") == 0
    assert tables(tmp_path / "out")["captures"].total() == 14


@pytest.mark.usefixtures("packaged")
def test_processes_may_be_started_anew(archive: Path, tmp_path: Path) -> None:
    command = program(tmp_path, "raise LookupError('seven')")
    text = (tmp_path / "program.py").read_text("utf-8").replace(
        "if __name__", "from httplint.jobs import workers\nworkers._may_fork = lambda: False\nif __name__")
    (tmp_path / "program.py").write_text(text, "utf-8")
    done = subprocess.run([*command, "archive", str(archive), "--out", str(tmp_path / "out"), "--isolated", "--jobs=2"],
                          capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    found = tables(tmp_path / "out")
    assert found["captures"].total() == 14
    lost, = (row for row in found["dead_letters"] if row[1] == "lost")
    assert "LookupError: seven" in lost[5]


@pytest.mark.parametrize("jobs", [1, 2, 8])
@pytest.mark.parametrize("sizes", [
    [10] * 5000, [100 * MB] * 7 + [1] * 10, [1, 2 * MB, 900 * MB, 3], [None] * 30, [0], []])
def test_each_capture_is_in_one_chunk(jobs: int, sizes: list[int | None]) -> None:
    captures = [Capture(f"{number}.har", size) for number, size in enumerate(sizes)]
    chunks = list(planned(captures, jobs))
    assert sorted(one for chunk in chunks for one in chunk.captures) == sorted(captures)
    for chunk in chunks:
        assert 0 < len(chunk.captures) <= local.CHUNK_CAPTURES
        assert sum(one.octets or 0 for one in chunk.captures[:-1]) < local.CHUNK_OCTETS


def test_captures_that_take_long_come_first_and_chunks_become_small() -> None:
    captures = [Capture(f"{number}.warc", 4 * MB) for number in range(200)] + [Capture("z.warc", 800 * MB)]
    chunks = list(planned(captures, 2))
    assert chunks[0].captures == (captures[-1],)
    sizes = [sum(one.octets or 0 for one in chunk.captures) for chunk in chunks[1:]]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > 20 * sizes[-1] > 0


@pytest.mark.parametrize("count", [1, 2, 5, 40])
@pytest.mark.parametrize("received", [0, 1, 2, 3])
def test_a_chunk_of_which_a_process_died_becomes_smaller_ones(count: int, received: int) -> None:
    captures = tuple(Capture(f"{number}", MB // 4) for number in range(count))
    groups = len(list(local._groups(captures)))
    pieces = list(local._pieces(Chunk(captures), min(received, groups)))
    assert [one for piece in pieces for one in piece.captures] == list(captures)
    if count > 1:
        assert all(len(piece.captures) < count for piece in pieces)
    else:
        assert pieces == [Chunk(captures, 1)]
    if received < groups and count > 1:
        suspects = list(local._groups(captures))[received]
        assert all(Chunk((one,)) in pieces for one in suspects)

