"""No secret leaves the program: planted anew in many places, looked for in everything that is written."""
from __future__ import annotations

import base64
import http.server
import io
import json
import logging
import random
import string
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from doubling import growth
from hypothesis import given
from hypothesis import strategies as st
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

Pairs = Iterable[tuple[str, str]]
HOST = "https://a.example"
ALPHABET = string.ascii_letters + string.digits


class Garden:
    """Plants secrets, and looks for them."""

    def __init__(self, seed: int = 9110) -> None:
        self._random = random.Random(seed)
        self.planted: dict[str, str] = {}
        self.entries: list[dict[str, Any]] = []

    def __call__(self, how: str, size: int = 24, alphabet: str = ALPHABET) -> str:
        """A secret that nobody has seen yet."""
        while True:
            secret = "".join(self._random.choice(alphabet) for _ in range(size))
            if (any(map(str.isdigit, secret)) and len(set(secret)) > 6) or alphabet == string.ascii_lowercase:
                self.planted[secret] = how
                return secret

    def plant(self, url: str = f"{HOST}/x", asked: Pairs = (), answered: Pairs = (), status: int = 405,
              method: str = "GET", text: str = "", kind: str = "application/json", sent: tuple[str, str] | None = None,
              reason: str = "X") -> None:
        """One more entry of the capture."""
        request: dict[str, Any] = {
            "method": method, "url": url, "httpVersion": "HTTP/1.1", "queryString": [], "cookies": [],
            "headers": [{"name": "Host", "value": "a.example"}, *_lines(asked)], "headersSize": -1, "bodySize": -1}
        if sent is not None:
            request["postData"] = {"mimeType": sent[0], "text": sent[1]}
        response = {"status": status, "statusText": reason, "httpVersion": "HTTP/1.1", "cookies": [],
                    "headers": [{"name": "Content-Type", "value": kind}, *_lines(answered)],
                    "content": {"size": len(text), "mimeType": kind, "text": text}, "redirectURL": "",
                    "headersSize": -1, "bodySize": len(text)}
        self.entries.append({"startedDateTime": "2024-01-01T00:00:00Z", "time": 1, "cache": {},
                             "timings": {"send": 0, "wait": 0, "receive": 0}, "request": request, "response": response})

    def har(self, directory: Path) -> str:
        """The capture."""
        path = directory / "planted.har"
        path.write_text(json.dumps({"log": {"version": "1.2", "creator": {"name": "mitmproxy", "version": "12"},
                                            "entries": self.entries}}), "utf-8")
        return str(path)

    def shown(self, text: str) -> dict[str, str]:
        """What of the planted is in a text, whole or in a piece of some length: where it was planted -> the piece."""
        lower = text.lower()
        written = {lower[at:at + 8] for at in range(len(lower) - 7)}
        out = {}
        for secret, how in self.planted.items():
            for at in range(len(secret) - 7):
                if secret[at:at + 8].lower() in written:
                    out[how] = secret[at:at + 8]
                    break
        return out


def _lines(pairs: Pairs) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]


def encoded(text: str, times: int) -> str:
    for _ in range(times):
        text = quote(text, safe="")
    return text


