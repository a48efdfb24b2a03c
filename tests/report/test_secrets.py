"""Where secrets stand that nobody thought of, and what looks like one and is none."""
from __future__ import annotations

import base64
import json
import random
import string
from collections.abc import Callable
from urllib.parse import quote

import pytest
from reporting import record

from httplint import Exchange, Report, Request, Response, lint
from httplint.report.masker import MASK, PLAIN

HOST = "https://a.example"
RANDOM = random.Random(9110)
KINDS: dict[str, tuple[int, str]] = {
    "base62": (24, string.ascii_letters + string.digits), "md5": (32, "0123456789abcdef"),
    "sha1": (40, "0123456789abcdef"), "sha256": (64, "0123456789abcdef"),
    "base64url": (43, string.ascii_letters + string.digits + "-_"),
    "short": (12, string.ascii_letters + string.digits)}
LONG = ("base62", "md5", "sha1", "sha256", "base64url")


def secret(kind: str) -> str:
    size, alphabet = KINDS[kind]
    while True:
        made = "".join(RANDOM.choice(alphabet) for _ in range(size))
        if any(map(str.isdigit, made)) and any(map(str.isalpha, made)):
            return made


def field(line: str) -> Callable[[str], Exchange]:
    name, _, value = line.partition(": ")
    return lambda it: Exchange(Response(405, headers=[(name, value.replace("*", it))]), Request("GET", f"{HOST}/"))


def sent(line: str, method: str = "GET", target: str = f"{HOST}/") -> Callable[[str], Exchange]:
    name, _, value = line.partition(": ")
    return lambda it: Exchange(Response(405), Request(method, target, headers=[(name, value.replace("*", it))]))


def uri(target: str, method: str = "GET") -> Callable[[str], Exchange]:
    return lambda it: Exchange(Response(404), Request(method, target.replace("*", it)))


def content(text: str) -> Callable[[str], Exchange]:
    return lambda it: Exchange(Response(500, content=text.replace("*", it).encode()), Request("GET", f"{HOST}/"))


def encoded(text: str, times: int) -> str:
    for _ in range(times):
        text = quote(text, safe="*")
    return text


def is_shown(exchange: Exchange, it: str) -> bool:
    told = json.dumps(record(Report(exchange), PLAIN), ensure_ascii=False).lower()
    return any(it[at:at + 6].lower() in told for at in range(len(it) - 5))


FIELDS = ("X-Vault-Token", "X-Shopify-Access-Token", "Private-Token", "X-Forwarded-Authorization", "Authentication",
          "CF-Access-Client-Secret", "X-Csrf", "X-Key", "X-CAS-Ticket", "Sign", "X-Passcode", "X-Creds", "X-SSO",
          "SMSESSION", "X-Amzn-Oidc-Data", "X-MS-Client-Principal", "aeg-sas-key", "DD-API-KEY", "X-Wsse")
NAMES = ("k", "h", "hash", "sharedkey", "oh", "hm", "m", "wsAuthSign", "x-oss-signature", "OSSAccessKeyId",
         "Key-Pair-Id", "Policy", "__token__", "oobCode", "ticket", "_csrf", "eh", "payload")
SHORT_NAMES = ("sharedkey", "token", "password", "apikey", "reset_token", "sig", "passcode")
PATHS = ("/reset-password/*", "/password/reset/*/edit", "/verify-email/*", "/u/confirm/*", "/magic/*", "/share/*",
         "/invite/*", "/acceptInvite/*", "/confirmEmail/*", "/resetPassword/*", "/gift/*", "/sharing/*", "/pwreset/*",
         "/delete-account/*")
HOOKS = ("https://discord.com/api/webhooks/123/*", "https://hooks.slack.com/services/T0/B0/*",
         "https://x.webhook.office.com/webhookb2/a@b/IncomingWebhook/*/c", "https://api.telegram.org/bot123:*/sendMessage",
         "https://gitlab.example/trigger/pipeline?token=*", "https://maker.ifttt.com/use/*",
         "https://mainnet.infura.io/v3/*", "https://oapi.dingtalk.com/robot/send?access_token=*")
SIGNED = ("https://d1.example/a.mp4?Expires=1700000000&Signature=*~a__&Key-Pair-Id=A",
          "https://b.example/o?X-Goog-Expires=900&X-Goog-Signature=*", "https://b.example/o?sv=2020-08-04&sr=b&sig=*",
          "https://b.example/o?OSSAccessKeyId=A&Expires=1&Signature=*", "https://e.example/a?hdnea=st=1~acl=/a~hmac=*",
          "https://e.example/a?hdnts=exp%3D1~acl%3D%2F~hmac%3D*", "https://e.example/a?__token__=exp=1~hmac=*",
          "https://f.example/a?token=1700000000_0x*", "https://x.example/a.jpg?w=100&s=*",
          "https://x.example/a.zip?md5=*&expires=2147483647", "https://x.example/v/a.jpg?_nc=1&oh=*&oe=61A",
          "https://x.example/a.mp4?*")
