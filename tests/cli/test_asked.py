"""What a result tells of what was asked for: the command line again, without secrets and what makes no difference."""
from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
from har_maker import entry, har_of, write

from httplint.cli.main import run


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    """The command that a result of `check` tells."""
    run(["check", *arguments, "--output-format", "json"])
    command: str = json.loads(capsys.readouterr().out)["summary"]["command"]
    return shlex.split(command)


@pytest.fixture(autouse=True)
def captures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a b.har", "c.har"):
        write(tmp_path / name, har_of(entry(text="x")))


def test_what_bears_on_the_findings_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    asked = ["--select", "405,206", "--isolated", "--profile", "strict"]
    assert told(capsys, "c.har", str(tmp_path / "a b.har"), *asked) == [
        "httplint", "check", "a b.har", "c.har", "--profile", "strict", "--select", "405,206", "--isolated"]
    asked = ["--severity", "warning", "--confidence", "high", "--fail-on", "never"]
    assert told(capsys, "c.har", *asked) == ["httplint", "check", "c.har", *asked]


def test_what_makes_no_difference_is_not(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    plain = told(capsys, "c.har", "--isolated")
    assert plain == ["httplint", "check", "c.har", "--isolated"]
    assert told(capsys, "c.har", "--isolated", "--jobs", "2", "--no-progress", "--color", "never", "--severity", "info",
                "--confidence", "low", "--output", f"jsonl:{tmp_path / 'x.jsonl'}") == plain


def test_secrets_of_paths_are_masked(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    name = "token=geheim0123456789abcdef.har"
    write(tmp_path / name, har_of(entry(text="x")))
    assert "geheim" not in " ".join(told(capsys, name, "--isolated"))


def test_reports_of_a_result_tell_the_command_of_the_run(capsys: pytest.CaptureFixture[str]) -> None:
    run(["check", "c.har", "--isolated", "--output", "json:result.json"])
    capsys.readouterr()
    run(["report", "--from", "result.json", "--output-format", "json"])
    assert json.loads(capsys.readouterr().out)["summary"]["command"] == "httplint check c.har --isolated"
