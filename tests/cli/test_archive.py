"""`httplint archive`: what it says, what it takes, and how it ends."""
from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from har_maker import entry, har_of

from httplint.cli.main import run
from httplint.report.masker import Masker

SECRET = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N"


@pytest.fixture(autouse=True)
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory; `hars` in it has two captures, one of them cut off, and something else."""
    monkeypatch.chdir(tmp_path)
    Path("hars").mkdir()
    answered = har_of(entry(response={"status": 405}), entry(response={"status": 200}))
    Path("hars/a.har").write_text(json.dumps(answered), "utf-8")
    Path("hars/b.har").write_text(json.dumps(answered)[:-40], "utf-8")
    Path("hars/notes.txt").write_text("not a capture", "utf-8")
    return tmp_path


def rows(table: str, columns: str = "*") -> list[tuple[object, ...]]:
    return duckdb.sql(f"select {columns} from 'out/parts/*/{table}.parquet' order by all").fetchall()


def test_it_says_what_was_done_and_what_comes_next(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["archive", "hars", "--out", "out", "--isolated"]) == 0
    out, err = capsys.readouterr()
    found = len(rows("findings"))                        # all are errors
    errors = sum(severity == "error" for severity, in rows("findings", "severity"))
    assert out.startswith(f"2 captures: 3 responses linted, {found} findings ({errors} errors)\n")
    assert out.splitlines()[1:] == [
        "could not be read or judged: 1 broken (the table dead_letters says why)",
        "the tables are there; next: httplint archive report out"]
    assert err == ""
    assert run(["archive", "hars", "--out", "out", "--isolated"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "passed over, for their rows are there: 2 captures",
        "the tables are there; next: httplint archive report out"]
    assert rows("captures", "capture, outcome, entries") == [("hars/a.har", "whole", 2), ("hars/b.har", "partial", 1)]


def test_what_is_broken_may_be_done_again(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["archive", "hars", "--out", "out", "--isolated"]) == 0
    before = rows("findings", "* exclude (started)"), rows("responses"), rows("captures", "* exclude (cpu)")
    assert run(["archive", "hars", "--out", "out", "--isolated", "--again"]) == 0
    assert "passed over, for their rows are there: 1 capture\n" in capsys.readouterr().out
    assert (rows("findings", "* exclude (started)"), rows("responses"), rows("captures", "* exclude (cpu)")) == before
    assert len(rows("dead_letters")) == 1
    shutil.copy("hars/a.har", "hars/b.har")
    assert run(["archive", "hars", "--out", "out", "--isolated", "--again"]) == 0
    assert rows("captures", "capture, outcome, entries") == [("hars/a.har", "whole", 2), ("hars/b.har", "whole", 2)]
    assert not list(Path("out").glob("parts/*/dead_letters.parquet"))
    assert os.listdir("out/unfinished") == []


def test_a_directory_does_not_hold_captures_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        assert run(["archive", ".", "--out", "out", "--isolated"]) == 0
    assert [name for name, in rows("captures", "capture")] == ["./hars/a.har", "./hars/b.har"]
    capsys.readouterr()
    assert run(["archive", "out", "--out", "other", "--isolated"]) == 3
    assert "there are no captures to lint" in capsys.readouterr().err
    assert not Path("other").exists()


def test_a_path_may_be_written_otherwise(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["archive", "hars", "--out", "out", "--isolated", "-q"]) == 0
    assert run(["archive", "./hars//", "hars/../hars/a.har", "--out", "out", "--isolated"]) == 0
    assert capsys.readouterr().out.startswith("passed over, for their rows are there: 2 captures\n")


def test_what_is_not_there_is_told_and_the_rest_is_done(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["archive", "hars/a.har", "nowhere.har", "--out", "out", "--isolated"]) == 2
    out, err = capsys.readouterr()
    assert err == "httplint: nowhere.har: no such file or directory\n"
    assert out.startswith("1 capture: 2 responses linted")
    assert run(["archive", "nowhere.har", "--out", "other", "--isolated"]) == 2
    assert not Path("other").exists()


@pytest.mark.parametrize(("words", "said"), [
    (["--out", "s3://bucket/out"], "--out wants a directory of this machine, got 's3://bucket/out'"),
    (["--out", "hars/a.har"], "hars/a.har is no directory"),
    (["--out", "hars"], "hars holds other files, and no archive.json"),
    (["--out", "out", "--select", "999"], "no rule"),
    (["--out", "out", "--config", "nowhere.toml"], "nowhere.toml")])
def test_what_cannot_be_is_told(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["archive", "hars", *words]) == 2
    out, err = capsys.readouterr()
    assert (out, said in err) == ("", True), err
    assert sorted(os.listdir("hars")) == ["a.har", "b.har", "notes.txt"]


def test_rows_of_other_rules_are_not_mixed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["archive", "hars", "--out", "out", "--isolated", "-q"]) == 0
    assert run(["archive", "hars", "--out", "out", "--isolated", "--select", "405"]) == 2
    assert "out has rows that were made with other rules; run with the same, or name another directory" in (
        capsys.readouterr().err)
    assert run(["archive", "hars", "--out", "out", "--isolated", "--show-secrets"]) == 2
    assert "with other secrets (masked, now shown)" in capsys.readouterr().err


def test_a_configuration_holds_but_for_its_baseline(capsys: pytest.CaptureFixture[str]) -> None:
    Path("httplint.toml").write_text(
        'baseline = "known.json"\n[level]\n"405" = "info"\n[[waiver]]\nrule = "date"\nreason = "known"\n', "utf-8")
    Path("known.json").write_text("{}", "utf-8")
    assert run(["archive", "hars", "--out", "out"]) == 0
    assert "the baseline of the configuration is not applied" in capsys.readouterr().err
    assert ("405.allow-missing", "info", None) in rows("findings", "rule, severity, suppressed")
    assert run(["archive", "hars", "--out", "out", "--isolated"]) == 2
    assert "with other level, waiver;" in capsys.readouterr().err


def test_secrets_are_masked_in_names_and_in_rows(capsys: pytest.CaptureFixture[str]) -> None:
    har = json.loads(Path("hars/a.har").read_text("utf-8"))
    har["log"]["entries"][0]["response"]["headers"].append({"name": "Content-Type", "value": SECRET})
    name = f"hars/token={SECRET}.har"
    Path(name).write_text(json.dumps(har), "utf-8")
    assert Masker().path(name) != name
    for expected in ("3 captures: ", "their rows are there: 3 captures"):
        assert run(["archive", "hars", "--out", "out", "--isolated"]) == 0
        assert expected in capsys.readouterr().out
    for path in Path("out").rglob("*"):
        assert SECRET not in str(path)
        assert path.is_dir() or SECRET.encode() not in path.read_bytes()


def test_a_missing_package_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert run(["archive", "hars", "--out", "out"]) == 2
    err = capsys.readouterr().err
    assert err.startswith("httplint: archives need pyarrow: pip install ")
    assert "[archive]" in err
    assert not Path("out").exists()


def bounded() -> None:
    """Files may have few octets: as on a disk that is full."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))


