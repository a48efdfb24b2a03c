"""Descriptions become operations: what OpenAPI and Swagger say, references, broken and hostile files."""
from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest
from describing import api, written

from httplint.description import DescriptionError
from httplint.description.matching import Description
from httplint.description.reading import describe
from httplint.model import installation

LIBRARY = """\
openapi: 3.0.3
info: {title: Library, version: '1.0'}
servers:
  - url: https://library.example/v2/
  - url: http://localhost:8080
tags: [{name: Books}]
paths:
  /books:
    summary: All books
    parameters: [{name: page, in: query, schema: {type: integer}}]
    get:
      operationId: listBooks
      tags: [Books, Reading]
      responses:
        200: {description: some}
        '4XX': {description: not so}
        default: {description: else}
        x-note: nothing
    post:
      operationId: addBook
      tags: [Books]
      responses: {'201': {description: added}, '5xx': {description: down}}
      callbacks:
        onAdded:
          '{$request.body#/url}':
            post: {responses: {'200': {description: told}}}
  /books/{isbn}:
    x-internal: {get: {}}
    get:
      responses: {200: {}}
    delete:
      operationId: dropBook
webhooks:
  closed:
    post: {responses: {'200': {description: taken}}}
"""


def described(directory: Path, said: str | dict[str, Any], name: str = "") -> Description:
    (found,) = describe([written(directory, said, name)])
    return found


def told(description: Description) -> list[tuple[str, ...]]:
    return [(one.method, one.path, *one.statuses) for one in description.operations.values()]


def refused(directory: Path, said: str | dict[str, Any], name: str = "") -> str:
    with pytest.raises(DescriptionError) as caught:
        described(directory, said, name)
    return str(caught.value).replace(f"{directory}/", "")


GET = {"get": {"responses": {"200": {"description": "OK"}}}}


def test_operations_are_what_paths_say(tmp_path: Path) -> None:
    description = described(tmp_path, LIBRARY)
    assert told(description) == [("GET", "/v2/books", "200", "4XX", "default"), ("POST", "/v2/books", "201", "5XX"),
                                 ("GET", "/v2/books/{isbn}", "200"), ("DELETE", "/v2/books/{isbn}")]
    assert [(one.id, one.group) for one in description.operations.values()] == [
        ("listBooks", "Books"), ("addBook", "Books"), (None, None), ("dropBook", None)]
    assert description.hosts == {"https://library.example", "http://localhost:8080"}
    assert description.bases == ("/v2", "")


def test_swagger_has_its_base_path(tmp_path: Path) -> None:
    description = described(tmp_path, {"swagger": "2.0", "host": "Old.Example:8443", "basePath": "/api/", "paths": {
        "/a": {"get": {"responses": {"200": {"description": "a"}}, "tags": ["A"]}}}})
    assert told(description) == [("GET", "/api/a", "200")]
    assert description.hosts == {"https://Old.Example:8443"}
    assert told(described(tmp_path, "swagger: 2.0\npaths: {/a: {put: {}}}")) == [("PUT", "/a")]


def test_methods_of_3_2(tmp_path: Path) -> None:
    description = described(tmp_path, api({"/a": {"query": {}, "additionalOperations": {"LINK": {}}}}, openapi="3.2.0"))
    assert told(description) == [("QUERY", "/a"), ("LINK", "/a")]


@pytest.mark.parametrize(("servers", "bases", "hosts"), [
    (None, [""], []),
    ([], [""], []),
    ([{"url": "/"}], [""], []),
    ([{"url": "/v1/"}], ["/v1"], []),
    ([{"url": "v1"}], ["/v1"], []),
    ([{"url": "https://A.Example:443/x//y/?z#w"}], ["/x/y"], ["https://a.example:443"]),
    ([{"url": "//b.example:443"}], [""], ["https://b.example:443"]),
    ([{"url": "https://{host}/{base}", "variables": {
        "host": {"default": "c.example"}, "base": {"default": "v2/api", "enum": ["v1", "v2/api"]}}}],
     ["/v2/api", "/v1"], ["https://c.example"]),
    ([{"url": "https://{region}.example/{tenant}"}], ["/{tenant}"], []),
    ([{"url": 1}, "x", {"url": "/one"}, {"url": "/two"}], ["", "/one", "/two"], []),
])
def test_servers(tmp_path: Path, servers: Any, bases: list[str], hosts: list[str]) -> None:
    said = api({"/a": GET})
    if servers is not None:
        said["servers"] = servers
    description = described(tmp_path, said)
    assert (list(description.bases), sorted(description.hosts)) == (bases, hosts)
    assert told(description) == [("GET", f"{bases[0]}/a", "200")]


def test_servers_of_a_path_and_of_an_operation_go_before_those_of_all(tmp_path: Path) -> None:
    description = described(tmp_path, api({
        "/a": {**GET, "servers": [{"url": "/path"}], "put": {"servers": [{"url": "https://up.example/own"}]}},
        "/b": GET}, servers=[{"url": "/all"}]))
    assert [path for _, path, *_ in told(description)] == ["/path/a", "/own/a", "/all/b"]
    assert description.hosts == {"https://up.example"}


