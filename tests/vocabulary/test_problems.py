"""Problem details."""
from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from httplint.model.evidence import NotApplicable, NotEvaluated
from httplint.model.message import Response
from httplint.vocabulary import problems


def response(content: bytes | str, kind: str = "application/problem+json") -> Response:
    return Response(400, headers=[("Content-Type", kind)], content=content)


def test_members() -> None:
    """RFC 9457 §3."""
    found = problems.problem(response(json.dumps({
        "type": "https://example.com/probs/out-of-credit", "title": "You do not have enough credit.",
        "detail": "Your current balance is 30, but that costs 50.", "instance": "/account/12345/msgs/abc",
        "balance": 30,
        "accounts": ["/account/12345", "/account/67890"]})))
    assert (found.type, found.title) == ("https://example.com/probs/out-of-credit", "You do not have enough credit.")
    assert (found.detail, found.instance) == (
        "Your current balance is 30, but that costs 50.", "/account/12345/msgs/abc")
    assert (found.status, found.mistyped, found.extensions, found.blank) == (None, (), ("balance", "accounts"), False)


def test_wrong_types() -> None:
    found = problems.problem(response('{"type": 2.5, "title": 1, "detail": [], "instance": {}, "status": true}'))
    assert found.mistyped == ("type (a string)", "title (a string)", "detail (a string)", "instance (a string)",
                              "status (a number)")
    assert found.blank
    assert problems.problem(response('{"status": 404.5}')).status == 404.5
    absent = problems.problem(response('{"type": null, "detail": null, "status": null}'))
    assert (absent.mistyped, absent.blank, absent.detail, absent.extensions) == ((), True, None, ())


@pytest.mark.parametrize(("content", "expected"), [("{}", True), ("[]", False), ('"a"', False), ("null", False)])
def test_objects(content: str, expected: bool) -> None:
    assert problems.is_object(response(content)) is expected
    if not expected:
        with pytest.raises(NotApplicable):
            problems.problem(response(content))


@pytest.mark.parametrize("content", [
    "{", b"\xff", "[" * 200_000, '{"status": ' + "9" * 10_000 + "}", b"\x1f\x8b\x08",
    '{"a": "' + "x" * 2_000_000 + '"}'])
def test_what_cannot_be_read(content: bytes | str) -> None:
    with pytest.raises(NotEvaluated):
        problems.problem(response(content))


@pytest.mark.parametrize(("found", "called"), [
    (response("{}"), True), (response("", "Application/Problem+JSON; charset=utf-8"), True),
    (response("{}", "application/json"), False), (response("{}", "application/problem+xml"), False),
    (response("{}", "application"), False), (Response(400, content="{}"), False)])
def test_what_is_called_a_problem(found: Response, called: bool) -> None:
    assert problems.called_problem(found) is called


def test_without_content_there_is_no_problem() -> None:
    with pytest.raises(NotApplicable):
        problems.is_object(response(""))


def test_names() -> None:
    found = problems.problem(response('{"trace-id": 1, "id": 1, "2nd": 1, "abc": 1, "a_2": 1, "type": 1}'))
    assert problems.odd_names(found) == ("trace-id", "id", "2nd")


@pytest.mark.parametrize(("text", "flawed", "unrooted"), [
    (None, False, False), ("", False, False), ("about:blank", False, False), ("/types/1", False, False),
    ("//a.example/b", False, False), ("a", False, True), ("#a", False, True), ("a b", True, False),
    ("tag:example@example.org,2021-09-17:OutOfLuck", False, False),
])
def test_references(text: str | None, flawed: bool, unrooted: bool) -> None:
    assert (problems.reference_flaw(text) is not None) is flawed
    assert problems.unrooted(text) is unrooted


def test_wrong_references() -> None:
    found = problems.problem(response('{"type": "about:blank", "instance": "/a b", "title": "a b"}'))
    (flaw,) = problems.wrong_references(found)
    assert flaw.startswith("instance '/a b', in which")
    assert problems.wrong_references(problems.problem(response('{"type": "/a", "instance": null}'))) == ()


@pytest.mark.parametrize(("title", "status", "expected"), [
    ("Not Found", 404, True), ("not found.", 404, True), ("Nope", 404, False), ("Unprocessable Entity", 422, True),
    ("Unprocessable Content", 422, True), ("Payload Too Large", 413, True), ("Anything", 499, True),
    ("I'm a teapot", 418, True), ("Gateway Time-out", 504, True), ("Gateway Time-out", 408, False),
    ("\u00dcbel", 404, True),
    ("", 404, False),
])
def test_titles(title: str, status: int, expected: bool) -> None:
    assert problems.names_status(title, status) is expected


@pytest.mark.parametrize(("text", "expected"), [
    (None, False), ("It failed at noon (see below)", False), ("Look at a.example (port 5)", False),
    ("System.NullReferenceException: x\n   at Api.Orders.Get(Int32 id) in C:\\a\\Orders.cs:line 5", True),
    ("java.lang.IllegalStateException\n\tat com.example.A.b(A.java:5)", True),
    ("Error: x\n    at Object.<anonymous> (/app/a.js:1:5)", True),
    ('Traceback (most recent call last):\n  File "/app/a.py", line 5, in b', True),
    ("goroutine 1 [running]:\nmain.main()", True),
    ("See a.py for an example", False),
])
def test_stack_traces(text: str | None, expected: bool) -> None:
    assert problems.has_stack_trace(text) is expected


@given(st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(("type", "status", "x")) | st.text(), inner),
    max_leaves=20))
def test_any_json(found: object) -> None:
    content = json.dumps(found)
    if isinstance(found, dict):
        assert len(problems.problem(response(content)).extensions) <= len(found)
    else:
        assert not problems.is_object(response(content))