def garden() -> Garden:
    """More than a hundred secrets."""
    g = Garden()
    plant = g.plant
    for name in ("Authorization", "Proxy-Authorization"):
        plant(asked=[(name, f"Bearer {g(name)}")])
        plant(answered=[(name, g(f"{name} without a scheme"))])
        pair = base64.b64encode(f"alice:{g(f'{name}, decoded')}".encode()).decode()
        g.planted[pair] = f"{name} Basic"
        plant(asked=[(name, f"Basic {pair}")])
        plant(asked=[(name, f'Digest username="u", response="{g(f"{name} Digest")}", cnonce="x')])
    plant(asked=[("Cookie", f"a=b; sid={g('Cookie')}; {g('Cookie without =')}")])
    plant(answered=[("Set-Cookie", f"sid={g('Set-Cookie')}; Path=x; Expires=bad; SameSite=Foo")])
    plant(answered=[("Set-Cookie", f"{g('Set-Cookie without =')}; Path=/")])
    plant(answered=[("Set-Cookie", f"a=b; Domain=;  jwt={g('attribute of Set-Cookie')}; Path=/reset/{g('Path')}")])
    plant(answered=[("Set-Cookie", f"__Secure-x=\"{g('quoted cookie')}\"; Secure=1"),
                    ("Cookie", f"q={g('Cookie back')}"), ("Set-Cookie2", f"v={g('Set-Cookie2')}; Version=1")])
    for name in ("access_token", "sig", "auth", "t", "user[password]", "X-Amz-Credential", "X-Amz-Security-Token",
                 "X-Goog-Signature", "Signature", "api_key", "apiKey", "client_secret", "SAMLResponse", "otp",
                 "sv_token", "session_id", "csrf", "state", "id_token_hint", "k"):
        plant(url=f"{HOST}/q?page=2&{quote(name)}={g(f'query {name}')}&x=1")
    plant(url=f"{HOST}/a?{g('bare query')}")
    plant(url=f"{HOST}/a?{g('bare query in hexadecimal', 40, '0123456789abcdef')}")
    plant(url=f"{HOST}/f#access_token={g('fragment')}&token_type=bearer")
    for word in ("reset", "password-reset", "invite", "verify-email", "magic", "unsubscribe", "confirm", "webhooks",
                 "api/activate"):
        plant(url=f"{HOST}/{word}/{g(f'path behind {word}')}/x")
    plant(url=f"{HOST}/reset/{g('a path in hexadecimal', 32, '0123456789abcdef')}")
    plant(url=f"{HOST}/files/{g('a random segment')}/x")
    plant(url=f"https://hooks.slack.com/services/T000/B000/{g('Slack')}")
    plant(url=f"https://discord.com/api/webhooks/123456789012345678/{g('Discord', 60)}")
    plant(url=f"https://api.telegram.org/bot123456789:{g('Telegram', 35)}/getMe")
    plant(url=f"https://alice:{g('userinfo')}@a.example/")
    plant(url=f"https://{g('userinfo without password')}@a.example/")
    plant(url=f"{HOST}/x;jsessionid={g('path parameter')}?a=1")
    for times in (1, 2, 3):
        inner = f"https://b.example/?token={g(f'encoded {times} times')}&y=1"
        plant(url=f"{HOST}/x?next={encoded(inner, times)}")
        inner = f"https://b.example/reset/{g(f'a path encoded {times} times')}?y=1"
        plant(url=f"{HOST}/x?next={encoded(inner, times)}")
    plant(method="POST", sent=("application/json", json.dumps({"a": 1, "password": g("JSON"), "pins": [1]})))
    plant(method="POST", sent=("application/json", json.dumps({"d": json.dumps({"secret": g("JSON within JSON")})})))
    plant(method="POST", sent=("application/x-www-form-urlencoded", f"user=a&passwd={g('form')}&code={g('form code')}"))
    plant(method="POST", sent=("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; "
                               f'name="pwd"\r\n\r\n{g("multipart")}\r\n--x--\r\n'))
    plant(method="POST", sent=("application/xml", f"<L><wsse:Password Type='x'>{g('XML')}</wsse:Password></L>"))
    plant(text=f'{{"access_token":"{g("broken JSON")}","expires_in":1', status=200)
    plant(text=json.dumps({"tokens": [g("list of tokens"), g("another of the list")]}), status=200)
    plant(text=json.dumps([{"name": "api_token", "value": g("name and value")}]), status=200)
    plant(text=f"<input value='{g('input')}' type=hidden name=authenticity_token><p>", kind="text/html", status=500)
    plant(text="x" * 985 + f'"token":"{g("cut by the end of what is shown", 40)}"', kind="text/plain", status=500)
    plant(answered=[("WWW-Authenticate", f'Digest realm="x", nonce="{g("nonce")}", opaque={g("opaque")} bad')],
          status=401)
    plant(answered=[("WWW-Authenticate", f"Negotiate {g('token68', 40)}==")], status=401)
    plant(answered=[("Authentication-Info", f"nextnonce={g('nextnonce')} x, rspauth=\"{g('rspauth')}\"")], status=200)
    plant(answered=[("Location", f"/cb?code={g('Location')} x")], status=302)
    plant(answered=[("Location", f"//u:{g('Location userinfo')}@b.example/ x")], status=302)
    plant(answered=[("Refresh", f"0; url=/x?token={g('Refresh')}"), ("Content-Location", f"/x?apikey={g('C-L')} y"),
                    ("Link", f"</x?access_token={g('Link')}>; rel=next; bad bad")], asked=[
                        ("Referer", f"{HOST}/?token={g('Referer')}")])
    plant(answered=[("Report-To", json.dumps({"endpoints": [{"url": f"{HOST}/r?key={g('Report-To')}"}]}) + "x"),
                    ("Content-Security-Policy", f"default-src; report-uri /csp?token={g('CSP')}"),
                    ("Reporting-Endpoints", f"a={HOST}/?token={g('Reporting-Endpoints')}")])
    for name in ("X-Api-Key", "X-Auth", "X-Session", "Ocp-Apim-Subscription-Key", "X-Amz-Security-Token",
                 "X-CSRF-Token", "X-Goog-Signature", "DPoP-Nonce", "X-Vault-Token", "X-Functions-Key", "Private-Token",
                 "X-Shared-Secret"):
        plant(asked=[(name, g(f"{name} of the request"))], answered=[(name, g(name) + " x")])
    jwt = f"eyJhbGciOiJIUzI1NiJ9.{g('JWT', 40)}.{g('signature of a JWT')}"
    plant(answered=[("ETag", jwt), ("X-Data", jwt)], text=f"see {jwt}", status=200)
    plant(asked=[("Sec-WebSocket-Protocol", f"chat, bearer.{g('subprotocol')}, {g('another subprotocol')}")],
          status=101, answered=[("Sec-WebSocket-Protocol", "foo"), ("Upgrade", "websocket"), ("Connection", "upgrade")])
    plant(answered=[("Digest", f"sha-256={g('no digest')}"), ("Content-Digest", f"sha-256=:{g('no digest either')}:")])
    plant(answered=[("X-Powered-By", g("free text")), ("Server", g("product")), ("Retry-After", f"token={g('R-A')}")])
    plant(answered=[("Sec-Session-Registration", f'(ES256);path="r";challenge="{g("DBSC")}" bad')])
    plant(reason=f"token={g('reason phrase')}", status=404)
    plant(reason=g("bare reason phrase"), status=404)
    echoed = g("echoed by TRACE")
    plant(method="TRACE", asked=[("Cookie", f"sid={echoed}")], text=f"TRACE /x HTTP/1.1\r\nCookie: sid={echoed}\r\n",
          kind="message/http", status=200)
    word = g("a word in another place", 14, string.ascii_lowercase)
    plant(asked=[("X-Api-Key", word)], url=f"{HOST}/users/{word}/x", answered=[("Allow", word), ("Vary", f"{word} x")],
          text=f"for {word}")
    plant(method=g("method"), answered=[(g("name of a field"), "1"), ("Age", g("Age"))])
    plant(answered=[(f"X-{g('name of a field at fault')}", "\x01")], status=200)
    for form in ("ghp_{}", "github_pat_{}", "xoxb-{}", "sk_live_{}", "glpat-{}", "npm_{}", "AIza{}"):
        plant(answered=[("X-Note", f"it is {form.format(g(form, 36))} now")],
              text=form.format(g(f"{form} in text", 36)))
    key = g("private key", 64)
    plant(text=f"-----BEGIN PRIVATE KEY-----\n{key}\n-----END PRIVATE KEY-----\n", status=500, kind="text/plain")
    return g


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