def test_many_servers_end(tmp_path: Path) -> None:
    url = "https://" + "".join(f"{{v{number}}}" for number in range(40)) + ".example/"
    variables = {f"v{number}": {"default": "a", "enum": ["a", "b", "c"]} for number in range(40)}
    assert described(tmp_path, api({"/a": GET}, servers=[{"url": url, "variables": variables}])).bases == ("",)


def test_references_lead_to_other_parts_and_files(tmp_path: Path) -> None:
    written(tmp_path, "get: {$ref: '../operations.json#/list'}\nput: {responses: {204: {}}}\n", "paths/books.yaml")
    written(tmp_path, {"list": {"operationId": "list", "responses": {"$ref": "#/answers"}}, "answers": {"200": {}}},
            "operations.json")
    description = described(tmp_path, api(
        {"/books": {"$ref": "./paths/books.yaml"}, "/own": {"$ref": "#/components/pathItems/Own"},
         "/with~one/{x}": {"$ref": "#/paths/~1own", "delete": {}}},
        components={"pathItems": {"Own": GET}, "schemas": {"Any": {"$ref": "https://elsewhere.example/any.json"}}}))
    assert told(description) == [("GET", "/books", "200"), ("PUT", "/books", "204"), ("GET", "/own", "200"),
                                 ("GET", "/with~one/{x}", "200"), ("DELETE", "/with~one/{x}")]
    written(tmp_path, {"/x": {"$ref": "paths/books.yaml"}}, "all.yaml")
    assert told(described(tmp_path, "openapi: 3.0.0\npaths: {$ref: all.yaml}")) == [
        ("GET", "/x", "200"), ("PUT", "/x", "204")]


def test_a_file_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from httplint.description import reading
    read: list[str] = []
    known = reading.read

    def noting(path: str, met: bool = False) -> Any:
        read.append(os.path.basename(path))
        return known(path, met)

    monkeypatch.setattr(reading, "read", noting)
    written(tmp_path, {"a": GET, "b": GET}, "items.json")
    described(tmp_path, api({"/a": {"$ref": "items.json#/a"}, "/b": {"$ref": "./items.json#/b"}}))
    assert read == ["api.json", "items.json"]


@pytest.mark.parametrize(("reference", "why"), [
    ("#/paths/~1none", "leads to nothing"),
    ("#nowhere", "leads to nothing"),
    ("none.yaml", "none.yaml: cannot be read: No such file or directory"),
    ("https://elsewhere.example/paths.yaml", "nothing is fetched; save it beside the description, and refer to that "
                                             "file"),
    ("//elsewhere.example/paths.yaml", "nothing is fetched; save it beside the description, and refer to that file"),
    ("../outside.json", "it is not below the directory of the description, and not read"),
    ("%2e%2e/outside.json", "it is not below the directory of the description, and not read"),
    ("file:///etc/passwd", "it is not below the directory of the description, and not read"),
    ("link.json", "it is not below the directory of the description, and not read"),
    ("broken.yaml", "broken.yaml:1: not YAML: "),
    ("pipe", "pipe: cannot be read: it is no regular file"),
    (".", "cannot be read: "),
    ("//[", "is no reference"),
    ("a\0b", "cannot be read: "),
])
def test_a_reference_that_leads_nowhere_is_told(tmp_path: Path, reference: str, why: str) -> None:
    (tmp_path / "in").mkdir()
    written(tmp_path, GET, "outside.json")
    written(tmp_path, "a: ]\n", "in/broken.yaml")
    (tmp_path / "in" / "link.json").symlink_to(tmp_path / "outside.json")
    os.mkfifo(tmp_path / "in" / "pipe")
    said = refused(tmp_path, api({"/a": {"$ref": reference}}), "in/api.json")
    assert said.startswith(f"in/api.json: /a: $ref {reference!r}: ")
    assert why in said


@pytest.mark.parametrize("paths", [
    {"/a": {"$ref": "#/paths/~1b"}, "/b": {"$ref": "#/paths/~1a"}},
    {"/a": {"$ref": "#/paths/~1a"}},
    {"$ref": "#/paths"},
    {"/a": {"get": {"$ref": "#/paths/~1a/get"}}},
    {"/a": {"get": {"responses": {"$ref": "api.json#/paths/~1a/get/responses"}}}},
])
def test_references_in_a_circle_end(tmp_path: Path, paths: dict[str, Any]) -> None:
    assert refused(tmp_path, api(paths)).endswith(": its references go in a circle")


