"""Collections of Postman with saved responses, by Postman's published schemas of v2.0 and v2.1."""
from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from httplint import Linter
from httplint.capture import postman, reading
from httplint.capture.outcome import Problem, Skipped
from httplint.model.exchange import Exchange

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
ALWAYS = {"wire", "interim", "trailers", "target", "version", "request_version", "reason", "time", "response_fields",
          "lines", "name_case", "request_fields", "request_content"}


def example(code: Any = 200, header: Any = (), body: Any = "{}", url: Any = "{{baseUrl}}/items/1", **more: Any) -> Any:
    """A saved response, as Postman exports it."""
    return {"name": "found", "originalRequest": {"method": "GET", "header": [], "url": url}, "status": "OK",
            "code": code, "_postman_previewlanguage": "json",
            "header": [{"key": name, "value": value} for name, value in header] if isinstance(header, tuple)
            else header, "cookie": [], "body": body} | more


def item(*examples: Any, **more: Any) -> Any:
    return {"name": "an item", "request": {"method": "GET", "header": [], "url": "{{baseUrl}}/items/1"},
            "response": list(examples)} | more


def collection(*items: Any, **more: Any) -> bytes:
    return json.dumps({"info": {"_postman_id": "1", "name": "shop", "schema": SCHEMA}, "item": list(items),
                       "variable": [{"key": "baseUrl", "value": "https://a.example"}]} | more, indent="\t").encode()


def read(octets: bytes) -> list[Any]:
    return list(reading.read(io.BytesIO(octets), path="shop.json"))


def one(**more: Any) -> Exchange:
    exchange, = read(collection(item(example(**more))))
    assert isinstance(exchange, Exchange), exchange
    return exchange


def test_an_example() -> None:
    exchange = one(header=(("Content-Type", "application/json"), ("content-length", "2")))
    assert exchange.request is not None
    assert (exchange.request.method, exchange.request.target) == ("GET", "/items/1")
    assert (exchange.response.status, exchange.response.content) == (200, b"{}")
    assert set(exchange.evidence.missing(-1)) == ALWAYS | {"pair", "resource", "request"}
    source = exchange.source
    assert source is not None
    assert source.pointer == "/item/0/response/0"
    assert collection(item(example())).decode().splitlines()[(source.line or 0) - 1].strip() == "{"


def test_folders_are_gone_through_in_their_order() -> None:
    octets = collection(item(example(200), example(201)), {"name": "folder", "item": [
        item(example(202)), {"name": "inner", "item": [item(), item(example(203))]}]}, item(example(204)))
    found = read(octets)
    assert [exchange.response.status for exchange in found] == [200, 201, 202, 203, 204]
    assert [exchange.source.pointer for exchange in found] == [
        "/item/0/response/0", "/item/0/response/1", "/item/1/item/0/response/0", "/item/1/item/1/item/1/response/0",
        "/item/2/response/0"]
    assert [exchange.source.entry for exchange in found] == list(range(5))


def test_an_absence_proves_nothing() -> None:
    """Examples are written by hand: a 401 or 405 shown without its fields is no finding, what stands there may be."""
    linter = Linter(profile="strict")
    for code in (401, 405, 206, 304, 200):
        assert linter.lint(one(code=code)).findings == []
    found = linter.lint(one(code=200, header=(("ETag", "abc"), ("Date", "yesterday"))))
    assert {finding.rule_id.partition(".")[0] for finding in found.findings} == {"etag", "date"}


@pytest.mark.parametrize(("value", "known"), [
    ("{{token}}", False), ("a {{token}}", False), ("<string>", False), ("<integer>", False), ("<dateTime>", False),
    ("[REDACTED]", False), (None, False), (5, False), ("<https://a.example/>; rel=next", True), ("120", True)])
def test_values_that_stand_for_others_are_not_known(value: Any, known: bool) -> None:
    exchange = one(header=[{"key": "Retry-After", "value": value}, {"key": "Server", "value": "a"}])
    names = [name for name, _ in exchange.response.fields or ()]
    assert names == (["Retry-After", "Server"] if known else ["Server"])
    assert exchange.evidence.response_gaps == (set() if known else {"retry-after"})


@pytest.mark.parametrize("header", [
    "Content-Type: text/plain\nX-A: b: c\r\n\n", ["Content-Type: text/plain", "X-A:b: c", ": d", "e"],
    [{"key": "Content-Type", "value": "text/plain", "name": "Content-Type", "description": ""},
     {"key": "X-A", "value": "b: c"}, {"key": "Off", "value": "x", "disabled": True}]])
