"""To which operation a request belongs: by the words of the specification, and against a slow and obvious way."""
from __future__ import annotations

import pickle
import re
from collections.abc import Iterable
from itertools import product
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from httplint import Request
from httplint.description.matching import WAYS, Description, Descriptions, Routes
from httplint.description.operation import Operation


def description(paths: Iterable[str], hosts: Iterable[str] = (), bases: tuple[str, ...] = ("",)) -> Description:
    """Of operations such as "GET /a/{b}"."""
    routes, operations = Routes(), {}
    for text in paths:
        method, path = text.split(" ", 1)
        operation = Operation(method, bases[0] + path)
        operations[method, operation.path] = operation
        for base in bases:
            routes.add(base + path, operation)
    return Description(operations, routes, frozenset(hosts), bases)


def template(paths: Iterable[str], request: str, host: str = "http://127.0.0.1:8000") -> str | None:
    method, path = request.split(" ", 1)
    return Descriptions([description(paths)]).template(host, Request(method, host + path))


@pytest.mark.parametrize(("paths", "request_", "expected"), [
    # OpenAPI 3.1 §4.8.8.2, the examples of path templating
    (["GET /pets/{petId}", "GET /pets/mine"], "GET /pets/mine", "/pets/mine"),
    (["GET /pets/{petId}", "GET /pets/mine"], "GET /pets/yours", "/pets/{petId}"),
    (["GET /{entity}/me", "GET /books/{id}"], "GET /books/me", "/books/{id}"),
    (["GET /{entity}/me", "GET /books/{id}"], "GET /cars/me", "/{entity}/me"),
    # a way that leads nowhere is taken back
    (["GET /a/{x}/c", "GET /{y}/b/d"], "GET /a/b/d", "/{y}/b/d"),
    # texts and parameters in one segment
    (["GET /{id}", "GET /{id}.json", "GET /v{id}.json"], "GET /v1.json", "/v{id}.json"),
    (["GET /{id}", "GET /{id}.json", "GET /v{id}.json"], "GET /w1.json", "/{id}.json"),
    (["GET /{id}", "GET /{id}.json"], "GET /.json", "/{id}"),
    (["GET /compare/{base}...{head}"], "GET /compare/main...fix", "/compare/{base}...{head}"),
    (["GET /compare/{base}...{head}"], "GET /compare/main...", None),
    (["GET /at/{lat},{long}"], "GET /at/1,2,3", "/at/{lat},{long}"),
    (["GET /{a}{b}"], "GET /x", "/{a}{b}"),
    (["POST /{name}:cancel", "POST /{name}:start"], "POST /job:start", "/{name}:start"),
    # a parameter is not empty, and holds no slash
    (["GET /a/{b}"], "GET /a/", None),
    (["GET /a/{b}"], "GET /a/b/c", None),
    (["GET /a/{b}"], "GET /a/b%2Fc", "/a/{b}"),
    (["GET /a/{rest+}"], "GET /a/b/c/d", "/a/{rest+}"),
    (["GET /a/{rest+}", "GET /a/b/{c}"], "GET /a/b/c", "/a/b/{c}"),
    # percent-encoded octets are what they stand for
    (["GET /caf\u00e9/{x}"], "GET /caf%C3%A9/1", "/caf\u00e9/{x}"),
    (["GET /a%20b"], "GET /a%20b", "/a%20b"),
    (["GET /~me"], "GET /%7Eme", "/~me"),
    # a slash at the end
    (["GET /a"], "GET /a/", "/a"),
    (["GET /a/"], "GET /a", "/a/"),
    (["GET /a/", "GET /a"], "GET /a/", "/a/"),
    (["GET /a/", "GET /a"], "GET /a", "/a"),
    (["GET /"], "GET /", "/"),
    (["GET /"], "GET ", "/"),
    (["GET /a"], "GET //a", None),
    # the method
    (["GET /pets/mine", "DELETE /pets/{id}"], "DELETE /pets/mine", "/pets/{id}"),
    (["GET /pets/mine", "DELETE /pets/{id}"], "PUT /pets/mine", "/pets/mine"),
    (["GET /a"], "HEAD /a", "/a"),
    (["GET /a"], "get /a", "/a"),
    # what is no part of the path
    (["GET /a"], "GET /a?b=/c", "/a"),
    (["GET /a"], "GET /A", None),
    (["GET /{open"], "GET /{open", "/{open"),
])
def test_which_template(paths: list[str], request_: str, expected: str | None) -> None:
    assert template(paths, request_) == expected


