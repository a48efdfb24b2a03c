"""Expectations of a request, and what has to come before its content is sent (RFC 9110 §10.1.1)."""
from __future__ import annotations

from httplint.grammar.rfc9110 import Expectation
from httplint.grammar.table import given
from httplint.model.message import Request
from httplint.vocabulary import function


@function(absent=("request.expect",), reads=("request.expect",))
def expects_continue(request: Request) -> bool:
    """Whether the request has the expectation 100-continue (RFC 9110 §10.1.1)."""
    expectations = given(request, "expect")
    return isinstance(expectations, tuple) and any(
        isinstance(one, Expectation) and one.name == "100-continue" and one.value is None for one in expectations)


@function("request_version",
          reads=("request:version", "request.expect", "request.content-length", "request.transfer-encoding?"))
def awaits_continue(request: Request) -> bool:
    """Whether a 100 has to come before the request content, and so before a 101 (RFC 9110 §7.8, §10.1.1).

    The request has the expectation 100-continue and announces content. A server ignores the expectation of HTTP/1.0,
    and may leave out the 100 if there is no content.
    """
    if request.version == "1.0" or not expects_continue(request) or request.fields is None:
        return False
    length = given(request, "content-length")
    return "transfer-encoding" in request.fields.index or (isinstance(length, int) and length > 0)
