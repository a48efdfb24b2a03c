"""A command line that is wrong: one line says what is, and what was probably meant."""
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from httplint.cli.main import run


@pytest.fixture(autouse=True)
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "site.har").write_text("{}", "utf-8")
    return tmp_path


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """The one line that is said."""
    try:
        code = run(words)
    except SystemExit as end:
        code = end.code  # type: ignore[assignment]
    assert code == 2
    out, error = capsys.readouterr()
    assert out == ""
    assert error.count("\n") == 1
    return error


@pytest.mark.parametrize(("line", "said"), [
    ("chekc har", "there is no verb 'chekc'; did you mean 'check'?"),
    ("lint har", "there is no verb 'lint'; did you mean 'check'?"),
    ("diff a b", "there is no verb 'diff'; did you mean 'report --diff'?"),
    ("help", "there is no verb 'help'; did you mean '--help'?"),
    ("--quite", "httplint: there is no option --quite"),
    ("site.har", "there is no verb 'site.har'; to lint a capture: httplint check site.har"),
    ("https://shop.example/", "to ask a server: httplint fetch https://shop.example/"),
    ("zzzzzz", "there is no verb 'zzzzzz'; expected check, fetch, "),
    ("rules tset x", "httplint rules: there is no action 'tset'; did you mean 'test'?"),
    ("baseline craete x", "httplint baseline: there is no action 'craete'; did you mean 'create'?"),
    ("check har --ouput html:x", "httplint check: there is no option --ouput; did you mean '--output'?"),
    ("check --ouput=html:x", "there is no option --ouput; did you mean '--output'?"),
    ("report --form result.json", "there is no option --form; did you mean '--from'?"),
    ("rules test --zzzz x", "httplint rules test: there is no option --zzzz ("),
    ("check x -z", "there is no option -z"),
    ("init shop", "httplint init: one argument too many: shop"),
    ("check", "httplint check: the following arguments are required: PATH"),
    ("check x --output-format htm", "--output-format: expected text, concise, json, "),
    ("check x --output-format htm", "got 'htm'; did you mean 'html'?"),
    ("check x --severity eror", "--severity: expected error, warning or info, got 'eror'; did you mean 'error'?"),
    ("completion basch", "expected bash, zsh or fish, got 'basch'; did you mean 'bash'?"),
    ("check x --jobs 0", "--jobs: expected a whole number of at least 1, got '0'"),
    ("check x --jobs two", "--jobs: expected a whole number of at least 1, got 'two'"),
    ("check x --jobs 1_0", "--jobs: expected a whole number of at least 1, got '1_0'"),
    ("check x --jobs ٣", "--jobs: expected a whole number of at least 1, got '٣'"),
    ("explain x --entry 1.5", "--entry: expected a whole number of at least 0, got '1.5'"),
    ("proxy --port 99999", "--port: expected a whole number from 0 to 65535, got '99999'"),
    ("fetch http://a.example/ --timeout nan", "--timeout: expected a number of seconds above 0, got 'nan'"),
    ("fetch http://a.example/ --timeout 0", "--timeout: expected a number of seconds above 0, got '0'"),
    ("fetch http://a.example/ --timeout soon", "--timeout: expected a number of seconds above 0, got 'soon'"),
    ("probe http://a.example/ --pause -1", "--pause: expected a number of seconds from 0 up, got '-1'"),
    ("fetch http://a.example/ --max-size 0", "--max-size: expected a whole number of at least 1, got '0'"),
])
def test_words(line: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    error = refused(capsys, *line.split())
    assert said in error
    assert " --help lists what there is)" in error
    assert not any(trace in error for trace in ("_whole", "_seconds", "invalid", "int value", "Traceback"))


@pytest.mark.parametrize(("line", "said"), [
    ("check site.har --profile secruity", "there is no profile 'secruity'; did you mean 'security'?\n"),
    ("check site.har --profile zzzz", "there is no profile 'zzzz'; the profiles are default, strict, "),
    ("check site.har --select 40.allow", "no rule's id begins with '40.allow'; did you mean '405.allow'?\n"),
    ("check site.har --ignore 405.alow-missing", "did you mean '405.allow-missing'?\n"),
    ("check site.har --output htm:x", "there is no format 'htm'; did you mean 'html'?\n"),
    ("check site.har --output zzzz:x", "there is no format 'zzzz'; the formats are text, "),
    ("fetch site.har", "site.har is no URL, but there is such a file: httplint check site.har\n"),
    ("fetch shop.example/a", "did you mean 'https://shop.example/a'?\n"),
    ("fetch localhost:8000", "did you mean 'http://localhost:8000'?\n"),
    ("fetch ftp://shop.example/", "expected http:// or https:// and a host\n"),
])
def test_values(line: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert said in refused(capsys, *line.split())


def test_words_of_strangers_are_harmless(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["\x1b[31mchekc"], ["check", "x", "--\x1b]8;;evil"], ["init", "a\nb\x1b[2J"]):
        assert "\x1b" not in refused(capsys, *words)
    assert "hunter2" not in refused(capsys, "https://me:hunter2@shop.example/")


def test_what_is_meant_is_loaded_when_something_is_wrong() -> None:
    code = ("import sys; from httplint.cli.main import parser; parser('check').parse_args(['check', 'x']); "
            "print({'difflib', 'httplint.cli.wrong', 'httplint.capture.patterns'} & set(sys.modules))")
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8",
                          check=True).stdout == "set()\n"