def test_what_has_no_path_belongs_to_nothing() -> None:
    all_ = Descriptions([description(["OPTIONS /{a}", "CONNECT /{a}", "OPTIONS /"])])
    assert all_.template("http://a.example", Request("OPTIONS", "*", headers=[("Host", "a.example")])) is None
    assert all_.template("", Request("CONNECT", "a.example:443")) is None


def test_each_base_path_leads_to_the_operation_of_the_first() -> None:
    all_ = Descriptions([description(["GET /a/{b}"], bases=("/v1", "", "/{tenant}/v2"))])
    for path in ("/v1/a/1", "/a/1", "/acme/v2/a/1"):
        assert all_.template("http://localhost", Request("GET", path)) == "/v1/a/{b}"
    assert all_.template("http://localhost", Request("GET", "/v3/a/1")) is None


def test_hosts_tell_between_descriptions_and_only_there() -> None:
    one = description(["GET /health", "GET /a"], ["https://one.example", "http://localhost:81"])
    two = description(["GET /health", "GET /b"], ["https://two.example:443"])
    own = {"one": one.operations["GET", "/health"], "two": two.operations["GET", "/health"]}
    all_ = Descriptions([one, two])
    for host, owner in (("https://one.example", "one"), ("http://one.example", "one"), ("https://two.example", "two"),
                        ("http://localhost:81", "one"), ("http://127.0.0.1:8000", "one"), ("", "one")):
        assert all_.template(host, Request("GET", "/health")) == "/health"
        assert all_.operation(host, "GET", "/health") is own[owner]
    assert all_.template("https://one.example", Request("GET", "/b")) is None, "it is the host of the other one"
    assert all_.template("http://127.0.0.1", Request("GET", "/b")) == "/b"
    assert all_.operation("https://one.example", "GET", "/b") is None


def test_names_of_hosts_are_those_of_servers_too() -> None:
    one, two = description(["GET /a"], ["https://one.example"]), description(["GET /a"], ["https://two.example"])
    all_ = Descriptions([one, two], lambda host: "app" if "two" in host else host)
    assert all_.operation("app", "GET", "/a") is two.operations["GET", "/a"]
    assert all_.operation("https://one.example", "GET", "/a") is one.operations["GET", "/a"]


def test_hosts_of_others_are_passed_over_where_somebody_says_who_they_are() -> None:
    all_ = Descriptions([description(["GET /a"], ["https://api.example"])], ours=lambda host: "localhost" in host)
    assert all_.template("http://localhost:8000", Request("GET", "/a")) == "/a"
    assert all_.template("https://api.example", Request("GET", "/a")) == "/a"
    assert all_.template("https://third.example", Request("GET", "/a")) is None
    assert all_.operation("https://third.example", "GET", "/a") is None


def test_the_reach_is_below_the_base_paths() -> None:
    all_ = Descriptions([description(["GET /a"], ["https://api.example"], ("/v1",)),
                         description(["GET /b"], ["https://other.example"])])
    assert all_.reach("https://api.example", "/v1/anything")
    assert not all_.reach("https://api.example", "/v10")
    assert not all_.reach("https://api.example", "/index.html")
    assert all_.reach("http://localhost", "/index.html")
    assert not all_.reach("", "…")


SEGMENTS = ["", "a", "b", "ab", "a.b", "{x}", "{y}", "a{x}", "{x}b", "{x}.{y}", "a{x}b", "{x}a{y}b{z}", "%61"]
TEMPLATES = st.lists(st.sampled_from(SEGMENTS), min_size=1, max_size=4).map(lambda parts: "/" + "/".join(parts))
PATHS = st.lists(st.text("ab.", max_size=5) | st.sampled_from(SEGMENTS), min_size=1, max_size=4).map(
    lambda parts: "/" + "/".join(quote(part, safe="%") for part in parts))


