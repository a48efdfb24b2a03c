"""The configuration as users of the command meet it: `config show`, and what `check` makes of it."""
from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from httplint.cli.main import run

pytestmark = pytest.mark.usefixtures("packaged")

CAPTURE = "> PATCH /items/1 HTTP/1.1\n> Host: {host}\n< HTTP/1.1 405 Method Not Allowed\n< Content-Length: 0\n"
HERE = 'select = ["405.allow-missing", "date.missing"]\n'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for host in ("shop", "ads"):
        (tmp_path / f"{host}.http").write_text(CAPTURE.format(host=f"{host}.example"), "utf-8")
    return tmp_path


def configure(project: Path, text: str) -> None:
    (project / "httplint.toml").write_text(text, "utf-8")


def test_without_a_configuration_everything_is_as_always(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "shop.http", "--select", "405.allow-missing,date.missing"]) == 1
    captured = capsys.readouterr()
    assert "2 errors in 1 of 1 entry" in captured.out
    assert "not counted" not in captured.out
    assert captured.err == ""


def test_the_configuration_holds_below_its_directory(project: Path, capsys: pytest.CaptureFixture[str],
                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    configure(project, HERE + 'fail-on = "never"\n')
    (project / "a" / "b").mkdir(parents=True)
    monkeypatch.chdir(project / "a" / "b")
    assert run(["check", "../../shop.http"]) == 0
    assert "2 errors" in capsys.readouterr().out
    assert run(["check", "../../shop.http", "--isolated", "--select", "405.allow-missing"]) == 1
    assert run(["check", "../../shop.http", "--fail-on", "error"]) == 1
    Path("other.toml").write_text('select = "304"', "utf-8")
    assert run(["check", "../../shop.http", "--config", "other.toml"]) == 0
    assert "no findings in 1 of 1" in capsys.readouterr().out


def test_the_command_line_wins(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    configure(project, HERE + 'severity = "warning"\n[level]\n405 = "info"\n')
    assert run(["check", "shop.http", "--select", "405.allow-missing", "--severity", "info"]) == 0
    out = capsys.readouterr().out
    assert "info[405.allow-missing]" in out
    assert "date.missing" not in out
    run(["check", "shop.http"])
    out = capsys.readouterr().out
    assert "405.allow-missing" not in out
    assert "(1 below the severity or confidence shown)" in out


def test_what_is_suppressed_is_counted_in_a_line(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    configure(project, HERE + 'first-party = ["shop.example"]\n'
              '[[waiver]]\nrule = "405"\nreason = "for now"\n'
              '[[waiver]]\nrule = "date"\nhost = "ads.example"\nreason = "not \x7f ours"\n'.replace("\x7f", "\\u007f")
              + '[[waiver]]\nrule = "date"\nreason = "for then"\nexpires = 2020-01-01\n')
    assert run(["check", "shop.http", "ads.http"]) == 1
    captured = capsys.readouterr()
    assert "1 error in 2 of 2 entries" in captured.out
    assert "not counted: 1 waived, 2 about hosts of third parties\n" in captured.out
    assert [line.partition(": the")[0] for line in captured.err.splitlines()] == [
        "httplint: httplint.toml:6", "httplint: httplint.toml:10"]
    assert "was not needed" in captured.err
    assert "expired with 2020-01-01" in captured.err
    run(["check", "shop.http", "ads.http", "--output-format", "json"])
    summary = json.loads(capsys.readouterr().out)["summary"]
    assert summary["suppressed"] == {"waiver": 1, "third-party": 2}
    assert len(summary["notes"]) == 2


def test_outputs_are_written_beside_the_configuration(project: Path, monkeypatch: pytest.MonkeyPatch,
                                                      capsys: pytest.CaptureFixture[str]) -> None:
    configure(project, HERE + 'outputs = ["json:result.json"]\n')
    (project / "a").mkdir()
    monkeypatch.chdir(project / "a")
    assert run(["check", "../shop.http", "--output", "concise:c.txt"]) == 1
    assert len(json.loads((project / "result.json").read_text("utf-8"))["findings"]) == 2
    assert (project / "a" / "c.txt").exists()


def test_a_baseline_on_the_command_line_needs_no_configuration(project: Path,
                                                               capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "shop.http", "--baseline", "missing.json"]) == 2
    assert "there is no baseline" in capsys.readouterr().err


@pytest.mark.parametrize("verb", [["check", "shop.http"], ["config", "show"], ["rules", "list"],
                                  ["explain", "405.allow-missing"], ["baseline", "create", "shop.http"],
                                  ["fetch", "http://127.0.0.1:9/"], ["proxy", "--print-command"]])
def test_a_wrong_configuration_is_bad_usage(verb: list[str], project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    configure(project, "severity = 'info'\nslect\u202e = '405'\n".replace("slect\u202e", '"slect\u202e"'))
    assert run(verb) == 2
    err = capsys.readouterr().err
    assert "httplint: httplint.toml:2: unknown key 'slect" in err
    assert "did you mean 'select'?" in err
    assert "\u202e" not in err


def test_rules_of_the_project_are_known_to_all_verbs(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    configure(project, 'rules = ["house"]\n')
    (project / "house").mkdir()
    (project / "house" / "a.toml").write_text(
        '[[rule]]\nid = "house.id-missing"\ntitle = "t"\nlevel = "advice"\nspec = "House §1"\n'
        'require = "\'X-Id\' in response"\nmessage = "m"\nwhy = "w"\nfix = "f"\nbad = ["< HTTP/1.1 200 OK"]\n'
        'good = ["< HTTP/1.1 200 OK\\n< X-Id: 1"]\n', "utf-8")
    assert run(["explain", "house.id-missing"]) == 0
    assert run(["rules", "list"]) == 0
    assert "house.id-missing" in capsys.readouterr().out.split("405")[-1]
    assert run(["explain", "house.id-missing", "--isolated"]) == 2


def test_show_names_every_origin(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "pyproject.toml").write_text(
        '[project]\nname = "x"\n\n[tool.httplint]\nselect = ["405"]\nfirst-party = ["*.shop.example"]\n'
        '[tool.httplint.level]\n405.allow-missing = "info"\n'
        '[[tool.httplint.override]]\nstatus = [404, "5xx"]\nignore = "all"\n'
        '[[tool.httplint.waiver]]\nrule = "405"\nreason = "a \\" ☃ b"\nexpires = 2030-01-01\n', "utf-8")
    assert run(["config", "show", "--fail-on", "warning"]) == 0
    out = capsys.readouterr().out
    shown = tomllib.loads(out)
    assert shown["select"] == ["405"]
    assert shown["level"] == {"405.allow-missing": "info"}
    assert shown["override"] == [{"status": ["404", "5xx"], "ignore": ["all"]}]
    assert shown["waiver"] == [{"rule": "405", "reason": 'a " ☃ b', "expires": "2030-01-01"}]
    lines = {line.split("  # ")[0].strip(): line.split("  # ")[1] for line in out.splitlines() if "  # " in line}
    assert lines['select = ["405"]'] == "pyproject.toml:5"
    assert lines['fail-on = "warning"'] == "command line"
    assert lines['severity = "info"'] == "default"
    assert lines["[[override]]"] == "pyproject.toml:9"
    assert lines["# baseline: not set"] == "default"

    assert run(["config", "show", "--json", "--select", "304"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["file"] == str(project / "pyproject.toml")
    assert data["settings"]["select"]["value"] == ["304"]
    assert data["settings"]["select"]["origin"] == "command line"
    assert data["settings"]["waiver"]["value"][0]["origin"] == "pyproject.toml:12"


def test_what_is_shown_can_be_a_configuration(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    configure(project, HERE + '[[override]]\nhost = "a"\nlevel = { 405.allow-missing = "off", all = "info" }\n')
    assert run(["config", "show"]) == 0
    Path("again.toml").write_text(capsys.readouterr().out, "utf-8")
    assert run(["config", "show", "--json"]) == 0
    first = json.loads(capsys.readouterr().out)
    assert run(["config", "show", "--json", "--config", "again.toml"]) == 0
    second = json.loads(capsys.readouterr().out)

    def values(data: Any) -> Any:
        return {name: one["value"] if name != "override" else [
            {key: value for key, value in table.items() if key != "origin"} for table in one["value"]]
            for name, one in data["settings"].items()}
    assert values(first) == values(second)


def test_show_without_a_configuration(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["config", "show"]) == 0
    out = capsys.readouterr().out
    assert all(line.endswith("# default") for line in out.splitlines())
    assert run(["config", "show", "--json", "--isolated"]) == 0
    assert json.loads(capsys.readouterr().out)["file"] is None


def test_the_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["config", "schema"]) == 0
    assert "fail-on" in json.loads(capsys.readouterr().out)["properties"]


def test_options_that_cannot_be_together(project: Path) -> None:
    with pytest.raises(SystemExit) as caught:
        run(["check", "shop.http", "--config", "a", "--isolated"])
    assert caught.value.code == 2


def test_without_a_configuration_nothing_of_it_is_loaded(project: Path) -> None:
    (project / "pyproject.toml").write_text('[project]\ndependencies = ["httplint"]\n', "utf-8")
    done = subprocess.run([sys.executable, "-X", "importtime", "-m", "httplint", "check", "shop.http"],
                          capture_output=True, encoding="utf-8", check=False, env=os.environ)
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "httplint.configuration" in loaded
    assert [name for name in loaded if name.startswith("httplint.configuration.")] == ["httplint.configuration.finding"]


@pytest.mark.parametrize(("path", "why"), [
    ("../out.json", "is not below its directory"), ("/srv/out.json", "is not below its directory"),
    ("~/out.json", "is not below its directory"), ("a/../../out.json", "is not below its directory"),
    ("out/x.json", "is not below its directory"), ("link.json", "is not below its directory"),
    (".", "is not below its directory"), ("/dev/null", "is not below its directory"),
    ("pipe", "is no regular file"), ("shops", "is no regular file"),
    (".git/hooks/pre-commit", "belongs to the version control"), ("x/.GIT/config", "belongs to the version control"),
])
def test_a_configuration_that_was_found_writes_below_its_directory_only(
        path: str, why: str, project: Path, tmp_path_factory: pytest.TempPathFactory,
        capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (project / "out").symlink_to(elsewhere)
    (project / "link.json").symlink_to(elsewhere / "new.json")
    (project / "shops").mkdir()
    os.mkfifo(project / "pipe")
    configure(project, f'{HERE}outputs = ["json:{path}"]\n')
    monkeypatch.chdir(project / "shops")
    assert run(["check", "../shop.http"]) == 2
    error = capsys.readouterr().err
    assert "httplint.toml:2: outputs: " in error
    assert why in error
    assert "--config" in error
    assert not any(elsewhere.iterdir())
    assert not (project.parent / "out.json").exists()


def test_what_a_user_names_is_written_anywhere(project: Path, tmp_path_factory: pytest.TempPathFactory,
                                               monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path_factory.mktemp("elsewhere") / "out.json"
    configure(project, HERE)
    assert run(["check", "shop.http", "--output", f"json:{target}"]) == 1
    assert target.exists()
    target.unlink()
    configure(project, f'{HERE}outputs = ["json:{target}"]\n')
    assert run(["check", "shop.http", "--config", "httplint.toml"]) == 1
    assert target.exists()
    configure(project, f'{HERE}outputs = ["json:deep.json", "text:-"]\n')
    (project / "below").mkdir()
    monkeypatch.chdir(project / "below")
    assert run(["check", "../shop.http"]) == 1
    assert (project / "deep.json").exists()


def test_a_baseline_is_written_below_the_directory_only(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    configure(project, f'{HERE}baseline = "../known.json"\n')
    assert run(["baseline", "create", "shop.http"]) == 2
    assert "httplint.toml:2: baseline: " in capsys.readouterr().err
    assert not (project.parent / "known.json").exists()
    assert run(["baseline", "create", "shop.http", "--config", "httplint.toml"]) == 0
    assert run(["baseline", "update", "shop.http"]) == 2
    assert run(["baseline", "check", "shop.http"]) == 0
    assert run(["baseline", "update", "shop.http", "--baseline", "../known.json"]) == 0
