"""action.yml and .pre-commit-hooks.yaml: their form, and the action's scripts run as a runner of GitHub runs them."""
from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from har_maker import entry, har_of, write

from httplint.cli.main import parser

pytestmark = pytest.mark.usefixtures("packaged")

yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")

ROOT = Path(__file__).parents[2]
ACTION: Any = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
STEPS = {step.get("id"): step for step in ACTION["runs"]["steps"]}


def test_the_hook_runs_a_command_that_is_there() -> None:
    hook, = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert (hook["id"], hook["language"]) == ("httplint", "python")
    command = shlex.split(hook["entry"])
    assert command[0] == "httplint"
    assert parser().parse_args([*command[1:], "a.har", "b.har"]).paths == ["a.har", "b.har"]
    assert re.search(hook["files"], "traffic/a.har")
    assert not re.search(hook["files"], "a.har.py")


def test_what_they_install_are_extras_that_there_are() -> None:
    """Those who lint cassettes cannot install anything into the environment of a hook or an action."""
    hook, = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    wanted = [*hook["additional_dependencies"], *re.findall(r'"\$GITHUB_ACTION_PATH(\[.*\])"', STEPS["install"]["run"])]
    there = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert len(wanted) == 2
    for one in wanted:
        extras = set(one[one.index("[") + 1:-1].split(","))
        assert {"api", "cassettes"} <= extras <= set(there)


def test_the_action_has_what_a_composite_action_needs() -> None:
    assert ACTION["name"]
    assert ACTION["description"]
    assert ACTION["runs"]["using"] == "composite"
    assert all(one["description"] for one in (*ACTION["inputs"].values(), *ACTION["outputs"].values()))
    for step in ACTION["runs"]["steps"]:
        assert ("run" in step) == ("shell" in step)
        assert ("run" in step) != ("uses" in step)


def test_no_script_has_an_expression_in_it() -> None:
    """What stands in ${{ }} becomes part of the script: an input with a quote in it would be run."""
    scripts = [step["run"] for step in ACTION["runs"]["steps"] if "run" in step]
    assert len(scripts) == 2
    assert not any("${{" in script or "eval" in script for script in scripts)


def test_every_expression_names_something_that_is_there() -> None:
    outputs = {"python": {"python-path"}, "install": {"bin"}, "lint": {"exit-code"}}
    for step in STEPS.values():
        for name in re.findall(r'echo "([\w-]+)=', step.get("run", "")):
            assert name in outputs[step["id"]]
    found = re.findall(r"\$\{\{ ([\w.-]+) \}\}", (ROOT / "action.yml").read_text("utf-8"))
    assert found
    for expression in found:
        match expression.split("."):
            case ["inputs", name]:
                assert name in ACTION["inputs"]
            case ["steps", step, "outputs", name]:
                assert name in outputs[step]
            case _:
                pytest.fail(f"unknown: {expression}")


class Runner:
    """Runs scripts of the action as a runner does: with bash, inputs as variables, and files for what they tell."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.output = directory / "output"
        self.summary = directory / "summary"
        found = shutil.which("bash")
        if found is None:
            pytest.skip("bash is not installed")
        self._bash = found
        (directory / "bin").mkdir()
        command = directory / "bin" / "httplint"
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m httplint "$@"\n', "utf-8")
        command.chmod(0o755)

    def run(self, step: str, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"GITHUB_OUTPUT": str(self.output), "GITHUB_STEP_SUMMARY": str(self.summary)}
        return subprocess.run([self._bash, "--noprofile", "--norc", "-eo", "pipefail", "-c", STEPS[step]["run"]],
                              cwd=self.directory, env=environment | variables, capture_output=True, encoding="utf-8",
                              timeout=300, check=False)

    def lint(self, paths: str, args: str = "", sarif: str = "") -> subprocess.CompletedProcess[str]:
        return self.run("lint", HTTPLINT_BIN=str(self.directory / "bin"), HTTPLINT_PATHS=paths, HTTPLINT_ARGS=args,
                        HTTPLINT_SARIF=sarif)


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path)


def refused() -> Any:
    return entry(("Date", "Sun, 01 Mar 2026 12:00:00 GMT"), ("Content-Type", "text/plain"), text="no",
                 request={"method": "PATCH"}, response={"status": 405})


def test_findings_become_annotations_a_summary_and_sarif(runner: Runner) -> None:
    write(runner.directory / "a b.har", har_of(refused()))
    done = runner.lint("a b.har\n", "--select 405.allow-missing", "out.sarif")
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("::error ")
    assert "405.allow-missing" in done.stdout
    results = json.loads((runner.directory / "out.sarif").read_text("utf-8"))["runs"][0]["results"]
    assert [result["ruleId"] for result in results] == ["405.allow-missing"]
    assert "1 error" in runner.summary.read_text("utf-8")
    assert runner.output.read_text("utf-8") == "exit-code=1\n"


def test_patterns_and_several_lines_are_paths(runner: Runner) -> None:
    for name in ("har/a 1.har", "har/a 2.har", "other.har", "-dash.har"):
        path = runner.directory / name
        path.parent.mkdir(exist_ok=True)
        write(path, har_of(refused()))
    done = runner.lint("har/a*.har\nother.har\n-dash.har\n", "--fail-on never --select\n405.allow-missing")
    assert done.returncode == 0, done.stderr
    assert "4 errors in 4 of 4 entries from 4 files" in done.stdout
    assert runner.output.read_text("utf-8") == "exit-code=0\n"


@pytest.mark.parametrize(("paths", "code"), [("none*.har", 2), ("", 2), ("empty.har", 3)])
def test_nothing_to_lint_is_no_success(runner: Runner, paths: str, code: int) -> None:
    write(runner.directory / "empty.har", har_of())
    assert runner.lint(paths).returncode == code
    assert runner.output.read_text("utf-8") == f"exit-code={code}\n"


@pytest.mark.parametrize("evil", ["$(touch pwned)", "`touch pwned`", "a.har; touch pwned", '"; touch pwned; "',
                                  "a.har\n$(touch pwned)", "${IFS}touch${IFS}pwned", "a.har && touch pwned"])
def test_no_input_is_run(runner: Runner, evil: str) -> None:
    write(runner.directory / "a.har", har_of(refused()))
    runner.lint(evil, evil, evil)
    runner.lint("a.har", evil)
    runner.lint("a.har", "", evil)
    assert not (runner.directory / "pwned").exists()


def test_the_installation_ends_in_an_environment_of_its_own(runner: Runner) -> None:
    """With a stand-in for Python: what pip would do is pip's."""
    python = runner.directory / "python"
    python.write_text('#!/bin/sh\necho "$@" >> "$RUNNER_TEMP/calls"\n'
                      'if [ "$2" = venv ]; then mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; fi\n', "utf-8")
    python.chmod(0o755)
    temporary = runner.directory / "temp dir"
    temporary.mkdir()
    done = runner.run("install", PYTHON=str(python), RUNNER_TEMP=str(temporary), GITHUB_ACTION_PATH="/an action/path")
    assert done.returncode == 0, done.stderr
    assert (temporary / "calls").read_text("utf-8").splitlines() == [
        f"-m venv {temporary}/httplint", "-m pip install --quiet --disable-pip-version-check "
        "/an action/path[api,bodies,cassettes,psl,warc]"]
    assert runner.output.read_text("utf-8") == f"bin={temporary}/httplint/bin\n"
