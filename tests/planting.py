"""Secrets, planted anew in many places, to be looked for in what is written."""
from __future__ import annotations

import base64
import json
import random
import string
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote

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
