from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from httplint.grammar import table
from httplint.grammar.dates import http_date
from httplint.grammar.rfc9110 import EntityTag
from httplint.grammar.syntax import Malformed
from httplint.grammar.table import FIELDS, Field, field, malformed_line, parsed
from httplint.model.evidence import NotApplicable, NotEvaluated
from httplint.model.fields import Fields

DATE = "Sun, 06 Nov 1994 08:49:37 GMT"
PARSERS = [one for one in FIELDS.values() if one.parser is not None]

VALUES: dict[str, tuple[str, ...]] = {
    "date": (DATE,), "trailer": ("ETag", "X-A"), "host": ("a:80",), "connection": ("close", "TE"),
    "max-forwards": ("5",),
    "via": ("1.1 a", "HTTP/2 b:80 (c)"), "upgrade": ("h2c", "websocket/1"), "content-type": ('text/html; charset="x"',),
    "content-encoding": ("gzip", "br"), "content-language": ("en", "de-CH-1996"), "content-length": ("5",),
    "content-location": ("/a?b",), "last-modified": (DATE,), "etag": ('W/"a"',),
    "expect": ("100-continue", 'a="b,c";d=e'), "referer": ("http://a/",), "te": ("trailers", "gzip;q=0.5"),
    "user-agent": ("a/1 (b, c)",), "allow": ("GET", "HEAD"), "location": ("http://a/b,c#d",), "retry-after": ("120",),
    "server": ("nginx/1.2 (x)",), "www-authenticate": ('Basic realm="a, b"', "Negotiate", "X abc=="),
    "authorization": ("Basic abc=",), "authentication-info": ('a="b"', "c=d"),
    "proxy-authenticate": ('X a="b", c=d', "Y"),
    "proxy-authorization": ("Basic abc=",), "proxy-authentication-info": ("a=b", "c=d"),
    "accept": ("text/*;q=0.5", "a/b;c=\"d,e\""), "accept-charset": ("utf-8", "*;q=0"),
    "accept-encoding": ("gzip", "br;q=0.1"), "accept-language": ("en", "*;q=0.1"), "vary": ("Accept", "*"),
    "if-match": ('"a"', 'W/"b,c"'), "if-none-match": ('"a"', '"b"'), "if-modified-since": (DATE,),
    "if-unmodified-since": (DATE,), "if-range": ('"a"',), "range": ("bytes=0-1, -5",), "accept-ranges": ("bytes", "x"),
    "content-range": ("bytes 0-1/2",), "age": ("5",), "cache-control": ("max-age=5", 'private="a, b"'),
    "expires": (DATE,),
    "pragma": ("no-cache", "a=b"), "warning": ('110 - "a, b"', f'112 - "x" "{DATE}"'),
    "transfer-encoding": ("gzip;a=b", "chunked"), "accept-patch": ("a/b;c=d", "e/f"), "accept-post": ("*/*", "a/b"),
    "link": ("<a,b>;rel=c", '<>;title="d, e"'), "sec-websocket-accept": ("YWI=",), "sec-websocket-key": ("YWI=",),
    "sec-websocket-protocol": ("a", "b"), "sec-websocket-extensions": ("a;b", 'c;d="e"'),
    "sec-websocket-version": ("13", "8"), "proxy-status": ("a;error=b", "c"), "priority": ("u=1", "i"),
    "early-data": ("?1",),
    "accept-signature": ('a=("@method" "b";c)', "d=()"), "alt-svc": ('h3=":443"; ma=5', 'h2="a,b:1"'),
    "alt-used": ("a:80",), "available-dictionary": (":YWI=:",), "cache-group-invalidation": ('"a, b"', '"c"'),
    "cache-groups": ('"a, b"', '"c"'), "cache-status": ("a;hit", '"b, c";fwd=miss'),
    "cdn-cache-control": ("max-age=5", 'private="a, b"'), "client-cert": (":YWI=:",),
    "client-cert-chain": (":YWI=:", ":YWJj:"), "content-digest": ("sha-256=:YWI=:", "md5=:YWJj:"),
    "content-md5": ("Sd/dVLAcvNLSq16eXua5uQ==",), "deprecation": ("@5",), "dictionary-id": ('"a"',),
    "digest": ("SHA-256=YWI=", "UNIXsum=30637"), "repr-digest": ("sha-256=:YWI=:", "md5=:YWJj:"),
    "signature": ("a=:YWI=:", "b=:YWJj:"), "signature-input": ('a=("@status" "b";sf);created=5', "c=()"),
    "sunset": (DATE,), "surrogate-control": ("max-age=5+6;a", 'content="ESI/1.0, b"'),
    "unencoded-digest": ("sha-256=:YWI=:", "md5=:YWJj:"), "use-as-dictionary": ('match="/a,*"', 'match-dest=("b")'),
    "want-content-digest": ("sha-256=1", "md5=0"), "want-repr-digest": ("sha-256=1", "md5=0"),
    "want-unencoded-digest": ("sha-256=1", "md5=0"),
    "a-im": ("vcdiff;q=0.5", "gzip"), "im": ("vcdiff", "range"), "delta-base": ('"a"',),
    "accept-datetime": (DATE,), "memento-datetime": (DATE,),
    "accept-features": ("blex", '!"a, b"', "paper = {A4};x=y"), "negotiate": ("1.0", "trans"),
    "tcn": ("choice", 'x="a,b"'),
    "alternates": ('{"a,b" 0.5 {type text/html} {language en, fr}}', 'proxy-rvsa="1.0, 2.5"', '{"c"}'),
    "variant-vary": ("Accept", "X-A"),
    "accept-query": ('"a/b"', "c/d;e=f"), "link-template": ('"/{a,b}";rel="c, d"', '"/e"'), "capsule-protocol": ("?1",),
    "authentication-control": ('Basic realm="a, b", username*=UTF-8\'\'c', "Digest auth-style=modal"),
    "optional-www-authenticate": ('Basic realm="a, b"', "Negotiate"),
    "content-disposition": ('attachment; filename="a, b"; filename*=UTF-8\'\'a',),
    "dav": ("1", "<http://a/b,c>"), "depth": ("infinity",), "destination": ("/a?b",), "overwrite": ("T",),
    "if": ('(<urn:a> ["b, c"])',), "lock-token": ("<urn:a>",), "timeout": ("Infinite", "Second-5"),
    "schedule-tag": ('"a, b"',), "if-schedule-tag-match": ('"a"',), "status-uri": ("404 <http://a/> 200 <http://b/>",),
    "forwarded": ('for="a, b";proto=http', "by=c"), "keep-alive": ("timeout=5", 'max="1,2"'),
    "prefer": ('a="b, c"; d', "wait=5"), "preference-applied": ("return=minimal", 'a="b, c"'),
    "replay-nonce": ("YWI_",), "ratelimit": ('"a, b";r=5;t=1', '"c";r=0'),
    "ratelimit-policy": ('"a, b";q=5;w=1', '"c";q=0'),
    "concealed-auth-export": (":YWI=:",), "idempotency-key": ('"a"',),
    "upload-complete": ("?1",), "upload-length": ("5",), "upload-offset": ("5",),
    "upload-limit": ("max-size=5", "max-age=1"),
    "content-security-policy": ("default-src 'self'; img-src a.example", "script-src 'none';"),
    "content-security-policy-report-only": ("sandbox", "object-src 'none'"),
    "permissions-policy": ("geolocation=(self \"https://a.example\")", "camera=()"),
    "permissions-policy-report-only": ("camera=();report-to=a", "midi=*"),
    "feature-policy": ("geolocation 'self' https://a.example; camera 'none'", "midi *"),
    "referrer-policy": ("no-referrer", "strict-origin"), "x-frame-options": ("DENY",),
    "x-content-type-options": ("nosniff",), "refresh": ("5; url=/a",), "sourcemap": ("/a.map",),
    "service-worker-allowed": ("/",), "cross-origin-opener-policy": ('same-origin;report-to="a"',),
    "cross-origin-opener-policy-report-only": ("unsafe-none",), "cross-origin-embedder-policy": ("require-corp",),
    "cross-origin-embedder-policy-report-only": ("credentialless",), "origin-agent-cluster": ("?1",),
    "observe-browsing-topics": ("?1",), "speculation-rules": ('"/a.json"', '"/b,c.json"'),
    "supports-loading-mode": ("credentialed-prerender", "fenced-frame"), "set-login": ("logged-in",),
    "activate-storage-access": ('retry;allowed-origin="https://a.example"',),
    "document-policy": ("document-write=?0", "max-image-bpp=2.0"),
    "document-policy-report-only": ("unsized-media=?0", "js-profiling"), "require-document-policy": ("a=?0", "b=1"),
    "integrity-policy": ("blocked-destinations=(script)", "endpoints=(a b)"),
    "integrity-policy-report-only": ("blocked-destinations=(script)", "sources=(inline)"),
    "no-vary-search": ("key-order", 'params=("a" "b,c")'), "origin-trial": ("YWJj+/=", '"YWJj"'),
    "reporting-endpoints": ('a="https://a.example/?b,c"', 'd="/e"'),
    "report-to": ('{"group": "a", "max_age": 1, "endpoints": [{"url": "https://a.example/b,c"}]}', "{}"),
    "nel": ('{"report_to": "a", "max_age": 5}', "{}"), "server-timing": ("miss", 'db;dur=5.3;desc="a, b"'),
    "attribution-reporting-register-source": ('{"destination": "https://a.example"}',),
    "attribution-reporting-register-trigger": ("{}",),
    "accept-ch": ("DPR", "Sec-CH-UA"), "critical-ch": ("DPR", "Sec-CH-UA"), "accept-ch-lifetime": ("86400",),
    "save-data": ("on",), "sec-ch-prefers-color-scheme": ("dark",), "sec-ch-prefers-reduced-motion": ('"reduce"',),
    "sec-ch-prefers-reduced-transparency": ('"reduce"',), "sec-ch-ua": ('"A, b";v="1"', '"C";v="2"'),
    "sec-ch-ua-arch": ('"x86"',), "sec-ch-ua-bitness": ('"64"',), "sec-ch-ua-form-factors": ('"Desktop"', '"XR"'),
    "sec-ch-ua-full-version": ('"1.2"',), "sec-ch-ua-full-version-list": ('"A, b";v="1.2"', '"C";v="2"'),
    "sec-ch-ua-mobile": ("?0",), "sec-ch-ua-model": ('"a"',), "sec-ch-ua-platform": ('"Linux"',),
    "sec-ch-ua-platform-version": ('"6.1"',), "sec-ch-ua-wow64": ("?0",),
    "access-control-allow-credentials": ("true",), "access-control-allow-headers": ("X-A", "*"),
    "access-control-allow-methods": ("GET", "*"), "access-control-allow-origin": ("https://a.example:8443",),
    "access-control-allow-private-network": ("true",), "access-control-expose-headers": ("ETag", "*"),
    "access-control-max-age": ("5",), "access-control-request-headers": ("x-a", "x-b"),
    "access-control-request-method": ("PUT",), "clear-site-data": ('"cache"', '"a, b"'),
    "cookie": ('a="b"; c=d',), "cross-origin-resource-policy": ("same-site",), "origin": ("https://a.example",),
    "set-cookie": (f"a=b; Path=/c,d; Expires={DATE}; Secure",),
    "strict-transport-security": ('max-age="5" ; includeSubDomains; a="b; c"',),
    "timing-allow-origin": ("https://a.example", "null"),
    "sec-fetch-dest": ("script",), "sec-fetch-mode": ("no-cors",), "sec-fetch-site": ("same-origin",),
    "sec-fetch-user": ("?1",), "sec-fetch-storage-access": ("inactive",), "connect-udp-bind": ("?1",),
    "incremental": ("?1",), "proxy-public-address": ('"192.0.2.1:443"', '"[2001:db8::1]:443"'),
    "alpn": ("h2", "http%2F1.1"), "cal-managed-id": ("aUNhbGVuZGFy",), "content-base": ("http://a/b/",),
    "content-script-type": ("text/javascript",), "content-style-type": ("text/css",),
    "dasl": ("<DAV:basicsearch>", "<http://a/b,c>"), "dpop-nonce": ("eyJ7S_zG.eyJH0-Z.HX4w-7v",),
    "ediint-features": ("multiple-attachments", "CEM"), "expect-ct": ("max-age=5", 'report-uri="https://a/b,c"'),
    "include-referred-token-binding-id": ("TRUE",), "mime-version": ("1.(a (b))0",), "odata-version": ("4.01",),
    "oscore": ("CSU",), "public": ("OPTIONS", "MGET"),
    "public-key-pins": ('max-age=5; pin-sha256="YWJj="; includeSubDomains',),
    "public-key-pins-report-only": ('pin-sha256="YWJj="; report-uri="https://a/b,c"',), "redirect-ref": ("/a?b",),
    "repeatability-result": ("Accepted",), "want-digest": ("SHA-256;q=0.3", "sha;q=1"),
}
"""For each field with a grammar its members, or its one value."""

