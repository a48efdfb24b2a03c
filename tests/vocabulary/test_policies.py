from __future__ import annotations

import pytest

from httplint.grammar.policies import permissions_policy, referrer_policy
from httplint.model.evidence import NotApplicable, NotEvaluated
from httplint.model.message import Request, Response
from httplint.vocabulary.policies import (
    banners,
    effective_referrer_policy,
    has_meta_policy,
    has_meta_referrer,
    html_content,
    known_feature,
    known_hint,
    meant_feature,
    meant_hint,
    meant_policy,
    meant_referrer_policy,
    names_framers,
    refused_by_nosniff,
    report_parameters,
    script_content,
    secure_only,
)


def response(*lines: tuple[str, str], content: str | None = None) -> Response:
    return Response(200, headers=lines, content=content)


@pytest.mark.parametrize(("name", "known", "meant"), [
    ("geolocation", True, ""), ("interest-cohort", True, ""), ("geo-location", False, "; did you mean 'geolocation'?"),
    ("xyz", False, "")])
def test_features(name: str, known: bool, meant: str) -> None:
    (feature,) = permissions_policy(f"{name}=()")
    assert known_feature(feature) is known
    assert known or meant_feature(feature) == meant


@pytest.mark.parametrize(("value", "effective"), [
    # Referrer Policy §11.1
    ("origin, unsafe-url", "unsafe-url"), ("no-referrer, a-new-one", "no-referrer"), ("never", None),
    ("ORIGIN", "origin")])
def test_referrer_policies(value: str, effective: str | None) -> None:
    assert effective_referrer_policy(referrer_policy(value)) == effective


def test_what_was_meant() -> None:
    assert meant_referrer_policy(("no-referer",)) == "; did you mean 'no-referrer'?"
    assert meant_referrer_policy(("always",)) == ""
    assert known_hint("sec-ch-ua-model")
    assert not known_hint("sec-ch-ua-modell")
    assert meant_hint("sec-ch-ua-modell") == "; did you mean 'sec-ch-ua-model'?"
    assert "lower case" in meant_policy("Same-Origin", "same-origin", "unsafe-none", "", "")
    assert "Cross-Origin-Resource-Policy" in meant_policy("cross-origin", "same-origin", "unsafe-none", "", "")
    assert meant_policy("require-corps", "require-corp", "credentialless", "unsafe-none", "") == (
        "; did you mean 'require-corp'?")


def test_fields_for_secure_contexts() -> None:
    found = secure_only(response(("NEL", "{}"), ("Date", ""), ("accept-ch", "DPR"), ("accept-ch", "Width")))
    assert [(one.line, one.name) for one in found] == [(3, "Accept-CH"), (0, "NEL")]
    assert secure_only(response(("Permissions-Policy", "usb=()"))) == ()


@pytest.mark.parametrize(("destination", "media_type", "refused"), [
    # Fetch, nosniff; MIME Sniffing §4.6
    ("script", "text/javascript", False), ("script", "Application/JavaScript;charset=utf-8", False),
    ("script", "text/plain", True), ("script", "application/json", True), ("script", None, True),
    ("worker", "text/html", True), ("serviceworker", "text/ecmascript", False), ("style", "text/css;a=b", False),
    ("style", "text/plain", True), ("style", None, True), ("image", "text/plain", False), ("empty", None, False)])
def test_nosniff(destination: str, media_type: str | None, refused: bool) -> None:
    request = Request("GET", "/", headers=(("Sec-Fetch-Dest", destination),))
    lines = () if media_type is None else (("Content-Type", media_type),)
    assert refused_by_nosniff(request, response(*lines)) is refused


def test_nosniff_needs_to_know() -> None:
    with pytest.raises(NotApplicable):
        refused_by_nosniff(Request("GET", "/"), response())
    with pytest.raises(NotEvaluated):
        refused_by_nosniff(Request("GET", "/", headers=(("Sec-Fetch-Dest", "script"),)), response(("Content-Type",
        "js")))


def test_kinds_of_content() -> None:
    assert html_content(response(("Content-Type", "Text/HTML; charset=utf-8")))
    assert html_content(response(("Content-Type", "application/xhtml+xml")))
    assert not html_content(response(("Content-Type", "image/svg+xml")))
    assert not html_content(response())
    assert script_content(response(("Content-Type", "text/javascript")))
    assert not script_content(response(("Content-Type", "application/json")))


def test_policies_of_documents() -> None:
    policy = "Content-Security-Policy"
    assert names_framers(response((policy, "default-src 'self'"), (policy, "frame-ancestors 'none'")))
    assert not names_framers(response((policy, "default-src 'none'"),
    (f"{policy}-Report-Only", "frame-ancestors 'none'")))
    assert not names_framers(response())
    assert has_meta_policy(response(content="<META HTTP-EQUIV = 'content-security-policy' content=\"default-src *\">"))
    assert has_meta_policy(response(content="<meta http-equiv=Content-Security-Policy>"))
    assert not has_meta_policy(response(content="<meta http-equiv=refresh> Content-Security-Policy"))
    assert not has_meta_policy(response())


def test_banners() -> None:
    assert [(one.line, one.name, one.version) for one in banners(response(
        ("X-Powered-By", "PHP/7.4.3"), ("Server", "nginx"), ("X-Powered-By", "Express"),
        ("X-AspNet-Version", "4.0.30319"),
        ("X-Generator", "Drupal 9 (https://www.drupal.org)")))] == [
            (0, "X-Powered-By", "PHP/7.4.3"), (2, "X-Powered-By", ""),
            (3, "X-AspNet-Version", "4.0.30319"),
            (4, "X-Generator", "")]
    assert banners(response(("Server", "Apache/2.4.41"))) == ()


def test_where_reports_go() -> None:
    found = report_parameters(response(
        ("Cross-Origin-Opener-Policy", 'same-origin; report-to="a"'),
        ("Permissions-Policy", "camera=();report-to=b, usb=()"),
        ("Cross-Origin-Embedder-Policy", '"x"'), ("Cross-Origin-Embedder-Policy-Report-Only", "require-corp")))
    assert [(one.line, one.field, one.endpoint) for one in found] == [
        (0, "Cross-Origin-Opener-Policy", "a"), (1, "Permissions-Policy", None)]


@pytest.mark.parametrize(("content", "expected"), [
    ('<meta name="referrer" content="no-referrer">', True), ("<META content=origin NAME=referrer>", True),
    ("<meta name=referrers>", False), ("<input name=referrer>", False), (None, False)])
def test_meta_referrer(content: str | None, expected: bool) -> None:
    assert has_meta_referrer(response(content=content)) is expected
