"""The safe operations of a description are asked with the examples of their parameters."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from describing import api, written
from hypothesis import given
from hypothesis import strategies as st

from httplint.description.examples import Sample, samples


def sampled(directory: Path, said: str | dict[str, Any]) -> list[Sample]:
    return list(samples(written(directory, said)))


def asked(directory: Path, path: str, *parameters: Any, **operation: Any) -> Sample:
    (found,) = sampled(directory, api({path: {"get": {"parameters": list(parameters), "responses": {}, **operation}}}))
    return found


def must(name: str, where: str = "query", **said: Any) -> dict[str, Any]:
    return {"name": name, "in": where, "required": True, **said}


def test_only_safe_operations(tmp_path: Path) -> None:
    """RFC 9110 §9.2.1; OPTIONS and TRACE are of no resource's representation."""
    every = ("get", "head", "post", "put", "delete", "patch", "options", "trace")
    found = sampled(tmp_path, api({"/a": {method: {} for method in every}}))
    assert [one.operation.method for one in found] == ["GET", "HEAD"]
    assert {(one.target, one.lacks) for one in found} == {("/a", "")}


@pytest.mark.parametrize(("said", "value"), [
    ({"example": "a"}, "a"),
    ({"examples": {"one": {"value": "b"}, "two": {"value": "c"}}}, "b"),
    ({"schema": {"example": 3}}, "3"),
    ({"schema": {"examples": ["x", "y"]}}, "x"),
    ({"schema": {"default": True}}, "true"),
    ({"schema": {"const": 1.5}}, "1.5"),
    ({"schema": {"enum": ["up", "down"]}}, "up"),
    ({"schema": {"default": "d", "enum": ["up", "down"]}}, "d"),
    ({"schema": {"$ref": "#/components/schemas/Kind"}}, "new"),
    ({"schema": {"allOf": [{"type": "string"}, {"$ref": "#/components/schemas/Kind"}]}}, "new"),
    ({"example": "e", "schema": {"default": "d"}}, "e"),
    ({"examples": {"one": {"$ref": "#/components/examples/One"}}}, "shared"),
    ({"default": "of-swagger", "type": "string"}, "of-swagger"),
    ({"schema": {"type": "array", "items": {"enum": ["in", "out"]}}}, "in"),
    ({"content": {"application/json": {"example": {"a": 1}}}}, "%7B%22a%22%3A1%7D"),
    ({"content": {"application/json": {"schema": {"example": [1, True]}}}}, "%5B1%2Ctrue%5D"),
    ({"content": {"text/csv": {"example": ["a"]}}}, "a"),
    ({"content": {"text/csv": {"schema": {"default": ["a"]}}}}, "a"),
    ({"content": {"text/csv": {"example": "a"}, "application/json": {"example": "b"}}}, "a"),
    ({"schema": {"anyOf": [{"default": "any"}]}}, "any"),
    ({"schema": {"oneOf": [{}, {"const": "one"}]}}, "one"),
    ({"x-example": "of-tools"}, "of-tools"),
])
def test_where_examples_stand(tmp_path: Path, said: dict[str, Any], value: str) -> None:
    more = {"components": {"schemas": {"Kind": {"enum": ["new"]}}, "examples": {"One": {"value": "shared"}}}}
    (found,) = sampled(tmp_path, api({"/a": {"get": {"parameters": [must("q", **said)]}}}, **more))
    assert (found.target, found.lacks) == (f"/a?q={value}", "")


COLORS = ["blue", "black", "brown"]
RGB = {"R": 100, "G": 200, "B": 150}


