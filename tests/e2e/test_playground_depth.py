"""What is nested very deeply ends the interpreter of a browser, unless it is told before: neither captures nor rules,
results, configurations and descriptions may do that.
"""
from __future__ import annotations

import contextlib
import io
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import pytest
from har_maker import entry, har_of
from reporting import rule

from httplint.capture.har import TYPED_FROM
from httplint.cli.main import run
from httplint.model import nesting

pytestmark = pytest.mark.browser

ASK = """async ({ argv, files }) => {
  globalThis.linter ??= import(new URL("linter.mjs", document.querySelector("script[type=module]").src).href)
    .then(({ Linter }) => new Linter((heard) => { if (heard.replaced) globalThis.replaced = heard.replaced; }));
  const answer = await (await linter).ask({
    argv, files: files.map(([name, text]) => ({ name, data: new Blob([text]) })), results: [] });
  return [answer.status, answer.out, answer.err, globalThis.replaced ?? null];
}"""


class Answer(NamedTuple):
    """What a command ended with and wrote; `replaced`: why another worker had to take the place of its own."""

    status: int
    out: str
    err: str
    replaced: str | None


def _answer(status: int, out: str, err: str, replaced: str | None) -> Answer:
    return Answer(status, out, " ".join(err.split()), replaced)    # which is wrapped for the terminal that it goes to


class Commands:
    """Runs commands in a worker of the page, and here as if this were a browser, too."""

    def __init__(self, page: Any, directory: Path) -> None:
        self._page, self._directory = page, directory

    def run(self, *argv: str, **files: str) -> Answer:
        """What came of a command in both places. The names of files have _ instead of their full stop."""
        named = {name.replace("_", "."): text for name, text in files.items()}
        there = _answer(*self._page.evaluate(ASK, {"argv": argv, "files": list(named.items())}))
        assert there == self._here(argv, named)
        return there

    def _here(self, argv: tuple[str, ...], files: dict[str, str]) -> Answer:
        for name, text in files.items():
            (self._directory / name).write_text(text, "utf-8")
        out, err, before = io.StringIO(), io.StringIO(), Path.cwd()
        os.chdir(self._directory)
        try:
            with (patch.object(nesting, "bounded", True), contextlib.redirect_stdout(out),
                  contextlib.redirect_stderr(err)):
                status = run(list(argv))
        except SystemExit as end:
            status = int(end.code or 0)
        finally:
            os.chdir(before)
        return _answer(status, out.getvalue(), err.getvalue(), None)


@pytest.fixture(scope="module")
def commands(browser: Any, playground: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Commands]:
    page = browser.new_page()
    page.route("**/app.mjs", lambda route: route.fulfill(body="", content_type="text/javascript"))   # has a worker, too
    page.goto(playground)
    yield Commands(page, tmp_path_factory.mktemp("here"))
    page.close()


def deep(kind: str, levels: int) -> str:
    """A text of so many levels, of which nobody but a decoder knows the kind."""
    opened, closed = {"array": ("[", "]"), "object": ('{"a":', "}"), "both": ('{"a":[', "]}")}[kind]
    count = levels // 2 if kind == "both" else levels
    return opened * count + "1" + closed * count


def content(media_type: str, text: str, **more: Any) -> dict[str, Any]:
    return entry(("Content-Type", media_type), ("Date", "Sun, 01 Mar 2026 12:00:00 GMT"), text=text, **more)


def entries(depths: dict[int, tuple[str, ...]]) -> Iterator[dict[str, Any] | str]:
    """Entries of so many levels, in these kinds; and the last one, of none."""
    for levels, kinds in depths.items():
        for kind in kinds:
            text = deep(kind, levels)
            yield content("application/json", text)
            yield content("application/json", text[:-1])
            yield content("application/problem+json", text)
            yield content("application/json", json.dumps(text))
            yield content("application/json", '"' + text)
            yield json.dumps(entry())[:-1] + f', "_deep": {text}}}'
        yield content("application/json", "\ufeff" + "[" * levels)
        yield content("application/xml", "<a>" * levels + "</a>" * levels)
        yield content("text/html", "<b>" * levels)
        report_to = json.dumps({"group": "a", "max_age": 1, "endpoints": []})[:-1] + f', "b": {deep("array", levels)}}}'
        for name, value in (("Report-To", report_to), ("NEL", report_to), ("Cache-Status", "(" * levels),
                            ("Signature-Input", "a=" + "(" * levels), ("Cookie", "[" * levels),
                            ("Via", "1.1 a " + "(" * levels + ")" * levels),
                            ("Server", "a " + "(" * levels + ")" * levels)):
            yield entry((name, value), ("Date", "Sun, 01 Mar 2026 12:00:00 GMT"))
        yield content("text/plain", "a", request={
            "method": "QUERY", "headers": [{"name": "Content-Type", "value": "application/json"}], "bodySize": levels,
            "postData": {"text": "[" * levels, "mimeType": "application/json"}})
    yield entry()


ALL = ("array", "object", "both")