def test_forms_of_headers(header: Any) -> None:
    assert list(one(header=header).response.fields or ()) == [("Content-Type", "text/plain"), ("X-A", "b: c")]


@pytest.mark.parametrize(("body", "header", "known"), [
    ("{}", (("Content-Length", "2"),), True), ("é", (("Content-Length", "2"),), True),
    ("é", (("Content-Length", "1"),), False), ("{}", (), False), ("{ }", (("Content-Length", "2"),), False),
    ("{}", (("Content-Length", "2"), ("Content-Encoding", "gzip")), False),
    ("{{body}}", (("Content-Length", "8"),), False), (None, (("Content-Length", "0"),), False),
    ("", (("Content-Length", "0"),), True), ("\udfff", (("Content-Length", "3"),), False), ({}, (), False)])
def test_a_body_is_the_content_if_its_length_proves_it(body: Any, header: Any, known: bool) -> None:
    exchange = one(body=body, header=header)
    assert exchange.evidence.knows("content") is known
    assert exchange.response.content == (body.encode() if known else None)


@pytest.mark.parametrize(("url", "target", "known"), [
    ("https://a.example/b?c=d#e", "https://a.example/b?c=d", True), ("a.example:80/b", "http://a.example:80/b", True),
    ("{{baseUrl}}/b", "/b", False), ("{{scheme}}://{{host}}/b", "/b", False), ("https://{{host}}:1/b", "/b", False),
    ("https://a.example/{{b}}", "/{{b}}", False), ("{{url}}", "/", False), ("https://a.example", "https://a.example",
                                                                            True),
    ("https://a.example/b?c=<string>", "/b?c=<string>", False), ({"raw": "{{baseUrl}}/b"}, "/b", False),
    ({"protocol": "https", "host": ["a", "example"], "path": ["b", ""], "port": "8443",
      "query": [{"key": "c", "value": "d"}, {"key": "off", "value": "1", "disabled": True}, {"key": "e"}]},
     "https://a.example:8443/b/?c=d&e", True),
    ({"raw": "x", "host": ["{{baseUrl}}"], "path": ["b"]}, "/b", False),
    ({"host": "a.example", "path": "/b", "query": "c=d"}, "http://a.example/b?c=d", True),
    ({"protocol": "http", "host": ["a"], "path": ["users", ":id"], "variable": [{"key": "id", "value": "7"}]},
     "http://a/users/7", True),
    ({"protocol": "http", "host": ["a"], "path": ["users", ":id"], "variable": [{"key": "id", "value": ""}]},
     "/users/:id", False),
    ({"protocol": "http", "host": ["a"], "path": ["users", ":id"], "variable": [{"key": "id", "value": 7}]},
     "/users/:id", False),
    ({"protocol": "http", "host": ["a"], "path": ["users", {"type": "string", "value": ":id"}]}, "http://a/users/:id",
     True)])
def test_targets(url: Any, target: str, known: bool) -> None:
    exchange = one(url=url)
    assert exchange.request is not None
    assert exchange.request.target == target
    assert exchange.evidence.knows("request") is known


@pytest.mark.parametrize("asked", [None, 5, "", [], {}, {"url": None}, {"url": "http://a", "method": "{{m}}"},
                                   {"url": "http://a", "method": 5}, {"url": "http://a", "method": ""},
                                   {"url": {"host": []}}])
def test_an_example_without_a_request(asked: Any) -> None:
    exchange = one(originalRequest=asked)
    assert exchange.request is None


def test_a_request_that_is_a_url() -> None:
    request = one(originalRequest="https://a.example/b").request
    assert request is not None
    assert (request.method, request.target) == ("GET", "https://a.example/b")


def test_postman_follows_redirects() -> None:
    assert not one(url="http://a/b").evidence.knows("pair")
    for code, known in ((299, False), (300, True), (302, True), (399, True), (400, False)):
        assert one(code=code, url="http://a/b", header=(("Location", "/c"),)).evidence.knows("pair") is known


def test_an_example_without_a_request_behind_a_break() -> None:
    octets = collection(item(example(200)), item({"code": 201, "header": []}, {"code": 202, "header": []}))
    problem, *found = read(octets.replace(b'"code": 200', b'"code": x'))
    assert isinstance(problem, Problem)
    assert [exchange.response.status for exchange in found] == [201, 202]