URLS = ("https://b.example/p?token=*&y=1", "https://b.example/reset/*", "https://u:*@b.example/")
AROUND = ("Content-Security-Policy: default-src 'self'; report-uri @; report-to x", 'Alt-Svc: h3="@"; ma=1',
          'Report-To: {"group":"x","max_age":1,"endpoints":[{"url":"@"}]}', 'NEL: {"report_to":"@","max_age":1}',
          "Link: <https://c.example/>; rel=next, <@>; rel=prev", "Refresh: 5; URL='@'", 'SOAPAction: "@"', 'ETag: "@"',
          "X-Request-Id: @", 'Content-Disposition: attachment; filename="@"', "Location: /x?token=<*>",
          'Set-Cookie: sid="a;*"; Path=/', "Set-Cookie: *=; Path=/", "Set-Cookie: sid=a; *",
          'WWW-Authenticate: Digest nonce="*', "Link: </x?token=\"*", "X-Note: /é?token=*é")
CONTENTS = ('{"href":"@"}', '<a href="@">x</a>', "<a href=@>x</a>", "<meta http-equiv=refresh content='0;url=@'>",
            "<script>location='@'</script>", "a{background:url(@)}", "<u><![CDATA[@]]></u>", "go to @ now.")
PLANTED: dict[str, tuple[tuple[str, ...], Callable[[str], Exchange]]] = {
    **{f"field {name}": (("base62", "md5", "short"), sent(f"{name}: *")) for name in FIELDS},
    **{f"?{name}": (("base62", "sha1", "base64url"), uri(f"{HOST}/x?a=1&{name}=*&b=2")) for name in NAMES},
    **{f"?{name}, short": (("short",), uri(f"{HOST}/x?a=1&{name}=*&b=2")) for name in SHORT_NAMES},
    **{path: ((*LONG, "short"), uri(HOST + path)) for path in PATHS},
    **{url: (("base62", "md5", "sha1"), uri(url)) for url in HOOKS},
    **{url: (("sha256", "base64url"), uri(url)) for url in SIGNED},
    **{f"{url} in HTML": (("sha256", "base64url"), content(f'<p><img src="{url.replace("&", "&amp;")}">'))
       for url in SIGNED},
    **{line.replace("@", url): (("base62", "sha1"), field(line.replace("@", url))) for line in AROUND for url in URLS},
    **{text.replace("@", url): (("base62", "sha1"), content(text.replace("@", url))) for text in CONTENTS
       for url in URLS},
    **{f"{url}, encoded {times} times": (("base62", "sha1"), field(f"Location: /login?r={encoded(url, times)}&z=1"))
       for url in URLS for times in (1, 2, 3, 4)},
    "userinfo of an authority": (("base62", "short"), uri("alice:*@a.example:443", "CONNECT")),
    "userinfo of an absolute form": (("base62", "short"), uri("ftp://alice:*@a.example/x")),
    "userinfo with commas": (("base62",), uri("https://u:a,*|b@a.example/")),
    "a page": (LONG[:4], uri(f"{HOST}/reset/*.html")),
    "an empty segment": (("base62", "sha1"), uri(f"{HOST}/reset//*")),
    "an input": (("base62", "short"), content('<input type="password" name="pw" value="*">')),
    "TRACE, other spacing": (("base62", "short"), content("TRACE / HTTP/1.1\r\ncookie:a=b;sid=*\r\n\r\n")),
    "TRACE, authorization": (("base62", "short"), content("TRACE / HTTP/1.1\r\nauthorization:Bearer  *\r\n\r\n")),
}


@pytest.mark.parametrize("place", PLANTED)
def test_it_is_hidden(place: str) -> None:
    kinds, made = PLANTED[place]
    for kind in kinds:
        it = secret(kind)
        assert not is_shown(made(it), it), (kind, it)


@pytest.mark.parametrize("made", [
    sent("Cookie: a=b; *=1"), field("Set-Cookie: *=1; Path=/"), uri(f"{HOST}/a/*/b"), field('ETag: W/"*"'),
    field("Location: /x#*"), content("<p>Hello <b>*</b></p>"), content("window.x='*';"), field("Vary: *"),
    uri(f"{HOST}/x?*=1"), sent("User-Agent: x/1 (*)"), uri("/x", "*")])
def test_a_jwt_is_hidden_anywhere(made: Callable[[str], Exchange]) -> None:
    it = ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (
        b'{"alg":"HS256","typ":"JWT"}', b'{"sub":"1234567890","name":"Ann"}', RANDOM.randbytes(32)))
    assert not is_shown(made(it), it)


def test_what_a_secret_has_within_is_hidden_where_it_stands_alone() -> None:
    it = secret("short")
    pair = base64.b64encode(f"alice:{it}".encode()).decode()
    asked = Request("CONNECT", "a.example:443", headers=[("Proxy-Authorization", f"Basic {pair}")])
    exchange = Exchange(Response(401, content=f"no such password {it}".encode()), asked)
    assert not is_shown(exchange, it)
    assert not is_shown(exchange, pair)