NEAR_MISSES: dict[str, tuple[str, int]] = {
    "client_hints:hints": ('"DPR"', 0), "client_hints:lifetime": ("86400s", 5),
    "cookies:cookie_string": ("a=b; c", 6), "cookies:set_cookie": ("a", 1),
    "csp:content_security_policy": ("default-src: 'self'", 11),
    "dates:http_date": ("Sun, 06 Nov 1994 08:49:37 UTC", 26),
    "drafts:idempotency_key": ("a", 0), "drafts:rate_limit": ("100", 0), "drafts:rate_limit_policy": ('"a";w=5', 0),
    "drafts:upload_complete": ("1", 0), "drafts:upload_limit": ("max-age=a", 0), "drafts:upload_number": ("-5", 0),
    "fetch:allow_headers": ("X-A; X-B", 3), "fetch:allow_methods": ("GET; PUT", 3),
    "fetch:allow_origin": ("https://a.example/", 17), "fetch:allowed_origins": ("https://a.example/", 17),
    "fetch:clear_site_data": ("cache", 0), "fetch:max_age": ("5.0", 1), "fetch:only_true": ("True", 0),
    "fetch:origin": ("a.example", 0), "fetch:request_headers": ("x-a;", 3), "fetch:request_method": ("GET,", 3),
    "fetch:resource_policy": ("same-origins", 11), "odata:odata_version": ("4.0;", 3),
    "odata:repeatability_result": ("ok", 0), "policies:feature_policy": ("camera=()", 6),
    "policies:frame_options": ("SAMEORIGIN, DENY", 10), "policies:no_vary_search": ("params=('a')", 8),
    "policies:nosniff": ("nosniff, none", 7), "policies:origin_trials": ('"YWJj', 5),
    "policies:permissions_policy": ("camera 'none'", 7), "policies:policy_flag": ("1", 0),
    "policies:policy_token": ('"same-origin"', 0), "policies:policy_tokens": ('"a"', 0),
    "policies:referrer_policy": ("no-referrer; origin", 11), "policies:refresh": ("a", 0),
    "policies:rule_sets": ("/a.json", 0), "reporting:error_logging": ("{'a': 1}", 1),
    "reporting:json_object": ("[]", 0),
    "reporting:report_to": ("{", 1), "reporting:reporting_endpoints": ("a=/b", 2),
    "reporting:server_timing": ("a;dur=5;=", 8), "rfc10008:accept_query": ("*/a", 0), "rfc2045:mime_version": ("1", 1),
    "rfc2068:content_base": ("/a", 0), "rfc2068:keep_alive": ("300", 3), "rfc2295:accept_features": ("=a", 0),
    "rfc2295:alternates": ("{a}", 1), "rfc2295:negotiate": ("1.0 trans", 4), "rfc2295:tcn": ("a;b", 1),
    "rfc2295:variant_vary": ("a;b", 1), "rfc2518:status_uri": ("404 http://a/", 4), "rfc3229:a_im": ("a;q=2", 4),
    "rfc3229:delta_base": ("a", 0), "rfc3229:im": ("a b", 2), "rfc4918:dav": ("http://a/", 4),
    "rfc4918:depth": ("2", 0), "rfc4918:destination": ("a", 0), "rfc4918:if_": ("<urn:a>", 7),
    "rfc4918:lock_token": ("urn:a", 0), "rfc4918:overwrite": ("true", 0), "rfc4918:schedule_tag": ('W/"a"', 0),
    "rfc4918:timeout": ("5", 0), "rfc5323:dasl": ("DAV:basicsearch", 0), "rfc6266:content_disposition": ("a; b", 4),
    "rfc6455:accept": ("a", 1), "rfc6455:extensions": ("a;=b", 2), "rfc6455:key": ("a", 1),
    "rfc6455:protocols": ("a b", 2),
    "rfc6455:versions": ("013", 0), "rfc6797:transport_policy": ("max-age=5, includeSubDomains", 9),
    "rfc7089:memento_datetime": ("Sunday, 06-Nov-94 08:49:37 GMT", 0), "rfc7239:forwarded": ("for=[::1]", 4),
    "rfc7240:prefer": ("=a", 0), "rfc7240:preference_applied": ("=a", 0),
    "rfc7469:key_pins": ("pin-sha256=YWJj=", 11), "rfc7616:authentication_info": ("a", 1),
    "rfc7838:alt_svc": ("h3=:443", 3), "rfc8053:authentication_control": ("Basic", 5),
    "rfc8053:optional_challenges": ('Basic realm="a', 14), "rfc8288:link": ("/a; rel=b", 0),
    "rfc8473:include_referred": ("?1", 0), "rfc8555:replay_nonce": ("ab==", 2), "rfc8607:cal_managed_id": ('"a"', 0),
    "rfc8613:oscore": ("A", 1), "rfc9110:accept": ("text", 4), "rfc9110:accept_language": ("en_US", 2),
    "rfc9110:accept_patch": ("text; a=b", 4), "rfc9110:accept_tokens": ("a;q=1.5", 6),
    "rfc9110:challenges": ('Basic realm="a', 14), "rfc9110:content_language": ("en_US", 2),
    "rfc9110:content_length": ("5, 5", 1), "rfc9110:content_range": ("bytes=0-1/2", 5),
    "rfc9110:credentials": ("Basic a=b c", 10), "rfc9110:entity_tag": ("a", 0), "rfc9110:entity_tags": ('"a" "b"', 4),
    "rfc9110:expect": ("a=", 2), "rfc9110:host": ("a:b", 2), "rfc9110:if_range": ('"a', 2),
    "rfc9110:location": ("/a b", 2), "rfc9110:lower_tokens": ("a;b", 1), "rfc9110:max_forwards": ("5.5", 1),
    "rfc9110:media_type": ("text/html; charset", 18), "rfc9110:media_types": ("text/a/b", 6),
    "rfc9110:partial_uri": ("/a#b", 2), "rfc9110:products": ("a/", 2), "rfc9110:range_units": ("bytes=0", 5),
    "rfc9110:ranges": ("bytes 0-1", 5), "rfc9110:retry_after": ("5 s", 1), "rfc9110:tokens": ("GET; PUT", 3),
    "rfc9110:upgrade": ("h2c/", 4), "rfc9110:via": ("1.1", 3), "rfc9111:age": ("5.0", 1),
    "rfc9111:cache_control": ("max-age=5; public", 9), "rfc9111:pragma": ("a;b", 1), "rfc9111:warning": ("110 -", 5),
    "rfc9112:te": ("gzip;q=2", 7), "rfc9112:transfer_encoding": ("gzip;a", 6),
    "rfc9163:expect_ct": ("max-age=5; enforce", 9), "rfc9209:proxy_status": ("a;error=", 8),
    "rfc9211:cache_status": ("a; b=", 5), "rfc9213:targeted_control": ("A=1", 0), "rfc9218:priority": ("u=1;", 4),
    "rfc9297:capsule_protocol": ("1", 0), "rfc9421:accept_signature": ("A=()", 0), "rfc9421:signature": ("A=:YQ==:", 0),
    "rfc9421:signature_input": ("A=()", 0), "rfc9530:content_md5": ("YWJj", 0),
    "rfc9530:digests": ("sha-256=:YWI=", 13),
    "rfc9530:instance_digests": ("sha-256", 0), "rfc9530:preferences": ("A=1", 0), "rfc9449:dpop_nonce": ("a b", 1),
    "rfc9652:link_template": ("</a>", 0),
    "rfc9745:deprecation": ("true", 0), "rfc9842:use_as_dictionary": ("match=", 6),
    "rfc9875:cache_groups": ('"a" "b"', 4),
    "structured:structured_dictionary": ("a=1,", 4), "structured:structured_item": ("1, 2", 1),
    "structured:structured_list": ("a b", 2), "surrogate:surrogate_control": ("=5", 0),
    "uri:uri_reference": ("/a b", 2),
}
"""For each parser a value that it refuses, and where that goes wrong."""


