"""What probe does not do: nothing unsafe, nobody else, no more than it may, nothing at all with --dry-run."""
from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from typing import Any

import pytest
from site_on_loopback import Asked, Site, response, sound, text

from httplint import __version__
from httplint.cli.main import run
from httplint.probe.checks import CHECKS

Probe = Callable[..., Any]
SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}
"""RFC 9110 §9.2.1."""


def redirect(**leads: str) -> Callable[[Asked], bytes]:
    """The sound server, with redirects from a path (without slash) to a URI."""
    def answer(asked: Asked) -> bytes:
        to = leads.get(asked.target.removeprefix("/"))
        return sound(asked) if to is None or asked.method != "GET" else response(
            "302 Found", b"there", f"Location: {to}", "Content-Type: text/plain")
    return answer


def test_methods_are_safe_unless_others_are_wanted(site: Site, probe: Probe) -> None:
    probe()
    assert {asked.method for asked in site.asked} == SAFE
    made = probe("--unsafe", "--check", "unknown-method")
    assert {asked.method for asked in site.asked} == {*SAFE, "HTTPLINT"}
    assert made.cell("unknown-method") == ("kept", "")


def test_it_says_who_it_is_and_sends_no_content_but_the_one(site: Site, probe: Probe) -> None:
    probe("--unsafe")
    assert {asked.get("user-agent") for asked in site.asked} == {f"httplint/{__version__} (probe)"}
    assert {asked.get("connection") for asked in site.asked} == {"close"}
    assert [octets.partition(b"\r\n\r\n")[2] for octets in site.octets if not octets.endswith(b"\r\n\r\n")] == [
        b"httplint"]


def test_each_malformed_request_has_the_one_fault(site: Site, probe: Probe) -> None:
    probe()
    wrong = [asked for asked in site.asked if asked.fields.get("host") != [site.host]]
    assert [(asked.method, asked.version, asked.fields.get("host")) for asked in wrong] == [
        ("GET", "HTTP/1.1", None), ("GET", "HTTP/1.1", [site.host, site.host])]
    assert [asked.get("host") for asked in site.asked if asked.version == "HTTP/1.0"] == [site.host]


def test_a_dry_run_asks_nothing(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["probe", "--dry-run", f"{site.base}/a", f"{site.base}/b"]) == 0
    out = capsys.readouterr().out
    assert site.reached == 0
    for url in (f"{site.base}/a", f"{site.base}/b"):
        assert out.splitlines().count(url) == 1
    for check in CHECKS:
        assert out.count(f"  {check.name} ") == 2
    assert "If-None-Match: <its ETag>" in out
    asked = 2 * (len(CHECKS) - len({"redirect", "unknown-method", "http2"}))
    assert f"{asked} requests at most, one after the other, 0.1 s between two; no longer than 600 s" in out
    assert "Nothing was asked." in out


def test_a_dry_run_plans_what_is_asked(site: Site, probe: Probe, capsys: pytest.CaptureFixture[str]) -> None:
    run(["probe", "--dry-run", "--unsafe", site.base])
    planned = [line.split()[1] for line in capsys.readouterr().out.splitlines()
               if line.startswith("  ") and "not asked:" not in line]
    probe("--unsafe")
    assert [asked.method for asked in site.asked] == planned


def test_redirects_are_followed_on_demand_alone(site: Site, probe: Probe) -> None:
    site.answer = redirect(a="/b", b="/c")
    made = probe(urls=("/a",))
    assert made.cell("redirect") == ("not asked", "--follow asks where it leads")
    assert {asked.target for asked in site.asked} == {"/a"}
    site.asked.clear()
    made = probe("--follow", urls=("/a",))
    assert made.cell("redirect") == ("kept", "")
    assert [asked.target for asked in site.asked[:3]] == ["/a", "/b", "/c"]
    assert made.cells()["redirect"]["entries"] == [1, 2]
    assert [row["resource"] for row in made.report["summary"]["matrix"]["rows"]] == [f"{site.base}/a", f"{site.base}/c"]
    assert {asked.target.removeprefix(site.base) for asked in site.asked} == {"/a", "/b", "/c"}
    assert made.cell("head", 1) == ("kept", "")


def test_to_follow_with_one_check_asks_it_where_redirects_end(site: Site, probe: Probe) -> None:
    site.answer = redirect(a="/b")
    probe("--follow", "--check", "head", urls=("/a",))
    assert [(asked.method, asked.target) for asked in site.asked] == [
        ("GET", "/a"), ("GET", "/b"), ("HEAD", "/a"), ("GET", "/b"), ("HEAD", "/b")]


def test_where_redirects_lead_is_probed_once(site: Site, probe: Probe) -> None:
    site.answer = redirect(a="/c", b="/c")
    made = probe("--follow", "--check", "redirect", urls=("/a", "/b", "/c"))
    assert len(made.report["summary"]["matrix"]["rows"]) == 3
    assert [asked.target for asked in site.asked] == ["/a", "/c", "/b", "/c", "/c"]


def test_two_spellings_of_a_uri_are_one_resource(site: Site, probe: Probe) -> None:
    site.answer = redirect(a=f"{site.base}#top")
    made = probe("--follow", "--check", "redirect", urls=("/a", ""))
    assert made.cell("redirect") == ("kept", "")
    assert [row["resource"] for row in made.report["summary"]["matrix"]["rows"]] == [f"{site.base}/a", site.base]


