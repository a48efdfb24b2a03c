"""`httplint init`: the file that it writes, and the snippets that it prints."""
from __future__ import annotations

import json
import re
import shlex
import textwrap
import tomllib
from pathlib import Path

import pytest

from httplint import Linter
from httplint.cli import init
from httplint.cli.main import parser, run
from httplint.configuration.settings import KEYS, load
from httplint.model import installation


@pytest.fixture(autouse=True)
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_file_changes_nothing_as_it_is(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Wrote httplint.toml, and .httplint-schema.json")
    settings = load("httplint.toml")
    assert {name for name, origin in settings.origins.items() if str(origin) != "default"} == set()
    assert [rule.id for rule in Linter(config=settings).rules] == [rule.id for rule in Linter().rules]


def test_every_example_in_the_file_holds(directory: Path) -> None:
    text = "".join(line.removeprefix("#") for line in init.CONFIGURATION.splitlines(keepends=True)
                   if re.match(r'#["[a-z]', line))
    (directory / "httplint.toml").write_text(text, "utf-8")
    (directory / "httplint-rules").mkdir()
    (directory / "openapi.yaml").write_text("openapi: 3.1.0\npaths: {/: {get: {}}}\n", "utf-8")
    (directory.parent / "platform").mkdir()
    (directory.parent / "platform" / "httplint.toml").touch()
    settings = load("httplint.toml")
    given = {name for name, origin in settings.origins.items() if str(origin) != "default"}
    assert given >= {"profile", "ignore", "level", "fail-on", "first-party", "baseline", "override", "waiver", "rules",
                     "extends", "api", "hosts"}
    assert given <= {key.name for key in KEYS}
    assert run(["baseline", "create", "--force", "nothing.har"]) == 2      # the file is missing, not broken
    settings.baseline = None
    settings.rules = ()
    assert Linter(config=settings).policy is not None


def test_nothing_is_overwritten(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (directory / "httplint.toml").write_text("# mine\n", "utf-8")
    assert run(["init"]) == 2
    assert "there is a configuration already: httplint.toml" in capsys.readouterr().err
    assert (directory / "httplint.toml").read_text("utf-8") == "# mine\n"
    assert run(["init", "--force"]) == 0
    assert (directory / "httplint.toml").read_text("utf-8") == init.CONFIGURATION


def test_a_table_in_pyproject_is_a_configuration(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (directory / "pyproject.toml").write_text('[tool.httplint]\nselect = ["405"]\n', "utf-8")
    assert run(["init"]) == 2
    assert "[tool.httplint] in pyproject.toml" in capsys.readouterr().err
    assert not (directory / "httplint.toml").exists()


def test_a_configuration_above_does_not_matter(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (directory / "httplint.toml").write_text("# mine\n", "utf-8")
    (directory / "below").mkdir()
    monkeypatch.chdir(directory / "below")
    assert run(["init"]) == 0


def test_where_nothing_can_be_written_it_says_so(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (directory / "httplint.toml").mkdir()
    assert run(["init"]) == 2
    assert run(["init", "--force"]) == 2
    assert capsys.readouterr().err.count("httplint.toml") == 2


def test_the_snippets_are_valid_and_their_commands_are_understood(
        capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    yaml = pytest.importorskip("yaml")
    monkeypatch.setattr(installation, "committed", lambda: "./a checkout")
    assert run(["init"]) == 0
    blocks = re.findall(r"(?m)^(?:    .*\n|\n(?=    ))+", capsys.readouterr().out)
    github, gitlab = (yaml.safe_load(textwrap.dedent(block)) for block in blocks[:2])
    steps = github["jobs"]["httplint"]["steps"]
    written = [step["with"]["sarif_file"] for step in steps if "upload-sarif" in step.get("uses", "")]
    commands = [shlex.split(step["run"]) for step in steps if "run" in step]
    commands += [shlex.split(line) for line in gitlab["httplint"]["script"]]
    written += gitlab["httplint"]["artifacts"]["reports"].values()
    checks = [command[1:] for command in commands if command[0] == "httplint"]
    assert len(checks) == 2
    outputs = [output for check in checks for output in parser().parse_args(check).output]
    assert set(written) <= {output.partition(":")[2] for output in outputs}
    assert [command for command in commands if command[0] != "httplint"] == [["pip", "install", "./a checkout"]] * 2


@pytest.mark.parametrize(("from_index", "put"), [(False, True), (True, False)])
def test_what_has_to_be_put_somewhere_is_said(from_index: bool, put: bool, capsys: pytest.CaptureFixture[str],
                                              monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation, "committed", lambda: "http-conformance-lint" if from_index else "./a.whl")
    assert run(["init"]) == 0
    out = capsys.readouterr().out
    assert ("Put httplint at ./a.whl, and commit it" in out) == put
    assert f"- run: pip install {'http-conformance-lint' if from_index else './a.whl'}\n" in out
    Path("a.whl").touch()
    assert run(["init", "--force"]) == 0
    assert ("\nCommit ./a.whl: the jobs" in capsys.readouterr().out) == put


def test_editors_find_the_schema_beside_the_configuration(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    assert run(["init"]) == 0
    assert "httplint.toml, and .httplint-schema.json" in capsys.readouterr().out
    text = (directory / "httplint.toml").read_text("utf-8")
    found = re.match(r"#:schema (\./\S+)\n", text)
    assert found is not None
    schema = json.loads((directory / found[1]).read_text("utf-8"))
    jsonschema.validate(tomllib.loads(text), schema)
    jsonschema.validate({"profile": ["api"]}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"profil": ["api"]}, schema)
    assert run(["config", "schema"]) == 0
    assert json.loads(capsys.readouterr().out) == schema


def test_a_schema_that_cannot_be_written_is_said(directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (directory / ".httplint-schema.json").mkdir()
    assert run(["init"]) == 2
    assert ".httplint-schema.json cannot be written" in capsys.readouterr().err


def test_the_next_commands_exist() -> None:
    commands = [shlex.split(line)[1:] for line in re.findall(r"^  (httplint .*?)  ", init.NEXT, re.M)]
    assert [parser().parse_args(command).verb for command in commands] == ["check", "baseline", "check", "explain"]