def test_every_grammar_has_values() -> None:
    assert VALUES.keys() == {one.name.lower() for one in PARSERS}
    assert NEAR_MISSES.keys() == {one.parser for one in PARSERS}


@pytest.mark.parametrize("parser", NEAR_MISSES)
def test_near_misses(parser: str) -> None:
    value, position = NEAR_MISSES[parser]
    parse = next(one.parse for one in PARSERS if one.parser == parser)
    with pytest.raises(Malformed) as error:
        parse(value)
    assert error.value.position == position


@pytest.mark.parametrize("one", PARSERS, ids=lambda one: one.name)
def test_values(one: Field) -> None:
    values = VALUES[one.name.lower()]
    assert one.parse(", ".join(values)) is not None
    if not one.list:
        assert len(values) == 1
        return
    whole = parsed(Fields(((one.name, ", ".join(values)),)), one.name.lower())
    lines = Fields(tuple((one.name.upper(), f" {value}\t") for value in values))
    assert parsed(lines, one.name.lower()) == whole
    assert malformed_line(lines, one.name.lower()) is None
    if one.structured is None:
        ragged = f", ,{values[0]}\t,,{','.join(values[1:])} ,"
        assert one.parse(ragged) == whole


pieces = st.sampled_from([*" \t,;=\"\\()<>[]{}/:?#%*-+._~'`|^&!@$", "W/", "bytes", "GMT", "q=", "\x00", "\x7f", "\xff",
                          "\u0100", "\u2028", "1", "a", "GET", "\n", DATE, "::", "0", '="', "\\\"", *(
                              value for values in VALUES.values() for value in values)])
