"""What stands in .github, .pre-commit-config.yaml and .editorconfig: its form, and that what it names is there."""
from __future__ import annotations

import configparser
import importlib.util
import os
import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest

from httplint import Exchange
from httplint.capture.reading import read
from httplint.cli.main import parser
from httplint.library import built_in_rules

yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
FORMS = [path for path in sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml")) if path.name != "config.yml"]
WRITES = {"docs.yml": {"pages", "id-token"}, "release.yml": {"id-token", "contents"}, "tests.yml": set()}
"""What a job of a workflow may write."""


def loaded(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


def jobs(path: Path) -> list[dict[str, Any]]:
    return list(loaded(path)["jobs"].values())


def steps(path: Path) -> list[dict[str, Any]]:
    return [step for job in jobs(path) for step in job.get("steps", ())]


def named(path: Path) -> Any:
    return pytest.mark.parametrize("path", path, ids=lambda one: one.name)


# --- workflows ------------------------------------------------------------------------------------------------------

def test_there_is_a_workflow_for_tests_documentation_and_releases() -> None:
    assert {path.name for path in WORKFLOWS} == WRITES.keys()


@named([*WORKFLOWS, ROOT / "action.yml"])
def test_every_action_is_pinned_by_commit_and_its_version_is_told(path: Path) -> None:
    used = re.findall(r"uses: (.*)", path.read_text("utf-8"))
    assert used
    for one in used:
        assert (re.fullmatch(r"[\w.-]+(/[\w.-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one)
                or (one.startswith("./") and (ROOT / one).is_file())), one


def test_an_action_has_one_commit_everywhere() -> None:
    used = {one for path in (*WORKFLOWS, ROOT / "action.yml")
            for one in re.findall(r"uses: (\S+@.*)", path.read_text("utf-8"))}
    assert len(used) == len({one.partition("@")[0] for one in used})


@named(WORKFLOWS)
def test_nothing_is_permitted_but_what_a_job_needs(path: Path) -> None:
    workflow = loaded(path)
    assert workflow["permissions"] == {}
    assert workflow["concurrency"]["group"]
    asked = [(name, right) for job in jobs(path) for name, right in job["permissions"].items()]
    assert {name for name, right in asked if right != "read"} == WRITES[path.name]
    for job in jobs(path):
        assert "uses" in job or 0 < job["timeout-minutes"] <= 60
    for step in steps(path):
        if "actions/checkout@" in step.get("uses", ""):
            assert step["with"]["persist-credentials"] is False


@named(WORKFLOWS)
def test_no_script_has_an_expression_in_it_and_nothing_has_a_secret(path: Path) -> None:
    assert not any("${{" in step.get("run", "") for step in steps(path))
    assert "secrets." not in path.read_text("utf-8")
    assert "pull_request_target" not in path.read_text("utf-8")


@named(WORKFLOWS)
def test_what_the_scripts_run_is_in_the_tree(path: Path) -> None:
    found = 0
    for step in steps(path):
        for word in shlex.split(step.get("run", "")):
            if re.fullmatch(r"(tools|\.ci)/\S+", word):
                found += 1
                assert (ROOT / word).is_file(), word
                assert word.endswith(".py") or os.access(ROOT / word, os.X_OK), word
        for extra in re.findall(r"tools/environment \.venv (\w+)", step.get("run", "")):
            assert extra in PROJECT["project"]["optional-dependencies"]
    assert found


def test_every_python_that_the_project_names_is_tried() -> None:
    claimed = {found[1] for one in PROJECT["project"]["classifiers"] if (found := re.fullmatch(r".*:: (3\.\d+)", one))}
    all_of_it, others = jobs(ROOT / ".github" / "workflows" / "tests.yml")
    assert all_of_it["steps"][-1]["run"] == ".ci/run"
    assert others["steps"][-1]["run"] == "tools/test"
    tried = [all_of_it["env"]["PYTHON"].removeprefix("python"), *others["strategy"]["matrix"]["python"]]
    assert sorted(tried) == sorted(claimed)
    assert f">={min(claimed, key=lambda one: int(one[2:]))}" == PROJECT["project"]["requires-python"]
    apart = re.findall(r"tools/test_mitmproxy python(3\.\d+)", (ROOT / ".ci" / "run").read_text("utf-8"))
    assert set(apart) == {all_of_it["env"]["PYTHON"].removeprefix("python"), all_of_it["container"][7:11]}


def test_a_release_is_built_after_the_tests_and_published_after_it_is_built() -> None:
    release = loaded(ROOT / ".github" / "workflows" / "release.yml")["jobs"]
    assert release["tests"]["uses"] == "./.github/workflows/tests.yml"
    assert [release[name]["needs"] for name in ("build", "publish", "page")] == ["tests", "build", "publish"]
    assert [step["uses"].partition("@")[0] for step in release["publish"]["steps"]] == [
        "actions/download-artifact", "pypa/gh-action-pypi-publish"]
    assert release["publish"]["permissions"] == {"id-token": "write"}


# --- what a release says --------------------------------------------------------------------------------------------

def notes(tag: str, version: str, changelog: str) -> str:
    spec = importlib.util.spec_from_file_location("release", ROOT / "tools" / "release.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    said: str = module.notes(tag, version, changelog)
    return said


CHANGELOG = ("# Changelog\n\n## Unreleased\n\n- c\n\n## 1.10.0 - 2027-01-02\n\n### Added\n\n- b\n\n"
             "## 1.1.0 - 2026-01-02\n\n- a\n")


@pytest.mark.parametrize(("version", "said"), [("1.10.0", "### Added\n\n- b\n"), ("1.1.0", "- a\n")])
def test_the_notes_of_a_release_are_its_section(version: str, said: str) -> None:
    assert notes(f"v{version}", version, CHANGELOG) == said


@pytest.mark.parametrize(("tag", "version"), [("v1.1.0", "1.10.0"), ("1.1.0", "1.1.0"), ("v1.2.0", "1.2.0"),
                                              ("v1x1.0", "1x1.0"), ("vUnreleased", "Unreleased")])
def test_a_tag_without_its_version_or_its_section_is_no_release(tag: str, version: str) -> None:
    with pytest.raises(ValueError, match=r"tag is|has no section"):
        notes(tag, version, CHANGELOG)


# --- forms of issues ------------------------------------------------------------------------------------------------

@named(FORMS)
def test_a_form_is_one_that_can_be_filled_in(path: Path) -> None:
    form = loaded(path)
    assert form["name"]
    assert form["description"]
    assert form.keys() <= {"name", "description", "title", "labels", "body"}
    asked = [part for part in form["body"] if part["type"] != "markdown"]
    assert {part["type"] for part in asked} <= {"input", "textarea", "dropdown", "checkboxes"}
    assert len({part["id"] for part in asked}) == len({part["attributes"]["label"] for part in asked}) == len(asked)
    assert all(re.fullmatch(r"[\w-]+", part["id"]) for part in asked)
    assert "version" in {part["id"] for part in asked if part.get("validations", {}).get("required")}
    warning, = (part["attributes"]["value"] for part in form["body"] if part["type"] == "markdown")
    assert re.search(r"[Tt]ake credentials, cookies\s+and names out", warning)


def test_a_false_alarm_needs_the_rule_the_exchange_and_the_section() -> None:
    body = loaded(ROOT / ".github" / "ISSUE_TEMPLATE" / "false-alarm.yml")["body"]
    needed = {part["id"] for part in body if part.get("validations", {}).get("required")}
    assert needed == {"rule", "exchange", "legal", "version"}


@named([path for path in FORMS if path.name != "bug.yml"])
def test_the_exchange_that_a_form_shows_is_read_and_rules_that_it_names_are_there(path: Path, tmp_path: Path) -> None:
    placeholders = {part["id"]: part["attributes"]["placeholder"] for part in loaded(path)["body"]
                    if "placeholder" in part.get("attributes", {})}
    (tmp_path / "exchange.txt").write_text(placeholders["exchange"], "utf-8")
    exchange, = read(str(tmp_path / "exchange.txt"))
    assert isinstance(exchange, Exchange)
    assert exchange.request
    assert exchange.response.status == 405
    assert placeholders.get("rule", "405.allow-missing") in {rule.id for rule in built_in_rules()}


@named(FORMS)
def test_the_commands_that_a_form_asks_for_are_there(path: Path) -> None:
    commands = re.findall(r"`(httplint [^`]+)`", path.read_text("utf-8"))
    assert commands
    for command in commands:
        words = shlex.split(" ".join(command.split()))[1:]
        if words != ["--version"]:
            assert parser().parse_args(words).verb == words[0]


def test_the_list_of_a_pull_request_leads_to_what_a_change_needs() -> None:
    text = (ROOT / ".github" / "pull_request_template.md").read_text("utf-8")
    heading = re.search(r"CONTRIBUTING\.md#([\w-]+)\)", text)
    assert heading
    headings = re.findall(r"^#+ (.*)$", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.M)
    assert heading[1] in {one.lower().replace(" ", "-") for one in headings}
    for name in re.findall(r"`([\w./-]+)`", text):
        assert (ROOT / name).is_file(), name


# --- what editors and pre-commit do ---------------------------------------------------------------------------------

def test_hooks_of_our_own_run_what_the_checkout_has() -> None:
    hooks = [hook for one in loaded(ROOT / ".pre-commit-config.yaml")["repos"] for hook in one["hooks"]]
    assert all(hook["language"] == "system" for hook in hooks)
    optional = PROJECT["project"]["optional-dependencies"]
    extras = " ".join(optional["dev"] + optional["test"])
    for hook in hooks:
        program, *words = shlex.split(hook["entry"])
        if program == ".venv/bin/httplint":
            assert parser().parse_args(words).verb == words[0]
        elif program.startswith(".venv/bin/"):
            assert program.removeprefix(".venv/bin/") in extras
        else:
            assert program == "git"


def test_editors_and_ruff_mean_the_same_width_and_every_text_ends_in_a_line() -> None:
    config = configparser.ConfigParser()
    config.read_string("[top]\n" + (ROOT / ".editorconfig").read_text("utf-8"))
    assert config["top"]["root"] == "true"
    assert config["*"].getint("max_line_length") == PROJECT["tool"]["ruff"]["line-length"]
    texts = [path for name in ("*.md", "*.toml", ".github/**/*.yml", "src/**/*.py", "tools/**/*.py", "docs/**/*.md",
                               "tests/**/*.py", "rules/**/*.toml", "rules/**/*.md") for path in ROOT.glob(name)]
    assert len(texts) > 500
    for path in texts:
        text = path.read_bytes()
        assert not text or text.endswith(b"\n"), path
        assert b"\t" not in text, path
        assert b"\r" not in text, path
        if path.suffix != ".toml":                         # octets of examples may be spaces
            assert not re.search(rb" $", text, re.M), path