def slowly(paths: list[str], method: str, path: str) -> str | None:
    """All templates one after the other; of those that fit, the one whose segments are best from the left."""
    def rank(segment: str) -> tuple[int, int]:
        texts = re.split(r"\{[^{}]*\}", unquote(segment))
        return (0, 0) if len(texts) == 1 else (1, -len("".join(texts))) if any(texts) else (2, 0)

    def fits(template: str) -> bool:
        ours, theirs = template.split("/"), path.split("/")
        return len(ours) == len(theirs) and all(
            re.fullmatch(".+".join(map(re.escape, re.split(r"\{[^{}]*\}", unquote(one)))), unquote(other))
            for one, other in zip(ours, theirs, strict=True))

    def better(text: str) -> tuple[bool, list[tuple[int, int]]]:
        return text.split(" ", 1)[0] != method, [rank(segment) for segment in text.split(" ", 1)[1].split("/")]

    for tried in (path, path[:-1] if path.endswith("/") else path + "/"):
        path = tried
        found = sorted((text for text in paths if fits(text.split(" ", 1)[1])), key=better)
        if found:
            return found[0].split(" ", 1)[1]
    return None


@given(st.lists(st.tuples(st.sampled_from(["GET", "PUT"]), TEMPLATES), min_size=1, max_size=12), PATHS)
def test_the_tree_says_what_all_templates_say(templates: list[tuple[str, str]], path: str) -> None:
    """But for which of several that fit alike."""
    def alike(template: str | None) -> str | None:
        return template and re.sub(r"\{[^{}]*\}", "{}", unquote(template))

    paths = [" ".join(pair) for pair in templates]
    expected, found = slowly(paths, "GET", path), template(paths, f"GET {path}")
    assert (found is None) == (expected is None)
    if found is not None and alike(found) != alike(expected):
        texts = [len(re.sub(r"\{[^{}]*\}", "", unquote(one or ""))) for one in (found, expected)]
        assert texts[0] == texts[1], (found, expected)


@given(st.lists(TEMPLATES, min_size=1, max_size=12, unique=True), PATHS)
def test_a_place_leads_back_to_its_operation(templates: list[str], path: str) -> None:
    all_ = Descriptions([description([f"GET {one}" for one in templates])])
    found = all_.template("http://localhost", Request("GET", path))
    if found is not None:
        operation = all_.operation("http://localhost", "GET", found)
        assert operation is not None
        assert operation.path == found


def test_thousands_of_templates_are_not_looked_at() -> None:
    """Each step opens a few branches only, however many templates there are."""
    looked_at = 0

    class Counting(str):
        def startswith(self, *arguments: object) -> bool:  # type: ignore[override]
            nonlocal looked_at
            looked_at += 1
            return super().startswith(*arguments)  # type: ignore[arg-type]

    routes = Routes()
    for number in range(20_000):
        routes.add(f"/group{number}/{{id}}/part-{{n}}", Operation("GET", f"/{number}"))
    found = routes.find("GET", list(map(Counting, ("group777", "x", "part-1"))))
    assert found is not None
    assert found.operations["GET"].path == "/777"
    assert looked_at == 1


def test_no_request_goes_all_ways_of_a_description_that_is_made_for_it() -> None:
    """Every step opens two ways, and none leads anywhere: 8,192 templates."""
    paths = ["GET /" + "/".join(steps) for steps in product(("a", "{x}"), repeat=13)]
    all_ = Descriptions([description(paths)])
    seen = 0
    known = Routes._next

    def counting(self: Routes, segment: str, depth: int, end: int) -> list[tuple[Routes, int]]:
        nonlocal seen
        seen += 1
        return known(self, segment, depth, end)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Routes, "_next", counting)
        all_.template("", Request("GET", "/" + "a/" * 12 + "b/c"))
    assert seen <= 2 * WAYS


@pytest.mark.parametrize("path", ["/" * 200_000, "/a" * 200_000, "/" + "a" * 200_000, "/%" * 100_000,
                                  "/" + "-" * 200_000])
def test_long_paths_end(path: str) -> None:
    template(["GET /{a}-{b}-{c}-{d}/x", "GET /{a}/{b}", "GET /a/a/{x}"], f"GET {path}")


def test_descriptions_travel_to_other_processes() -> None:
    deep = "/a" * 100
    all_ = Descriptions([description([f"GET {deep}", "GET /a/{b}"])])
    again = pickle.loads(pickle.dumps(all_))
    assert again.template("http://localhost", Request("GET", deep)) == deep