texts = (st.lists(pieces, max_size=20).map("".join) | st.text(max_size=40)
         | st.text(st.characters(max_codepoint=255), max_size=40)
         | st.tuples(pieces, st.integers(1, 3000), pieces).map(lambda found: found[0] * found[1] + found[2]))


@given(texts)
def test_any_text_is_parsed_or_malformed(text: str) -> None:
    for one in PARSERS:
        try:
            value = one.parse(text)
        except Malformed as error:
            assert error.value == text
            assert 0 <= error.position <= len(text)
            assert error.expected
        else:
            assert value is not None
            assert value == one.parse(text)


@given(st.sampled_from(PARSERS), st.data())
def test_values_with_a_change_are_parsed_or_malformed(one: Field, data: st.DataObject) -> None:
    value = ", ".join(VALUES[one.name.lower()])
    place = data.draw(st.integers(0, len(value)))
    changed = value[:place] + data.draw(pieces) + value[place + data.draw(st.integers(0, 2)):]
    fields = Fields(((one.name, changed),))
    found = malformed_line(fields, one.name.lower())
    try:
        parsed(fields, one.name.lower())
    except NotEvaluated:
        assert found is not None
        assert found.position <= len(found.value)
    else:
        assert found is None


def test_parsed() -> None:
    fields = Fields((("Date", DATE), ("ETag", '"a"'), ("X-Other", "1"), ("x-other", "2"), ("Allow", "")))
    assert parsed(fields, "date") == http_date(DATE)
    assert parsed(fields, "etag") == EntityTag("a", False)
    assert parsed(fields, "x-other") == "1, 2"
    assert parsed(fields, "allow") == ()
    assert parsed(fields, "date") is parsed(fields, "date")
    with pytest.raises(NotApplicable):
        parsed(fields, "age")
    assert fields.memo.keys() == {"date", "etag", "x-other", "allow"}