@pytest.mark.parametrize(("said", "why"), [
    ("", "this is no description of an API: expected an object with the key 'openapi'"),
    ("- a\n", "this is no description of an API: expected an object with the key 'openapi'"),
    ("just words", "this is no description of an API: expected an object with the key 'openapi'"),
    ({"log": {"entries": []}}, "this is no description of an API: it has no key 'openapi', nor 'swagger'"),
    ({"OpenAPI": "3.0.0"}, "it has no key 'openapi', nor 'swagger'; did you mean 'openapi'?"),
    ({"asyncapi": "3.0.0"}, "this is no description of an API: it has no key 'openapi', nor 'swagger'"),
    ({"openapi": "4.0.0", "paths": {}}, "openapi: expected 3.0, 3.1 or 3.2 (or swagger: 2.0), got '4.0.0'"),
    ({"swagger": "1.2", "apis": []}, "swagger: expected 3.0, 3.1 or 3.2 (or swagger: 2.0)"),
    ({"openapi": "3.1.0", "webhooks": {"a": GET}}, "it documents no operations: there are no methods under 'paths'"),
    (api({"/a": {"parameters": []}, "x-b": GET}), "it documents no operations: there are no methods under 'paths'"),
    (api({"/" + "a" * 1000: GET}), "a path has more than 1,000 characters, or 100 segments"),
    (api({"/a" * 101: GET}), "a path has more than 1,000 characters, or 100 segments"),
])
def test_what_is_no_description_is_told(tmp_path: Path, said: str | dict[str, Any], why: str) -> None:
    assert why in refused(tmp_path, said)


@pytest.mark.parametrize("odd", [None, 1, "x", [], [1], {"a": 1}, True, {"$ref": 1}])
def test_what_has_another_form_is_passed_over(tmp_path: Path, odd: Any) -> None:
    description = described(tmp_path, api({
        "/a": GET, "/b": odd, "/c": {"get": odd}, "/d": {"get": {"responses": odd, "tags": odd, "operationId": odd,
                                                                 "servers": odd}},
        "/e": {"servers": odd, "get": {"tags": [odd], "responses": {"200": odd, "600": odd, "2": odd, "20X": odd}}},
        "e": {"put": {}}, "/f?g#h": {"get": {}}}, servers=odd, components=odd))
    paths = [(method, path) for method, path, *_ in told(description)]
    assert paths == [("GET", "/a"), ("GET", "/c"), ("GET", "/d"), ("GET", "/e"), ("PUT", "/e"), ("GET", "/f")]
    assert told(description)[3][2:] == ("200", "600")


def test_nothing_is_fetched() -> None:
    with pytest.raises(DescriptionError, match=r"^https://a\.example/openapi\.json: nothing is fetched; save it to a"):
        describe(["https://a.example/openapi.json"])


def test_a_path_that_is_there_twice_is_one(tmp_path: Path) -> None:
    description = described(tmp_path, api({"/a/{b}": GET, "/a/{c}": {**GET, "put": {}}, "/a/{b}?x": GET}))
    assert [(method, path) for method, path, *_ in told(description)] == [
        ("GET", "/a/{b}"), ("GET", "/a/{c}"), ("PUT", "/a/{c}")]


def test_names_are_texts_of_bounded_length(tmp_path: Path) -> None:
    description = described(tmp_path, api({"/\ud800": {"get": {"operationId": "a" * 1000, "tags": ["\udfff"]}}}))
    (operation,) = description.operations.values()
    assert (operation.path, operation.id, operation.group) == ("/?", "a" * 200, "?")


def test_what_is_no_text_stands_in_no_place_nor_method(tmp_path: Path) -> None:
    description = described(tmp_path, {
        "openapi": "3.2.0",
        "servers": [{"url": "https://h\ud800.example/{v}", "variables": {"v": {"default": "\udc80"}}}],
        "paths": {"/a": {"additionalOperations": {"LOCK\udfff": {}}}}})
    (operation,) = description.operations.values()
    assert (operation.method, operation.path) == ("LOCK?", "/?/a")
    assert description.hosts == {"https://h?.example"}


def test_without_the_package_a_reference_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "referencing", None)
    assert refused(tmp_path, api({"/a": {"$ref": "#/b"}}), "api.json") == (
        f"api.json: a reference ($ref) needs referencing: {installation.command('api')}")
    assert len(described(tmp_path, api({"/a": GET}), "plain.json").operations) == 1


def test_the_description_of_fastapi_is_read(tmp_path: Path) -> None:
    import fastapi
    app = fastapi.FastAPI()

    @app.get("/items/{item_id}", tags=["items"], responses={404: {"description": "none"}})
    def item(item_id: int) -> int:
        return item_id

    @app.put("/any", status_code=202, operation_id="any")
    def anything() -> None: ...

    description = described(tmp_path, app.openapi(), "openapi.json")
    assert sorted(told(description)) == [("GET", "/items/{item_id}", "200", "404", "422"),
                                         ("PUT", "/any", "202")]
    assert description.operations["GET", "/items/{item_id}"].group == "items"
    assert description.operations["GET", "/items/{item_id}"].id == "item_items__item_id__get"
