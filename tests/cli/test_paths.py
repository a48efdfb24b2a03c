"""Paths that are patterns, addresses, or directories without captures."""
from __future__ import annotations

import io
import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from har_maker import entry, har_of, write

from httplint.capture.patterns import matching
from httplint.cli.main import run


@pytest.fixture(autouse=True)
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """har/ with captures at several depths, hidden ones too, and links round in a circle."""
    monkeypatch.chdir(tmp_path)
    for name in ("har/a.har", "har/b.har", "har/sub/c.har", "har/sub/deep/d.har", "har/.hidden/e.har", "har/.f.har",
                 "har/[ab].har", "har/notes.txt", "other/g.har"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, har_of(entry(response={"status": 200})))
    (tmp_path / "har" / "sub" / "round").symlink_to(tmp_path / "har", target_is_directory=True)
    (tmp_path / "har" / "round").symlink_to(tmp_path / "har", target_is_directory=True)
    return tmp_path


@pytest.mark.parametrize(("pattern", "wanted"), [
    ("har/*.har", ["har/[ab].har", "har/a.har", "har/b.har"]),
    ("har/?.har", ["har/a.har", "har/b.har"]),
    ("har/[!a].har", ["har/b.har"]),
    ("har/[a-b].har", ["har/a.har", "har/b.har"]),
    ("har/**/*.har", ["har/[ab].har", "har/a.har", "har/b.har", "har/sub/c.har", "har/sub/deep/d.har"]),
    ("**/d.har", ["har/sub/deep/d.har"]),
    ("**/sub/**/*.har", ["har/sub/c.har", "har/sub/deep/d.har"]),
    ("**/**/c.har", ["har/sub/c.har"]),
    ("har/sub/**", ["har/sub/c.har", "har/sub/deep/d.har"]),
    ("har/**/deep/*", ["har/sub/deep/d.har"]),
    ("har/.*.har", ["har/.f.har"]),
    ("har/.h*/*", ["har/.hidden/e.har"]),
    ("*/[c-g].har", ["other/g.har"]),
    ("./o*/g.har", ["./other/g.har"]),
    ("har/su*", ["har/sub"]),
    ("har/*.HAR", []),
    ("nowhere/*.har", []),
    ("har/a.har/*", []),
    ("[", []),
])
def test_patterns(pattern: str, wanted: list[str]) -> None:
    assert matching(pattern) == wanted


@pytest.mark.parametrize("pattern", ["har/*.har", "har/?.har", "har/[a-b].har", "**/*.har", "*/sub/*", "har/.*.har",
                                     "*/*/*.har", "**/sub/*.har", "*", "har/**/deep/*"])
def test_bash_says_the_same(pattern: str, directory: Path) -> None:
    """With its option globstar, but for directories beside `**`, which it names as well."""
    if (bash := shutil.which("bash")) is None:
        pytest.skip("bash is not installed")
    said = subprocess.run([bash, "-O", "globstar", "-c", f"printf '%s\\n' {pattern}"], check=True, capture_output=True,
                          encoding="utf-8", env={**os.environ, "LC_ALL": "C"}).stdout.splitlines()
    assert matching(pattern) == sorted(path for path in said if "**" not in pattern or not os.path.isdir(path))


def test_no_directory_is_looked_into_again_for_each_one_above_it(
        directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (directory / "deep" / "/".join("d" * 40)).mkdir(parents=True)
    looked: list[str] = []
    scandir = os.scandir

    def counted(path: str) -> Any:
        looked.append(path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", counted)
    assert matching("deep/**/**/**/*.har") == []
    assert len(looked) == 3 * 41


def test_an_absolute_pattern(directory: Path) -> None:
    assert matching(f"{directory}/other/*.har") == [f"{directory}/other/g.har"]
    assert matching(f"{directory}/**/g.har") == [f"{directory}/other/g.har"]


def summary(capsys: pytest.CaptureFixture[str], code: int, *words: str) -> dict[str, Any]:
    assert run(["check", *words, "--output-format", "json", "--isolated", "--fail-on", "never"]) == code
    found: dict[str, Any] = json.loads(capsys.readouterr().out)["summary"]
    return found


def test_check_takes_patterns(capsys: pytest.CaptureFixture[str]) -> None:
    assert summary(capsys, 0, "har/**/*.har")["files"] == 5
    assert summary(capsys, 0, "har/*.har", "other/g*")["files"] == 4


def test_a_path_that_is_there_is_no_pattern(capsys: pytest.CaptureFixture[str]) -> None:
    assert summary(capsys, 0, "har/[ab].har")["files"] == 1
    Path("har/[ab].har").unlink()
    assert summary(capsys, 0, "har/[ab].har")["files"] == 2


def test_a_pattern_that_matches_nothing_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "har/*.warc", "other"]) == 2
    assert "har/*.warc: there is no such file, nor one that the pattern matches" in capsys.readouterr().err