def test_values_are_shared_between_sections() -> None:
    one, other = Fields((("Vary", "A, B"),)), Fields((("vary", "A, B "),))
    assert parsed(one, "vary") is parsed(other, "vary")


def test_parsed_reports_flaws_each_time() -> None:
    fields = Fields((("Age", "x"), ("Content-Length", "5"), ("Content-Length", "6")))
    for _ in range(2):
        with pytest.raises(NotEvaluated, match="malformed Age"):
            parsed(fields, "age")
        with pytest.raises(NotEvaluated, match="Content-Length repeated with different values"):
            parsed(fields, "content-length")


def test_repeated_singletons() -> None:
    assert parsed(Fields((("Age", "5"), ("age", "5 "))), "age") == 5
    twice = Fields((("Age", "5"), ("Age", "x")))
    found = malformed_line(twice, "age")
    assert found is not None
    assert (found.line, found.value, found.position) == (1, "x", 0)
    assert malformed_line(Fields((("Age", "5"), ("Age", "6"))), "age") is None


def test_flaw() -> None:
    fields = Fields((("Server", "x"), ("allow", " GET;"), ("X", ""), ("Allow", "[")))
    found = malformed_line(fields, "allow")
    assert found is not None
    assert (found.name, found.line, found.value, found.position, found.source) == (
        "Allow", 1, "GET;", 3, "RFC 9110 §10.2.1")
    assert found.hint == "separate the members with commas"
    assert malformed_line(fields, "server") is None
    assert malformed_line(fields, "x") is None
    assert malformed_line(fields, "age") is None