@pytest.mark.parametrize(("where", "style", "explode", "text", "several", "named"), [
    # OpenAPI 3.1.1, "Style Examples", of blue, the list and the object
    ("path", "matrix", False, ";color=blue", ";color=blue,black,brown", ";color=R,100,G,200,B,150"),
    ("path", "matrix", True, ";color=blue", ";color=blue;color=black;color=brown", ";R=100;G=200;B=150"),
    ("path", "label", False, ".blue", ".blue,black,brown", ".R,100,G,200,B,150"),
    ("path", "label", True, ".blue", ".blue.black.brown", ".R=100.G=200.B=150"),
    ("path", "simple", False, "blue", "blue,black,brown", "R,100,G,200,B,150"),
    ("path", "simple", True, "blue", "blue,black,brown", "R=100,G=200,B=150"),
    ("query", "form", False, "color=blue", "color=blue,black,brown", "color=R,100,G,200,B,150"),
    ("query", "form", True, "color=blue", "color=blue&color=black&color=brown", "R=100&G=200&B=150"),
    ("query", "spaceDelimited", False, None, "color=blue%20black%20brown", "color=R%20100%20G%20200%20B%20150"),
    ("query", "pipeDelimited", False, None, "color=blue%7Cblack%7Cbrown", "color=R%7C100%7CG%7C200%7CB%7C150"),
    ("query", "deepObject", True, None, None, "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150"),
])
def test_styles(tmp_path: Path, where: str, style: str, explode: bool, text: str | None, several: str | None,
                named: str) -> None:
    for value, wanted in (("blue", text), (COLORS, several), (RGB, named)):
        if wanted is not None:
            said = must("color", where, style=style, explode=explode, example=value)
            found = asked(tmp_path, "/{color}" if where == "path" else "/", said)
            assert found.target == ("/" if where == "path" else "/?") + wanted


def test_styles_that_go_without_saying(tmp_path: Path) -> None:
    """form and exploded in a query, simple in a path (OpenAPI 3.1 §4.8.12.2.1)."""
    found = asked(tmp_path, "/{a}", must("a", "path", example=COLORS), must("b", example=["1", "2"]))
    assert found.target == "/blue,black,brown?b=1&b=2"


@pytest.mark.parametrize(("format_", "query"), [
    ("csv", "q=1,2"), ("ssv", "q=1%202"), ("pipes", "q=1%7C2"), ("multi", "q=1&q=2"), (None, "q=1&q=2")])
def test_collections_of_swagger(tmp_path: Path, format_: str | None, query: str) -> None:
    said = must("q", default=["1", "2"], type="array") | ({"collectionFormat": format_} if format_ else {})
    assert asked(tmp_path, "/", said).target == f"/?{query}"


def test_values_are_percent_encoded(tmp_path: Path) -> None:
    """RFC 3986 §2: what is not unreserved is encoded; a slash within a value divides no path."""
    found = asked(tmp_path, "/ä b/{id}", must("id", "path", example="a/b?c#d é%"), must("q&=", example="1&2=3 +"))
    assert found.target == "/%C3%A4%20b/a%2Fb%3Fc%23d%20%C3%A9%25?q%26%3D=1%262%3D3%20%2B"


def test_reserved_characters_stay_where_they_may(tmp_path: Path) -> None:
    found = asked(tmp_path, "/", must("q", example=":/?@!$'()*,;-._~#[]&+=%", allowReserved=True))
    assert found.target == "/?q=:/?@!$'()*,;-._~%23%5B%5D%26%2B%3D%25"


def test_fields_and_cookies(tmp_path: Path) -> None:
    found = asked(tmp_path, "/", must("X-Kind", "header", example=["a", "b c"]), must("Accept", "header", example="x"),
                  must("s", "cookie", example="1"), must("t", "cookie", example="2"))
    assert found.fields == (("X-Kind", "a,b c"), ("Cookie", "s=1; t=2"))


@pytest.mark.parametrize(("said", "value"), [({"explode": True}, "a=1,b=2"), ({"explode": False}, "a,1,b,2"),
                                             ({}, "a,1,b,2")])
def test_an_object_in_a_field(tmp_path: Path, said: dict[str, Any], value: str) -> None:
    assert asked(tmp_path, "/", must("X", "header", example={"a": 1, "b": 2}, **said)).fields == (("X", value),)


@pytest.mark.parametrize("written_as", ["{rest+}", "{rest*}", "{rest}"])
def test_what_stands_for_the_rest_of_a_path(tmp_path: Path, written_as: str) -> None:
    """As gateways write it; the parameter may be called so, too."""
    for name in ("rest", written_as.strip("{}")):
        assert asked(tmp_path, f"/{written_as}", must(name, "path", example="a")).target == "/a"


def test_what_may_be_left_out_is(tmp_path: Path) -> None:
    found = asked(tmp_path, "/", {"name": "page", "in": "query", "example": 3},
                  {"name": "X", "in": "header", "example": "x"})
    assert (found.target, found.fields) == ("/", ())