@pytest.mark.parametrize(("leads", "why"), [
    ({"a": "/a"}, "the redirects go round in a circle"),
    ({"a": "/b", "b": "/a"}, "the redirects go round in a circle"),
    ({"a": "/1", **{f"{number}": f"/{number + 1}" for number in range(1, 20)}},
     "more than 10 redirects in a row are not followed"),
])
def test_redirects_without_end(site: Site, probe: Probe, leads: dict[str, str], why: str) -> None:
    site.answer = redirect(**leads)
    made = probe("--follow", "--check", "redirect", urls=("/a",))
    assert made.cell("redirect") == ("not answered", why)
    assert len(site.asked) <= 11


def test_nobody_else_is_asked(site: Site, probe: Probe) -> None:
    with Site() as other:
        for leads in (f"{other.base}/", f"//{other.host}/", f"https://{site.host}/"):
            site.answer = redirect(a=leads, b="/a")
            for path, state in (("/a", "not asked"), ("/b", "kept")):
                cell = probe("--follow", urls=(path,)).cell("redirect")
                scheme = "https" if leads.startswith("https") else "http"
                host = site.host if scheme == "https" else other.host
                assert cell == (state, f"{scheme}://{host} was not named, and is not asked")
        assert other.reached == 0
        made = probe("--follow", "--check", "redirect", urls=("/a", f"http://{other.host}/x"))
        site.answer = redirect(a=f"{other.base}/y")
        made = probe("--follow", "--check", "redirect", urls=("/a", f"http://{other.host}/x"))
        assert made.cell("redirect") == ("kept", "")
        assert [asked.target for asked in other.asked] == ["/x", "/y", "/x", "/y"]


def test_no_more_requests_than_allowed(site: Site, probe: Probe) -> None:
    made = probe("--max-requests", "4", urls=("/a", "/b"))
    assert site.reached == 4
    why = "4 requests were sent, as many as --max-requests allows"
    assert made.cell("if-none-match") == made.cell("get", 1) == ("not asked", why)
    assert made.cell("range-unit") == ("kept", "")
    assert f"nothing more was asked: {why}" in made.err
    assert made.code == 0


def test_no_longer_than_allowed(site: Site, probe: Probe) -> None:
    made = probe("--max-time", "0.4", "--pause", "0.15")
    assert 1 <= site.reached <= 4
    assert made.cell("host-twice") == ("not asked", "0.4 seconds were over, which is --max-time")


@pytest.mark.parametrize(("status", "after", "stops"), [
    ("429 Too Many Requests", "Retry-After: 60", True), ("429 Too Many Requests", "X: y", True),
    ("503 Service Unavailable", "Retry-After: 60", True), ("503 Service Unavailable", "X: y", False)])
def test_a_server_that_asks_for_rest_gets_it(site: Site, probe: Probe, status: str, after: str, stops: bool) -> None:
    site.answer = lambda asked: text(status, after) if asked.method == "HEAD" else sound(asked)
    made = probe(urls=("/a", "/b"))
    why = f"{site.base} asks to wait, by {status[:3]}"
    assert (made.cell("options") == made.cell("get", 1) == ("not asked", why)) is stops
    assert (site.reached == 2) is stops
    assert (f"{why}: it was asked no more" in made.err) is stops


def test_a_server_that_falls_silent_is_left_alone(site: Site, probe: Probe) -> None:
    site.answer = lambda asked: sound(asked) if len(site.asked) == 1 else None
    made = probe()
    assert site.reached == 5
    assert made.cell("host-twice") == ("not asked", "4 requests in a row were not answered")


@pytest.mark.usefixtures("interruptible")
def test_a_stop_by_the_user_ends_with_a_report(site: Site, probe: Probe) -> None:
    def answer(asked: Asked) -> bytes:
        if len(site.asked) == 3:
            signal.raise_signal(signal.SIGINT)
        return sound(asked)

    site.answer = answer
    made = probe()
    assert made.code == 130
    assert made.cell("head") == ("kept", "")
    assert made.cell("host-twice") == ("not asked", "it was interrupted")
    assert made.report["summary"]["entries"]["linted"] in (2, 3)


def test_no_server_at_all(probe: Probe) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    made = probe(urls=(f"http://127.0.0.1:{port}/",))
    assert made.code == 2
    state, why = made.cell("get")
    assert (state, why) == ("not answered", "cannot be asked: Connection refused")


@pytest.mark.parametrize("url", ["ftp://a/", "http://a:b@c/", "a.example", "http://a b/"])
def test_what_is_no_url(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["probe", "--isolated", url]) == 2
    assert capsys.readouterr().err.startswith("httplint: ")


def test_an_unknown_check_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["probe", "--check", "head,rang", "http://127.0.0.1:9/"]) == 2
    assert "there is no check 'rang'; did you mean 'range'?" in capsys.readouterr().err


def test_a_url_that_is_named_twice_is_probed_once(site: Site, probe: Probe) -> None:
    probe("--check", "head", urls=("/a", "/a#b", "/a"))
    assert site.reached == 2