def test_flaw_of_lines_that_are_fine_alone() -> None:
    fields = Fields((("If-None-Match", '"a"'), ("X", ""), ("If-None-Match", "*")))
    found = malformed_line(fields, "if-none-match")
    assert found is not None
    assert (found.line, found.value, found.position) == (2, "*", 0)


def test_a_quoted_string_may_go_over_lines() -> None:
    """The combined value counts (RFC 9110 §5.3)."""
    fields = Fields((("Cache-Control", 'private="a'), ("Cache-Control", 'b"')))
    assert malformed_line(fields, "cache-control") is None


def test_names() -> None:
    assert all(name == one.name.lower() for name, one in FIELDS.items())
    assert field("ETAG") is FIELDS["etag"]
    assert field("X-Nothing") is None
    assert not any(one.structured and one.parser is None for one in FIELDS.values() if one.response)


WITHOUT_GRAMMAR = {
    "of push messages only, while caches send fractions under that name": ("TTL",),
    "its document gives none, or contradicts its own examples": (
        "Cert-Not-After", "Cert-Not-Before", "Close", "Hobareg", "Meter", "OData-EntityId", "Proxy-support", "Set-Txn",
        "Accept-Additions"),
    "specified by industry groups, and not as one would read it": (
        "CMSD-Dynamic", "CMSD-Static", "Configuration-Context", "OSLC-Core-Version"),
    "meant for requests, of which no document says that responses lack them": (
        "DNT", "DPR", "Downlink", "Surrogate-Capabilities", "Viewport-Width", "Width", "X-CSRF-Token",
        "X-HTTP-Method-Override", "X-Requested-With"),
    "vendors and frameworks send it, each in its own form": (
        "CDN-Cache", "CF-Cache-Status", "CF-Ray", "Cache-Tag", "Content-Transfer-Encoding", "Edge-Control",
        "Fastly-Debug-Digest", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Status", "Surrogate-Key",
        "X-Accel-Buffering", "X-Accel-Expires", "X-Accel-Redirect", "X-Amz-Cf-Id", "X-Amz-Cf-Pop", "X-Amz-Request-Id",
        "X-Amzn-Trace-Id", "X-AspNet-Version", "X-AspNetMvc-Version", "X-Backend", "X-Cache", "X-Cache-Hits",
        "X-Cache-Status", "X-Correlation-Id", "X-DNS-Prefetch-Control", "X-Generator",
        "X-Permitted-Cross-Domain-Policies", "X-Pingback", "X-Powered-By", "X-Rate-Limit-Limit",
        "X-Rate-Limit-Remaining", "X-Rate-Limit-Reset", "X-RateLimit-Limit", "X-RateLimit-Remaining",
        "X-RateLimit-Reset", "X-Redirect-By", "X-Request-Id", "X-Robots-Tag", "X-Runtime", "X-Sendfile", "X-Served-By",
        "X-Timer", "X-Total-Count", "X-Trace-Id", "X-Varnish"),
    "for agents of AS2, and of intermediaries that adapt messages": (
        "AS2-From", "AS2-To", "AS2-Version", "OPES-Bypass", "OPES-System", "OPES-Via"),
}
"""Why fields that may stand in responses, and are not obsolete, have no grammar: it would not be fair to judge them."""


