"""What Via, Proxy-Status and Cache-Status say of the intermediaries on the way."""
from __future__ import annotations

import pytest

from httplint.model.evidence import NotEvaluated
from httplint.model.message import Response
from httplint.vocabulary.proxies import (
    fits_status,
    intended_error,
    internal,
    known_forward,
    recommended_status,
    trailer_proxies,
    unknown_error,
)


@pytest.mark.parametrize(("error", "status", "fits"), [
    ("dns_timeout", 504, True), ("dns_timeout", 502, False), ("http_request_error", 429, True),
    ("http_request_error", 503, False), ("connection_read_timeout", 200, True), ("proxy_internal_response", 200, True),
    ("own_error", 200, True)])
def test_status(error: str, status: int, fits: bool) -> None:
    assert fits_status(error, status) is fits


def test_errors() -> None:
    found = Response(200, headers=[("Proxy-Status", "a, b;error=dns_error, c;error=read_timeout, d;error=odd")])
    assert unknown_error(found, "Proxy-Status") == "read_timeout"
    assert unknown_error(Response(200, headers=[("Proxy-Status", 'a;error="dns_error"')]), "Proxy-Status") is None
    with pytest.raises(NotEvaluated):
        unknown_error(Response(200, headers=None), "Proxy-Status")
    assert "connection_read_timeout" in intended_error("conection_read_timeout")
    assert intended_error("x" * 5000) == ""
    assert (recommended_status("dns_error"), recommended_status("odd")) == ("502", "")
    assert known_forward("uri-miss")
    assert not known_forward("expired")


def test_members() -> None:
    header, trailer = [("Proxy-Status", 'a;next-hop=b, "c"')], [("Proxy-Status", 'a;error=dns_error, c, "c", 5')]
    assert trailer_proxies(Response(200, headers=header, trailers=trailer)) == (
        ("a", True, False), ("c", True, False), ("c", True, True), ("integer", False, False))
    assert not any(one.announced for one in trailer_proxies(Response(200, headers=[], trailers=trailer)))
    assert trailer_proxies(Response(200, headers=header, trailers=[])) == ()
    assert trailer_proxies(Response(200, headers=header)) == ()
    for one in (Response(200, headers=None, trailers=trailer),
                Response(200, headers=[], trailers=[("Proxy-Status", "=")])):
        with pytest.raises(NotEvaluated):
            trailer_proxies(one)


@pytest.mark.parametrize(("host", "inside"), [
    ("10.1.2.3", True), ("192.168.0.1", True), ("172.16.0.1", True), ("172.32.0.1", False), ("203.0.113.9", False),
    ("proxy.corp.internal", True), ("box.LOCAL", True), ("local", False), ("box.home.arpa", True), ("varnish", False),
    ("internal.example.com", False), ("110.1.2.3", False), ("a" * 10000 + ".com", False),
    (".local", True), ("10.1.2", False), ("10.1.2.3.4", False),
    ("192.169.0.1", False), ("172.15.0.1", False), ("172.29.0.1", True), ("172.31.255.1", True), ("a.lan", True),
    ("a.corp", True), ("a.intranet", True), ("a.localdomain", True)])
def test_internal_hosts(host: str, inside: bool) -> None:
    assert internal(host) is inside