@pytest.mark.usefixtures("packaged")
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_disk_that_is_full_ends_the_run_and_leaves_no_half(jobs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")     # which would be cut off, too
    ended = subprocess.run([sys.executable, "-m", "httplint", "archive", "hars", "--out", "out", "--isolated",
                            f"--jobs={jobs}"], capture_output=True, text=True, check=False, preexec_fn=bounded)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("httplint: out/")
    assert ended.stderr.endswith("cannot be written: File too large\n")
    assert os.listdir("out/parts") == os.listdir("out/unfinished") == []
    assert run(["archive", "hars", "--out", "out", "--isolated"]) == 0


def test_report_is_a_word_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run(["archive", "report", "--help"])
    assert capsys.readouterr().out.startswith("usage: httplint archive report ")
    shutil.copytree("hars", "report")
    assert run(["archive", "./report", "--out", "out", "--isolated"]) == 0


def test_kinds_of_dead_letters_are_told_in_one_order(capsys: pytest.CaptureFixture[str]) -> None:
    Path("hars/c.har").write_bytes(b"")
    assert run(["archive", "hars", "--out", "out", "--isolated"]) == 0
    assert "could not be read or judged: 1 unreadable, 1 broken (" in capsys.readouterr().out


@pytest.mark.usefixtures("packaged")
def test_nothing_of_it_is_loaded_for_a_check() -> None:
    program = ("import sys; from httplint.cli.main import run; run([*sys.argv[1:], '--isolated']); "
               "print(sorted({'pyarrow', 'duckdb', 'fsspec', 'httplint.archive'} & set(sys.modules)), file=sys.stderr)")

    def loaded(*arguments: str) -> str:
        return subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True,
                              check=True).stderr.splitlines()[-1]

    assert loaded("check", "hars/a.har") == "[]"
    assert loaded("archive", "hars/a.har", "--out", "out", "--jobs=1") == "['httplint.archive', 'pyarrow']"
