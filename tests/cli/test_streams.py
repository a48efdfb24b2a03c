"""Standard streams that are closed, full, or lose their reader; pipes, and files that are cut off meanwhile."""
from __future__ import annotations

import gzip
import io
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from har_maker import entry, har_of

from httplint.capture import files
from httplint.capture.files import PassedOver
from httplint.cli.main import run
from httplint.model import unfinished
from httplint.report import result
from httplint.report.result import Result, ResultError

pytestmark = [pytest.mark.skipif(os.name == "nt", reason="pipes and devices as POSIX has them"),
              pytest.mark.usefixtures("packaged")]

ANSWER = b"HTTP/1.1 405 Method Not Allowed\r\nDate: Tue, 01 Jul 2025 12:00:00 GMT\r\nContent-Length: 0\r\n\r\n"
ONLY = ["--select", "405.allow-missing", "--isolated"]


def shell(command: str, **names: object) -> subprocess.CompletedProcess[str]:
    """What a command does in bash, where $httplint is ours."""
    return subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, encoding="utf-8", timeout=120,
                          check=False, env={**os.environ, "httplint": f"{sys.executable} -m httplint",
                                            **{name: str(value) for name, value in names.items()}})


LIGHT = ["--help", "--version", "check --help", "rules functions", "config schema"]


@pytest.mark.parametrize("verb", LIGHT)
def test_what_cannot_be_written_is_said_without_a_traceback(verb: str) -> None:
    for to, told in ((">/dev/full", "httplint: standard output cannot be written: No space left on device\n"),
                     (">&-", "httplint: standard output cannot be written: Bad file descriptor\n"),
                     (">/dev/full 2>/dev/full", ""), (">&- 2>&- <&-", "")):
        done = shell(f"$httplint {verb} {to}")
        assert (done.returncode, done.stderr) == (2, told), to
    done = shell(f"$httplint {verb} | true")
    assert (done.returncode in (0, 2), done.stderr) == (True, "")
    assert shell(f"$httplint {verb} 2>&- <&-").returncode == 0