@pytest.mark.parametrize("code", [None, "", "two", 0, 1000, True])
def test_an_example_without_status_code_is_skipped(code: Any) -> None:
    skipped, exchange = read(collection(item(example(code), example(404))))
    assert isinstance(skipped, Skipped)
    assert (skipped.category, skipped.reason) == ("no-response", "the example has no status code")
    assert exchange.response.status == 404


@pytest.mark.parametrize("octets", [
    collection(item(example())), b"\xef\xbb\xbf" + collection(item(example())),
    json.dumps({"collection": json.loads(collection(item(example())))}).encode(),
    json.dumps(dict(reversed(json.loads(collection(item(example()))).items()))).encode(),
    json.dumps({"info": {"name": "a"}, "item": [item(example())]}).encode(),
    collection(item(example())).replace(b"v2.1.0", b"v2.0.0"),
    json.dumps({"info": {"description": "long " * 2000, "name": "a", "schema": SCHEMA, "_postman_id": "1"},
                "item": [item(example())]}).replace('{"info": {', '{"info": {"_postman_id": "1", ').encode()])
def test_collections_are_recognised(octets: bytes) -> None:
    assert [type(outcome) for outcome in read(octets)] == [Exchange]


@pytest.mark.parametrize("octets", [
    b'{"log": {"comment": "_postman_id", "_postman_id": "1", "entries": []}}',
    b'{"openapi": "3.1.0", "info": {"title": "a", "version": "1"}, "paths": {}}', b'{"info": {"a": 1}, "items": []}'])
def test_what_is_none_is_not(octets: bytes) -> None:
    assert next(reader.name for reader in reading.READERS if reader.recognises(reading.Start(octets))) == "HAR"


def test_the_first_form_has_a_clear_word() -> None:
    problem, = read(b'{"id": "1", "name": "a", "description": "", "order": ["2"], "folders": [], "requests": [{}]}')
    assert isinstance(problem, Problem)
    assert "export it as Collection v2.1" in problem.cause


@pytest.mark.parametrize("depth", [postman.DEEPEST, postman.DEEPEST + 1])
def test_folders_within_folders(depth: int) -> None:
    inner = item(example(201))
    for _ in range(depth):
        inner = {"item": [inner]}
    *found, last = read(collection(inner, item(example(202))))
    assert last.response.status == 202
    if depth == postman.DEEPEST:
        assert found[0].response.status == 201
    else:
        assert "folders within more than 50 others" in found[0].cause


def test_depth_that_no_decoder_takes() -> None:
    octets = collection(item(example("here"), example(404))).replace(b'"here"', b"[" * 100_000 + b"]" * 100_000)
    assert [type(outcome) for outcome in read(octets)] == [Skipped, Exchange]
    octets = collection({"a": "here"}, item(example(404))).replace(b'"here"', b'{"item":[' * 9999 + b"]}" * 9999)
    assert read(octets)[-1].response.status == 404


def test_what_stands_behind_a_break_is_read() -> None:
    octets = collection(item(example(200)), {"item": [item(example(201), example(202)), item(example(203))]},
                        item(example(204))).replace(b'"code": 201', b'"code": x')
    first, problem, *others = read(octets)
    assert isinstance(problem, Problem)
    assert [exchange.response.status for exchange in (first, *others)] == [200, 202, 203, 204]
    assert [exchange.source.entry for exchange in (first, *others)] == [0, 2, 3, 4]


@pytest.mark.parametrize("made", [
    None, 5, [], "x", {"item": 5}, {"item": None, "response": None}, {"response": {}}, {"response": [None, 5, []]},
    {"response": [{"code": 200, "header": {"a": 1}, "body": []}]},
    {"response": [{"code": 200, "originalRequest": {"url": {"path": [1], "host": [2]}}}]}])
def test_nothing_is_raised_whatever_stands_there(made: Any) -> None:
    assert read(collection(made, item(example(299))))[-1].response.status == 299


def test_many_small_entries() -> None:
    found = read(b'{"info": {"name": "a"}, "item": [{"response": [' + b",".join([b"{}"] * 20_000) + b"]}]}")
    assert len(found) == 20_000