def test_fields_of_responses_have_a_grammar_or_a_reason_for_none() -> None:
    reasoned = [name for names in WITHOUT_GRAMMAR.values() for name in names]
    assert len(reasoned) == len(set(reasoned))
    assert set(reasoned) == {one.name for one in FIELDS.values()
                             if one.response is not False and one.parser is None and not one.obsolete}


OBSOLETED_BY_THEIR_OWN_SECTION = ("Accept-Charset", "Pragma", "Proxy-Connection", "Warning")


def test_every_field_says_what_it_tells_and_who_says_so() -> None:
    assert len([one for one in FIELDS.values() if one.status != "unregistered"]) >= 258  # and the asterisk of Vary
    for one in FIELDS.values():
        assert one.meaning, one
        assert one.meaning == one.meaning.strip().rstrip("."), one
        assert one.source, one
        assert one.obsolete or one.status not in ("obsoleted", "deprecated"), one
        assert one.obsolete != one.source or one.name in OBSOLETED_BY_THEIR_OWN_SECTION, one


def test_importing_the_table_is_cheap() -> None:
    code = ("import sys, httplint.grammar.table; "
            "print([name for name in sys.modules if name in ('dataclasses', 'inspect', 'http_sf')])")
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert found.stdout.strip() == "[]"


def test_the_cache_is_bounded() -> None:
    for number in range(table.CACHED_VALUES + 100):
        parsed(Fields((("Server", f"x/{number}"),)), "server")
    assert table._parse_cached.cache_info().currsize <= table.CACHED_VALUES
    before = table._parse_cached.cache_info().misses
    parsed(Fields((("Server", "x " * 1000),)), "server")
    parsed(Fields((("ETag", '"x"'),)), "etag")
    assert table._parse_cached.cache_info().misses == before
