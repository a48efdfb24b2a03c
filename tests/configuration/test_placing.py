"""Names for hosts: what is known of 127.0.0.1:8901 is known of app:8000."""
from __future__ import annotations

import json
from pathlib import Path

import pytest

from httplint.cli.main import run

NAMES = '[hosts]\napp = ["127.0.0.1", "app:8000"]\n'


def capture(path: Path, *bases: str) -> str:
    """A HAR of a 405 without Allow, for each base of a target URI."""
    entries = [{
        "startedDateTime": "2025-07-01T12:00:00Z", "time": 1, "cache": {},
        "timings": {"send": 0, "wait": 1, "receive": 0},
        "request": {"method": "PATCH", "url": f"{base}/items/{number}", "httpVersion": "HTTP/1.1", "headers": [],
                    "queryString": [], "cookies": [], "headersSize": -1, "bodySize": 0},
        "response": {"status": 405, "statusText": "Method Not Allowed", "httpVersion": "HTTP/1.1", "cookies": [],
                     "headers": [{"name": "Date", "value": "Tue, 01 Jul 2025 12:00:00 GMT"}],
                     "content": {"size": 0, "mimeType": ""}, "redirectURL": "", "headersSize": -1,
                     "bodySize": 0}} for number, base in enumerate(bases)]
    path.write_text(json.dumps({"log": {"version": "1.2", "creator": {"name": "mitmproxy", "version": "12.0"},
                                        "entries": entries}}), "utf-8")
    return str(path)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def check(*arguments: str) -> int:
    return run(["check", "--no-progress", "--select=405.allow-missing", *arguments])


def test_a_baseline_survives_another_host(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "httplint.toml").write_text('select = "405.allow-missing"\n' + NAMES, "utf-8")
    before = capture(here / "a.har", "http://127.0.0.1:8901")
    later = capture(here / "b.har", "https://app:8000")
    assert run(["baseline", "create", before, "--no-progress"]) == 0
    assert '"host": "app"' in (here / ".httplint-baseline.json").read_text("utf-8")
    assert check(later, "--baseline=.httplint-baseline.json") == 0
    assert check(capture(here / "c.har", "http://other:8000"), "--baseline=.httplint-baseline.json") == 1


def test_a_baseline_from_before_the_name_was_given_is_understood(here: Path) -> None:
    both = capture(here / "a.har", "http://127.0.0.1:8901", "http://app:8000")
    assert run(["baseline", "create", both, "--no-progress", "--select=405.allow-missing"]) == 0
    (here / "httplint.toml").write_text(NAMES, "utf-8")
    known = "--baseline=.httplint-baseline.json"
    assert check(capture(here / "b.har", *["http://app:8000"] * 2), known) == 0
    assert check(capture(here / "c.har", *["http://app:8000"] * 3), known) == 1


@pytest.mark.parametrize("settings", [
    'first-party = ["app"]',
    '[[override]]\nhost = "other"\nignore = "all"',
    '[[waiver]]\nrule = "405"\nreason = "x"\nhost = "other"',
])
def test_settings_choose_hosts_by_their_names(here: Path, settings: str) -> None:
    (here / "httplint.toml").write_text(settings + "\n" + NAMES + 'Other = "*.test"\n', "utf-8")
    assert check(capture(here / "a.har", "http://app:8000")) == 1
    assert check(capture(here / "b.har", "http://one.test", "http://two.test:81")) == 0


def test_all_ways_of_a_report_tell_the_same_name(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "httplint.toml").write_text(NAMES, "utf-8")
    captures = [capture(here / f"{number}.har", "http://127.0.0.1:8901", "http://app:8000", "http://x.test")
                for number in range(3)]
    told = []
    for arguments in (["--jobs=1"], ["--jobs=2"], ["--output=json:result.json", "--jobs=1"]):
        assert check(*captures, "--statistics", *arguments) == 1
        told.append(capsys.readouterr().out)
    assert run(["report", "--from=result.json", "--statistics"]) == 0
    assert told == [told[0]] * 3
    assert "  app  in 6 exchanges\n" in told[0]
    for statistics in (told[0], capsys.readouterr().out):
        assert "  PATCH app/items/{id}\n" in statistics
        assert "  PATCH http://x.test/items/{id}\n" in statistics
