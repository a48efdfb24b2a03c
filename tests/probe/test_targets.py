"""Where the URLs to probe come from, and who is never asked: what nobody has named."""
from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from describing import api
from har_maker import entry, har_of
from hypothesis import given
from hypothesis import strategies as st
from site_on_loopback import Asked, Site, response, sound, text

from httplint.capture.fetching import Unfit
from httplint.cli.main import run
from httplint.probe import sitemap
from httplint.probe.target import ProbeTarget
from httplint.probe.targets import Askable, Candidate, Gathered

Probe = Callable[..., Any]


@pytest.fixture
def plan(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, list[str], str]]:
    """Exit status, the URLs that would be asked, all that was said."""
    def call(*arguments: str) -> tuple[int, list[str], str]:
        code = run(["probe", "--dry-run", "--isolated", "--pause", "0", "--check", "get", *arguments])
        said = capsys.readouterr()
        return code, [line.split()[0] for line in said.out.splitlines() if line.startswith("http")
                      and "not asked" not in line], said.out + said.err
    return call


def capture(directory: Path, *urls: str, method: str = "GET", name: str = "a.har") -> str:
    path = directory / name
    path.write_text(json.dumps(har_of(*(entry(request={"url": url, "method": method}) for url in urls))), "utf-8")
    return str(path)


def written(directory: Path, content: str | bytes, name: str = "sitemap.xml") -> str:
    path = directory / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


def urlset(*urls: str) -> str:
    return ('<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
            + "".join(f"<url>\n  <loc>{url}</loc><lastmod>2026-01-01</lastmod></url>" for url in urls) + "</urlset>")


# -- captures

def test_each_url_of_a_capture_once_in_order(tmp_path: Path, plan: Any) -> None:
    har = capture(tmp_path, "https://a.example/b", "https://a.example/a#x", "https://a.example/b", "https://a.example/a",
                  "http://a.example/a")
    assert plan("--from", har, "--host", "a.example")[:2] == (
        0, ["https://a.example/b", "https://a.example/a", "http://a.example/a"])


def test_what_was_asked_safely_alone(tmp_path: Path, plan: Any) -> None:
    asked = [capture(tmp_path, f"https://a.example/{method}", method=method, name=f"{method}.har")
             for method in ("GET", "HEAD", "POST", "DELETE", "OPTIONS", "get")]
    assert plan(*(f"--from={one}" for one in asked), "--host", "a.example")[1] == [
        "https://a.example/GET", "https://a.example/HEAD", "https://a.example/get"], "browsers write get for GET"


def test_captures_of_a_directory_and_of_another_kind(tmp_path: Path, plan: Any) -> None:
    capture(tmp_path, "https://a.example/a")
    octets = written(tmp_path, b"GET /b HTTP/1.1\r\nHost: a.example\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n", "b.txt")
    assert plan("--from", str(tmp_path), "--from", octets, "--host", "a.example")[1] == [
        "https://a.example/a", "http://a.example/b"]


STRANGE = ("http://169.254.169.254/latest/meta-data/", "http://localhost:6379/", "http://127.0.0.1/admin",
           "http://[::1]/", "https://cdn.example/x", "https://a.example.evil.example/", "https://evil.example/a.example")


def test_nobody_is_asked_whom_nobody_named(tmp_path: Path, plan: Any) -> None:
    har = capture(tmp_path, "https://a.example/", *STRANGE, "https://cdn.example/y")
    code, urls, said = plan("--from", har, "--host", "a.example")
    assert (code, urls) == (0, ["https://a.example/"])
    assert "https://cdn.example:443 was not named, and is not asked: 2 URLs (--host cdn.example:443 asks it)" in said
    assert "http://169.254.169.254:80 was not named, and is not asked: 1 URL (" in said


def test_a_capture_of_one_host_does_not_name_it(tmp_path: Path, plan: Any) -> None:
    code, urls, said = plan("--from", capture(tmp_path, "https://a.example/"))
    assert (code, urls) == (2, [])
    assert "nothing to ask: https://a.example:443 was not named" in said