def test_an_operation_says_more_than_its_path(tmp_path: Path) -> None:
    found, = sampled(tmp_path, api({"/{id}": {"parameters": [must("id", "path", example="1"), must("q", example="a")],
                                              "get": {"parameters": [must("id", "path", example="2")]}}}))
    assert found.target == "/2?q=a"


def test_truth_values_of_yaml(tmp_path: Path) -> None:
    found, = sampled(tmp_path, """\
openapi: 3.0.3
paths:
  /a:
    get:
      parameters:
        - {name: q, in: query, required: true, explode: false, schema: {default: [1, true]}}
        - {name: r, in: query, required: false, schema: {default: 1}}
""")
    assert found.target == "/a?q=1,true"


@pytest.mark.parametrize(("path", "parameters", "why"), [
    ("/{id}", [], "nothing describes {id}"),
    ("/{id}", [must("id", "path", schema={"type": "string"})], "the parameter 'id' has no example"),
    ("/", [must("q", schema={"type": "string"})], "the parameter 'q' has no example"),
    ("/", [must("X", "header")], "the parameter 'X' has no example"),
    ("/", [must("q", example={"a": {"b": 1}})], "the parameter 'q' has no example"),
    ("/", [must("q", example=["x"] * 101)], "the parameter 'q' has no example"),
    ("/", [must("q", example="x" * 2001)], "the parameter 'q' has no example"),
    ("/", [must("q", example=None)], "the parameter 'q' has no example"),
    ("/{id}", [must("id", "path", example="..")], "the example of {id} makes no segment of a path"),
    ("/{id}", [must("id", "path", example="")], "the example of {id} makes no segment of a path"),
    ("/", [must("q", examples={"a": {"$ref": "#/nowhere"}})], "examples: $ref '#/nowhere': leads to nothing"),
    ("/", [must("q", schema={"$ref": "#/nowhere"})], "schema: $ref '#/nowhere': leads to nothing"),
    ("/", [must("q", schema={"$ref": "http://169.254.169.254/x"})],
     "schema: $ref 'http://169.254.169.254/x': nothing is fetched; save it beside the description, and refer to that "
     "file"),
    ("/", [must(f"q{number}", example="1") for number in range(201)], "it has more than 200 parameters"),
])
def test_what_cannot_be_asked(tmp_path: Path, path: str, parameters: list[Any], why: str) -> None:
    assert asked(tmp_path, path, *parameters).lacks == why


def test_a_broken_operation_costs_no_other(tmp_path: Path) -> None:
    found = sampled(tmp_path, api({"/a": {"get": {"parameters": [must("q")]}}, "/b": {"get": {}}}))
    assert [(one.target, one.lacks) for one in found] == [("", "the parameter 'q' has no example"), ("/b", "")]


def test_schemas_that_lead_to_one_another(tmp_path: Path) -> None:
    """Each has each other as a part: the number that is looked at is bounded."""
    names = [f"S{number}" for number in range(30)]
    every = [{"$ref": f"#/components/schemas/{name}"} for name in names]
    more = {"components": {"schemas": {name: {"allOf": every, "anyOf": every} for name in names}}}
    found, = sampled(tmp_path, api({"/": {"get": {"parameters": [must("q", schema=every[0])]}}}, **more))
    assert found.lacks == "the parameter 'q' has no example"


def test_examples_of_aliases_do_not_grow(tmp_path: Path) -> None:
    """Nine levels of nine: what is nested is not written."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    found, = sampled(tmp_path, "\n".join([*lines, """\
openapi: 3.0.3
paths: {/: {get: {parameters: [{name: q, in: query, required: true, example: *a11}]}}}
"""]))
    assert found.lacks == "the parameter 'q' has no example"


ANYTHING = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(
    ["true", "path", "query", "form", "matrix", "deepObject", "\ud800", "../x", "{id}"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["name", "in", "required", "style", "explode", "example", "examples", "schema", "content", "enum", "default",
         "items", "allOf", "value", "$ref", "collectionFormat", "allowReserved", "\ud800"]), inner, max_size=4),
    max_leaves=12)


@given(st.lists(ANYTHING, max_size=4))
def test_any_parameters(tmp_path_factory: pytest.TempPathFactory, parameters: list[Any]) -> None:
    found = asked(tmp_path_factory.mktemp("x"), "/a/{id}", must("id", "path", example="1"), *parameters)
    assert found.lacks or found.target.isascii()
    assert not set(found.target) & set(" #\r\n\\")
