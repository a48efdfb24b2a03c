"""What --save keeps: everything but secrets, and nothing is known of what is not kept."""
from __future__ import annotations

import gzip
import io
import json
import random
import string
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from planting import Garden, garden

from httplint import Exchange, Request, Response
from httplint.capture import har
from httplint.library import lint
from httplint.model.exchange import Source
from httplint.report.formats import SAVED
from httplint.report.masker import Masker
from httplint.report.reporter import Options
from httplint.report.summary import Summary

TOKEN = "k3Zq9vXw2LmT7bYc"
AUTHORIZED = [("Host", "a.example"), ("Authorization", f"Bearer {TOKEN}")]


def saved(*exchanges: Exchange, shows: bool = False) -> str:
    out: list[str] = []
    reporter = SAVED.reporter(out.append, Options(masker=Masker(shows)))
    for one in exchanges:
        reporter.report(lint(one))
    reporter.end(Summary(1))
    return "".join(out)


def entry(one: Exchange, **options: Any) -> dict[str, Any]:
    found, = json.loads(saved(one, **options))["log"]["entries"]
    assert isinstance(found, dict)
    return found


def again(text: str) -> Exchange:
    found, = har.read(io.BytesIO(text.encode()), path="x")
    assert isinstance(found, Exchange)
    return found


def answered(content: bytes, *lines: tuple[str, str], target: str = "/x",
             asked: list[tuple[str, str]] | None = None) -> Exchange:
    return Exchange(Response(200, headers=[("Content-Type", "text/plain"), *lines], content=content),
                    Request("GET", target, headers=AUTHORIZED if asked is None else asked, scheme="http"))


def test_no_secret_is_kept() -> None:
    g = garden()
    text = json.dumps({"log": {"creator": {"name": "mitmproxy"}, "entries": g.entries}})
    planted = har.read(io.BytesIO(text.encode()), path="x")
    exchanges = [one for one in planted if isinstance(one, Exchange)]
    assert len(exchanges) > 90
    assert g.shown(saved(*exchanges)) == {}
    assert len(g.shown(saved(*exchanges, shows=True))) > 100


def test_a_masked_value_is_not_known() -> None:
    read = again(saved(answered(b"ok", ("Set-Cookie", f"sid={TOKEN}x; Path=/"), ("Vary", "Cookie"))))
    assert read.response.fields is not None
    assert [name for name, _ in read.response.fields] == ["Content-Type", "Vary"]
    assert read.evidence.response_gaps == {"set-cookie"}
    assert read.evidence.request_gaps == {"authorization"}


def test_a_masked_part_of_a_uri_is_a_uri_still() -> None:
    found = entry(answered(b"", target=f"/x?access_token={TOKEN}&a=b"))
    assert found["request"]["url"] == "http://a.example/x?access_token=%5Bmasked%201%5D&a=b"
    assert found["request"]["headers"][1] == {"name": "Authorization", "value": "Bearer [masked 1]"}


@pytest.mark.parametrize(("content", "lines", "kept"), [
    (b"nothing to hide", (), True),
    (b"nothing to hide\n" * 5000, (), True),
    (b"\x89PNG\xff\xfe" * 50, (), True),
    (gzip.compress(b"nothing to hide", mtime=0), (("Content-Encoding", "gzip"),), True),
    (f"you sent {TOKEN}".encode(), (), False),
    (b"x" * 100_000 + TOKEN.encode(), (), False),
    (b"words " * 20_000 + b'"password": "hunter2hunter2"', (), False),
    (b"\xff\xfe" * 9000 + TOKEN.encode(), (), False),
    (gzip.compress(f"you sent {TOKEN}".encode(), mtime=0), (("Content-Encoding", "gzip"),), False),
    (gzip.compress(b"", mtime=0) + gzip.compress(TOKEN.encode(), mtime=0), (("Content-Encoding", "gzip"),), False),
    (gzip.compress(b"x" * (2 << 20), mtime=0), (("Content-Encoding", "gzip"),), False),
    (zlib.compress(b"nothing to hide"), (("Content-Encoding", "Deflate"),), True),
    (gzip.compress(b"nothing to hide", mtime=0), (("Content-Encoding", "x-gzip"),), True),
    (b"as it is", (("Content-Encoding", "identity"),), True),
    (b"who knows", (("Content-Encoding", "br"),), False),
    (b"no gzip", (("Content-Encoding", "gzip"),), False),
])
def test_contents(content: bytes, lines: tuple[tuple[str, str], ...], kept: bool) -> None:
    text = saved(answered(content, *lines))
    read = again(text)
    assert TOKEN not in text
    assert "hunter2" not in text
    assert read.response.content == (content if kept else None)
    assert read.evidence.knows("content") is kept
    assert entry(answered(content, *lines))["response"]["bodySize"] == len(content)
    assert again(saved(answered(content, *lines), shows=True)).response.content == content


def test_the_begin_of_what_holds_a_secret_is_there_for_people() -> None:
    found = entry(answered(f"you sent {TOKEN} to us".encode()))
    assert found["response"]["content"]["text"] == "you sent [masked 1] to us"
    assert {"content", "octets"} <= set(found["_unknown"].split())


def test_a_host_that_was_left_out_is_that_of_the_url() -> None:
    one = answered(b"", asked=[("Accept", "*/*")], target="/a?b=c").but(source=Source("http://a.example:81/a?b=c", 0))
    assert entry(one)["request"]["url"] == "http://a.example:81/a?b=c"


def test_a_host_that_was_sent_is_that_of_the_url() -> None:
    one = answered(b"").but(source=Source("http://127.0.0.1:81/x", 0))
    assert entry(one)["request"]["url"] == "http://a.example/x"


def test_a_method_a_reason_and_a_name_that_are_masked_are_not_known() -> None:
    text = saved(Exchange(Response(200, reason=TOKEN, headers=[(f"X-{TOKEN}", "1"), ("Date", "x")], content=b""),
                          Request(TOKEN, "http://a.example/")))
    assert TOKEN not in text
    read = again(text)
    assert {"request", "reason", "response_fields"} & {fact for fact in (
        "request", "reason", "response_fields") if read.evidence.knows(fact)} == set()


def test_what_has_no_request_is_left_out() -> None:
    assert json.loads(saved(Exchange(Response(200))))["log"]["entries"] == []


@given(st.randoms(use_true_random=False), st.sampled_from(["x-api-key", "authorization", "cookie", "content", "query"]),
       st.integers(0, 9000))
def test_a_secret_anywhere(chance: random.Random, where: str, before: int) -> None:
    """Sent in one place, and sent back in a content at any place."""
    secret = "".join(chance.choice(string.ascii_letters + string.digits) for _ in range(22)) + "7"
    asked = [("Host", "a.example"), *({"x-api-key": [("X-Api-Key", secret)], "cookie": [("Cookie", f"sid={secret}")],
                                       "authorization": [("Authorization", f"Bearer {secret}")]}.get(where, []))]
    content = b"a b " * before + (f'"token": "{secret}"' if where == "content" else secret).encode()
    target = f"/x?access_token={secret}" if where == "query" else "/x"
    g = Garden()
    g.planted[secret] = where
    assert g.shown(saved(answered(content, asked=asked, target=target))) == {}