def test_what_a_note_tells_to_type_works(tmp_path: Path, plan: Any) -> None:
    har = capture(tmp_path, "https://a.example/", "http://b.example:8080/")
    assert plan("--from", har, "--host", "a.example:443", "--host", "b.example:8080")[1] == [
        "https://a.example/", "http://b.example:8080/"]


def test_a_url_names_its_origin_and_no_other(tmp_path: Path, plan: Any) -> None:
    har = capture(tmp_path, "https://a.example/b", "http://a.example/b", "https://a.example:8443/b")
    assert plan("https://a.example/", "--from", har)[1] == ["https://a.example/", "https://a.example/b"]


def test_the_hosts_of_the_project_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = tmp_path / "httplint.toml"
    settings.write_text('first-party = ["*.shop.example"]', "utf-8")
    har = capture(tmp_path, "https://www.shop.example/a", "https://cdn.example/x")
    assert run(["probe", "--dry-run", "--config", str(settings), "--from", har]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines() if line.startswith("https://www")] == [
        "https://www.shop.example/a"]


def test_no_more_than_are_wanted(tmp_path: Path, plan: Any) -> None:
    har = capture(tmp_path, *(f"https://a.example/{number}" for number in range(30)))
    _, urls, said = plan("https://a.example/named", "--from", har, "--max-urls", "3")
    assert urls == ["https://a.example/named", *(f"https://a.example/{number}" for number in range(3))]
    assert "there are more than 3 URLs: the first are asked (--max-urls)" in said


@pytest.mark.parametrize("url", ["https://a.example/\r\nX-Evil: 1", "https://a.example/a b", "https://u:p@a.example/",
                                 "https://a.example:99999999/", "https://a.example\\@evil.example/", "https:///x",
                                 "https://a.example/?token=%5Bmasked%201%5D"])
def test_urls_that_are_none(tmp_path: Path, plan: Any, url: str) -> None:
    _, urls, said = plan("--from", capture(tmp_path, url, "https://a.example/"), "--host", "a.example")
    assert urls == ["https://a.example/"]
    assert "is not asked: " in said
    assert "\r" not in said
    assert not any(line.startswith("X-Evil") for line in said.splitlines())


@pytest.mark.parametrize(("content", "why"), [(None, "no such file"), (b"", "the file is empty"),
                                              (b"{", "nothing to ask"), (b"hello", "nothing to ask")])
def test_captures_that_are_none(tmp_path: Path, plan: Any, content: bytes | None, why: str) -> None:
    path = str(tmp_path / "none.har") if content is None else written(tmp_path, content, "x.har")
    code, urls, said = plan("--from", path, "--host", "a.example")
    assert (code, urls) == (2, [])
    assert why in said.lower()


def test_a_capture_that_is_broken_is_told(tmp_path: Path, site: Site, probe: Probe, plan: Any) -> None:
    har = Path(capture(tmp_path, f"{site.base}/a", f"{site.base}/b"))
    har.write_text(har.read_text("utf-8")[:-2], "utf-8")
    made = probe("--from", str(har), "--check", "get", urls=("/",))
    assert made.code == 2
    assert [one["path"] for one in made.report["summary"]["problems"]] == [str(har)]
    assert [asked.target for asked in site.asked] == ["/", "/a", "/b"]
    assert plan("--from", str(har), "--host", site.host)[0] == 2


# -- sitemaps

def test_a_sitemap_in_a_file(tmp_path: Path, plan: Any) -> None:
    path = written(tmp_path, urlset("https://a.example/", "https://a.example/?b=1&amp;c=2", "https://evil.example/"))
    code, urls, said = plan("--sitemap", path, "--host", "a.example")
    assert (code, urls) == (0, ["https://a.example/", "https://a.example/?b=1&c=2"])
    assert "https://evil.example:443 was not named" in said


def test_a_packed_sitemap_in_another_namespace(tmp_path: Path, plan: Any) -> None:
    path = written(tmp_path, gzip.compress(
        b'<s:urlset xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9"><s:url><s:loc> https://a.example/a '
        b'</s:loc><i:image xmlns:i="x"><i:loc>https://a.example/picture</i:loc></i:image></s:url></s:urlset>'),
        "sitemap.xml.gz")
    assert plan("--sitemap", path, "--host", "a.example")[1] == ["https://a.example/a"]


