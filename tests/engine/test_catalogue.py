"""Catalogues: what a rule file may hold, and the built index, which says all that the files say."""
from __future__ import annotations

import ast
import pickle
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from httplint.engine import catalogue, obsolete, plan
from httplint.engine.analysis import CHECKS
from httplint.engine.catalogue import make
from httplint.engine.errors import RuleError
from httplint.engine.linter import RuleLinter
from httplint.engine.rule import KEYS, Rule
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
stage = "preview"
profiles = ["security", "api"]
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

[[obsolete]]
id = "test.old"
now = "test.full"
since = "0.2"
why = "A better name."
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
    monkeypatch.setattr(catalogue, "packaged", lambda _, name: files[name].encode())
    for kept in (catalogue._texts, catalogue._apart):
        kept.cache_clear()
    yield catalogue.built_in()
    for kept in (catalogue._texts, catalogue._apart):
        kept.cache_clear()


SAID = (*[row.name for row in KEYS.values() if row.index != "never"], "severity", "renamed", "path", "line", "order")


def test_the_built_index_says_what_the_files_say(pack: Path, index: list[Rule]) -> None:
    for built, read in zip(index, catalogue.load(pack), strict=True):
        assert {name: getattr(built, name) for name in SAID} == {name: getattr(read, name) for name in SAID}
        assert built.analysis._replace(code="") == read.analysis._replace(code="")
        assert built.role == plan.role(read.ours())


def test_the_role_in_an_index_is_that_of_its_analysis(index: list[Rule]) -> None:
    one = index[0]
    assert one.but(9, one.analysis, ()).role == one.role
    other = one.but(9, one.analysis._replace(among=frozenset({"x-other"})), ())
    assert (other.role, plan.role(other).under) == (None, frozenset({"x-other"}))


def test_rules_can_be_pickled(pack: Path, index: list[Rule]) -> None:
    for one in (*index, *catalogue.load(pack)):
        again = pickle.loads(pickle.dumps(one))
        assert {name: getattr(again, name) for name in SAID} == {name: getattr(one, name) for name in SAID}
        assert again.analysis == one.analysis


def test_rules_are_not_changed(pack: Path) -> None:
    one, *_ = catalogue.load(pack)
    with pytest.raises(AttributeError, match=r"<Rule test\.plain> is not changed: title"):
        one.title = "another"


def test_every_key_is_explained_and_used() -> None:
    """A row of the table of keys is not enough: what a file says must be read somewhere, and be in the README."""
    root = Path(__file__).parents[2]
    table = (root / "rules" / "README.md").read_text("utf-8").partition("\n## The keys\n")[2].partition("\n## ")[0]
    explained = {name for row in re.findall(r"(?m)^\| (.*?) \|", table) for name in re.findall(r"`([a-z]+)`", row)}
    assert explained == set(KEYS)
    read = {node.attr for path in (root / "src" / "httplint").rglob("*.py") if path.name != "rule.py"
            for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Attribute)}
    assert {row.name for row in KEYS.values()} <= read


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
    assert (plain.line, full.line, among.line) == (1, 13, 38)
    assert (plain.severity, full.severity, among.severity) == ("error", "warning", "warning")
    assert (plain.statuses, plain.methods, plain.versions, plain.when, plain.foreach) == (None,) * 5
    assert (plain.confidence, plain.basis, plain.party, plain.stage, plain.once) == (
        "high", "explicit", None, "stable", None)
    assert (plain.profiles, plain.renamed, plain.tags, plain.requirement) == ((), (), (), ())
    assert (full.confidence, full.basis, full.party, full.stage, full.once) == (
        "low", "implied", "origin", "preview", "host")
    assert (full.profiles, full.renamed, full.tags, full.requirement) == (
        ("security", "api"), ("test.old",), ("one", "two"), ("9110-2-1", "9110-2-2"))
    assert (full.bad, full.good) == (("< HTTP/1.1 200 OK",), ("< HTTP/1.1 200 OK", "< HTTP/1.1 204 No"))
    assert [status for status in range(1000) if full.about(status)] == [*range(200, 300), 404]
    assert repr(full) == "<Rule test.full>"


def test_what_goes_without_saying_is_left_out_of_the_index(pack: Path) -> None:
    plain, full, _ = catalogue.load(pack)
    usual = {"when", "foreach", "confidence", "basis", "party", "once", "stage", "profiles", "tags"}
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
        (tmp_path / f"{number}.toml").write_text(PACK.replace("test.", f"test{number}."), "utf-8")
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


