"""Credentials go to the host that they belong to, and nowhere else: no other host, no report, no error."""
from __future__ import annotations

import base64
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from planting import Garden
from site_on_loopback import Asked, Site, response, sound

from httplint.cli import credentials
from httplint.cli.main import run
from httplint.report.formats import FORMATS

Probe = Callable[..., Any]
GET = ("--check", "get")


@pytest.fixture
def other() -> Iterator[Site]:
    with Site() as made:
        yield made


@pytest.fixture
def netrc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "a netrc"
        path.write_text(text, "utf-8")
        monkeypatch.setenv("NETRC", str(path))
        return path
    return write


def sent(site: Site, name: str = "authorization") -> set[str]:
    return {asked.get(name) for asked in site.asked}


@pytest.mark.parametrize(("said", "field"), [
    ("Aladdin:open sesame", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),       # RFC 7617 §2
    ("test:123\u00a3", "Basic dGVzdDoxMjPCow=="),                        # RFC 7617 §2.1
    ("user:a:b:", "Basic dXNlcjphOmI6"), (":", "Basic Og==")])
def test_basic(site: Site, probe: Probe, said: str, field: str) -> None:
    probe("--auth", said, *GET)
    assert sent(site) == {field}


def test_a_password_is_asked_for_on_a_terminal(site: Site, probe: Probe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("getpass.getpass", lambda prompt: "open sesame")
    monkeypatch.setattr("sys.stdin", type("Terminal", (), {"isatty": lambda self: True})())
    probe("--auth", "Aladdin", *GET)
    assert sent(site) == {"Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="}


def test_a_token_of_the_environment(site: Site, probe: Probe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_TOKEN", " mF_9.B5f-4.1JqM\n")
    probe("--bearer-env", "API_TOKEN", *GET)
    assert sent(site) == {"Bearer mF_9.B5f-4.1JqM"}        # RFC 6750 §2.1


def test_fields_of_a_file(site: Site, probe: Probe, tmp_path: Path) -> None:
    path = tmp_path / "fields"
    path.write_text("X-Api-Key: abc\r\n\nAccept: text/html\nUser-Agent: me\n", "utf-8")
    probe("--header", f"@{path}", "--header", "X-More: 1", *GET)
    assert [sent(site, name) for name in ("x-api-key", "accept", "user-agent", "x-more")] == [
        {"abc"}, {"text/html"}, {"me"}, {"1"}]


def test_each_request_has_them_but_trace(site: Site, probe: Probe) -> None:
    probe("--auth", "a:b")
    assert {asked.method for asked in site.asked if not asked.get("authorization")} == {"TRACE"}


def test_what_fetch_sends(site: Site, monkeypatch: pytest.MonkeyPatch, netrc: Any) -> None:
    monkeypatch.setenv("T", "abc")
    netrc("machine 127.0.0.1 login a password b")
    for said in (("--auth", "x:y"), ("--bearer-env", "T"), ("--netrc",), ("--header", "Authorization: z")):
        assert run(["fetch", site.base, "--isolated", *said]) == 0
    assert [asked.get("authorization") for asked in site.asked] == ["Basic eDp5", "Bearer abc", "Basic YTpi", "z"]


# -- netrc

def test_netrc_on_demand_alone(site: Site, probe: Probe, netrc: Any) -> None:
    netrc("machine 127.0.0.1 login alice password wonder\nmachine a.example login x password y\n")
    probe(*GET)
    assert sent(site) == {""}
    site.asked.clear()
    probe("--netrc", *GET)
    assert sent(site) == {f"Basic {base64.b64encode(b'alice:wonder').decode()}"}


def test_what_is_said_on_the_command_line_goes_before(site: Site, probe: Probe, netrc: Any) -> None:
    netrc("machine 127.0.0.1 login alice password wonder")
    probe("--netrc", "--auth", "a:b", *GET)
    assert sent(site) == {"Basic YTpi"}
    site.asked.clear()
    probe("--netrc", "--header", "authorization: mine", *GET)
    assert sent(site) == {"mine"}


def test_what_is_said_for_all_hosts_is_said_for_none(site: Site, netrc: Any,
                                                     capsys: pytest.CaptureFixture[str]) -> None:
    netrc("default login alice password wonder")
    assert run(["probe", site.base, "--isolated", "--netrc"]) == 2
    assert "--netrc: the file has no entry for 127.0.0.1" in capsys.readouterr().err
    assert site.reached == 0


@pytest.mark.parametrize(("text", "why"), [
    ("machine 127.0.0.1 login alice password sup3rsecret oops", "line 1: not as a netrc file is written"),
    ("\nsup3rsecret", "line 2: not as a netrc file is written"),
    ("machine a.example login x password sup3rsecret", "no entry for 127.0.0.1")])
def test_a_broken_netrc_is_not_quoted(site: Site, capsys: pytest.CaptureFixture[str], netrc: Any, text: str,
                                      why: str) -> None:
    netrc(text)
    assert run(["probe", site.base, "--isolated", "--netrc"]) == 2
    said = capsys.readouterr()
    assert why in said.err
    assert "sup3r" not in said.out + said.err


def test_a_netrc_that_is_not_there(site: Site, capsys: pytest.CaptureFixture[str], tmp_path: Path,
                                   monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETRC", str(tmp_path / "none"))
    assert run(["probe", site.base, "--isolated", "--netrc"]) == 2
    assert "cannot be read: No such file or directory" in capsys.readouterr().err


@pytest.mark.skipif(os.name != "posix", reason="files have modes on POSIX")
def test_a_netrc_that_others_may_read(site: Site, capsys: pytest.CaptureFixture[str], tmp_path: Path,
                                      monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NETRC", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    path = tmp_path / ".netrc"
    path.write_text("machine 127.0.0.1 login alice password wonder", "utf-8")
    path.chmod(0o644)
    assert run(["probe", site.base, "--isolated", "--netrc"]) == 2
    assert f"chmod 600 {path}" in capsys.readouterr().err
    path.chmod(0o600)
    assert run(["probe", site.base, "--isolated", "--netrc", "--pause", "0", *GET]) == 0
    assert sent(site) == {"Basic YWxpY2U6d29uZGVy"}


# -- whose they are

@pytest.mark.parametrize("said", [("--auth", "a:b"), ("--header", "Authorization: Basic YTpi"),
                                  ("--header", "Cookie: sid=8f3kZq9vXw2"), ("--header", "X-Api-Key: 8f3kZq9vXw2")])
@pytest.mark.parametrize("verb", ["probe", "fetch"])
def test_credentials_are_for_one_host(site: Site, other: Site, capsys: pytest.CaptureFixture[str],
                                      said: tuple[str, str], verb: str) -> None:
    assert run([verb, site.base, other.base, "--isolated", *said]) == 2
    assert (f"credentials belong to one host, and 2 are asked ({site.base}, {other.base}): ask one after the other"
            in capsys.readouterr().err)
    assert site.reached == other.reached == 0


def test_other_fields_are_for_all(site: Site, other: Site, probe: Probe) -> None:
    probe("--header", "Accept-Language: de", *GET, urls=("/", other.base))
    assert sent(site, "accept-language") == sent(other, "accept-language") == {"de"}


def test_a_redirect_to_the_same_origin_takes_them_along(site: Site, probe: Probe) -> None:
    site.answer = lambda asked: response("302 Found", b"", "Location: /b") if asked.target == "/a" else sound(asked)
    probe("--follow", "--auth", "a:b", "--check", "redirect", urls=("/a",))
    assert {(asked.target, asked.get("authorization")) for asked in site.asked} >= {("/b", "Basic YTpi")}
    assert sent(site) == {"Basic YTpi"}


def test_a_redirect_to_another_origin_does_not(site: Site, other: Site, probe: Probe, netrc: Any) -> None:
    """127.0.0.1 is named in the file; where the redirect leads is another port of it, which is asked without."""
    netrc("machine 127.0.0.1 login alice password wonder")
    site.answer = lambda asked: response("302 Found", b"", f"Location: {other.base}/there")
    probe("--follow", "--netrc", "--check", "redirect", urls=("/a", f"{other.base}/own"))
    assert sent(site) == {"Basic YWxpY2U6d29uZGVy"}
    assert [asked.get("authorization") for asked in other.asked if asked.target == "/there"][:1] == [""]


@pytest.mark.parametrize("leads", ["<sitemapindex><sitemap><loc>{}</loc></sitemap></sitemapindex>",
                                   "<urlset><url><loc>{}</loc></url></urlset>"])
def test_where_a_sitemap_leads_gets_none(site: Site, other: Site, capsys: pytest.CaptureFixture[str],
                                         leads: str) -> None:
    site.answer = lambda asked: response("200 OK", leads.format(f"{other.base}/x").encode())
    code = run(["probe", "--sitemap", f"{site.base}/sitemap.xml", "--host", other.host, "--isolated", "--pause", "0",
                "--auth", "a:b"])
    assert code == 2
    assert "credentials belong to one host, and 2 are asked" in capsys.readouterr().err
    assert sent(site) == {"Basic YTpi"}
    assert other.reached == 0


# -- what is said of them

@pytest.mark.parametrize(("said", "why"), [
    (("--auth", "sup3rsecret"), "a password alone is asked for on a terminal only"),
    (("--auth", "a:sup3r\r\nsecret: x"), "what --auth says holds control characters"),
    (("--bearer-env", "sup3rsecret"), "the environment has no variable that --bearer-env names"),
    (("--bearer-env", "SPACED"), "the variable that --bearer-env names holds no token"),
    (("--header", "Authorization sup3rsecretb3arer"), "--header: expected 'Name: value'"),
    (("--header", "@{file}"), "fields, line 2: expected 'Name: value'"),
    (("--header", "@/nowhere"), "@/nowhere: cannot be read: No such file or directory"),
    (("--auth", "a:sup3rsecret", "--header", "Authorization: Bearer sup3rsecret"), "Authorization is said twice"),
    (("--auth", "a:sup3rsecret", "--bearer-env", "SPACED"), "not allowed with argument"),
])
def test_no_error_quotes_them(site: Site, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
                              tmp_path: Path, said: tuple[str, ...], why: str) -> None:
    monkeypatch.setenv("SPACED", "sup3r secret")
    monkeypatch.setattr("sys.stdin", None)
    path = tmp_path / "fields"
    path.write_text("X: 1\nsup3rsecret\n", "utf-8")
    for verb in ("probe", "fetch"):
        try:
            code = run([verb, site.base, "--isolated", *(one.format(file=path) for one in said)])
        except SystemExit as end:
            code = int(end.code or 0)
        told = capsys.readouterr()
        assert code == 2
        assert why in told.err
        assert "sup3r" not in told.out + told.err
    assert site.reached == 0


def test_no_report_shows_them(site: Site, capsys: pytest.CaptureFixture[str], tmp_path: Path,
                              monkeypatch: pytest.MonkeyPatch) -> None:
    """They are sent back in fields, contents and reason phrases, whole and in parts, with faults that quote them."""
    g = Garden()
    password, token, key = g("the password"), g("the token"), g("a key of a file")
    pair = base64.b64encode(f"alice:{password}".encode()).decode()
    g.planted[pair] = "the credentials"
    monkeypatch.setenv("TOKEN", token)
    path = tmp_path / "fields"
    path.write_text(f"X-Api-Key: {key}\n", "utf-8")

    def echo(asked: Asked) -> bytes:
        said = asked.get("authorization").partition(" ")[2]
        plain = base64.b64decode(said).decode() if said == pair else said
        return response(f"200 {said}", f'{{"you": "{plain}", "key": "{asked.get("x-api-key")}" broken'.encode(),
                        "Content-Type: application/json", f"ETag: {said}", f"Set-Cookie: a={plain}; Expires=never",
                        f"Location: http://alice@127.0.0.1:9/{said} x", f"X: {plain}", f"Vary: {said} {key}")

    site.answer = echo
    for number, said in enumerate((("--auth", f"alice:{password}"), ("--bearer-env", "TOKEN"))):
        files = {name: tmp_path / f"{name}.{number}" for name in (*FORMATS, "har")}
        outputs = [f"--output={name}:{files[name]}" for name in FORMATS]
        arguments = ["probe", f"{site.base}/a", "--isolated", "--pause", "0", "--show", "not-evaluated", "--header",
                     f"@{path}", *said]
        assert run([*arguments, "--save", str(files["har"]), "--profile", "strict", "--statistics", *outputs]) == 1
        assert run([*arguments, "--dry-run"]) == 0
        told = capsys.readouterr()
        texts = {"stdout": told.out, "stderr": told.err}
        texts |= {name: file.read_text("utf-8") for name, file in files.items()}
        assert {name: g.shown(text) for name, text in texts.items() if g.shown(text)} == {}
        assert "with Authorization: " in told.out
    assert len(site.asked) > 40


def test_no_problem_shows_them(capsys: pytest.CaptureFixture[str]) -> None:
    g = Garden()
    assert run(["probe", "http://127.0.0.1:9/", "--isolated", "--auth", f"alice:{g('password')}"]) == 2
    told = capsys.readouterr()
    assert g.shown(told.out + told.err) == {}


def test_a_login_without_password() -> None:
    assert credentials._encoded("alice", "") == "Basic YWxpY2U6"
