"""`httplint completion`: scripts, run in the shells they are for."""
from __future__ import annotations

import os
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from httplint.cli.main import run
from httplint.model import installation

pytestmark = pytest.mark.usefixtures("packaged")

pytest.importorskip("shtab", reason="the extra completion is not installed")

BASH = """\
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 )); COMPREPLY=()
"$(complete -p httplint | sed 's/.* -F \\([^ ]*\\) .*/\\1/')" 2>/dev/null
printf '%s\\n' "${COMPREPLY[@]}"
"""

CASES = [
    (["ch"], {"check"}, set()),
    ([""], {"check", "fetch", "explain", "rules", "baseline", "init", "completion"}, {"create"}),
    (["check", "--sel"], {"--select"}, {"--severity"}),
    (["check", "--fail-on", "w"], {"warning"}, {"error"}),
    (["baseline", ""], {"create", "update", "check"}, {"explain"}),
    (["baseline", "update", "--a"], {"--add"}, {"--force"}),
    (["explain", "405.allow-m"], {"405.allow-missing"}, {"404.allow-missing"}),
    (["check", "a.har", "--select", "405.allow-m"], {"405.allow-missing"}, set()),
    (["archive", "tra"], {"traffic.har"}, {"other.har"}),
    (["archive", "--o"], {"--out"}, {"--output"}),
    (["check", "tra"], {"traffic.har"}, {"other.har"}),
]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """One in which the command is found, and whose working directory has captures."""
    command = tmp_path / "bin" / "httplint"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m httplint "$@"\n', "utf-8")
    command.chmod(0o755)
    for name in ("traffic.har", "other.har"):
        (tmp_path / name).touch()
    return os.environ | {"PATH": f"{command.parent}{os.pathsep}{os.environ['PATH']}", "HOME": str(tmp_path)}


def script(shell: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    assert run(["completion", shell]) == 0
    path = tmp_path / f"httplint.{shell}"
    path.write_text(capsys.readouterr().out, "utf-8")
    return str(path)


def found(shell: str) -> str:
    path = shutil.which(shell)
    if path is None:
        pytest.skip(f"{shell} is not installed")
    return path


def ended(environment: dict[str, str], *command: str) -> str:
    done = subprocess.run(command, env=environment, cwd=environment["HOME"], capture_output=True, encoding="utf-8",
                          timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_bash_completes(tmp_path: Path, environment: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    bash, path = found("bash"), script("bash", tmp_path, capsys)
    cases = [*CASES, (["check", "a.har", "--ignore", "304,405.allow-m"], {"304,405.allow-missing"}, set())]
    for words, offered, others in cases:
        out = ended(environment, bash, "--norc", "-c", BASH, "bash", path, "httplint", *words).splitlines()
        assert set(out) >= offered, words
        assert not set(out) & others, words


def test_fish_completes(tmp_path: Path, environment: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    fish, path = found("fish"), script("fish", tmp_path, capsys)
    for words, offered, others in CASES:
        line = " ".join(["httplint", *words])
        out = {one.partition("\t")[0] for one in ended(
            environment, fish, "--no-config", "-c", f"source '{path}'; complete -C '{line}'").splitlines()}
        assert out >= offered, words
        assert not out & others, words


class Terminal:
    """A shell that somebody types into."""

    def __init__(self, environment: dict[str, str], *command: str) -> None:
        pty = pytest.importorskip("pty", reason="there are no pseudo-terminals here")
        self._pid, self._fd = pty.fork()
        if self._pid == 0:
            os.chdir(environment["HOME"])
            os.execve(command[0], list(command), environment | {"TERM": "dumb"})

    def types(self, text: str, until: str) -> str:
        """What the shell writes until something is in it, for a minute at most."""
        os.write(self._fd, text.encode())
        out, end = "", time.monotonic() + 60
        while until not in out and time.monotonic() < end:
            if select.select([self._fd], [], [], 1)[0]:
                out += os.read(self._fd, 65536).decode("utf-8", "replace")
        return out

    def close(self) -> None:
        os.close(self._fd)                                 # which hangs up
        os.waitpid(self._pid, 0)


def test_zsh_completes(tmp_path: Path, environment: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    zsh, path = found("zsh"), script("zsh", tmp_path, capsys)
    ended(environment, zsh, "-f", "-n", path)
    shell = Terminal(environment, zsh, "-f", "-i")
    try:
        loading = f"autoload -U compinit && compinit -u -D; eval \"$(cat '{path}')\"; PS1='rea''dy> '\n"
        assert "ready> " in shell.types(loading, "ready> ")
        for words, line in (("ch", "check "), ("baseline up", "baseline update "), ("check --fail-on w", "warning "),
                            ("explain 405.allow-m", "explain 405.allow-missing "),
                            ("check a.har --select 304,405.allow-m", "304,405.allow-missing"),
                            ("check tra", "check traffic.har ")):
            assert line in shell.types(f"\x15httplint {words}\t", line)    # Control-U takes the line before away
    finally:
        shell.close()


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch,
                                                     capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "shtab", None)
    assert run(["completion", "bash"]) == 2
    assert installation.command("completion") in capsys.readouterr().err
