"""Catalogues: what a rule file may hold, and the built index, which says all that the files say."""
from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from httplint.engine import catalogue
from httplint.engine.catalogue import make
from httplint.engine.errors import RuleError
from httplint.engine.linter import RuleLinter
from httplint.engine.rule import CHECKS, Rule
from httplint.model.exchange import Exchange
from httplint.model.message import Request, Response

PACK = '''\
[[rule]]
id = "test.plain"
title = "a title"
level = "MUST"
spec = "RFC 9110 §1"
require = "response.status == 200"
message = "saw {response.status}"
why = "Why."
fix = "Fix."
bad = ["< HTTP/1.1 404 No"]
good = ["< HTTP/1.1 200 OK"]

[[rule]]
id = "test.full"
title = "another title"
level = "SHOULD NOT"
spec = "RFC 9110 §2"
requirement = ["9110-2-1", "9110-2-2"]
status = ["2xx", 404]
method = ["GET", "HEAD"]
version = "1.1"
when = "'Allow' in response"
foreach = "name in response['Allow']"
require = "name == 'GET' or 'Range' not in request or len(response.content) == 0"
message = "saw {name}"
why = "Why not."
fix = "Fix it."
bad = ["< HTTP/1.1 200 OK"]
good = ["< HTTP/1.1 200 OK", "< HTTP/1.1 204 No"]
confidence = "low"
basis = "implied"
party = "origin"
since = "0.2"
stage = "preview"
profiles = ["security", "api"]
renamed = "test.old"
tags = ["one", "two"]
once = "host"

[[rule]]
id = "test.among"
title = "a title"
level = "defect"
spec = "RFC 9110 §3"
status = 200
foreach = "line in list_lines(response)"
require = "line.sound"
message = "{line.name}"
why = "Why."
fix = "Fix."
bad = ["< HTTP/1.1 200 OK"]
good = ["< HTTP/1.1 200 OK"]
'''


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    (tmp_path / "pack.toml").write_text(PACK, "utf-8")
    return tmp_path


@pytest.fixture
def index(pack: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Rule]]:
    """The rules as they come out of the built index of the pack."""
    files = catalogue.build(pack)
    checks = ModuleType(CHECKS)
    exec(files["rule_checks.py"], checks.__dict__)
    monkeypatch.setitem(sys.modules, CHECKS, checks)
    monkeypatch.setattr(catalogue, "checkout", lambda: None)
    monkeypatch.setattr(catalogue, "packaged", lambda _, name: files[name])
    catalogue._pages.cache_clear()
    yield catalogue.built_in()
    catalogue._pages.cache_clear()


SAID = ("id", "title", "level", "severity", "spec", "requirement", "statuses", "methods", "versions", "when", "foreach",
        "require", "message", "why", "fix", "bad", "good", "confidence", "basis", "party", "since", "stage", "profiles",
        "renamed", "tags", "once", "path", "line", "order", "needs", "absent_response", "absent_request", "guards",
        "asked", "alone", "gated", "among", "places", "reads_request", "functions")


def test_the_built_index_says_what_the_files_say(pack: Path, index: list[Rule]) -> None:
    for built, read in zip(index, catalogue.load(pack), strict=True):
        assert {name: getattr(built, name) for name in SAID} == {name: getattr(read, name) for name in SAID}


def exchanges() -> list[Exchange]:
    return [Exchange(Response(status, headers=headers, content=content),
                     Request(method, "/", headers=[("Range", "bytes=0-1")]))
            for status in (200, 299, 300, 404, 405) for method in ("GET", "PUT") for content in (b"", b"x")
            for headers in ([("Allow", "GET, PUT")], [("Allow", "@")], [("Allow", "GET,,PUT")], [])]


def test_the_built_index_judges_as_the_files_do(pack: Path, index: list[Rule]) -> None:
    def verdicts(rules: list[Rule]) -> list[object]:
        return [([(one.rule_id, one.message) for one in report.findings], report.held, report.not_evaluated)
                for report in RuleLinter(rules).lint_all(exchanges())]

    found = verdicts(index)
    assert found == verdicts(catalogue.load(pack))
    assert {one for findings, _, _ in found for one in findings} == {      # type: ignore[attr-defined]
        *[("test.plain", f"saw {status}") for status in (299, 300, 404, 405)],
        ("test.full", "saw PUT"), ("test.among", "Allow")}