def test_a_sitemap_of_a_server(site: Site, plan: Any) -> None:
    other = "http://127.0.0.2:1/"

    def answer(asked: Asked) -> bytes:
        index = f"<sitemapindex>{''.join(f'<sitemap><loc>{site.base}/{name}</loc></sitemap>' for name in 'ab')}"
        found = {"/sitemap.xml": f"{index}</sitemapindex>", "/a": urlset(f"{site.base}/1", other),
                 "/b": urlset(f"{site.base}/2")}
        return response("200 OK", found[asked.target].encode(), "Content-Type: application/xml")

    site.answer = answer
    code, urls, said = plan("--sitemap", f"{site.base}/sitemap.xml")
    assert (code, urls) == (0, [f"{site.base}/1", f"{site.base}/2"])
    assert "http://127.0.0.2:1 was not named" in said
    assert "Nothing was asked but sitemaps." in said
    assert [asked.target for asked in site.asked] == ["/sitemap.xml", "/a", "/b"]
    assert {asked.method for asked in site.asked} == {"GET"}
    assert site.asked[0].get("user-agent").endswith("(probe)")


def test_a_pause_between_sitemaps(site: Site, monkeypatch: pytest.MonkeyPatch,
                                  capsys: pytest.CaptureFixture[str]) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("httplint.probe.targets.time", SimpleNamespace(sleep=pauses.append))
    inner = f"<sitemap><loc>{site.base}/a</loc></sitemap><sitemap><loc>{site.base}/b</loc></sitemap>"
    index = f"<sitemapindex>{inner}</sitemapindex>"
    site.answer = lambda asked: response("200 OK", (
        index if asked.target == "/" else urlset(site.base + asked.target)).encode())
    assert run(["probe", "--dry-run", "--isolated", "--pause", "1.5", "--sitemap", f"{site.base}/"]) == 0
    assert pauses == [1.5, 1.5]


def test_an_index_leads_to_no_stranger(site: Site, plan: Any) -> None:
    site.answer = lambda asked: response(
        "200 OK", b"<sitemapindex><sitemap><loc>http://127.0.0.2:1/x</loc></sitemap></sitemapindex>")
    code, urls, said = plan("--sitemap", f"{site.base}/sitemap.xml")
    assert (code, urls) == (2, [])
    assert "http://127.0.0.2:1/x: http://127.0.0.2:1 was not named, and is not asked" in said


def test_a_sitemap_that_is_not_there(site: Site, plan: Any) -> None:
    site.answer = lambda asked: text("404 Not Found")
    code, _, said = plan("--sitemap", f"{site.base}/sitemap.xml")
    assert code == 2
    assert f"{site.base}/sitemap.xml: it was answered with 404" in said


LAUGHS = '<!DOCTYPE lolz [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)) + "]>"


@pytest.mark.parametrize(("content", "why"), [
    (LAUGHS + "<urlset><url><loc>&i;</loc></url></urlset>", ":1: it declares a document type"),
    ('<!DOCTYPE x SYSTEM "file:///etc/passwd"><urlset/>', ":1: it declares a document type"),
    ("<urlset><url><loc>&undeclared;</loc></url></urlset>", ":1: no XML: undefined entity"),
    ("<html>\n<body/></html>", ":1: no sitemap: expected <urlset> or <sitemapindex>, got <html>"),
    ("<urlset>\n<url>", ":2: no XML: no element found"),
    ("not xml", ":1: no XML: syntax error"),
    ('<?xml version="1.0" encoding="EBCDIC-FR"?><urlset/>', ":1: unknown encoding: EBCDIC-FR"),
    ("", ":1: no XML: no element found"),
    ("<urlset></urlset>", "nothing to ask"),
    ("<sitemapindex><sitemap><loc>/etc/hosts</loc></sitemap></sitemapindex>", "'/etc/hosts': expected http"),
    ("<sitemapindex><sitemap><loc>file:///etc/hosts</loc></sitemap></sitemapindex>", "expected http"),
])
def test_sitemaps_that_are_none(tmp_path: Path, plan: Any, content: str, why: str) -> None:
    code, urls, said = plan("--sitemap", written(tmp_path, content), "--host", "a.example")
    assert (code, urls) == (2, [])
    assert why in said


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "https://a.example/\r\nX: y", "/relative",
                                 "https://a.example/" + "x" * 3000, "", "ftp://a.example/"])
