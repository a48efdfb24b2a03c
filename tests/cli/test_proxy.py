"""`httplint proxy` up to the point where it becomes mitmproxy; what follows is in tests/e2e/test_mitmproxy.py."""
from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

import pytest

from httplint.cli import proxy
from httplint.cli.main import run
from httplint.model import installation

PYTHON = sys.executable

pytestmark = pytest.mark.skipif(os.name == "nt", reason="programs are found in another way there")


def program(directory: Path, first: str) -> Path:
    path = directory / "mitmdump"
    path.write_text(first + "\n", "utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory on PATH; beside this Python there is no mitmproxy."""
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.setattr(proxy.sysconfig, "get_path", lambda _: str(empty))
    monkeypatch.setattr(proxy.sys, "executable", str(empty / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def command(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    assert run(["proxy", "--print-command", *arguments]) == 0
    return shlex.split(capsys.readouterr().out)


def test_what_mitmproxy_is_told(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = program(elsewhere, f"#!{PYTHON}")
    got = command(capsys, "--port", "8081", "--mode", "reverse:http://127.0.0.1:9000", "--select", "405,304",
                  "--ignore", "304.etag", "--fail-on", "never", "--output", "json:/tmp/a b.json", "--show",
                  "not-evaluated", "--show-secrets", "--confidence", "medium", "-w", "out.mitm", "--set",
                  "block_global=false", "--", "~d shop.example")
    assert got[0] == str(found)
    script = Path(got[got.index("-s") + 1])
    assert script.name == "mitmproxy_script.py"
    assert script.exists()
    settings = [got[number + 1] for number, one in enumerate(got) if one == "--set"]
    assert settings == [
        "validate_inbound_headers=false", "httplint_select=405,304", "httplint_ignore=304.etag",
        "httplint_output=json:/tmp/a b.json", "httplint_confidence=medium", "httplint_fail_on=never",
        "httplint_live=new", "httplint_show_secrets=true", "httplint_show_not_evaluated=true",
        "httplint_connections=false", "block_global=false"]
    assert got[got.index("--listen-host") + 1] == "127.0.0.1"
    assert got[got.index("--listen-port") + 1] == "8081"
    assert got[got.index("--mode") + 1] == "reverse:http://127.0.0.1:9000"
    assert got[got.index("-w") + 1] == "out.mitm"
    assert got[-1] == "~d shop.example"


def test_wrong_choices_end_before_mitmproxy_starts(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program(elsewhere, f"#!{PYTHON}")
    assert run(["proxy", "--select", "nonsense"]) == 2
    assert "no rule's id begins with 'nonsense'" in capsys.readouterr().err
    assert run(["proxy", "--output", "html"]) == 2
    assert "expected FORMAT:FILE, such as json:result.json, got 'html'" in capsys.readouterr().err
    assert run(["proxy", "--output", "json:a.json", "--output", "htm:a.html"]) == 2
    assert "there is no format 'htm'; did you mean 'html'?" in capsys.readouterr().err


@pytest.mark.parametrize(("first", "message"), [
    (None, f"mitmdump is not installed: {installation.command('mitmproxy')}"),
    ("\x7fELF", "brings a Python of its own and cannot load httplint"),
    ("#!/bin/sh", "brings a Python of its own and cannot load httplint"),
    ("#!/nowhere/python3", "cannot load httplint; install it there: "
                           f"{installation.command(pip='/nowhere/python3 -m pip install')} (with pipx: "
                           f"{installation.command(pip='pipx inject mitmproxy')})"),
])
def test_a_mitmproxy_that_cannot_load_the_addon(elsewhere: Path, capsys: pytest.CaptureFixture[str],
                                                first: str | None, message: str) -> None:
    if first is not None:
        program(elsewhere, first)
    assert run(["proxy"]) == 2
    assert message in capsys.readouterr().err


def test_one_beside_this_python_comes_first(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program(elsewhere, f"#!{PYTHON}")
    beside = program(elsewhere / "empty", "#!/nowhere/python3")
    assert command(capsys)[0] == str(beside)


def test_the_path_of_the_addon(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["addon-path"]) == 0
    assert Path(capsys.readouterr().out.strip()).exists()


def test_other_verbs_take_no_unknown_options(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["check", "a.har", "--frobnicate"], ["addon-path", "there"]):
        with pytest.raises(SystemExit) as caught:
            run(arguments)
        assert caught.value.code == 2
    assert "there is no option --frobnicate (" in capsys.readouterr().err


def test_the_configuration_is_handed_on(elsewhere: Path, capsys: pytest.CaptureFixture[str],
                                        monkeypatch: pytest.MonkeyPatch) -> None:
    program(elsewhere, f"#!{PYTHON}")
    monkeypatch.chdir(elsewhere)
    Path("httplint.toml").write_text('fail-on = "never"\n', "utf-8")

    def settings(*arguments: str) -> list[str]:
        got = command(capsys, *arguments)
        return [got[number + 1] for number, one in enumerate(got) if one == "--set"][1:-1]

    assert settings() == ["httplint_live=new"]             # the addon finds it, too
    assert settings("--isolated", "--profile", "api") == [
        "httplint_profile=api", "httplint_config=", "httplint_live=new"]
    assert settings("--config", "httplint.toml", "--severity", "error") == [
        f"httplint_config={elsewhere / 'httplint.toml'}", "httplint_severity=error", "httplint_live=new"]


@pytest.mark.parametrize(("asked", "quiet"), [
    ([], True), (["-q"], True), (["--set", "flow_detail=2"], True), (["-v"], False), (["--verbose"], False),
    (["--set", "httplint_connections=true"], False), (["--set=httplint_connections"], False),
    (["--set", "termlog_verbosity=info"], False), (["--set=termlog_verbosity=warn"], False),
])
def test_who_connects_is_told_where_somebody_says_what_to_tell(elsewhere: Path, capsys: pytest.CaptureFixture[str],
                                                               asked: list[str], quiet: bool) -> None:
    program(elsewhere, f"#!{PYTHON}")
    assert ("httplint_connections=false" in command(capsys, *asked)) is quiet
