from __future__ import annotations

from pathlib import Path

import httplint.grammar.registry as registry


def test_status_codes() -> None:
    codes = registry.status_codes()
    assert len(codes) == 64
    assert codes[404] == registry.StatusCode(404, "Not Found", "RFC 9110 §15.5.5")
    assert codes[103].reference == "RFC 8297 §2"
    assert all(100 <= code <= 599 and found.name and found.reference for code, found in codes.items())


def test_common_codes_are_not_registered() -> None:
    assert not registry.common_codes().keys() & registry.status_codes().keys()
    assert [found.used_by for found in registry.common_codes()[521]] == ["Cloudflare"]
    assert {419, 420, 440, 444, 449, 450, 460, 463, *range(494, 500), 509, *range(520, 528), 529, 530, 561, 598, 599,
            999} <= registry.common_codes().keys()


def test_methods() -> None:
    methods = registry.methods()
    assert len(methods) == 41
    assert methods["PUT"] == registry.Method("PUT", safe=False, idempotent=True)
    assert {name for name in ("GET", "HEAD", "OPTIONS", "TRACE", "POST") if methods[name].safe} == {
        "GET", "HEAD", "OPTIONS", "TRACE"}


def test_cache_directives() -> None:
    directives = registry.cache_directives()
    assert sum(found.registered for found in directives.values()) == 16
    assert directives["max-stale"] == registry.CacheDirective("max-stale", True, False, "seconds", True)
    assert directives["private"].argument == "names"
    assert (directives["private"].request, directives["private"].response) == (False, True)
    assert (directives["only-if-cached"].request, directives["only-if-cached"].response) == (True, False)
    assert {name for name, found in directives.items() if found.argument == "seconds"} == {
        "max-age", "s-maxage", "max-stale", "min-fresh", "stale-while-revalidate", "stale-if-error"}


def test_proxy_errors() -> None:
    errors = registry.proxy_errors()
    assert len(errors) == 32
    assert errors["connection_timeout"] == registry.ProxyError("connection_timeout", "504", True)
    assert errors["http_request_error"].status == "4xx"
    assert errors["proxy_internal_response"].status == ""


def test_algorithms() -> None:
    digests = registry.digest_algorithms()
    assert {key for key, found in digests.items() if found.active} == {"sha-256", "sha-512"}
    assert digests["sha"] == registry.DigestAlgorithm("sha", False, 20)
    assert digests["unixsum"].octets is None
    assert registry.signature_algorithms() == {"rsa-pss-sha512", "rsa-v1_5-sha256", "hmac-sha256", "ecdsa-p256-sha256",
                                               "ecdsa-p384-sha384", "ed25519"}


def test_names() -> None:
    assert {"gzip", "br", "zstd", "deflate", "compress", "identity"} <= registry.names("coding")
    assert "websocket" in registry.names("protocol")
    assert registry.names("range unit") == {"bytes", "none"}
    assert "basic" in registry.names("scheme")
    assert "basic" not in registry.names("coding")
    assert "stylesheet" in registry.names("relation")
    assert {"text/html", "application/json"} <= registry.media_types()


def test_each_file_is_dated() -> None:
    files = list(Path(registry.__file__).parent.glob("*.csv"))
    assert files
    for path in files:
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first.startswith("# ")
        assert " 202" in first