def test_urls_of_sitemaps_that_are_none(tmp_path: Path, plan: Any, url: str) -> None:
    code, urls, said = plan("--sitemap", written(tmp_path, urlset(url, "https://a.example/")), "--host", "a.example")
    assert (code, urls) == (0, ["https://a.example/"])
    assert "is not asked: " in said


def test_an_endless_sitemap_ends(tmp_path: Path, plan: Any) -> None:
    many = urlset(*(f"https://a.example/{number}" for number in range(100_000)))
    assert len(plan("--sitemap", written(tmp_path, many), "--host", "a.example", "--max-urls", "5")[1]) == 5


def test_a_deep_sitemap(tmp_path: Path, plan: Any) -> None:
    deep = f"<urlset>{'<a>' * 100_000}{'</a>' * 100_000}<url><loc>https://a.example/</loc></url></urlset>"
    assert plan("--sitemap", written(tmp_path, deep), "--host", "a.example")[1] == ["https://a.example/"]


@given(st.binary(max_size=200) | st.lists(st.sampled_from([
    b"<urlset>", b"<url>", b"<loc>", b"</loc>", b"</url>", b"</urlset>", b"<sitemapindex>", b"https://a.example/",
    b"&amp;", b"&x;", b"<![CDATA[", b"]]>", b"\xff", b"<!--", b"-->"]), max_size=12).map(b"".join))
def test_any_octets(octets: bytes) -> None:
    def fetched(url: str) -> bytes:
        return octets

    try:
        assert all(isinstance(url, str) for url in sitemap.urls("https://a.example/sitemap.xml", fetched))
    except Unfit as error:
        assert "a.example" in str(error) or "://" not in str(error)


# -- descriptions

PETS = api({"/pets": {"get": {}, "post": {}},
            "/pets/{id}": {"get": {"parameters": [
                {"name": "id", "in": "path", "required": True, "example": 7},
                {"name": "X-Tenant", "in": "header", "required": True, "example": "blue"}]}},
            "/owners/{id}": {"get": {"operationId": "owner"}}}, servers=[{"url": "https://api.example/v2"}])


def test_the_operations_of_an_api(tmp_path: Path, site: Site, probe: Probe) -> None:
    path = written(tmp_path, json.dumps(PETS), "api.json")
    made = probe("--api", path, "--server", site.base, "--check", "get", urls=())
    assert [(asked.method, asked.target, asked.get("x-tenant")) for asked in site.asked] == [
        ("GET", "/v2/pets", ""), ("GET", "/v2/pets/7", "blue")]
    assert made.report["summary"]["notes"] == ["GET /v2/owners/{id} is not asked: nothing describes {id}"]
    assert [one["seen"] for one in made.report["summary"]["operations"] if one["method"] == "GET"][:1] != []


@pytest.mark.parametrize(("server", "url"), [
    ("http://127.0.0.1:1", "http://127.0.0.1:1/v2/pets"), ("http://127.0.0.1:1/", "http://127.0.0.1:1/pets"),
    ("http://127.0.0.1:1/staging/", "http://127.0.0.1:1/staging/pets")])
def test_where_the_api_is(tmp_path: Path, plan: Any, server: str, url: str) -> None:
    path = written(tmp_path, json.dumps(PETS), "api.json")
    assert plan("--api", path, "--server", server)[1][0] == url


def test_a_description_does_not_say_who_is_asked(tmp_path: Path, plan: Any) -> None:
    path = written(tmp_path, json.dumps(PETS), "api.json")
    code, urls, said = plan("--api", path)
    assert (code, urls) == (2, [])
    assert "--server for the operations of --api" in said
    assert plan("--api", path, "http://127.0.0.1:1/x")[1] == ["http://127.0.0.1:1/x"]