def test_what_is_taken_from_a_directory(tmp_path: Path) -> None:
    """By its name, or by its beginning if much else is called so."""
    for name, octets in {"package.json": b'{"name": "a", "version": "1"}', "shop.json": collection(item(example())),
                         "a.postman_collection.json": b"{}", "openapi.json": b'{"openapi": "3.1.0", "info": {}}',
                         "run.json": b'{"collection": {"item": []}, "run": {}}', "a.yaml": b"a: b\n",
                         "b.example.yaml": b"$kind: http-example\nresponse: {}\n", "pom.xml": b"<project/>",
                         "c.xml": b'<items burpVersion="1">', "d.txt": b"===1 ==========\n", "e.txt": b"=== a ===\n",
                         "f.xml": b"<OWASPZAPReport>", "g.json": b'{"@programName": "ZAP", "site": []}',
                         "h.json": b'{"messages": [{"requestHeader": ""}]}', "i.json": b'{"messages": []}'}.items():
        (tmp_path / name).write_bytes(octets)
    assert [Path(path).name for path in reading.captures([tmp_path])] == [
        "a.postman_collection.json", "b.example.yaml", "c.xml", "d.txt", "f.xml", "g.json", "h.json", "run.json",
        "shop.json"]


# -- collections v3

EXAMPLE = b"""$kind: http-example
name: '200 OK'
request:
  url: '{{base_url}}/items/1'
  method: GET
  headers:
    Accept: application/json
response:
  statusCode: 200
  statusText: OK
  headers:
    - key: Content-Type
      value: application/json
    - key: Content-Length
      value: 2
    - key: X-Off
      value: 'x'
      disabled: true
  body:
    type: json
    content: |-
      {}
order: 1000
"""


def example_of_v3(octets: bytes) -> list[Any]:
    pytest.importorskip("yaml")
    return read(octets)


def test_an_example_of_v3() -> None:
    exchange, = example_of_v3(EXAMPLE)
    assert exchange.request is not None
    assert (exchange.request.method, exchange.request.target) == ("GET", "/items/1")
    assert list(exchange.request.fields or ()) == [("Accept", "application/json")]
    assert list(exchange.response.fields or ()) == [("Content-Type", "application/json"), ("Content-Length", "2")]
    assert (exchange.response.status, exchange.response.content) == (200, b"{}")
    assert set(exchange.evidence.missing(-1)) == ALWAYS | {"pair", "resource", "request"}


@pytest.mark.parametrize(("url", "target"), [("https://a.example/users/:id", "/users/{{id}}"),
                                             ("https://a.example:80/b", "https://a.example:80/b")])
def test_path_variables_of_v3(url: str, target: str) -> None:
    exchange, = example_of_v3(EXAMPLE.replace(b"{{base_url}}/items/1", url.encode()))
    assert exchange.request.target == target


@pytest.mark.parametrize("octets", [
    b"$kind: http-example\n", b"$kind: http-example\nresponse: 5\nrequest: []\n",
    b"$kind: http-example\nresponse:\n  statusCode: two\n", b"- a\n- |\n$kind: http-example"])
def test_an_example_of_v3_without_a_response(octets: bytes) -> None:
    assert [type(outcome) for outcome in example_of_v3(octets)] in ([Skipped], [Problem])


@pytest.mark.parametrize("broken", [b"a: [", b"response: {}\nresponse: {}\n", b"a: *b\n", b"\x00",
                                    b"a: " + b"[" * 9999])
def test_what_is_no_yaml_is_a_problem(broken: bytes) -> None:
    problem, = example_of_v3(EXAMPLE + broken)
    assert isinstance(problem, Problem)


@given(st.data())
def test_a_mutilated_collection_loses_nothing_silently(data: st.DataObject) -> None:
    octets = collection(item(example(200)), {"item": [item(example(201), example(202))]}, item(example(203)))
    begin = data.draw(st.integers(octets.index(b'"item"') + 8, octets.index(b'"variable"')))
    end = data.draw(st.integers(begin, min(len(octets), begin + 30)))
    put = data.draw(st.sampled_from([b"", b'"', b"{", b"}", b"]", b"\xff", b"\\", b"1", b"[[[["]))
    found = list(postman.read(io.BytesIO(octets[:begin] + put + octets[end:]), path="f"))
    another = any(name in octets[begin - 10:end + 10] for name in (b'"response"', b'"item"'))   # a member, by its name
    assert len(found) >= 4 or another or any(isinstance(outcome, Problem) for outcome in found)


@given(st.binary(max_size=200))
def test_any_octets_are_read_without_a_fault(octets: bytes) -> None:
    list(postman.read(io.BytesIO(b'{"info": {}, "item": [{"response": [' + octets), path="f"))
