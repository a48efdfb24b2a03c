"""The README's commands do what it says."""
from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from httplint.cli.main import parser

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def httplint(line: str, directory: Path) -> subprocess.CompletedProcess[str]:
    words = shlex.split(line)
    assert words[0] == "httplint"
    return subprocess.run([sys.executable, "-m", *words], cwd=directory, capture_output=True, text=True, check=False)


def test_the_sample_is_what_the_command_prints() -> None:
    command = re.search(r"^    \$ (httplint check .*)$", README, re.M)
    sample = re.search(r"<!-- sample -->\n(.*?)<!-- /sample -->", README, re.S)
    assert command
    assert sample
    shown = "".join(line.removeprefix("    ") for line in sample[1].splitlines(keepends=True)).strip("\n")
    assert shown
    printed = httplint(command[1], ROOT).stdout
    beginning, _, end = shown.partition("\n…\n")
    assert printed.startswith(beginning)
    assert printed.rstrip("\n").endswith(end.strip("\n"))


@pytest.mark.parametrize("line", [line.strip().partition("#")[0].strip() for line in README.splitlines()
                                  if line.startswith("    httplint ")])
def test_each_command_runs(line: str, tmp_path: Path) -> None:
    if line.split()[1] in ("fetch", "proxy"):               # these would ask a host that is not ours
        assert parser().parse_args(shlex.split(line)[1:]).verb == line.split()[1]
        return
    har = ROOT / "fixtures" / "har" / "mitmproxy-application-violating-4xx-5xx.har"
    (tmp_path / "site.har").write_bytes(har.read_bytes())
    (tmp_path / "my-rules").mkdir()
    command, _, target = line.partition(" > ")
    if "my-rules" in command:
        new = httplint("httplint rules new house.request-id-missing", tmp_path)
        (tmp_path / "my-rules" / "house.toml").write_text(new.stdout, "utf-8")
    done = httplint(command, tmp_path)
    assert done.returncode in (0, 1), done.stderr
    assert done.stdout
    assert not done.stderr
    assert not target or done.stdout.startswith("[[rule]]")


def test_the_program_runs() -> None:
    code = re.search(r"^    from httplint import .*?(?=^`lint)", README, re.M | re.S)
    assert code
    program = "\n".join(line.removeprefix("    ") for line in code[0].splitlines())
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "error 405.allow-missing " in done.stdout