@pytest.mark.parametrize(("arguments", "why"), [
    (("--server", "http://a.example"), "--server: name a description of the API, too"),
    (("--server", "ftp://a.example", "--api", "x"), "expected http:// or https://"),
    (("--server", "http://a.example?x=1", "--api", "{api}"), "a server has no query"),
    (("--server", "http://a.example", "--api", "/nowhere.yaml"), "No such file"),
    (("--from", "x.har", "--host", "a/b"), "--host: 'a/b': expected a host"),
    ((), "nothing to ask: name URLs"),
])
def test_what_cannot_be(tmp_path: Path, plan: Any, arguments: tuple[str, ...], why: str) -> None:
    path = written(tmp_path, json.dumps(PETS), "api.json")
    code, urls, said = plan(*(one.format(api=path) for one in arguments))
    assert (code, urls) == (2, [])
    assert why in said


def test_a_server_with_a_variable_without_a_value(tmp_path: Path, plan: Any) -> None:
    said = api({"/a": {"get": {}}}, servers=[{"url": "https://api.example/{part}"}])
    path = written(tmp_path, json.dumps(said), "api.json")
    assert "GET /{part}/a is not asked: its server has a variable without a value" in plan(
        "--api", path, "--server", "http://a.example")[2]
    assert plan("--api", path, "--server", "http://a.example/v1")[1] == ["http://a.example/v1/a"]


def test_a_field_that_breaks_out_is_not_sent(tmp_path: Path, plan: Any) -> None:
    said = api({"/a": {"get": {"parameters": [{"name": "X", "in": "header", "required": True,
                                               "example": "1\r\nHost: evil.example"}]}}})
    path = written(tmp_path, json.dumps(said), "api.json")
    assert "GET /a is not asked: the example of a field cannot be sent" in plan(
        "--api", path, "--server", "http://a.example")[2]


# -- what is told

NOBODY = Askable([], lambda host: False)


def test_what_was_left_out_is_counted() -> None:
    found = Gathered()
    found.take([*(Candidate(f"http://h{number % 15}.example/") for number in range(20)),
                *(Candidate(f"op {number}", lacks="no example") for number in range(12))], NOBODY, 9)
    notes = list(found.notes(9))
    assert notes[:1] == ["op 0 is not asked: no example"]
    assert "2 others are not asked either" in notes
    assert notes[-1] == "5 URLs of other hosts, which were not named, are not asked"
    assert len(notes) == 10 + 1 + 10 + 1


def test_strangers_without_end_are_counted() -> None:
    found = Gathered()
    found.take((Candidate(f"http://h{number}.example/") for number in (*range(1500), 0, 0)), NOBODY, 9)
    assert len(found.strangers) == 1000
    assert found.strangers["http://h0.example:80"] == 3
    assert list(found.notes(9))[-1] == "1490 URLs of other hosts, which were not named, are not asked"


def test_a_note_is_short() -> None:
    found = Gathered()
    found.take([Candidate("x" * 100_000), Candidate("y" * 100_000, lacks="z" * 100_000)], NOBODY, 9)
    assert list(found.notes(9)) == [f"{'x' * 200} is not asked: expected http:// or https:// and a host",
                                    f"{'y' * 200} is not asked: {'z' * 200}"]


def test_fields_go_along() -> None:
    found = Gathered()
    hosts = Askable([("http", "a.example", 80)], lambda host: False)
    found.take([Candidate("http://a.example/", "x", (("X", "1"),))], hosts, 1)
    (target,) = found.targets.values()
    assert isinstance(target, ProbeTarget)
    assert (target.fields, target.source) == ((("X", "1"),), "x")


def test_a_sound_site_is_sound(site: Site, probe: Probe, tmp_path: Path) -> None:
    site.answer = sound
    assert probe("--from", capture(tmp_path, f"{site.base}/a", f"{site.base}/b"), urls=("/",)).code == 0
    assert {asked.target.removeprefix(site.base) for asked in site.asked} == {"/", "/a", "/b"}