@pytest.mark.parametrize("text", ['/x?a=1&token=@', 'Basic realm="x", nonce="@"', '{"url":"/reset/@"}'])
def test_it_is_hidden_wherever_what_is_shown_ends(text: str) -> None:
    it = secret("base62")
    for size in range(0, 301, 7):
        assert not is_shown(content("x" * (1000 - size) + " " + text.replace("@", it))(it), it), size
        assert not is_shown(field("X-Note: " + "x" * (4096 - size) + " " + text.replace("@", it))(it), it), size


READABLE_PATHS = (
    "/blog/2024/how-to-configure-nginx-for-http2-and-tls13", "/services/web-development-2024", "/join/team2024",
    "/share/article-about-2024-elections", "/services/rest-api-v2", "/key/value-store-v3", "/claim/2024/form-1099",
    "/password/strength-meter-v2", "/_next/static/aBc3dE5fGh7iJ9kL1mNo2/_buildManifest.js",
    "/assets/app.3f2a9c81d2b4.js",
    "/npm/@babel/core@7.23.5/package.json", "/app.js?hash=67dd1c2571ced7fc74ae7f1813e47bdf",
    "/ipfs/bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi", "/hooks/useEffect",
    "/login/oauth2/code/google",
    "/repos/octocat/Hello-World/commits/7fd1a60b01f91b314f59955a4e4d4e80d8edf11d", "/auth/realms/master/protocol",
    "/download/v1.2.3/httplint-1.2.3.zip", "/wp-includes/js/jquery.min.js?ver=3.7.1", "/register/step-2",
    "/orders/550e8400-e29b-41d4-a716-446655440000", "/maps/@52.5200066,13.404954,15z", "/watch?v=dQw4w9WgXcQ")


@pytest.mark.parametrize("path", READABLE_PATHS)
def test_what_is_no_secret_stays_in_a_path(path: str) -> None:
    for made in (uri(HOST + path), field(f"Location: {path}"), content(f'<a href="{path}">')):
        assert path in json.dumps(record(Report(made("")), PLAIN))


@pytest.mark.parametrize("line", [
    "Permissions-Policy: publickey-credentials-get=(self), identity-credentials-get=()", "X-Keyboard: german",
    "X-Amzn-Trace-Id: Root=1-67891233-abcdef012345678912345678;Sampled=1", "X-SSO: enabled",
    "x-amz-id-2: vlR7PnpV2Ce81l0PRw6jlUpck7Jo5ZsQjryTjKlc5aLWGVHPZLj5NeC6qMa0emYBDXOo6QBU0Wo=",
    "Content-Security-Policy: script-src 'sha256-X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE='",
    "X-Pod: checkout-service-7f8d9c6b5d-x2k4z", "X-Note: AbstractSingletonProxyFactoryBean",
    "P3P: CP=\"IDC DSP COR ADM DEVi TAIi PSA PSD IVAi IVDi CONi HIS OUR IND CNT\"",
    "Server: Apache/2.4.57 (Debian) OpenSSL/3.0.11 PHP/8.2.7 mod_wsgi/4.9.4 Python/3.11",
    "Content-Disposition: attachment; filename=\"Quarterly_Report_2024_Q1_Final_v2.pdf\"",
    "Accept-Language: en-US,en;q=0.9,zh-Hans-CN;q=0.7", "Server-Timing: cdn-cache;desc=HIT, edge;dur=1"])
def test_what_is_no_secret_stays_in_a_field(line: str) -> None:
    (told,) = record(Report(field(line)("")), PLAIN)["response"]["fields"]
    assert ": ".join(told) == line


@pytest.mark.parametrize("text", [
    '<div class="MuiButton-root css-1n4a93h-Typography jss123 sc-bdvvtL">',
    '<path d="M12 2C6.48 2 2 6.48 2 12s4.48 10"/>',
    '<img src="data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk">',
    '{"id":"550e8400-e29b-41d4-a716-446655440000","sha":"7fd1a60b01f91b314f59955a4e4d4e80d8edf11d","key":"name"}',
    '{"error":"invalid_token","error_description":"The access token expired","token_type":"bearer","expires_in":3600}',
    '<script src="/a.js" integrity="sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC">',
    '<a href="/app.js?3f2a9c81d2b43f2a9c81d2b43f2a9c81">'])
def test_what_is_no_secret_stays_in_a_content(text: str) -> None:
    assert record(Report(content(text)("")), PLAIN)["response"]["content"]["text"] == text


@pytest.mark.parametrize(("value", "shown"), [
    ("token:[abcdefgh]", "token:[abcdefgh]"), ('token: ["abcdefgh"]', f'token: ["{MASK}"]'),
    ("secret:;abcdefgh", "secret:;abcdefgh"), ("the token: ", "the token: "),
])
def test_a_name_without_a_value_is_no_fault(value: str, shown: str) -> None:
    exchange = Exchange(Response(405, headers=[("ETag", value)]), Request("GET", f"{HOST}/"))
    assert record(lint(exchange), PLAIN)["response"]["fields"] == [("ETag", shown)]