def test_findings_go_where_they_can(tmp_path: Path) -> None:
    (tmp_path / "a.raw").write_bytes(ANSWER)
    done = shell('cd "$there"; $httplint check a.raw - --select 405.allow-missing --isolated --statistics '
                 "--output json:/dev/full --output json:out.json >&- <&-", there=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr.splitlines() == [
        "httplint: -: cannot be read: standard input is closed",
        "httplint: /dev/full cannot be written: No space left on device",
        "httplint: standard output cannot be written: Bad file descriptor"]
    found = json.loads((tmp_path / "out.json").read_text("utf-8"))["summary"]
    assert found["findings"]["error"] == 1
    assert [problem["path"] for problem in found["problems"]] == ["-"]


def test_a_page_that_cannot_be_begun_costs_no_other_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.raw").write_bytes(ANSWER)
    for kind in ("html", "concise"):
        out = tmp_path / f"{kind}.json"
        assert run(["check", str(tmp_path / "a.raw"), *ONLY, "--output", f"{kind}:/dev/full",
                    "--output", f"json:{out}"]) == 2
        captured = capsys.readouterr()
        assert captured.err == "httplint: /dev/full cannot be written: No space left on device\n"
        assert "1 error in 1 of 1 entry" in captured.out
        assert json.loads(out.read_text("utf-8"))["summary"]["findings"]["error"] == 1


# -- pipes


@pytest.fixture
def pipe(tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Makes pipes that give these octets, piece by piece, to whoever opens them first; nobody could open them twice."""
    threads = []

    def made(*pieces: bytes, name: str = "pipe") -> str:
        path = tmp_path / name
        os.mkfifo(path)

        def give() -> None:
            try:
                with path.open("wb", buffering=0) as stream:
                    for piece in pieces:
                        stream.write(piece)
                        time.sleep(0.01)
            except BrokenPipeError:                        # not all of it was wanted
                pass

        threads.append(threading.Thread(target=give, daemon=True))
        threads[-1].start()
        return str(path)

    yield made
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive(), "a pipe was not read"


def zipped(name: str, octets: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, octets)
    return out.getvalue()


DOCUMENT = json.dumps(har_of(*[entry(response={"status": 405})] * 200)).encode()
RECORD = (b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2024-05-18T01:58:10Z\r\n"
          b"WARC-Target-URI: http://example.com/a\r\nContent-Type: application/http; msgtype=response\r\n"
          b"Content-Length: %d\r\n\r\n%s\r\n\r\n" % (len(ANSWER), ANSWER))
CURL = b"> PUT / HTTP/1.1\r\n> Host: a.example\r\n>\r\n< " + ANSWER.replace(b"\r\n", b"\r\n< ").rstrip(b"< ") + b"\r\n"

STREAMS = {
    "a HAR": (DOCUMENT, 200), "a HAR, packed": (gzip.compress(DOCUMENT), 200),
    "a HAR in a zip": (zipped("a.har", DOCUMENT), 200), "a HAR in UTF-16": (DOCUMENT.decode().encode("utf-16"), 200),
    "octets": (ANSWER, 1), "octets, packed": (gzip.compress(ANSWER), 1),
    "octets, few": (b"HTTP/1.1 405 No\r\n\r\n", 1),
    "a WARC": (RECORD, 1), "a WARC, packed": (gzip.compress(RECORD), 1),
    "a web archive": (zipped("archive/a.warc", RECORD), 1), "curl": (CURL, 1),
    "a Fiddler archive": (zipped("raw/1_s.txt", ANSWER), 1),
}


@pytest.mark.parametrize("name", STREAMS)
def test_a_pipe_is_read_like_a_file(name: str, pipe: Callable[..., str], tmp_path: Path,
                                    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    octets, number = STREAMS[name]
    (tmp_path / "file").write_bytes(octets)

    def result() -> Any:
        found = json.loads(capsys.readouterr().out.replace("/pipe", "/file").replace('"-', f'"{tmp_path}/file'))
        assert found["summary"]["entries"]["linted"] == number
        assert found["summary"].pop("command").startswith("httplint check ")
        return found

    options = ["--isolated", "--output-format", "json"]
    run(["check", str(tmp_path / "file"), *options])
    whole = result()
    run(["check", pipe(octets[:1], octets[1:3], octets[3:2000], octets[2000:]), *options])
    assert result() == whole
    begin, end = os.pipe()
    with open(begin, encoding="utf-8") as stdin, open(end, "wb") as stream:
        threading.Thread(target=lambda: (stream.write(octets), stream.close()), daemon=True).start()
        monkeypatch.setattr(sys, "stdin", stdin)
        run(["check", "-", *options])
    assert result() == whole


def test_a_zip_of_more_than_the_limit_is_not_copied_out_of_a_pipe(pipe: Callable[..., str],
                                                                  monkeypatch: pytest.MonkeyPatch,
                                                                  capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(files, "COPY_LIMIT", 1000)
    assert run(["check", pipe(zipped("a.har", DOCUMENT)), *ONLY]) == 2
    assert "out of a pipe; make a file of it first" in capsys.readouterr().err


def test_rules_configurations_baselines_and_results_come_out_of_pipes(
        pipe: Callable[..., str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capture = tmp_path / "a.raw"
    capture.write_bytes(ANSWER)
    rules = pipe(b'[[rule]]\nid = "my.rule"\ntitle = "t"\nlevel = "MUST"\nspec = "RFC 9110 \xc2\xa71"\nstatus = 405\n'
                 b'require = "\'Foo\' in response"\nmessage = "m"\nwhy = "W."\nfix = "F."\n'
                 b'bad = ["< HTTP/1.1 405 No"]\ngood = ["< HTTP/1.1 405 No\\n< Foo: a"]\n', name="rules")
    out = tmp_path / "out.json"
    assert run(["check", str(capture), "--rules", rules, "--config", pipe(b'ignore = ["4"]\n', name="config"),
                "--output", f"json:{out}"]) == 1
    assert "error[my.rule]" in capsys.readouterr().out
    assert run(["report", "--from", pipe(out.read_bytes(), name="result")]) == 0
    assert "error[my.rule]" in capsys.readouterr().out
    assert run(["baseline", "create", "--from", pipe(out.read_bytes(), name="again"), "--isolated",
                "--baseline", str(tmp_path / "known.json")]) == 0
    known = (tmp_path / "known.json").read_bytes()
    assert run(["check", str(capture), "--select", "405", "--isolated", "--baseline", pipe(known, name="known")]) == 1


@pytest.mark.parametrize("what", ["a directory", "an endless device", "not there", "no text"])
@pytest.mark.parametrize("option", ["--rules", "--config", "--baseline", "--from"])
def test_what_is_no_file_to_read_is_said(option: str, what: str, tmp_path: Path,
                                         capsys: pytest.CaptureFixture[str]) -> None:
    capture = tmp_path / "a.raw"
    capture.write_bytes(ANSWER)
    (tmp_path / "pack" / "x.toml").mkdir(parents=True)
    (tmp_path / "none").write_bytes(b"\xff\xfe\x00")
    path = {"a directory": str(tmp_path / "pack"), "an endless device": "/dev/zero", "not there": "/not/there",
            "no text": str(tmp_path / "none")}[what]
    assert run(["report", option, path] if option == "--from" else ["check", str(capture), option, path]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"httplint: {'x.toml' if (option, what) == ('--rules', 'a directory') else path}:")
    assert error.count("\n") == 1
    assert "fault" not in error


def test_a_rule_file_met_in_a_directory_is_a_regular_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(tmp_path / "x.toml")
    assert run(["rules", "test", str(tmp_path)]) == 2
    assert capsys.readouterr().err == "httplint: x.toml:1: cannot be read: it is no regular file\n"


# -- directories


def test_a_directory_is_read_around_what_is_no_capture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    below = tmp_path / "d"
    (below / "e.har" / "f").mkdir(parents=True)
    (below / "e.har" / "f" / "a.har").write_bytes(json.dumps(har_of(entry(response={"status": 405}))).encode())
    os.mkfifo(below / "p.har")
    (below / "z.har").symlink_to("/dev/zero")
    (below / "e.har" / "again").symlink_to(below)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(os.path.relpath(below / "s.har"))
        assert run(["check", str(below), *ONLY, "--output-format", "json"]) == 1
    captured = capsys.readouterr()
    summary = json.loads(captured.out)["summary"]
    assert (summary["files"], summary["entries"]["linted"], summary["problems"]) == (1, 1, [])
    words = "which may never end; name it to have it read"
    assert summary["notes"] == [f"{below}/p.har was passed over: it is a pipe, {words}",
                                f"{below}/s.har was passed over: it is a socket, {words}",
                                f"{below}/z.har was passed over: it is a device, {words}"]
    assert captured.err == "".join(f"httplint: {note}\n" for note in summary["notes"])


def test_a_directory_that_cannot_be_read_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                      capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.har").write_bytes(json.dumps(har_of(entry(response={"status": 405}))).encode())
    scandir = os.scandir

    def refusing(path: str) -> Any:                        # root may read everything
        if path.endswith("/b"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    assert run(["check", str(tmp_path), *ONLY]) == 2
    captured = capsys.readouterr()
    assert captured.err == f"httplint: {tmp_path}/b: the directory cannot be read: Permission denied\n"
    assert "2 errors in 2 of 2 entries from 2 files" in captured.out


def test_directories_may_be_nested_very_deeply(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    depth = sys.getrecursionlimit() + 100
    for _ in range(depth):
        os.mkdir("d")
        os.chdir("d")
    Path("a.har").touch()
    os.chdir(tmp_path)
    told: list[object] = []
    try:
        assert len(list(files.captures(["d"], told=told.append))) == 1
        assert told == []
    finally:                                               # what cleans up after pytest is recursive
        subprocess.run(["rm", "-r", "d"], check=True)


def test_a_file_beside_a_capture_is_a_regular_one(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "content")
    assert files.beside(str(tmp_path))("content") is None


def test_what_was_passed_over_is_said() -> None:
    assert str(PassedOver("a/p.har", "it is a pipe")) == "a/p.har was passed over: it is a pipe"


# -- results


def test_a_result_that_is_cut_off_while_it_is_read_is_read_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                                    capsys: pytest.CaptureFixture[str]) -> None:
    capture = tmp_path / "a.raw"
    capture.write_bytes(ANSWER)
    monkeypatch.setattr(result, "IN_MEMORY", 100)
    for kind in ("json", "jsonl"):
        path = tmp_path / kind
        assert run(["check", str(capture), *ONLY, "--output", f"{kind}:{path}"]) == 1
        held = Result(str(path))
        os.truncate(path, 0)
        assert [finding.rule_id for report in held.reports() for finding in report.findings] == ["405.allow-missing"]
        with pytest.raises(ResultError):
            Result(str(path))


def test_a_result_beyond_the_limit_is_not_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(result, "IN_MEMORY", 100)
    monkeypatch.setattr(result, "LIMIT", 1000)
    (tmp_path / "big").write_bytes(b"{" + b" " * 2000)
    with pytest.raises(ResultError, match="the result has more than"):
        Result(str(tmp_path / "big"))


# -- signals


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_signal_leaves_no_half_written_file(name: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.har")
    (tmp_path / "out.json").write_text("as it was", "utf-8")
    process = subprocess.Popen([sys.executable, "-m", "httplint", "check", "a.har", "--isolated", "--output",
                                "json:out.json", "--output", "html:new.html"], cwd=tmp_path, stdout=subprocess.DEVNULL)
    with (tmp_path / "a.har").open("wb") as stream:        # it waits for what comes now
        stream.write(DOCUMENT[:-50])
        stream.flush()
        for _ in range(600):
            if len(list(tmp_path.glob("*.part"))) == 2:
                break
            time.sleep(0.05)
        process.send_signal(getattr(signal, name))
        assert process.wait(60) == 128 + getattr(signal, name)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.har", "out.json"]
    assert (tmp_path / "out.json").read_text("utf-8") == "as it was"


def test_signals_are_left_alone_where_somebody_looks_after_them(tmp_path: Path) -> None:
    def own(*_: object) -> None:
        pass

    before = signal.signal(signal.SIGTERM, own)
    try:
        unfinished.begin(str(tmp_path / "x"))
        assert signal.getsignal(signal.SIGTERM) is own
        unfinished.end(str(tmp_path / "x"))
        assert signal.getsignal(signal.SIGTERM) is own
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        (tmp_path / "y").touch()
        unfinished.begin(str(tmp_path / "y"))
        assert signal.getsignal(signal.SIGTERM) is unfinished._leave
        unfinished.remove_all()
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
        assert not (tmp_path / "y").exists()
    finally:
        signal.signal(signal.SIGTERM, before)