@pytest.mark.parametrize(("text", "why"), [
    ("a = 1\n", "unknown key 'a': a rule file holds [[rule]] tables"),
    ("language = 2\n", "written for version 2 of the rule language, this is 1"),
    ("language = 0\n", "written for version 0 of the rule language, this is 1"),
    ("language = -1\n", "written for no version of the rule language, this is 1"),
    ("language = 1000000000\n", "written for no version of the rule language, this is 1"),
    ("language = true\n", "written for no version of the rule language, this is 1"),
    ('language = "1"\n', "written for no version of the rule language, this is 1"),
    ('functions = "no-such"\n', "no installed package offers the functions 'no-such'"),
    ("rule = 1\n", "write each rule as a [[rule]] table"), ("rule = [1]\n", "write each rule as a [[rule]] table"),
    ("x\n", "not TOML: "), ("\xff\n", "not TOML: not UTF-8"),
])
def test_a_file_that_is_no_rule_file_says_why(text: str, why: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text, "latin-1")
    with pytest.raises(RuleError) as caught:
        catalogue.load(path)
    assert str(caught.value).startswith(f"{path}:1: {why}")


def test_a_file_names_the_version_of_the_language(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("language = 1\n" + PACK, "utf-8")
    assert [one.line for one in catalogue.load(path)] == [2, 14, 39]
    with pytest.raises(RuleError, match=r"none\.toml:1: cannot be read: No such file"):
        catalogue.load(tmp_path / "none.toml")


def test_tables_in_one_line_are_rules_too(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('rule = [{id = "a.b", title = "t", level = "MUST", spec = "s", require = "1 == 1", message = "m", '
                    'why = "w", fix = "f", bad = ["x"], good = ["x"]}]\n', "utf-8")
    assert [(one.id, one.line) for one in catalogue.load(path)] == [("a.b", 1)]


@pytest.mark.parametrize("line", [
    'id = "Bad"', 'id = "internal.bad"', 'renamed = ["all"]', 'profiles = "none"', "status = 1000", 'basis = "felt"',
    'when = "evil()"', 'tags = "one"', "unheard = 1", 'foreach = "x of y"', 'requirement = [1]', "once = 1",
])
def test_what_is_wrong_with_a_key_is_said_of_its_line(line: str, tmp_path: Path) -> None:
    key = line.partition(" ")[0]
    plain = PACK[:PACK.index("\n\n")]
    text = "# mine\n" + (re.sub(r"(?m)^id = .*$", line, plain) if key == "id" else f"{plain}\n{line}") + "\n"
    path = tmp_path / "mine.toml"
    path.write_text(text + PACK[PACK.index("\n\n"):], "utf-8")
    with pytest.raises(RuleError) as caught:
        catalogue.load(path)
    assert str(caught.value).startswith(f"{path}:{text[:text.index(line)].count(chr(10)) + 1}: ")


@pytest.mark.parametrize("status", [0, 999, "1xx", "9xx", [404, "5xx"]])
def test_codes_and_classes(status: object) -> None:
    assert rule(status=status).statuses


@pytest.mark.parametrize("status", [-1, 1000, "0xx", "10x", "4xxx", "404", 10**9, -10**9])
def test_what_is_neither_a_code_nor_a_class(status: object) -> None:
    shown = "a number" if isinstance(status, int) and abs(status) >= 10**9 else repr(status)
    with pytest.raises(RuleError, match=f"^rule:1: test.rule: status: {shown} is neither"):
        rule(status=status)


@pytest.mark.parametrize(("key", "most"), [
    ("id", 100), ("title", 10_000), ("why", 10_000), ("bad", 65_536), ("good", 65_536)])
def test_texts_have_a_bound(key: str, most: int) -> None:
    def text(length: int) -> str | list[str]:
        text = "a." + "b" * (length - 2)
        return [text] if key in ("bad", "good") else text

    assert getattr(rule(**{key: text(most)}), key) in (text(most), tuple(text(most)))
    with pytest.raises(RuleError, match=f"{key}: a text of more than {most:,} characters"):
        rule(**{key: text(most + 1)})


def test_examples_have_a_bound() -> None:
    assert len(rule(good=["x"] * 100).good) == 100
    with pytest.raises(RuleError, match="good: more than 100"):
        rule(good=["x"] * 101)


def test_texts_for_people_are_read_as_one_line() -> None:
    one = rule(**{key: f" a\n  {key}" for key in ("title", "spec", "message", "why", "fix")})
    assert (one.title, one.spec, one.message, one.why, one.fix) == ("a title", "a spec", "a message", "a why", "a fix")


@pytest.mark.parametrize("name", ["a.b", "a1.2b", "a-b.c-d.e"])
def test_ids(name: str) -> None:
    assert rule(id=name).id == name


@pytest.mark.parametrize("name", ["a", "a.", ".b", "-a.b", "a.-b", "A.b", "a b.c", "a.b\n", "a..b"])
def test_what_is_no_id(name: str) -> None:
    with pytest.raises(RuleError, match=r"topic\.slug"):
        rule(id=name)
    with pytest.raises(RuleError, match=r"obsolete: .* is no id, topic\.slug"):
        obsolete.make({"id": "a.b", "now": [name], "since": "1", "why": "Why."}, "a.toml", 1)


@pytest.mark.parametrize("key", ["id", "title", "level", "spec", "require", "message", "why", "fix", "bad", "good"])
def test_no_rule_without_these_keys(key: str) -> None:
    with pytest.raises(RuleError, match=f"the key '{key}' is missing"):
        rule(**{key: [] if key in ("bad", "good") else " "})


@pytest.mark.parametrize("key", [
    "id", "title", "level", "spec", "requirement", "status", "method", "version", "when", "foreach", "require",
    "message", "why", "fix", "bad", "good", "confidence", "basis", "party", "stage", "profiles",
    "tags", "once", "host", "path"])
def test_each_key_has_its_type(key: str) -> None:
    for value in (True, 1.5, {"a": 1}):
        with pytest.raises(RuleError, match=f"{key}: a (truth value|number|table) does not fit here"):
            rule(**{key: value})
    with pytest.raises(RuleError, match=f"unknown key '{key}s'; did you mean|unknown key '{key}s'"):
        rule(**{f"{key}s": "x"})


MALFORMED = """\
[[rule]]
malformed = "{name}"
{more}
why = "Why."
fix = "Fix."
bad = ["< HTTP/1.1 200 OK\\n< {name}: ,,"]
good = ["< HTTP/1.1 200 OK\\n< {name}: a"]
"""


def test_a_field_says_what_rules_about_malformed_values_have_in_common(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(MALFORMED.format(name="Server", more=""), "utf-8")
    (rule,) = catalogue.load(tmp_path)
    assert (rule.id, rule.title, rule.level, rule.spec) == (
        "server.malformed", "Server is malformed", "MUST NOT", "RFC 9110 §10.2.4")
    (report,) = RuleLinter([rule]).lint_all([Exchange(Response(200, headers=[("Server", ",,")]))])
    (finding,) = report.findings
    assert finding.message.startswith("malformed Server: expected ")
    assert finding.message.endswith("at octet 1 of ',,'")
    assert finding.location.name == "Server"


def test_what_stands_beside_the_field_wins(tmp_path: Path) -> None:
    more = """id = "acme.bad-server"
title = "our Server"
level = "advice"
spec = "Acme §1"
require = "line.sound or line.value == 'x,'"
message = "no {line.name}\""""
    (tmp_path / "a.toml").write_text(MALFORMED.format(name="server", more=more), "utf-8")
    (rule,) = catalogue.load(tmp_path)
    assert (rule.id, rule.title, rule.level, rule.spec) == ("acme.bad-server", "our Server", "advice", "Acme §1")
    reports = RuleLinter([rule]).lint_all([Exchange(Response(200, headers=[("Server", text)])) for text in ("x,", ",")])
    assert [[finding.message for finding in report.findings] for report in reports] == [[], ["no Server"]]


def test_a_field_with_a_rule_of_its_own_is_no_matter_of_the_common_one(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(MALFORMED.format(name="Server", more=""), "utf-8")
    both = catalogue.combine(catalogue.built_in(), catalogue.load(tmp_path))
    exchange = Exchange(Response(200, headers=[("Server", ",,"), ("Via", ";")]))

    def found(rules: list[Rule]) -> list[str]:
        linter = RuleLinter([rule for rule in rules if rule.id in ("field.malformed", "server.malformed")])
        return [f"{finding.rule_id} {finding.location.name}" for finding in linter.lint(exchange).findings]

    assert found(catalogue.built_in()) == ["field.malformed Server", "field.malformed Via"]
    assert found(both) == ["field.malformed Via", "server.malformed Server"]


@pytest.mark.parametrize(("line", "why"), [
    ('malformed = "Altsvc"', "malformed: 'Altsvc' is no field that is known; did you mean 'Alt-Svc'?"),
    ('malformed = "X\\u001b"', r"malformed: 'X\x1b' is no field that is known"),
    ('malformed = "Host"', "malformed: Host is no field of responses with a grammar that is known"),
    ('malformed = "TTL"', "malformed: TTL is no field of responses with a grammar that is known"),
    ("malformed = 1", "malformed: "),
    ('malformed = ["Age"]', "malformed: "),
    (f'malformed = "{"a" * 101}"', "malformed: a text of more than 100 characters"),
])
def test_a_field_without_a_grammar_is_an_error(line: str, why: str, tmp_path: Path) -> None:
    text = MALFORMED.replace('malformed = "{name}"', line).format(name="X", more="")
    (tmp_path / "a.toml").write_text("\n" + text, "utf-8")
    with pytest.raises(RuleError) as caught:
        catalogue.load(tmp_path)
    assert str(caught.value).startswith(f"a.toml:3: {why}")
