"""The README's commands do what it says."""
from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from httplint.cli.main import parser
from httplint.library import built_in_rules

pytestmark = pytest.mark.usefixtures("packaged")

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def httplint(line: str, directory: Path) -> subprocess.CompletedProcess[str]:
    words = shlex.split(line)
    assert words[0] == "httplint"
    return subprocess.run([sys.executable, "-m", *words], cwd=directory, capture_output=True, encoding="utf-8",
                          check=False)


def test_the_sample_is_what_the_command_prints() -> None:
    command = re.search(r"^    \$ (httplint check .*)$", README, re.M)
    sample = re.search(r"<!-- sample -->\n(.*?)<!-- /sample -->", README, re.S)
    assert command
    assert sample
    shown = "".join(line.removeprefix("    ") for line in sample[1].splitlines(keepends=True)).strip("\n")
    assert shown
    printed = httplint(command[1], ROOT).stdout
    *parts, end = (part.strip("\n") for part in re.split(r"^…$", shown, flags=re.M))
    assert any(parts)
    for part in filter(None, parts):
        before, found, printed = printed.partition(part)
        assert found == part
        assert not before or before.endswith("\n\n")
    assert printed.strip("\n").endswith(f"\n{end}")


def test_the_commands_do_what_is_said_of_them(tmp_path: Path) -> None:
    """In their order, in one directory, as somebody types them who reads from the top to the end."""
    har = ROOT / "fixtures" / "har" / "mitmproxy-application-violating-4xx-5xx.har"
    for name in ("site.har", "har/site.har"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(har.read_bytes())
    (tmp_path / "my-rules").mkdir()
    lines = [line.strip() for line in README.splitlines() if line.startswith("    httplint ")]
    assert lines
    for line in lines:
        command, _, comment = (part.strip() for part in line.partition("#"))
        if command.split()[1] in ("fetch", "probe", "proxy"):      # these would ask a host that is not ours
            assert parser().parse_args(shlex.split(command)[1:]).verb == command.split()[1]
            continue
        command, _, target = command.partition(" > ")
        done = httplint(command, tmp_path)
        said = re.match(r"exit status (\d)", comment)
        assert done.returncode == (int(said[1]) if said else 0), f"{line}\n{done.stderr}"
        assert done.stdout, line
        assert not done.stderr, line
        if target:
            (tmp_path / target).write_text(done.stdout, "utf-8")


def test_the_figures_are_those_of_the_catalogue() -> None:
    lines = httplint("httplint rules coverage", ROOT).stdout.splitlines()
    definite, with_rules, with_reason = next(line.split()[6:9] for line in lines if line.startswith("all "))
    text = " ".join(README.split())
    assert f"{definite} are such that a capture can prove a breach" in text
    assert f"{with_rules} of them have rules, the other {with_reason} a reason" in text
    about = re.search(r"some (\d+) rules", text)
    assert about
    assert abs(int(about[1]) - len(built_in_rules())) <= 15


def test_what_it_links_to_is_there() -> None:
    targets = [target for target in re.findall(r"\]\(([^)]+)\)", README) if not target.startswith("https://")]
    assert targets
    for target in targets:
        assert (ROOT / target).is_file(), target
        assert not target.endswith(".png") or (ROOT / target).stat().st_size < 200_000


def test_the_program_runs() -> None:
    code = re.search(r"^    from httplint import .*?(?=^`lint)", README, re.M | re.S)
    assert code
    program = "\n".join(line.removeprefix("    ") for line in code[0].splitlines())
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    assert "error 405.allow-missing " in done.stdout
