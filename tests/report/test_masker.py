"""No secret leaves the program: planted anew in many places, looked for in everything that is written."""
from __future__ import annotations

import http.server
import io
import json
import logging
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from doubling import growth
from hypothesis import given
from hypothesis import strategies as st
from planting import HOST, Garden, garden
from reporting import place_of, record
from serving import serving

from httplint import Exchange, Request, Response
from httplint.cli import progress
from httplint.cli.main import run
from httplint.cli.progress import Progress
from httplint.engine.report import Report
from httplint.library import lint
from httplint.middleware import WSGI
from httplint.report import masker as masking
from httplint.report.formats import FORMATS
from httplint.report.masker import MASK, PLAIN, Masker


@pytest.fixture(scope="module")
def planted() -> Garden:
    return garden()


def test_there_are_many(planted: Garden) -> None:
    assert len(planted.planted) > 130


@pytest.mark.parametrize("profile", ["default", "strict"])
def test_no_format_shows_a_secret(planted: Garden, profile: str, tmp_path: Path,
                                  capsys: pytest.CaptureFixture[str]) -> None:
    outputs = [f"--output={name}:{tmp_path / name}" for name in FORMATS]
    code = run(["check", planted.har(tmp_path), "--isolated", "--profile", profile, "--show", "not-evaluated",
                "--statistics", *outputs])
    assert code == 1
    said = capsys.readouterr()
    for name, text in [("stdout", said.out), ("stderr", said.err),
                       *((name, (tmp_path / name).read_text("utf-8")) for name in FORMATS)]:
        assert planted.shown(text) == {}, name
        assert "masked" in text or not text or name == "stderr", name


def test_a_result_with_secrets_is_masked_when_it_is_read(planted: Garden, tmp_path: Path,
                                                         capsys: pytest.CaptureFixture[str]) -> None:
    raw, masked = str(tmp_path / "raw.json"), str(tmp_path / "masked.json")
    run(["check", planted.har(tmp_path), "--isolated", "--show-secrets", "--output", f"json:{raw}"])
    assert len(planted.shown(Path(raw).read_text("utf-8"))) > 100
    capsys.readouterr()
    run(["report", "--from", raw, "--statistics", "--output", f"json:{masked}", *(
        f"--output={name}:{tmp_path / name}" for name in FORMATS)])
    said = capsys.readouterr()
    for text in (said.out, said.err, *((tmp_path / name).read_text("utf-8") for name in FORMATS)):
        assert planted.shown(text) == {}
    assert run(["report", "--diff", raw, masked]) == 0, "kinds do not depend on what is masked"
    assert run(["report", "--from", masked, "--output-format", "json"]) == 0
    again = capsys.readouterr().out.partition("\n")[2]
    assert json.loads(again) == json.loads(Path(masked).read_text("utf-8")), "what is masked stays as it is"
    baseline = tmp_path / "baseline.json"
    run(["baseline", "create", "--from", raw, "--isolated", "--baseline", str(baseline)])
    assert planted.shown(baseline.read_text("utf-8")) == {}
    assert run(["baseline", "check", "--from", masked, "--isolated", "--baseline", str(baseline)]) == 0


@pytest.mark.parametrize("rule", ["set-cookie.", "digest", "location", "field.", "trace.", "authenticat", "websocket"])
def test_the_trace_shows_no_secret(planted: Garden, rule: str, tmp_path: Path,
                                   capsys: pytest.CaptureFixture[str]) -> None:
    run(["explain", rule, "--trace", planted.har(tmp_path), "--isolated"])
    said = capsys.readouterr()
    assert planted.shown(said.out + said.err) == {}


class Answer(http.server.BaseHTTPRequestHandler):
    """Sends a secret back."""

    def do_GET(self) -> None:
        self.send_response(405)
        self.send_header("Set-Cookie", self.headers.get("Authorization", "").replace(" ", "=") + "; Expires=bad")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


@pytest.fixture
def address() -> Iterator[str]:
    with serving(Answer) as found:
        yield found