@pytest.mark.parametrize(("depths", "read", "refused"), [
    ({390: ALL, 1_500: ALL}, 59, {"json.invalid": 10, "problem.status": 3, "query.inconsistent-content": 1}),
    ({100_000: ("both",), 390: ("array",), 1_500: ("both",)}, 52,
     {"json.invalid": 8, "problem.status": 2, "query.inconsistent-content": 2}),
], ids=["small", "large"])
def test_captures_that_are_nested_deeply(commands: Commands, depths: dict[int, tuple[str, ...]], read: int,
                                         refused: dict[str, int]) -> None:
    """Of the large one, msgspec reads most; in both, each entry is judged but those that are nested so themselves."""
    listed = [one if isinstance(one, str) else json.dumps(one) for one in entries(depths)]
    text = json.dumps(har_of("here")).replace('"here"', ",\n".join(listed))
    assert (len(text) > TYPED_FROM) is (100_000 in depths)
    answer = commands.run("check", "a.har", "--isolated", "--output-format", "json", a_har=text)
    told = json.loads(answer.out)["summary"]
    skipped = sum(len(kinds) for levels, kinds in depths.items() if levels > 400)
    assert told["entries"] == {"read": read, "linted": read - skipped, "skipped": skipped}
    assert told["skipped"] == [{"reason": "the entry is nested too deeply", "count": skipped}]
    (too_deep,) = [one for one in told["not_evaluated"] if one["reason"] == "the content is nested too deeply"]
    # contents whole, cut off and with a quote in front are no JSON of that depth twice; a mark in front; a problem
    assert {one["rule"]: one["count"] for one in too_deep["rules"]} == refused


TOO_MANY = "an expression of more than 200 nodes: name it, as a function"
TOO_DEEP = "brackets nested deeper than 20: name a part, as a function"
SHAPES = (("'X-A' in response and {}True", "not ", 196, TOO_MANY),
          ("'X-A' in response and 1 != {}1", "-", 194, TOO_MANY),
          ("'X-A' in response and 99 > 1{}", " + 1", 97, TOO_MANY),
          ("'X-A' in response if True else False{}", " if True else False", 65, TOO_MANY),
          ("'X-A' in response and 'a' in ({}'a',)", "'a-b', ", 193, TOO_MANY),
          ("{}'X-A' in response{}", "not not not not not not not not not ()", 20, TOO_MANY),
          ("{}'X-A' in response{}", "not ()", 20, TOO_DEEP))


def condition(shape: str, part: str, count: int) -> str:
    return shape.format(part[:-1] * count, ")" * count) if part.endswith("()") else shape.format(part * count)


def test_conditions_as_long_as_they_may_be_and_longer(commands: Commands) -> None:
    def written(less: int) -> str:
        return "".join(rule(f"a{number}", "MUST", condition(shape, part, most - less), "m", good="\\n< X-A: 1")
                       for number, (shape, part, most, _) in enumerate(SHAPES))

    answer = commands.run("rules", "test", "a.toml", a_toml=written(6))    # whose mutants are longer
    assert "7 rules, 14 examples" in answer.out
    har = json.dumps(har_of(entry()))
    answer = commands.run("check", "a.har", "--rules", "a.toml", "--select", "house", a_toml=written(0), a_har=har)
    assert "7 errors" in answer.out
    for shape, part, most, why in SHAPES:
        for count in (most + 1, 3_900 // len(part)):
            text = rule("a", "MUST", condition(shape, part, count), "m")
            answer = commands.run("check", "a.har", "--rules", "a.toml", a_toml=text, a_har=har)
            assert (answer.status, answer.err) == (2, f"httplint: a.toml:8: house.a: {why}"), (shape, count)


ARRAYS, OBJECTS = "[" * 100_000, '{"a":' * 100_000
COLLECTION = '{"info": {"schema": "https://schema.getpostman.com/json/collection/v2.1.0/"}, "item": [{"response": ['
LEARNT = '{"Initialize": {"schemathesis_version": "4.0.0"}}\n{"ScenarioFinished": '
FILES = {
    "rules": ("check a.har --rules a.toml", "a_toml", f"x = {ARRAYS}", "a.toml:1: not TOML: nested too deep"),
    "baseline": ("check a.har --isolated --baseline a.json", "a_json", OBJECTS,
                 "a.json: the baseline is not JSON: it is nested too deeply"),
    "description": ("check a.har --isolated --api a.json", "a_json", OBJECTS, "a.json: nested too deep"),
    "result": ("report --from a.json", "a_json", OBJECTS, "a.json: nested too deeply"),
    "lines": ("report --from a.json", "a_json", '{"type": "exchange"}\n{"type": "summary", "a": ' + ARRAYS,
              "a.json: the last line: nested too deeply"),
    "collection": ("check a.json --isolated", "a_json",
                   COLLECTION + "[" * 1_500 + "]" * 1_500 + "]}]}", "the entry is nested too deeply"),
    "lines of events": ("check a.json --isolated", "a_json", LEARNT + ARRAYS,
                        "a.json:2:1: this line is nested too deeply; the next one is read"),
    "producer": ("check a.har --isolated", "a_har", '{"log": {"creator": ' + ARRAYS + "]" * 100_000
                 + f', "entries": [{json.dumps(entry())}]}}}}', "no findings in 1 of 1 entry"),
    "broken": ("check a.har --isolated", "a_har", '{"log": {"entries": [' + OBJECTS + f'\n{json.dumps(entry())}]}}}}',
               "the text breaks off here"),
}


@pytest.mark.parametrize("name", FILES)
def test_other_files_that_are_nested_deeply(commands: Commands, name: str) -> None:
    argv, file, text, told = FILES[name]
    answer = commands.run(*argv.split(), **{"a_har": json.dumps(har_of(entry())), file: text})
    assert told in f"{answer.err}\n{answer.out}"
