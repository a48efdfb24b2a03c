"""What --save keeps of a conversation is judged as it was, as far as a HAR shows it; it is kept whatever happens."""
from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from site_on_loopback import Asked, Site, response, sound

from httplint.cli.main import run

Probe = Callable[..., Any]


def careless(asked: Asked) -> bytes:
    """Breaks what a HAR shows, and what it does not."""
    if asked.method == "OPTIONS":
        return response("405 Method Not Allowed", b"no")
    if asked.method == "HEAD":
        return b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: \xe9\r\n\r\nhello"
    if asked.get("if-none-match") == "*":
        return b"HTTP/1.1 304 Not Modified\nContent-Length: 3\n\nabc"
    if asked.get("range"):
        return response("206 Partial Content", b"hello", 'WWW-Authenticate: Basic realm=x')
    if asked.get("accept-encoding") == "gzip":
        return response("200 OK", gzip.compress(b"{")[:-3], "Content-Encoding: gzip", "Content-Type: application/json")
    if asked.get("accept-encoding") == "br":
        return b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\ncut off"
    if asked.get("origin"):
        return (b"HTTP/1.1 103 Early Hints\r\nLink: broken\r\n\r\nHTTP/1.1 200  \r\nTransfer-Encoding: chunked\r\n"
                b"Trailer: X\r\n\r\n5;\r\nhello\r\n0\r\nX: y\r\nContent-Length: 3\r\n\r\n")
    return response("200 OK", b"{'a': 1}", "Content-Type: application/json", 'ETag: "a"', "etag: unquoted",
                    "Expires: tomorrow", "Set-Cookie: sid=8f3kZq9vXw2LmT7bYc; Expires=never")


def findings(report: dict[str, Any]) -> set[tuple[int, str, str]]:
    """Entry, rule and place of all but those on interim responses, which no HAR shows."""
    return {(found["location"]["entry"], found["rule"],
             str([found["location"][part] for part in ("message", "part", "field", "index", "offset")]))
            for found in report["findings"] if found["location"]["message"] != "interim response"}


@pytest.mark.parametrize("secrets", [(), ("--show-secrets",)])
@pytest.mark.parametrize("answer", [sound, careless])
def test_what_was_saved_is_judged_alike(site: Site, probe: Probe, answer: Callable[[Asked], bytes], tmp_path: Path,
                                        secrets: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    site.answer = answer
    har = str(tmp_path / "kept.har")
    asked = probe("--save", har, "--unsafe", "--auth", "alice:correct-horse-battery", *secrets).report
    code = run(["check", har, "--isolated", "--output-format", "json", "--show", "not-evaluated", *secrets])
    kept = json.loads(capsys.readouterr().out)
    assert code == (1 if answer is careless else 0)
    assert kept["summary"]["entries"] == {"read": len(site.asked), "linted": len(site.asked), "skipped": 0}
    lost = {rule["rule"] for lack in kept["summary"]["not_evaluated"] for rule in lack["rules"]}
    before, after = findings(asked), findings(kept)
    assert after - before == set()
    gone = {rule for _, rule, _ in before - after}
    assert gone <= (lost if secrets else {*lost, "set-cookie.expires-ignored", "vary.accept-encoding-missing"}), (
        "what is masked is not known")
    if answer is careless:
        assert len(after) > 10
    assert ("correct-horse" in Path(har).read_text("utf-8")) is False, "it is in base64"
    assert ("YWxpY2U6" in Path(har).read_text("utf-8")) is bool(secrets)


@pytest.mark.usefixtures("interruptible")
def test_it_is_kept_if_probe_is_interrupted(site: Site, probe: Probe, tmp_path: Path) -> None:
    def interrupt(asked: Asked) -> bytes:
        if len(site.asked) == 3:
            import signal
            os.kill(os.getpid(), signal.SIGINT)
        return sound(asked)

    site.answer = interrupt
    har = tmp_path / "kept.har"
    assert probe("--save", str(har)).code == 130
    assert 1 <= len(json.loads(har.read_text("utf-8"))["log"]["entries"]) <= 3


def test_a_file_that_cannot_be_written(site: Site, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(["probe", site.base, "--isolated", "--save", str(tmp_path / "no" / "kept.har")]) == 2
    assert "cannot be written: No such file or directory" in capsys.readouterr().err
    assert site.reached == 0


@pytest.mark.parametrize(("save", "output"), [("-", "json:x"), ("x", "json:x")])
def test_a_file_of_its_own(site: Site, capsys: pytest.CaptureFixture[str], save: str, output: str) -> None:
    assert run(["probe", site.base, "--isolated", "--save", save, "--output", output]) == 2
    assert "--save wants a file of its own" in capsys.readouterr().err
    assert site.reached == 0


def test_another_file_is_replaced_when_it_is_whole(site: Site, probe: Probe, tmp_path: Path) -> None:
    har = tmp_path / "kept.har"
    har.write_text("old", "utf-8")
    probe("--save", str(har), "--check", "get")
    assert len(json.loads(har.read_text("utf-8"))["log"]["entries"]) == 1
    assert os.listdir(tmp_path) == ["kept.har"]


def test_fetch_keeps_its_answers(site: Site, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    har = tmp_path / "kept.har"
    assert run(["fetch", site.base, "--isolated", "--conditional", "--save", str(har)]) == 0
    entries = json.loads(har.read_text("utf-8"))["log"]["entries"]
    assert [one["response"]["status"] for one in entries] == [200, 304]
    assert all(0 < one["time"] == one["timings"]["wait"] < 30_000 for one in entries)


def test_what_was_saved_can_be_asked_again(site: Site, probe: Probe, tmp_path: Path) -> None:
    har = str(tmp_path / "kept.har")
    probe("--save", har, urls=("/a", "/b?c=d"))
    site.asked.clear()
    probe("--from", har, "--host", site.host, "--check", "get", urls=())
    assert [asked.target for asked in site.asked] == ["/a", "/b?c=d"]