def test_fetch_shows_no_secret(address: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    g = Garden()
    outputs = [f"--output={name}:{tmp_path / name}" for name in FORMATS]
    run(["fetch", f"http://{address}/reset/{g('path')}?sig={g('query')}#{g('fragment')}", "--isolated", "--conditional",
         "--header", f"Authorization: Bearer {g('field')}", "--show", "not-evaluated", "--statistics", *outputs])
    run(["fetch", f"http://127.0.0.1:9/reset/{g('no server')}?token={g('query of no server')}", "--isolated"])
    run(["fetch", f"http://u:{g('userinfo')}@{address}/", "--isolated"])
    run(["fetch", f"http://{address}/", "--header", f"Authorization: Bearer {g('no field')}\x01", "--isolated"])
    run(["fetch", f"http://{address}/?token={g('no port')}:x y", "--isolated"])
    said = capsys.readouterr()
    assert "[masked" in said.err
    for text in (said.out, said.err, *((tmp_path / name).read_text("utf-8") for name in FORMATS)):
        assert g.shown(text) == {}


def test_the_bar_of_progress_shows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(progress, "DELAY", -1.0)
    g, stream = Garden(), Terminal()
    with Progress(stream, Masker()) as bar:
        bar.of(f"{HOST}/x?token={g('a URL')}")
        for _ in range(64):
            bar.step()
    assert "entries" in stream.getvalue()
    assert g.shown(stream.getvalue()) == {}


def test_the_log_of_a_middleware_shows_no_secret(caplog: pytest.LogCaptureFixture) -> None:
    g = Garden()
    cookie = g("cookie")

    def app(environ: Any, start_response: Any) -> list[bytes]:
        start_response("405 X", [("Set-Cookie", f"sid={cookie}; Expires=bad"), ("Set-Cookie", f"sid={cookie}"),
                                 ("Location", f"/x?code={g('code')} x")])
        return [b""]

    with caplog.at_level(logging.INFO):
        list(WSGI(app, profile="strict")({
            "REQUEST_METHOD": "GET", "wsgi.url_scheme": "http", "HTTP_HOST": "a.example", "HTTP_X_API_KEY": g("field"),
            "PATH_INFO": f"/reset/{g('path')}", "QUERY_STRING": f"t={g('query')}"}, lambda *_: None))
    assert "[masked 1]" in caplog.text
    assert g.shown(caplog.text) == {}


# -- pseudonyms

def shown(masker: Masker, *lines: tuple[str, str], uri: str = f"{HOST}/") -> list[str]:
    """The values of fields as a report shows them."""
    exchange = Exchange(Response(200, headers=lines), Request("GET", uri))
    return [value for _, value in record(lint(exchange), masker)["response"]["fields"]]


def test_equal_secrets_have_equal_pseudonyms() -> None:
    masker, one, other = Masker(), "Zq3kX9vLm3Tr7WpA", "tR5yHq2WnB8vKc4M"
    assert shown(masker, ("Set-Cookie", f"a={one}"), ("Location", f"/?token={other}"), ("X-Token", one)) == [
        "a=[masked 1]", "/?token=[masked 2]", "[masked 1]"]
    assert shown(masker, ("X-Api-Key", other), ("Location", f"/?next=%2F%3Ftoken%3D{one}%26a=1")) == [
        "[masked 2]", "/?next=%2F%3Ftoken%3D[masked 1]%26a=1"]
    assert shown(PLAIN, ("X-Api-Key", other)) == [MASK]
    assert shown(Masker(shows=True), ("X-Api-Key", other)) == [other]
    assert shown(Masker(space="gw1:"), ("X-Api-Key", other)) == ["[masked gw1:1]"]


def test_what_looks_like_a_pseudonym_is_none_of_a_secret() -> None:
    assert shown(Masker(), ("X-Api-Key", "[masked 2]"), ("X-Token", "Zq3kX9vLm3Tr7WpA"), ("X-Note", "a [masked 2] b"),
                 ("X-Note", "[masked 1] [masked 02]")) == [
        "[masked 1]", "[masked 2]", "a [masked 1] b", "[masked 3] [masked 4]"]


def test_pseudonyms_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(masking, "KEPT", 2)
    assert shown(Masker(), *(("X-Api-Key", f"secret-{number}") for number in (1, 2, 3, 1))) == [
        "[masked 1]", "[masked 2]", MASK, "[masked 1]"]


@pytest.mark.parametrize(("one", "other"), [
    (f"{HOST}/reset/Zq3kX9vLm3Tr7WpA/x", f"{HOST}/reset/[masked 7]/x"),
    (f"{HOST}/x;token=abcdefgh", f"{HOST}/x;token=[masked]"),
    (f"{HOST}/reset/abcdefgh1234", f"{HOST}/reset/98765432abcd"),
])
def test_kinds_do_not_depend_on_secrets(one: str, other: str) -> None:
    assert place_of("GET", one) == place_of("GET", other)


# -- what stays

@pytest.mark.parametrize(("name", "value"), [
    ("ETag", '"Zq3kX9vLm3Tr7WpA"'),
    ("ETag", 'W/"5f3a9c1e5f3a9c1e5f3a9c1e5f3a9c1e"'),
    ("Date", "Tue, 01 Jul 2025 12:00:00 GMT"),
    ("X-Request-Id", "Zq3kX9vLm3Tr7WpA"), ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
    ("Content-Digest", "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:"),
    ("Content-MD5", "Q2hlY2sgSW50ZWdyaXR5IQ=="),
    ("Content-Security-Policy", "script-src 'sha256-X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE='"),
    ("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), ("Location", "/assets/app.3f2a9c81d2b4.js"),
    ("Location", "/assets/index-DkqXb2_vZq3kX9vLm.js"), ("Location", "/orders/550e8400-e29b-41d4-a716-446655440000"),
    ("Link", "</style.css?v=67dd1c2571ced7fc74ae7f1813e47bdf>; rel=preload"),
    ("Cache-Control", "max-age=31536000, immutable"),
    ("Content-Type", "multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW"), ("Allow", "GET, HEAD"),
    ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0"),
    ("Content-Type", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("Access-Control-Allow-Headers", "Authorization, X-Api-Key, X-CSRF-Token"), ("Vary", "Cookie, Authorization"),
    ("Access-Control-Allow-Credentials", "true"), ("Strict-Transport-Security", "max-age=63072000; includeSubDomains"),
    ("WWW-Authenticate", 'Bearer realm="api", error="invalid_token", error_description="The token expired"'),
    ("Via", "1.1 75f9f6e1570b355e496a4badc28e03d9.cloudfront.net (CloudFront)"), ("Location", "/reset/password"),
    ("X-Served-By", "cache-iad-kiad7000123-IAD"), ("Location", "/verify/v2/email"), ("Location", "/webhooks/github"),
])
def test_what_is_no_secret_stays(name: str, value: str) -> None:
    assert shown(PLAIN, (name, value)) == [value]


@pytest.mark.parametrize(("name", "value", "expected"), [
    ("Authorization", "Basic dXNlcjpwYXNz", "Basic *"),
    ("Authorization", "secret", "*"),
    ("Cookie", "a=b; c=d", "a=*; c=*"),
    ("Set-Cookie", "id=abc; Path=/; Secure", "id=*; Path=/; Secure"),
    ("Set-Cookie", 'id="abc"; Path=/', 'id="*"; Path=/'),
    ("Location", "https://x.example/cb?code=abc&state=1", "https://x.example/cb?code=*&state=1"),
    ("Location", "https://u:p@x.example/", "https://*@x.example/"),
    ("Location", "//u:p@ss@x.example/", "//*@x.example/"),
    ("Link", "</x?access_token=abc>; rel=next", "</x?access_token=*>; rel=next"),
    ("Report-To", '{"url":"https://a.example/?key=abc","max_age":1}', '{"url":"https://a.example/?key=*","max_age":1}'),
    ("Location", "/?a=1&user%5Bpassword%5D=abc%26d&b=2#x", "/?a=1&user%5Bpassword%5D=*&b=2#x"),
    ("Location", "/?n=%252F%253Ftoken%253Dabc%2526y%253D1&b=2", "/?n=%252F%253Ftoken%253D*%2526y%253D1&b=2"),
    ("Refresh", "0; url=/x?token=abc", "0; url=/x?token=*"),
    ("X-Note", "see token=abc, then go", "see token=*, then go"),
])
def test_masks_hold_the_secret_alone(name: str, value: str, expected: str) -> None:
    assert shown(PLAIN, (name, value)) == [expected.replace("*", MASK)]


SECRETS = st.text(string.ascii_letters + string.digits + "-_", min_size=16, max_size=60).map("Zq3{}".format)


@given(SECRETS, st.sampled_from([
    ("Location", "/a?b=1&access_token=*&c=2#d"), ("Cookie", "sid=*"), ("Set-Cookie", "sid=*; Path=/; Secure"),
    ("X-Api-Key", "*"), ("Authorization", "Bearer *"), ("Location", "https://*@a.example/b"),
    ("WWW-Authenticate", 'Digest realm="x", nonce="*", qop="auth"'), ("X-Note", 'say "token": "*", and more'),
    ("Location", "/?next=%2Fx%3Ftoken%3D*%26y%3D1&z=2")]), st.integers(1, 200))
def test_no_piece_of_a_secret_is_left_wherever_a_message_cuts_it(secret: str, place: tuple[str, str], cut: int) -> None:
    name, form = place
    value = form.replace("*", secret)
    exchange = Exchange(Response(200, headers=[(name, value)]), Request("GET", f"{HOST}/"))
    shown = PLAIN.of(exchange)
    whole = shown.value(name.lower(), value)
    before, _, after = form.partition("*")
    assert whole.startswith(before)
    assert whole.endswith(after)
    assert whole.count(MASK) >= 1
    for text in (whole, shown.quoted(value[:cut] + "…"), shown.quoted("…" + value[cut:]), shown.quoted(secret[:cut])):
        left = text.replace(MASK, " ")
        assert not any(secret[at:at + 6].lower() in left.lower() for at in range(len(secret) - 5)
                       if secret[at:at + 6].lower() not in form.lower()), (text, secret)


@given(st.text(), st.text("?&;#=%3token=key./:@ \"'{}<>,[masked 1]", max_size=60))
def test_masking_twice_is_masking_once(text: str, near: str) -> None:
    for one in (text, near):
        once = PLAIN.text(one)
        assert PLAIN.text(once) == once


def test_many_secrets_in_many_places_take_linear_time() -> None:
    def made(size: int, salt: int) -> Report:
        lines = [("Set-Cookie", f"c{number}=value-{salt}-{number:06}") for number in range(size)]
        return lint(Exchange(Response(200, headers=lines), Request("GET", f"{HOST}/"), [
            Response(103, headers=[("X-Token", f"interim-{salt}-{number:06}"), ("Link", "x")])
            for number in range(size)]))

    def work(report: Report) -> None:
        assert all(value.endswith("]") for _, value in record(report, Masker())["response"]["fields"])

    assert growth(made, work, 3000) == ""
