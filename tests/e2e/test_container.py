"""Containerfile: its form, and that what it names is there. (Nothing here can fetch an image; its steps are shell.)"""
from __future__ import annotations

import fnmatch
import json
import re
import shlex
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
INSTRUCTIONS = [(name, rest) for name, _, rest in (
    line.partition(" ") for line in re.sub(r"\\\n\s*", "", (ROOT / "Containerfile").read_text("utf-8")).splitlines()
    if line and not line.startswith("#"))]
STAGES = [number for number, (name, _) in enumerate(INSTRUCTIONS) if name == "FROM"]
BUILD, IMAGE = INSTRUCTIONS[:STAGES[-1]], INSTRUCTIONS[STAGES[-1]:]
RUNS = [rest for name, rest in INSTRUCTIONS if name == "RUN"]


def only(stage: list[tuple[str, str]], wanted: str) -> str:
    found, = (rest for name, rest in stage if name == wanted)
    return found


def test_there_are_two_stages_of_one_base() -> None:
    bases = [rest.partition(" AS ")[0] for name, rest in INSTRUCTIONS if name == "FROM"]
    assert len(bases) == 2
    assert len(set(bases)) == 1
    assert re.fullmatch(r"docker\.io/library/python:3\.1\d-slim-\w+", bases[0])
    assert {name for name, _ in INSTRUCTIONS} == {"FROM", "WORKDIR", "COPY", "RUN", "USER", "ENTRYPOINT", "CMD"}


def test_the_image_has_what_was_built_and_no_more() -> None:
    stage, source, target = only(IMAGE, "COPY").split()
    assert stage == f"--from={only(BUILD, 'FROM').partition(' AS ')[2]}"
    assert source == target
    assert not any(name == "RUN" for name, _ in IMAGE)
    assert json.loads(only(IMAGE, "ENTRYPOINT")) == [f"{target}/bin/httplint"]
    assert any(f"venv {target}" in run for run in RUNS)


def test_it_runs_without_root() -> None:
    user = re.fullmatch(r"(\d+):(\d+)", only(IMAGE, "USER"))   # by number, as Kubernetes wants it to tell
    assert user is not None
    assert int(user[1]) > 1000
    assert [name for name, _ in IMAGE].index("USER") < [name for name, _ in IMAGE].index("ENTRYPOINT")


def test_all_packages_are_pinned_and_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    pinned = set(re.findall(r"(?m)^([\w-]+)==", (ROOT / "tools" / "constraints.txt").read_text("utf-8")))
    installs = [run for run in RUNS if re.search(r"pip install", run)]
    assert len(installs) == 2
    assert all("-c tools/constraints.txt" in run and "--no-cache-dir" in run for run in installs)
    tools = set(installs[0].partition("constraints.txt ")[2].split())
    assert tools == {re.split("[>=]", one)[0] for one in project["build-system"]["requires"]}
    assert tools <= pinned
    extras = re.search(r"\[([\w,]+)\]", installs[1])
    assert extras is not None
    assert set(extras[1].split(",")) <= project["project"]["optional-dependencies"].keys()


def test_what_is_copied_is_there_and_not_ignored() -> None:
    sources = [source for name, rest in BUILD if name == "COPY" for source in rest.split()[:-1]]
    rules = [line for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line and line[0] != "#"]
    assert rules[0] == "*"
    assert {rule[1:] for rule in rules if rule.startswith("!")} == set(sources)
    assert all((ROOT / source).exists() for source in sources)
    for source in sources:
        assert not any(fnmatch.fnmatch(source, rule) for rule in rules[1:] if not rule.startswith("!"))


def test_what_the_build_reads_is_copied() -> None:
    sources = {source for name, rest in BUILD if name == "COPY" for source in rest.split()[:-1]}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    needs = {project["project"]["readme"], *project["project"]["license-files"], "rules", "pyproject.toml"}
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    needs |= {wheel["hooks"]["custom"]["path"].split("/")[0], *(name.split("/")[0] for name in wheel["packages"])}
    assert needs == sources


@pytest.mark.parametrize("run", RUNS)
def test_the_steps_are_shell(run: str) -> None:
    assert subprocess.run(["sh", "-n", "-c", run], check=False).returncode == 0
    assert all(word.startswith("/") or word == "python" for word in re.findall(r"(?:^|&& )(\S+)", run))


def test_the_guide_says_how_it_is_used() -> None:
    guide = (ROOT / "docs" / "guides" / "ci.md").read_text("utf-8")
    commands = [shlex.split(line, comments=True) for line in guide.splitlines() if line.startswith("podman ")]
    assert [command[1] for command in commands] == ["build", "run", "run"]
    assert "./httplint/Containerfile" in commands[0]
    for command in commands[1:]:
        assert command[command.index("-v") + 1].startswith(f"$PWD:{IMAGE[-3][1]}")