def test_what_is_missing_keeps_nothing_from_being_linted(capsys: pytest.CaptureFixture[str]) -> None:
    found = summary(capsys, 2, "nowhere.har", "har/*.warc", "har/a.har", "http://localhost:8000/")
    assert found["files"] == 1
    assert found["entries"]["linted"] == 1
    assert [(problem["path"], problem["cause"]) for problem in found["problems"]] == [
        ("har/*.warc", "there is no such file, nor one that the pattern matches"),
        ("http://localhost:8000/", "no such file or directory; to ask the server: httplint fetch http://localhost:8000/"),
        ("nowhere.har", "no such file or directory")]


def test_a_pipe_that_a_pattern_matches_is_passed_over(capsys: pytest.CaptureFixture[str]) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("there are no pipes with names")
    os.mkfifo("other/p.har")
    assert summary(capsys, 0, "other/*")["notes"] == [
        "other/p.har was passed over: it is a pipe, which may never end; name it to have it read"]


@pytest.mark.parametrize(("path", "url"), [
    ("https://shop.example/a?b=c", "'https://shop.example/a?b=c'"),
    ("http://localhost:8000/", "http://localhost:8000/"),
    ("shop.example", "https://shop.example"),
    ("shop.example/items", "https://shop.example/items"),
    ("localhost", "http://localhost"),
    ("127.0.0.1:8000/x", "http://127.0.0.1:8000/x"),
    ("[::1]:8000", "'http://[::1]:8000'"),
    ("api.shop.example:8443", "http://api.shop.example:8443"),
])
def test_an_address_belongs_to_fetch(path: str, url: str, capsys: pytest.CaptureFixture[str]) -> None:
    for verb in (["check"], ["baseline", "create"]):
        assert run([*verb, path]) == 2
        assert f"; to ask the server: httplint fetch {url}\n" in capsys.readouterr().err


@pytest.mark.parametrize("path", ["s3://crawl/in/", "gs://crawl/a.har", "s3://crawl/*.har"])
def test_what_is_stored_elsewhere_belongs_to_archive(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", path]) == 2
    told = f"; to lint what is stored there: httplint archive {shlex.quote(path)} --out DIR\n"
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("path", ["missing.har", "result.json", "traffic.txt", "har/missing", "missing", "a b.example",
                                  "missing.warc.gz", "curl.log"])
def test_what_is_no_address_is_missing(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", path]) == 2
    error = capsys.readouterr().err
    assert f"{path}: no such file or directory\n" in error
    assert "fetch" not in error


def test_a_file_that_looks_like_an_address_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy("har/a.har", "shop.example")
    assert summary(capsys, 0, "shop.example")["files"] == 1


def test_a_directory_without_captures_says_what_was_looked_for(capsys: pytest.CaptureFixture[str]) -> None:
    os.mkdir("empty")
    assert run(["check", "empty"]) == 3
    error = capsys.readouterr().err
    assert error.startswith("httplint: empty was passed over: there are no files in it; a capture ends with .")
    assert all(part in error for part in (".flow", ".har.gz", ".saz", "Name a file to have it read", "httplint fetch"))
    os.mkdir("empty/below")
    for name in ("x.txt", "below/y.json"):
        Path("empty", name).write_text("{}", "utf-8")
    assert run(["check", "empty"]) == 3
    assert "empty was passed over: of 2 files in it or below, none ends with ." in capsys.readouterr().err
    found = summary(capsys, 0, "empty", "other")
    assert len(found["notes"]) == 1
    assert found["files"] == 1


def test_what_is_said_beside_fits_the_terminal(monkeypatch: pytest.MonkeyPatch,
                                               capsys: pytest.CaptureFixture[str]) -> None:
    os.mkdir("empty")
    assert run(["check", "empty", "--isolated"]) == 3
    whole = capsys.readouterr().err
    assert whole.count("\n") == 1
    terminal = io.StringIO()
    terminal.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("COLUMNS", "60")
    assert run(["check", "empty", "--isolated"]) == 3
    lines = terminal.getvalue().splitlines()
    assert len(lines) > 3
    assert max(map(len, lines)) <= 60
    assert " ".join(terminal.getvalue().split()) == whole.strip()