def test_what_a_rule_says_of_itself(pack: Path) -> None:
    plain, full, among = catalogue.load(pack)
    assert (plain.order, full.order, among.order) == (0, 1, 2)
    assert (plain.line, full.line, among.line) == (1, 13, 40)
    assert (plain.severity, full.severity, among.severity) == ("error", "warning", "warning")
    assert (plain.statuses, plain.methods, plain.versions, plain.when, plain.foreach) == (None,) * 5
    assert (plain.confidence, plain.basis, plain.party, plain.since, plain.stage, plain.once) == (
        "high", "explicit", None, "0.1", "stable", None)
    assert (plain.profiles, plain.renamed, plain.tags, plain.requirement) == ((), (), (), ())
    assert (full.confidence, full.basis, full.party, full.since, full.stage, full.once) == (
        "low", "implied", "origin", "0.2", "preview", "host")
    assert (full.profiles, full.renamed, full.tags, full.requirement) == (
        ("security", "api"), ("test.old",), ("one", "two"), ("9110-2-1", "9110-2-2"))
    assert (full.bad, full.good) == (("< HTTP/1.1 200 OK",), ("< HTTP/1.1 200 OK", "< HTTP/1.1 204 No"))
    assert [status for status in range(1000) if full.about(status)] == [*range(200, 300), 404]
    assert repr(full) == "<Rule test.full>"


def test_what_goes_without_saying_is_left_out_of_the_index(pack: Path) -> None:
    plain, full, _ = catalogue.load(pack)
    usual = {"when", "foreach", "confidence", "basis", "party", "once", "since", "stage", "profiles", "renamed", "tags"}
    assert not usual & plain.as_index().keys()
    assert usual <= full.as_index().keys()
    assert full.as_index()["status"] == ["2xx", 404]


def rule(**keys: Any) -> Rule:
    source = {"id": "test.rule", "title": "a title", "level": "MUST", "spec": "RFC 9110 §1", "require": "1 == 1",
              "message": "a message", "why": "Why.", "fix": "Fix.", "bad": ["x"], "good": ["x"]}
    return make({**source, **keys})


@pytest.mark.parametrize(("key", "choice"), [
    ("level", ("MUST", "MUST NOT", "SHOULD", "SHOULD NOT", "defect", "advice")),
    ("confidence", ("high", "medium", "low")), ("basis", ("explicit", "implied")),
    ("stage", ("stable", "preview", "deprecated")),
    ("party", ("origin", "proxy", "cache", "client", "server")), ("once", ("host",)),
    ("profiles", ("default", "strict", "api", "browser", "security")),
])
def test_keys_with_a_choice_take_these_words_alone(key: str, choice: tuple[str, ...]) -> None:
    for word in choice:
        assert getattr(rule(**{key: word}), key) == ((word,) if key == "profiles" else word)
    for word in ("", choice[0].swapcase(), choice[0] + "x"):
        with pytest.raises(RuleError, match=f"{key}: .* is none of {', '.join(choice)}" if word else key):
            rule(**{key: word})


@pytest.mark.parametrize("key", ["require = ", "require=", '"require" = ', "'require'= ", "\t require\t= "])
def test_the_line_of_an_error_is_found_however_its_key_is_written(key: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    text = PACK + PACK.replace("test.", "other.").replace("require = ", key).replace("line.sound", "line.evil")
    path.write_text(text, "utf-8")
    with pytest.raises(RuleError) as caught:
        catalogue.load(path)
    line = text[:text.index("line.evil")].count("\n") + 1
    assert str(caught.value).startswith(f"{path}:{line}: other.among: ")


@pytest.mark.parametrize(("most", "fits"), [(1, False), (2, True)])
def test_the_most_files_are_still_read(most: int, fits: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(2):
        (tmp_path / f"{number}.toml").write_text(PACK.replace("test.", f"test{number}."))
    for name in ("MOST_FILES", "MOST_ENTRIES"):
        with monkeypatch.context() as patch:
            patch.setattr(catalogue, name, most)
            if fits:
                assert [one.order for one in catalogue.load(tmp_path)] == list(range(6))
            else:
                with pytest.raises(RuleError, match="at most"):
                    catalogue.load(tmp_path)
    monkeypatch.setattr(catalogue, "MOST_RULES", 3 * most)
    if fits:
        assert len(catalogue.load(tmp_path)) == 6
    else:
        with pytest.raises(RuleError, match="more than 3 rules"):
            catalogue.load(tmp_path)
